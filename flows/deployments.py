"""What the Prefect UI shows and can start: the nightly run, a run on demand, and a recode."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from prefect import serve as serve_deployments
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.dateline import dateline, recode
from pipeline.errors import RunFailedError, UsageError

NIGHTLY = "0 2 * * *"
SERVER_PATIENCE = 120  # seconds; a fresh home creates its database first


def deployments(raw: Path, output: Path) -> list[RunnerDeployment]:
    """The deployments: ``dateline/nightly`` at 02:00 UTC, ``dateline/on-demand`` and ``recode/on-demand``."""
    parameters = {"raw": str(raw), "output": str(output)}
    nightly = dateline.to_deployment(
        name="nightly",
        schedule=Cron(NIGHTLY, timezone="UTC"),
        parameters=parameters,
        description="Every night at 02:00 UTC: what is new in raw becomes a version.",
    )
    demand = dateline.to_deployment(name="on-demand", parameters=parameters, description="The same, now.")
    again = recode.to_deployment(
        name="on-demand", parameters={"output": str(output)}, description="Today's code over the articles at hand."
    )
    made = [nightly, demand, again]
    if not all(isinstance(deployment, RunnerDeployment) for deployment in made):
        raise RunFailedError("deployments can only be made outside an event loop")
    return [deployment for deployment in made if isinstance(deployment, RunnerDeployment)]


def serve(raw: Path, output: Path, ui: bool, port: int) -> None:
    """Serve the deployments until stopped.

    Args:
        raw: what the runs read. ``output``: where they publish. Both absolute: runs start in any folder.
        ui: start a Prefect server on this machine first; otherwise the configured one is used.
        port: that server's port.

    Raises:
        UsageError: no server is configured and none is to be started.
    """
    if not ui and not PREFECT_API_URL.value():
        raise UsageError("no Prefect server is configured: add --ui to start one here, or set PREFECT_API_URL")
    with _server(port) if ui else nullcontext():
        serve_deployments(*deployments(raw, output), pause_on_shutdown=False)


@contextmanager
def _server(port: int) -> Iterator[None]:
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"{address}/api/health")
        print(f"Prefect UI: {address}", flush=True)
        with temporary_settings({PREFECT_API_URL: f"{address}/api"}):
            yield
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(SERVER_PATIENCE * 4):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    raise RunFailedError(f"the Prefect server did not start at {url}; is the port taken? Name another with --port")
