"""``.txt``: the whole file is one article; ``NAME.meta.json`` beside it may give the other record fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.raw.decoding import UndecodableError, decode
from pipeline.raw.files import Limits, RawFile, rejected, sidecar_of
from pipeline.records import Record, Reject

ENDINGS = (".txt",)
DESCRIPTION = ".txt (one article, optional NAME.meta.json beside it)"


def recognises(head: bytes, ending: str) -> bool:
    """Plain text has no mark of its own, so the ending decides once every other format has said no."""
    del head
    return ending in ENDINGS


def read(path: Path, file: RawFile, limits: Limits) -> Iterator[Record | Reject]:
    """The article, or the reject that says why not. Raises OSError when the file cannot be read."""
    if file.size is not None and file.size > limits.article_bytes:
        yield rejected(
            file, "size", f"{file.size:,} bytes is too much for one article (limit {limits.article_bytes:,})"
        )
        return
    try:
        text = decode(path.read_bytes())
    except UndecodableError as error:
        yield rejected(file, "encoding", str(error))
        return
    fields: dict[str, object] = {}
    beside = sidecar_of(path)
    if beside is not None:
        found = _sidecar(beside, file, limits)
        if isinstance(found, Reject):
            yield found
            return
        fields.update(found)
    fields["text"] = text
    yield Record(fields, raw_path=file.path, raw_sha256=file.sha256)


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
