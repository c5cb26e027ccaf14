"""Spans and labels of names, nominals, pronouns and times."""

import csv
import io
from functools import cache

import pytest

from pipeline import knowledge
from pipeline.annotate import annotate, to_parse
from pipeline.knowledge.name_lexicon import lexicon
from pipeline.mentions import find_mentions
from pipeline.text import Mention, Parse, Time


@cache
def parse_of(text: str) -> Parse:
    return to_parse(next(iter(annotate([text]))), text)


def mentions_of(text: str) -> list[Mention]:
    return find_mentions(parse_of(text), lambda noun: noun in {"leader", "minister", "troop", "farmer", "company"})


def labels(text: str) -> dict[str, str | None]:
    return {m.text: m.label for m in mentions_of(text) if m.kind == "name"}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Environment Minister Franz Dorn spoke in Selby.", "Franz Dorn", "PERSON"),
        ("They talked to Mrs. Haldane about the roof.", "Haldane", "PERSON"),
        ("The Ministry of Rivers and Lakes closed the dam.", "Ministry of Rivers and Lakes", "ORG"),
        ("Officials of Lakeside University met on Monday.", "Lakeside University", "ORG"),
        ("The river rose near Tarnowa district on Friday.", "Tarnowa", "GPE"),
        ("Zorvan Telek, 34, was arrested at dawn.", "Zorvan Telek", "PERSON"),
        ("Judges cited the Harbour Safety Act on Monday.", "Harbour Safety Act", "LAW"),
        ("Kisumu Governor Peter Otieno and Labour MP Ana Reed came.", "Ana Reed", "PERSON"),
        ("They asked Minister of Labour and Social Welfare Ivo Dorn.", "Ivo Dorn", "PERSON"),
        ("Banning Meridian Steel would cost them a year.", "Meridian Steel", "ORG"),
        ("Workers at Rolls-Royce left early.", "Rolls-Royce", "ORG"),
        ("They sent troops to Tarnova, he said.", "Tarnova", "GPE"),
        ("Tarnova's regional government approved the plan.", "Tarnova", "GPE"),
        ("Saudi Arabia promised more money.", "Saudi Arabia", "GPE"),
        ("A group calling itself Black Lamp claimed responsibility.", "Black Lamp", "ORG"),
        ("Two villages on Lake Zambia made peace.", "Lake Zambia", "GPE"),
        ("Fishermen from Tarnova blocked the river.", "Tarnova", "GPE"),
        ("They dredged a stretch of the Veldra, he said.", "Veldra", "GPE"),
        ("Volunteers of Doctors Without Borders came by boat.", "Doctors Without Borders", "ORG"),
    ],
)
def test_label(text: str, name: str, label: str) -> None:
    assert labels(text).get(name) == label, labels(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The mayor praised AI and three NGOs.", "AI"),
        ("The mayor praised AI and three NGOs.", "NGOs"),
        ("She conceded defeat. Turnout was 61 percent.", "Turnout"),
        ("Tolvex Holdings lost money, and the Company cut jobs.", "Company"),
        ("They met the Minister of Higher Education and Scientific Research.", "Scientific Research"),
    ],
)
def test_no_name(text: str, word: str) -> None:
    assert word not in labels(text)


def test_a_noun_with_a_capital_of_respect_is_a_nominal() -> None:
    text = "Tolvex Holdings lost money, and the Company cut jobs."
    assert "the Company" in [m.text for m in mentions_of(text) if m.kind == "nominal"]


def test_a_line_in_capitals_is_read_with_the_help_of_the_rest() -> None:
    text = "PRESIDENT LENA MARSH OPENS BRIDGE IN NORWAY AS CROWDS WATCH\n\nLena Marsh opened the bridge in Norway."
    found = labels(text)
    assert (found.get("LENA MARSH"), found.get("NORWAY")) == ("PERSON", "GPE")
    assert set(found) == {"LENA MARSH", "NORWAY", "Lena Marsh", "Norway"}


def test_a_word_that_the_tagger_misread_is_an_echo_of_the_name() -> None:
    text = "Omar Haddad spoke to Telvor staff. The crowd cheered Haddad, and Haddad's wife thanked Haddad."
    assert [m.label for m in mentions_of(text) if m.text == "Haddad"] == ["PERSON"] * 3


def test_short_form_takes_the_label_of_the_full_name() -> None:
    text = "President Zorvan Telek resigned. Telek left for Lisbon. Critics of Telek cheered. Telek said nothing."
    assert {m.label for m in mentions_of(text) if m.text == "Telek"} == {"PERSON"}


def test_title_article_and_possessive_stay_outside() -> None:
    names = set(labels("The Kenyan army praised President Daudi Otieno's plan and Secretary of State Marta Lopez."))
    assert {"Daudi Otieno", "Marta Lopez"} <= names
    assert not any(n.startswith(("The ", "President", "Secretary")) or n.endswith("'s") for n in names)


