"""The formats beside plain text and JSON lines: what each gives, and that its faults are told and cost nothing else."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import articles, raw
from pipeline.errors import UsageError
from pipeline.knowledge import table
from pipeline.raw import feed, html
from pipeline.raw.decoding import decode_page
from pipeline.raw.feed import plain_text
from pipeline.raw.mapping import iso, known
from pipeline.records import Article, Record, Reject

TEXT = "The ferry from Likoni docked at the new pier at noon and the harbour master of Mombasa was there to see it."


def everything(root: Path, limits: raw.Limits = raw.LIMITS) -> tuple[list[Record], list[Reject]]:
    found = list(raw.read(root, raw.discover(root), limits))
    return [f for f in found if isinstance(f, Record)], [f for f in found if isinstance(f, Reject)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


# ---------------------------------------------------------------- packed files


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, ".gz"), (zstd, ".zst")])
def test_packed_files_are_read_as_what_is_inside(tmp_path: Path, pack: Callable[[bytes], bytes], ending: str) -> None:
    write(tmp_path / f"a.txt{ending}", pack(TEXT.encode()))
    write(tmp_path / "a.meta.json", '{"title": "Ferry docks"}')
    write(tmp_path / f"b.jsonl{ending}", pack(json.dumps({"text": TEXT}).encode() + b"\n{broken\n"))
    write(tmp_path / f"c.csv{ending}", pack(f'title,text\nFerry,"{TEXT}"\n'.encode()))
    write(tmp_path / f"d.html{ending}", pack(b"<html><p>Ferry</p>"))
    write(tmp_path / "e-without-ending", pack(json.dumps({"text": TEXT}).encode()))
    records, rejects = everything(tmp_path)
    assert [r.raw_path for r in records] == [
        f"a.txt{ending}",
        f"b.jsonl{ending}",
        f"c.csv{ending}",
        f"d.html{ending}",
        "e-without-ending",
    ]
    assert records[0].fields == {"text": TEXT, "title": "Ferry docks"}
    assert [(r.raw_line, r.check) for r in rejects] == [(2, "json")]


def test_a_packed_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(i), "text": TEXT, "noise": os.urandom(3000).hex()}) for i in range(200)]
    packed = gzip.compress("\n".join(lines).encode())
    write(tmp_path / "w.jsonl.gz", packed[: len(packed) // 2])
    records, (reject,) = everything(tmp_path)
    assert 20 < len(records) < 150
    assert reject.check == "packed"
    assert reject.raw_line == len(records) + 1
    assert "damaged or cut off" in reject.reason


def test_a_decompression_bomb_is_rejected_in_little_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = json.dumps({"text": TEXT}).encode() + b"\n"
    bomb = packer.compress(data) + b"".join(packer.compress(b" " * 1_000_000) for _ in range(60)) + packer.flush()
    write(tmp_path / "bomb.jsonl.gz", bomb)
    tracemalloc.start()
    records, (reject,) = everything(tmp_path, raw.Limits(unpacked_bytes=30_000_000, line_bytes=2_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(records) == 1
    assert "taken for a decompression bomb" in reject.reason
    assert peak < 12_000_000


def test_archives_inside_archives_are_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "a.txt.gz", gzip.compress(gzip.compress(TEXT.encode())))
    write(tmp_path / "b.zip.gz", gzip.compress(b"PK\x03\x04rest"))
    write(tmp_path / "c.tar.gz", gzip.compress(b"../../etc/passwd".ljust(257, b"\x00") + b"ustar\x0000" + bytes(300)))
    records, rejects = everything(tmp_path)
    assert not records
    assert [r.check for r in rejects] == ["format"] * 3
    assert [r.reason.split(" is not read")[0] for r in rejects] == [
        "a.txt.gz: a gzip archive inside a gzip file",
        "b.zip.gz: a zip archive (or an office document) inside a gzip file",
        "c.tar.gz: an archive inside a gzip file",
    ]


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("row", table("column_names.csv"), ids=lambda r: f"{r['export']} {r['column']}")
def test_column_names_by_their_examples(row: dict[str, str]) -> None:
    name = row["example"].split("=", 1)[0]
    names = [name, "text"] if row["field"] == "lead" else [name, "colour"]
    found = known(names)
    if row["field"] == "lead":
        assert found == {"text": [0, 1]}
    else:
        assert found == {row["field"]: [0]}


@pytest.mark.parametrize(
    ("header", "cells", "fields"),
    [
        (
            ["source.name", "author", "title", "description", "url", "publishedAt", "content"],
            ["Pier Post", "Asha Njeri", "Ferry", "Docks", "https://p.example/1", "2026-09-04T14:20:00Z", TEXT],
            {
                "source": "Pier Post",
                "authors": "Asha Njeri",
                "title": "Ferry",
                "url": "https://p.example/1",
                "published_at": "2026-09-04T14:20:00Z",
                "text": TEXT,
            },
        ),
        (
            ["HD", "BY", "PD", "SN", "LA", "LP", "TD", "AN"],
            ["Ferry", "Asha Njeri; Ben Otieno", "4 September 2026", "Pier Post", "English", "Lead.", TEXT, "D1"],
            {
                "title": "Ferry",
                "authors": ["Asha Njeri", "Ben Otieno"],
                "published_at": "2026-09-04",
                "source": "Pier Post",
                "language": "English",
                "text": f"Lead.\n\n{TEXT}",
                "id": "D1",
            },
        ),
        (
            ["Headline", "Publication", "Load-Date", "Body", "Length"],
            ["Ferry", "Pier Post", "September 4, 2026", TEXT, "212 words"],
            {"title": "Ferry", "source": "Pier Post", "published_at": "2026-09-04", "text": TEXT},
        ),
        (
            ["seendate", "DocumentIdentifier", "SourceCommonName", "text"],
            ["20260904T141500Z", "https://p.example/1", "p.example", TEXT],
            {
                "published_at": "2026-09-04T14:15:00Z",
                "url": "https://p.example/1",
                "source": "p.example",
                "text": TEXT,
            },
        ),
    ],
    ids=["NewsAPI", "Factiva", "LexisNexis", "GDELT"],
)
def test_exports_are_known_by_their_columns(
    tmp_path: Path, header: list[str], cells: list[str], fields: dict[str, object]
) -> None:
    quoted = [",".join('"' + c.replace('"', '""') + '"' for c in row) for row in (header, cells)]
    write(tmp_path / "export.csv", "\ufeff" + "\r\n".join(quoted) + "\r\n")
    pq.write_table(pa.table({n: [c] for n, c in zip(header, cells, strict=True)}), tmp_path / "export.parquet")
    records, rejects = everything(tmp_path)
    assert not rejects
    assert [(r.raw_path, r.raw_line) for r in records] == [("export.csv", 2), ("export.parquet", 1)]
    assert records[0].fields == records[1].fields == fields


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("20260904142000", "2026-09-04T14:20:00Z"),
        ("4 September 2026", "2026-09-04"),
        ("Friday, 4 Sept 2026", "2026-09-04"),
        ("September 4, 2026 Friday", "2026-09-04"),
        ("04/09/2026", None),
        ("4 Brumaire 2026", None),
    ],
)
def test_dates_of_exports(printed: str, read: str | None) -> None:
    assert iso(printed) == read


def test_a_csv_by_content_with_semicolons_quotes_and_line_breaks(tmp_path: Path) -> None:
    body = f'title;text\n"Ferry ""Likoni"" docks";"One.\n\nTwo."\n\nPlain;{TEXT}\n'
    write(tmp_path / "export.txt", body)
    write(tmp_path / "wide.csv", body.encode("utf-16"))
    records, rejects = everything(tmp_path)
    assert not rejects
    assert [(r.fields["title"], r.fields["text"], r.raw_line) for r in records] == [
        ('Ferry "Likoni" docks', "One.\n\nTwo.", 2),
        ("Plain", TEXT, 6),
    ] * 2


def test_a_csv_in_an_older_encoding(tmp_path: Path) -> None:
    words = "El presidente anunció que la reunión se celebrará mañana en Bogotá después de la cumbre. "
    write(tmp_path / "a.csv", f"title,text\nReunión,{words * 3}\n".encode("cp1252"))
    (record,), rejects = everything(tmp_path)
    assert (record.fields["text"], rejects) == (words * 3, [])


@pytest.mark.parametrize(
    ("bad", "check", "reason"),
    [
        ("only one cell", "columns", "w.csv line 3: 1 cells where the first row names 2 columns"),
        ("a,b,c", "columns", "w.csv line 3: 3 cells"),
        ("Šibenik ".encode() + b"caf\xe9,text", "encoding", "w.csv line 3: byte 0xe9 fits no character"),
        ('"never closed,text', "quote", "w.csv line 3: a quotation mark opens here and is never closed"),
        ("a,b\rc", "csv", "w.csv line 3: no row of cells"),
        ("a," + "long " * 4000, "size", "w.csv line 3: the row is longer than 10,000 bytes"),
    ],
)
def test_a_bad_row_is_rejected_and_the_rest_is_read(tmp_path: Path, bad: str | bytes, check: str, reason: str) -> None:
    body = bad.encode() if isinstance(bad, str) else bad
    write(tmp_path / "w.csv", f"title,text\nOne,{TEXT}\n".encode() + body + f"\nTwo,{TEXT}\nThree,{TEXT}\n".encode())
    records, (reject,) = everything(tmp_path, raw.Limits(line_bytes=10_000))
    assert [(r.fields["title"], r.raw_line) for r in records] == [("One", 2), ("Two", 4), ("Three", 5)]
    assert (reject.check, reject.raw_line) == (check, 3)
    assert reason in reject.reason


def test_a_row_in_quotes_that_runs_too_long_is_rejected_alone(tmp_path: Path) -> None:
    rows = "".join(f"{i},{TEXT}\n" for i in range(400))
    write(tmp_path / "w.csv", 'title,text\n"open,text\n' + rows)
    records, (reject,) = everything(tmp_path, raw.Limits(line_bytes=10_000))
    assert (len(records), reject.check, reject.raw_line) == (400, "quote", 2)
    assert [r.raw_line for r in records] == list(range(3, 403))


def test_other_names_and_dates_of_exports(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", f"Datum;Titel;Text;Quelle\n04.09.2026;Fähre;{TEXT};Hafenblatt\n")
    write(tmp_path / "b.csv", f"source,author,content\n\"{{'id': None, 'name': 'Pier Post'}}\",By Asha Njeri,{TEXT}\n")
    write(tmp_path / "c.csv", f"date,text\n09/04/2026,{TEXT}\n")
    (first, second, third), rejects = everything(tmp_path)
    assert not rejects
    assert first.fields == {"text": TEXT, "title": "Fähre", "source": "Hafenblatt", "published_at": "2026-09-04"}
    assert second.fields == {"text": TEXT, "source": "Pier Post", "authors": "Asha Njeri"}
    reject = articles.to_article(third)
    assert isinstance(reject, Reject)
    assert reject.reason == (
        "c.csv line 2: published_at '09/04/2026' is not a date (expected ISO 8601); "
        "date_format in mapping.yml says how to read it"
    )


def test_json_lines_of_exports_are_known_by_their_names(tmp_path: Path) -> None:
    given = {"source": {"id": None, "name": "Pier Post"}, "author": "Asha Njeri", "publishedAt": "2026-09-04T14:20:00Z"}
    lines = [{**given, "content": f"{TEXT}… [+120 chars]"}, {"headline": "Only that"}, {"text": TEXT, "date": "2026"}]
    write(tmp_path / "a.jsonl", "".join(json.dumps(one) + "\n" for one in lines))
    write(tmp_path / "press/b.jsonl", json.dumps({"Lede": "Lead.", "text": TEXT}))
    write(tmp_path / "mapping.yml", '"press/*.jsonl":\n  text: [Lede, text]\n')
    (first, second, third, fourth), rejects = everything(tmp_path)
    assert not rejects
    assert first.fields == {
        "text": f"{TEXT}…",
        "source": "Pier Post",
        "authors": "Asha Njeri",
        "published_at": "2026-09-04T14:20:00Z",
    }
    reject = articles.to_article(second)
    assert isinstance(reject, Reject)
    assert reject.reason == "a.jsonl line 2: text is missing: a record needs text or html (this one has headline)"
    assert third.fields == lines[2]  # what calls itself a record is taken at its word
    assert fourth.fields == {"text": f"Lead.\n\n{TEXT}"}


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    """Found by fuzzing: such a file was passed over in silence."""
    write(tmp_path / "a.csv", "id,text\n")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "b.parquet")
    records, rejects = everything(tmp_path)
    assert not records
    assert [(r.raw_path, r.check) for r in rejects] == [("a.csv", "empty"), ("b.parquet", "empty")]


def test_mapping_yml_names_columns_dates_and_constants(tmp_path: Path) -> None:
    write(
        tmp_path / "mapping.yml",
        '"press/*.csv":\n  text: [Lede, Rest]\n  published_at: Day\n  date_format: "%d/%m/%Y"\n'
        "  constants: {source: Pier Post}\n",
    )
    write(tmp_path / "press/a.csv", f"Day,Lede,Rest\n04/09/2026,Lead.,{TEXT}\n9/4,Lead.,{TEXT}\n")
    records, rejects = everything(tmp_path)
    assert not rejects
    assert records[0].fields == {"source": "Pier Post", "text": f"Lead.\n\n{TEXT}", "published_at": "2026-09-04"}
    assert records[1].fields["published_at"] == "9/4"  # which the next step rejects aloud
    before = raw.discover(tmp_path)[0].fingerprint
    write(tmp_path / "mapping.yml", '"press/*.csv":\n  text: Rest\n')
    assert raw.discover(tmp_path)[0].fingerprint != before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('"*.csv":\n  texts: Body\n', r"'texts' is no field \(expected one of id, text"),
        ("- text\n", "expected patterns of paths"),
        ('"*.csv":\n  date_format: 3\n', "date_format is a int"),
        ('"*.csv: [', "not YAML"),
    ],
)
def test_a_wrong_mapping_is_told_at_once(tmp_path: Path, content: str, reason: str) -> None:
    write(tmp_path / "mapping.yml", content)
    write(tmp_path / "a.csv", f"Day,Body\n2026-09-04,{TEXT}\n")
    with pytest.raises(UsageError, match=reason):
        everything(tmp_path)


def test_a_mapping_that_does_not_fit_one_table_keeps_only_that_one_out(tmp_path: Path) -> None:
    write(tmp_path / "mapping.yml", '"*.csv":\n  text: Boddy\n')
    write(tmp_path / "a.csv", f"Day,Body\n2026-09-04,{TEXT}\n")
    write(tmp_path / "b.csv", f"Day,Boddy\n2026-09-04,{TEXT}\n")
    records, (reject,) = everything(tmp_path)
    assert [r.raw_path for r in records] == ["b.csv"]
    assert reject.reason == "a.csv line 1: mapping.yml: text: there is no column 'Boddy' (columns: Day, Body)"


def test_parquet_keeps_types_and_tells_damage(tmp_path: Path) -> None:
    import datetime

    frame = pa.table(
        {
            "id": [1, 2],
            "body": pa.array([TEXT, "Two."]).dictionary_encode(),
            "date": [datetime.datetime(2026, 9, 4, 14, tzinfo=datetime.UTC), None],
            "authors": [["Asha Njeri"], []],
        }
    )
    pq.write_table(frame, tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    write(tmp_path / "b.parquet", data[:-20])
    write(tmp_path / "c.parquet", "no table")
    bad = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\4\0\0\0"), pa.py_buffer(b"caf\xe9")])
    pq.write_table(pa.table({"text": pa.chunked_array([bad, pa.array(["Good."])])}), tmp_path / "d.parquet")
    records, rejects = everything(tmp_path)
    assert [(r.raw_path, r.raw_line, r.fields["text"]) for r in records] == [
        ("a.parquet", 1, TEXT),
        ("a.parquet", 2, "Two."),
        ("d.parquet", 2, "Good."),
    ]
    article = articles.to_article(records[0])
    assert not isinstance(article, Reject)
    assert (article.source_id, str(article.published_at), article.authors) == (
        "1",
        "2026-09-04 14:00:00+00:00",
        ["Asha Njeri"],
    )
    assert [(r.raw_path, r.check, r.raw_line) for r in rejects] == [
        ("b.parquet", "format", None),
        ("c.parquet", "format", None),
        ("d.parquet", "encoding", 1),
    ]


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("<meta charset=utf-8><p>Šibenik".encode(), "Šibenik"),
        ("<meta charset=iso-8859-1><p>“Málaga”".encode("cp1252"), "“Málaga”"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Минск'.encode("cp1251"),
            "Минск",
        ),
        ("<meta charset=iso-8859-1><p>Šibenik".encode(), "Šibenik"),  # declared wrongly: UTF-8 is beyond doubt
        ("<meta charset=shift_jis><p>東京".encode("shift_jis"), "東京"),
        ("<p>東京".encode("utf-16"), "東京"),
        (b"<meta charset=utf-8><p>" + b"word " * 500 + b"\xe9 caf\xc3\xa9", "café"),
        (b"<meta charset=unicode_escape><p>" + b"\\u0041 word " * 500 + b"\xff", "\\u0041"),
    ],
)
def test_the_encoding_of_a_page(data: bytes, word: str) -> None:
    assert word in decode_page(data)


def test_a_page_with_a_sidecar(tmp_path: Path) -> None:
    page = f"<!-- saved --><!DOCTYPE html><html><body><article><p>{TEXT}</p></article></body></html>"
    write(tmp_path / "a.html", page)
    write(tmp_path / "a.meta.json", '{"source": "Pier Post"}')
    write(tmp_path / "b.txt", page)
    records, rejects = everything(tmp_path)
    assert not rejects
    assert [r.fields for r in records] == [{"source": "Pier Post", "html": page}, {"html": page}]


# ---------------------------------------------------------------- feeds

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Pier Post</title><link>https://p.example/</link><language>en-gb</language>
<item><title>Ferry &amp; pier</title><link>https://p.example/1</link><guid>17</guid><dc:creator>Asha Njeri</dc:creator>
<pubDate>Fri, 04 Sep 2026 14:20:00 +0300</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><script>alert(1)</script><p>Second &amp; last.</p>]]></content:encoded></item>
<item><title>Second</title><link>https://p.example/2</link><description>{TEXT}</description>
<pubDate>some day</pubDate></item>
</channel></rss>"""


