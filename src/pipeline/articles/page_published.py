"""When a page says that it was published: its metadata first, then its address, its markup, its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from pipeline.articles.page_body import is_furniture
from pipeline.articles.page_dates import (
    day_of_line,
    in_own_day,
    is_eve,
    is_later_edition,
    is_morrow,
    is_next_paper,
    is_night,
    is_of_update,
    is_same_moment,
    is_soon_after,
    is_utc,
    printed,
    stated,
)

_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "pubdate"),
    *("publishdate", "publish-date", "publish_date", "publication_date", "dc.date.issued", "dcterms.created"),
    *("dc.date.created", "dcterms.issued", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"),
    *("article.published", "originalpublicationdate", "rnews:datepublished", "dc.date", "dcterms.date", "date"),
)
"""Names of meta elements with the day of publication, the surest first."""

_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)(?:[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])|/(\d)/(\d\d?)|/(\d\d)/(\d))(?=[/\-_.]|$)"
)
_DATE_WORDS = " or ".join(f"contains(., '{word}')" for word in ("date", "Date", "publi", "fecha"))
_DATED = f"//@class[{_DATE_WORDS}]/.. | //@id[{_DATE_WORDS}]/.."
_MARKED = '//@itemprop[.="datePublished"]/.. | //@pubdate/..'
# asked from the attribute up, which takes a tenth of the time of asking every element for its attribute

FEW_TIMES = 10
"""Elements of time that are looked at for the publisher's zone: further down they belong to other articles."""

NEAR_HEADLINE, BESIDE_HEADLINE = 80, 15
"""Elements below the headline among which its date is printed, and those that belong to it and nothing else."""


def published(
    tree: HtmlElement,
    json_ld: str | None,
    meta: dict[str, str],
    url: str | None,
    language: str | None,
    title: str | None = None,
) -> tuple[str | None, str | None]:
    """When the page says that it was published, and where it says so.

    The day is that of the place where the article was written, and of the paper that it was written for. An instant in
    UTC does not tell it; the address, the window's title, an element with the same instant in the publisher's zone, or
    the day printed beside the headline does. What is printed there is what the readers of "on Friday" go by.

    Args:
        tree: the page as parsed.
        json_ld: the date in the article's own JSON-LD.
        meta: names of meta elements in lower case → their content.
        url: the page's address.
        language: of the page, which settles "04/09/2026".
        title: the headline; there may be several of first rank.

    Returns:
        ISO 8601, as exactly as stated, and "json-ld", "meta", "markup", "url" or "text"; (None, None) without a date.
    """
    iso, where = _in_metadata(tree, json_ld, meta)
    day = _of_url(url)
    if day is not None and (iso is None or is_eve(day, iso) or is_morrow(day, iso) or is_later_edition(day, iso)):
        return day, "url"
    headline = _headline(tree, title)
    if iso is not None:
        of_window = printed(tree.findtext(".//title") or "", language)
        if of_window is not None and is_next_paper(of_window[:10], iso):
            return of_window[:10], "text"
        beside = _beside(headline, language)
        if beside is not None and day != iso[:10] and is_soon_after(beside, iso):
            return beside, "text"
    times = filter(None, (stated(element.get("datetime")) for element in tree.iter("time")))
    if iso is None:
        own = (stated(element.get("datetime")) for element in islice(_after(headline), NEAR_HEADLINE))
        iso = next(filter(None, own), None) or next(times, None)
        return (in_own_day(iso), "markup") if iso is not None else _in_text(tree, headline, language)
    if is_utc(iso):
        iso = next((time for time in islice(times, FEW_TIMES) if is_same_moment(time, iso)), iso)
    if is_night(iso) and (shown := _below(headline, language)) and is_eve(shown, iso):
        return shown, "text"
    return in_own_day(iso), where


def _in_metadata(tree: HtmlElement, json_ld: str | None, meta: dict[str, str]) -> tuple[str | None, str | None]:
    for where, text in (("json-ld", json_ld), *(("meta", meta[name]) for name in _PUBLISHED if name in meta)):
        if (iso := stated(text)) is not None:
            return iso, where
    for element in tree.xpath(_MARKED)[:3]:
        iso = stated(element.get("content") or element.get("datetime") or element.text_content()[:60])
        if iso is not None:
            return iso, "markup"
    return None, None


def _in_text(tree: HtmlElement, headline: HtmlElement | None, language: str | None) -> tuple[str | None, str | None]:
    """The day beside the headline, or the first in an element that is named after dates or in the lines below it."""
    beside = _beside(headline, language)
    if beside is not None:
        return beside, "text"
    named = (e for e in tree.xpath(_DATED)[:40] if len(e.text_content()) < 400)
    below = (e for e in _after(headline) if e.tag in ("p", "span", "li"))
    for element in (*named, *islice(below, 7)):
        iso = printed(element.text_content()[:120], language)
        if iso is not None:
            return in_own_day(iso), "text"
    return None, None


def _headline(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """The heading of first rank with the page's title, or the first one."""
    headings = list(islice(tree.iter("h1"), FEW_TIMES))
    own = (h for h in headings if title is not None and title in " ".join(h.text_content().split()))
    return next(own, headings[0] if headings else None)


def _beside(headline: HtmlElement | None, language: str | None) -> str | None:
    """The day that a line of its own gives right below the headline, or above it within the same element."""
    if headline is None:
        return None
    above = (e for sibling in headline.itersiblings(preceding=True) for e in sibling.iter())
    for element in (*islice(_after(headline), BESIDE_HEADLINE), *islice(above, FEW_TIMES)):
        day = day_of_line(element.text or "", language) or day_of_line(element.tail or "", language)
        if day is not None and not is_of_update(element.get("class") or "") and not _is_of_others(element):
            return day
    return None


def _is_of_others(element: HtmlElement) -> bool:
    """Whether an element lies in a part of the page that is not its article."""
    around = (element, *islice(element.iterancestors(), 3))
    return any(
        part.tag in ("a", "aside", "nav") or is_furniture(f"{part.get('class') or ''} {part.get('id') or ''}")
        for part in around
        if part.tag != "body"
    )


def _below(headline: HtmlElement | None, language: str | None) -> str | None:
    """The first day printed below the headline."""
    for element in islice(_after(headline), NEAR_HEADLINE):
        iso = printed((element.text or "")[:120], language)
        if iso is not None:
            return iso[:10]
    return None


def _after(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements that follow an element's end, in the page's order."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter()
        element = element.getparent()


def _of_url(url: str | None) -> str | None:
    found = _URL_DAY.search(url or "")
    return stated("-".join(part.zfill(2) for part in found.groups() if part)) if found else None
