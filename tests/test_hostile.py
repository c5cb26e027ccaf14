"""Input that is damaged or made to do harm: what can be read is read, the rest is told, nothing stops the others."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import articles, raw
from pipeline.articles.cleaning import cleaned
from pipeline.articles.pages import extracted
from pipeline.records import Article, Record, Reject

TEXT = "The harbour master of Pula opened the new pier, and the ferry from Cres docked there at noon."
LINES = b"".join(
    json.dumps({"id": str(i), "text": f"{TEXT} {os.urandom(8).hex()}"}).encode() + b"\n" for i in range(3000)
)


def everything(root: Path) -> tuple[list[Record], list[Reject]]:
    found = list(raw.read(root, raw.discover(root)))
    return [f for f in found if isinstance(f, Record)], [f for f in found if isinstance(f, Reject)]


def test_links_in_a_circle_stop_nothing(tmp_path: Path) -> None:
    """They stopped the whole run: ``Path.resolve`` raises RuntimeError."""
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "good.txt").write_text(TEXT)
    records, rejects = everything(tmp_path)
    assert [r.raw_path for r in records] == ["good.txt"]
    assert [(r.raw_path, r.check) for r in rejects] == [("a.txt", "readable"), ("b.txt", "readable")]


# ---------------------------------------------------------------- packed files


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


GZIP = gzip.compress(LINES)


@pytest.mark.parametrize(
    ("packed", "least", "told"),
    [
        (GZIP + b"\x00" * 700, 3000, False),  # filled up with zeros, as tapes are
        (gzip.compress(LINES[:90_000]) + gzip.compress(LINES[90_000:]), 3000, False),
        (GZIP + b"what a server wrote after it", 3000, True),
        (GZIP[:-6] + b"damage", 2880, True),  # a checksum that is wrong: what came last is not trusted
        (GZIP[:-9], 2990, True),
        (zstd(LINES), 3000, False),
        (zstd(LINES)[:-9], 2800, True),
        (zstd(LINES) + b"what a server wrote after it", 2800, True),
    ],
)
def test_a_damaged_packed_file_gives_what_is_whole(tmp_path: Path, packed: bytes, least: int, told: bool) -> None:
    (tmp_path / "w.jsonl").write_bytes(packed)
    records, rejects = everything(tmp_path)
    assert least <= len(records) <= 3000
    assert [(r.check, r.raw_line) for r in rejects] == ([("packed", len(records) + 1)] if told else [])


def test_a_packed_file_that_is_one_long_run_is_read_in_pieces(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    (tmp_path / "a.txt.gz").write_bytes(packer.compress(b"ferry " * 300_000) + packer.flush())
    (record,), rejects = everything(tmp_path)
    assert (len(str(record.fields["text"])), rejects) == (1_800_000, [])


# ---------------------------------------------------------------- bytes that are no text


@pytest.mark.parametrize(
    ("name", "data", "check", "reason"),
    [
        ("a.jsonl", b"\x9d\x00\x01\xfe\x00\x02\x00\n\x00\x03" * 9, "binary", "holds NUL bytes"),
        ("a.txt", TEXT.encode("utf-16-le"), "format", "UTF-16 without its mark"),
        ("a.jsonl", LINES[:300].decode().encode("utf-16-be"), "format", "UTF-16 without its mark"),
        ("a.csv", TEXT.encode("utf-32"), "format", "UTF-16 without its mark or in UTF-32 (save it as UTF-8)"),
        (
            "a.xml",
            b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>',
            "format",
            "XML with entities of its own (<!ENTITY)",
        ),
        ("a.json", b'{"status":"ok",\n"articles":[]}', "json", "not JSON"),
        (
            "a.json",
            b'[{"text": "A."}]',
            "format",
            "one JSON document, not one article a line (make lines of a list with jq",
        ),
    ],
)
def test_what_a_file_is_instead_is_said(tmp_path: Path, name: str, data: bytes, check: str, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    records, rejects = everything(tmp_path)
    assert not records
    assert (rejects[0].check, rejects[0].raw_path) == (check, name)
    assert reason in rejects[0].reason


def test_a_few_nul_bytes_cost_no_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode() + b"\x00\x00")
    (tmp_path / "b.csv").write_bytes(b"id,text\n1,No\x00on.\n2," + f'"{TEXT}"\n'.encode())
    (tmp_path / "c.jsonl").write_text('{"text": "A raw\ttab and \x00 stand here."}\n{"text": "Spelt \\u0000 out."}\n')
    records, rejects = everything(tmp_path)
    found = [articles.to_article(r) for r in records]
    assert not rejects
    assert [a.text for a in found if isinstance(a, Article)] == [
        TEXT,
        "Noon.",
        TEXT,
        "A raw tab and  stand here.",
        "Spelt  out.",
    ]
    doubts = [d for a in found if isinstance(a, Article) for d in a.doubts]
    assert [(d.raw_path, d.check, d.column) for d in doubts] == [
        ("a.txt", "binary", "text"),
        ("b.csv", "binary", "text"),
        ("c.jsonl", "binary", "text"),
        ("c.jsonl", "binary", "text"),
    ]
    assert doubts[0].reason == "a.txt: text holds NUL bytes (found 2); they are left out, the article is kept"


def test_a_byte_here_and_there_costs_no_article(tmp_path: Path) -> None:
    odd = (TEXT * 30).encode() + " – caf".encode() + b"\xe9"
    (tmp_path / "a.txt").write_bytes(odd)
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "' + odd + b'"}\n')
    (tmp_path / "c.csv").write_bytes(b'id,text\n1,"' + odd + b'"\n2,caf\xe9 \xe2\x80\x93\n')
    records, (reject,) = everything(tmp_path)
    found = [articles.to_article(r) for r in records]
    assert [a.text[-6:] for a in found if isinstance(a, Article)] == ["– caf\ufffd"] * 3
    told = [(d.raw_path, d.check) for a in found if isinstance(a, Article) for d in a.doubts]
    assert told == [("a.txt", "encoding"), ("b.jsonl", "encoding"), ("c.csv", "encoding")]
    assert (reject.check, reject.raw_line) == ("encoding", 3)


def test_half_a_surrogate_pair_costs_no_article() -> None:
    """Cut off in the middle of an emoji, as exports with a limit do."""
    given = {"id": "7", "text": f"{TEXT} \ud83d", "title": "\udfff Pier", "authors": ["Asha \ud800 Njeri", "Ben"]}
    tables = pipeline.code([given])
    (row,) = tables["articles"].to_dict("records")
    assert (row["text"], row["title"], list(row["authors"])) == (f"{TEXT} �", "� Pier", ["Asha � Njeri", "Ben"])
    told = tables["rejects"][["record_id", "check", "column"]].to_numpy().tolist()
    assert sorted(told) == [["7", "encoding", c] for c in ("authors", "text", "title")]


def test_a_damaged_word_is_whole_where_it_is_certain() -> None:
    words = "Le café de Zürich – « très cher », dit José, “d’ici” à l’été."
    assert cleaned(words.encode().decode("latin-1")) == words
    sloppy = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in words.encode())
    assert cleaned(sloppy) == words
    assert cleaned("cafÃ© et thÃ© à É") == "cafÃ© et thÃ© à É"  # not all of it was misread
    assert cleaned("AMANHÃ— disse") == "AMANHÃ— disse"  # once may be meant
    assert cleaned("Cafe\u0301 Zu\u0308rich") == "Café Zürich"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*"ab .\n", "\x00", "\ud800", "\udfff", "\x85", "Ã©", "â€", "e\u0301", TEXT]), max_size=30)
)
def test_any_characters_are_an_article_or_a_reject(parts: list[str]) -> None:
    given_text = "".join(parts)
    found = articles.to_article(
        Record({"text": given_text, "title": given_text[:40], "authors": [given_text]}, "a.jsonl", 1)
    )
    told = [found] if isinstance(found, Reject) else list(found.doubts)
    assert all(r.reason.startswith("a.jsonl line 1: ") for r in told)
    shown = [*(r.reason + (r.value or "") for r in told)]
    if isinstance(found, Article):
        shown += [found.text, found.title or "", *found.authors]
        damaged = "\x00" in given_text or any("\ud800" <= c <= "\udfff" for c in given_text)
        assert bool(told) == damaged
    for text in shown:
        text.encode()
        assert "\x00" not in text


# ---------------------------------------------------------------- tables and pages


def test_a_quote_that_another_row_closes_by_chance_swallows_nothing(tmp_path: Path) -> None:
    rows = f'id,text\n1,"never closed\n2,"{TEXT}"\n3,"He said ""no""\nand left."\n'
    (tmp_path / "w.csv").write_text(rows)
    records, (reject,) = everything(tmp_path)
    assert [r.fields["id"] for r in records] == ["2", "3"]
    assert records[1].fields["text"] == 'He said "no"\nand left.'
    assert (reject.check, reject.raw_line) == ("quote", 2)


@pytest.mark.parametrize("attribute", ["a%d=1 ", "a%d='>' ", "a%d/", "<%d "])
def test_a_tag_of_many_attributes_stalls_nothing(attribute: str) -> None:
    """500,000 of them took hours."""
    tag = "<div " + "".join(attribute % n for n in range(500_000))
    began = time.process_time()
    assert extracted(f"<html><body>{tag}><p>{TEXT}</p>", None) is None
    assert time.process_time() - began < 5


FEED = '<rss version="2.0"><channel><title>P</title>%s<item><title>Pier</title><description>%s</description></item>'
TOLD = "feed.xml: a tag %s has 2,000 attributes or more"
CROWD = " ".join(f"a{n}='x'" for n in range(300_000))


@pytest.mark.parametrize(
    ("encoding", "item", "kept", "reason"),
    [
        *((code, f"<item {CROWD}><title>x</title></item>", 0, TOLD % "of the feed") for code in ("utf-8", "utf-16")),
        (
            "utf-8",
            f"<item><title>x</title><description><![CDATA[<p {CROWD}>Words</p>]]></description></item>",
            1,
            (TOLD % "in the item").replace(":", " line 1:"),
        ),
        (
            "utf-8",
            f"<item><title>x</title><description>&lt;p {CROWD}&gt;Words&lt;/p&gt;</description></item>",
            1,
            (TOLD % "in the item").replace(":", " line 1:"),
        ),
    ],
)
def test_a_feed_with_a_tag_of_many_attributes_stalls_nothing(
    tmp_path: Path, encoding: str, item: str, kept: int, reason: str
) -> None:
    feed = FEED % (item, TEXT) + "</channel></rss>"
    (tmp_path / "feed.xml").write_bytes(feed.encode(encoding))
    began = time.process_time()
    records, (reject,) = everything(tmp_path)
    assert time.process_time() - began < 10
    assert (len(records), reject.check, reject.reason) == (kept, "size", reason)


@pytest.mark.parametrize("tag", ["font", "b", "div"])
def test_elements_that_are_never_closed_hide_no_article(tag: str) -> None:
    page = extracted(f"<html><body>{f'<{tag}>' * 1500}<article>{f'<p>{TEXT}</p>' * 5}</article>", None)
    assert page is not None
    assert len(re.findall("harbour master", page.text)) == 5


def test_an_article_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl"):
        (tmp_path / name).write_bytes(LINES[:5000] if name.endswith("l") else TEXT.encode())
    files = raw.discover(tmp_path)
    for name in ("a.txt", "b.jsonl"):
        with (tmp_path / name).open("ab") as out:
            out.write(LINES[5000:9000])
    found = list(raw.read(tmp_path, files))
    rejects = [f for f in found if isinstance(f, Reject)]
    assert [(r.raw_path, r.check) for r in rejects if r.check == "changed"] == [
        ("a.txt", "changed"),
        ("b.jsonl", "changed"),
    ]
    assert sum(isinstance(f, Record) for f in found) > 20
