"""Tables → valid tables and rejects: the only door to a release.

A row that breaks the contract leaves, and whatever hangs on it leaves with it; each is one row of ``rejects`` that says
why. A table that has not the contract's columns and types is not a matter of rows: that stops the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.errors

import schemas
from pipeline.errors import DatelineError, RunFailedError
from pipeline.validation.integrity import (
    Positions,
    Table,
    article_positions,
    cascade,
    check_spans,
    links,
    sentence_links,
)

Tables = Mapping[str, pd.DataFrame]

CHECKS = {
    "not_nullable": ("not_null", "is missing"),
    "isin": ("value", "is not in the column's value list"),
    "greater_than_or_equal_to": ("range", "is too small"),
    "less_than_or_equal_to": ("range", "is too large"),
    "str_matches": ("pattern", "does not have the column's form"),
    "str_length": ("length", "is empty, or too long or short"),
}
"""pandera's name of a check → our name and what is wrong."""


@dataclass(frozen=True)
class Validated:
    """What validation let through.

    Attributes:
        tables: every table of the contract but ``rejects``, faulty rows left out, in the contract's order.
        rejects: the rejects that came in, then one row for each row left out, by table and position.
        counts: table → {"in", "out", "rejected"}; in = out + rejected.
    """

    tables: dict[str, pd.DataFrame]
    rejects: pd.DataFrame
    counts: dict[str, dict[str, int]]


def validate(
    tables: Tables,
    max_rejected_share: float = 0.05,
    event_modes: Mapping[str, Sequence[str]] = schemas.EVENT_MODES,
) -> Validated:
    """Hold every row against the contract.

    Checked are: types, value lists, bounds and forms (pandera, lazily); lists; event types and their modes; primary
    keys; order of dates; spans inside the article and their words; foreign keys; and that events and stories have
    something to show.

    Args:
        tables: every table of the contract; ``rejects`` may be absent.
        max_rejected_share: the run fails when a larger share of any table's rows is rejected, what hangs on faulty rows
            included.
        event_modes: event type → its modes; a custom codebook hands in its own.

    Raises:
        DatelineError: a table or column is missing, unknown or of the wrong type; names both.
        RunFailedError: more than the allowed share is rejected.
    """
    trials: dict[str, Table] = {}
    for name in schemas.TABLES:
        frame = _structured(name, tables)
        if name != "rejects":
            trials[name] = Table(name, frame, np.ones(len(frame), dtype=bool))
        _check_model(name, frame, trials.get(name))
    known = _structured("rejects", tables)
    _check_lists(trials)
    _check_event_types(trials, event_modes)
    _check_keys(trials)
    _check_ranges(trials)
    articles_at = article_positions(trials)
    check_spans(trials, articles_at)
    cascade(trials, [*links(trials), *sentence_links(trials, articles_at)])
    rejects = pd.concat([known, _reject_rows(trials, articles_at)], ignore_index=True)
    out = {n: t.frame if t.alive.all() else t.frame[t.alive].reset_index(drop=True) for n, t in trials.items()}
    counts = {n: {"in": len(t.frame), "out": len(out[n]), "rejected": len(t.faults)} for n, t in trials.items()}
    for name, count in counts.items():
        if count["in"] != count["out"] + count["rejected"]:
            raise DatelineError(f"validation lost rows of {name}: {count}")
    _check_share(trials, max_rejected_share)
    return Validated(tables=out, rejects=rejects, counts=counts)


def _structured(name: str, tables: Tables) -> pd.DataFrame:
    """The table in the contract's column order, after its columns and types were found right."""
    if name not in tables:
        if name == "rejects":
            return schemas.empty(name)
        raise DatelineError(f"table {name} is missing (expected: {', '.join(schemas.TABLES)})")
    frame, model = tables[name], schemas.empty(name)
    missing = [str(c) for c in model.columns if c not in frame.columns]
    if missing:
        raise DatelineError(f"table {name} lacks column {', '.join(missing)}")
    unknown = [str(c) for c in frame.columns if c not in model.columns]
    if unknown:
        raise DatelineError(f"table {name} has column {', '.join(unknown)}, which schemas/ does not know")
    for column, dtype in model.dtypes.items():
        if frame[column].dtype != dtype:
            raise DatelineError(f"column {name}.{column} is {frame[column].dtype}, not {dtype} (use schemas.frame)")
    if list(frame.columns) != list(model.columns):
        frame = frame[list(model.columns)]
    if not isinstance(frame.index, pd.RangeIndex) or frame.index.start != 0 or frame.index.step != 1:
        frame = frame.reset_index(drop=True)
    for column in _list_columns(frame):
        if any(isinstance(v, np.ndarray) for v in frame[column]):  # as pandas reads lists from Parquet
            lists = [v.tolist() if isinstance(v, np.ndarray) else v for v in frame[column]]
            frame = frame.assign(**{column: pd.Series(lists, dtype=object)})
    return frame


