"""Data that people can read and correct: event types, frames, countries, offices, bodies, sectors, contexts.

Every file is CSV or YAML beside this module. Code reads it here and nowhere else.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.errors import KnowledgeError


def text_of(name: str) -> str:
    """The text of one knowledge file, e.g. ``countries.csv``.

    Raises:
        KnowledgeError: there is no such file.
    """
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
