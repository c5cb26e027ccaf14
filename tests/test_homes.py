"""Home countries of local offices and bodies, and whose sector an office has that says none by itself."""

from __future__ import annotations

import pytest

import pipeline
from pipeline import actors


def tables(text: str) -> dict[str, object]:
    return pipeline.code([{"id": "a", "text": text, "published_at": "2031-05-05", "language": "en"}])


def entity(text: str, name: str) -> tuple[str | None, str | None]:
    """Country and sector of the entity of that name."""
    found = tables(text)["entities"]
    row = found[found["name"] == name].iloc[0]
    return tuple(None if value is None or value != value else value for value in (row.country_code, row.sector_code))


def country_of_actor(text: str, actor: str) -> str | None:
    found = tables(text)["event_actors"]
    values = found.loc[found["actor_text"] == actor, "country_code"]
    assert len(values), f"no actor '{actor}' among {found['actor_text'].tolist()}"
    return None if values.isna().any() else values.iloc[0]


MARKET = (
    "A man was jailed in Kisumu on Monday for burning a market. Magistrate Lena Marsh rejected his appeal. Police had"
    " arrested him in Nakuru. Norway's embassy sent blankets and Sweden sent food, and Governor Ivo Dorn thanked them."
)


def test_local_officials_are_of_the_country_of_the_places() -> None:
    assert entity(MARKET, "Lena Marsh") == ("KEN", "JUD")
    assert entity(MARKET, "Ivo Dorn") == ("KEN", "GOV")
    assert country_of_actor(MARKET, "Police") == "KEN"


def test_places_of_two_countries_are_no_home() -> None:
    text = MARKET.replace("Nakuru", "Kampala")
    assert entity(text, "Lena Marsh")[0] is None
    assert entity(text, "Ivo Dorn")[0] is None


def test_one_place_is_no_home() -> None:
    assert entity("Magistrate Lena Marsh jailed a man in Kisumu. Marsh left.", "Lena Marsh")[0] is None


def test_a_bare_council_has_the_country_of_the_article_and_not_of_a_namesake_town() -> None:
    text = (
        "Teachers in Hull went on strike on Monday, and teachers in Leeds joined them. The council in Hull condemned"
        " the strike. The government in London praised the council. Britain has few teachers."
    )
    assert country_of_actor(text, "The council in Hull") == "GBR"
    assert country_of_actor(text, "the council") == "GBR"


def test_several_armies_are_of_no_single_country() -> None:
    text = "Niger's army and Niger's government met on Monday. Niger said the two armies would attack the rebels."
    assert country_of_actor(text, "the two armies") is None


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        (
            "The Harbour Renewal Party won in Mongolia. Its chairman, Ivo Dorn, thanked voters.",
            "Ivo Dorn",
            ("MNG", "PTY"),
        ),
        ("Zambia met the World Bank. The bank's country director, Ana Dorn, left.", "Ana Dorn", (None, "IGO")),
        ("The union called a strike in Lagos and Ibadan. Its leader, Ana Dorn, left.", "Ana Dorn", (None, "LAB")),
    ],
)
def test_an_office_without_a_sector_has_that_of_its_body(text: str, name: str, code: tuple[str | None, str]) -> None:
    country, sector = entity(text, name)
    assert sector == code[1]
    assert code[0] in (None, country)


def test_a_body_called_after_its_town_is_of_the_towns_country() -> None:
    text = "The Leeds City Council met in Leeds on Monday. The Leeds City Council accused the London Assembly of delay."
    assert entity(text, "Leeds City Council") == ("GBR", "GOV")


def test_bodies_of_different_names_are_different_bodies() -> None:
    names = ("Los Zetas", "Gulf Cartel", "Boko Haram", "Ansaru", "Royal Navy", "Ministry of Defence", "Camorra")
    found = [actors.code_actor(name).reference_id for name in names]
    assert None not in found
    assert len(set(found)) == len(names)
    assert actors.code_actor("CJNG").reference_id == actors.code_actor("Jalisco New Generation Cartel").reference_id
