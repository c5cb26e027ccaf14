"""Dump → gazetteer file. One pass over the dump; what grows with it lies on disk."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunFailedError, UsageError
from pipeline.geonames.dump import Dump, Row, division_names
from pipeline.geonames.features import choice
from pipeline.places.built import APPLICATION_ID, FORMAT, SCHEMA, shipped_version
from pipeline.places.gazetteer import gazetteer
from pipeline.places.naming import is_usable, key

PRAGMAS = ("journal_mode = off", "synchronous = off", "temp_store = file", "cache_size = -32000")
"""The file is thrown away if anything fails; SQLite may hold 32 MB a table and sorts on disk what is larger."""
BATCH = 20_000  # rows


@dataclass(slots=True, frozen=True)
class Summary:
    """What was built: places and names written, and rows left out because the shipped gazetteer has their place."""

    places: int
    names: int
    shipped: int


def build(
    dump: Path,
    output: Path,
    features: str | None = None,
    min_population: int = 0,
    start: Callable[[int], None] = lambda _: None,
    tell: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Build a gazetteer file, all of it or none.

    A place that the shipped gazetteer holds is left out, so that every place has one row.

    Args:
        dump: see :class:`~pipeline.geonames.dump.Dump`.
        output: the file to write; an old one stays until the new one is whole.
        features: see :func:`~pipeline.geonames.features.choice`.
        min_population: least population of a town or village; an unknown one counts as 0.
        start: told the bytes to be read. ``tell``: told, now and then, the bytes read since.

    Raises:
        UsageError: the dump is none, or no row of it is taken; the old file stays.
        RunFailedError: the file could not be written.
    """
    wanted = choice(features)
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    with Dump(dump) as opened:
        builder = _Builder(division_names(dump))
        start(opened.size)
        output.parent.mkdir(parents=True, exist_ok=True)
        try:
            builder.open(partial)
            for row in opened.rows(lambda kind, code: wanted(kind, code) or code in ("ADM1", "ADM2"), tell):
                builder.read(row, wanted(row.kind, row.feature) and _large(row, min_population))
            summary = builder.finish(opened.name)
            with partial.open("rb") as written:
                os.fsync(written.fileno())
            partial.replace(output)
        except sqlite3.OperationalError as error:
            raise RunFailedError(f"'{output}' could not be written ({error}); nothing was changed") from error
        finally:
            builder.close()
            partial.unlink(missing_ok=True)
    return summary


def _large(row: Row, min_population: int) -> bool:
    return row.kind != "P" or row.population >= min_population


class _Builder:
    """Takes rows one by one.

    Divisions bear, in this order of preference, the name by which the shipped gazetteer calls them, that of GeoNames'
    lists, and that of the dump's own row: what lies in a division is found by its name.

    Args:
        listed: names of divisions by code, from GeoNames' lists.
    """

    def __init__(self, listed: dict[str, str]) -> None:
        self._listed = listed
        self._shipped = {number: names for number, *names in gazetteer().divisions()}
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._places: list[tuple[object, ...]] = []
        self._keys: list[tuple[str, bool, int]] = []
        self._known = 0
        self._file: sqlite3.Connection | None = None

    @property
    def _sql(self) -> sqlite3.Connection:
        assert self._file is not None, "open comes first"
        return self._file

    def open(self, path: Path) -> None:
        """Begin a new file."""
        path.unlink(missing_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None)
        for pragma in (*PRAGMAS, f"application_id = {APPLICATION_ID}", f"user_version = {FORMAT}"):
            self._sql.execute(f"pragma {pragma}")
        self._sql.executescript(SCHEMA)
        self._sql.execute("create temp table keys (name text, alternate integer, geonames_id integer)")
        self._sql.execute("begin")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def read(self, row: Row, take: bool) -> None:
        """Learn the names of divisions from a row, and take it if it is wanted and new."""
        admin1 = f"{row.country}.{row.admin1}" if row.admin1 else ""
        admin2 = f"{admin1}.{row.admin2}" if admin1 and row.admin2 else ""
        if row.feature in ("ADM1", "ADM2"):
            self._listed.setdefault(admin1 if row.feature == "ADM1" else admin2, row.name)
        shipped = self._shipped.get(row.geonames_id)
        if shipped:
            for code, name in zip((admin1, admin2), shipped, strict=True):
                if code and name:
                    self._votes[code][name] += 1
        if shipped or row.feature[:3] == "PCL":
            self._known += take
        elif take:
            where = row.latitude, row.longitude, row.population
            self._places.append((row.geonames_id, row.name, row.feature, row.country, admin1, admin2, *where))
            self._keys.extend((name, alternate, row.geonames_id) for name, alternate in _keys(row))
            if len(self._places) >= BATCH:
                self._flush()

    def _flush(self) -> None:
        self._sql.executemany("insert or replace into places values (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._places)
        self._sql.executemany("insert into keys values (?, ?, ?)", self._keys)
        self._places.clear()
        self._keys.clear()

    def finish(self, source: str) -> Summary:
        """Settle the divisions, sort the names and close the file.

        Raises:
            UsageError: no place was taken.
        """
        self._flush()
        sql = self._sql
        voted = {code: min(votes, key=lambda n: (-votes[n], n)) for code, votes in self._votes.items()}
        sql.executemany("insert into divisions values (?, ?)", sorted({**self._listed, **voted}.items()))
        for column, feature in (
            ("admin1", "ADM1"),
            ("admin2", "ADM2"),
        ):  # the shipped gazetteer has them by these names
            found = sql.execute(f"select geonames_id, {column} from places where feature = '{feature}'").fetchall()
            double = [(number,) for number, code in found if code in voted]
            sql.executemany("delete from places where geonames_id = ?", double)
            self._known += len(double)
        sql.execute(
            "insert into names select distinct name, alternate, geonames_id from keys"
            " where geonames_id in (select geonames_id from places) order by 1, 2, 3"
        )
        places, names = (sql.execute(f"select count(*) from {t}").fetchone()[0] for t in ("places", "names"))
        if not places:
            raise UsageError(
                f"'{source}': no place is taken; {self._known:,} of those asked for are in the shipped gazetteer (see"
                " --features and --min-population); nothing was written"
            )
        sql.execute("insert into about values ('shipped', ?)", (shipped_version(),))
        sql.execute("insert into about values ('places', ?)", (str(places),))
        sql.execute("commit")
        self.close()
        return Summary(places, names, self._known)


def _keys(row: Row) -> list[tuple[str, bool]]:
    """The keys under which a row is found; True marks those that are only alternate names."""
    own = {key(name) for name in (row.name, row.ascii_name)} - {""}
    other = {key(name) for name in row.alternates if is_usable(name)} - own - {""}
    return [*((name, False) for name in sorted(own)), *((name, True) for name in sorted(other))]
