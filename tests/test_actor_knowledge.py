"""Every row of the actor knowledge codes the example that is derived from it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from pipeline import knowledge
from pipeline.actors import code_actor, hosts, is_actor_noun
from pipeline.actors.entries import EARLIEST, LATEST, day, plural_of, split
from pipeline.actors.lexicon import NAME_FILES, sector_of
from pipeline.annotate import annotate, to_parse
from pipeline.errors import KnowledgeError

TODAY = date(2025, 6, 1)


def on(row: dict[str, str]) -> date:
    """A day on which the row holds."""
    first, last = day(row["valid_from"], EARLIEST, "test"), day(row["valid_to"], LATEST, "test")
    assert first <= last, f"{row}: ends before it begins"
    return TODAY if first <= TODAY <= last else first if first > EARLIEST else last


def test_country_rows() -> None:
    wrong = []
    for row in knowledge.table("countries.csv"):
        code = row["country_code"]
        for name in split(row["names"]):
            got = code_actor(name)
            if (got.country_code, got.entity_type) != (code, "country"):
                wrong.append((name, code, got))
        for adjective in split(row["adjectives"]):
            got = code_actor(f"two {adjective} warplanes")
            if (got.country_code, got.sector_code) != (code, "MIL"):
                wrong.append((adjective, code, got))
        for people in split(row["people"]):
            got = code_actor(people)
            if (got.country_code, got.sector_code) != (code, "CVL"):
                wrong.append((people, code, got))
        for capital in split(row["capitals"]):
            got = code_actor(capital)
            if (got.country_code, got.sector_code) != (code, "GOV"):
                wrong.append((capital, code, got))
            got = code_actor(f"protesters in {capital}")
            if (got.country_code, got.sector_code) != (code, "CVL"):
                wrong.append((capital, code, got))
    assert not wrong


def test_former_country_rows() -> None:
    for row in knowledge.table("former_countries.csv"):
        assert code_actor(row["name"], on(row)).country_code == row["country_code"], row


@pytest.mark.parametrize("file", ["seats.csv", *NAME_FILES])
def test_name_rows(file: str) -> None:
    wrong = []
    for row in knowledge.table(file):
        for name in split(row.get("names") or row["name"]):
            got = code_actor(name, on(row))
            if (got.country_code or "", got.sector_code) != (row["country_code"], row["sector_code"]):
                wrong.append((name, row["country_code"], row["sector_code"], got))
    assert not wrong


def test_holder_rows() -> None:
    rows = knowledge.table("holders.csv")
    codes: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        for name in split(row["names"]):
            codes.setdefault(name, set()).add((row["country_code"], row["sector_code"]))
    wrong = []
    for row in rows:
        for name in split(row["names"]):
            got = code_actor(name, on(row))
            if (got.country_code or "", got.sector_code) not in codes[name]:
                wrong.append((name, row["role"], got))
            last = day(row["valid_to"], LATEST, "test")
            if len(codes[name]) == 1 and last < date(2020, 1, 1) and sum(name in split(r["names"]) for r in rows) == 1:
                later = code_actor(name, last + timedelta(days=1))
                if later.sector_code != "ELI":
                    wrong.append((name, "after the term", later))
    assert not wrong
    assert len({r["names"] for r in rows}) >= 600


def test_noun_rows() -> None:
    data = knowledge.document("sectors.yml")
    wrong, seen = [], 0
    for sector, kinds in data["sectors"].items():
        for kind, nouns in kinds.items():
            for noun in nouns:
                if kind == "adjective":
                    got = code_actor(f"{noun} spokesman")
                    if got.sector_code != sector:
                        wrong.append((noun, sector, got))
                    continue
                seen += 1
                expected = data["inherit"].get(noun, sector)
                if not is_actor_noun(noun):
                    wrong.append((noun, "no actor noun", None))
                phrases = [f"the Kenyan {noun}"]
                if noun not in data["plurals"].values() and kind == "person":
                    phrases.append(f"four Kenyan {plural_of(noun)}")
                for phrase in phrases:
                    got = code_actor(phrase)
                    if (got.country_code, got.sector_code) != ("KEN", expected):
                        wrong.append((phrase, expected, got))
    assert not wrong
    assert seen >= 500


def test_modifier_rows() -> None:
    for word, sector in knowledge.document("sectors.yml")["modifiers"].items():
        assert code_actor(f"a {word} group").sector_code == sector, word


def test_region_rows() -> None:
    for row in knowledge.table("regions.csv"):
        assert code_actor(f"residents of {row['name']}").country_code == (row["country_code"] or None), row


def test_one_holder_at_a_time() -> None:
    """But for two presidents of one state in 1991 and 2010, and those who share the office in Nicaragua."""
    terms: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for row in knowledge.table("holders.csv"):
        if row["role"] in ("president", "prime minister", "foreign minister"):
            term = (
                day(row["valid_from"], EARLIEST, "test"),
                day(row["valid_to"], LATEST, "test"),
                split(row["names"])[0],
            )
            terms.setdefault((row["country_code"], row["role"]), []).append(term)
    shared = [
        (office, one[2], other[2])
        for office, held in terms.items()
        for one, other in pairwise(sorted(held))
        if one[1] > other[0] and one[2] != other[2]
    ]
    assert sorted(office[0] for office, _, _ in shared) == ["KGZ", "NIC", "RUS"], shared


def test_function_words() -> None:
    words = knowledge.document("actor_words.yml")
    for word in words["placing"]:
        assert code_actor(f"police {word} Kenya").country_code == "KEN", word
    for word in words["hosting"]:
        text = f"A bomb went off {word} Nairobi."
        parse = to_parse(next(iter(annotate([text]))), text)
        assert hosts(parse, parse.word.index("Nairobi")), word
    for word in words["former"]:
        assert code_actor(f"the {word} Kenyan minister").sector_code == "ELI", word
    for word in words["foreign_tail"]:
        assert code_actor(f"Kenyan-{word} rebels").country_code is None, word
    for word in words["barrier"]:
        assert code_actor(f"{word}-Kenyan rebels").country_code is None, word
    for word in words["determiners"]:
        assert code_actor(f"{word} foreign minister").role == "foreign minister", word
    for word in words["features"]:
        assert code_actor(f"people near {word.title()} Malawi").country_code is None, word
    for word in words["no_places"]:
        assert code_actor(word.title()).country_code is None, word


def test_unknown_codes_are_loud() -> None:
    with pytest.raises(KnowledgeError, match=r"knowledge/x\.csv.*'XYZ'"):
        sector_of("XYZ", "knowledge/x.csv, row 'a'")
    with pytest.raises(KnowledgeError, match="31/02/2026"):
        day("31/02/2026", EARLIEST, "knowledge/x.csv, row 'a'")


def test_dates_fill_up() -> None:
    assert day("2010", EARLIEST, "") == date(2010, 1, 1)
    assert day("2010", LATEST, "") == date(2010, 12, 31)
    assert day("2012-02", LATEST, "") == date(2012, 2, 29)