def test_rss_items_are_articles(tmp_path: Path) -> None:
    write(tmp_path / "a.rss", RSS)
    records, rejects = everything(tmp_path)
    assert not rejects
    assert records[0].fields == {
        "id": "17",
        "title": "Ferry & pier",
        "url": "https://p.example/1",
        "source": "Pier Post",
        "authors": ["Asha Njeri"],
        "language": "en-gb",
        "published_at": "2026-09-04T11:20:00Z",
        "text": f"{TEXT}\n\nSecond & last.",
    }
    assert [(r.raw_line, r.fields["published_at"]) for r in records] == [(1, "2026-09-04T11:20:00Z"), (2, "some day")]


@pytest.mark.parametrize(
    ("printed", "published"),
    [
        ("Fri, 04 Sep 2026 23:30:00 -0500", "2026-09-04"),  # which is Saturday in UTC, and Friday in the text
        ("Fri, 04 Sep 2026 01:30:00 +0300", "2026-09-04"),
        ("2026-09-04T23:30:00-05:00", "2026-09-04"),
        ("Fri, 04 Sep 2026 13:30:00 -0500", "2026-09-04T18:30:00Z"),
    ],
)
def test_an_item_keeps_the_day_where_it_was_written(tmp_path: Path, printed: str, published: str) -> None:
    write(tmp_path / "a.rss", RSS.replace("Fri, 04 Sep 2026 14:20:00 +0300", printed))
    (first, _), rejects = everything(tmp_path)
    assert (first.fields["published_at"], rejects) == (published, [])


