"""``.xml``, ``.rss``, ``.atom``: one feed, one article an item."""

from __future__ import annotations

import calendar
import hashlib
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.sax import SAXException

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from pipeline.raw.files import rejected
from pipeline.raw.opening import Source
from pipeline.raw.text import whole
from pipeline.records import CROWDED, MOST_ATTRIBUTES, Record, Reject

ENDINGS = (".xml", ".rss", ".atom", ".rdf")
DESCRIPTION = ".xml, .rss, .atom (feeds, one article an item)"
MARK = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?>(?:<!--.{0,2000}?-->|<\?.{0,300}?\?>|<!doctype\s+rss.{0,300}?>)\s*))*"
    rb"<(?:rss|feed|rdf:rdf)\b",
    re.I | re.S,
)
"""A comment is taken as a whole: tried at every length, forty in a row take years."""

MOST_TAGS = 200_000
"""Opening and closing tags of one feed: feedparser takes some 20 µs and 1 KB for each. Feeds have about 20 an item,
what stands in CDATA not counted."""

_UNREADABLE = (
    *(ValueError, TypeError, AttributeError, ArithmeticError, LookupError, AssertionError, RecursionError),
    *(etree.LxmlError, SAXException),
)
"""What feedparser raises over bytes that strangers made; ``&#99999999999999999999;`` is enough for one of them."""

_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_BLOCKS = frozenset({"p", "div", "br", "hr", "li", "ul", "ol", "blockquote", "section", "article", "header", "footer"})
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "figure", "pre"}
_SILENT = frozenset({"script", "style", "noscript", "iframe", "svg", "form", "button", "figcaption"})


def recognises(head: bytes, ending: str) -> bool:
    """The file begins as a feed does; XML of another kind is taken as well, to be told what is wrong with it."""
    return MARK.match(head) is not None or (ending in ENDINGS and head.lstrip().startswith(b"<"))


def read(source: Source) -> Iterator[Record | Reject]:
    """One record an item; ``raw_line`` counts the items from 1. Raises OSError when the file cannot be read."""
    import feedparser  # type: ignore[import-untyped]  # a fifth of a second to import, and most runs read no feed

    file = source.file
    data = whole(source, source.limits.feed_bytes, "one feed")
    if isinstance(data, Reject):
        yield data
        return
    if MARK.match(data[:8192]) is None and b"\x00" not in data[:4]:
        root = _ROOT.search(data[:8192])
        name = root[1].decode("ascii", "replace") if root else "none"
        yield rejected(file, "format", f"XML that is no feed (its root is '{name}', expected rss, feed or rdf:RDF)")
        return
    markup = list(_markup(data))
    if (tags := sum(piece.count(b"<") for piece in markup)) > MOST_TAGS:
        yield rejected(file, "size", f"{tags:,} tags are too many for one feed (limit {MOST_TAGS:,})")
        return
    if any(CROWDED.search(piece.replace(b"\x00", b"")) for piece in markup):
        yield rejected(file, "size", f"a tag of the feed has {MOST_ATTRIBUTES:,} attributes or more")
        return
    try:
        found: Any = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except _UNREADABLE as error:
        yield rejected(file, "feed", f"a feed that cannot be read ({type(error).__name__}: {error})")
        return
    number = 0
    for number, entry in enumerate(found.entries, start=1):
        yield _record(source, found.feed, entry, number)
    fault = found.get("bozo_exception")
    if fault is not None and hasattr(fault, "getLineNumber"):
        what = f"the feed is not well-formed XML at line {fault.getLineNumber()} ({fault.getMessage()})"
        yield rejected(file, "feed", f"{what}; {number} items were read", number + 1)
    elif number == 0:
        yield rejected(file, "empty", "the feed has no items")


def _markup(data: bytes) -> Iterator[bytes]:
    """What stands outside of CDATA, piece by piece."""
    at = 0
    while (start := data.find(b"<![CDATA[", at)) >= 0 and (end := data.find(b"]]>", start)) >= 0:
        yield data[at:start]
        at = end
    yield data[at:]


def _record(source: Source, feed: Any, entry: Any, number: int) -> Record | Reject:
    """An item's record. The longest of its bodies is the article: a summary is all that many feeds give."""
    bodies = [c.get("value") or "" for c in entry.get("content") or []] + [entry.get("summary") or ""]
    for fragment in (*bodies, entry.get("title") or ""):
        if CROWDED.search(fragment.encode("utf-8", "ignore")):
            what = f"a tag in the item has {MOST_ATTRIBUTES:,} attributes or more"
            return rejected(source.file, "size", what, number)
    text = max((plain_text(body) for body in bodies), key=len)
    people = [a.get("name") for a in entry.get("authors") or [] if a.get("name")]
    languages = [c.get("language") for c in entry.get("content") or []] + [feed.get("language")]
    given = {
        "id": entry.get("id"),
        "text": text,
        "title": plain_text(entry.get("title") or "").replace("\n\n", " "),
        "url": entry.get("link"),
        "source": (entry.get("source") or {}).get("title") or feed.get("title"),
        "authors": people,
        "published_at": _instant(entry),
        "language": next((code for code in languages if code), None),
    }
    fields: dict[str, object] = {name: value for name, value in given.items() if value}
    digest = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "backslashreplace")).hexdigest()
    return Record(fields, source.file.path, number, digest)


def _instant(entry: Any) -> str | None:
    """When the item was published, else updated; as printed where no reading is known, so that it is rejected aloud."""
    for name in ("published", "updated"):
        parsed, printed = dict.get(entry, f"{name}_parsed"), dict.get(entry, name)  # its own get warns
        moment = _moment(parsed) if isinstance(parsed, time.struct_time) else None
        if moment is not None:
            own_day = _own_day(str(printed or ""))
            if own_day is not None and own_day != moment.date():
                return own_day.isoformat()  # "on Friday" means the Friday of where it was written
            timed = re.search(r"\d:\d", printed or "") is not None
            return moment.isoformat()[:19] + "Z" if timed else moment.date().isoformat()
        if printed:
            return str(printed)
    return None


def _own_day(printed: str) -> date | None:
    """The day in the zone that a date is printed in (RFC 822 or ISO 8601), or None."""
    for read_date in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read_date(printed.strip()).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _moment(parsed: time.struct_time) -> datetime | None:
    """A time in UTC, or None where it is in the year -1 or in no calendar."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def plain_text(fragment: str) -> str:
    """The words of a piece of HTML, a blank line between its blocks."""
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    try:
        root = lxml.html.fragment_fromstring(f"<div>{_printable(fragment)}</div>", create_parent="div")
    except (etree.LxmlError, ValueError):
        return fragment.strip()
    parts: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if name in _BLOCKS:
                parts.append("\n\n")
            if name not in _SILENT and not any(a.tag in _SILENT for a in node.iterancestors()):
                parts.append(" ".join((node.text or "").split("\n")))
        else:
            if name in _BLOCKS:
                parts.append("\n\n")
            if not any(a.tag in _SILENT for a in node.iterancestors()):
                parts.append(" ".join((node.tail or "").split("\n")))
    paragraphs = (" ".join(p.split()) for p in "".join(parts).split("\n\n"))
    return "\n\n".join(p for p in paragraphs if p)


def _printable(text: str) -> str:
    """Without characters that no XML tree can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
