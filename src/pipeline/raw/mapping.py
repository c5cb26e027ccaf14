"""Names of columns → fields of a record: the raw directory's ``mapping.yml``, else names that exports are known by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from pipeline import knowledge
from pipeline.errors import UsageError
from pipeline.raw.files import MAPPING_NAME

FIELDS = ("id", "text", "html", "title", "url", "source", "authors", "published_at", "language", "retrieved_at")
_DATES = ("published_at", "retrieved_at")
_KEYS = (*FIELDS, "date_format", "constants")
_LETTERS = re.compile(r"[^\w]+|_+")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
_MORE = re.compile(r"\s*\[\+[\d,]+ chars\]\s*$")
"""What NewsAPI puts where it cuts an article off."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)?Z?", re.ASCII)
_DAY_MONTH = re.compile(
    r"(?:[A-Za-z]+day,?\s+)?(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})(?:\s+[A-Za-z]+day)?", re.ASCII
)
_MONTH_DAY = re.compile(
    r"(?:[A-Za-z]+day,?\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:\s+[A-Za-z]+day)?", re.ASCII
)


class NoArticleError(ValueError):
    """A table's columns hold no article as far as we know. The message names the columns that there are."""


@dataclass(slots=True, frozen=True)
class Mapping:
    """What the user says of a file's columns.

    Attributes:
        columns: record field → the columns it comes from; several are joined by a blank line.
        date_format: of the columns with dates, as ``datetime.strptime`` takes it, or None.
        constants: record field → a value that every row has.
    """

    columns: dict[str, list[str]] = field(default_factory=dict)
    date_format: str | None = None
    constants: dict[str, str] = field(default_factory=dict)


class Columns:
    """Rows of one table → the fields of records."""

    def __init__(self, names: Sequence[str], mapping: Mapping | None) -> None:
        """Find each field's columns.

        Args:
            names: the table's columns, in order.
            mapping: the user's, or None.

        Raises:
            NoArticleError: no column holds text or HTML, or ``mapping.yml`` names one that is not there.
        """
        self._mapping = mapping or Mapping()
        self.of: dict[str, list[int]] = known(names)
        place = {name: i for i, name in reversed(list(enumerate(names)))}
        for name, columns in self._mapping.columns.items():
            for column in columns:
                if column not in place:
                    raise NoArticleError(
                        f"{MAPPING_NAME}: {name}: there is no column '{column}' (columns: {', '.join(names)[:400]})"
                    )
            self.of[name] = [place[column] for column in columns]
        if not ({"text", "html"} & (self.of.keys() | self._mapping.constants.keys())):
            raise NoArticleError(
                f"no column is known to hold the text of an article (columns: {', '.join(names)[:300]}); "
                f"name it in {MAPPING_NAME} beside the files"
            )

    def fields(self, row: Sequence[object]) -> dict[str, object]:
        """The record of one row. Empty cells are left out; dates that are clear come out as ISO 8601."""
        found: dict[str, object] = dict(self._mapping.constants)
        for name, places in self.of.items():
            values = [v for i in places if (v := row[i]) is not None and v != ""]
            if not values:
                continue
            if len(values) > 1 and name in ("text", "html"):
                found[name] = "\n\n".join(_MORE.sub("", str(v).strip()) for v in values)
            elif name == "text" and isinstance(values[0], str):
                found[name] = _MORE.sub("", values[0])
            elif name in _DATES:
                found[name] = self._date(values[0])
            elif name == "authors" and isinstance(values[0], str):
                names = [_BY.sub("", part.strip(), count=1) for part in values[0].split(";")]
                found[name] = names if len(names) > 1 else names[0]
            elif name == "source":
                found[name] = _name(values[0])
            else:
                found[name] = values[0]
        return found

    def _date(self, value: object) -> object:
        if not isinstance(value, str):
            return _stamp(str(value)) or value if isinstance(value, int) else value
        text = value.strip()
        if self._mapping.date_format is not None:
            try:
                moment = datetime.strptime(text, self._mapping.date_format)
            except ValueError:
                return value  # the article goes to rejects with the date as printed
            timed = any(mark in self._mapping.date_format for mark in ("%H", "%I", "%X", "%c"))
            return moment.isoformat() if timed else moment.date().isoformat()
        return iso(text) or value


