"""Addresses under which a browser opens what was published: from a page of the web it opens no file addresses."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from pipeline.errors import RunFailedError

SHOWN = "DATELINE_SHOWN"
"""The environment variable by which runs learn of ``shown``: "address=folder"."""


class _Folder(SimpleHTTPRequestHandler):
    """Shows a folder to whoever asks this very machine for it by its number."""

    extensions_map = {  # noqa: RUF012 - as the parent has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".md": "text/plain; charset=utf-8",
    }

    def __init__(self, *args: Any, host: str, directory: str):
        self._host = host
        super().__init__(*args, directory=directory)

    def send_head(self) -> Any | BinaryIO | None:
        """Refuse a page that has another name lead to this machine, to read what is here."""
        if self.headers["Host"] != self._host:
            self.send_error(HTTPStatus.FORBIDDEN)
            return None
        return super().send_head()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def shown(output: Path, port: int) -> Iterator[None]:
    """Show the versions below ``output`` to browsers on this machine, and tell the runs started here.

    Raises:
        RunFailedError: the port is taken.
    """
    host, folder = f"127.0.0.1:{port}", (output / "versions").resolve()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Folder, host=host, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise RunFailedError(
            f"port {port}, at which the versions are to be shown, cannot be used ({error}); name another with --port,"
            " and the versions get the one after it"
        ) from error
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ[SHOWN] = f"http://{host}/={folder}"
        try:
            yield
        finally:
            del os.environ[SHOWN]
            server.shutdown()


def address(path: Path) -> str | None:
    """The address of a published file or folder, or None where none is shown."""
    base, _, folder = os.environ.get(SHOWN, "").partition("=")
    here = path.resolve()
    if not base or not here.is_relative_to(folder):
        return None
    return base + quote(here.relative_to(folder).as_posix()) + ("/" if here.is_dir() else "")
