"""The contract itself: names and order, descriptions, and types that survive Parquet, pandas and DuckDB."""

import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_validation import VALID, frames

import schemas
from schemas import columns

ROOT = Path(__file__).parent.parent
TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
    pa.list_(pa.string()): "VARCHAR[]",
}


@pytest.fixture(scope="module")
def tables():
    return frames(VALID)


@pytest.fixture(scope="module")
def written(tables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    for name, frame in tables.items():
        pq.write_table(schemas.to_arrow(name, frame), folder / f"{name}.parquet")
    return folder


def test_tables_and_key_columns_are_those_of_the_contract():
    assert list(schemas.TABLES) == [
        *("articles", "sentences", "mentions", "entities", "places", "event_mentions", "event_actors", "events"),
        *("quotes", "stories", "rejects"),
    ]
    assert schemas.arrow_schema("articles").names[-5:] == [
        *("coding_status", "body_start", "dateline", "agency", "superseded_by"),
    ]
    assert schemas.arrow_schema("event_actors").names == [
        *("event_mention_id", "role", "position", "mention_id", "entity_id", "actor_text", "char_start", "char_end"),
        *("country_code", "sector_code"),
    ]


@pytest.mark.parametrize("table", schemas.TABLES)
def test_every_column_is_described_once_and_well(table):
    model = schemas.schema(table)
    assert schemas.TABLES[table].__doc__
    for name, column in model.columns.items():
        assert column.title, name
        assert len(column.description) > 25, f"{table}.{name}: say what the data cannot"
        assert column.description.rstrip().endswith((".", ")")), f"{table}.{name}"
        assert column.description.lower().strip(". ") != name.replace("_", " ")
        assert set(column.metadata) == {"unit", "values", "example"}


@pytest.mark.parametrize("table", schemas.TABLES)
def test_frames_read_from_parquet_are_the_frames_that_were_made(table, tables, written):
    path = written / f"{table}.parquet"
    read = pd.read_parquet(path)
    made = tables[table]
    assert read.dtypes.equals(made.dtypes)
    pd.testing.assert_frame_equal(read, made)
    pd.testing.assert_frame_equal(schemas.from_arrow(table, pq.read_table(path)), made)
    assert schemas.from_arrow(table, pq.read_table(path)).equals(made)
    assert pd.read_parquet(path).iloc[:0].dtypes.equals(schemas.empty(table).dtypes)


@pytest.mark.parametrize("table", schemas.TABLES)
def test_an_empty_table_keeps_its_types(table, tmp_path):
    path = tmp_path / f"{table}.parquet"
    pq.write_table(schemas.to_arrow(table, schemas.empty(table)), path)
    pd.testing.assert_frame_equal(pd.read_parquet(path), schemas.empty(table))


@pytest.mark.parametrize("table", schemas.TABLES)
def test_duckdb_sees_real_types(table, written):
    described = duckdb.sql(f"DESCRIBE FROM '{written / table}.parquet'").fetchall()
    assert [(row[0], row[1]) for row in described] == [(f.name, TYPES[f.type]) for f in schemas.arrow_schema(table)]


@pytest.mark.parametrize("table", schemas.TABLES)
def test_records_hold_plain_python_values(table, tables):
    frame = tables[table]
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    allowed = (str, int, float, bool, date, datetime, list, type(None))
    for record, source in zip(records, VALID[table], strict=True):
        for name, value in record.items():
            assert isinstance(value, allowed) and not isinstance(value, np.generic), (name, value)
            if not isinstance(value, date):
                assert value == source[name] and type(value) in (type(source[name]), float)
            else:
                assert value.isoformat() == source[name]


def test_metadata_of_fields_survives_parquet(written):
    field = pq.read_schema(written / "event_mentions.parquet").field("modality")
    assert field.metadata[b"title"] == b"Modality"
    assert field.metadata[b"values"] == b"actual, future, hypothetical, negated"
    assert b"means that the text says so" in field.metadata[b"description"]
    assert pq.read_schema(written / "events.parquet").metadata[b"schema_version"] == schemas.SCHEMA_VERSION.encode()


def test_frame_takes_lists_and_series_and_fills_what_is_missing():
    made = schemas.frame(
        "entities",
        {
            "mention_count": pd.Series([1.0, np.nan]),
            "aliases": pd.Series([np.array(["A."], dtype=object), None]),
            "first_seen": [date(2025, 1, 1), None],
            "name": pd.Series(["Ann", None]),
        },
    )
    assert made["mention_count"].tolist() == [1, pd.NA]
    assert made["aliases"].tolist() == [["A."], None]
    assert made["role"].isna().all()
    assert made.dtypes.equals(schemas.empty("entities").dtypes)


def test_frame_refuses_what_does_not_fit_and_names_it():
    with pytest.raises(ValueError, match="entities has no column nickname"):
        schemas.frame("entities", {"nickname": ["A."]})
    with pytest.raises(ValueError, match=r"entities\.mention_count wants int64"):
        schemas.frame("entities", {"mention_count": ["many"]})
    with pytest.raises(ValueError, match="different lengths"):
        schemas.frame("entities", {"name": ["A."], "role": []})
    with pytest.raises(ValueError, match="entities lacks role"):
        schemas.to_arrow("entities", schemas.empty("entities").drop(columns="role"))


def test_keys_links_and_spans_name_real_columns():
    names = {table: set(schemas.arrow_schema(table).names) for table in schemas.TABLES}
    assert set(schemas.KEYS) == set(schemas.TABLES)
    for table, key in schemas.KEYS.items():
        assert set(key) <= names[table]
    for child, column, parent, key in (*schemas.FOREIGN_KEYS, *schemas.EVIDENCE):
        assert column in names[child] and key in names[parent]
    for table, *span in (*schemas.SPANS, *schemas.RANGES):
        assert set(span) <= names[table]
    linked = {(child, column) for child, column, _, _ in schemas.FOREIGN_KEYS}
    for table in schemas.TABLES:  # every column that says "Points to" is checked
        for field in schemas.arrow_schema(table):
            if b"Points to `" in field.metadata[b"description"]:
                assert (table, field.name) in linked


def test_event_types_agree_with_the_knowledge():
    from pipeline import knowledge

    rows = knowledge.table("event_types.csv")
    assert {(r["event_type"], r["mode"]) for r in rows if r["mode"]} == {
        (kind, mode) for kind, modes in columns.EVENT_MODES.items() for mode in modes
    }
    assert len(columns.EVENT_TYPES) == 16


def test_the_change_log_tells_of_this_version():
    log = (ROOT / "schemas" / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)$", log, re.M)
    assert versions[0] == schemas.SCHEMA_VERSION
    for section in re.split(r"^## .*$", log, flags=re.M)[1:]:
        assert re.search(r"\*\*(breaking|feature|fix)\*\*", section)


def test_schemas_import_nothing_of_ours():
    for path in (ROOT / "schemas").glob("*.py"):
        assert not re.search(r"^\s*(from|import) pipeline", path.read_text(encoding="utf-8"), re.M), path.name
