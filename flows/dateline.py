"""The main job: raw articles in, one validated version out; and the same again over the articles at hand."""

import os
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.futures import wait
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from flows import tasks
from pipeline import chain, progress, release, stages
from pipeline.shards import Workers
from pipeline.stages import Run

WorkerCount = Annotated[int, Field(ge=1, le=256)]
Share = Annotated[float, Field(ge=0, le=1)]
ShardWords = Annotated[int, Field(ge=1)]
CORES = os.cpu_count() or 1
IN_THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=256)  # they only wait for worker processes


@flow(name="dateline", task_runner=IN_THREADS)
def dateline(
    raw: Path = Path("raw"),
    output: Path = Path("output"),
    workers: WorkerCount = CORES,
    force: bool = False,
    max_rejected_share: Share = 0.05,
    shard_words: ShardWords = chain.SHARD_WORDS,
    codebook: Path | None = None,
) -> str | None:
    """Read what is new in raw, code it, validate it and publish one new version; nothing new publishes nothing.

    Args:
        raw: Directory or file to read raw articles from; never written to.
        output: Directory of the published versions.
        workers: Processes that parse and code. The rows are the same for any number.
        force: Read every raw file again, also those that the newest version has seen.
        max_rejected_share: Publish nothing when more than this share of a table's rows is rejected.
        shard_words: Words in one task; a process parses about 7,000 a second.
        codebook: Folder with event types and frames of your own; the packaged ones without it.

    Returns:
        The new version's name, or None.
    """
    stages.use_codebook(codebook)
    with release.writing(output) as writer:
        run = Run(writer)
        tasks.read(run, raw, force)
        if not run.files:
            nothing_new(run, raw)
            return None
        tasks.gather(run)
        code(run, workers, shard_words)
        tasks.assemble(run)
        tasks.validate(run, max_rejected_share)
        return tasks.publish(run, {"max_rejected_share": max_rejected_share})


@flow(name="recode", task_runner=IN_THREADS)
def recode(
    output: Path = Path("output"),
    workers: WorkerCount = CORES,
    max_rejected_share: Share = 0.05,
    shard_words: ShardWords = chain.SHARD_WORDS,
    codebook: Path | None = None,
) -> str:
    """Code every article again with today's code and knowledge, from stored parses, and publish one new version.

    Args:
        output: Directory of the published versions.
        workers: Processes that code. The rows are the same for any number.
        max_rejected_share: Publish nothing when more than this share of a table's rows is rejected.
        shard_words: Words in one task.
        codebook: Folder with event types and frames of your own; the packaged ones without it.

    Returns:
        The new version's name.
    """
    stages.use_codebook(codebook)
    release.open_release(output)
    with release.writing(output) as writer:
        run = Run(writer)
        tasks.gather(run)
        code(run, workers, shard_words)
        tasks.assemble(run)
        tasks.validate(run, max_rejected_share)
        return tasks.publish(run, {"max_rejected_share": max_rejected_share})


def code(run: Run, workers: int, shard_words: int) -> None:
    """Code all shards that the store does not hold yet: tasks in threads, the work in processes."""
    seconds = progress.clock()
    stages.plan(run, shard_words)
    listener = progress.listener()
    listener.start(sum(shard.words for shard in run.shards))
    try:
        with Workers(min(workers, len(run.shards) or 1)) as pool:
            coding: list[Any] = [tasks.code_shard.submit(run, i, pool, listener) for i in range(len(run.shards))]
            wait(coding)
            done = [item for future in coding for item in future.result()]
    finally:
        listener.stop()
    tasks.say(stages.collect(run, done, seconds()).line())
    for line in run.news:
        tasks.say(line)


def nothing_new(run: Run, raw: Path) -> None:
    """Say why no version is published, and what would make one."""
    version = f"version {run.previous.version} stays the latest" if run.previous else "there is no version yet"
    tasks.say(f"Nothing new to read in '{raw}': no new version; {version}.")
    if stages.code_changed(run.previous):
        tasks.say("The code or its knowledge has changed since; 'dateline recode' would apply it to every article.")
