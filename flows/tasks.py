"""The stages as Prefect tasks. A task is handed the run itself: frames are neither hashed nor stored by Prefect."""

from datetime import date
from pathlib import Path
from typing import Any

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from pipeline import intake, progress, stages
from pipeline.run import Run
from pipeline.shards import Done
from pipeline.workers import WorkerLostError, Workers, code_all


def say(line: str) -> None:
    """Tell the person at the desk and the run's log."""
    progress.listener().say(line)
    get_run_logger().info(line)


@task(cache_policy=NO_CACHE, task_run_name="read")
def read(run: Run, raw: Path, force: bool) -> None:
    """Raw files → records."""
    say(intake.read(run, raw, force).line())


@task(cache_policy=NO_CACHE, task_run_name="articles")
def gather(run: Run, since: date | None = None, until: date | None = None) -> None:
    """Records, and the articles of the version before → articles."""
    say(intake.gather(run, since, until).line())


def shard_name() -> str:
    """What the task of a shard is called: "shard 2 of 30, 84 articles"."""
    given = runtime.task_run.parameters
    shards, index = given["run"].shards, given["index"]
    return f"shard {index + 1:,} of {len(shards):,}, {len(shards[index].articles):,} articles"


def may_pass(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Whether another try may go well: the storage or a process was lost, not the articles wrong."""
    return isinstance(state.result(raise_on_failure=False), WorkerLostError | OSError)


@task(
    cache_policy=NO_CACHE,
    retries=5,  # half a minute in all
    retry_delay_seconds=exponential_backoff(backoff_factor=1),
    retry_condition_fn=may_pass,
    task_run_name=shard_name,
)
def code_shard(run: Run, index: int, workers: Workers, listener: progress.Listener) -> list[Done]:
    """One shard of articles → coded tables in the store; from the second try on, without what kills workers."""
    first, seconds, shard = runtime.task_run.run_count == 1, progress.clock(), run.shards[index]
    done = code_all(workers, shard, run.refused.add, patient=first)
    listener.advance(shard.words)
    coded, parsed = sum(part.articles for part in done), sum(part.parsed for part in done)
    get_run_logger().info(
        f"{coded:,} of {len(shard.articles):,} articles coded, {parsed:,} of them parsed, {shard.words:,} words;"
        f" {seconds():.1f} s with waiting for a worker"
    )
    return done


@task(cache_policy=NO_CACHE, task_run_name="assemble")
def assemble(run: Run) -> None:
    """Coded shards → every table of the contract."""
    say(stages.assemble(run).line())


@task(cache_policy=NO_CACHE, task_run_name="validate")
def validate(run: Run, max_rejected_share: float) -> None:
    """Tables → valid tables and rejects."""
    say(stages.validate(run, max_rejected_share).line())


@task(cache_policy=NO_CACHE, task_run_name="publish")
def publish(run: Run, settings: dict[str, Any]) -> str:
    """Valid tables → the next version. Returns its name."""
    release, stage = stages.publish(run, settings)
    say(stage.line())
    return release.version
