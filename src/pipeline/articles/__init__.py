"""Records → articles: clean text, language, ids, dateline, duplicates. Pure: no clock, no disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from pipeline.articles.addresses import host
from pipeline.articles.cleaning import cleaned, one_line
from pipeline.articles.copies import originals, touched
from pipeline.articles.credits import Credits, after_headline, byline_and_dateline, credited
from pipeline.articles.fields import FieldError, Fields, checked, published, rejected
from pipeline.articles.language import declared, detected
from pipeline.articles.pages import extracted
from pipeline.articles.sketches import Index
from pipeline.articles.versions import addressed, newest_versions
from pipeline.ids import stable_id
from pipeline.records import CODED, MOST_TEXT, NO_MODEL, Article, InMemory, Record, Reject

__all__ = ["Index", "link_copies", "merge", "to_article"]

ENGLISH: Mapping[str, str] = {"en": CODED}
"""Language code → ``coding_status``, where nothing but English is read."""

DATELINED = (None, "en", "es")
"""Declared languages whose datelines are looked for; None where it is not declared."""


def to_article(record: Record, statuses: Mapping[str, str] = ENGLISH) -> Article | Reject:
    """Turn one record into one article.

    Args:
        record: as read from a raw file, or a dictionary of the caller's with ``raw_*`` None.
        statuses: language code → ``coding_status`` of the articles in it; of a language without one it is "no model".

    Returns:
        The article, or a reject that names the file, the line, the field and what was expected.
    """
    try:
        fields = checked(record)
        return _article(record, fields, statuses)
    except FieldError as error:
        return rejected(record, error)


def _article(record: Record, given: Fields, statuses: Mapping[str, str]) -> Article:
    raw = given.text if given.text is not None else given.html
    article_id = stable_id("art", given.source, given.url or given.source_id, raw)
    fields = given if given.text is not None else _from_page(given)
    title = _one_line(fields.title)
    text, credits = credited(cleaned(fields.text or ""), page=given.text is None)
    if not text:
        raise FieldError("missing", "text", "text holds no printed character")
    if len(text) > MOST_TEXT:
        raise FieldError("size", "html", f"html holds {len(text):,} characters of text (limit {MOST_TEXT:,})")
    language = declared(given.language)
    body_start = after_headline(text, title)
    if language is None and given.text is None:  # one page in fourteen calls itself English and is not
        language = detected(text[body_start:]) or declared(fields.language)
    byline, found = byline_and_dateline(text, fields.published_at, body_start)
    if language not in DATELINED:
        byline, found = Credits([]), None
    body_start = found.body_start if found else body_start
    language = language or detected(text[body_start:])
    return Article(
        article_id=article_id,
        source_id=fields.source_id,
        url=fields.url,
        source=fields.source or host(fields.url),
        title=title,
        authors=fields.authors or list(dict.fromkeys(credits.authors + byline.authors)),
        wording=InMemory(text, record.raw_sha256),
        language=language,
        published_at=fields.published_at,
        published_precision=fields.published_precision,
        retrieved_at=fields.retrieved_at,
        word_count=len(text.split()),
        sentence_count=None,
        raw_path=record.raw_path,
        raw_line=record.raw_line,
        coding_status=statuses.get(language or "", NO_MODEL),
        body_start=body_start,
        dateline=found.place if found else None,
        dateline_span=found.span if found else None,
        dateline_date=found.day if found else None,
        agency=byline.agency or credits.agency,
        doubts=tuple(rejected(record, doubt) for doubt in fields.doubts),
    )


def _from_page(given: Fields) -> Fields:
    """Fill in from the HTML page what the record itself does not say.

    Raises:
        FieldError: no article is found in the page.
    """
    page = extracted(given.html or "", given.url)
    if page is None:
        raise FieldError("missing", "html", "html holds no article text")
    filled = replace(
        given,
        text=_printable(page.text),
        title=given.title or _printable(page.title),
        url=given.url or _printable(page.url),
        source=given.source or _printable(page.source),
        authors=given.authors or [name for author in page.authors if (name := _printable(author))],
        language=given.language or _printable(page.language),
    )
    if given.published_at is not None or page.published is None:
        return filled
    try:
        published_at, precision, doubts = published(page.published, given.retrieved_at)
    except FieldError:  # a zone of 99 hours: the page's fault, and its text is still an article
        return filled
    return replace(filled, published_at=published_at, published_precision=precision, doubts=given.doubts + doubts)


def _printable(text: str | None) -> str | None:
    """What a page says of itself without half surrogate pairs and NUL, which its scripts may spell out."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "") if text else None


def _one_line(title: str | None) -> str | None:
    return one_line(cleaned(title)) or None if title is not None else None


def merge(articles: Iterable[Article]) -> tuple[list[Article], int]:
    """Drop repeats of one article, keeping the one from the first raw file and line.

    Of two from the same place the later given is kept where it says something else: its file was mended since.

    Returns:
        The articles by id, and how many repeats were dropped.
    """
    given = sorted(articles, key=attrgetter("article_id"))
    kept: list[Article] = []
    for article in given:
        if not kept or kept[-1].article_id != article.article_id:
            kept.append(article)
            continue
        first, second = _raw_order(kept[-1]), _raw_order(article)
        if second < first or (second == first and article.raw_path and _stated(article) != _stated(kept[-1])):
            kept[-1] = article
    return kept, len(given) - len(kept)


def _raw_order(article: Article) -> tuple[str, int]:
    return article.raw_path or "", article.raw_line or 0


def _stated(article: Article) -> tuple[object, ...]:
    """What a raw file says of an article beside its text."""
    named = (article.url, article.source, article.title, article.authors, article.agency, article.language)
    dated = (article.published_at, article.published_precision, article.retrieved_at)
    return (article.text_sha256, article.body_start, *named, *dated)


def link_copies(
    articles: Sequence[Article],
    index: Index | None = None,
    settled: Collection[str] = (),
    statuses: Mapping[str, str] = ENGLISH,
) -> None:
    """Set each copy's ``duplicate_of`` and each earlier version's ``superseded_by``; the list's order does not matter.

    Their status becomes "copy" or "superseded"; an article that is no longer one, because an earlier run knew less, is
    coded again. Versions of one article are no copies of each other.

    Args:
        articles: all that there are.
        index: sketches that are known; those of the other articles are added to it.
        settled: ids of articles that this was done for before, by the same code and among nothing but these articles.
            Only what is alike to one of the others is looked at again.
        statuses: as for :func:`to_article`.
    """
    index = Index() if index is None else index
    index.add(articles)
    settled = set(settled)
    for group in addressed(articles):
        if not all(a.article_id in settled for a in group):
            newest = newest_versions(group)
            for article in group:
                article.superseded_by = newest.get(article.article_id)
                settled.discard(article.article_id)
    again = touched(articles, index, settled)
    first = originals(again, index)
    newer = {a.article_id: a.superseded_by for a in articles if a.superseded_by}
    for article in again:
        original = first.get(article.article_id)
        same = original is not None and newer.get(original, original) == (article.superseded_by or article.article_id)
        article.duplicate_of = None if same else original
    for article in articles:
        article.coding_status = statuses.get(article.language or "", NO_MODEL)
        if article.coding_status != NO_MODEL:
            status = article.coding_status if article.superseded_by is None else "superseded"
            article.coding_status = status if article.duplicate_of is None else "copy"
