"""``.txt``: the whole file is one article; ``NAME.meta.json`` beside it may give the other record fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.raw.decoding import UndecodableError, decode
from pipeline.raw.files import Limits, RawFile, rejected, sidecar_of
from pipeline.raw.opening import Source
from pipeline.records import Record, Reject

ENDINGS = (".txt",)
DESCRIPTION = ".txt (one article, optional NAME.meta.json beside it)"


def recognises(head: bytes, ending: str) -> bool:
    """Plain text has no mark of its own, so the ending decides once every other format has said no."""
    del head
    return ending in ENDINGS


def read(source: Source) -> Iterator[Record | Reject]:
    """The article, or the reject that says why not. Raises OSError when the file cannot be read."""
    found = whole(source, source.limits.article_bytes, "one article")
    if isinstance(found, Reject):
        yield found
        return
    try:
        text = decode(found)
    except UndecodableError as error:
        yield rejected(source.file, "encoding", str(error))
        return
    yield described(source, {"text": text})


def whole(source: Source, limit: int, what: str) -> bytes | Reject:
    """All bytes of a file that holds one thing, or the reject when there are too many or it is being written to."""
    file = source.file
    if source.packing is None and file.size is not None and file.size > limit:
        return rejected(file, "size", f"{file.size:,} bytes is too much for {what} (limit {limit:,})")
    with source.open() as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        return rejected(file, "size", f"more than {limit:,} bytes is too much for {what}")
    if source.changed():
        return rejected(file, "changed", "the file changed while it was read; run again once it is complete")
    return data


def described(source: Source, fields: dict[str, object]) -> Record | Reject:
    """The record of a one-article file: what its sidecar says, and ``fields``, which win."""
    beside = sidecar_of(source.path)
    if beside is not None:
        found = _sidecar(beside, source.file, source.limits)
        if isinstance(found, Reject):
            return found
        fields = {**found, **fields}
    return Record(fields, raw_path=source.file.path, raw_sha256=source.file.sha256)


def _sidecar(beside: Path, file: RawFile, limits: Limits) -> dict[str, object] | Reject:
    """The record fields in a sidecar. A broken one keeps the article out: without its date it is another article."""
    name = beside.name
    try:
        if beside.stat().st_size > limits.sidecar_bytes:
            return rejected(file, "sidecar", f"{name} beside it is larger than {limits.sidecar_bytes:,} bytes")
        found = json.loads(decode(beside.read_bytes()))
    except UndecodableError as error:
        return rejected(file, "sidecar", f"{name} beside it is {error}")
    except json.JSONDecodeError as error:
        what = f"{name} beside it is not JSON (line {error.lineno} column {error.colno}: {error.msg})"
        return rejected(file, "sidecar", what)
    except (ValueError, RecursionError) as error:
        return rejected(file, "sidecar", f"{name} beside it is not JSON ({error})")
    except OSError as error:
        return rejected(file, "sidecar", f"{name} beside it cannot be read ({error.strerror})")
    if not isinstance(found, dict):
        return rejected(
            file, "sidecar", f"{name} beside it holds a {type(found).__name__}, expected an object of fields"
        )
    return found
