"""One article or another: copies, versions and addresses, against everything ever read and not only the last run."""

from __future__ import annotations

import json
import random
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import articles, chain, intake, release, stages, workers
from pipeline.articles import copies
from pipeline.articles.addresses import article_key, host
from pipeline.articles.sketches import ALIKE, Index, Part, alike, sketched
from pipeline.identity import Known
from pipeline.records import Article, Record
from pipeline.run import Run

NOUNS = ["ferry", "pier", "council", "harbour", "crew", "market", "bridge", "school", "river", "judge", "teacher"]
VERBS = ["opened", "closed", "praised", "blamed", "visited", "repaired", "inspected", "sold", "bought", "fined"]
TOWNS = ["Kisumu", "Mombasa", "Nakuru", "Eldoret", "Thika", "Malindi", "Garissa", "Kitale", "Lamu", "Voi", "Meru"]


def report(seed: int, sentences: int = 9) -> str:
    """A text of its own: no two seeds share more than a few words in a row."""
    dice = random.Random(seed)
    lines = []
    for _ in range(sentences):
        a, b, c = dice.sample(NOUNS, 3)
        lines.append(
            f"The {a} of {dice.choice(TOWNS)} {dice.choice(VERBS)} the {b} number {dice.randrange(10_000)} and a {c} "
            f"from {dice.choice(TOWNS)} {dice.choice(VERBS)} {dice.randrange(100)} others."
        )
    return " ".join(lines)


def made(text: str, **fields: object) -> Article:
    found = articles.to_article(Record({"text": text, "language": "en", **fields}))
    assert isinstance(found, Article), found
    return found


def press(days: int, seed: int) -> list[list[Article]]:
    """Articles by day of arrival: news, copies by other outlets (some older than what they copy), new versions."""
    dice = random.Random(seed)
    told: list[tuple[str, str]] = []
    arrived: list[list[Article]] = []
    for day in range(days):
        today = []
        for n in range(12):
            kind = dice.random()
            text, url = report(1000 * day + n), f"https://wire.example/{day}/{n}"
            source, published = "Wire", f"2026-03-{1 + day:02}T{dice.randrange(24):02}:00"
            if told and kind < 0.4:
                text = dice.choice(told)[0]
                words = text.split()
                cut = dice.randrange(5)
                source, url = f"Outlet {dice.randrange(5)}", f"https://o{dice.randrange(5)}.example/{day}/{n}"
                text = " ".join(words[: len(words) - 5 * cut]) + (" It was told by others." if cut == 4 else "")
                published = f"2026-03-{1 + dice.randrange(day + 2):02}T{dice.randrange(24):02}:00"
            elif told and kind < 0.6:
                text, url = dice.choice(told)
                text = text.replace("others", dice.choice(["others", f"{dice.randrange(100)} others more"]))
            told.append((text, url))
            today.append(made(text, source=source, url=url, published_at=published))
        arrived.append(today)
    return arrived


def told(found: list[Article]) -> list[tuple[str, str | None, str | None, str]]:
    return [(a.article_id, a.duplicate_of, a.superseded_by, a.coding_status) for a in found]


@pytest.mark.parametrize("seed", range(6))
def test_many_nights_say_the_same_as_one_run(tmp_path: Path, seed: int) -> None:
    linked: list[Article] = []
    for day in press(8, seed):
        known = Known(tmp_path)
        linked, _ = chain.prepare(day, linked, known.index)
        known.keep()
    at_once, _ = chain.prepare(a for day in press(8, seed) for a in day)
    assert told(linked) == told(at_once)
    status = {a.coding_status for a in at_once}
    assert status == {"coded", "copy", "superseded"}
    packs = [p for p in (tmp_path / "sketches").rglob("*") if p.is_file()]
    assert 1 <= len(packs) <= 4


def jumble(seed: int) -> str:
    """A text that is like no other."""
    return " ".join(random.Random(seed).choices([f"word{n}" for n in range(2000)], k=300))


