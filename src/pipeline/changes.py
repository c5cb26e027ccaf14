"""What changed between two versions, by table and by id: for CHANGES.md and ``dateline diff``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

import schemas

REJECT_KEY = ("table", "record_id", "check", "column", "raw_path", "raw_line")
"""``rejects`` has no primary key: rows that agree in these are told apart by their order."""
IGNORED = frozenset({"first_version"})
"""Columns that tell when the pipeline ran and not what it found."""
SAMPLES = 20
"""Changed rows and cells of each table that are shown with both values."""


@dataclass(frozen=True)
class Cell:
    """One cell whose value changed; missing values are None."""

    row: str
    column: str
    old: object
    new: object


@dataclass(frozen=True)
class TableDiff:
    """What changed in one table.

    Attributes:
        rows_before, rows_after: numbers of rows.
        added, removed: keys, sorted; parts of a key are joined by "/".
        changed: key → columns whose value differs, in the contract's order; keys sorted.
        cells: the first changed cells with both values.
        columns_added, columns_removed: columns that only one side has; their values are not compared.
    """

    rows_before: int
    rows_after: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    cells: tuple[Cell, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both sides hold the same rows and columns."""
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)


@dataclass(frozen=True)
class Diff:
    """What changed between two versions, by table in the contract's order."""

    tables: dict[str, TableDiff] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return all(table.is_empty for table in self.tables.values())


def diff(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> Diff:
    """Compare two versions row by row.

    A table that one side lacks counts as empty there, so a first version is compared with ``{}``. ``first_version`` is
    not compared: it says when a row came, not what it says.
    """
    return Diff(
        {name: _table_diff(name, old.get(name), new.get(name)) for name in schemas.TABLES if name in old or name in new}
    )


def _keys(name: str, frame: pd.DataFrame) -> pd.Index:
    columns = schemas.KEYS[name] or REJECT_KEY
    if len(columns) == 1:
        keys = frame[columns[0]].astype(object)
    else:
        parts = [frame[c].astype(object).where(frame[c].notna(), "").map(str).tolist() for c in columns]
        keys = pd.Series(["/".join(row) for row in zip(*parts, strict=True)], dtype=object)
    if not schemas.KEYS[name]:
        again = keys.groupby(keys).cumcount()
        keys = keys.where(again == 0, keys + " #" + (again + 1).astype(str))
    made: pd.Index = pd.Index(keys.tolist(), dtype=object)
    return made


def _table_diff(name: str, before: pd.DataFrame | None, after: pd.DataFrame | None) -> TableDiff:
    if before is None:
        before = schemas.empty(name)
    if after is None:
        after = schemas.empty(name)
    old_keys, new_keys = _keys(name, before), _keys(name, after)
    at = old_keys.get_indexer(new_keys)
    removed = np.ones(len(old_keys), dtype=bool)
    removed[at[at >= 0]] = False
    common = [str(c) for c in after.columns if c in before.columns and c not in IGNORED]
    rows = np.flatnonzero(at >= 0)
    changed: dict[int, list[str]] = {}
    for column in common:
        old_values = before[column].take(at[rows]).reset_index(drop=True)
        new_values = after[column].take(rows).reset_index(drop=True)
        for position in rows[np.flatnonzero(_differs(old_values, new_values))].tolist():
            changed.setdefault(position, []).append(column)
    ordered = sorted(changed, key=lambda position: str(new_keys[position]))
    cells = [
        Cell(str(new_keys[p]), c, _plain(before[c].iloc[int(at[p])]), _plain(after[c].iloc[p]))
        for p in ordered[:SAMPLES]
        for c in changed[p]
    ]
    return TableDiff(
        rows_before=len(before),
        rows_after=len(after),
        added=tuple(sorted(map(str, new_keys[at < 0]))),
        removed=tuple(sorted(map(str, old_keys[removed]))),
        changed={str(new_keys[p]): tuple(changed[p]) for p in ordered},
        cells=tuple(cells[:SAMPLES]),
        columns_added=tuple(str(c) for c in after.columns if c not in before.columns),
        columns_removed=tuple(str(c) for c in before.columns if c not in after.columns),
    )


def _differs(old: pd.Series, new: pd.Series) -> npt.NDArray[np.bool_]:
    both_missing = (old.isna() & new.isna()).to_numpy()
    if old.dtype == object or old.dtype != new.dtype:
        pairs = zip(old.tolist(), new.tolist(), strict=True)
        unequal = np.array([_comparable(a) != _comparable(b) for a, b in pairs], dtype=bool)
    else:
        unequal = old.ne(new).astype(object).where((old.notna() & new.notna()).to_numpy(), True).to_numpy(dtype=bool)
    return unequal & ~both_missing


def _comparable(value: object) -> object:
    return tuple(value) if isinstance(value, (list, np.ndarray)) else value


def _plain(value: object) -> object:
    if isinstance(value, (list, np.ndarray)):
        return list(value)
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def changes_markdown(found: Diff, before: str | None = None, after: str | None = None, limit: int = SAMPLES) -> str:
    """The changes as Markdown: figures for every table, then the first ids and cells of each table that changed.

    Args:
        found: what :func:`diff` found.
        before, after: the versions' names, for the heading.
        limit: ids of each kind that are printed for a table; the rest is counted.
    """
    names = f" from {before} to {after}" if before and after else f" in {after}" if after else ""
    lines = [f"# Changes{names}", ""]
    if not any(t.rows_before for t in found.tables.values()):
        lines += ["The first version: there is nothing to compare it with.", ""]
    elif found.is_empty:
        lines += ["No row changed.", ""]
    lines += ["| table | rows before | rows now | added | removed | changed |", "|---|--:|--:|--:|--:|--:|"]
    for name, table in found.tables.items():
        counts = (table.rows_before, table.rows_after, len(table.added), len(table.removed), len(table.changed))
        lines.append(f"| {name} | {' | '.join(f'{n:,}' for n in counts)} |")
    for name, table in found.tables.items():
        if table.rows_before and not table.is_empty:
            lines += _table_markdown(name, table, limit)
    return "\n".join(lines) + "\n"


def _table_markdown(name: str, table: TableDiff, limit: int) -> list[str]:
    lines = ["", f"## {name}", ""]
    for what, columns in (("New", table.columns_added), ("Dropped", table.columns_removed)):
        if columns:
            lines.append(f"- {what} columns: {', '.join(columns)}")
    for what, keys in (("Added", table.added), ("Removed", table.removed)):
        if keys:
            lines.append(f"- {what}: {_listed(keys, limit)}")
    if table.changed:
        counts = Counter(column for changed in table.changed.values() for column in changed)
        told = ", ".join(f"{c} {n:,}" for c, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        lines += [f"- Changed: {_listed(tuple(table.changed), limit)}", f"- Cells by column: {told}", ""]
        lines += ["| id | column | before | now |", "|---|---|---|---|"]
        for cell in table.cells[:limit]:
            lines.append(f"| `{cell.row}` | {cell.column} | {_shown(cell.old)} | {_shown(cell.new)} |")
        cells = sum(counts.values())
        if cells > len(table.cells[:limit]):
            lines.append(f"\n… and {cells - len(table.cells[:limit]):,} more cells.")
    return lines


def _listed(keys: tuple[str, ...], limit: int) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:limit])
    return f"{shown} and {len(keys) - limit:,} more" if len(keys) > limit else shown


def _shown(value: object) -> str:
    if value is None:
        return "–"
    printed = " ".join(str(value).split()).replace("|", "\\|")
    return printed if len(printed) <= 80 else f"{printed[:79]}…"
