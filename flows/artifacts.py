"""What an operator sees of a run in the Prefect UI: its name, a bar that moves, and what came of it at the end.

All of it is for people, so none of it may cost a run: what the server does not take is logged and left out.
"""

import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from httpx import HTTPError
from prefect import get_run_logger, runtime
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.exceptions import PrefectException

from flows import links
from pipeline import progress, release
from pipeline.release import Release, Writer
from pipeline.run import Run

TIMEZONE = "DATELINE_TIMEZONE"
"""The environment variable with the time zone whose days the runs' names tell; UTC without it."""
EVERY = 2.0
"""Seconds between two moves of the bar: each is a request to the server."""


def run_name() -> str:
    """What a run is called from its start: deployment (or flow) and day, "nightly 2026-11-23".

    The day is that of the time zone in ``TIMEZONE``.
    """
    zone = ZoneInfo(os.environ.get(TIMEZONE) or "UTC")
    start: datetime = runtime.flow_run.scheduled_start_time or datetime.now(UTC)
    return f"{runtime.deployment.name or runtime.flow_run.flow_name} {start.astimezone(zone):%Y-%m-%d}"


def add_to_name(what: str) -> None:
    """Say more in the run's name once it is known: "nightly 2026-11-23, 4,812 new articles"."""
    with unharmed(), get_client(sync_client=True) as client:
        client.set_flow_run_name(UUID(runtime.flow_run.id), f"{run_name()}, {what}")


@contextmanager
def watched(writer: Writer, raw: Path | None = None) -> Iterator[Run]:
    """One run, whose stages are shown however it ends, and whose version is shown if there is one.

    Args:
        writer: the right to publish.
        raw: what is read, for the lineage; None where nothing is.
    """
    run = Run(writer)
    try:
        yield run
    finally:
        with unharmed():
            _show_stages(run)
    if run.stages and run.stages[-1].name == "publish":
        made = release.open_release(writer.output, writer.version)
        with unharmed():
            _show_version(made)
            _tell_lineage(made, raw)


class Bar:
    """A listener that moves a progress artifact, and tells the listener that was there before."""

    def __init__(self, inner: progress.Listener):
        self.inner = inner
        self._artifact: UUID | None = None
        self._lock = threading.Lock()
        self._words = self._done = 0
        self._moved = -math.inf

    def say(self, line: str) -> None:
        """One line of news."""
        self.inner.say(line)

    def start(self, words: int) -> None:
        """Show the bar."""
        self.inner.start(words)
        self._words, self._done = words, 0
        if words:
            with unharmed():
                about = f"{words:,} words to code"
                self._artifact = _artifact_id(create_progress_artifact(0.0, key="coding", description=about))

    def advance(self, words: int) -> None:
        """Move the bar, unless it has just moved."""
        self.inner.advance(words)
        with self._lock:
            self._done += words
            if time.monotonic() - self._moved < EVERY:
                return
            self._moved = time.monotonic()
        self._move()

    def stop(self) -> None:
        """Leave the bar where coding ended."""
        self.inner.stop()
        self._move()

    def _move(self) -> None:
        if self._artifact:
            with unharmed():
                about = f"{self._done:,} of {self._words:,} words coded"
                update_progress_artifact(self._artifact, 100 * self._done / self._words, description=about)


def _show_stages(run: Run) -> None:
    rows = [
        {
            "stage": stage.name,
            "of": stage.unit,
            "in": stage.rows_in,
            "out": stage.rows_out,
            "rejected": stage.rejected,
            "duplicate": stage.duplicate,
            "seconds": round(stage.seconds, 1),
            "note": stage.note,
        }
        for stage in run.stages
    ]
    if rows:
        create_table_artifact(rows, key="stages", description="What each stage did: in = out + rejected + duplicate.")


def _show_version(made: Release) -> None:
    """What changed, in figures, and where version and quality report lie."""
    figures = (made.path / "CHANGES.md").read_text("utf-8").split("\n## ")[0].rstrip()
    warnings = [f"- {warning}" for warning in made.manifest["warnings"]] or ["None."]
    row_by_row = f"Row by row: `{made.path.absolute() / 'CHANGES.md'}`"
    create_markdown_artifact(
        "\n".join([figures, "", row_by_row, "", "## Warnings", "", *warnings]),
        key="changes",
        description=f"What version {made.version} changes, and what looks odd in it.",
    )
    for key, path, about in (
        ("version", made.path, f"Version {made.version}, a folder where it was published."),
        ("quality", made.path / "QUALITY.html", "Figures and cautions, to read before the version is used."),
    ):
        if address := links.address(path):
            create_link_artifact(address, link_text=str(path.absolute()), key=key, description=about)
        else:
            create_markdown_artifact(f"`{path.absolute()}`", key=key, description=about)


def _tell_lineage(made: Release, raw: Path | None) -> None:
    """Raw → tables → version, as Prefect's asset events."""
    output = made.path.parents[1].absolute()
    latest = (output / "latest").as_uri()
    tables = {f"{latest}/{name}.parquet": entry["rows"] for name, entry in made.manifest["tables"].items()}
    for key, rows in tables.items():
        _emit(key, [raw.absolute().as_uri()] if raw else [], {"rows": rows, "version": made.version})
    _emit(latest, list(tables), {"version": made.version})


def _emit(key: str, upstream: list[str], payload: dict[str, object]) -> None:
    emit_event(
        "prefect.asset.materialization.succeeded",
        resource={"prefect.resource.id": key, "prefect.resource.name": key.rpartition("/")[2]},
        related=[{"prefect.resource.id": other, "prefect.resource.role": "asset"} for other in upstream],
        payload=payload,
    )


def _artifact_id(created: object) -> UUID | None:
    return created if isinstance(created, UUID) else None


@contextmanager
def unharmed() -> Iterator[None]:
    """Let a run go on when the server does not take what is only shown."""
    try:
        yield
    except (HTTPError, PrefectException, OSError) as error:
        get_run_logger().warning("The Prefect server did not take what this run shows: %s", error)
