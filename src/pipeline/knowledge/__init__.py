"""Data that people can read and correct: event types, frames, countries, offices, bodies, sectors, contexts.

Every file is CSV or YAML beside this module. Code reads it here and nowhere else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.errors import KnowledgeError

_custom: dict[str, str] = {}
_read: set[str] = set()


def use(files: Mapping[str, str]) -> None:
    """Read somebody's own codebook: these files instead of the packaged ones of the same name.

    Once a process, before anything is read, for what is read is kept.

    Args:
        files: name → text, e.g. ``frames/AID.csv``, ``event_types.csv``, ``classes.yml``, ``modality.csv``.

    Raises:
        KnowledgeError: a file is none that a codebook may replace, or the packaged one has been read already.
    """
    if dict(files) == _custom:
        return
    allowed = (
        *("event_types.csv", "classes.yml", "nominals.csv", "implied.csv", "modality.csv"),
        *("contexts.csv", "domains.csv", "confidence.csv"),
    )
    for name in files:
        if name not in allowed and not (name.startswith("frames/") and name.endswith(".csv")):
            raise KnowledgeError(
                f"codebook file '{name}' is unknown (allowed: frames/<TYPE>.csv and {', '.join(allowed)})"
            )
    if _custom or not _read.isdisjoint(files):
        raise KnowledgeError("a codebook is in use already; start a new process for another one")
    _custom.update(files)


def custom() -> Mapping[str, str]:
    """The files of somebody's own codebook that are in use; empty with the packaged one."""
    return _custom


def text_of(name: str) -> str:
    """The text of one knowledge file, e.g. ``countries.csv``.

    Raises:
        KnowledgeError: there is no such file.
    """
    _read.add(name)
    if name in _custom:
        return _custom[name]
    path = resources.files("pipeline.knowledge").joinpath(name)
    if not path.is_file():
        raise KnowledgeError(f"knowledge/{name} is missing")
    return path.read_text(encoding="utf-8")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one CSV file; empty cells are "".

    Raises:
        KnowledgeError: a row has more or fewer cells than the header.
    """
    reader = csv.DictReader(io.StringIO(text_of(name)), strict=True)
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise KnowledgeError(f"knowledge/{name} line {reader.line_num}: the row does not fit the header")
        rows.append({k: v.strip() for k, v in row.items()})
    return tuple(rows)


@cache
def document(name: str) -> Any:
    """The content of one YAML file."""
    return yaml.load(text_of(name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Classes(dict[str, frozenset[str]]):
    def __missing__(self, name: str) -> frozenset[str]:
        raise KnowledgeError(
            f"knowledge/classes.yml lacks '{name}', which the coder asks for: copy it from the packaged file"
        )


@cache
def classes() -> Mapping[str, frozenset[str]]:
    """Word classes of ``classes.yml`` by ``@name``; a class may include another.

    Raises:
        KnowledgeError: a class includes itself or one that is not there; and when one is asked for that is not there.
    """
    raw: dict[str, str] = document("classes.yml")

    def words(name: str, seen: tuple[str, ...]) -> frozenset[str]:
        if name not in raw or name in seen:
            raise KnowledgeError(f"knowledge/classes.yml: '@{name}' is unknown or contains itself")
        found: set[str] = set()
        for word in raw[name].split():
            found |= words(word[1:], (*seen, name)) if word.startswith("@") else {word.replace("_", " ")}
        return frozenset(found)

    return _Classes((f"@{name}", words(name, ())) for name in raw)
