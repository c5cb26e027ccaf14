"""``.warc``, ``.warc.gz``: a web crawl, one article a ``response`` record that holds an HTML page.

Passed over by name: records that are no ``response`` (requests, metadata, revisits), answers other than 2xx, and
answers that are no HTML (pictures, scripts). Everything else is a record or a reject.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from pipeline.raw.decoding import UndecodableError, decode_page
from pipeline.raw.files import Limits, rejected
from pipeline.raw.html import MARK as PAGE
from pipeline.raw.opening import Source, UnpackError
from pipeline.records import Record, Reject

ENDINGS = (".warc",)
DESCRIPTION = ".warc (web crawl, one article an HTML response)"
_MARK = re.compile(rb"WARC/\d")
_HTML = ("text/html", "application/xhtml+xml")
_STATUS = re.compile(rb"HTTP/[\d.]+ (\d{3})\b")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\n]{0,200}\n")


VERSION = re.compile(rb"WARC/\d\.\d\s*$")
HEADER_BYTES = 1 << 16  # of one line, and of all headers of a record
PASSED_OVER = 1 << 20  # bytes read at a time of what is not wanted


class PayloadError(ValueError):
    """An answer's body cannot be had. The message says why."""


@dataclass(slots=True)
class _Entry:
    """One WARC record: its number from 1, its headers in lower case, and its block, or why there is none."""

    number: int
    headers: dict[str, str]
    block: bytes = b""
    problem: str | None = None


def recognises(head: bytes, ending: str) -> bool:
    """The file begins as a WARC does, or the ending says so (and its damage is then told)."""
    return _MARK.match(head) is not None or ending in ENDINGS


def read(source: Source) -> Iterator[Record | Reject]:
    """One record or reject a page; ``raw_line`` counts the WARC records from 1. Raises OSError before the first."""
    file = source.file
    number = 0
    with source.open() as stream:
        try:
            for entry in _entries(stream, source.limits.page_bytes):
                number = entry.number
                found = _page(source, entry)
                if found is not None:
                    yield found
        except UnpackError as error:
            yield rejected(file, "packed", f"{error.strerror}; what follows was not read", number + 1)
            return
    if number == 0:
        yield rejected(file, "empty", "the crawl holds no record")


def _entries(stream: BinaryIO, limit: int) -> Iterator[_Entry]:
    """The records of a crawl that may be of use; only one block is held, and none of a longer one or another kind.

    After damage, reading goes on at the next line that begins a record.
    """
    number = 0
    lost = False
    while line := stream.readline(HEADER_BYTES):
        if not VERSION.match(line):
            if line.strip() and not lost:
                number, lost = number + 1, True
                yield _Entry(number, {}, problem=f"expected the start of a record, found {line[:40]!r}")
            continue
        number, lost = number + 1, False
        headers = _headers(iter(lambda: stream.readline(HEADER_BYTES), b""))
        length = headers.get("content-length", "")
        if not re.fullmatch(r"\d{1,15}", length, re.ASCII):
            lost = True
            yield _Entry(number, {}, problem=f"the record's Content-Length is '{length[:40]}', expected a number")
        elif headers.get("warc-type", "").lower() != "response" or int(length) > limit + HEADER_BYTES:
            wanted = headers.get("warc-type", "").lower() == "response" and _is_page_kind(headers)
            left = int(length)
            while left and (passed := stream.read(min(left, PASSED_OVER))):
                left -= len(passed)
            if wanted:
                what = f"{int(length):,} bytes is too much for one page (limit {limit:,})"
                yield _Entry(number, headers, problem=what)
            else:
                yield _Entry(number, headers)
        else:
            block = stream.read(int(length))
            cut = f"the record breaks off: {len(block):,} bytes of {int(length):,}"
            yield _Entry(number, headers, block, problem=cut if len(block) < int(length) else None)


