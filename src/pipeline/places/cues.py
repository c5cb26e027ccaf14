"""Words around a name that say what it is; rows in ``knowledge/place_cues.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.errors import KnowledgeError
from pipeline.knowledge import table

KINDS = ("body", "nation", "medium", "local", "cue", "direction", "area", "match", "sport", "division", "tld")


@dataclass(slots=True, frozen=True)
class Cues:
    """The words by kind, in lower case.

    Attributes:
        body: end of the name of a public body or building that bears its town's name ("Westbury Police Department").
        nation: the same, for bodies that a country has and a town has not ("Georgia Ministry of Health").
        medium: end of a name that says nothing about where ("Westbury Times").
        local: nouns before which a town stands bare ("a Lebanon woman") and a country has its adjective.
        country: words of one country's local news → that country.
        match: verbs of sport, whose subject and object are teams. ``sport``: nouns of a report on sport.
        division: what follows the name of a first or second level division ("Niger State").
        tld: two-letter top-level domains that say no country.
        direction: what stands before a place name and is no part of it. ``area``: what stands behind.
    """

    body: frozenset[str]
    nation: frozenset[str]
    medium: frozenset[str]
    local: frozenset[str]
    country: dict[str, str]
    direction: frozenset[str]
    area: frozenset[str]
    match: frozenset[str]
    sport: frozenset[str]
    division: frozenset[str]
    tld: frozenset[str]


@cache
def cues() -> Cues:
    """The packaged cues.

    Raises:
        KnowledgeError: a row has an unknown kind, or a cue row has no country.
    """
    words: dict[str, set[str]] = {k: set() for k in KINDS}
    country: dict[str, str] = {}
    for row in table("place_cues.csv"):
        if row["kind"] not in words or (row["kind"] == "cue") != bool(row["country"]):
            raise KnowledgeError(
                f"knowledge/place_cues.csv: '{row['word']}' has kind '{row['kind']}' and country '{row['country']}'"
            )
        words[row["kind"]].add(row["word"])
        if row["kind"] == "cue":
            country[row["word"]] = row["country"]
    return Cues(
        body=frozenset(words["body"]),
        nation=frozenset(words["nation"]),
        medium=frozenset(words["medium"]),
        local=frozenset(words["local"]),
        country=country,
        direction=frozenset(words["direction"]),
        area=frozenset(words["area"]),
        match=frozenset(words["match"]),
        sport=frozenset(words["sport"]),
        division=frozenset(words["division"]),
        tld=frozenset(words["tld"]),
    )
