"""The only readers of raw files: one module a format, bytes → records.

A format module has ``DESCRIPTION``, ``recognises(head, ending)`` and ``read(source)``; adding one means writing the
module and naming it in ``FORMATS``. Rows in = records + rejects: nothing is passed over in silence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.raw import feed, html, jsonl, parquet, table, text, warc
from pipeline.raw.decoding import utf16
from pipeline.raw.files import LIMITS, SIDECAR_ENDING, Limits, RawFile, discover, rejected
from pipeline.raw.mapping import Mapping, load, mapping_for
from pipeline.raw.opening import PACKED, Source, UnpackError
from pipeline.records import Record, Reject

__all__ = ["FORMATS", "LIMITS", "Limits", "RawFile", "discover", "read"]

FORMATS = (parquet, warc, feed, html, jsonl, table, text)
"""Asked in this order, by content alone and then with the file's ending; the first that says yes reads it."""

HEAD = 4096  # bytes that are enough to tell the format
MOST_NUL = 3  # among them, in lines of text: more of them are no slip of an export

_WIDE = re.compile(rb"(?:[^\x00]\x00){16}|(?:\x00[^\x00]){16}|\xff\xfe\x00\x00|\x00\x00\xfe\xff|(?:[^\x00]\x00{3}){8}")
_ENTITIES = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<!doctype\b[^>\[]{0,200}\[.{0,2000}?<!entity\b", re.S | re.I)

_OTHER_KINDS = (
    (re.compile(rb"\x1f\x8b"), "a gzip archive"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "a zstandard archive"),
    (re.compile(rb"PK\x03\x04"), "a zip archive (or an office document)"),
    (re.compile(rb"Rar!|7z\xbc\xaf|BZh[1-9]1AY|\xfd7zXZ|.{257}ustar", re.S), "an archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old office document"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\{\\rtf"), "a rich text document"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF"), "an image"),
    (re.compile(rb"\x7fELF|MZ\x90"), "a program"),
    (re.compile(rb"SQLite format 3"), "a database"),
    (
        re.compile(rb'\s*(\{\s*\n\s*"|\[\s*\{\s*")'),
        "one JSON document, not one article a line (make lines of a list with jq -c '.[]', of a NewsAPI answer with "
        "jq -c '.articles[]'),",
    ),
    (_WIDE, "text in UTF-16 without its mark or in UTF-32 (save it as UTF-8)"),
    (_ENTITIES, "XML with entities of its own (<!ENTITY)"),
)


def read(root: Path, files: Iterable[RawFile], limits: Limits = LIMITS) -> Iterator[Record | Reject]:
    """Read files, in the order given, into records as found and rejects.

    Args:
        root: the raw directory, or the one raw file, that :func:`discover` was given.
        files: files that it found there.
        limits: what is too big to be read.

    Raises:
        UsageError: ``mapping.yml`` is broken.
    """
    base = root if root.is_dir() else root.parent
    mappings = load(base)
    for file in files:
        if file.problem is not None:
            yield rejected(file, "readable", file.problem)
            continue
        try:
            yield from _read_file(base / file.path, file, limits, mappings)
        except UnpackError as error:
            yield rejected(file, "packed", str(error.strerror))
        except OSError as error:
            yield rejected(file, "readable", f"the file cannot be read ({error.strerror or error})")


def _read_file(
    path: Path, file: RawFile, limits: Limits, mappings: list[tuple[str, Mapping]]
) -> Iterator[Record | Reject]:
    if file.path.endswith(SIDECAR_ENDING):
        yield rejected(file, "sidecar", "describes an article, but there is no article file of that name beside it")
        return
    source = Source(path, file, limits, mapping=mapping_for(file.path, mappings))
    with source.open() as stream:
        first = stream.read(4)
    source.packing = next((packing for mark, packing in PACKED.items() if first.startswith(mark)), None)
    with source.open() as stream:
        head = stream.read(HEAD)
        ended = len(head) < HEAD or not stream.read(1)
    if not head.strip() and ended:
        yield rejected(file, "empty", "the file is empty")
        return
    if utf16(head):
        plain = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    else:
        plain = head.removeprefix(codecs.BOM_UTF8)
    known = "; ".join(f.DESCRIPTION for f in FORMATS)
    kind = next((name for mark, name in _OTHER_KINDS if mark.match(plain)), None)
    if kind is not None:
        inside = f" inside a {source.packing} file" if source.packing else ""
        yield rejected(file, "format", f"{kind}{inside} is not read (known: {known})", value=source.ending)
        return
    asked = [(form, "") for form in FORMATS] + [(form, source.ending) for form in FORMATS]
    form = next((form for form, ending in asked if form.recognises(plain, ending)), None)
    if form is None:
        what = f"a file ending in '{source.ending}' is not read (known: {known})"
        yield rejected(file, "format", what, value=source.ending)
    elif plain.count(0) > MOST_NUL and (form in (text, table) or (form is jsonl and not form.recognises(plain, ""))):
        yield rejected(file, "binary", "holds NUL bytes: it is binary, not text")
    else:
        yield from form.read(source)
        if form in (jsonl, table, parquet, warc) and source.changed():
            what = "the file changed while it was read: what was read is kept, run again to read the rest"
            yield rejected(file, "changed", what)
