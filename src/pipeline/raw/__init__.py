"""The only readers of raw files: one module a format, bytes → records.

A format module has ``DESCRIPTION``, ``recognises(head, ending)`` and ``read(path, file, limits)``; adding one means
writing the module and naming it in ``FORMATS``. Rows in = records + rejects: nothing is passed over in silence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pipeline.raw import jsonl, text
from pipeline.raw.decoding import utf16
from pipeline.raw.files import LIMITS, SIDECAR_ENDING, Limits, RawFile, discover, rejected
from pipeline.records import Record, Reject

__all__ = ["FORMATS", "LIMITS", "Limits", "RawFile", "discover", "read"]

FORMATS = (jsonl, text)
"""Asked in this order; the first that recognises a file reads it."""

HEAD = 4096  # bytes that are enough to tell the format

_OTHER_KINDS = (
    (re.compile(rb"\x1f\x8b"), "a gzip archive"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "a zstandard archive"),
    (re.compile(rb"PK\x03\x04"), "a zip archive (or an office document)"),
    (re.compile(rb"PAR1"), "a Parquet table"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "an image"),
    (re.compile(rb"\x7fELF"), "a program"),
    (re.compile(rb"WARC/\d"), "a web archive (WARC)"),
    (re.compile(rb"\s*(<!--.{0,400}?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.I | re.S), "an HTML page"),
    (re.compile(rb"\s*<(\?xml|rss|feed|rdf)\b", re.I), "an XML file or feed"),
    (re.compile(rb'\s*(\{\s*\n\s*"|\[\s*\{\s*")'), "one JSON document over several lines, not one article a line"),
)


def read(root: Path, files: Iterable[RawFile], limits: Limits = LIMITS) -> Iterator[Record | Reject]:
    """Read files, in the order given, into records as found and rejects.

    Args:
        root: the raw directory, or the one raw file, that :func:`discover` was given.
        files: files that it found there.
        limits: what is too big to be read.
    """
    base = root if root.is_dir() else root.parent
    for file in files:
        if file.problem is not None:
            yield rejected(file, "readable", file.problem)
            continue
        try:
            yield from _read_file(base / file.path, file, limits)
        except OSError as error:
            yield rejected(file, "readable", f"the file cannot be read ({error.strerror})")


def _read_file(path: Path, file: RawFile, limits: Limits) -> Iterator[Record | Reject]:
    if file.path.endswith(SIDECAR_ENDING):
        yield rejected(file, "sidecar", "describes an article, but there is no article file of that name beside it")
        return
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.strip() and (file.size is None or file.size <= HEAD):
        yield rejected(file, "empty", "the file is empty")
        return
    ending = PurePosixPath(file.path).suffix.lower()
    if utf16(head):
        plain = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    else:
        plain = head.removeprefix(codecs.BOM_UTF8)
    known = "; ".join(f.DESCRIPTION for f in FORMATS)
    kind = next((name for mark, name in _OTHER_KINDS if mark.match(plain)), None)
    if kind is not None:
        yield rejected(file, "format", f"{kind} is not read (known: {known})", value=ending)
        return
    for form in FORMATS:
        if form.recognises(plain, ending):
            if b"\x00" in plain:
                yield rejected(file, "binary", "holds NUL bytes: it is binary, not text")
                return
            yield from form.read(path, file, limits)
            return
    yield rejected(file, "format", f"a file ending in '{ending}' is not read (known: {known})", value=ending)