def test_atom_entries_are_articles(tmp_path: Path) -> None:
    write(
        tmp_path / "a.txt",
        f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Pier Post</title>
        <entry><id>tag:p.example,2026:1</id><title>Ferry</title><link href="https://p.example/1"/>
        <author><name>Asha Njeri</name></author><updated>2026-09-04T14:20:00Z</updated>
        <content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>""",
    )
    (record,), _ = everything(tmp_path)
    assert (record.fields["text"], record.fields["published_at"]) == (TEXT, "2026-09-04T14:20:00Z")
    assert (record.fields["url"], record.fields["language"]) == ("https://p.example/1", "en")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<rss><channel><title>Nothing</title></channel></rss>", "the feed has no items"),
        (RSS[: RSS.index("<item><title>Second")], "is not well-formed XML at line"),
        ('<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel></channel></rss>', ""),
    ],
)
def test_a_broken_feed_is_told(tmp_path: Path, data: str, reason: str) -> None:
    write(tmp_path / "a.rss", data)
    _, (reject,) = everything(tmp_path)
    assert reason in reject.reason


@pytest.mark.parametrize("mark", [feed.MARK, html.MARK])
@pytest.mark.parametrize("unit", [b"<!---->", b"<?a?>", b"<!-- a -->\n", b"<!doctype rss>"])
def test_many_comments_in_a_row_cost_no_time(mark: re.Pattern[bytes], unit: bytes) -> None:
    seconds = time.process_time()
    assert mark.match(unit * 400 + b"<svg>") is None
    assert time.process_time() - seconds < 1
    root = b"<rss>" if mark is feed.MARK else b"<html>"
    assert (mark.match(unit * 40 + root) is not None) == (mark is feed.MARK or unit.startswith(b"<!--"))


@pytest.mark.parametrize(
    "data",
    [
        "<rss><channel><item><title>&#99999999999999999999;",
        "<rss><channel><item><title>A</title><pubDate>Mon, 99 Xxx 999999 99:99:99 +9999</pubDate>",
        "<feed><entry><updated>0000-00-00T00:00:00Z</updated><title>A</title></entry></feed>",
    ],
)
def test_a_feed_that_breaks_its_reader_is_told(tmp_path: Path, data: str) -> None:
    write(tmp_path / "a.rss", data)
    records, rejects = everything(tmp_path)
    assert all(r.reason.startswith("a.rss") for r in rejects)
    made = [articles.to_article(record) for record in records]
    assert any(isinstance(article, Reject) for article in made) or rejects


def test_a_feed_of_too_many_tags_is_not_parsed(tmp_path: Path) -> None:
    write(tmp_path / "a.rss", "<rss><channel>" + "<b/>" * feed.MOST_TAGS)
    _, (reject,) = everything(tmp_path)
    assert (reject.check, reject.reason) == ("size", "a.rss: 200,002 tags are too many for one feed (limit 200,000)")
    body = "<p>A word.</p>" * feed.MOST_TAGS
    write(
        tmp_path / "a.rss", f"<rss><channel><item><description><![CDATA[{body}]]></description></item></channel></rss>"
    )
    (record,), _ = everything(tmp_path)
    assert str(record.fields["text"]).count("A word.") == feed.MOST_TAGS


def test_entities_of_a_feed_are_not_expanded_from_files(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "SECRET WORDS")
    write(
        tmp_path / "raw/a.rss",
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        f"<rss><channel><item><title>&x;</title><description>{TEXT}</description></item></channel></rss>",
    )
    found = everything(tmp_path / "raw")
    assert found[0] or found[1]
    assert "SECRET" not in str(found)


def test_the_words_of_a_fragment() -> None:
    assert plain_text("<p>One <b>two</b>.</p>three<br>four &amp; five<script>no</script>") == (
        "One two.\n\nthree\n\nfour & five"
    )
    assert plain_text("no tags") == "no tags"
    assert plain_text("<p>\x00\x01</p>") == ""


# ---------------------------------------------------------------- crawls


def answer(
    url: str, body: bytes, kind: str = "text/html", status: str = "200 OK", extra: str = "", record: str = "response"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {record}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{url[-1]}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


PAGE = f"<html><body><p>{TEXT}</p></body></html>".encode()
CRAWL = [
    answer("https://p.example/1", PAGE),
    answer("https://p.example/2", b"GIF89a", kind="image/gif"),
    answer("https://p.example/3", b"gone", status="404 Not Found"),
    answer("https://p.example/4", gzip.compress(PAGE, mtime=0), extra="Content-Encoding: gzip\r\n"),
    answer(
        "https://p.example/5",
        b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n",
        extra="Transfer-Encoding: chunked\r\n",
    ),
    answer("https://p.example/6", "<p>Минск".encode("cp1251"), kind="text/html; charset=windows-1251"),
    answer("https://p.example/7", b"", record="request"),
]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_a_crawl_are_articles(tmp_path: Path, packed: bool) -> None:
    data = b"".join(map(gzip.compress, CRAWL)) if packed else b"".join(CRAWL)
    write(tmp_path / ("a.warc.gz" if packed else "a.warc"), data)
    records, rejects = everything(tmp_path)
    assert not rejects
    assert [(r.fields["url"], r.raw_line) for r in records] == [(f"https://p.example/{i}", i) for i in (1, 4, 5, 6)]
    assert [r.fields["html"] for r in records] == [PAGE.decode()] * 3 + ["<p>Минск"]
    assert records[0].fields["retrieved_at"] == "2026-11-01T10:00:00Z"


@pytest.mark.parametrize(
    ("data", "read", "line", "reason"),
    [
        (b"".join(CRAWL[:2]) + CRAWL[0][:-60], 1, 3, "the record breaks off"),
        (CRAWL[0] + b"garbage\r\nmore\r\n" + CRAWL[3], 2, 2, "expected the start of a record, found b'garbage"),
        (CRAWL[0] + CRAWL[3].replace(b"Content-Length: ", b"Content-Length: -") + CRAWL[0], 2, 2, "expected a number"),
        (
            CRAWL[0] + answer("u9", b"\x1f\x8bno", extra="Content-Encoding: gzip\r\n") + CRAWL[0],
            2,
            2,
            "gzip is damaged",
        ),
        (CRAWL[0] + answer("u9", b"ff\r\nab", extra="Transfer-Encoding: chunked\r\n"), 1, 2, "inside a chunk"),
        (CRAWL[0] + answer("u9", b"x", extra="Content-Encoding: rot\r\n"), 1, 2, "packed as 'rot'"),
        (CRAWL[0] + answer("u9", b"<p>" + b"x" * 9_000), 1, 2, "too much for one page"),
        (
            CRAWL[0] + answer("u9", gzip.compress(b"<p>" + b"x" * 90_000), extra="Content-Encoding: gzip\r\n"),
            1,
            2,
            "unpacks to more than",
        ),
    ],
)
def test_a_damaged_crawl_gives_the_rest(tmp_path: Path, data: bytes, read: int, line: int, reason: str) -> None:
    write(tmp_path / "a.warc", data)
    records, rejects = everything(tmp_path, raw.Limits(page_bytes=5_000))
    assert len(records) == read
    assert [r.raw_line for r in rejects] == [line]
    assert reason in rejects[0].reason


# ---------------------------------------------------------------- whatever comes


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    log = write(tmp_path / "w.jsonl", json.dumps({"text": TEXT}) + "\n")
    page = write(tmp_path / "x.html", PAGE)
    files = raw.discover(tmp_path)
    with log.open("a") as stream:
        stream.write(json.dumps({"text": "Later."}) + "\n")
    write(page, PAGE + b"<p>More.")
    found = list(raw.read(tmp_path, files))
    assert [(f.raw_path, isinstance(f, Record) or f.check) for f in found] == [
        ("w.jsonl", True),
        ("w.jsonl", True),
        ("w.jsonl", "changed"),
        ("x.html", "changed"),
    ]


@pytest.mark.parametrize("name", ["w.jsonl", "w.csv", "w.txt", "w.html", "w.rss", "w.warc"])
def test_one_endless_line_is_rejected_in_little_memory(tmp_path: Path, name: str) -> None:
    start = {"w.csv": b"title,text\n", "w.html": b"<html>", "w.rss": b"<rss>", "w.warc": CRAWL[0]}.get(name, b"")
    with (tmp_path / name).open("wb") as stream:
        stream.write(start)
        for _ in range(40):
            stream.write(b"a" * 1_000_000)
    tracemalloc.start()
    limits = raw.Limits(article_bytes=2_000_000, line_bytes=2_000_000, page_bytes=2_000_000, feed_bytes=2_000_000)
    _, rejects = everything(tmp_path, limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rejects) == 1
    assert peak < 12_000_000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    row = json.dumps({"title": "Ferry", "text": TEXT * 20})
    peaks: dict[str, list[int]] = {}
    for count in (1_000, 4_000):
        pq.write_table(pa.table({"text": [TEXT * 20] * count}), tmp_path / "w.parquet")
        for name, content in {
            "w.jsonl": (row + "\n") * count,
            "w.csv": "title,text\n" + (f"Ferry,{TEXT.replace(',', '') * 20}\n") * count,
            "w.warc": CRAWL[0].decode() * count,
        }.items():
            write(tmp_path / name, content)
        for name in ("w.jsonl", "w.csv", "w.warc", "w.parquet"):
            path = tmp_path / name
            files = raw.discover(path)
            tracemalloc.start()
            assert sum(isinstance(r, Record) for r in raw.read(path, files)) == count
            peaks.setdefault(name, []).append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    for name, (few, many) in peaks.items():
        assert many < few + 500_000, name


SEEDS = [
    b"".join(CRAWL),
    gzip.compress(b"".join(CRAWL), mtime=0),
    RSS.encode(),
    PAGE,
    f'title,text\n"A ""b""","{TEXT}"\nc,d\n'.encode(),
    json.dumps({"text": TEXT}).encode() + b"\n",
    zstd(TEXT.encode()),
]
ENDINGS = [".jsonl", ".csv", ".txt", ".html", ".xml", ".warc", ".parquet", ".gz", ".zst", ".warc.gz", ""]


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.sampled_from(SEEDS),
    ending=st.sampled_from(ENDINGS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.binary(max_size=12)), max_size=4),
)
def test_damage_of_any_kind_is_read_or_rejected(
    tmp_path: Path, seed: bytes, ending: str, cuts: list[tuple[float, float, bytes]]
) -> None:
    """Whatever is cut out of a file or put into it: no exception, no silence, and records make articles or rejects."""
    data = seed
    for start, length, put in cuts:
        at = int(start * len(data))
        data = data[:at] + put + data[at + int(length * 40) :]
    path = write(tmp_path / f"fuzz{ending}", data)
    records, rejects = everything(path)
    if not data.startswith(b"WARC"):  # a crawl without pages is read and gives none
        assert records or rejects
    for reject in rejects:
        assert reject.reason.startswith(path.name)
        reject.reason.encode()
    for record in records:
        assert isinstance(articles.to_article(record), Article | Reject)
