"""In which country the places of an article lie, and whom a place beside an actor noun makes somebody of.

The lexicon knows only the most populous city of a name; the places room has read the whole article. Where both speak,
the article's reading holds: "Hull" in an English paper is no Canadian town.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline import knowledge
from pipeline.actors.pieces import INTERNATIONAL, PLACING
from pipeline.actors.strings import code_text
from pipeline.text import ActorCode, Mention, Parse, Place

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
ABROAD = tuple(_WORDS["sent_abroad"])
"""The place of an envoy is not the envoy's country."""
OWNING = frozenset({"poss", "compound", "nmod", "amod"})


@dataclass(slots=True, frozen=True)
class Lands:
    """Countries of an article's places.

    Attributes:
        at: head token of a place name → its country.
        seat: cluster of a body that is called after its place ("Hull City Council") → that country, when another place
            of the article is there, too; a "Level Four Centre" is no body of Levél.
        printed: names of towns and regions as printed, in lower case, by country.
    """

    at: Mapping[int, str] = field(default_factory=dict)
    seat: Mapping[int, str] = field(default_factory=dict)
    printed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def settle(
        self, code: ActorCode, parse: Parse, first: int, last: int, published: date | None, use_holders: bool = False
    ) -> ActorCode:
        """A reading of the tokens ``first .. last`` with the country that its place names have in this article.

        A reading without a country takes that of a place that belongs to what was read: "Selby mayor", "the mayor of
        Selby", "teachers in Selby".
        """
        inside = [t for t in range(first, last) if t in self.at]
        if not inside:
            return code
        if code.country_code is None:
            if inside[0] == last - 1 and all(parse.word[t][:1].isupper() for t in range(first, last)):
                return placed(code, self.at[inside[0]])  # the place is all there is
            bound = next((t for t in inside if _belongs(parse, t, first, last)), None)
            return code if bound is None or _is_abroad(code.role) else placed(code, self.at[bound])
        if code.country_code in (self.at[t] for t in inside):
            return code
        if code_text(parse.words(first, last), published, use_holders, True, False).country_code is not None:
            return code  # a country is printed, too
        return of_country(code, self.at[inside[0]])


def _belongs(parse: Parse, place: int, first: int, last: int) -> bool:
    above = parse.head[place]
    if not first <= above < last or above == place:
        return False
    return parse.dep[place] in OWNING or (parse.dep[place] == "pobj" and parse.lower[above] in PLACING)


def _is_abroad(role: str | None) -> bool:
    return role is not None and role.lower().endswith(ABROAD)


def read_lands(mentions: list[Mention], places: Mapping[int, Place]) -> Lands:
    """Sort the article's places by what their names stand for.

    Args:
        mentions: the article's mentions.
        places: index of a mention → its place, as ``places.find_places`` returns it.
    """
    at: dict[int, str] = {}
    seat: dict[int, str] = {}
    printed: dict[str, set[str]] = {}
    for index, place in sorted(places.items()):
        m = mentions[index]
        if place.country_code is None:
            continue
        if m.label == "ORG":
            seat.setdefault(m.cluster, place.country_code)
        elif m.head >= 0:
            at[m.head] = place.country_code
            if not place.feature_code.startswith("PCL"):
                printed.setdefault(place.country_code, set()).add(m.text.lower())
    around = set(at.values())
    seat = {cluster: country for cluster, country in seat.items() if cluster >= 0 and country in around}
    return Lands(at, seat, {country: frozenset(names) for country, names in printed.items()})


def of_country(code: ActorCode, country: str | None) -> ActorCode:
    """The same with another country; without one, it is not the known body or person either."""
    return ActorCode(
        country, code.sector_code, code.entity_type, code.role, None if country is None else code.reference_id
    )


def placed(code: ActorCode, country: str | None) -> ActorCode:
    """The code with a country where it has none and may have one."""
    if country is None or code.country_code or code.sector_code in INTERNATIONAL:
        return code
    return of_country(code, country)
