"""``.csv``, ``.tsv``: one article a row, the first row names the columns; read row by row whatever the size."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import chain
from typing import BinaryIO

from pipeline.raw.decoding import UndecodableError, encoding_of, has_few_bad
from pipeline.raw.files import CHUNK, rejected
from pipeline.raw.mapping import Columns, NoArticleError, known
from pipeline.raw.opening import Source, UnpackError
from pipeline.records import Record, Reject

ENDINGS = (".csv", ".tsv")
DESCRIPTION = ".csv (one article a row, columns named in the first)"
DELIMITERS = ",;\t|"
SAMPLE = 1 << 18  # bytes that the encoding is told by
SHOWN = 200

csv.field_size_limit(1 << 30)  # our own limit on a row is checked before the reader's on a field


def recognises(head: bytes, ending: str) -> bool:
    """The ending says so, or the first line names two fields of an article, its text among them, and nothing longer."""
    if ending in ENDINGS:
        return True
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    if b"\n" not in head or first.startswith(("{", "<")):
        return False
    names = _cells(first)
    found = known(names)
    return len(found) >= 2 and "text" in found and max(map(len, names)) <= 40


def read(source: Source) -> Iterator[Record | Reject]:
    """One record or reject a row. Raises OSError when the file cannot be read."""
    file = source.file
    with source.open() as stream:
        sample = stream.read(SAMPLE)
    try:
        encoding = encoding_of(sample if len(sample) < SAMPLE else sample[: sample.rfind(b"\n") + 1])
    except UndecodableError:
        encoding = "utf-8-sig"  # then the rows that are not are rejected one by one
    limit = source.limits.line_bytes
    with source.open() as stream, closing(_lines(stream, encoding, limit)) as lines:
        rows = _Rows(lines, limit)
        try:
            yield from _records(source, rows)
        except UnpackError as error:
            yield rejected(file, "packed", f"{error.strerror}; what follows was not read", rows.number + 1)


def _records(source: Source, rows: _Rows) -> Iterator[Record | Reject]:
    file = source.file
    header = rows.header()
    if header is None:
        yield rejected(file, "empty", "the file holds no line with anything on it")
        return
    try:
        columns = Columns(header, source.mapping)
    except NoArticleError as error:
        yield rejected(file, "columns", str(error), 1)
        return
    empty = True
    for row in rows:
        empty = False
        where = f" (the row ends on line {row.last})" if row.last != row.first else ""
        if row.problem is not None:
            yield rejected(file, row.check, row.problem, row.first, value=row.text[:SHOWN])
        elif len(row.cells) != len(header):
            what = f"{len(row.cells)} cells where the first row names {len(header)} columns{where}"
            yield rejected(file, "columns", what, row.first, value=row.text[:SHOWN])
        else:
            digest = hashlib.sha256(row.text.rstrip("\r\n").encode("utf-8", "surrogateescape")).hexdigest()
            yield Record(columns.fields(row.cells), file.path, row.first, digest)
    if empty:
        yield rejected(file, "empty", "the file names columns, but holds no row")


class _Row:
    """One row: its cells, or its problem; its lines as printed and their numbers."""

    __slots__ = ("cells", "check", "first", "last", "problem", "text")

    def __init__(self, first: int, lines: list[str], cells: list[str], check: str = "", problem: str | None = None):
        self.first = first
        self.last = first + max(len(lines), 1) - 1
        self.text = "".join(lines)
        self.cells = cells
        self.check = check
        self.problem = problem


class _Rows:
    """Rows of a file of lines, numbered from 1. A quote that is never closed costs its own line, not the rest."""

    def __init__(self, lines: Iterator[str | None], limit: int) -> None:
        self._lines = lines
        self._again: deque[str | None] = deque()
        self._taken: list[str] = []
        self._limit = limit
        self._delimiter = ","
        self._width = 0
        self._ended = False
        self._too_long = False
        self.number = 0

    def header(self) -> list[str] | None:
        """The names of the columns, which also tell the delimiter."""
        for line in self._lines:
            self.number += 1
            if line is not None and line.strip():
                names = _cells(line.rstrip("\r\n"))
                self._delimiter = _delimiter(line)
                self._width = len(names)
                return names
        return None

    def __iter__(self) -> Iterator[_Row]:
        reader = csv.reader(self._feed(), delimiter=self._delimiter)
        while True:
            self._taken.clear()
            first = self.number + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield _Row(first, list(self._taken), [], "csv", f"no row of cells ({error})")
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
                continue
            if self._too_long:
                self._too_long = False
                unfinished = len(self._taken) > 0
                if not unfinished:  # the line itself is too long, and was not held
                    yield _Row(first, [], [], "size", f"the row is longer than {self._limit:,} bytes")
                else:
                    yield self._unclosed(first)
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
                continue
            if cells is None:
                if not self._taken:
                    return
                cells = []
            if self._ended and _open_quote(self._taken, self._delimiter):
                self._ended = False
                yield self._unclosed(first)
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
                continue
            if len(self._taken) > 1 and self._swallows():
                yield self._unclosed(first)
                reader = csv.reader(self._feed(), delimiter=self._delimiter)
                continue
            text = "".join(self._taken)
            if not text.strip():
                continue
            bad = next((c for c in text if "\udc80" <= c <= "\udcff"), None)
            if bad is not None and not has_few_bad(text):
                what = f"byte 0x{ord(bad) - 0xDC00:02x} fits no character of the file's encoding"
                yield _Row(first, list(self._taken), [], "encoding", what)
            else:
                yield _Row(first, list(self._taken), cells)

    def _swallows(self) -> bool:
        """Whether a row in quotes runs over rows that are whole by themselves: the next quote closed it by chance."""
        if _fault(self._taken, self._delimiter) is None:
            return False
        rows = (line for line in self._taken[1:] if _fault([line], self._delimiter) is None)
        return any(len(next(csv.reader([line], delimiter=self._delimiter), [])) == self._width for line in rows)

    def _unclosed(self, first: int) -> _Row:
        """The row of a quote without an end: its first line alone, and the lines after it are read again."""
        line, rest = self._taken[0], self._taken[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        return _Row(first, [line], [], "quote", "a quotation mark opens here and is never closed")

    def _feed(self) -> Iterator[str]:
        held = 0
        for line in chain(self._retaken(), self._lines):
            held = held if self._taken else 0
            if line is None:
                if self._taken:  # a row in quotes runs into it: that row is unclosed, the long line comes after
                    self._again.appendleft(None)
                else:
                    self.number += 1
                self._too_long = True
                return
            self.number += 1
            self._taken.append(line)
            held += len(line)
            if held > self._limit:
                self._too_long = True
                return
            yield line
        self._ended = True

    def _retaken(self) -> Iterator[str | None]:
        while self._again:
            yield self._again.popleft()


def _open_quote(lines: list[str], delimiter: str) -> bool:
    """Whether the last row of a file is still inside quotes at its end."""
    return "unexpected end of data" in (_fault(lines, delimiter) or "")


def _fault(lines: list[str], delimiter: str) -> str | None:
    """What is wrong with the quotes of some lines by the letter of RFC 4180, or None."""
    try:
        deque(csv.reader(lines, delimiter=delimiter, strict=True), maxlen=0)
    except csv.Error as error:
        return str(error)
    return None


def _cells(line: str) -> list[str]:
    """The cells of the first row."""
    return next(csv.reader([line.replace("\r", " ")], delimiter=_delimiter(line)), [])


def _delimiter(header: str) -> str:
    """The mark between the columns' names: the one that gives most known names, then most names."""

    def worth(mark: str) -> tuple[int, int]:
        names = next(csv.reader([header.replace("\r", " ")], delimiter=mark), [])
        return len(known(names)), len(names)

    return max(DELIMITERS, key=worth)


def _lines(stream: BinaryIO, encoding: str, limit: int) -> Generator[str | None]:
    """Lines with their ends; None for one longer than the limit, which is never held. Bad bytes become surrogates."""
    if encoding == "utf-16":
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            while wide := text.readline(limit):
                if len(wide) < limit or wide.endswith("\n"):
                    yield wide
                    continue
                while (rest := text.readline(CHUNK)) and not rest.endswith("\n"):
                    pass
                yield None
        finally:
            text.detach()
        return
    while line := stream.readline(limit + 1):
        if len(line) > limit and not line.endswith(b"\n"):
            while (more := stream.readline(CHUNK)) and not more.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.decode(encoding, "surrogateescape")
            if encoding == "utf-8-sig":
                encoding = "utf-8"  # the mark is at the start of the file alone
