"""``.jsonl``: one article a line, read line by line whatever the size of the file."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import BinaryIO

from pipeline.raw.decoding import UndecodableError, decode, utf16
from pipeline.raw.files import CHUNK, rejected
from pipeline.raw.mapping import Columns, NoArticleError
from pipeline.raw.opening import Source, UnpackError
from pipeline.records import Record, Reject

ENDINGS = (".jsonl", ".ndjson")
DESCRIPTION = ".jsonl (one article a line)"
_NEXT_OBJECT = re.compile(rb"\r[\r \t]*\{")
_OBJECT_LINE = re.compile(rb'[ \t]*\{[ \t]*"[^"\n]{1,80}"[ \t]*:')


def recognises(head: bytes, ending: str) -> bool:
    """The ending says so, or the first line begins as a JSON object does."""
    return ending in ENDINGS or _OBJECT_LINE.match(head) is not None


def read(source: Source) -> Iterator[Record | Reject]:
    """One record or reject a line; blank lines are no rows. Raises OSError when the file cannot be read."""
    file, limit = source.file, source.limits.line_bytes
    with source.open() as stream:
        wide = utf16(stream.read(4))
    of = _wide_lines if wide else _lines
    with source.open() as stream, closing(of(stream, limit)) as lines:
        empty = True
        number = 0
        try:
            for number, line in lines:
                empty = empty and line is not None and not line.strip()
                if line is None:
                    yield rejected(file, "size", f"the line is longer than {limit:,} bytes", number)
                elif line.strip():
                    yield _record(line, number, source)
        except UndecodableError as error:
            yield rejected(file, "encoding", f"{error}; what follows was not read")
            empty = False
        except UnpackError as error:
            yield rejected(file, "packed", f"{error.strerror}; what follows was not read", number + 1)
            empty = False
        if empty:
            yield rejected(file, "empty", "the file holds no line with anything on it")


def _record(line: bytes, number: int, source: Source) -> Record | Reject:
    file = source.file
    try:
        fields = json.loads(decode(line), strict=False)  # a tab or NUL in a string is written out by some exports
    except UndecodableError as error:
        return rejected(file, "encoding", str(error), number)
    except json.JSONDecodeError as error:
        return rejected(file, "json", f"not JSON (column {error.colno}: {error.msg})", number, value=_start(line))
    except (ValueError, RecursionError) as error:
        return rejected(file, "json", f"not JSON that can be read ({error})", number, value=_start(line))
    if not isinstance(fields, dict):
        what = f"a {type(fields).__name__}, expected an object with the fields of one article"
        return rejected(file, "json", what, number, value=_start(line))
    if source.mapping is not None or not ("text" in fields or "html" in fields):
        fields = _mapped(fields, source)
    return Record(fields, file.path, number, hashlib.sha256(line).hexdigest())


def _mapped(fields: dict[str, object], source: Source) -> dict[str, object]:
    """The fields by the names that exports give them, or as they are where no article is among them."""
    try:
        columns = Columns(list(fields), source.mapping)
    except NoArticleError:
        return fields
    return columns.fields(list(fields.values()))


def _start(line: bytes) -> str:
    return line[:200].decode("utf-8", "replace")


def _lines(stream: BinaryIO, limit: int) -> Generator[tuple[int, bytes | None]]:
    """Lines without their ends, numbered from 1; None for one longer than the limit, which is never held."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
            if not line.endswith(b"\n") and _NEXT_OBJECT.search(line):
                yield from _return_lines(line, stream, limit)
                return
        if len(line) > limit and not line.endswith(b"\n"):
            while (rest := stream.readline(CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n")


def _return_lines(begun: bytes, stream: BinaryIO, limit: int) -> Generator[tuple[int, bytes | None]]:
    """The same where nothing but a carriage return ends a line, as on old Macs.

    Args:
        begun: what was read of the stream already.
        stream: the rest of it.
        limit: the most bytes of a line.
    """
    number, left_out = 0, False
    while begun:
        *lines, begun = begun.split(b"\r")
        for line in lines:
            number += 1
            yield number, None if left_out or len(line) > limit else line
            left_out = False
        if left_out or len(begun) > limit:
            begun, left_out = b"", True
        piece = stream.read(CHUNK)
        if not piece:
            break
        begun += piece
    if begun or left_out:
        yield number + 1, None if left_out else begun


def _wide_lines(stream: BinaryIO, limit: int) -> Generator[tuple[int, bytes | None]]:
    """The same for UTF-16, whose line ends are two bytes each; lines come back as UTF-8.

    Raises:
        UndecodableError: the file breaks off inside a character.
    """
    text = io.TextIOWrapper(stream, encoding="utf-16", errors="surrogatepass", newline="\n")
    number = 0
    try:
        while line := text.readline(limit // 2):
            number += 1
            if len(line) >= limit // 2 and not line.endswith("\n"):
                while (rest := text.readline(CHUNK)) and not rest.endswith("\n"):
                    pass
                yield number, None
            else:
                yield number, line.rstrip("\r\n").encode("utf-8", "backslashreplace")
    except UnicodeDecodeError as error:
        raise UndecodableError(f"UTF-16 that is damaged after line {number}") from error
    finally:
        text.detach()
