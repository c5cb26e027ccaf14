"""One entity across articles, and two people of one name."""

import time

import numpy as np
import pandas as pd

from pipeline.entities import link
from pipeline.ids import stable_id

COLUMNS = [
    *("article_id", "cluster", "name", "entity_type", "country_code", "sector_code", "role", "reference_id"),
    *("aliases", "mention_count", "published_at"),
]


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    base: dict[str, object] = dict.fromkeys(COLUMNS)
    base |= {"cluster": 0, "entity_type": "person", "aliases": [], "mention_count": 1}
    full = [base | {"article_id": f"art-{i}"} | row for i, row in enumerate(rows)]
    table = pd.DataFrame(full, columns=COLUMNS)
    table["published_at"] = pd.to_datetime(table["published_at"], utc=True)
    return table


def test_same_name_is_one_entity_and_null_contradicts_nothing() -> None:
    ids, table = link(
        frame(
            {
                "name": "Ana Sato",
                "country_code": "KEN",
                "role": "mayor",
                "published_at": "2025-01-01",
                "aliases": ["Sato"],
            },
            {"name": "Ána Sato", "published_at": "2025-01-03", "mention_count": 2},
            {"name": "Ana Sato", "country_code": "KEN", "role": "minister", "published_at": "2025-01-02"},
        )
    )
    assert ids.nunique() == 1
    row = table.iloc[0]
    assert (row["country_code"], row["role"], row["mention_count"], row["article_count"]) == ("KEN", "minister", 4, 3)
    assert (row["first_seen"], row["last_seen"]) == (
        pd.Timestamp("2025-01-01", tz="UTC"),
        pd.Timestamp("2025-01-03", tz="UTC"),
    )
    assert "Sato" in row["aliases"]


def test_two_people_with_one_name_stay_two() -> None:
    ids, table = link(
        frame(
            {"name": "Ana Sato", "country_code": "KEN", "published_at": "2025-01-01"},
            {"name": "Ana Sato", "country_code": "BRA", "published_at": "2025-01-02"},
            {"name": "Ivo Dorn", "country_code": "NOR", "sector_code": "GOV", "role": "finance minister"},
            {"name": "Ivo Dorn", "country_code": "NOR", "sector_code": "CRM", "role": "cartel boss"},
        )
    )
    assert ids.nunique() == 4
    assert len(table) == 4


def test_surname_joins_the_only_full_name_that_fits() -> None:
    ids, _ = link(
        frame(
            {"name": "Ana Sato", "country_code": "KEN", "published_at": "2025-01-01"},
            {"name": "Sato", "published_at": "2025-01-20"},
            {"name": "Sato", "country_code": "BRA", "published_at": "2025-01-20"},
            {"name": "Ivo Dorn", "published_at": "2025-01-01"},
            {"name": "Uwe Dorn", "published_at": "2025-01-01"},
            {"name": "Dorn", "published_at": "2025-01-01"},
        )
    )
    assert ids[1] == ids[0]
    assert ids[2] != ids[0]
    assert ids[5] not in (ids[3], ids[4])


def test_surname_long_after_stays_apart() -> None:
    ids, _ = link(
        frame({"name": "Ana Sato", "published_at": "2020-01-01"}, {"name": "Sato", "published_at": "2025-01-01"})
    )
    assert ids[0] != ids[1]


def test_acronym_and_country_names() -> None:
    ids, table = link(
        frame(
            {"name": "Northern Farmers Union", "entity_type": "organisation", "aliases": ["NFU"]},
            {"name": "NFU", "entity_type": "organisation"},
            {"name": "US", "entity_type": "country", "country_code": "USA"},
            {"name": "United States", "entity_type": "country", "country_code": "USA"},
        )
    )
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert len(table) == 2


def test_ids_do_not_depend_on_row_order_or_on_later_articles() -> None:
    early = [
        {"article_id": "a", "name": "Ana Sato", "published_at": "2025-01-01"},
        {"article_id": "b", "name": "Green Party", "entity_type": "organisation", "published_at": "2025-01-01"},
    ]
    late = [
        {"article_id": "c", "name": "Ana Sato", "country_code": "KEN", "published_at": "2025-02-01"},
        {"article_id": "d", "name": "Ana Sato", "country_code": "BRA", "published_at": "2025-03-01"},
        {"article_id": "e", "name": "Sato", "published_at": "2025-02-02"},
    ]
    before, _ = link(frame(*early))
    after, table = link(frame(*early, *late))
    assert before.tolist() == after.tolist()[:2]
    assert before[0] == stable_id("ent", "person", "ana sato", None)
    shuffled, again = link(frame(*reversed(early + late)))
    assert shuffled.tolist()[::-1] == after.tolist()
    pd.testing.assert_frame_equal(table, again)


def test_empty() -> None:
    ids, table = link(frame())
    assert len(ids) == len(table) == 0
    assert "entity_id" in table


def test_hundred_thousand_rows_in_seconds() -> None:
    rng = np.random.default_rng(0)
    n = 100_000
    table = frame({"name": "Ana Sato"}).loc[[0] * n].reset_index(drop=True)
    table["article_id"] = [f"a{i}" for i in range(n)]
    table["name"] = [f"Ana{a} Sato{b}" for a, b in zip(rng.integers(0, 40, n), rng.integers(0, 900, n), strict=True)]
    table["published_at"] = pd.Timestamp("2025-01-01", tz="UTC")
    begun = time.process_time()
    ids, _ = link(table)
    assert time.process_time() - begun < 30
    assert ids.nunique() > 10_000
