"""The contract: what every table holds. One pandera model a table; everything else is made from them.

This package imports nothing of ours. Its frames keep their types through Parquet: ``pandas.read_parquet`` on a file
that was written from :func:`to_arrow` gives the dtypes of :func:`frame`; DuckDB sees DATE, TIMESTAMPTZ and VARCHAR[].
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow

from schemas.articles import Articles, Sentences
from schemas.columns import EVENT_MODES
from schemas.events import EventActors, EventMentions, Events
from schemas.names import Entities, Mentions, Places
from schemas.speech import Quotes, Rejects, Stories

SCHEMA_VERSION = "1.2.0"
"""Major: a name or a meaning changed. Minor: something was added. Patch: a text was corrected. See
schemas/CHANGELOG.md."""

TABLES: dict[str, type[pa.DataFrameModel]] = {
    "articles": Articles,
    "sentences": Sentences,
    "mentions": Mentions,
    "entities": Entities,
    "places": Places,
    "event_mentions": EventMentions,
    "event_actors": EventActors,
    "events": Events,
    "quotes": Quotes,
    "stories": Stories,
    "rejects": Rejects,
}
"""Table → model, in the order of the contract."""

KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id",),
    "sentences": ("sentence_id",),
    "mentions": ("mention_id",),
    "entities": ("entity_id",),
    "places": ("place_id",),
    "event_mentions": ("event_mention_id",),
    "event_actors": ("event_mention_id", "role", "position"),
    "events": ("event_id",),
    "quotes": ("quote_id",),
    "stories": ("story_id",),
    "rejects": (),
}
"""Table → primary key. ``rejects`` has none: one raw line may be read twice."""

FOREIGN_KEYS: tuple[tuple[str, str, str, str], ...] = (
    ("articles", "duplicate_of", "articles", "article_id"),
    ("articles", "superseded_by", "articles", "article_id"),
    ("articles", "story_id", "stories", "story_id"),
    ("sentences", "article_id", "articles", "article_id"),
    ("mentions", "article_id", "articles", "article_id"),
    ("mentions", "entity_id", "entities", "entity_id"),
    ("mentions", "place_id", "places", "place_id"),
    ("event_mentions", "event_id", "events", "event_id"),
    ("event_mentions", "article_id", "articles", "article_id"),
    ("event_mentions", "attributed_to", "entities", "entity_id"),
    ("event_mentions", "place_id", "places", "place_id"),
    ("event_actors", "event_mention_id", "event_mentions", "event_mention_id"),
    ("event_actors", "mention_id", "mentions", "mention_id"),
    ("event_actors", "entity_id", "entities", "entity_id"),
    ("events", "source_entity_id", "entities", "entity_id"),
    ("events", "target_entity_id", "entities", "entity_id"),
    ("events", "place_id", "places", "place_id"),
    ("events", "superseded_by", "events", "event_id"),
    ("quotes", "article_id", "articles", "article_id"),
    ("quotes", "speaker_entity_id", "entities", "entity_id"),
)
"""(table, column, table it points to, column there). Null points nowhere and is fine where the column allows null."""

SENTENCE_TABLES: tuple[str, ...] = ("mentions", "event_mentions", "quotes")
"""Tables whose ``article_id`` and ``sentence_index`` together point to a row of ``sentences``."""

EVIDENCE: tuple[tuple[str, str, str, str], ...] = (
    ("events", "event_id", "event_mentions", "event_id"),
    ("stories", "story_id", "articles", "story_id"),
)
"""(table, column, table, column): a row needs at least one row there that points to it. Superseded events are
excused."""

SPANS: tuple[tuple[str, ...], ...] = (
    ("sentences", "char_start", "char_end"),
    ("mentions", "char_start", "char_end", "text"),
    ("event_mentions", "char_start", "char_end"),
    ("event_mentions", "trigger_start", "trigger_end", "trigger_text"),
    ("event_actors", "char_start", "char_end", "actor_text"),
    ("quotes", "char_start", "char_end", "text"),
    ("quotes", "speaker_start", "speaker_end", "speaker_text"),
)
"""(table, start column, end column) or (table, start, end, column that repeats the words). Offsets count in
``articles.text``."""

RANGES: tuple[tuple[str, str, str], ...] = (
    ("entities", "first_seen", "last_seen"),
    ("event_mentions", "date_start", "date_end"),
    ("events", "date_start", "date_end"),
    ("events", "first_published_at", "last_published_at"),
    ("stories", "first_published_at", "last_published_at"),
)
"""(table, column, column): the first is never after the second."""

_ARROW: dict[str, pyarrow.DataType] = {
    "str": pyarrow.string(),
    "Int64": pyarrow.int64(),
    "float64": pyarrow.float64(),
    "bool": pyarrow.bool_(),
    "object": pyarrow.list_(pyarrow.string()),
    "date32[day][pyarrow]": pyarrow.date32(),
    "datetime64[us, UTC]": pyarrow.timestamp("us", tz="UTC"),
}
_PANDAS = {pyarrow.int64(): pd.Int64Dtype(), pyarrow.date32(): pd.ArrowDtype(pyarrow.date32())}


@cache
def schema(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a table.

    Raises:
        KeyError: no such table.
    """
    return TABLES[table].to_schema()


