"""What the person at the desk sees of a run: one line a stage, a bar on coding, a closing table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.errors import RunFailedError


@dataclass(slots=True)
class Stage:
    """What one stage did with its rows. Where all four are counted, in = out + rejected + duplicate.

    Attributes:
        name: read, articles, code, assemble, validate, publish.
        unit: what is counted.
        seconds: wall-clock time.
        note: what else is worth a word.
    """

    name: str
    unit: str
    rows_in: int
    rows_out: int
    rejected: int = 0
    duplicate: int = 0
    seconds: float = 0.0
    note: str = ""
    balanced: bool = True

    def check(self) -> None:
        """No row disappears.

        Raises:
            RunFailedError: rows in are not rows out + rejected + duplicate.
        """
        if self.balanced and self.rows_in != self.rows_out + self.rejected + self.duplicate:
            raise RunFailedError(
                f"stage {self.name}: {self.rows_in} {self.unit} in, but {self.rows_out} out + {self.rejected} rejected"
                f" + {self.duplicate} duplicate; a row was lost, and nothing is published"
            )

    def line(self) -> str:
        """The stage in one line."""
        counts = (
            f"{self.rows_in:>9,} in {self.rows_out:>9,} out {self.rejected:>6,} rejected {self.duplicate:>6,} duplicate"
        )
        return f"{self.name:<9}{counts} {self.seconds:>7.1f} s  {self.unit}{'; ' if self.note else ''}{self.note}"


class Listener(Protocol):
    """Who is told how a run goes."""

    def say(self, line: str) -> None:
        """One line of news."""

    def start(self, words: int) -> None:
        """Coding begins: so many words."""

    def advance(self, words: int) -> None:
        """So many words more are coded."""

    def stop(self) -> None:
        """Coding has ended."""


class Silent:
    """Tells nobody; the default outside the command line."""

    def say(self, line: str) -> None:
        """Nothing."""

    def start(self, words: int) -> None:
        """Nothing."""

    def advance(self, words: int) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""


class Terminal:
    """Tells a terminal: lines always, the bar only where something can redraw it."""

    def __init__(self, console: Console):
        self.console = console
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def say(self, line: str) -> None:
        """Print one line, above the bar where there is one."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def start(self, words: int) -> None:
        """Show the bar."""
        if self.console.is_terminal and words:
            columns = (
                TextColumn("code"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("words"),
                TimeRemainingColumn(),
            )
            self._bar = Progress(*columns, console=self.console, transient=True)
            self._task = self._bar.add_task("code", total=words)
            self._bar.start()

    def advance(self, words: int) -> None:
        """Move the bar."""
        if self._bar and self._task is not None:
            self._bar.advance(self._task, words)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.stop()
            self._bar = None


_listener: ContextVar[Listener] = ContextVar("listener", default=Silent())  # noqa: B039 - holds no state


def listener() -> Listener:
    """Who is told in this context."""
    return _listener.get()


@contextmanager
def telling(who: Listener) -> Iterator[None]:
    """Have every run in this context tell ``who``."""
    token = _listener.set(who)
    try:
        yield
    finally:
        _listener.reset(token)


def clock() -> Callable[[], float]:
    """Start a stopwatch; call it for the seconds since."""
    begin = time.perf_counter()
    return lambda: time.perf_counter() - begin


def closing_table(version: str, rows: dict[str, int], before: dict[str, int]) -> Table:
    """Rows per table of the new version, and how many more than in the one before."""
    table = Table(title=f"version {version}", title_justify="left", show_edge=False)
    table.add_column("table")
    table.add_column("rows", justify="right")
    if before:
        table.add_column("change", justify="right")
    for name, count in rows.items():
        change = count - before.get(name, 0)
        table.add_row(name, f"{count:,}", *([f"{change:+,}" if change else "="] if before else []))
    return table