def test_a_night_looks_at_little() -> None:
    old, _ = chain.prepare(made(jumble(n), source="Wire") for n in range(400))
    index = Index()
    index.add(old)
    copy = made(jumble(7), source="Other", published_at="2026-01-01")
    index.add([copy])
    again = copies.touched([*old, copy], index, {a.article_id for a in old})
    assert [a.text for a in again] == [jumble(7)] * 2
    linked, _ = chain.prepare([copy], old, index)
    assert {a.source: a.duplicate_of for a in linked if a.text == copy.text} == {"Wire": copy.article_id, "Other": None}
    assert sum(a.duplicate_of is not None for a in linked) == 1


def test_an_index_that_is_damaged_or_gone_is_made_again(tmp_path: Path) -> None:
    first, second = press(2, 3)
    known = Known(tmp_path)
    linked, _ = chain.prepare(first, [], known.index)
    known.keep()
    (pack,) = (p for p in tmp_path.rglob("*") if p.is_file())
    data = bytearray(pack.read_bytes())
    data[-7] ^= 1
    pack.write_bytes(data)
    broken = Known(tmp_path)
    assert ["removed, and computed again" in line for line in broken.damaged] == [True]
    after, _ = chain.prepare(second, linked, broken.index)
    broken.keep()
    at_once, _ = chain.prepare(a for day in press(2, 3) for a in day)
    assert told(after) == told(at_once)
    assert len(Known(tmp_path).index.parts) == 1


def test_sketches_are_the_same_for_ever() -> None:
    """Stored sketches are compared with new ones; where this fails, VERSION has to be raised."""
    part = Part(sketched([made(report(n)) for n in range(30)]))
    assert b"".join(part.buffers()) == b"".join(Part.from_buffer(b"".join(part.buffers())).buffers())
    one = sketched([made(" ".join(f"The ferry {n} sailed to pier {n * n}." for n in range(9)))])
    assert one.digest[0, :8].tolist() == [137, 74, 236, 147, 209, 83, 55, 201]
    assert int(one.exact[0]) == 0xB8E5B3E6CD06777F


def test_sketches_tell_how_alike_texts_are() -> None:
    words = report(5, 40).split()
    for changed in (0, 40, 120, 240):
        other = " ".join(f"new{i}" if i < changed else w for i, w in enumerate(words))
        pair = [sketched([made(text)]) for text in (" ".join(words), other)]
        first, second = (set(copies.shingles_of(copies.words_of(made(t)))) for t in (" ".join(words), other))
        share = alike(pair[0].digest, pair[1].digest[0])[0] / 128
        assert abs(share - len(first & second) / len(first | second)) < 0.15
    strangers = sketched([made(jumble(n)) for n in range(200)])
    assert max(int(np.sort(alike(strangers.digest, d))[-2]) for d in strangers.digest) < ALIKE


# ---------------------------------------------------------------- versions


def test_the_newest_version_is_coded_and_the_earlier_are_marked() -> None:
    text = report(11)
    versions = [
        made(text, url="https://www.wire.example/a?utm_source=x", published_at="2026-03-01T06:00", title="Ferry late"),
        made(text + " A nurse was hurt.", url="https://wire.example/a/", published_at="2026-03-01T07:00"),
        made(
            text + " Two nurses and 3 others were hurt.",
            url="https://m.wire.example/a",
            published_at="2026-03-01T09:00",
        ),
    ]
    copy = made(text, source="Coast", url="https://coast.example/9", published_at="2026-03-01T06:30")
    stranger = made(report(12), url="https://wire.example/b", published_at="2026-03-02")
    for seed in range(4):
        given = [*versions, copy, stranger]
        random.Random(seed).shuffle(given)
        articles.link_copies(given)
        assert [a.superseded_by for a in versions] == [versions[2].article_id, versions[2].article_id, None]
        assert [a.coding_status for a in versions] == ["superseded", "superseded", "coded"]
        assert [a.duplicate_of for a in versions] == [None, None, None]
        assert (copy.duplicate_of, copy.coding_status) == (versions[0].article_id, "copy")
        assert (stranger.superseded_by, stranger.coding_status) == (None, "coded")
    articles.link_copies(versions[:2])
    assert [a.coding_status for a in versions[:2]] == ["superseded", "coded"]


