"""A GeoNames dump: ``allCountries.zip``, the zip of a country, or the text file inside; one place a line."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.errors import UsageError

COLUMNS = 19
"""geonameid, name, asciiname, alternatenames, latitude, longitude, feature class, feature code, country code, cc2,
admin1 code, admin2 code, admin3 code, admin4 code, population, elevation, dem, timezone, modification date."""
DIVISION_LISTS = ("admin1CodesASCII.txt", "admin2Codes.txt")
BLOCK = 1 << 20  # bytes read at once
TOLD_EVERY = 20_000  # lines


@dataclass(slots=True, frozen=True)
class Row:
    """One place of a dump.

    ``kind`` is the feature class and ``feature`` its code; ``admin1`` and ``admin2`` are codes, "" where there is none;
    an unknown population is 0.
    """

    geonames_id: int
    name: str
    ascii_name: str
    alternates: tuple[str, ...]
    latitude: float
    longitude: float
    kind: str
    feature: str
    country: str
    admin1: str
    admin2: str
    population: int


class Dump:
    """An opened dump; use it as a context.

    Args:
        path: ``.zip`` with one dump inside, or the dump as text.

    Attributes:
        name: what messages call it.
        size: bytes of text in it.

    Raises:
        UsageError: there is no such file, or no dump in it.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path)
        self._open = ExitStack()
        try:
            self._stream, self.size = self._opened()
        except zipfile.BadZipFile as error:
            raise UsageError(f"'{path}' is no whole zip file ({error}); fetch the dump again") from error

    def _opened(self) -> tuple[IO[bytes], int]:
        if not self.path.is_file():
            raise UsageError(f"'{self.path}' does not exist (expected a GeoNames dump such as allCountries.zip)")
        if self.path.suffix.lower() != ".zip":
            return self._open.enter_context(self.path.open("rb", BLOCK)), self.path.stat().st_size
        archive = self._open.enter_context(zipfile.ZipFile(self.path))
        members = [m for m in archive.infolist() if m.filename.lower().endswith(".txt")]
        dumps = [m for m in members if "readme" not in m.filename.lower()]
        if len(dumps) != 1:
            names = ", ".join(m.filename for m in archive.infolist()[:5]) or "nothing"
            raise UsageError(f"'{self.path}' holds {names} (expected one dump, such as allCountries.txt)")
        self.name = f"{self.path} ({dumps[0].filename})"
        member = self._open.enter_context(archive.open(dumps[0]))
        return self._open.enter_context(io.BufferedReader(member, BLOCK)), dumps[0].file_size  # type: ignore[type-var]

    def __enter__(self) -> Dump:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def rows(self, wanted: Callable[[str, str], bool], tell: Callable[[int], None]) -> Iterator[Row]:
        """The rows whose feature class and code are wanted, in the dump's order.

        Args:
            wanted: asked with class and code, e.g. "P", "PPLA".
            tell: told every now and then how many bytes were read since.

        Raises:
            UsageError: a line is no row of a dump, or the file ends in the middle.
        """
        number = read = 0
        asked: dict[tuple[bytes, bytes], bool] = {}
        try:
            for number, line in enumerate(self._stream, 1):
                read += len(line)
                if number % TOLD_EVERY == 0:
                    tell(read)
                    read = 0
                cells = line.rstrip(b"\r\n").split(b"\t")
                if len(cells) != COLUMNS:
                    raise self._wrong(number, f"{len(cells)} columns instead of {COLUMNS}")
                kind = cells[6], cells[7]
                take = asked.get(kind)
                if take is None:
                    take = asked[kind] = wanted(cells[6].decode("ascii"), cells[7].decode("ascii"))
                if take:
                    try:
                        yield _row(line.rstrip(b"\r\n").decode().split("\t"))
                    except ValueError as error:
                        raise self._wrong(number, str(error)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise UsageError(f"'{self.name}' is damaged after line {number:,} ({error}); fetch it again") from error
        tell(read)

    def _wrong(self, line: int, why: str) -> UsageError:
        return UsageError(
            f"'{self.name}' line {line:,}: {why} (expected a GeoNames dump: a place a line, {COLUMNS} columns"
            " between tabs); nothing was written"
        )


def _row(cells: list[str]) -> Row:
    latitude, longitude = float(cells[4]), float(cells[5])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"latitude {cells[4]} and longitude {cells[5]} are no place on earth")
    return Row(
        geonames_id=int(cells[0]),
        name=cells[1],
        ascii_name=cells[2],
        alternates=tuple(cells[3].split(",")) if cells[3] else (),
        latitude=latitude,
        longitude=longitude,
        kind=cells[6],
        feature=cells[7],
        country=cells[8],
        admin1=cells[10],
        admin2=cells[11],
        population=int(cells[14] or 0),
    )


def division_names(dump: Path) -> dict[str, str]:
    """Code ("KE.30", "KE.30.7") → name, of GeoNames' lists of divisions where they lie beside the dump.

    Raises:
        UsageError: a line of such a list has not four columns.
    """
    found: dict[str, str] = {}
    for path in (dump.with_name(name) for name in DIVISION_LISTS):
        if path.is_file():
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                cells = line.split("\t")
                if len(cells) != 4:
                    raise UsageError(
                        f"'{path}' line {number:,}: {len(cells)} columns instead of 4; nothing was written"
                    )
                found[cells[0]] = cells[1]
    return found
