"""``.parquet``: one article a row, read batch by batch whatever the size of the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.raw.files import rejected
from pipeline.raw.mapping import Columns, NoArticleError
from pipeline.raw.opening import Source
from pipeline.records import Record, Reject

ENDINGS = (".parquet",)
DESCRIPTION = ".parquet (one article a row)"
BATCH = 64  # rows held at a time


def recognises(head: bytes, ending: str) -> bool:
    """The file begins as a Parquet table does, or the ending says so (and its damage is then told)."""
    return head.startswith(b"PAR1") or ending in ENDINGS


def read(source: Source) -> Iterator[Record | Reject]:
    """One record or reject a row; ``raw_line`` counts the rows from 1."""
    file = source.file
    if source.packing is not None:
        yield rejected(file, "format", f"a Parquet table inside a {source.packing} file is not read; unpack it")
        return
    number = 0
    try:
        with pq.ParquetFile(source.path, pre_buffer=False) as table:
            names = [str(name) for name in table.schema_arrow.names]
            columns = Columns(names, source.mapping)
            wanted = sorted({i for places in columns.of.values() for i in places})
            for batch in table.iter_batches(BATCH, columns=[names[i] for i in wanted]):
                for row in _rows(batch, {names[i]: i for i in wanted}, len(names)):
                    number += 1
                    if isinstance(row, str):
                        yield rejected(file, "encoding", row, number)
                    else:
                        yield _record(source, columns.fields(row), number)
        if number == 0:
            yield rejected(file, "empty", "the table holds no row")
    except NoArticleError as error:
        yield rejected(file, "columns", str(error))
    except (pa.ArrowException, OSError) as error:
        what = " ".join(str(error).split())[:300]
        after = f" after row {number:,}; what follows was not read" if number else ""
        yield rejected(file, "format", f"the Parquet table is damaged{after} ({what})", number + 1 if number else None)


def _record(source: Source, fields: dict[str, object], number: int) -> Record:
    digest = hashlib.sha256(json.dumps(fields, default=str, sort_keys=True).encode("utf-8", "surrogatepass"))
    return Record(fields, source.file.path, number, digest.hexdigest())


def _rows(batch: pa.RecordBatch, places: dict[str, int], width: int) -> Iterator[list[Any] | str]:
    """Rows as lists of cells, or what is wrong with a row whose text is no text."""
    cells: list[list[Any]] = []
    for column in batch.columns:
        try:
            cells.append(column.to_pylist())
        except UnicodeDecodeError:
            cells.append([_value(value) for value in column])
    for i in range(batch.num_rows):
        row: list[Any] = [None] * width
        bad = None
        for name, column in zip(batch.schema.names, cells, strict=True):
            row[places[name]] = column[i]
            if isinstance(column[i], UnicodeDecodeError):
                bad = f"column {name} is not UTF-8 (byte 0x{column[i].object[column[i].start]:02x})"
        yield row if bad is None else bad


def _value(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except UnicodeDecodeError as error:
        return error
