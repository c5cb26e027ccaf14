"""Tables → valid tables and rejects: the only door to a release.

A row that breaks the contract leaves, and whatever hangs on it leaves with it; each is one row of ``rejects`` that says
why. A table that has not the contract's columns and types is not a matter of rows: that stops the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.compute as pc

import schemas
from pipeline.errors import DatelineError, RunFailedError

Tables = Mapping[str, pd.DataFrame]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

VALUE_LENGTH = 200
"""Characters of a faulty value that are kept in ``rejects.value``."""

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


@dataclass
class _Table:
    """One table on trial: who is alive, and the first fault of each who is not."""

    name: str
    frame: pd.DataFrame
    alive: Mask
    faults: dict[int, tuple[str, str | None, str | None, str]] = field(default_factory=dict)
    further: Counter[int] = field(default_factory=Counter)

    def reject(self, rows: Mask | Positions, check: str, column: str, reason: str | Callable[[int], str]) -> None:
        """Take rows out; a row that is out already only counts a further fault."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        values = self.frame[column].iloc[at].astype(object).tolist()
        for position, value in zip(at.tolist(), values, strict=True):
            if position in self.faults:
                self.further[position] += 1
                continue
            told = reason if isinstance(reason, str) else reason(position)
            printed = None if value is None or value is pd.NA or value != value else str(value)[:VALUE_LENGTH]
            self.faults[position] = (check, column, printed, told)
        self.alive[at] = False


@dataclass(frozen=True)
class _Link:
    """Rows of one table that point to rows of another: ``target`` is a position there, -1 nowhere, -2 null."""

    child: str
    column: str
    parent: str
    target: Positions


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
    trials: dict[str, _Table] = {}
    for name in schemas.TABLES:
        frame = _structured(name, tables)
        if name != "rejects":
            trials[name] = _Table(name, frame, np.ones(len(frame), dtype=bool))
        _check_model(name, frame, trials.get(name))
    known = _structured("rejects", tables)
    _check_lists(trials)
    _check_event_types(trials, event_modes)
    _check_keys(trials)
    _check_ranges(trials)
    articles_at = _article_positions(trials)
    _check_spans(trials, articles_at)
    _cascade(trials, [*_links(trials), *_sentence_links(trials, articles_at)])
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


def _check_model(name: str, frame: pd.DataFrame, trial: _Table | None) -> None:
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


def _check_lists(trials: dict[str, _Table]) -> None:
    for trial in trials.values():
        for column in _list_columns(trial.frame):
            bad = [
                i
                for i, value in enumerate(trial.frame[column])
                if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value))
            ]
            trial.reject(np.array(bad, dtype=np.int64), "list", column, f"{column} is not a list of words")


def _check_event_types(trials: dict[str, _Table], event_modes: Mapping[str, Sequence[str]]) -> None:
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


def _check_keys(trials: dict[str, _Table]) -> None:
    for name, trial in trials.items():
        key = list(schemas.KEYS[name])
        again = trial.frame.duplicated(key, keep="first").to_numpy()
        trial.reject(again, "unique", key[0], f"another row of {name} has the same {', '.join(key)}; the first is kept")


def _check_ranges(trials: dict[str, _Table]) -> None:
    for name, low, high in schemas.RANGES:
        frame = trials[name].frame
        wrong = (frame[low] > frame[high]).fillna(value=False).to_numpy(dtype=bool)
        trials[name].reject(wrong, "order", high, f"{high} is before {low}")


def _find(values: pd.Series, among: pd.Series) -> Positions:
    """Position of each value in ``among``, the first where it repeats; -1 where it is not there, -2 where null."""
    at = pc.index_in(_strings(values), value_set=_strings(among))
    found: Positions = at.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    found[values.isna().to_numpy()] = -2
    return found


def _strings(values: pd.Series) -> pa.Array:
    array = pa.array(values, from_pandas=True)
    return (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).cast(pa.large_string())


def _article_positions(trials: dict[str, _Table]) -> dict[str, Positions]:
    """For each table with words: the position of each row's article."""
    ids = trials["articles"].frame["article_id"]
    at = {
        n: _find(t.frame["article_id"], ids) for n, t in trials.items() if n != "articles" and "article_id" in t.frame
    }
    mention = _find(
        trials["event_actors"].frame["event_mention_id"], trials["event_mentions"].frame["event_mention_id"]
    )
    through = at["event_mentions"]
    at["event_actors"] = np.where(mention >= 0, through[mention] if len(through) else -1, -1)
    at["articles"] = np.arange(len(ids))
    return at


