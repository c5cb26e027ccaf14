"""Killed at twenty random points and started again each time, a run gives the bytes of one that was left alone."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from test_flows import run
from writing import write_articles

from pipeline import release
from pipeline.verify import verify

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

KILLS = 20
POINTS = (  # the line after which, and within how many seconds, the run is killed
    ("", 8.0),
    ("read", 1.0),
    ("articles", 8.0),
    ("articles", 8.0),
    ("code", 0.5),
    ("assemble", 0.3),
    ("validate", 0.3),
    ("publish", 0.1),
)


SHARD_WORDS = 500  # some thirty shards a night: many to be found again
COMMAND = f"""
import sys
from pathlib import Path
from rich.console import Console
from flows.dateline import dateline
from pipeline import progress
with progress.telling(progress.Terminal(Console(width=200))):
    dateline(raw=Path(sys.argv[1]), output=Path(sys.argv[2]), workers=2, shard_words={SHARD_WORDS})
"""


def files(output):
    """Every Parquet file of every version: its bytes."""
    folder = output / "versions"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def packs(output):
    """How many coded shards the store holds."""
    return len(list(output.glob(".store/coded/*/??/[!.]*")))


def killed_run(raw, output, api, after, delay):
    """Start a run, kill it with all its processes after a line and a delay; whether it was killed before its end."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, raw, output],
        env={**os.environ, "PREFECT_API_URL": api},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout if after else ():
        if line.startswith(after):
            break
    time.sleep(delay)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def test_twenty_kills_change_no_byte(prefect_server, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772582400")  # no midnight between two versions
    dice = random.Random(6)
    raw, output = tmp_path / "raw", tmp_path / "output"
    night = kills = coded = 0
    where, resumed = [], 0
    while kills < KILLS:
        if len(release.versions(output)) == night:
            night, coded = night + 1, packs(output)
            write_articles(raw / f"night-{night}.jsonl", 40, seed=night)
        after, longest = POINTS[kills % len(POINTS)]
        resumed += packs(output) > coded
        if killed_run(raw, output, prefect_server, after, dice.uniform(0, longest)):
            kills += 1
            where.append(after)
        if release.versions(output):
            assert verify(release.open_release(output)) == []
    if len(release.versions(output)) < night:
        run(raw, output, workers=2, shard_words=SHARD_WORDS)
    for path in raw.iterdir():
        path.unlink()
    for number in range(1, night + 1):
        write_articles(raw / f"night-{number}.jsonl", 40, seed=number)
        run(raw, tmp_path / "undisturbed", workers=2, shard_words=SHARD_WORDS)
    left, right = files(output), files(tmp_path / "undisturbed")
    assert len(left) >= 10 * night
    assert left.keys() == right.keys()
    assert [name for name in left if left[name] != right[name]] == []
    assert resumed, "no run found shards of the one killed before"
    assert set(where) == {after for after, _ in POINTS}
    print(f"{kills} kills in {night} nights, {resumed} times with shards of the unfinished night in the store")