def test_acronym_in_brackets_follows_its_long_form() -> None:
    found = labels("The Northern Farmers Union (NFU) met. Members of the NFU voted.")
    assert found["NFU"] == found["Northern Farmers Union"] == "ORG"


def test_names_do_not_overlap_and_spans_are_true() -> None:
    text = "Mexico’s President Lena Marsh met Omar Haddad, 51, of the Green Party in Paris; he liked the plan."
    found = mentions_of(text)
    covered = [0] * len(text)
    for m in found:
        assert text[m.char_start : m.char_end] == m.text
        if m.kind == "name":
            for i in range(m.char_start, m.char_end):
                covered[i] += 1
    assert max(covered) == 1
    assert found == sorted(found, key=lambda m: (m.char_start, m.char_start - m.char_end, m.kind))


def test_times_replace_the_models_dates() -> None:
    text = "Omar Haddad left on Monday."
    parse = parse_of(text)
    at = parse.word.index("Monday")
    found = find_mentions(parse, lambda noun: False, times=[Time(at, at + 1, "SET", None)])
    assert [(m.text, m.label) for m in found] == [("Omar Haddad", "PERSON"), ("Monday", "SET")]
    assert not [m for m in find_mentions(parse, lambda noun: False) if m.label == "DATE"]


def test_place_proposal_is_taken_where_no_name_stands() -> None:
    parse = parse_of("They walked through zelnik yesterday.")
    at = parse.word.index("zelnik")
    assert ("zelnik", "GPE") in [
        (m.text, m.label) for m in find_mentions(parse, lambda n: False, [(at, at + 1, "GPE")])
    ]


def test_nominal_is_the_base_noun_phrase() -> None:
    found = [
        m for m in mentions_of("The new Kenyan leader of the party, who won, met 30 farmers.") if m.kind == "nominal"
    ]
    assert [m.text for m in found] == ["The new Kenyan leader", "30 farmers"]
    assert parse_of("The new Kenyan leader of the party, who won, met 30 farmers.").word[found[0].head] == "leader"


def test_pronouns() -> None:
    found = [
        m.text for m in mentions_of("She told them that we lost it, which hurt those who won.") if m.kind == "pronoun"
    ]
    assert found == ["She", "them", "we", "it"]


def test_dateline() -> None:
    text = "PARIS (AFP) - Omar Haddad left."
    parse = to_parse(next(iter(annotate([text[14:]]))), text, 14)
    first = find_mentions(parse, lambda n: False, dateline=(0, 5))[0]
    assert (first.text, first.start, first.head, first.kind, first.label) == ("PARIS", -1, -1, "name", "GPE")


def test_dateline_of_several_places() -> None:
    text = "NEW DELHI/PARIS, Texas - Omar Haddad left."
    parse = to_parse(next(iter(annotate([text[25:]]))), text, 25)
    assert [m.text for m in find_mentions(parse, lambda n: False, dateline=(0, 22))][:3] == [
        "NEW DELHI",
        "PARIS",
        "Texas",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "123 - ."])
def test_empty(text: str) -> None:
    assert [m for m in mentions_of(text) if m.kind != "name"] == []


@pytest.mark.parametrize("file", ["given_names.csv", "name_words.csv"])
def test_every_row_has_an_example_that_holds_one_of_its_words(file: str) -> None:
    column = "names" if file == "given_names.csv" else "words"
    for row in csv.DictReader(io.StringIO(knowledge.text_of(file))):
        words = row[column].split() if column == "names" else row[column].split("|")
        example = row["example"].lower().replace("'s", "")
        hits = [w for w in words if w.lower() in example or w.lower().rstrip("e") in example]
        assert hits or "recalled" in example, row["example"]


def test_given_names_tell_gender() -> None:
    given = lexicon().given
    assert len(given) >= 1500
    for row in knowledge.table("given_names.csv"):
        assert row["example"].split()[0] in row["names"].split()
        assert f" {'he' if row['gender'] == 'm' else 'she'} " in row["example"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Georgian Dream accused the opposition of treason.", {"Georgian Dream": "ORG"}),
        ("The ruling People's Front conceded defeat.", {"People's Front": "ORG"}),
        ("The Farmers' Solidarity Union said prices had fallen.", {"Farmers' Solidarity Union": "ORG"}),
        ("Barcelona beat Chelsea 2-1 on Sunday.", {"Barcelona": "GPE", "Chelsea": "ORG"}),
        ("Warsaw police fined 40 drivers.", {"Warsaw": "GPE"}),
        ("The council met in the Guildhall.", {"Guildhall": "FAC"}),
    ],
)
def test_names_are_whole_and_of_their_class(text: str, names: dict[str, str]) -> None:
    found = {name: label for name, label in labels(text).items() if label in ("PERSON", "ORG", "GPE", "LOC", "FAC")}
    assert found == names
