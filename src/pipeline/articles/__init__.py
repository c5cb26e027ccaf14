"""Records → articles: clean text, language, ids, dateline, duplicates. Pure: no clock, no disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.articles.cleaning import cleaned
from pipeline.articles.copies import originals
from pipeline.articles.datelines import dateline
from pipeline.articles.fields import FieldError, Fields, checked, instant, rejected
from pipeline.articles.language import declared, detected
from pipeline.articles.pages import extracted
from pipeline.ids import sha256_text, stable_id
from pipeline.records import Article, Record, Reject

__all__ = ["link_copies", "merge", "to_article"]


def to_article(record: Record, models: frozenset[str] = frozenset({"en"})) -> Article | Reject:
    """Turn one record into one article.

    Args:
        record: as read from a raw file, or a dictionary of the caller's with ``raw_*`` None.
        models: languages that can be coded; an article of another keeps the status "no model".

    Returns:
        The article, or a reject that names the file, the line, the field and what was expected.
    """
    try:
        fields = checked(record)
        return _article(record, fields, models)
    except FieldError as error:
        return rejected(record, error)


def _article(record: Record, given: Fields, models: frozenset[str]) -> Article:
    raw = given.text if given.text is not None else given.html
    article_id = stable_id("art", given.source, given.url or given.source_id, raw)
    fields = given if given.text is not None else _from_page(given)
    text = cleaned(fields.text or "")
    if not text:
        raise FieldError("missing", "text", "text holds no printed character")
    language = declared(fields.language)
    found = dateline(text, fields.published_at) if language in (None, "en") else None
    body_start = found.body_start if found else 0
    language = language or detected(text[body_start:])
    return Article(
        article_id=article_id,
        source_id=fields.source_id,
        url=fields.url,
        source=fields.source,
        title=_one_line(fields.title),
        authors=fields.authors,
        text=text,
        language=language,
        published_at=fields.published_at,
        published_precision=fields.published_precision,
        retrieved_at=fields.retrieved_at,
        word_count=len(text.split()),
        sentence_count=None,
        text_sha256=sha256_text(text),
        raw_path=record.raw_path,
        raw_sha256=record.raw_sha256,
        raw_line=record.raw_line,
        coding_status="coded" if language in models else "no model",
        body_start=body_start,
        dateline=found.place if found else None,
        dateline_span=found.span if found else None,
        dateline_date=found.day if found else None,
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
        text=page.text,
        title=given.title or page.title,
        url=given.url or page.url,
        source=given.source or page.source,
        authors=given.authors or page.authors,
        language=given.language or page.language,
    )
    if given.published_at is not None or page.published is None:
        return filled
    try:
        published_at, precision = instant(page.published, "published_at")
    except FieldError:  # a zone of 99 hours: the page's fault, and its text is still an article
        return filled
    return replace(filled, published_at=published_at, published_precision=precision)


def _one_line(title: str | None) -> str | None:
    return " ".join(cleaned(title).split()) or None if title is not None else None


def merge(articles: Iterable[Article]) -> tuple[list[Article], int]:
    """Drop repeats of one article, keeping the one from the first raw file and line.

    Returns:
        The articles by id, and how many repeats were dropped.
    """
    kept: dict[str, Article] = {}
    dropped = 0
    for article in articles:
        other = kept.setdefault(article.article_id, article)
        if other is not article:
            dropped += 1
            if _raw_order(article) < _raw_order(other):
                kept[article.article_id] = article
    return [kept[article_id] for article_id in sorted(kept)], dropped


def _raw_order(article: Article) -> tuple[str, int]:
    return article.raw_path or "", article.raw_line or 0


def link_copies(articles: list[Article]) -> None:
    """Set ``duplicate_of`` to each copy's first publication, over the whole list; the list's order does not matter.

    A copy's status becomes "copy"; an article that is no longer one, because an earlier run knew less, is coded again.
    """
    first = originals(articles)
    for article in articles:
        article.duplicate_of = first.get(article.article_id)
        if article.coding_status != "no model":
            article.coding_status = "copy" if article.duplicate_of is not None else "coded"
