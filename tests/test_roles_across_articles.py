"""What one article says of an official is known in the next, without the list of office holders."""

import pandas as pd
import pytest

import pipeline

FIRST = """SELBY - Palauan President Mirela Ngirmang visited the new harbour on Monday.

Ngirmang met Ruritanian Foreign Minister Zoltan Pellworm, and Pellworm praised her plan."""
NEXT = """SELBY - Ngirmang criticised Zoltan Pellworm on Thursday over the harbour."""


def record(name: str, text: str, day: str) -> dict[str, object]:
    return {"id": name, "text": text, "published_at": f"{day}T08:00:00Z", "language": "en"}


def coded(*records: dict[str, object]) -> dict[str, pd.DataFrame]:
    return pipeline.code(records, office_holders=False)


def entity(tables: dict[str, pd.DataFrame], name: str) -> pd.Series:
    found = tables["entities"].query("name == @name")
    assert len(found) == 1, tables["entities"]["name"].tolist()
    return found.iloc[0]


def actors_of(tables: dict[str, pd.DataFrame], source_id: str, word: str) -> pd.DataFrame:
    """The actors in one article's events whose text holds a word."""
    articles, reports, actors = tables["articles"], tables["event_mentions"], tables["event_actors"]
    article = articles.loc[articles["source_id"] == source_id, "article_id"].item()
    own = reports.loc[reports["article_id"] == article, "event_mention_id"]
    found = actors[actors["event_mention_id"].isin(own) & actors["actor_text"].str.contains(word)]
    assert len(found), (source_id, word)
    return found


def test_a_new_president_is_known_in_the_next_article() -> None:
    tables = coded(record("one", FIRST, "2031-05-05"), record("two", NEXT, "2031-05-08"))
    president = entity(tables, "Mirela Ngirmang")
    assert (president["country_code"], president["sector_code"], president["role"]) == ("PLW", "GOV", "President")
    assert president["article_count"] == 2
    later = actors_of(tables, "two", "Ngirmang").iloc[0]
    assert later["entity_id"] == president["entity_id"]
    assert (later["country_code"], later["sector_code"]) == ("PLW", "GOV")


def test_a_country_that_no_list_has_lends_the_role_only() -> None:
    tables = coded(record("one", FIRST, "2031-05-05"), record("two", NEXT, "2031-05-08"))
    minister = entity(tables, "Zoltan Pellworm")
    assert pd.isna(minister["country_code"])
    assert (minister["sector_code"], minister["role"].endswith("Foreign Minister")) == ("GOV", True)
    assert set(actors_of(tables, "two", "Pellworm")["sector_code"]) == {"GOV"}


def test_without_the_first_article_nothing_is_known() -> None:
    tables = coded(record("two", NEXT, "2031-05-08"))
    assert actors_of(tables, "two", "Ngirmang")["country_code"].isna().all()


def test_an_office_does_not_reach_back_to_earlier_articles_but_a_country_does() -> None:
    tables = coded(record("one", FIRST, "2031-05-05"), record("before", NEXT, "2031-05-02"))
    earlier = actors_of(tables, "before", "Ngirmang").iloc[0]
    assert earlier["entity_id"] == entity(tables, "Mirela Ngirmang")["entity_id"]
    assert earlier["country_code"] == "PLW"
    assert pd.isna(earlier["sector_code"])


def test_two_people_with_one_name_stay_two() -> None:
    other = "SELBY - Chilean rebel leader Mirela Ngirmang attacked a convoy on Monday. Ngirmang fled."
    tables = coded(record("one", FIRST, "2031-05-05"), record("other", other, "2031-05-06"))
    found = tables["entities"].query("name == 'Mirela Ngirmang'")
    assert sorted(found["country_code"]) == ["CHL", "PLW"]


@pytest.mark.parametrize(("office_holders", "country"), [(True, "IND"), (False, None)])
def test_the_list_is_switched_off(office_holders: bool, country: str | None) -> None:
    text = "Narendra Modi criticised the plan on Monday."
    tables = pipeline.code([record("m", text, "2021-05-05")], office_holders=office_holders)
    got = entity(tables, "Narendra Modi")["country_code"]
    assert (got if pd.notna(got) else None) == country


def test_the_printed_role_follows_the_latest_article() -> None:
    later = "SELBY - Former Palauan President Mirela Ngirmang criticised the harbour plan on Friday."
    tables = coded(record("one", FIRST, "2031-05-05"), record("later", later, "2031-06-05"))
    assert entity(tables, "Mirela Ngirmang")["sector_code"] == "ELI"


def test_descriptions_without_a_name_become_no_entity_but_lend_their_code() -> None:
    text = "SELBY - Palauan President Mirela Ngirmang spoke on Monday. The administration criticised the rebels."
    tables = coded(record("one", text, "2031-05-05"))
    assert "The administration" not in set(tables["entities"]["name"])
    mentions = tables["mentions"].set_index("text")
    assert pd.isna(mentions.loc["The administration", "entity_id"])
    source = actors_of(tables, "one", "administration").iloc[0]
    assert pd.isna(source["entity_id"])
    assert (source["country_code"], source["sector_code"]) == ("PLW", "GOV")
