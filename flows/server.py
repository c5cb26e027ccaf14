"""Prefect's server, tied to the process that started it: embedded in a run, or with its page for an operator.

Prefect's own stays behind for ever when its parent is killed. Ours reads a pipe from its parent and ends when the pipe
does, which the operating system sees to however the parent dies.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import prefect
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, get_current_settings


class TiedServer(SubprocessASGIServer):
    """The embedded server as this module's ``main`` in a process of its own."""

    def launch(self) -> None:
        """Start the process without waiting for it; ``start`` waits."""
        self.port = self.port or self.find_available_port()
        self.server_process = self._run_uvicorn_command()

    def _run_uvicorn_command(self) -> "subprocess.Popen[Any]":
        if self.server_process and self.server_process.poll() is None:
            return self.server_process
        settings = get_current_settings().to_environment_variables(exclude_unset=True)
        return process(self.port or 0, PREFECT_UI_ENABLED="0", PREFECT__SERVER_EPHEMERAL="1", **settings)

    def stop(self) -> None:
        """Stop the server and let go of the pipe."""
        process = self.server_process
        super().stop()
        if process and process.stdin:
            process.stdin.close()


def process(port: int, **settings: str) -> "subprocess.Popen[Any]":
    """Start this module's ``main`` with these settings in a process of its own."""
    command = [sys.executable, "-m", "flows.server", str(port)]
    own = {"PREFECT__SERVER_FINAL": "1", **settings}
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **own})


def launch() -> None:
    """Begin to start the embedded server, unless a Prefect server is configured: it takes as long as our imports."""
    if not PREFECT_API_URL.value():
        TiedServer().launch()


def start() -> None:
    """Start the embedded server for the flows of this process, unless a Prefect server is configured; wait for it."""
    if not PREFECT_API_URL.value():
        TiedServer().start()


def main(port: int) -> None:
    """Serve Prefect's API, and its page if that is enabled, on this machine until the parent is gone."""
    import uvicorn

    prefect.__ui_v2_static_path__ = Path(os.devnull, "none")  # the V2 page asks an outside host: it is not offered
    threading.Thread(target=_follow_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
    )


def _follow_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(int(sys.argv[1]))