def _name(value: object) -> object:
    """The name of an outlet, which NewsAPI gives as an object, and pandas writes out as Python does."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return value
    return value.get("name") if isinstance(value, dict) else value


def iso(text: str) -> str | None:
    """A date that exports write and that can only be read one way, as ISO 8601; None for any other.

    ``20260904142000``, ``4 September 2026``, ``Friday, September 4, 2026``, ``04.09.2026``; never ``04/09/2026``.
    """
    stamp = _stamp(text)
    if stamp:
        return stamp
    if dotted := _DOTTED.fullmatch(text):
        day, month, year = dotted.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    day_first, month_first = _DAY_MONTH.fullmatch(text), _MONTH_DAY.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
    elif month_first:
        month, day, year = month_first.groups()
    else:
        return None
    if month[:3].lower() not in _MONTHS:
        return None
    return f"{year}-{_MONTHS.index(month[:3].lower()) + 1:02d}-{int(day):02d}"


def _stamp(text: str) -> str | None:
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}" + (f":{second}Z" if second else "Z")


def plain(name: str) -> str:
    """A column's name as it is compared: "Published At", "publishedAt" and "published_at" are one."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip().removeprefix("\ufeff"))
    return _LETTERS.sub(" ", apart).strip().casefold()


def known(names: Sequence[str]) -> dict[str, list[int]]:
    """Record field → places of the columns that ``knowledge/column_names.csv`` knows; the first row there wins."""
    places: dict[str, int] = {}
    for i, name in enumerate(names):
        places.setdefault(plain(name), i)
    found: dict[str, list[int]] = {}
    lead: list[int] = []
    for name, column in _known():
        if column not in places:
            continue
        if name == "lead":
            lead.append(places[column])
        elif name not in found:
            found[name] = [places[column]]
    if lead and "text" in found:
        found["text"] = [lead[0], *found["text"]]
    return found


@cache
def _known() -> tuple[tuple[str, str], ...]:
    return tuple((row["field"], plain(row["column"])) for row in knowledge.table("column_names.csv"))


def load(root: Path) -> list[tuple[str, Mapping]]:
    """The raw directory's ``mapping.yml`` as (pattern of paths, mapping), in its order; empty when it is not there.

    Raises:
        UsageError: it is not what raw/README.md describes; names the place and what is expected.
    """
    path = root / MAPPING_NAME
    if not path.is_file():
        return []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{path}: not YAML that can be read ({' '.join(str(error).split())[:200]})") from error
    if content is None:
        return []
    if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
        raise UsageError(f"{path}: expected patterns of paths, each with fields below it (text: COLUMN)")
    return [(str(pattern), _mapping(f"{path}: {pattern}", value)) for pattern, value in content.items()]


def _mapping(where: str, value: dict[object, object]) -> Mapping:
    columns: dict[str, list[str]] = {}
    for key, given in value.items():
        if key not in _KEYS:
            raise UsageError(f"{where}: '{key}' is no field (expected one of {', '.join(_KEYS)})")
        if key in FIELDS:
            columns[str(key)] = [str(c) for c in given] if isinstance(given, list) else [str(given)]
    date_format, constants = value.get("date_format"), value.get("constants", {})
    if date_format is not None and not isinstance(date_format, str):
        raise UsageError(f'{where}: date_format is a {type(date_format).__name__}, expected text such as "%d/%m/%Y"')
    if not isinstance(constants, dict) or not set(constants) <= set(FIELDS):
        raise UsageError(f"{where}: constants: expected fields of {', '.join(FIELDS)} with their values")
    return Mapping(columns, date_format, {str(k): str(v) for k, v in constants.items()})


def mapping_for(path: str, mappings: Iterable[tuple[str, Mapping]]) -> Mapping | None:
    """The first mapping whose pattern fits a raw file's path."""
    return next((mapping for pattern, mapping in mappings if fnmatchcase(path, pattern)), None)
