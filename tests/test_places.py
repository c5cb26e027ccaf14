"""The place room: which names are places, and which place each means."""

from __future__ import annotations

import pytest

from pipeline.annotate import annotate, to_parse
from pipeline.errors import KnowledgeError
from pipeline.knowledge import table
from pipeline.places import find_places, precision, propose_places, resolve_dateline
from pipeline.places.cues import KINDS, cues
from pipeline.places.gazetteer import Gazetteer, gazetteer
from pipeline.places.naming import key
from pipeline.text import Mention, Parse, Place


def parse_of(text: str) -> Parse:
    return to_parse(next(annotate([text])), text)


def names_of(parse: Parse) -> list[Mention]:
    """The model's names with the room's proposals put over them, as the mentions room does."""
    proposals = propose_places(parse)
    covered = {t for start, end, _ in proposals for t in range(start, end)}
    kept = [n for n in parse.names if not covered.intersection(range(n[0], n[1]))]
    out = []
    for start, end, label in sorted([*kept, *proposals]):
        a, b = parse.chars(start, end)
        head = next((t for t in range(start, end) if not start <= parse.head[t] < end), end - 1)
        out.append(Mention(start, end, head, a, b, parse.text[a:b], parse.sentence[start], "name", label))
    return out


def places_in(text: str, **context: str) -> dict[str, Place]:
    parse = parse_of(text)
    mentions = names_of(parse)
    return {mentions[i].text: place for i, place in find_places(parse, mentions, **context).items()}


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        ("The minister flew from Paris to Berlin on Monday.", "Paris", "FRA", "Ile-de-France"),
        ("A tornado damaged homes in Paris, Texas, on Monday.", "Paris", "USA", "Texas"),
        ("The fair in Springfield, Ill., drew crowds from all over Illinois.", "Springfield", "USA", "Illinois"),
        ("Voters in Springfield in Massachusetts went to the polls.", "Springfield", "USA", "Massachusetts"),
        ("Troops from Georgia and Armenia met near Tbilisi.", "Georgia", "GEO", None),
        ("Judges in Georgia and Alabama met in Atlanta.", "Georgia", "USA", "Georgia"),
        ("The court in Santiago heard lawyers from Valparaiso, in Chile.", "Santiago", "CHL", None),
        (
            "Talks in Washington ended without a deal, officials in London said.",
            "Washington",
            "USA",
            "District of Columbia",
        ),
        ("The talks between Britain and France will move from London to Washington.", "Washington", "USA", None),
        ("France and the United States will meet in Paris; Boston and New York sent envoys.", "Paris", "FRA", None),
        ("The president of Peru arrived in Lima from Ohio.", "Lima", "PER", None),
        ("Aid flights left Cyprus for Lebanon and Syria after talks in New York.", "Lebanon", "LBN", None),
        ("Moscow told Washington that it would leave Syria, and Berlin agreed.", "Moscow", "RUS", None),
        ("The United States and Jordan signed a pact in Amman.", "Jordan", "JOR", None),
        ("Melbourne and Sydney are in lockdown, Australia's premier said.", "Melbourne", "AUS", None),
        ("Police in Birmingham, Manchester and Leeds made arrests across England.", "Birmingham", "GBR", None),
        ("The mayor of New York said the city would sue.", "New York", "USA", "New York"),
    ],
)
def test_context_decides_between_namesakes(text: str, name: str, country: str, admin1: str | None) -> None:
    place = places_in(text)[name]
    assert place.country_code == country
    if admin1 is not None:
        assert place.admin1_name == admin1


def test_one_sense_for_all_mentions_of_a_name() -> None:
    parse = parse_of(
        "Fire broke out in Athens, Georgia, on Friday. Crews from all over Athens came. Athens is safe again."
    )
    mentions = names_of(parse)
    found = find_places(parse, mentions)
    athens = {p.geonames_id for i, p in found.items() if mentions[i].text == "Athens"}
    assert athens == {4180386}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Paris Hilton signed books on Friday.", "Paris"),
        ("Jack London wrote the story, and London's widow sold it.", "Jack"),
        ("Officials of the Bank of England declined to comment.", "England"),
    ],
)
def test_no_place_inside_the_name_of_a_person_or_an_organisation(text: str, word: str) -> None:
    assert not [n for n in places_in(text) if word in n]


