"""What no row can tell alone: spans inside the article and their words, and what hangs on what.

Used by :mod:`pipeline.validation` only. All positions are row numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import schemas

Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

VALUE_LENGTH = 200
"""Characters of a faulty value that are kept in ``rejects.value``."""


@dataclass
class Table:
    """One table on trial: who is alive, and the first fault of each who is not."""

    name: str
    frame: pd.DataFrame
    alive: Mask
    faults: dict[int, tuple[str, str | None, str | None, str]] = field(default_factory=dict)
    further: Counter[int] = field(default_factory=Counter)
    _strings: dict[str, pa.Array] = field(default_factory=dict)

    def strings(self, column: str) -> pa.Array:
        """A text column as one Arrow array; made once, as keys are asked for again and again."""
        if column not in self._strings:
            array = pa.array(self.frame[column], from_pandas=True)
            whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
            self._strings[column] = whole.cast(pa.large_string())
        return self._strings[column]

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
class Link:
    """Rows of one table that point to rows of another: ``target`` is a position there, -1 nowhere, -2 null."""

    child: str
    column: str
    parent: str
    target: Positions


def _find(child: Table, column: str, parent: Table, key: str) -> Positions:
    """Row of ``parent`` that each value points to, the first where keys repeat; -1 where there is none, -2 for null."""
    at = pc.index_in(child.strings(column), value_set=parent.strings(key))
    found: Positions = at.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    found[child.frame[column].isna().to_numpy()] = -2
    return found


def article_positions(trials: dict[str, Table]) -> dict[str, Positions]:
    """For each table with words of an article: the row of that article, below 0 where there is none."""
    articles, reports = trials["articles"], trials["event_mentions"]
    at = {
        name: _find(trial, "article_id", articles, "article_id")
        for name, trial in trials.items()
        if name != "articles" and "article_id" in trial.frame
    }
    report = _find(trials["event_actors"], "event_mention_id", reports, "event_mention_id")
    through = at["event_mentions"]
    at["event_actors"] = np.where(report >= 0, through[report] if len(through) else -1, -1)
    at["articles"] = np.arange(len(articles.frame))
    return at


def check_spans(trials: dict[str, Table], articles_at: dict[str, Positions]) -> None:
    """Spans lie inside their article, and the words that a row repeats are the words there."""
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


def _reject_span(trial: Table, bad: Mask, first: str, last: str, length: Positions) -> None:
    starts, ends = trial.frame[first], trial.frame[last]
    trial.reject(
        bad,
        "span",
        last,
        lambda i: f"{first} {starts[i]} to {last} {ends[i]} is no span of a text of {length[i]} characters",
    )


def _check_words(
    trial: Table,
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


def links(trials: dict[str, Table]) -> list[Link]:
    """The foreign keys of the contract, resolved to rows."""
    return [
        Link(child, column, parent, _find(trials[child], column, trials[parent], key))
        for child, column, parent, key in schemas.FOREIGN_KEYS
    ]


def sentence_links(trials: dict[str, Table], articles_at: dict[str, Positions]) -> list[Link]:
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
        links.append(Link(name, "sentence_index", "sentences", target))
    return links


def cascade(trials: dict[str, Table], links: list[Link]) -> None:
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
