"""The readers: every fault becomes a reject with file, line and reason, and the rest goes on."""

from __future__ import annotations

import gc
import gzip
import hashlib
import json
import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.errors import UsageError
from pipeline.records import Record, Reject

GOOD = {"id": "7", "text": "The harbour master of Mombasa opened the new pier on Tuesday.", "source": "Pier Post"}


def everything(root: Path, limits: raw.Limits = raw.LIMITS) -> tuple[list[Record], list[Reject]]:
    found = list(raw.read(root, raw.discover(root), limits))
    return [f for f in found if isinstance(f, Record)], [f for f in found if isinstance(f, Reject)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def line(**changes: object) -> str:
    return json.dumps({**GOOD, **changes}) + "\n"


def test_discover_lists_everything_but_what_is_passed_over_by_name(tmp_path: Path) -> None:
    write(tmp_path / "b/two.txt", "Two.")
    write(tmp_path / "b/two.meta.json", "{}")
    write(tmp_path / "a.jsonl", line())
    write(tmp_path / "README.md", "What is here.")
    write(tmp_path / ".hidden.txt", "Hidden.")
    write(tmp_path / ".git/config.txt", "Hidden.")
    write(tmp_path / "photo.xyz", "?")
    files = raw.discover(tmp_path)
    assert [f.path for f in files] == ["a.jsonl", "b/two.txt", "photo.xyz"]
    assert files[1].sha256 == hashlib.sha256(b"Two.").hexdigest()
    assert files[1].sidecar_sha256 == hashlib.sha256(b"{}").hexdigest()
    assert files[1].size == 4


def test_fingerprint_changes_with_the_sidecar(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "A.")
    before = raw.discover(tmp_path)[0].fingerprint
    write(tmp_path / "a.meta.json", '{"title": "A"}')
    assert raw.discover(tmp_path)[0].fingerprint != before


def test_missing_directory_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--raw: .*nowhere' does not exist"):
        raw.discover(tmp_path / "nowhere")


def test_one_file_as_root(tmp_path: Path) -> None:
    path = write(tmp_path / "only.txt", "The mayor of Split resigned.")
    write(tmp_path / "other.txt", "Not asked for.")
    records, rejects = everything(path)
    assert [r.raw_path for r in records] == ["only.txt"]
    assert not rejects


def test_text_with_sidecar(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "The mayor of Split resigned.")
    write(tmp_path / "a.meta.json", '{"title": "Mayor goes", "published_at": "2026-10-01"}')
    (record,), _ = everything(tmp_path)
    assert record.fields == {
        "text": "The mayor of Split resigned.",
        "title": "Mayor goes",
        "published_at": "2026-10-01",
    }
    assert record.raw_line is None
    assert record.raw_sha256 == hashlib.sha256(b"The mayor of Split resigned.").hexdigest()


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ('{"title": ', "a.meta.json beside it is not JSON (line 1 column 11"),
        ('["title"]', "a.meta.json beside it holds a list, expected an object"),
        (b'{"title": "\xff\xfe\xe9"}', "a.meta.json beside it is not UTF-8"),
    ],
)
def test_a_broken_sidecar_keeps_the_article_out(tmp_path: Path, sidecar: str | bytes, reason: str) -> None:
    write(tmp_path / "a.txt", "The mayor of Split resigned.")
    write(tmp_path / "a.meta.json", sidecar)
    write(tmp_path / "b.txt", "The mayor of Pula did not.")
    records, (reject,) = everything(tmp_path)
    assert [r.raw_path for r in records] == ["b.txt"]
    assert reject.check == "sidecar"
    assert reject.raw_path == "a.txt"
    assert reason in reject.reason


def test_a_sidecar_without_its_article_is_rejected(tmp_path: Path) -> None:
    write(tmp_path / "gone.meta.json", "{}")
    _, (reject,) = everything(tmp_path)
    assert reject.raw_path == "gone.meta.json"
    assert "no article file of that name" in reject.reason


