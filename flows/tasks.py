"""The stages as Prefect tasks. A task is handed the run itself: frames are neither hashed nor stored by Prefect."""

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from pipeline import progress, stages
from pipeline.shards import Done, Workers
from pipeline.stages import Run


def say(line: str) -> None:
    """Tell the person at the desk and the run's log."""
    progress.listener().say(line)
    get_run_logger().info(line)


@task(cache_policy=NO_CACHE)
def read(run: Run, raw: Path, force: bool) -> None:
    """Raw files → records."""
    say(stages.read(run, raw, force).line())


@task(cache_policy=NO_CACHE)
def gather(run: Run) -> None:
    """Records, and the articles of the version before → articles."""
    say(stages.gather(run).line())


def worker_died(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Whether a shard is worth another try: its process was lost, not its input wrong."""
    return isinstance(state.result(raise_on_failure=False), BrokenProcessPool)


@task(
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=1,
    retry_condition_fn=worker_died,
    task_run_name="shard-{index}",
)
def code_shard(run: Run, index: int, workers: Workers, listener: progress.Listener) -> list[Done]:
    """One shard of articles → coded tables in the store."""
    done = workers.code(run.shards[index])
    listener.advance(run.shards[index].words)
    return [done]


@task(cache_policy=NO_CACHE)
def assemble(run: Run) -> None:
    """Coded shards → every table of the contract."""
    say(stages.assemble(run).line())


@task(cache_policy=NO_CACHE)
def validate(run: Run, max_rejected_share: float) -> None:
    """Tables → valid tables and rejects."""
    say(stages.validate(run, max_rejected_share).line())


@task(cache_policy=NO_CACHE)
def publish(run: Run, settings: dict[str, Any]) -> str:
    """Valid tables → the next version. Returns its name."""
    release, stage = stages.publish(run, settings)
    say(stage.line())
    return release.version
