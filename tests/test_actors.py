"""Actor strings, noun phrases and clusters are coded from their words; the list of office holders is only the prior."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import pipeline
from pipeline.actors import code_actor, code_clusters, code_span, is_actor_noun, noun_sector
from pipeline.annotate import annotate, to_parse
from pipeline.text import ActorCode, Cluster, Mention, Parse


def parse_of(text: str) -> Parse:
    return to_parse(next(iter(annotate([text]))), text)


def mentions_of(parse: Parse, names: dict[str, list[str]]) -> tuple[list[Mention], list[Cluster]]:
    """Mentions by exact words, longest first; a name that begins in lower case is a nominal."""
    clusters = [Cluster(name, "person", aliases) for name, aliases in names.items()]
    wanted = [(form.split(), i) for i, (name, forms) in enumerate(names.items()) for form in [name, *forms]]
    wanted.sort(key=lambda w: -len(w[0]))
    out, t = [], 0
    while t < len(parse):
        for words, index in wanted:
            if parse.word[t : t + len(words)] == words:
                end = t + len(words)
                first, last = parse.chars(t, end)
                kind = "name" if words[0][0].isupper() else "nominal"
                label = "PERSON" if kind == "name" else None
                text = parse.text[first:last]
                out.append(Mention(t, end, -1, first, last, text, parse.sentence[t], kind, label, index))  # type: ignore[arg-type]
                t = end - 1
                break
        t += 1
    return out, clusters


def coded(text: str, names: dict[str, list[str]], use_reference: bool = False) -> dict[str, ActorCode]:
    parse = parse_of(text)
    mentions, clusters = mentions_of(parse, names)
    code_clusters(parse, mentions, clusters, date(2025, 8, 29), use_reference)
    return {c.name: c.code for c in clusters}


@pytest.mark.parametrize(
    ("text", "when", "country", "sector"),
    [
        ("three Finnish frigates", None, "FIN", "MIL"),
        ("Ghana's central bank", None, "GHA", "GOV"),
        ("Peru's Ministry of Health", None, "PER", "GOV"),
        ("the Ugandan parliament", None, "UGA", "LEG"),
        ("students in Dakar", None, "SEN", "EDU"),
        ("striking nurses in Lisbon", None, "PRT", "MED"),
        ("rebels in eastern Congo", None, "COD", "REB"),
        ("protesters outside the US embassy in Jakarta", None, "IDN", "CVL"),
        ("protesters in May", None, None, "CVL"),
        ("US-led coalition", None, None, "IMG"),
        ("the Ministry of Defence of Poland", None, "POL", "MIL"),
        ("the Ministry of Defence", None, "GBR", "MIL"),
        ("the Supreme Court of Kenya", None, "KEN", "JUD"),
        ("the opposition Movement for Democratic Change", None, "ZWE", "OPP"),
        ("the governor of the Kharkiv region", None, "UKR", "GOV"),
        ("Kharkiv region governor", None, "UKR", "GOV"),
        ("pro-Russian separatists", None, None, "REB"),
        ("a spokesman for the Kenyan army", None, "KEN", "MIL"),
        ("a Bolivian union leader", None, "BOL", "LAB"),
        ("Kenya's ambassador to the United Nations", None, "KEN", "GOV"),
        ("UN peacekeepers in Lebanon", None, None, "UNO"),
        ("a NATO official", None, None, "IGO"),
        ("head of the World Trade Organization", None, None, "IGO"),
        ("the Kremlin", None, "RUS", "GOV"),
        ("Nairobi police", None, "KEN", "COP"),
        ("a retired Chilean general", None, "CHL", "ELI"),
        ("Canadian Conservatives", None, "CAN", "PTY"),
        ("Afghans", None, "AFG", "CVL"),
        ("Denmark", None, "DNK", None),
        ("DENMARK AND NORWAY", None, "DNK", None),
        ("kenyan police", None, "KEN", "COP"),
        ("Taliban fighters", "2009-05-01", "AFG", "REB"),
        ("the Taliban", "2023-05-01", "AFG", "GOV"),
        ("President Obama", "2010-06-01", "USA", "GOV"),
        ("Obama", "2020-06-01", "USA", "ELI"),
        ("former president Chirac", "2010-06-01", "FRA", "ELI"),
        ("Gordon Brown", "2008-06-01", "GBR", "GOV"),
        ("Stephen King", None, None, None),
        ("Paris Hilton", None, None, None),
        ("the weather", None, None, None),
        ("radical reform", None, None, None),
        ("the general election", None, None, None),
        ("General Otto Braun", None, None, "MIL"),
        ("", None, None, None),
    ],
)
def test_strings(text: str, when: str | None, country: str | None, sector: str | None) -> None:
    code = code_actor(text, when)
    assert (code.country_code, code.sector_code) == (country, sector)


def test_roles_and_types() -> None:
    assert code_actor("the Ghanaian foreign minister").role == "foreign minister"
    assert code_actor("four gunmen").role is None
    assert code_actor("Russian troops").entity_type == "group"
    assert code_actor("Interpol").reference_id == "international_bodies/interpol"
    assert code_actor("President Mandela", date(1996, 1, 1)).reference_id == "person/nelson-mandela"
    with pytest.raises(ValueError, match="ISO"):
        code_actor("Norway", "last week")


def test_nouns() -> None:
    assert is_actor_noun("warship")
    assert is_actor_noun("lawmakers")
    assert not is_actor_noun("weather")
    assert noun_sector("warship") == "MIL"
    assert noun_sector("spokesman") is None
    assert noun_sector("weather") is None


def test_spans_take_their_noun_phrase() -> None:
    parse = parse_of("Angry miners in Zambia met the foreign minister of Angola, who fled Portugal, on Monday.")
    miners, minister = parse.word.index("miners"), parse.word.index("minister")
    code = code_span(parse, miners, miners + 1, None)
    assert (code.country_code, code.sector_code) == ("ZMB", "LAB")
    code = code_span(parse, minister, minister + 1, None)
    assert (code.country_code, code.sector_code, code.role) == ("AGO", "GOV", "foreign minister")


def test_titles_and_appositions() -> None:
    codes = coded(
        "Norwegian Defence Minister Kari Lunde met Tomas Weld, the Irish foreign minister, on Monday. "
        "Weld said that Judge Ana Prado would stay.",
        {"Kari Lunde": [], "Tomas Weld": ["Weld"], "Ana Prado": []},
    )
    assert codes["Kari Lunde"] == ActorCode("NOR", "GOV", "person", "Defence Minister")
    assert codes["Tomas Weld"] == ActorCode("IRL", "GOV", "person", "foreign minister")
    assert codes["Ana Prado"].sector_code == "JUD"


def test_possessors_copulas_and_relative_clauses() -> None:
    codes = coded(
        "Zambia's Joseph Mwila arrived on Sunday. Petra Novotna is the prime minister of Slovakia. "
        "Adam Kerr, who leads the Scottish police, agreed. Lin Sato was elected president of Palau.",
        {"Joseph Mwila": [], "Petra Novotna": [], "Adam Kerr": [], "Lin Sato": []},
    )
    assert codes["Joseph Mwila"].country_code == "ZMB"
    assert codes["Petra Novotna"] == ActorCode("SVK", "GOV", "person", "prime minister")
    assert (codes["Adam Kerr"].country_code, codes["Adam Kerr"].sector_code) == ("GBR", "COP")
    assert codes["Lin Sato"] == ActorCode("PLW", "GOV", "person", "president")


def test_descriptions_among_the_mentions() -> None:
    text = "President Ilse Brandt spoke first. Later the Namibian leader left the room."
    alone = coded(text, {"Ilse Brandt": []})
    assert alone["Ilse Brandt"] == ActorCode(None, "GOV", "person", "President")
    # with the description in the same cluster its country completes the bare title; the title stays the role
    described = coded(text, {"Ilse Brandt": ["the Namibian leader"]})
    assert described["Ilse Brandt"] == ActorCode("NAM", "GOV", "person", "President")


def test_country_of_a_bare_title_comes_from_its_own_clause_only() -> None:
    there = coded("The envoy will travel to Malta for talks with President Rosa Camilleri.", {"Rosa Camilleri": []})
    assert there["Rosa Camilleri"].country_code == "MLT"
    torn = coded("The envoy praised President Rosa Camilleri. Malta and Cyprus were silent.", {"Rosa Camilleri": []})
    assert torn["Rosa Camilleri"].country_code is None
    traveller = coded("President Rosa Camilleri flew to Cyprus.", {"Rosa Camilleri": []})
    assert traveller["Rosa Camilleri"].country_code is None


def test_owner_of_an_office_lends_the_country() -> None:
    codes = coded(
        "Estonian President Mart Saar spoke. Saar's spokesman Ivo Rebane declined to comment.",
        {"Mart Saar": ["Saar"], "Ivo Rebane": []},
    )
    assert codes["Ivo Rebane"].country_code == "EST"


def test_the_article_beats_the_list() -> None:
    text = "Angela Merkel, the Austrian tennis coach, spoke. Botswana's President Olaf Scholz listened."
    codes = coded(text, {"Angela Merkel": [], "Olaf Scholz": []}, use_reference=True)
    assert codes["Olaf Scholz"].country_code == "BWA"
    assert codes["Olaf Scholz"].reference_id is None
    assert codes["Angela Merkel"].country_code == "AUT"
    assert codes["Angela Merkel"].sector_code not in ("GOV", "ELI")
    assert codes["Angela Merkel"].reference_id is None


def test_the_list_is_a_prior_only_when_asked() -> None:
    text = "Narendra Modi spoke to reporters."
    assert coded(text, {"Narendra Modi": []})["Narendra Modi"].country_code is None
    known = coded(text, {"Narendra Modi": []}, use_reference=True)["Narendra Modi"]
    assert (known.country_code, known.sector_code, known.reference_id) == ("IND", "GOV", "person/narendra-modi")


def test_bodies_groups_and_countries() -> None:
    parse = parse_of("Gazprom sued the European Commission, and Norway waited.")
    clusters = [
        Cluster("Gazprom", "organisation"),
        Cluster("the European Commission", "organisation"),
        Cluster("Norway", "country"),
        Cluster("Quixotic Holdings", "organisation"),
    ]
    code_clusters(parse, [], clusters, None)
    assert [(c.code.country_code, c.code.sector_code, c.code.entity_type) for c in clusters] == [
        ("RUS", "BUS", "organisation"),
        (None, "EUR", "organisation"),
        ("NOR", None, "country"),
        (None, None, "organisation"),
    ]


def test_invented_officials_of_an_invented_country() -> None:
    codes = coded(
        "Ruritanian President Zoltan Pell received Mira Vance, the Ruritanian foreign minister. "
        "Later General Anton Rusk joined Pell.",
        {"Zoltan Pell": ["Pell"], "Mira Vance": [], "Anton Rusk": []},
        use_reference=True,
    )
    assert codes["Zoltan Pell"] == ActorCode(None, "GOV", "person", "Ruritanian President")
    assert codes["Mira Vance"] == ActorCode(None, "GOV", "person", "Ruritanian foreign minister")
    assert codes["Anton Rusk"] == ActorCode(None, "MIL", "person", "General")


def test_country_after_the_name() -> None:
    codes = coded(
        "President Ilse Brandt of Namibia met Ivo Dorn of Namibia's union.", {"Ilse Brandt": [], "Ivo Dorn": []}
    )
    assert codes["Ilse Brandt"].country_code == "NAM"


def test_a_description_has_the_country_of_whom_it_belongs_to() -> None:
    parse = parse_of(
        "Kenyan President Lena Marsh spoke. The administration agreed. Lena Marsh and Ana Sato said they left."
    )
    first, second = (parse.word.index(w) for w in ("Lena", "administration"))
    mentions = [
        Mention(first, first + 2, first + 1, *parse.chars(first, first + 2), "Lena Marsh", 0, "name", "PERSON", 0),
        Mention(
            second - 1,
            second + 1,
            second,
            *parse.chars(second - 1, second + 1),
            "The administration",
            1,
            "nominal",
            None,
            1,
        ),
    ]
    clusters = [
        Cluster("Lena Marsh", "person"),
        Cluster("The administration", "organisation", named=False, of=(0,)),
        Cluster("Lena Marsh and Ana Sato", "group", named=False, of=(0, 3)),
        Cluster("Ana Sato", "person"),
    ]
    code_clusters(parse, mentions, clusters, None, False)
    assert (clusters[1].code.country_code, clusters[1].code.sector_code) == ("KEN", "GOV")
    assert (clusters[2].code.country_code, clusters[2].code.sector_code) == (None, None)


def test_nearest_foreign_name_gives_no_country() -> None:
    codes = {
        "the villages": None,
        "The East African carriers": None,
        "the villages around Lake Chad": None,
        "the coast of Lake Malawi": None,
    }
    for text, country in codes.items():
        parse = parse_of(f"Soldiers entered {text} on Monday.")
        end = 2 + len(text.split())
        assert code_span(parse, 2, end, None).country_code == country, text
    assert code_actor("The county's governor, Abdi Tolvik").country_code is None


def test_family_name_is_no_city() -> None:
    parse = parse_of("Ramiro Salamanca resigned on Monday. Salamanca denied the charges.")
    again = [i for i, word in enumerate(parse.word) if word == "Salamanca"][-1]
    assert code_span(parse, again, again + 1, None).country_code is None
    parse = parse_of("The court sits in Salamanca.")
    assert code_span(parse, 4, 5, None).country_code == "ESP"


def home_of(text: str, names: dict[str, str], bodies: tuple[str, ...] = ()) -> dict[str, str | None]:
    """Country of each person, after the rest of the text has been found by name and label."""
    parse = parse_of(text)
    clusters = [Cluster(n, "person") for n in names] + [Cluster(n, "organisation") for n in bodies]
    numbers = {n: i for i, n in enumerate([*names, *bodies])}
    mentions = []
    for start, end, label in parse.names:
        printed = parse.words(start, end).removesuffix("'s")
        end -= parse.lower[end - 1] == "'s"
        start += parse.lower[start] == "the"
        number = next((k for n, k in numbers.items() if n in printed), -1)
        if label in ("PERSON", "GPE", "NORP", "ORG", "LOC") and number < 0:
            span = parse.chars(start, end)
            mentions.append(
                Mention(start, end, end - 1, *span, parse.words(start, end), parse.sentence[start], "name", label)
            )
    for name, number in numbers.items():
        size = len(name.split())
        for i in range(len(parse)):
            if parse.words(i, min(i + size, len(parse))) == name:
                span = parse.chars(i, i + size)
                label = "PERSON" if name in names else "ORG"
                mentions.append(
                    Mention(i, i + size, i + size - 1, *span, name, parse.sentence[i], "name", label, number)
                )
    code_clusters(parse, sorted(mentions, key=lambda m: m.start), clusters, None, False)
    return {c.name: c.code.country_code for c in clusters}


def test_national_office_takes_the_home_of_the_article() -> None:
    text = (
        "Zambia's parliament passed the law on Monday. President Lena Marsh praised it, and Zambian police cheered. "
        "Norway was silent."
    )
    assert home_of(text, {"Lena Marsh": ""}) == {"Lena Marsh": "ZMB"}


def test_two_countries_that_compete_give_no_home() -> None:
    text = (
        "Zambia's parliament and Angola's parliament passed the law. President Lena Marsh met Zambian and Angolan "
        "officials."
    )
    assert home_of(text, {"Lena Marsh": ""}) == {"Lena Marsh": None}


def test_the_office_that_one_country_has_filled_is_the_other_countrys() -> None:
    text = (
        "Zambia could close the border, Prime Minister Lena Marsh said. Zambian police left. "
        "Angola's prime minister, Ana Dorn, protested, and Angolan police stayed."
    )
    assert home_of(text, {"Lena Marsh": "", "Ana Dorn": ""}) == {"Lena Marsh": "ZMB", "Ana Dorn": "AGO"}


def test_ambassador_and_unlisted_country_take_no_home() -> None:
    text = (
        "Zambia's government met on Monday. Ambassador Lena Marsh left, and Ruritanian President Ivo Pell stayed. "
        "Zambian police cheered."
    )
    assert home_of(text, {"Lena Marsh": "", "Ivo Pell": ""}) == {"Lena Marsh": None, "Ivo Pell": None}


def test_cities_alone_are_no_home() -> None:
    text = "The fire in Hull burned for hours. The governor, Lena Marsh, visited Hull and left Hull."
    assert home_of(text, {"Lena Marsh": ""}) == {"Lena Marsh": None}


def test_congress_is_that_of_the_article() -> None:
    text = "Peru's government asked Congress for money. Peruvian police waited, and Peru's army agreed."
    assert home_of(text, {}, ("Congress",)) == {"Congress": "PER"}


def test_dateline_is_home_when_the_text_bears_it_out() -> None:
    text = "LUSAKA - Zambia closed the border. President Lena Marsh blamed Angola and Angolan smugglers."
    tables = pipeline.code([{"id": "a", "text": text, "published_at": "2031-05-05", "language": "en"}])
    assert tables["entities"].query("name == 'Lena Marsh'")["country_code"].tolist() == ["ZMB"]


def test_its_minister_is_of_the_country() -> None:
    text = "Angola and Zambia met on Monday. Zambia rejected the offer, and its minister, Dawit Sande, left early."
    tables = pipeline.code([{"id": "a", "text": text, "published_at": "2031-05-05", "language": "en"}])
    assert tables["entities"].query("name == 'Dawit Sande'")["country_code"].tolist() == ["ZMB"]


def test_title_does_not_run_into_another_name() -> None:
    text = "The Harbour Alliance of former mayor Ivo Dorn took 54 seats. Dorn thanked voters."
    tables = pipeline.code([{"id": "a", "text": text, "published_at": "2031-05-05", "language": "en"}])
    assert tables["entities"].query("name == 'Ivo Dorn'")["role"].tolist() == ["mayor"]


@pytest.mark.parametrize(
    ("text", "country", "role"),
    [
        ("Kenyans have elected Peter Otieno president.", "KEN", "president"),
        ("Hungarians elected Peter Otieno president on Sunday.", "HUN", "president"),
        ("Kenyans will not elect Peter Otieno president.", None, None),
    ],
)
def test_who_elects_somebody_says_where_he_holds_office(text: str, country: str | None, role: str | None) -> None:
    code = coded(text, {"Peter Otieno": []})["Peter Otieno"]
    assert (code.country_code, code.role) == (country, role)


def tables_of(*texts: str) -> dict[str, pd.DataFrame]:
    """All tables of some articles of 2 September 2026."""
    return pipeline.code(
        [{"id": str(i), "text": t, "published_at": "2026-09-02", "language": "en"} for i, t in enumerate(texts)]
    )


def test_one_entity_for_one_listed_person_or_body() -> None:
    entities = tables_of(
        "US President Donald Trump met Ukraine's Volodymyr Zelenskiy on Monday. Trump praised the meeting.",
        "Trump and Zelenskiy agreed to meet again in Geneva, the White House said on Wednesday.",
        "Zelenskiy urges allies to send weapons. Trump rejects the plan.",
    )["entities"]
    listed = entities[entities["reference_id"].fillna("").str.startswith("person/")]
    assert sorted(listed["name"]) == ["Donald Trump", "Volodymyr Zelenskiy"]
    assert set(listed["entity_type"]) == {"person"}
    assert entities["reference_id"].dropna().is_unique


def test_a_people_is_not_its_country() -> None:
    entities = tables_of("Kenyans voted on Monday. Kenya counted the votes. Kenyans rejected the plan.")["entities"]
    references = dict(zip(entities["entity_type"], entities["reference_id"], strict=True))
    assert references["country"] == "country/KEN"
    assert pd.isna(references["group"])


def actor_codes(text: str) -> set[tuple[str, str | None, str | None]]:
    found = tables_of(text)["event_actors"].astype(object)
    found = found.where(found.notna(), None)
    return set(zip(found["actor_text"], found["country_code"], found["sector_code"], strict=True))


def test_longest_listed_name_is_meant() -> None:
    text = "The Pakistani Taliban attacked a police post in Peshawar on Monday, killing four officers."
    assert ("The Pakistani Taliban", "PAK", "REB") in actor_codes(text)


def test_rsf_is_the_sudanese_force_unless_the_long_form_is_printed() -> None:
    assert ("The RSF", "SDN", "PRM") in actor_codes("The RSF shelled a camp near El Fasher on Monday.")
    spelled = actor_codes("Reporters Without Borders (RSF) condemned Sudan on Monday. RSF accused the army of murder.")
    assert ("RSF", None, "NGO") in spelled


def test_a_capital_that_hosts_is_no_government() -> None:
    assert ("Berlin", "DEU", None) in actor_codes("Ukraine's Volodymyr Zelenskiy arrived in Berlin on Tuesday.")
    assert ("Kabul", "AFG", "GOV") in actor_codes("Islamabad accused Kabul of arming the rebels on Monday.")


def test_what_several_countries_share_is_of_none() -> None:
    text = "Police in Kashmir arrested two men on Monday. Kashmiri separatists attacked a patrol on the Nile."
    codes = actor_codes(text)
    assert ("Police in Kashmir", None, "COP") in codes
    assert ("Kashmiri separatists", None, "REB") in codes
    places = tables_of(text)["places"]
    assert places.loc[places["name"].isin(["Kashmir", "Nile"]), "country_code"].isna().all()