def test_a_team_is_no_place() -> None:
    assert not places_in("Chelsea beat Leicester 3-1 on Saturday.")
    parse = parse_of("Chelsea beat Leicester on Saturday.")
    teams = [
        Mention(0, 1, 0, 0, 7, "Chelsea", 0, "name", "GPE"),
        Mention(2, 3, 2, 13, 22, "Leicester", 0, "name", "GPE"),
    ]
    assert find_places(parse, teams) == {}
    parse = parse_of("Chelsea opened in Leicester on Saturday.")
    town = Mention(3, 4, 3, 18, 27, "Leicester", 0, "name", "GPE")
    assert find_places(parse, [town])[0].country_code == "GBR"


def test_a_surname_that_is_also_a_town_is_no_place() -> None:
    text = "Officials thanked Maria Kingston. Kingston declined to speak."
    parse = parse_of(text)
    person = Mention(2, 4, 3, 18, 32, "Maria Kingston", 0, "name", "PERSON")
    mistaken = Mention(5, 6, 5, 34, 42, "Kingston", 1, "name", "GPE")
    assert 1 not in find_places(parse, [person, mistaken])
    assert 0 in find_places(parse, [mistaken])


def test_a_name_the_gazetteer_lacks_gets_no_place() -> None:
    parse = parse_of("She moved to Qwertzburg.")
    mention = Mention(3, 4, 3, 13, 23, "Qwertzburg", 0, "name", "GPE")
    assert find_places(parse, [mention]) == {}


def test_mentions_that_are_no_names_are_passed_over() -> None:
    parse = parse_of("Paris is calm.")
    mention = Mention(0, 1, 0, 0, 5, "Paris", 0, "nominal", "GPE")
    assert find_places(parse, [mention]) == {}


def test_a_public_body_lies_where_its_town_lies() -> None:
    parse = parse_of("The Houston Police Department arrested two men.")
    mention = Mention(0, 4, 3, 0, 29, "The Houston Police Department", 0, "name", "ORG")
    assert find_places(parse, [mention])[0].name == "Houston"
    medium = parse_of("The Houston Post printed it.")
    mention = Mention(0, 3, 2, 0, 16, "The Houston Post", 0, "name", "ORG")
    assert find_places(medium, [mention]) == {}


def test_local_usage_prefers_a_town_to_a_country() -> None:
    place = places_in(
        "A Lebanon woman was hurt on Interstate 65, the Boone County sheriff said. Lebanon police closed the road."
    )
    assert {p.country_code for n, p in place.items() if n.startswith("Lebanon")} == {"USA"}


def test_outlet_and_dateline_are_context() -> None:
    parse = parse_of("A man was hurt in Richmond on Sunday.")
    mentions = names_of(parse)
    assert [p.country_code for p in find_places(parse, mentions).values()] == ["USA"]
    assert [p.country_code for p in find_places(parse, mentions, outlet="melbournenews.com.au").values()] == ["AUS"]


@pytest.mark.parametrize(
    ("text", "name", "country", "feature"),
    [
        ("Rebels seized Tripoli in northern Lebanon on Monday.", "Tripoli", "LBN", "PPL"),
        ("A flood hit Tripoli, in the north of Lebanon.", "Tripoli", "LBN", "PPL"),
        ("Valencia, a city in Venezuela, has no water.", "Valencia", "VEN", "PPL"),
        ("Floods hit the Pakistani city of Hyderabad.", "Hyderabad", "PAK", "PPL"),
        ("Floods hit Lebanon's second city, Tripoli.", "Tripoli", "LBN", "PPL"),
        ("The army shelled Goma, in the east of the Democratic Republic of Congo.", "Goma", "COD", "PPL"),
        ("The bridge in Seattle, Washington, is closed.", "Washington", "USA", "ADM1"),
        ("The ferry left British Columbia.", "British Columbia", "CAN", "ADM1"),
    ],
)
def test_words_around_say_where_a_name_lies(text: str, name: str, country: str, feature: str) -> None:
    place = places_in(text)[name]
    assert (place.country_code, place.feature_code) == (country, feature)


