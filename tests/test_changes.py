"""Changes between versions: added, removed, changed, by table and id."""

import json
from datetime import date
from pathlib import Path

import numpy as np

import schemas
from pipeline.changes import changes_markdown, diff


def entities(*rows):
    names = ("entity_id", "name", "country_code", "aliases", "first_seen", "mention_count", "article_count")
    return schemas.frame("entities", {n: [row[i] for row in rows] for i, n in enumerate(names)})


ANN = ("ent-1", "Ann", "NOR", ["A."], date(2025, 1, 1), 1, 1)
BOB = ("ent-2", "Bob", None, [], None, 2, 1)


def test_nothing_changed():
    found = diff({"entities": entities(ANN, BOB)}, {"entities": entities(BOB, ANN)})
    assert found.is_empty
    assert "No row changed" in changes_markdown(found)


def test_added_removed_and_changed_rows_with_their_columns():
    bob = ("ent-2", "Bob", "SWE", ["B."], date(2025, 2, 1), 3, 1)
    found = diff({"entities": entities(ANN, BOB)}, {"entities": entities(bob, ("ent-3", *ANN[1:]))})
    table = found.tables["entities"]
    assert (table.added, table.removed) == (("ent-3",), ("ent-1",))
    assert table.changed == {"ent-2": ("country_code", "aliases", "first_seen", "mention_count")}
    assert [(c.column, c.old, c.new) for c in table.cells][:2] == [
        ("country_code", None, "SWE"),
        ("aliases", [], ["B."]),
    ]
    text = changes_markdown(found, "2025.01.01.1", "2025.01.02.1")
    assert text.startswith("# Changes from 2025.01.01.1 to 2025.01.02.1\n")
    assert "| entities | 2 | 2 | 1 | 1 | 1 |" in text
    assert "| `ent-2` | country_code | – | SWE |" in text


def test_lists_read_from_parquet_equal_lists_made_here():
    read = entities(ANN)
    read["aliases"] = read["aliases"].map(lambda names: np.array(names, dtype=object))
    assert diff({"entities": read}, {"entities": entities(ANN)}).is_empty


def test_a_first_version_and_a_new_table():
    found = diff({}, {"entities": entities(ANN)})
    assert found.tables["entities"].added == ("ent-1",)
    assert "first version" in changes_markdown(found)


def test_first_version_is_not_a_change_and_repeated_rejects_are_told_apart():
    row = json.loads((Path(__file__).parent / "counterexamples" / "valid.json").read_text())["rejects"][0]

    def rejects(version, times):
        return schemas.frame("rejects", {k: [version if k == "first_version" else v] * times for k, v in row.items()})

    assert diff({"rejects": rejects(None, 2)}, {"rejects": rejects("2025.01.01.1", 2)}).is_empty
    found = diff({"rejects": rejects(None, 1)}, {"rejects": rejects(None, 2)}).tables["rejects"]
    assert len(found.added) == 1
    assert found.added[0].endswith("#2")


def test_columns_of_another_schema_are_named_and_not_compared():
    found = diff({"entities": entities(ANN).drop(columns="role")}, {"entities": entities(ANN)}).tables["entities"]
    assert found.columns_added == ("role",)
    assert not found.changed


def test_long_lists_are_cut_and_counted():
    many = entities(*((f"ent-{i:03}", *ANN[1:]) for i in range(50)))
    text = changes_markdown(diff({"entities": entities(ANN)}, {"entities": many}), limit=5)
    assert "and 45 more" in text
