"""``.warc``, ``.warc.gz``: a web crawl, one article a ``response`` record that holds an HTML page.

Passed over by name: records that are no ``response`` (requests, metadata, revisits), answers other than 2xx, and
answers that are no HTML (pictures, scripts). Everything else is a record or a reject.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from pipeline.raw.decoding import UndecodableError, decode_page
from pipeline.raw.files import Limits, rejected
from pipeline.raw.html import MARK as PAGE
from pipeline.raw.opening import Source
from pipeline.records import Record, Reject

ENDINGS = (".warc",)
DESCRIPTION = ".warc (web crawl, one article an HTML response)"
_MARK = re.compile(rb"WARC/\d")
_HTML = ("text/html", "application/xhtml+xml")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\n]{0,200}\n")


class PayloadError(ValueError):
    """An answer's body cannot be had. The message says why."""


def recognises(head: bytes, ending: str) -> bool:
    """The file begins as a WARC does, or the ending says so (and its damage is then told)."""
    return _MARK.match(head) is not None or ending in ENDINGS


def read(source: Source) -> Iterator[Record | Reject]:
    """One record or reject a page; ``raw_line`` counts the WARC records from 1. Raises OSError before the first."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # most runs read no crawl

    file = source.file
    number = 0
    with source.open() as stream:
        try:
            for number, answer in enumerate(ArchiveIterator(stream, auto_decode="none"), start=1):
                if answer.record_type == WarcRecordType.response:
                    found = _page(source, answer, number)
                    if found is not None:
                        yield found
        except OSError as error:
            what = error.strerror or str(error)
            yield rejected(
                file, "warc", f"the crawl is damaged after record {number} ({what}); the rest was not read", number + 1
            )
            return
    if number == 0:
        yield rejected(file, "empty", "the crawl holds no record that can be read")


def _page(source: Source, answer: Any, number: int) -> Record | Reject | None:
    """The record of one answer, its reject, or None where it is no page."""
    http = answer.http_headers
    if http is None:
        return rejected(source.file, "warc", "the response holds no HTTP headers", number)
    status = http.status_code
    kind = (answer.http_content_type or "").lower()
    if status is not None and not 200 <= int(status) < 300:
        return None
    if kind and not kind.startswith(_HTML):
        return None
    url = answer.headers.get("WARC-Target-URI")
    try:
        body = _payload(answer, source.limits)
        if not kind and PAGE.match(body[:4096]) is None:
            return None
        html = decode_page(body, answer.http_charset)
    except (PayloadError, UndecodableError) as error:
        return rejected(source.file, "warc", f"{error} ({url})", number)
    fields: dict[str, object] = {"id": answer.record_id, "html": html, "url": (url or "").strip("<>") or None}
    if answer.record_date is not None:
        fields["retrieved_at"] = answer.record_date.isoformat()
    return Record(fields, source.file.path, number, hashlib.sha256(body).hexdigest())


def _payload(answer: Any, limits: Limits) -> bytes:
    """The body of an answer, out of its chunks and unpacked.

    Raises:
        PayloadError: it is cut off, packed in a way we do not know, damaged, or too long.
    """
    limit = limits.page_bytes
    if answer.content_length > limit:
        raise PayloadError(f"{answer.content_length:,} bytes is too much for one page (limit {limit:,})")
    body: bytes = answer.reader.read(answer.content_length)
    if len(body) < answer.content_length:
        raise PayloadError(f"the record breaks off: {len(body):,} bytes of {answer.content_length:,}")
    if (answer.http_headers.get("Transfer-Encoding") or "").lower() == "chunked":
        body = _dechunked(body)
    for coding in reversed((answer.http_headers.get("Content-Encoding") or "").lower().split(",")):
        body = _unpacked(body, coding.strip(), limit)
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