def test_jsonl_counts_lines_and_hashes_each(tmp_path: Path) -> None:
    write(tmp_path / "w.jsonl", line() + "\n" + line(id="8").rstrip("\n") + "\r\n" + line(id="9").rstrip("\n"))
    records, rejects = everything(tmp_path)
    assert [(r.fields["id"], r.raw_line) for r in records] == [("7", 1), ("8", 3), ("9", 4)]
    assert records[1].raw_sha256 == hashlib.sha256(line(id="8").strip().encode()).hexdigest()
    assert not rejects


@pytest.mark.parametrize("name", ["w.jsonl", "w.jsonl.gz"])
def test_lines_that_end_in_a_carriage_return_alone_are_read(tmp_path: Path, name: str) -> None:
    lines = [line(id=str(n)).strip() for n in range(6)]
    lines[1], lines[3], lines[4] = "", '{"text": "cut off', '{"text": "' + "long " * 4000 + '"}'
    data = b"\xef\xbb\xbf" + "\r".join(lines).encode() + b"\r"
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    records, rejects = everything(tmp_path, raw.Limits(line_bytes=10_000))
    assert [(r.fields["id"], r.raw_line) for r in records] == [("0", 1), ("2", 3), ("5", 6)]
    assert records[1].raw_sha256 == hashlib.sha256(lines[2].encode()).hexdigest()
    assert [(r.check, r.raw_line) for r in rejects] == [("json", 4), ("size", 5)]


def test_many_lines_that_end_in_a_carriage_return_are_not_held(tmp_path: Path) -> None:
    count = 60_000
    (tmp_path / "w.jsonl").write_bytes(
        b"\r".join(b'{"id": "%d", "text": "%s"}' % (n, b"x" * 500) for n in range(count))
    )
    tracemalloc.start()
    numbers = [r.raw_line for r in raw.read(tmp_path, raw.discover(tmp_path), raw.Limits(line_bytes=100_000))]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert numbers == list(range(1, count + 1))
    assert peak < 8_000_000 < (tmp_path / "w.jsonl").stat().st_size


def test_a_carriage_return_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    write(tmp_path / "w.jsonl", '{"id": "1", "text": "Two\r{lines} of\rone."}\n' + line(id="2"))
    write(tmp_path / "one.jsonl", '{"id": "3",\r "text": "One\rarticle."}')
    records, rejects = everything(tmp_path)
    assert [(r.fields["id"], r.raw_line) for r in records] == [("3", 1), ("1", 1), ("2", 2)]
    assert not rejects


@pytest.mark.parametrize(
    ("bad", "check", "reason"),
    [
        ('{"text": "cut off', "json", "w.jsonl line 2: not JSON (column"),
        ('["text"]', "json", "w.jsonl line 2: a list, expected an object"),
        ('"text"', "json", "w.jsonl line 2: a str, expected an object"),
        ("[" * 200_000, "json", "w.jsonl line 2: not JSON"),
        ('{"id": ' + "9" * 5000 + "}", "json", "w.jsonl line 2: not JSON that can be read"),
        (b'{"text": "caf\xe9"}', "encoding", "w.jsonl line 2: not UTF-8 (byte 0xe9 at position 13)"),
        ('{"text": "' + "long " * 4000 + '"}', "size", "w.jsonl line 2: the line is longer than 10,000 bytes"),
    ],
)
def test_a_bad_line_is_rejected_and_the_rest_is_read(tmp_path: Path, bad: str | bytes, check: str, reason: str) -> None:
    limits = raw.Limits(line_bytes=10_000) if check == "size" else raw.LIMITS
    body = bad.encode() if isinstance(bad, str) else bad
    write(tmp_path / "w.jsonl", line().encode() + body + b"\n" + line(id="8").encode())
    records, (reject,) = everything(tmp_path, limits)
    assert [(r.fields["id"], r.raw_line) for r in records] == [("7", 1), ("8", 3)]
    assert (reject.table, reject.check, reject.raw_path, reject.raw_line) == ("articles", check, "w.jsonl", 2)
    assert reason in reject.reason
    assert len(reject.value or "") < 300


