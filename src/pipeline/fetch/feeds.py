"""An RSS or Atom feed's bytes → the pages it lists, and what it says about them."""

from __future__ import annotations

import calendar
import io
import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.sax import SAXException

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from pipeline.fetch.addresses import checked
from pipeline.fetch.answers import HTML, Answer
from pipeline.fetch.terms import RefusedError, plain

MOST_TAGS = 200_000
"""Opening and closing tags of one feed: feedparser takes some 20 µs and 1 KB for each. Feeds have about 20 an item."""

_UNREADABLE = (
    *(ValueError, TypeError, AttributeError, ArithmeticError, LookupError, AssertionError, RecursionError),
    *(etree.LxmlError, SAXException),
)
"""What feedparser raises over bytes that strangers made; ``&#99999999999999999999;`` is enough for one of them."""

_LONGEST = 300  # characters of a title that are kept
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf)\b", re.I)
_FEED_LINKS = ("application/rss+xml", "application/atom+xml")


@dataclass(slots=True, frozen=True)
class Entry:
    """One item of a feed.

    Attributes:
        url: the page, absolute. title: as printed, one line.
        published: ISO 8601, a day where no time is given; None where it is missing or cannot be.
        stamp: changes when the publisher says that the page has changed.
        via: the feed's address.
    """

    url: str
    title: str = ""
    published: str | None = None
    stamp: str = ""
    via: str | None = None


def is_page(answer: Answer) -> bool:
    """Whether the answer is a page rather than a feed; what calls itself HTML may be either."""
    return answer.looks_like_page or (answer.kind in HTML and _FEED.search(answer.content[:2048]) is None)


def entries(answer: Answer, via: str) -> tuple[list[Entry], list[tuple[str, RefusedError]]]:
    """The pages that a feed lists, in its order, each once; and the links that lead nowhere, with the reason.

    A feed that is not well-formed is read as far as it goes.

    Args:
        answer: the feed.
        via: the address that it was asked for under.

    Raises:
        RefusedError: there is no feed in the answer, or not one item.
    """
    if (tags := answer.content.count(b"<")) > MOST_TAGS:
        raise RefusedError("too long", f"a feed of {tags:,} tags (limit {MOST_TAGS:,})", told=True)
    import feedparser  # type: ignore[import-untyped]  # a fifth of a second to import

    stated = {"content-type": answer.header("content-type"), "content-location": answer.url}
    try:
        found: Any = feedparser.parse(
            io.BytesIO(answer.content), response_headers=stated, sanitize_html=False, resolve_relative_uris=False
        )
    except _UNREADABLE as error:
        raise RefusedError("no feed", f"it cannot be read ({type(error).__name__})", told=True) from error
    listed: dict[str, Entry] = {}
    nowhere: list[tuple[str, RefusedError]] = []
    for item in found.entries:
        link = dict.get(item, "feedburner_origlink") or dict.get(item, "link") or ""
        try:
            url = str(checked(link, base=answer.url))
        except RefusedError as error:
            nowhere.append((plain(link[:200] or f"item without a link: {_line(dict.get(item, 'title'))}"), error))
            continue
        stamp = str(dict.get(item, "updated") or dict.get(item, "published") or "")[:60]
        listed.setdefault(url, Entry(url, _line(dict.get(item, "title")), _published(item, answer), stamp, via))
    if not listed and not nowhere:
        what = "it lists nothing" if found.get("version") else "expected RSS, Atom or an HTML page"
        raise RefusedError("no feed", what, told=bool(found.get("version")))
    return list(listed.values()), nowhere


def feeds_of(answer: Answer) -> list[str]:
    """The feeds that a page names in its head."""
    try:
        tree = lxml.html.document_fromstring(answer.content)
    except (etree.LxmlError, ValueError):
        return []
    found = []
    for link in tree.iter("link"):
        if (link.get("type") or "").lower() in _FEED_LINKS and "alternate" in (link.get("rel") or "").lower():
            try:
                found.append(str(checked(link.get("href") or "", base=answer.url)))
            except RefusedError:
                continue
    return found


def _line(text: object) -> str:
    return re.sub(r"\s+", " ", str(text or "")).strip()[:_LONGEST]


def _published(item: Any, answer: Answer) -> str | None:
    """When an item was published. A day to come or one before 1900 is the feed's mistake."""
    parsed = dict.get(item, "published_parsed")
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not datetime(1900, 1, 1, tzinfo=UTC) <= moment <= answer.asked_at + timedelta(days=1):
        return None
    printed = str(dict.get(item, "published") or "")
    own_day = _own_day(printed)
    if own_day is not None and own_day != moment.date():
        return own_day.isoformat()  # "on Friday" means the Friday of where it was written
    timed = re.search(r"\d:\d", printed) is not None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if timed else "%Y-%m-%d")


def _own_day(printed: str) -> date | None:
    """The day in the zone that a date is printed in (RFC 822 or ISO 8601), or None."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(printed.strip()).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
