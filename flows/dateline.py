"""The main job: raw articles in, one validated version out; and the same again over the articles at hand."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from flows import artifacts, notices, runners, settings, tasks
from flows.runners import Runner
from pipeline import chain, progress, release, stages
from pipeline.run import Run, code_changed

WorkerCount = Annotated[int, Field(ge=1, le=256)]
Share = Annotated[float, Field(ge=0, le=1)]
ShardWords = Annotated[int, Field(ge=1)]
CORES = os.cpu_count() or 1
IN_THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=256)  # they only wait for workers


@flow(name="dateline", flow_run_name=artifacts.run_name, task_runner=IN_THREADS, **notices.HOOKS)
@notices.plainly
def dateline(
    raw: Path = Path("raw"),
    output: Path = Path("output"),
    since: date | None = None,
    until: date | None = None,
    force: bool = False,
    max_rejected_share: Share = 0.05,
    workers: WorkerCount = CORES,
    runner: Runner = settings.RUNNER,
    scheduler: str | None = settings.SCHEDULER,
    shard_words: ShardWords = chain.SHARD_WORDS,
    codebook: Path | None = None,
    gazetteer: Path | None = None,
) -> str | None:
    """Read what is new in raw, code it, validate it and publish one new version; nothing new publishes nothing.

    Args:
        raw: Directory or file to read raw articles from; never written to.
        output: Directory of the published versions.
        since: Take only articles published on this day or later; the others stay for another run.
        until: Take only articles published on this day or earlier; the others stay for another run.
        force: Read every raw file again, also those that the newest version has seen.
        max_rejected_share: Publish nothing when more than this share of a table's rows is rejected.
        workers: Processes that parse and code. The rows are the same for any number.
        runner: What codes: threads (this process, small runs), processes (on this machine), dask (a cluster).
        scheduler: Address of a Dask scheduler for the runner dask; without it a cluster on this machine.
        shard_words: Words in one task; a process codes about 4,000 a second.
        codebook: Folder with event types and frames of your own; the packaged ones without it.
        gazetteer: File that "dateline gazetteer build" made; without it that of DATELINE_GAZETTEER, if it is set.

    Returns:
        The new version's name, or None.
    """
    runners.check(runner, scheduler)
    stages.use_codebook(codebook)
    stages.use_gazetteer(gazetteer)
    with release.writing(output) as writer, artifacts.watched(writer, raw) as run:
        tasks.read(run, raw, force)
        if not run.files:
            nothing_new(run, raw)
            return None
        tasks.gather(run, since, until)
        artifacts.add_to_name(f"{run.new:,} new articles")
        if (since or until) and not (run.taken if force else run.new):
            nothing_new(run, raw)
            return None
        stages.plan(run, shard_words, max_rejected_share, again=force)
        code(run, runner, workers, scheduler)
        tasks.assemble(run)
        tasks.validate(run, max_rejected_share)
        return tasks.publish(run, {"max_rejected_share": max_rejected_share})


@flow(name="recode", flow_run_name=artifacts.run_name, task_runner=IN_THREADS, **notices.HOOKS)
@notices.plainly
def recode(
    output: Path = Path("output"),
    force: bool = False,
    max_rejected_share: Share = 0.05,
    workers: WorkerCount = CORES,
    runner: Runner = settings.RUNNER,
    scheduler: str | None = settings.SCHEDULER,
    shard_words: ShardWords = chain.SHARD_WORDS,
    codebook: Path | None = None,
    gazetteer: Path | None = None,
) -> str | None:
    """Code every article again with today's code and knowledge, from stored parses, and publish one new version.

    Where neither has changed since the newest version, the rows would be the same, and nothing is published.

    Args:
        output: Directory of the published versions.
        force: Publish a version even where nothing has changed, such as in place of a damaged one.
        max_rejected_share: Publish nothing when more than this share of a table's rows is rejected.
        workers: Processes that code. The rows are the same for any number.
        runner: What codes: threads (this process, small runs), processes (on this machine), dask (a cluster).
        scheduler: Address of a Dask scheduler for the runner dask; without it a cluster on this machine.
        shard_words: Words in one task.
        codebook: Folder with event types and frames of your own; the packaged ones without it.
        gazetteer: File that "dateline gazetteer build" made; without it that of DATELINE_GAZETTEER, if it is set.

    Returns:
        The new version's name, or None.
    """
    runners.check(runner, scheduler)
    stages.use_codebook(codebook)
    stages.use_gazetteer(gazetteer)
    release.open_release(output)
    with release.writing(output) as writer, artifacts.watched(writer) as run:
        if run.previous and stages.unchanged(run.previous) and not force:
            artifacts.add_to_name("nothing changed")
            version = run.previous.version
            tasks.say(f"Code and knowledge are those of version {version}: no new version; --force would make one.")
            return None
        tasks.gather(run)
        artifacts.add_to_name(f"{len(run.articles):,} articles")
        stages.plan(run, shard_words, max_rejected_share, again=True)
        code(run, runner, workers, scheduler)
        tasks.assemble(run)
        tasks.validate(run, max_rejected_share)
        return tasks.publish(run, {"max_rejected_share": max_rejected_share})


def code(run: Run, runner: str, workers: int, scheduler: str | None) -> None:
    """Code all shards that the store does not hold yet: tasks in threads, the work where ``runner`` says."""
    seconds = progress.clock()
    listener = artifacts.Bar(progress.listener())
    listener.start(sum(shard.words for shard in run.shards))
    done = []
    try:
        if run.shards:
            with runners.started(runner, min(workers, len(run.shards)), scheduler) as pool:
                coding: list[Any] = [tasks.code_shard.submit(run, i, pool, listener) for i in range(len(run.shards))]
                for future in as_completed(coding):
                    future.result()  # the first failure ends the run; what is at work is finished and kept
            done = [item for future in coding for item in future.result()]
    finally:
        listener.stop()
    tasks.say(stages.collect(run, done, seconds()).line())
    for line in run.news:
        tasks.say(line)


def nothing_new(run: Run, raw: Path) -> None:
    """Say why no version is published, and what would make one."""
    version = f"version {run.previous.version} stays the latest" if run.previous else "there is no version yet"
    artifacts.add_to_name("nothing new")
    tasks.say(f"Nothing new to read in '{raw}': no new version; {version}.")
    if code_changed(run.previous):
        tasks.say("The code or its knowledge has changed since; 'dateline recode' would apply it to every article.")