def _headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Header lines up to the blank one; the first of a name counts."""
    found: dict[str, str] = {}
    total = 0
    for line in lines:
        total += len(line)
        if not line.strip() or total > HEADER_BYTES:
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _is_page_kind(headers: dict[str, str]) -> bool:
    """Whether a record that was not read may have been a page, by the payload type that some crawlers note."""
    kind = headers.get("warc-identified-payload-type", "").lower()
    return not kind or kind.startswith(_HTML)


def _page(source: Source, entry: _Entry) -> Record | Reject | None:
    """The record of one answer, its reject, or None where it is no page."""
    url = entry.headers.get("warc-target-uri", "").strip("<>")
    where = f" ({url})" if url else ""
    if entry.problem is not None:
        return rejected(source.file, "warc", entry.problem + where, entry.number)
    if not entry.block:
        return None
    top, _, body = entry.block.partition(b"\r\n\r\n")
    first, *lines = top.split(b"\r\n")
    status = _STATUS.match(first)
    if status is None:
        return rejected(source.file, "warc", f"the response holds no HTTP answer{where}", entry.number)
    http = _headers(lines)
    kind, _, parameters = http.get("content-type", "").lower().partition(";")
    if not status[1].startswith(b"2") or (kind and kind.strip() not in _HTML):
        return None
    charset = _CHARSET.search(parameters)
    try:
        body = _payload(body, http, source.limits)
        if not kind and PAGE.match(body[:4096]) is None:
            return None
        html = decode_page(body, charset[1] if charset else None)
    except (PayloadError, UndecodableError) as error:
        return rejected(source.file, "warc", f"{error}{where}", entry.number)
    headers = entry.headers
    given = {"id": headers.get("warc-record-id"), "url": url, "retrieved_at": headers.get("warc-date"), "html": html}
    given["published_at"] = _published(headers.get("warc-json-metadata", ""))
    fields: dict[str, object] = {name: value for name, value in given.items() if value}
    return Record(fields, source.file.path, entry.number, hashlib.sha256(body).hexdigest())


def _published(metadata: str) -> str | None:
    """What the feed that lists the page says of its publication: ``dateline fetch`` notes it with the answer."""
    try:
        found = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return None
    published = found.get("published_at") if isinstance(found, dict) else None
    return published if isinstance(published, str) else None


def _payload(body: bytes, http: dict[str, str], limits: Limits) -> bytes:
    """The body of an answer, out of its chunks and unpacked.

    Raises:
        PayloadError: it is cut off, packed in a way we do not know, damaged, or too long.
    """
    limit = limits.page_bytes
    if http.get("transfer-encoding", "").lower() == "chunked":
        body = _dechunked(body)
    for coding in reversed(http.get("content-encoding", "").lower().split(",")):
        body = _unpacked(body, coding.strip(), limit)
    if len(body) > limit:
        raise PayloadError(f"{len(body):,} bytes is too much for one page (limit {limit:,})")
    return body


def _dechunked(body: bytes) -> bytes:
    """Crawlers store some answers with their chunks already put together, so what has no chunks is left as it is."""
    parts: list[bytes] = []
    at = 0
    while size := _CHUNK_SIZE.match(body, at):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
    if at == 0:
        return body
    raise PayloadError("the answer breaks off inside a chunk")


def _unpacked(body: bytes, coding: str, limit: int) -> bytes:
    if coding in ("", "identity"):
        return body
    try:
        if coding in ("gzip", "x-gzip", "deflate"):
            if coding != "deflate" and not body.startswith(b"\x1f\x8b"):
                return body  # stored unpacked by the crawler, header kept
            wbits = zlib.MAX_WBITS | 32 if coding != "deflate" or body[:1] == b"\x78" else -zlib.MAX_WBITS
            unpacker = zlib.decompressobj(wbits)
            found = unpacker.decompress(body, limit + 1)
            if len(found) <= limit and not unpacker.eof:
                raise PayloadError(f"the answer's {coding} is cut off")
        elif coding in ("br", "zstd"):
            with pa.CompressedInputStream(pa.BufferReader(body), {"br": "brotli"}.get(coding, coding)) as stream:
                found = stream.read(limit + 1)
        else:
            raise PayloadError(f"the answer is packed as '{coding[:20]}', which is not read")
    except (zlib.error, OSError) as error:
        raise PayloadError(f"the answer's {coding} is damaged") from error
    if len(found) > limit:
        raise PayloadError(f"the answer unpacks to more than {limit:,} bytes")
    return found