def _check_spans(trials: dict[str, _Table], articles_at: dict[str, Positions]) -> None:
    articles = trials["articles"]
    texts = articles.frame["text"].astype(object).where(articles.frame["text"].notna(), "").tolist()
    lengths = np.array([len(t) for t in texts], dtype=np.int64)
    beyond = articles.frame["body_start"].to_numpy(dtype=np.int64, na_value=0) > lengths
    articles.reject(beyond, "span", "body_start", lambda i: f"the text has only {lengths[i]} characters")
    for name, first, last, *words in schemas.SPANS:
        trial, at = trials[name], articles_at[name]
        start = trial.frame[first].to_numpy(dtype=np.int64, na_value=-1)
        end = trial.frame[last].to_numpy(dtype=np.int64, na_value=-1)
        absent = trial.frame[first].isna().to_numpy() & trial.frame[last].isna().to_numpy()
        length = np.where(at >= 0, lengths[at] if len(lengths) else 0, np.iinfo(np.int64).max)
        inside = (start >= 0) & (start < end) & (end <= length)
        _reject_span(trial, ~inside & ~absent, first, last, length)
        if words:
            _check_words(trial, words[0], (inside, absent, at >= 0), (texts, at, start, end))


def _reject_span(trial: _Table, bad: Mask, first: str, last: str, length: Positions) -> None:
    starts, ends = trial.frame[first], trial.frame[last]
    trial.reject(
        bad,
        "span",
        last,
        lambda i: f"{first} {starts[i]} to {last} {ends[i]} is no span of a text of {length[i]} characters",
    )


def _check_words(
    trial: _Table,
    column: str,
    states: tuple[Mask, Mask, Mask],
    where: tuple[list[str], Positions, Positions, Positions],
) -> None:
    """Compare the words of each span with the words that the row repeats."""
    (inside, absent, has_article), (texts, at, start, end) = states, where
    given = trial.frame[column].astype(object).where(trial.frame[column].notna(), None).to_numpy()
    trial.reject(
        absent & np.array([g is not None for g in given], dtype=bool),
        "span",
        column,
        f"{column} has words but no offsets",
    )
    rows = np.flatnonzero(inside & has_article)
    spans = zip(
        rows.tolist(), at[rows].tolist(), start[rows].tolist(), end[rows].tolist(), given[rows].tolist(), strict=True
    )
    bad = [i for i, a, s, e, text in spans if texts[a][s:e] != text]
    trial.reject(
        np.array(bad, dtype=np.int64),
        "span_text",
        column,
        lambda i: f"the text at {start[i]}-{end[i]} is '{texts[at[i]][start[i] : end[i]][:VALUE_LENGTH]}'",
    )


def _links(trials: dict[str, _Table]) -> list[_Link]:
    return [
        _Link(child, column, parent, _find(trials[child].frame[column], trials[parent].frame[key]))
        for child, column, parent, key in schemas.FOREIGN_KEYS
    ]


def _sentence_links(trials: dict[str, _Table], articles_at: dict[str, Positions]) -> list[_Link]:
    """Article and sentence number together point to a sentence."""
    width = 1 + max(
        int(trials[n].frame["sentence_index"].max()) if trials[n].frame["sentence_index"].notna().any() else 0
        for n in ("sentences", *schemas.SENTENCE_TABLES)
    )

    def numbered(name: str) -> Positions:
        index: Positions = trials[name].frame["sentence_index"].to_numpy(dtype=np.int64, na_value=0)
        return articles_at[name] * width + index

    codes, first = np.unique(numbered("sentences"), return_index=True)
    links = []
    for name in schemas.SENTENCE_TABLES:
        wanted = numbered(name)
        target = np.full(len(wanted), -1, dtype=np.int64)
        if len(codes):
            near = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
            target = np.where(codes[near] == wanted, first[near], -1)
        target[articles_at[name] < 0] = -2  # the article's own foreign key tells
        links.append(_Link(name, "sentence_index", "sentences", target))
    return links


def _cascade(trials: dict[str, _Table], links: list[_Link]) -> None:
    """Take out what points to nothing or to a rejected row, and what has lost its evidence, until nothing moves."""
    before = -1
    while before != (before := sum(int(t.alive.sum()) for t in trials.values())):
        for link in links:
            child, parent = trials[link.child], trials[link.parent]
            nowhere = child.alive & (link.target == -1)
            child.reject(nowhere, "foreign_key", link.column, f"there is no such row in {link.parent}")
            if not parent.alive.all():
                hanging = child.alive & (link.target >= 0)
                hanging[hanging] = ~parent.alive[link.target[hanging]]
                child.reject(
                    hanging, "foreign_key", link.column, f"the row of {link.parent} that it hangs on was rejected"
                )
        for name, column, witness, there in schemas.EVIDENCE:
            target = next(k.target for k in links if (k.child, k.column, k.parent) == (witness, there, name))
            seen = np.bincount(target[trials[witness].alive & (target >= 0)], minlength=len(trials[name].frame))
            unseen = trials[name].alive & (seen == 0)
            if "superseded_by" in trials[name].frame:
                unseen &= trials[name].frame["superseded_by"].isna().to_numpy()
            trials[name].reject(unseen, "evidence", column, f"no row of {witness} points to it")


def _reject_rows(trials: dict[str, _Table], articles_at: dict[str, Positions]) -> pd.DataFrame:
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


def _check_share(trials: dict[str, _Table], allowed: float) -> None:
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