def test_a_last_line_that_is_too_long_is_rejected(tmp_path: Path) -> None:
    write(tmp_path / "w.jsonl", line() + '{"text": "' + "long " * 4000)
    records, (reject,) = everything(tmp_path, raw.Limits(line_bytes=10_000))
    assert (len(records), reject.raw_line) == (1, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Šibenik’s mayor – “no comment” – resigned."
    write(tmp_path / "a.txt", text.encode(encoding))
    both = json.dumps({"text": text}, ensure_ascii=False) + "\n" + json.dumps({"text": "Two."}) + "\n"
    write(tmp_path / "w.jsonl", both.encode(encoding))
    records, rejects = everything(tmp_path)
    assert [r.fields["text"] for r in records] == [text, text, "Two."]
    assert [r.raw_line for r in records] == [None, 1, 2]
    assert not rejects


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The minister’s “firm” answer – he said nothing else – came on Tuesday, when talks resumed. "),
        ("latin-1", "El presidente anunció que la reunión se celebrará mañana en Bogotá después de la cumbre. "),
        ("cp1251", "Министр иностранных дел провёл переговоры с послом во вторник, сообщила пресс-служба. "),
    ],
)
def test_older_encodings_are_read_when_sure(tmp_path: Path, encoding: str, text: str) -> None:
    write(tmp_path / "a.txt", (text * 3).encode(encoding))
    (record,), _ = everything(tmp_path)
    assert record.fields["text"] == text * 3


@pytest.mark.parametrize(
    "data",
    [
        b"Caf\xe9 owners marched.",  # too short to be sure
        ("The minister’s “firm” answer came. " * 9).encode()[:-3] + b"\xff\xe9",  # damaged UTF-8
        "The harbour reopened. ".encode("utf-16")[:-1],  # UTF-16 cut in half a character
    ],
)
def test_an_unsure_encoding_is_rejected(tmp_path: Path, data: bytes) -> None:
    write(tmp_path / "a.txt", data)
    records, (reject,) = everything(tmp_path)
    assert not records
    assert (reject.check, reject.raw_path) == ("encoding", "a.txt")


def test_a_damaged_utf16_jsonl_says_where_reading_ended(tmp_path: Path) -> None:
    write(tmp_path / "w.jsonl", line().encode("utf-16") + b"\x00")
    _, rejects = everything(tmp_path)
    assert [r.check for r in rejects] == ["encoding"]


@pytest.mark.parametrize(
    ("name", "data", "check", "reason"),
    [
        ("a.txt", b"", "empty", "a.txt: the file is empty"),
        ("a.txt", b" \n \n", "empty", "a.txt: the file is empty"),
        ("a.jsonl", b"\n" * 5000, "empty", "a.jsonl: the file holds no line"),
        ("a.txt", b"PK\x03\x04rest", "format", "a zip archive"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest", "format", "an old office document"),
        ("a.csv", b"colour,title\nA,B\n", "columns", "a.csv line 1: no column is known to hold the text"),
        ("a.xml", b"<?xml version='1.0'?><nitf/>", "format", "XML that is no feed (its root is 'nitf'"),
        ("a.odd", b"text and more text", "format", "a file ending in '.odd' is not read (known: .parquet"),
        ("a.json", b'{\n  "text": "A."\n}', "format", "one JSON document, not one article a line"),
        ("a.json", b'[{"text": "A."}]', "format", "one JSON document, not one article a line"),
        ("a.txt", b"The mayor\x00\x00\x00\x00 resigned.", "binary", "NUL bytes"),
    ],
)
def test_other_kinds_are_rejected_by_name(tmp_path: Path, name: str, data: bytes, check: str, reason: str) -> None:
    write(tmp_path / name, data)
    write(tmp_path / "good.txt", "The mayor of Pula did not resign.")
    records, (reject,) = everything(tmp_path)
    assert [r.raw_path for r in records] == ["good.txt"]
    assert (reject.check, reject.raw_path) == (check, name)
    assert reason in reject.reason


def test_the_format_is_told_by_content(tmp_path: Path) -> None:
    write(tmp_path / "export.txt", line() + line(id="8"))
    write(tmp_path / "export", "\ufeff" + line(id="9"))
    records, rejects = everything(tmp_path)
    assert [r.fields["id"] for r in records] == ["9", "7", "8"]
    assert not rejects


def test_a_huge_text_file_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "word " * 3000)
    _, (reject,) = everything(tmp_path, raw.Limits(article_bytes=10_000))
    assert reject.reason == "a.txt: 15,000 bytes is too much for one article (limit 10,000)"


