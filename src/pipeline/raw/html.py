"""``.html``, ``.htm``: the whole file is one page with one article; ``NAME.meta.json`` beside it may give more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.raw.decoding import UndecodableError, decode_page
from pipeline.raw.files import rejected
from pipeline.raw.opening import Source
from pipeline.raw.text import described, whole
from pipeline.records import Record, Reject

ENDINGS = (".html", ".htm", ".xhtml")
DESCRIPTION = ".html (one page)"
MARK = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:(?><!--.{0,2000}?-->\s*))*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
"""A comment is taken as a whole: tried at every length, forty in a row take years."""


def recognises(head: bytes, ending: str) -> bool:
    """The file begins as a page does, or the ending says so and there is a tag at all."""
    return MARK.match(head) is not None or (ending in ENDINGS and b"<" in head)


def read(source: Source) -> Iterator[Record | Reject]:
    """The page, or the reject that says why not. Raises OSError when the file cannot be read."""
    found = whole(source, source.limits.page_bytes, "one page")
    if isinstance(found, Reject):
        yield found
        return
    try:
        page = decode_page(found)
    except UndecodableError as error:
        yield rejected(source.file, "encoding", str(error))
        return
    yield described(source, {"html": page})
