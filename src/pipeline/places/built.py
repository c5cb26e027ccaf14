"""A gazetteer that somebody built from a GeoNames dump: villages and sites beside those of the shipped gazetteer.

It is a SQLite file, made by ``dateline gazetteer build`` and looked up where it lies: a process keeps the names that it
has asked for and no more, and all processes share the pages that the operating system has in memory. Its rows come
after the shipped ones and never repeat one, so a place has one id and one set of facts.
"""

from __future__ import annotations

import hashlib
import sqlite3
from functools import cache
from importlib import resources
from pathlib import Path

from pipeline.errors import KnowledgeError, UsageError
from pipeline.places.entry import Entry, alpha3, built_prior
from pipeline.places.naming import key
from pipeline.text import Place

SHIPPED = "gazetteer.csv.gz"
APPLICATION_ID = 0x646C677A  # "dlgz", in the head of the SQLite file
FORMAT = 1
MOST_NAMESAKES = 60
SCHEMA = """
create table about (name text primary key, value text not null) without rowid;
create table places (
    geonames_id integer primary key, name text not null, feature text not null, country text not null,
    admin1 text not null, admin2 text not null, latitude real not null, longitude real not null,
    population integer not null
);
create table divisions (code text primary key, name text not null) without rowid;
create table names (
    name text not null, alternate integer not null, geonames_id integer not null,
    primary key (name, alternate, geonames_id)
) without rowid;
"""
"""``places.admin1`` and ``admin2`` are codes of ``divisions`` ("KE.30", "KE.30.7"); ``names.name`` is a key."""

FIND = """
select n.alternate, p.geonames_id, p.name, p.feature, p.country, coalesce(a.name, ''), coalesce(b.name, ''),
    p.latitude, p.longitude, p.population
from names n join places p using (geonames_id)
    left join divisions a on a.code = p.admin1 left join divisions b on b.code = p.admin2
where n.name = ?
order by n.alternate, p.population desc, p.geonames_id limit ?
"""

_in_use: list[Path] = []
_asked: list[bool] = []


def use_gazetteer(path: Path | None) -> None:
    """Look names up in a built gazetteer, too. Once a process, before the first name is looked up.

    Args:
        path: the file; None leaves things as they are.

    Raises:
        UsageError: the file is missing, is no built gazetteer, or was built beside another shipped one; or another is
            in use already.
    """
    if path is None or _in_use == [path.resolve()]:
        return
    Built(path)
    if _in_use or _asked:
        raise UsageError(f"--gazetteer '{path}': another gazetteer is in use already; start a new process for this one")
    _in_use.append(path.resolve())


def built_gazetteer() -> Path | None:
    """The built gazetteer in use, or None."""
    return _in_use[0] if _in_use else None


@cache
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def gazetteer_version() -> str | None:
    """SHA-256 of the built gazetteer in use, or None: what rows coded with it depend on."""
    path = built_gazetteer()
    return _digest(path) if path else None


def shipped_version() -> str:
    """SHA-256 of the shipped gazetteer, beside which another is built."""
    return hashlib.sha256(resources.files("pipeline.knowledge").joinpath(SHIPPED).read_bytes()).hexdigest()


def opened() -> Built | None:
    """The built gazetteer in use, opened; from now on no other can be used in this process."""
    _asked.append(True)
    path = built_gazetteer()
    return Built(path) if path else None


class Built:
    """A built gazetteer, open for reading.

    Raises:
        UsageError: see :func:`use_gazetteer`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise UsageError(f"--gazetteer '{path}' does not exist (make one with: dateline gazetteer build)")
        # workers may look names up from a thread of their pool; the file is never written to
        self._file = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            (kind,), (form,) = (
                self._file.execute(f"pragma {name}").fetchone() for name in ("application_id", "user_version")
            )
            if kind != APPLICATION_ID:
                raise UsageError(f"--gazetteer '{path}' is no gazetteer that 'dateline gazetteer build' made")
            if form != FORMAT or self.about("shipped") != shipped_version():
                raise UsageError(
                    f"--gazetteer '{path}' was built by another version of dateline; build it again from the dump"
                )
        except sqlite3.DatabaseError as error:
            raise UsageError(f"--gazetteer '{path}' is no gazetteer that 'dateline gazetteer build' made") from error

    def about(self, name: str) -> str | None:
        """What the builder noted: ``shipped``, ``source``, ``places``."""
        row = self._file.execute("select value from about where name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def find(self, name_key: str, first_row: int) -> list[Entry]:
        """Entries with this key, own names first, then by population; at most 60.

        Args:
            name_key: as :func:`~pipeline.places.naming.key` makes it.
            first_row: what to count :attr:`Entry.row` from.

        Raises:
            KnowledgeError: the file is damaged.
        """
        try:
            rows = self._file.execute(FIND, (name_key, MOST_NAMESAKES)).fetchall()
        except sqlite3.DatabaseError as error:
            raise KnowledgeError(f"the gazetteer '{self.path}' is damaged ({error}); build it again") from error
        found: dict[int, Entry] = {}
        for alternate, number, name, feature, country, admin1, admin2, latitude, longitude, population in rows:
            place = Place(
                place_id=f"place-{number}",
                name=name,
                feature_code=feature,
                admin1_name=admin1 or None,
                country_code=alpha3(country),
                latitude=latitude,
                longitude=longitude,
                population=population or None,
                geonames_id=number,
            )
            prior = built_prior(feature, population, bool(alternate))
            found.setdefault(
                number,
                Entry(
                    first_row + number, place, feature, country, key(admin1), key(admin2), bool(alternate), prior, True
                ),
            )
        return list(found.values())
