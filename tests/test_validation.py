"""Validation: every counterexample is found and nothing else, what hangs on it follows, and no row disappears."""

import copy
import json
import time
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import schemas
from pipeline.errors import DatelineError, RunFailedError
from pipeline.validation import validate

FOLDER = Path(__file__).parent / "counterexamples"
VALID = json.loads((FOLDER / "valid.json").read_text(encoding="utf-8"))
FAULTS = [
    pytest.param(path.stem, fault, id=f"{path.stem}-{number}-{fault['column']}-{fault['check']}")
    for path in sorted(FOLDER.glob("*.json"))
    if path.stem != "valid"
    for number, fault in enumerate(json.loads(path.read_text(encoding="utf-8")))
]


def typed(value, kind):
    if isinstance(value, str) and pa.types.is_date(kind):
        return date.fromisoformat(value)
    if isinstance(value, str) and pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    return value


def framed(table, rows):
    return schemas.frame(table, {f.name: [typed(r[f.name], f.type) for r in rows] for f in schemas.arrow_schema(table)})


def frames(rows):
    return {table: framed(table, rows[table]) for table in schemas.TABLES}


WHOLE = frames(VALID)


def key_of(table, row):
    return "/".join("?" if row[c] is None else str(row[c]) for c in schemas.KEYS[table])


def patched(table, key, column, value):
    rows = copy.deepcopy(VALID)
    row = next(r for r in rows[table] if key_of(table, r) == key)
    row[column] = value
    return rows, key_of(table, row)


def test_the_valid_set_passes_whole():
    tables = frames(VALID)
    valid = validate(tables)
    assert len(valid.rejects) == len(VALID["rejects"])
    for name, frame in valid.tables.items():
        pd.testing.assert_frame_equal(frame, tables[name])
        assert valid.counts[name] == {"in": len(frame), "out": len(frame), "rejected": 0}
    assert [*valid.tables, "rejects"] == list(schemas.TABLES)


@pytest.mark.parametrize(("table", "fault"), FAULTS)
def test_every_counterexample_is_rejected_for_its_reason(table, fault):
    rows, key = patched(table, fault["row"], fault["column"], fault["value"])
    tables = {**WHOLE, table: framed(table, rows[table])}
    valid = validate(tables, max_rejected_share=1.0)
    rejects = valid.rejects.iloc[len(VALID["rejects"]) :]
    found = rejects[(rejects["table"] == table) & (rejects["check"] == fault["check"])]
    assert key in found["record_id"].tolist(), rejects.to_string()
    row = found[found["record_id"] == key].iloc[-1]
    assert row["column"] in (fault["column"], *schemas.KEYS[table], "char_end", "speaker_end", *ordered(table))
    assert row["reason"]
    # Whatever else is out hangs on the faulty row, or lost its evidence with it: never a fault of its own.
    others = rejects.drop(index=row.name)
    assert set(others["check"]) <= {"foreign_key", "evidence", "span_text", "span"}, others.to_string()
    for name, frame in valid.tables.items():
        assert len(tables[name]) == len(frame) + (rejects["table"] == name).sum() == valid.counts[name]["in"]


def ordered(table):
    return [high for name, _, high in schemas.RANGES if name == table]


def test_every_kind_of_check_has_a_counterexample():
    named = {fault.values[1]["check"] for fault in FAULTS}
    assert {"not_null", "value", "range", "pattern", "length", "unique", "order", "span"} <= named
    assert {"span_text", "foreign_key", "evidence", "event_mode"} <= named
    tables = {fault.values[0] for fault in FAULTS}
    assert tables == set(schemas.TABLES) - {"rejects"}
    pointed = {(f.values[0], f.values[1]["column"]) for f in FAULTS if f.values[1]["check"] == "foreign_key"}
    assert {(child, column) for child, column, _, _ in schemas.FOREIGN_KEYS} <= pointed


