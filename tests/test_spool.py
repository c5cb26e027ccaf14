"""What a run holds of its articles: everything but the texts, which lie on disk until somebody needs one."""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from test_identity import published, report

from pipeline import articles, chain, intake, release, shards, workers
from pipeline.articles.copies import _Sharing
from pipeline.errors import RunFailedError
from pipeline.records import Article, InMemory, Record
from pipeline.run import Run
from pipeline.spool import OnDisk, Spool

TEXTS = ["One text.", "Ein Käse für 3 €", "half a pair: \ud83d", "long " * 100_000]


def write(path: Path, count: int, words: int = 3000) -> Path:
    """Articles like no others in a language without a model, which need no coding: some 20,000 characters each."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for n in range(count):
            dice = random.Random(f"{path.stem} {n}")
            about = {
                "id": f"{path.stem}-{n}",
                "url": f"https://wire.example/{path.stem}/{n}",
                "source": "Wire",
                "language": "fi",
            }
            text = " ".join(f"sana{dice.randrange(90_000)}" for _ in range(words))
            out.write(json.dumps({**about, "text": text}) + "\n")
    return path


def peak(raw: Path, output: Path) -> int:
    """Bytes that the first two stages take at most."""
    with release.writing(output) as writer:
        run = Run(writer)
        tracemalloc.start()
        intake.read(run, raw)
        intake.gather(run)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert all(isinstance(a.wording, OnDisk) for a in run.articles)
    return most


def test_reading_and_gathering_hold_no_text(tmp_path: Path) -> None:
    peak(write(tmp_path / "raw" / "warm.jsonl", 20), tmp_path / "warm")
    few, many = (peak(write(tmp_path / f"{n}" / "a.jsonl", n), tmp_path / f"out{n}") for n in (50, 250))
    assert (tmp_path / "250" / "a.jsonl").stat().st_size > 250 * 20_000
    assert many - few < 200 * 2500, f"{(many - few) / 200:,.0f} bytes an article"


def test_what_is_carried_over_is_not_held_either(tmp_path: Path) -> None:
    few, many = (write(tmp_path / f"{n}" / "a.jsonl", n).parent for n in (120, 320))
    for raw in (few, many):
        assert len(published(raw, tmp_path / f"out-{raw.name}").table("articles")) == int(raw.name)
        write(raw / "b.jsonl", 3)
    first, second = (peak(raw, tmp_path / f"out-{raw.name}") for raw in (few, many))
    assert second - first < 200 * 2500, f"{(second - first) / 200:,.0f} bytes an article"


def test_a_text_comes_back_as_it_was(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "made" / "later")
    kept = [spool.add(text, raw) for text, raw in zip(TEXTS, ["ab" * 32, None, "00" * 32, None], strict=True)]
    told = [InMemory(text, raw) for text, raw in zip(TEXTS, ["ab" * 32, None, "00" * 32, None], strict=True)]
    for one, other in reversed(list(zip(kept, told, strict=True))):
        assert (one.text, one.sha256, one.raw_sha256) == (other.text, other.sha256, other.raw_sha256)
    assert spool.add("later", None).text == "later"
    spool.close()


def test_a_damaged_text_is_told(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    first, second = (spool.add(text, None) for text in ("The ferry sank.", "The pier burned."))
    assert (first.text, second.text) == ("The ferry sank.", "The pier burned.")
    assert spool._file is not None
    os.pwrite(spool._file.fileno(), b"boat ", second.begin - len("ferry sank."))
    with pytest.raises(RunFailedError, match=r"cannot be read back from .* its checksum does not match its bytes"):
        _ = first.text
    assert second.text == "The pier burned."
    os.ftruncate(spool._file.fileno(), second.begin + 5)
    for read in (lambda: second.text, lambda: second.sha256):
        with pytest.raises(RunFailedError, match="checksum"):
            read()
    spool.close()
    with pytest.raises(RunFailedError, match="the run that put it down has ended"):
        _ = first.text


def test_texts_that_cannot_be_put_down_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RunFailedError, match=r"cannot be put down in .*file/x' \(Not a directory\); nothing was"):
        Spool(tmp_path / "file" / "x").add("text", None)


def test_a_shard_is_handed_over_with_its_texts(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    found = [articles.to_article(Record({"id": str(n), "text": report(n)}, "a.jsonl", n, "ab" * 32)) for n in (1, 2)]
    held = [a for a in found if isinstance(a, Article)]
    for article in held:
        article.wording = spool.add(article.text, article.raw_sha256)
    (tmp_path / ".store").mkdir()
    shard = shards.Shard(held, tmp_path / ".store", chain.code_version())
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(shard)
    sent = pickle.loads(pickle.dumps(shard.in_memory()))
    assert [(a.text, a.raw_sha256) for a in sent.articles] == [(report(n), "ab" * 32) for n in (1, 2)]
    assert [shards.coded_key(a) for a in sent.articles] == [shards.coded_key(a) for a in held]
    assert all(isinstance(a.wording, OnDisk) for a in shard.articles), "only what is handed over is in memory"
    spool.close()
    with workers.threads() as here, pytest.raises(RunFailedError, match="cannot be read back"):
        here.code(shard)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import intake, release
from pipeline.run import Run
with release.writing(sys.argv[2]) as writer:
    run = Run(writer)
    intake.read(run, Path(sys.argv[1]))
    print(len(run.fresh), len(run.fresh[0].text), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_text_stays_behind(tmp_path: Path) -> None:
    raw, output = write(tmp_path / "raw" / "a.jsonl", 3).parent, tmp_path / "out"
    ended = subprocess.run([sys.executable, "-c", KILLED, raw, output], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.split()[0]) == (-9, "3"), ended.stderr
    assert [p.name for p in output.rglob("*") if p.is_file()] == [".lock"]
    published(raw, output)
    assert sorted(p.name for p in output.iterdir()) == [".lock", ".store", "latest", "versions"]
    with release.writing(output) as writer:
        run = Run(writer)
        intake.read(run, raw)
        intake.gather(run)
        assert len(run.articles) == 3
    assert not (output / release.STAGING).exists()


def test_texts_that_share_a_band_are_found_however_many_they_are() -> None:
    dice = np.random.default_rng(5)
    bands = dice.integers(0, [[1]] * 4 + [[3]] * 8 + [[500]] * 20, (32, 1500)).astype("<u4")
    sharing = _Sharing(1500, bands)
    for row in (0, 1, 254, 255, 256, 510, 511, 1499):
        assert sharing.earlier(row).tolist() == list(range(row))
    rare = _Sharing(1500, np.where(bands < 3, np.arange(1500, dtype="<u4") + 1000, bands))
    for row in range(0, 1500, 50):
        same = (bands[:, :row] == bands[:, [row]]) & (bands[:, [row]] >= 3)
        assert rare.earlier(row).tolist() == np.flatnonzero(same.any(axis=0)).tolist()
