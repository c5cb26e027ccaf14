"""What a server answered: the bytes as they came, and unpacked as far as is safe."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime

from pipeline.fetch.terms import RefusedError

Headers = tuple[tuple[str, str], ...]

HTML = ("text/html", "application/xhtml+xml")
BOMB_BYTES, BOMB_TIMES = 1_000_000, 100
"""What unpacks to more than so many bytes and so many times its size is no news; HTML packs to a tenth or so."""

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?><!--.{0,2000}?-->\s*))*<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)


_DATED = re.compile(
    rb"""datePublished|dateCreated|published_time|pub_?date|<time\b|\bdc(?:terms)?\.(?:date|issued|created)\b""", re.I
)


@dataclass(slots=True, frozen=True)
class Answer:
    """One answer to a GET.

    Attributes:
        url: what was asked for at last. redirects: what was asked for before, the first one first.
        asked_at: when, UTC. address: the IP address that answered.
        request, headers: the header fields as sent and as received.
        version, status, phrase: of the status line.
        body: as received, out of its chunks but packed. content: the body unpacked.
    """

    url: str
    asked_at: datetime
    address: str | None
    request: Headers
    version: str
    status: int
    phrase: str
    headers: Headers
    body: bytes
    content: bytes
    redirects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        return header(self.headers, name)

    @property
    def kind(self) -> str:
        """The media type that the server states, in lower case."""
        return media_type(self.headers)

    @property
    def looks_like_page(self) -> bool:
        """Whether the bytes begin as an HTML page does."""
        return _PAGE.match(self.content[:4096]) is not None

    @property
    def states_date(self) -> bool:
        """Whether the page has a date for machines to read; such a date is surer than what the feed says."""
        return _DATED.search(self.content) is not None


def header(headers: Headers, name: str) -> str:
    """The first header of this name (lower case), or an empty string."""
    return next((value for key, value in headers if key.lower() == name), "")


def media_type(headers: Headers) -> str:
    """The media type that a server states, without its parameters, in lower case."""
    return header(headers, "content-type").partition(";")[0].strip().lower()


def unpacked(body: bytes, coding: str, limit: int) -> bytes:
    """A body out of its packing, as long as it does not grow beyond measure.

    Raises:
        RefusedError: it is packed in a way that we did not ask for, damaged, too long, or a decompression bomb.
    """
    coding = coding.strip().lower()
    if coding in ("gzip", "x-gzip", "deflate") and (coding == "deflate" or body.startswith(b"\x1f\x8b")):
        zlib_head = coding != "deflate" or body[:1] == b"\x78"
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32 if zlib_head else -zlib.MAX_WBITS)
        try:
            content = unpacker.decompress(body, limit + 1)
        except zlib.error as error:
            raise RefusedError("damaged", f"its {coding} cannot be unpacked", told=True) from error
        if len(content) <= limit and not unpacker.eof:
            raise RefusedError("damaged", f"its {coding} is cut off", told=True)
        packed = len(body)
    elif coding in ("", "identity", "gzip", "x-gzip"):  # stated, but not packed: so some servers do
        content = body
        packed = len(zlib.compress(body, 1)) if len(body) > BOMB_BYTES else len(body)
    else:
        raise RefusedError("damaged", f"packed as '{coding[:20]}', which was not asked for", told=True)
    if len(content) > BOMB_BYTES and len(content) > BOMB_TIMES * packed:
        raise RefusedError("bomb", f"{packed:,} bytes unpack to {len(content):,} or more", told=True)
    if len(content) > limit:
        raise RefusedError("too long", f"it unpacks to more than {limit:,} bytes", told=True)
    return content


def beginning(body: bytes, coding: str, limit: int) -> bytes:
    """The first bytes of a body that may be cut off, unpacked as far as they go."""
    if coding.strip().lower() not in ("gzip", "x-gzip") or not body.startswith(b"\x1f\x8b"):
        return body[:limit]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, limit)
    except zlib.error:
        return b""