@cache
def arrow_schema(table: str) -> pyarrow.Schema:
    """Arrow schema of a table: types, nullability, each column described, and what pandas needs to read it well.

    Each field's metadata holds ``title``, ``description`` and, where they apply, ``unit``, ``values`` and ``example``;
    the schema's holds ``table``, ``description`` and ``schema_version``.
    """
    model = schema(table)
    fields = []
    for name, column in model.columns.items():
        extra = column.metadata or {}
        described = {"title": column.title, "description": column.description, **extra}
        values = described.get("values")
        described["values"] = ", ".join(map(str, values)) if isinstance(values, tuple) else values
        metadata = {k: str(v) for k, v in described.items() if v is not None}
        fields.append(
            pyarrow.field(str(name), _ARROW[_dtype(column)], nullable=bool(column.nullable), metadata=metadata)
        )
    bare = pyarrow.schema(fields)
    about = {"table": table, "description": TABLES[table].__doc__ or "", "schema_version": SCHEMA_VERSION}
    sample = bare.empty_table().to_pandas(types_mapper=_PANDAS.get)
    pandas_metadata = pyarrow.Table.from_pandas(sample, schema=bare, preserve_index=False).schema.metadata
    return bare.with_metadata({**about, **pandas_metadata})


def _dtype(column: Any) -> str:
    name = str(column.dtype)
    return "str" if name.startswith("str") else name


def frame(table: str, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Make a typed frame from columns.

    Args:
        table: a table of the contract.
        columns: column → values, all of one length: lists of Python values with None for missing, or pandas Series,
            whose NaN is missing too. Columns that are not given are null.

    Raises:
        ValueError: a column is unknown, lengths differ, or a value does not fit its type; names table and column.
    """
    wanted = _loose(table)
    unknown = sorted(set(columns) - set(wanted.names))
    if unknown:
        raise ValueError(f"table {table} has no column {', '.join(unknown)} (add it in schemas/ first)")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"table {table}: columns of different lengths: {json.dumps(lengths)}")
    rows = next(iter(lengths.values()), 0)
    arrays = []
    for field in wanted:
        values = columns.get(field.name)
        if values is None:
            arrays.append(pyarrow.nulls(rows, field.type))
            continue
        try:
            arrays.append(_array(values, field.type))
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError, TypeError) as error:
            raise ValueError(f"{table}.{field.name} wants {field.type}: {error}") from error
    return from_arrow(table, pyarrow.Table.from_arrays(arrays, schema=wanted))


def _array(values: Sequence[Any], kind: pyarrow.DataType) -> pyarrow.Array | pyarrow.ChunkedArray:
    array = pyarrow.array(values, from_pandas=True) if isinstance(values, pd.Series) else None
    if array is None or pyarrow.types.is_null(array.type):
        return pyarrow.array(list(values), type=kind, from_pandas=True)
    return array if array.type == kind else array.cast(kind)


def empty(table: str) -> pd.DataFrame:
    """A frame without rows, with every column and dtype of the table."""
    return frame(table, {})


def from_arrow(table: str, data: pyarrow.Table) -> pd.DataFrame:
    """A typed frame from Arrow data of the table, as read from Parquet. Lists become Python lists, not numpy arrays."""
    wanted = _loose(table)
    made: pd.DataFrame = data.select(wanted.names).cast(wanted).to_pandas(types_mapper=_PANDAS.get)
    for field in wanted:
        if pyarrow.types.is_list(field.type):
            made[field.name] = pd.Series(data[field.name].to_pylist(), dtype=object)
    return made


@cache
def _loose(table: str) -> pyarrow.Schema:
    """The Arrow schema with nulls allowed everywhere: frames may hold faults until they are validated."""
    wanted = arrow_schema(table)
    return pyarrow.schema([field.with_nullable(True) for field in wanted], metadata=wanted.metadata)


def to_arrow(table: str, data: pd.DataFrame) -> pyarrow.Table:
    """Arrow data of a frame, with the metadata of :func:`arrow_schema`: what to write to Parquet.

    Raises:
        ValueError: a column is missing or a value does not fit its type.
    """
    wanted = arrow_schema(table)
    missing = [name for name in wanted.names if name not in data]
    if missing:
        raise ValueError(f"table {table} lacks {', '.join(missing)}")
    try:
        made = pyarrow.Table.from_pandas(data, schema=wanted, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError) as error:
        raise ValueError(f"table {table} does not fit its schema: {error}") from error
    return made.replace_schema_metadata(wanted.metadata)


__all__ = [
    "EVENT_MODES",
    "EVIDENCE",
    "FOREIGN_KEYS",
    "KEYS",
    "RANGES",
    "SCHEMA_VERSION",
    "SENTENCE_TABLES",
    "SPANS",
    "TABLES",
    "arrow_schema",
    "empty",
    "frame",
    "from_arrow",
    "schema",
    "to_arrow",
]
