"""What Prefect costs: a run's start, a run, a shard; and all of it against a run of 10,000 articles.

Seconds are of processor time, Prefect's server included, so that a busy machine gives the same figures. They are
printed: ``pytest -m slow -s tests/test_overhead.py``.
"""

import os
import subprocess
import time

import psutil
import pytest
from test_flows import COMMAND, run
from writing import write_articles

from pipeline import chain, intake, release, stages, workers
from pipeline.run import Run

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

ARTICLES = 10_000
SAMPLE = 300
SHARDS = 100
CORES = 2
"""On which the 10,000 articles are coded: the fewer, the smaller Prefect's share."""


def used(process):
    """Seconds of processor time that a process and those it started have had."""
    return sum(sum(p.cpu_times()[:2]) for p in (process, *process.children(recursive=True)))


def seconds(work, *arguments, **parameters):
    """What a call costs, and what it returns."""
    before = used(psutil.Process())
    result = work(*arguments, **parameters)
    return used(psutil.Process()) - before, result


def plain(raw, output, shard_words=chain.SHARD_WORDS):
    """A run without Prefect. Returns the words that were coded."""
    with release.writing(output) as writer, workers.threads() as here:
        made = Run(writer)
        intake.read(made, raw)
        intake.gather(made)
        stages.plan(made, shard_words)
        words = sum(shard.words for shard in made.shards)
        done = [part for shard in made.shards for part in workers.code_all(here, shard, made.refused.add)]
        stages.collect(made, done, 0.0)
        stages.assemble(made)
        stages.validate(made, 0.05)
        stages.publish(made, {})
    return words


def first_task(raw, output, environment):
    """From the start of the command to the end of its first task, reading, which takes next to none.

    Returns:
        Seconds by the clock, and of processor time: what the clock would say with nothing else on the machine.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(
        [COMMAND, "run", "--raw", raw, "--output", output, "--runner", "threads"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    took, worked = time.perf_counter() - begin, used(psutil.Process(process.pid))
    process.communicate()
    assert line.startswith("read")
    assert process.returncode == 0
    return took, worked


def test_prefect_costs_less_than_a_tenth(prefect_server, press, tmp_path):
    own = {k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"} | {"PREFECT_HOME": str(tmp_path / "home")}
    starts = {
        "with its own server, the first time on a machine": first_task(press, tmp_path / "fresh", own),
        "with its own server": min(
            (first_task(press, tmp_path / f"own-{i}", own) for i in range(2)), key=lambda measured: measured[1]
        ),
        "on a running server": first_task(
            press, tmp_path / "served", {**os.environ, "PREFECT_API_URL": prefect_server}
        ),
    }
    few, many = tmp_path / "few", tmp_path / "many"
    write_articles(few / "wire.jsonl", SHARDS, sentences=2, seed=1)
    write_articles(many / "wire.jsonl", SAMPLE, sentences=25, seed=2)
    run(press, tmp_path / "warm", runner="threads")  # what is loaded once a process is loaded now
    extra = {}
    for shards, words in ((1, chain.SHARD_WORDS), (SHARDS, 1)):
        flow, _ = seconds(run, few, tmp_path / f"flow-{shards}", runner="threads", shard_words=words)
        extra[shards] = flow - seconds(plain, few, tmp_path / f"plain-{shards}", words)[0]
    a_run, a_shard = extra[1], (extra[SHARDS] - extra[1]) / (SHARDS - 1)
    sample, words = seconds(plain, many, tmp_path / "sample")
    whole = sample * ARTICLES / SAMPLE / CORES
    shards = words * ARTICLES / SAMPLE / chain.SHARD_WORDS
    cost = starts["with its own server"][1] + a_run + shards * a_shard
    print()
    for where, (clock, worked) in starts.items():
        print(f"start to first task {where}: {worked:.1f} s of work, {clock:.1f} s by the clock here and now")
    print(f"Prefect: {a_run:.2f} s a run, {1000 * a_shard:.0f} ms a shard of {chain.SHARD_WORDS:,} words")
    print(f"{words / sample:,.0f} words a second and core, all stages, measured on {SAMPLE} articles")
    print(f"{ARTICLES:,} articles of {words / SAMPLE:.0f} words: {whole:.0f} s on {CORES} cores, {shards:.0f} shards")
    print(f"Prefect's share of it: {cost:.1f} s, {cost / (whole + cost):.1%}")
    assert starts["on a running server"][0] <= 10  # as from the page; a server of its own takes Prefect longer to start
    assert cost < 0.1 * (whole + cost)
