"""What the Prefect UI shows and can start: the nightly run, a backfill, a recode, a fetch, a check."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect import serve as serve_deployments
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import artifacts, links, notices, server, silence
from flows.dateline import dateline, recode
from flows.fetch import fetch
from flows.verify import verify
from pipeline.errors import RunFailedError, UsageError

NIGHTLY = "0 2 * * *"
TIMEZONE = "UTC"
ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
"""A second run waits: cancelled, it would be lost where the first has died and the server does not know yet."""
SERVER_PATIENCE = 120  # seconds; a fresh home creates its database first


def nightly(cron: str, timezone: str) -> Schedule:
    """When the nightly run starts.

    Raises:
        UsageError: ``cron`` is no cron expression, or there is no such time zone.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"--timezone '{timezone}' is unknown (expected a name such as UTC or Europe/Berlin)"
        ) from error
    try:
        return Cron(cron, timezone=timezone)
    except ValueError as error:
        raise UsageError(
            f"--cron '{cron}' is no cron expression (expected minute, hour, day, month, weekday: '0 2 * * *')"
        ) from error


def deployments(raw: Path, output: Path, cron: str = NIGHTLY, timezone: str = TIMEZONE) -> list[RunnerDeployment]:
    """The deployments. Runs of one never overlap; runs of two on one output are kept apart by the lock in it.

    Args:
        raw: what the runs read. ``output``: where they publish. Defaults of the forms in the UI.
        cron: when the nightly run starts, in ``timezone``.
    """
    here = {"raw": str(raw), "output": str(output)}
    made = [
        dateline.to_deployment(
            name="nightly",
            schedule=nightly(cron, timezone),
            parameters=here,
            concurrency_limit=ONE,
            description=f"What is new in raw becomes a version. Starts by itself: {cron}, {timezone}.",
        ),
        dateline.to_deployment(
            name="backfill",
            parameters={**here, "force": True},
            concurrency_limit=ONE,
            description="Articles of some days (since, until) or of another folder (raw) become part of a version,"
            " whether their files were read before or not.",
        ),
        recode.to_deployment(
            name="recode",
            parameters={"output": str(output)},
            concurrency_limit=ONE,
            description="Every article at hand is coded again with today's code and codebook, if either has changed (or"
            " force is set).",
        ),
        fetch.to_deployment(
            name="fetch",
            parameters={"raw": str(raw)},
            concurrency_limit=ONE,
            description="Feeds and the pages they list become a new raw file. A later run makes a version of it.",
        ),
        verify.to_deployment(
            name="verify",
            parameters={"output": str(output)},
            description="Is a version still what was published? Checksums, schemas, keys and spans.",
        ),
    ]
    if not all(isinstance(deployment, RunnerDeployment) for deployment in made):
        raise RunFailedError("deployments can only be made outside an event loop")
    return [deployment for deployment in made if isinstance(deployment, RunnerDeployment)]


def serve(raw: Path, output: Path, ui: bool, port: int, cron: str = NIGHTLY, timezone: str = TIMEZONE) -> None:
    """Serve the deployments until stopped.

    Args:
        raw: what the runs read. ``output``: where they publish. Both absolute: runs start in any folder.
        ui: start a Prefect server on this machine first; otherwise the configured one is used.
        port: that server's port.
        cron: when the nightly run starts, in ``timezone``, whose days the names of the runs tell.

    Raises:
        UsageError: no server is configured and none is to be started; or an option is not what it should be.
    """
    nightly(cron, timezone)
    if url := os.environ.get(notices.WEBHOOK):
        notices.check(url)
    os.environ[artifacts.TIMEZONE] = timezone
    if not ui and not PREFECT_API_URL.value():
        raise UsageError("no Prefect server is configured: add --ui to start one here, or set PREFECT_API_URL")
    with _desk(output, port) if ui else nullcontext():
        silence.watch()
        serve_deployments(*deployments(raw, output, cron, timezone), pause_on_shutdown=False)


@contextmanager
def _desk(output: Path, port: int) -> Iterator[None]:
    """All that one machine needs: a Prefect server, and on the next port the versions for the links on its page."""
    with links.shown(output, port + 1), _server(port):
        yield


@contextmanager
def _server(port: int) -> Iterator[None]:
    address = f"http://127.0.0.1:{port}"
    # without its address the page asks port 4200, whatever ours is
    process = server.process(port, PREFECT_UI_ENABLED="1", PREFECT_UI_API_URL=f"{address}/api")
    try:
        wait(process, f"{address}/api/health")
        print(f"Prefect UI: {address}", flush=True)
        with temporary_settings({PREFECT_API_URL: f"{address}/api"}):
            yield
    finally:
        process.terminate()
        process.wait()


def wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until a server that was just started answers.

    Raises:
        RunFailedError: it ended, or it takes too long.
    """
    for _ in range(SERVER_PATIENCE * 4):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    raise RunFailedError(f"the Prefect server did not start at {url}; is the port taken? Name another with --port")
