"""A gazetteer built from a GeoNames dump: what it takes, what it refuses, and what a run finds with it."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pipeline import cli
from pipeline.errors import UsageError
from pipeline.geonames.building import build
from pipeline.places.built import Built, use_gazetteer

ROWS = """
90000001|Orvane-sur-Lys|Orvane-sur-Lys|Orvanes,オルヴァン,ORV|0.5|36.25|P|PPL|KE|07|0702||420
90000002|Ñandarua|Nandarua||0.75|36.5|P|PPLX|KE|07|0702||0
90000003|Kelbura County|Kelbura County|Kelbura|0.5|36.25|A|ADM2|KE|07|0702||90000
90000004|Kelbura Airport|Kelbura Airport||0.51|36.2|S|AIRP|KE|07|0702||
90000005|Hotel Orvane|Hotel Orvane||0.5|36.25|S|HTL|KE|07|0702||
90000006|Orvane-sur-Lys|Orvane-sur-Lys||-10.5|-62.25|P|PPL|BR|24|||9000
90000007|Zamburu|Zamburu||0.2|36.4|A|ADM1|KE|07|||400000
184745|Nairobi|Nairobi||-1.28333|36.81667|P|PPLC|KE|05|||4397073
192950|Kenya|Kenya||1|38|A|PCLI|KE|00|||51393010
"""


def line(row: str) -> str:
    ident, name, ascii_name, other, lat, lon, kind, code, country, a1, a2, a3, people = row.split("|")
    cells = [ident, name, ascii_name, other, lat, lon, kind, code, country, "", a1, a2, a3, "", people, "", "100"]
    return "\t".join([*cells, "Africa/Nairobi", "2024-05-01"]) + "\n"


DUMP = "".join(line(row) for row in ROWS.strip().split("\n"))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "allCountries.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("allCountries.txt", DUMP)
    return path


def found(path: Path, name: str) -> list[tuple[int | None, str, str | None]]:
    entries = Built(path).find(name, 0)
    return [(e.place.geonames_id, e.feature, e.place.admin1_name) for e in entries]


def test_towns_divisions_and_sites_are_taken_and_shipped_places_left_out(dump: Path, tmp_path: Path) -> None:
    summary = build(dump, tmp_path / "own.sqlite")
    assert (summary.places, summary.shipped) == (6, 1)
    assert found(tmp_path / "own.sqlite", "orvane sur lys") == [
        (90000006, "PPL", None),
        (90000001, "PPL", "Zamburu"),
    ], "the larger one first, each with its division by the dump's own name of it"
    assert found(tmp_path / "own.sqlite", "nandarua") == [(90000002, "PPLX", "Zamburu")]
    assert [f[0] for f in found(tmp_path / "own.sqlite", "kelbura")] == [90000003], "an alternate name"
    assert Built(tmp_path / "own.sqlite").find("kelbura", 0)[0].alternate
    assert found(tmp_path / "own.sqlite", "kelbura airport")[0][1] == "AIRP"
    assert found(tmp_path / "own.sqlite", "orv") == found(tmp_path / "own.sqlite", "hotel orvane") == []
    assert found(tmp_path / "own.sqlite", "nairobi") == [], "the shipped gazetteer has it"


def test_what_is_taken_can_be_chosen(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.sqlite"
    assert build(dump, out, features="s").places == 2
    assert build(dump, out, features="P,HTL", min_population=400).places == 3
    with pytest.raises(UsageError, match="no place is taken; 1 of those asked for are in the shipped gazetteer"):
        build(dump, out, features="PPLC")
    assert build(dump, out).places == 6
    assert sorted(p.name for p in tmp_path.iterdir()) == ["allCountries.zip", "own.sqlite"], "nothing is left lying"


def test_a_division_is_called_as_the_shipped_gazetteer_calls_it(tmp_path: Path) -> None:
    path = tmp_path / "KE.txt"
    known = line("184745|Nairobi|Nairobi||-1.28|36.82|P|PPLC|KE|05|||4397073")
    village = line("90000008|Orvale|Orvale||-1.3|36.8|P|PPL|KE|05|||90")
    path.write_text(village + known + line("90000009|City of Nai|City of Nai||-1.3|36.8|A|ADM1|KE|05|||9"), "utf-8")
    assert build(path, tmp_path / "own.sqlite").places == 1, "the division is a shipped one by another name"
    assert found(tmp_path / "own.sqlite", "orvale") == [(90000008, "PPL", "Nairobi Area")]
    path.write_text(village, "utf-8")
    (tmp_path / "admin1CodesASCII.txt").write_text("KE.05\tNairobi City\tNairobi City\t184742\n", "utf-8")
    build(path, tmp_path / "own.sqlite")
    assert found(tmp_path / "own.sqlite", "orvale") == [(90000008, "PPL", "Nairobi City")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DUMP + "90000010\tcut o", r"line 10: 2 columns instead of 19 \(expected a GeoNames dump"),
        (DUMP.replace("\t0.5\t36.25\tP", "\t95\t36.25\tP"), "line 1: latitude 95 and longitude 36.25 are no place"),
        (DUMP.replace("\t420\t", "\tmany\t"), "line 1: invalid literal"),
        (DUMP.encode().replace(b"Orvanes", b"Orvan\xe9s"), "line 1: 'utf-8' codec"),
        ("id,name\n", "line 1: 1 columns instead of 19"),
        ("", "no place is taken"),
    ],
)
def test_a_file_that_is_no_dump_is_refused_by_its_line(tmp_path: Path, data: str | bytes, message: str) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (tmp_path / "own.sqlite").write_text("the old one")
    with pytest.raises(UsageError, match=message):
        build(path, tmp_path / "own.sqlite")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dump.txt", "own.sqlite"]
    assert (tmp_path / "own.sqlite").read_text() == "the old one"


def test_a_zip_cut_short_or_without_a_dump_is_refused(dump: Path, tmp_path: Path) -> None:
    whole = dump.read_bytes()
    dump.write_bytes(whole[:200])
    with pytest.raises(UsageError, match="is no whole zip file"):
        build(dump, tmp_path / "own.sqlite")
    at = whole.index(b"allCountries.txt") + 40
    dump.write_bytes(whole[:at] + bytes(40) + whole[at + 40 :])
    with pytest.raises(UsageError, match="is damaged after line"):
        build(dump, tmp_path / "own.sqlite")
    with zipfile.ZipFile(dump, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UsageError, match=r"holds readme.txt \(expected one dump"):
        build(dump, tmp_path / "own.sqlite")


def test_another_file_is_no_gazetteer(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a gazetteer, but long enough to be looked at as one" * 20)
    for name, message in (
        ("notes.txt", "is no gazetteer that 'dateline gazetteer build' made"),
        ("no", "does not exist"),
    ):
        with pytest.raises(UsageError, match=message):
            use_gazetteer(tmp_path / name)


def test_the_command_says_what_it_made(monkeypatch, capsys, dump: Path, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["dateline", "gazetteer", "build", dump.name])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    assert said.out.startswith("gazetteer.sqlite: 6 places under 8 names; 1 that the shipped gazetteer has were left")
    assert (tmp_path / "gazetteer.sqlite").stat().st_mode & 0o444


PROGRAM = """
import sys
from pathlib import Path
import pipeline
from pipeline import chain
from pipeline.stages import use_gazetteer
use_gazetteer(Path(sys.argv[1]) if sys.argv[1:] else None)
text = "Floods hit the village of Orvane-sur-Lys in western Kenya on Monday. Ten families fled to Nairobi."
places = pipeline.code([{"text": text}])["places"]
print(sorted(places["place_id"]), chain.code_version())
"""


def test_a_village_resolves_only_with_the_built_gazetteer(dump: Path, tmp_path: Path) -> None:
    build(dump, tmp_path / "own.sqlite")
    said = []
    for arguments in ([], [str(tmp_path / "own.sqlite")]):
        done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
        places, _, version = done.stdout.strip().rpartition(" ")
        said.append((places, version))
    assert said[0][0] == "['place-184745', 'place-192950']"
    assert said[1][0] == "['place-184745', 'place-192950', 'place-90000001']", "Kenya's, not the larger one in Brazil"
    assert said[0][1] != said[1][1], "rows of one gazetteer are not reused with another"


def test_a_gazetteer_that_is_missing_stops_the_run_before_it_begins(monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["dateline", "run", "--raw", ".", "--gazetteer", "no/such.sqlite"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "--gazetteer 'no/such.sqlite' does not exist (make one with: dateline gazetteer build)" in (
        capsys.readouterr().err
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_run_says_which_gazetteer_it_used_and_reuses_no_rows_of_another(dump: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.sqlite"
    build(dump, own)
    (tmp_path / "raw").mkdir()
    text = "Floods hit the village of Orvane-sur-Lys in western Kenya on Monday."
    (tmp_path / "raw" / "flood.txt").write_text(text, "utf-8")
    for arguments, digest, places in (
        (["run", "--raw", "raw"], hashlib.sha256(own.read_bytes()).hexdigest(), {"place-90000001", "place-192950"}),
        (["recode"], None, {"place-192950"}),
    ):
        environment = {**os.environ, "DATELINE_GAZETTEER": str(own) if digest else ""}
        subprocess.run(
            [Path(sys.executable).with_name("dateline"), *arguments], cwd=tmp_path, env=environment, check=True
        )
        latest = tmp_path / "output" / "latest"
        assert json.loads((latest / "manifest.json").read_text())["gazetteer"] == digest
        assert set(pd.read_parquet(latest / "places.parquet")["place_id"]) == places