def test_when_it_was_fetched_tells_versions_apart() -> None:
    text, url = report(13), "https://wire.example/a"
    fetched = [
        made(text.replace("others", words), url=url, published_at="2026-03-01", retrieved_at=f"2026-03-0{day}")
        for day, words in ((3, "others there"), (2, "others"), (4, "others, he said"))
    ]
    articles.link_copies(fetched)
    assert [a.superseded_by is None for a in fetched] == [False, False, True]


@pytest.mark.parametrize(("day", "status"), [("2026-03-03", "superseded"), ("2026-03-20", "coded")])
def test_a_rewritten_report_keeps_its_headline_and_a_weekly_one_its_text(day: str, status: str) -> None:
    url = "https://wire.example/prices"
    first = made(jumble(1), url=url, title="Prices at the port", published_at="2026-03-01")
    second = made(jumble(2), url=url, title="Prices at the Port", published_at=day)
    articles.link_copies([first, second])
    assert (first.coding_status, second.coding_status) == (status, "coded")


def test_a_page_fetched_twice_without_a_change_is_a_copy() -> None:
    text, url = report(14), "https://wire.example/a"
    pages = [
        made(text + " " * n, url=url, published_at="2026-03-01", retrieved_at=f"2026-03-0{n + 2}") for n in range(3)
    ]
    assert len({a.article_id for a in pages}) == 3
    articles.link_copies(pages)
    assert sorted(a.coding_status for a in pages) == ["coded", "copy", "copy"]
    assert [a.superseded_by for a in pages] == [None, None, None]


@pytest.mark.parametrize("url", ["https://wire.example/", "https://wire.example/live", "/a/b", "none"])
def test_different_articles_at_one_address_are_all_coded(url: str) -> None:
    given = [made(report(n), url=url, published_at=f"2026-03-{n:02}") for n in range(1, 25)]
    articles.link_copies(given)
    assert {a.coding_status for a in given} == {"coded"}


def test_a_mended_file_gives_its_new_date(tmp_path: Path) -> None:
    def read(day: str) -> Article:
        found = articles.to_article(Record({"text": report(1), "published_at": day}, "a.txt", None, "x"))
        assert isinstance(found, Article)
        return found

    old, new = read("2026-03-01"), read("2026-03-02")
    assert old.article_id == new.article_id
    (kept,), dropped = chain.prepare([new], [old])
    assert (kept, dropped) == (new, 1)


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "url",
    [
        "https://pier.example/a/b?id=3",
        "http://www.Pier.example:80/a/b/?id=3#top",
        "https://m.pier.example/a/b?id=3&utm_source=mail&fbclid=z",
        "https://amp.pier.example/a/b/amp?id=3&amp=1",
        "https://www.google.com/amp/s/pier.example/a/b?id=3",
        "https://pier-example.cdn.ampproject.org/c/s/pier.example/a/b?id=3",
        " https://pier.example/a%2Fb?id=3 ",
    ],
)
def test_one_article_behind_many_addresses(url: str) -> None:
    assert article_key(url) == "pier.example/a/b?id=3"


def test_addresses_that_are_not_the_same() -> None:
    urls = [
        "https://pier.example/a",
        "https://pier.example/A",
        "https://pier.example/a?p=2",
        "https://news.pier.example/a",
    ]
    assert (
        len({article_key(url) for url in [*urls, "https://pier.example/stamp", "https://pier.example/a/amplifier"]})
        == 6
    )
    assert article_key("https://pier.example/?a=1&b=2") == article_key("https://pier.example/?b=2&a=1")
    for url in ("https://pier.example/", "https://www.pier.example", "file:///a/b", "a", "", None, "https://"):
        assert article_key(url) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Pier.example:443/a", "pier.example"),
        ("http://m.pier.example", "pier.example"),
        ("https://www.google.com/amp/s/pier.example/a", "pier.example"),
        ("https://www.example", "www.example"),
        ("http://[::1", None),
        ("mailto:a@pier.example", None),
        ("https://localhost/a", None),
        ("", None),
        (None, None),
    ],
)
def test_the_host_of_an_address(url: str | None, name: str | None) -> None:
    assert host(url) == name