def test_what_hangs_on_an_article_goes_with_it():
    rows, _ = patched("articles", "art-2", "word_count", -4)
    valid = validate(frames(rows), max_rejected_share=1.0)
    assert valid.tables["articles"]["article_id"].tolist() == ["art-1"]  # art-3 is a copy of art-2
    assert valid.tables["stories"]["story_id"].tolist() == ["sto-1"]
    for table in ("sentences", "mentions", "event_mentions", "quotes"):
        assert set(valid.tables[table]["article_id"]) == {"art-1"}
    assert valid.tables["events"]["event_id"].tolist() == ["evt-1", "evt-4", "evt-5"]
    out = valid.rejects[valid.rejects["record_id"] == "art-2"].iloc[0]
    assert out[["table", "check", "column", "value", "raw_path"]].tolist() == [
        *("articles", "range", "word_count", "-4", "post/2.txt")
    ]
    hanging = valid.rejects[valid.rejects["record_id"] == "men-5"].iloc[0]
    assert (hanging["check"], hanging["raw_path"]) == ("foreign_key", "post/2.txt")
    again = validate({**valid.tables, "rejects": valid.rejects})  # what is left is whole
    assert len(again.rejects) == len(valid.rejects)


def test_a_row_with_two_faults_is_one_reject_that_says_so():
    rows, key = patched("mentions", "men-1", "text", "Eva")
    next(r for r in rows["mentions"] if r["mention_id"] == "men-1")["kind"] = "title"
    rejects = validate(frames(rows), max_rejected_share=1.0).rejects
    mine = rejects[rejects["record_id"] == key]
    assert len(mine) == 1
    assert "1 more fault" in mine["reason"].iloc[0]


def test_a_mode_is_a_mode_of_its_own_type_and_a_custom_codebook_may_bring_others():
    rows, _ = patched("event_mentions", "evm-2", "event_type", "BLOCKADE")
    assert "BLOCKADE" in validate(frames(rows), max_rejected_share=1.0).rejects["value"].tolist()
    custom = {**schemas.EVENT_MODES, "BLOCKADE": ("naval",)}
    assert len(validate(frames(rows), event_modes=custom).rejects) == 1


def test_too_many_rejects_stop_the_run_with_figures():
    rows, _ = patched("quotes", "quo-1", "kind", "paraphrase")
    with pytest.raises(RunFailedError, match=r"more than 5%.*quotes: 1 of 1 rows \(1 × value of kind.*'paraphrase'"):
        validate(frames(rows))


def test_faults_of_a_table_stop_the_run_and_name_table_and_column():
    tables = frames(VALID)
    with pytest.raises(DatelineError, match="table quotes is missing"):
        validate({k: v for k, v in tables.items() if k != "quotes"})
    with pytest.raises(DatelineError, match="table quotes lacks column cue_text"):
        validate({**tables, "quotes": tables["quotes"].drop(columns="cue_text")})
    with pytest.raises(DatelineError, match="table quotes has column mood"):
        validate({**tables, "quotes": tables["quotes"].assign(mood="bad")})
    with pytest.raises(DatelineError, match=r"events\.killed is float64, not Int64"):
        validate({**tables, "events": tables["events"].astype({"killed": "float64"})})


def test_column_order_and_index_do_not_matter():
    tables = frames(VALID)
    shuffled = {n: f[sorted(f.columns)].set_axis(range(9, 9 + len(f))) for n, f in tables.items()}
    for name, frame in validate(shuffled).tables.items():
        pd.testing.assert_frame_equal(frame, tables[name])


def test_a_hundred_thousand_mentions_take_less_than_two_seconds():
    tables = frames(VALID)
    many = pd.concat([tables["mentions"]] * 15_000, ignore_index=True)
    many["mention_id"] = pd.Series([f"men-{i}" for i in range(len(many))], dtype=many["mention_id"].dtype)
    started = time.process_time()
    valid = validate({**tables, "mentions": many})
    assert time.process_time() - started < 2
    assert len(valid.tables["mentions"]) == len(many) == 105_000