def test_a_division_is_not_its_namesake() -> None:
    parse = parse_of("Bandits in Niger State killed ten.")
    a, b = parse.chars(2, 4)
    found = find_places(parse, [Mention(2, 4, 3, a, b, parse.text[a:b], 0, "name", "GPE")])
    assert [(p.country_code, p.feature_code) for p in found.values()] == [("NGA", "ADM1")]


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("Kinshasa accused Kigali of backing rebels.", True),
        ("Kinshasa accused the coach of Kigali after the league match.", False),
    ],
)
def test_a_famous_city_is_a_place_but_in_a_report_on_sport(text: str, proposed: bool) -> None:
    parse = parse_of(text)
    parse.names[:] = [(0, 1, "ORG")]
    assert ((0, 1, "GPE") in propose_places(parse)) is proposed


def test_every_place_of_the_dateline_is_one() -> None:
    text = "PARIS, Texas (AP) - A barn burned."
    parse = to_parse(next(annotate([text[21:]])), text, 21)
    above = [Mention(-1, -1, -1, a, b, text[a:b], 0, "name", "GPE") for a, b in ((0, 5), (7, 12))]
    found = find_places(parse, above, dateline="PARIS, Texas")
    assert [(p.country_code, p.feature_code) for _, p in sorted(found.items())] == [("USA", "PPL"), ("USA", "ADM1")]


def test_dateline_that_the_gazetteer_lacks_has_no_place() -> None:
    text = "CAMP ZORVANEK (AP) - A barn burned in Paris."
    parse = to_parse(next(annotate([text[21:]])), text, 21)
    found = find_places(parse, [Mention(-1, -1, -1, 0, 13, text[:13], 0, "name", "GPE")], dateline="CAMP ZORVANEK")
    assert found == {}


@pytest.mark.parametrize(
    ("dateline", "name", "country"),
    [
        ("GUAYAQUIL, Ecuador (AP) —", "Guayaquil", "ECU"),
        ("PARIS, Texas", "Paris", "USA"),
        ("LONDON (Reuters) -", "London", "GBR"),
        ("ST. PAUL, Minn. —", "Saint Paul", "USA"),
        ("UNITED NATIONS", None, None),
        ("", None, None),
    ],
)
def test_datelines(dateline: str, name: str | None, country: str | None) -> None:
    place = resolve_dateline(dateline)
    assert (place and place.name, place and place.country_code) == (name, country)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Nairobi", "city"),
        ("Kenya", "country"),
        ("Ohio", "admin1"),
        ("Cook County", "admin2"),
        ("Sahel", "region"),
        ("Danube", "feature"),
        ("Heathrow", "facility"),
    ],
)
def test_precision(name: str, word: str) -> None:
    assert precision(gazetteer().find(key(name))[0].place) == word


def test_keys_fold_what_print_varies() -> None:
    assert key("The Hague's") == key("Hague")
    assert key("São Paulo") == key("Sao Paulo")
    assert key("Saint Paul") == key("St. Paul") == key("St Paul")
    assert key("Guinea-Bissau") == key("Guinea Bissau")
    assert key("U.S.") == "us"


@pytest.mark.parametrize("file", ["place_regions.csv", "place_names.csv"])
def test_every_written_name_is_found_where_the_row_says(file: str) -> None:
    for row in table(file):
        entries = gazetteer().find(key(row["name"]))
        if file == "place_names.csv":
            assert entries[0].place.geonames_id == int(row["geonames_id"]), f"{file}: {row['name']}"
        else:
            assert any(
                e.feature == row["feature_code"] and abs(e.place.latitude - float(row["latitude"])) < 0.01
                for e in entries
            ), f"{file}: {row['name']} is not in the gazetteer; run scripts/make_gazetteer.py"


