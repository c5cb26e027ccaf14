"""What codes the shards: this very process, processes on this machine, or a Dask cluster. The rows are the same."""

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Literal, get_args

from pipeline import workers
from pipeline.errors import RunFailedError, UsageError
from pipeline.workers import Workers

Runner = Literal["threads", "processes", "dask"]
PATIENCE = 60  # seconds until a cluster must have a worker
AT_ONCE = 256  # shards on a cluster at a time


def check(runner: str, scheduler: str | None = None) -> None:
    """Refuse what cannot run before anything is read.

    Raises:
        UsageError: there is no such runner, it has no use for an address, or Dask is not installed.
    """
    if runner not in get_args(Runner):
        raise UsageError(f"--runner '{runner}' is unknown (allowed: {', '.join(get_args(Runner))})")
    if scheduler and runner != "dask":
        raise UsageError(f"--scheduler '{scheduler}' is of no use to --runner {runner} (allowed: --runner dask)")
    if runner == "dask" and find_spec("prefect_dask") is None:
        raise UsageError(
            "--runner dask needs the extra 'dask', which is not installed: pip install 'dateline[dask]', or take"
            " --runner processes"
        )


def started(runner: str, count: int, scheduler: str | None = None) -> AbstractContextManager[Workers]:
    """The workers of one run.

    Args:
        runner: one of ``Runner``, checked.
        count: how many processes on this machine; a cluster at an address has its own.
        scheduler: address of a Dask scheduler, ``tcp://host:8786``; without it Dask gets a cluster on this machine.

    Raises:
        RunFailedError: the cluster does not answer or has no worker.
    """
    if runner == "threads":
        return workers.threads()
    if runner == "processes":
        return workers.processes(count)
    return _dask(count, scheduler)


@contextmanager
def _dask(count: int, scheduler: str | None) -> Iterator[Workers]:
    """A Dask cluster for as long as the shards take. Its workers need code and storage, but no Prefect server."""
    import dask
    from distributed.scheduler import KilledWorker
    from prefect_dask.task_runners import DaskTaskRunner

    here = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}
    blame = {  # a death is told at once, and is that of the one shard at work
        "distributed.scheduler.allowed-failures": 0,
        "distributed.scheduler.worker-saturation": 1.0,
    }
    cluster = DaskTaskRunner(address=scheduler) if scheduler else DaskTaskRunner(cluster_kwargs=here)
    with dask.config.set(blame), cluster:
        try:
            client = cluster.client
            client.wait_for_workers(1, timeout=PATIENCE)
        except OSError as error:  # of which Dask's TimeoutError is one
            raise RunFailedError(
                f"no worker at the Dask scheduler '{scheduler or 'of this machine'}' within {PATIENCE} s; nothing was"
                " coded. Is it running, and can this machine reach it?"
            ) from error
        places = AT_ONCE if scheduler else count
        with Workers(partial(client.get_executor, pure=False), places, (BrokenExecutor, KilledWorker)) as made:
            yield made