def test_links_out_of_raw_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret.txt", "Secret.")
    write(tmp_path / "elsewhere/x.txt", "Secret too.")
    inside = write(tmp_path / "raw/a.txt", "The mayor of Pula did not resign.")
    (tmp_path / "raw/out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "raw/folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "raw/broken.txt").symlink_to(tmp_path / "raw/none.txt")
    (tmp_path / "raw/in.txt").symlink_to(inside)
    records, rejects = everything(tmp_path / "raw")
    assert [r.raw_path for r in records] == ["a.txt", "in.txt"]
    assert [(r.raw_path, r.check) for r in rejects] == [
        ("broken.txt", "readable"),
        ("folder", "readable"),
        ("out.txt", "readable"),
    ]


def test_what_cannot_be_opened_is_rejected(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    gone = write(tmp_path / "gone.txt", "Here and gone.")
    write(tmp_path / "good.txt", "The mayor of Pula did not resign.")
    files = raw.discover(tmp_path)
    gone.unlink()
    found = list(raw.read(tmp_path, files))
    assert [(f.raw_path, type(f)) for f in found] == [("gone.txt", Reject), ("good.txt", Record), ("pipe.txt", Reject)]
    assert "not a plain file" in getattr(found[2], "reason")  # noqa: B009


def test_what_may_not_be_read_is_rejected() -> None:
    """As root, who may read everything, it is tried as nobody."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        write(root / "a.txt", "A.").chmod(0)
        write(root / "b/c.txt", "C.")
        (root / "b").chmod(0)
        user = os.geteuid()
        try:
            if user == 0:
                os.seteuid(65534)
            records, rejects = everything(root)
        finally:
            os.seteuid(user)
            (root / "b").chmod(0o700)
    assert not records
    assert [r.reason for r in rejects] == [
        "a.txt: the file cannot be read (Permission denied)",
        "b: this folder may not be read (check its permissions)",
    ]


def test_a_name_that_is_not_utf8_is_rejected(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("A.")
    _, (reject,) = everything(tmp_path)
    assert reject.raw_path == "caf\\xe9.txt"


def test_a_long_file_is_never_held(tmp_path: Path) -> None:
    """Reading is a generator: the first record comes before the rest is read."""
    write(tmp_path / "w.jsonl", line() + "{broken\n" * 50_000)
    stream = raw.read(tmp_path, raw.discover(tmp_path))
    assert isinstance(next(stream), Record)
    assert isinstance(next(stream), Reject)


def test_the_sample_is_what_its_readme_says() -> None:
    """Every file and line of the sample has a row in raw/README.md, and only the broken line is rejected."""
    root = Path(__file__).parents[1] / "raw"
    records, rejects = everything(root / "sample")
    rows = {
        c[1].strip().replace("`", "") for r in (root / "README.md").read_text().splitlines() if (c := r.split("|"))[1:]
    }
    found = [*records, *rejects]
    assert {r.raw_path if r.raw_line is None else f"{r.raw_path} {r.raw_line}" for r in found} <= rows
    assert [(r.raw_path, r.raw_line, r.check) for r in rejects] == [("wire.jsonl", 9, "json")]
    assert len(records) >= 34


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_reading_that_is_given_up_leaves_nothing_open(tmp_path: Path, name: str) -> None:
    """Found by fuzzing: a UTF-16 file that nobody read to its end was closed twice."""
    rows = "title,text\n" + "A,Words\n" * 9 if name == "a.csv" else line() * 9
    write(tmp_path / name, rows.encode("utf-16"))
    reading = raw.read(tmp_path, raw.discover(tmp_path))
    assert isinstance(next(reading), Record)
    reading.close()  # type: ignore[attr-defined]
    del reading
    gc.collect()  # what is raised here is a warning, and warnings are errors