def test_every_country_and_us_state_is_the_first_sense_of_its_name_or_a_known_namesake() -> None:
    namesakes = {"Georgia", "Washington", "New York"}
    states = {
        e.place.name
        for r in table("place_states.csv")
        for a in r["abbreviations"].split("|")
        if a
        for e in gazetteer().find(key(a))
    }
    assert len(states) > 40
    for state in sorted(states & {"Texas", "Ohio", "Illinois", "California"} - namesakes):
        assert gazetteer().find(key(state))[0].feature == "ADM1"
    for row in table("place_countries.csv"):
        for name in filter(None, row["names"].split("|")):
            assert any(e.is_country for e in gazetteer().find(key(name))[:2]), f"place_countries.csv: {name}"


def test_cues_carry_examples_with_the_word() -> None:
    for row in table("place_cues.csv"):
        assert row["kind"] in KINDS
        assert row["word"] in row["example"], f"place_cues.csv: {row['word']}"
    assert "police" in cues().local


def test_a_broken_gazetteer_line_is_named() -> None:
    broken = Gazetteer("westbury\t1\tWestbury")
    with pytest.raises(KnowledgeError, match="line 1"):
        broken.find("westbury")


def test_place_ids_are_unique_and_stand_for_one_place() -> None:
    seen: dict[str, int] = {}
    for row in table("place_regions.csv"):
        for entry in gazetteer().find(key(row["name"])):
            assert seen.setdefault(entry.place.place_id, entry.row) == entry.row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The delegation flew to Ruritania. He wrote it in Spanish.", []),
        ("HUNTSVILLE — Police closed two roads.", ["HUNTSVILLE"]),
        ("Flooding hit Bangladesh, Bhutan, Nepal and Sri Lanka.", ["Bangladesh", "Bhutan", "Nepal", "Sri Lanka"]),
    ],
)
def test_names_with_proposals_cover_the_places(text: str, expected: list[str]) -> None:
    assert list(places_in(text)) == expected


def test_a_small_town_of_an_unheard_country_among_others_is_no_sense() -> None:
    text = "Police in San Salvador and Santa Ana, both in El Salvador, searched Escalon, officials said."
    assert "Escalon" not in places_in(text)


def test_proposals_do_not_overlap_and_replace_no_place_of_the_model() -> None:
    parse = parse_of(
        "Paris Hilton left Nairobi for Mombasa, Kenya, and Kampala, Uganda. KISUMU — Crowds met her in Kenya."
    )
    proposals = propose_places(parse)
    tokens = [t for start, end, _ in proposals for t in range(start, end)]
    assert len(tokens) == len(set(tokens))
    labelled = {t for start, end, label in parse.names if label in ("GPE", "LOC") for t in range(start, end)}
    assert not labelled.intersection(tokens)


def test_ties_go_to_the_lower_geonames_id() -> None:
    line = "westbury\t{}\tWestbury\tPPL\tUS\tOhio\t\t40.0\t-80.0\t500"
    assert [e.place.geonames_id for e in Gazetteer("\n".join(line.format(i) for i in (7, 9))).find("westbury")] == [
        7,
        9,
    ]


def test_two_halves_of_a_place_name_are_one_place() -> None:
    parse = parse_of("The cartel was blamed by Baja California's attorney general, Rosa Ibarra.")
    parse.names = [(5, 6, "GPE"), (6, 7, "GPE"), (11, 13, "PERSON")]  # as the small model has them
    assert parse.words(5, 7) == "Baja California"
    assert propose_places(parse) == [(5, 7, "GPE")]


def test_a_capital_that_the_model_takes_for_a_person_is_a_place() -> None:
    parse = parse_of("La Paz sent 600 soldiers. Ana Lima laughed.")
    parse.names = [(0, 2, "PERSON"), (6, 8, "PERSON")]
    assert propose_places(parse) == [(0, 2, "GPE")]