def test_an_outlet_that_nobody_names_is_the_host() -> None:
    assert made(report(1), url="https://www.pier.example/a").source == "pier.example"
    assert made(report(1), url="https://www.pier.example/a", source="Pier Post").source == "Pier Post"
    assert made(report(1)).source is None
    plain, named = (made(report(1), url="https://www.pier.example/a", **f) for f in ({}, {"source": "pier.example"}))
    assert plain.article_id != named.article_id, "the id hashes what the record says"


# ---------------------------------------------------------------- runs


def published(raw: Path, output: Path) -> release.Release:
    """One run without Prefect."""
    with release.writing(output) as writer, workers.threads() as here:
        run = Run(writer)
        intake.read(run, raw)
        intake.gather(run)
        stages.plan(run, chain.SHARD_WORDS)
        done = [part for shard in run.shards for part in workers.code_all(here, shard, run.refused.add)]
        stages.collect(run, done, 0.0)
        stages.assemble(run)
        stages.validate(run, 0.05)
        return stages.publish(run, {})[0]


@pytest.mark.slow
def test_nights_publish_what_one_run_does(tmp_path: Path) -> None:
    text = "The mayor of Kisumu, Amina Otieno, met dock workers on Monday. " + report(21)
    nights = [
        [
            {"text": text, "url": "https://wire.example/a", "published_at": "2026-03-02T06:00"},
            {"text": text + " A nurse saw it.", "url": "https://coast.example/9", "published_at": "2026-03-02T09:00"},
        ],
        [
            {
                "text": text + " By noon 7 more came.",
                "url": "https://www.wire.example/a/",
                "published_at": "2026-03-02T12:00",
            }
        ],
        [{"text": text, "source": "Early Post", "published_at": "2026-03-01"}],
    ]
    for number, night in enumerate(nights):
        for folder in ("nightly", "once"):
            path = tmp_path / folder / f"{number}.jsonl"
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(json.dumps(record) + "\n" for record in night), "utf-8")
        nightly = published(tmp_path / "nightly", tmp_path / "out")
    once = published(tmp_path / "once", tmp_path / "out-once")
    for name in once.tables:
        first, second = (r.table(name).drop(columns="first_version", errors="ignore") for r in (nightly, once))
        if name == "events":  # ids that were published stay, and say which event they are now
            first = first[first["superseded_by"].isna()].reset_index(drop=True)
        pd.testing.assert_frame_equal(first, second, obj=name)
    rows = once.table("articles").set_index("source")
    assert rows.loc["wire.example", "coding_status"].tolist() == ["copy", "coded"]
    assert rows.loc["coast.example", "duplicate_of"] == rows.loc["Early Post", "article_id"]
    assert rows["superseded_by"].notna().sum() == 1


def test_pages_are_not_held_while_a_folder_is_read(tmp_path: Path) -> None:
    padding = "<!-- " + "x" * 1_000_000 + " -->"
    body = "".join(f"<p>{report(n, 3)}</p>" for n in range(4))
    with (tmp_path / "pages.jsonl").open("w", encoding="utf-8") as out:
        for n in range(24):
            page = f"<html><head>{padding}</head><body><h1>Pier {n} opens again</h1>{body}</body></html>"
            out.write(json.dumps({"html": page, "url": f"https://pier.example/{n}"}) + "\n")
    with release.writing(tmp_path / "out") as writer:
        run = Run(writer)
        tracemalloc.start()
        intake.read(run, tmp_path / "pages.jsonl")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (run.records, len(run.fresh)) == (24, 24)
    assert peak < 12_000_000, "24 pages of a megabyte each"


def test_articles_from_days_to_come_are_told(tmp_path: Path) -> None:
    days = ["2026-03-02", "2098-05-04", "2097-01-01"]
    lines = [json.dumps({"text": report(n), "published_at": day}) for n, day in enumerate(days)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    with release.writing(tmp_path / "out") as writer:
        run = Run(writer)
        intake.read(run, tmp_path / "a.jsonl")
        intake.gather(run)
    assert run.news == [
        "2 new articles are dated after today, such as a.jsonl line 2 (2098-05-04); their dates are used as given, "
        "since no retrieved_at speaks against them"
    ]
    assert sorted(a.published_at.year for a in run.articles if a.published_at) == [2026, 2097, 2098]