def _list_columns(frame: pd.DataFrame) -> list[str]:
    return [str(c) for c, dtype in frame.dtypes.items() if isinstance(dtype, np.dtype) and dtype.kind == "O"]


def _check_model(name: str, frame: pd.DataFrame, trial: Table | None) -> None:
    try:
        schemas.schema(name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        structural = cases[cases["index"].isna()]
        if len(structural) or trial is None:  # a faulty row of rejects has nowhere to go
            case = (structural if len(structural) else cases).iloc[0]
            raise DatelineError(
                f"column {name}.{case['column']} fails {case['check']}: {case['failure_case']}"
            ) from error
        for (column, check), rows in cases.groupby(["column", "check"], sort=False):
            known = str(check).split("(")[0]
            ours, wrong = CHECKS.get(known, (known, f"fails {check}"))
            at = rows["index"].to_numpy(dtype=np.int64)
            trial.reject(np.sort(at), ours, str(column), f"{column} {wrong}")


def _check_lists(trials: dict[str, Table]) -> None:
    for trial in trials.values():
        for column in _list_columns(trial.frame):
            bad = [
                i
                for i, value in enumerate(trial.frame[column])
                if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value))
            ]
            trial.reject(np.array(bad, dtype=np.int64), "list", column, f"{column} is not a list of words")


def _check_event_types(trials: dict[str, Table], event_modes: Mapping[str, Sequence[str]]) -> None:
    """The one place that knows which event types and modes are allowed."""
    pairs = [(kind, mode) for kind, modes in event_modes.items() for mode in modes]
    for name in ("event_mentions", "events"):
        trial = trials[name]
        for column in ("event_type", "plover_type"):
            given = trial.frame[column]
            bad = given.notna() & ~given.isin(list(event_modes))
            trial.reject(bad.to_numpy(dtype=bool), "value", column, f"{column} is not an event type of the codebook")
        used = trial.frame[["event_type", "event_mode"]]
        allowed = [f"{kind} {mode}" for kind, mode in pairs]
        bad = used["event_mode"].notna() & ~(used["event_type"] + " " + used["event_mode"]).isin(allowed)
        trial.reject(bad.to_numpy(dtype=bool), "event_mode", "event_mode", "event_mode is not a mode of the event type")


def _check_keys(trials: dict[str, Table]) -> None:
    for name, trial in trials.items():
        key = list(schemas.KEYS[name])
        again = trial.frame.duplicated(key, keep="first").to_numpy()
        trial.reject(again, "unique", key[0], f"another row of {name} has the same {', '.join(key)}; the first is kept")


def _check_ranges(trials: dict[str, Table]) -> None:
    for name, low, high in schemas.RANGES:
        frame = trials[name].frame
        wrong = (frame[low] > frame[high]).fillna(value=False).to_numpy(dtype=bool)
        trials[name].reject(wrong, "order", high, f"{high} is before {low}")


def _reject_rows(trials: dict[str, Table], articles_at: dict[str, Positions]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {c: [] for c in schemas.arrow_schema("rejects").names}
    articles = trials["articles"].frame
    origin = articles[["raw_path", "raw_line"]].astype(object).where(articles[["raw_path", "raw_line"]].notna(), None)
    for name, trial in trials.items():
        at = np.array(sorted(trial.faults), dtype=np.int64)
        keys = trial.frame[list(schemas.KEYS[name])].iloc[at].astype(object)
        keys = keys.where(keys.notna(), "?")
        for position, key in zip(at.tolist(), keys.itertuples(index=False, name=None), strict=True):
            check, column, value, reason = trial.faults[position]
            more = trial.further[position]
            article = int(articles_at[name][position]) if name in articles_at else -1
            path, line = origin.iloc[article] if article >= 0 else (None, None)
            line = line if line is None or line >= 1 else None  # it may be the fault itself
            told = f"{reason} (and {more} more fault{'s' if more > 1 else ''})" if more else reason
            row = (name, "/".join(map(str, key)), check, column, value, told, path, line, None)
            for column_values, cell in zip(columns.values(), row, strict=True):
                column_values.append(cell)
    return schemas.frame("rejects", columns)


def _check_share(trials: dict[str, Table], allowed: float) -> None:
    told = []
    for name, trial in trials.items():
        rejected, rows = len(trial.faults), len(trial.frame)
        if rejected > allowed * rows:
            checks = Counter(f"{fault[0]} of {fault[1]}" for fault in trial.faults.values())
            most = ", ".join(f"{n} × {check}" for check, n in sorted(checks.items(), key=lambda c: (-c[1], c[0]))[:3])
            example = trial.faults[min(trial.faults)]
            told.append(f"{name}: {rejected} of {rows} rows ({most}; the first: '{example[2]}', {example[3]})")
    if told:
        raise RunFailedError(
            f"validation rejected more than {allowed:.0%} of a table, so nothing was published. {'. '.join(told)}"
        )
