"""``dateline fetch``: the command, and what the person at the desk sees of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import progress
from pipeline.errors import RunFailedError
from pipeline.fetch.terms import Fetched, Kind, Manner, Result

_USUAL = Manner()
_KINDS: tuple[Kind, ...] = ("feed", "page")
_RESULTS: tuple[Result, ...] = ("fetched", "unchanged", "refused", "failed")


def _from(low: float, high: float) -> Callable[[float], float]:
    """A check for numbers whose message says what is allowed."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise typer.BadParameter(f"allowed is {low:,g} to {high:,g}")
        return value

    return check


def fetch(
    feeds: Annotated[
        list[str],
        typer.Argument(metavar="FEED...", help="Addresses of feeds or pages, or files with one address a line."),
    ],
    raw: Annotated[Path, typer.Option(help="Raw directory; pages go to fetched/ below it.")] = Path("raw"),
    contact: Annotated[
        str | None, typer.Option(help="Your address or e-mail, told to every server, so that it can complain.")
    ] = None,
    delay: Annotated[
        float, typer.Option(callback=_from(0, 3600), help="Seconds between two requests to one host.")
    ] = _USUAL.delay_s,
    timeout: Annotated[
        float, typer.Option(callback=_from(0.1, 3600), help="Seconds for one whole answer.")
    ] = _USUAL.total_s,
    max_pages: Annotated[
        int, typer.Option(callback=_from(1, 1_000_000), help="New pages of one feed and run; the rest comes next time.")
    ] = _USUAL.entries,
    max_seconds: Annotated[
        float, typer.Option(callback=_from(1, 1_000_000), help="Seconds for the whole run; the rest comes next time.")
    ] = _USUAL.run_s,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(metavar="NETWORK", help="A private address or network to fetch from, such as 10.1.0.0/16."),
    ] = None,
) -> None:
    """Fetch feeds and the pages they list into raw, politely; pages that are there already are not fetched again."""
    from pipeline.fetch.run import fetch as run

    manner = Manner(
        contact=contact,
        allow_private=tuple(allow_private or ()),
        delay_s=delay,
        total_s=timeout,
        read_s=min(timeout, _USUAL.read_s),
        connect_s=min(timeout, _USUAL.connect_s),
        entries=max_pages,
        run_s=max_seconds,
    )
    console = Console() if sys.stdout.isatty() else Console(width=200)
    with progress.telling(progress.Terminal(console)):
        fetched = run(feeds, raw, manner)
    for table in tables(fetched):
        console.print()
        console.print(table)
    what = str(fetched.warc) if fetched.warc else "no page was new, and no file was written"
    console.print(f"\n{what}\nall outcomes: {fetched.log}", highlight=False, markup=False, soft_wrap=True)
    if not fetched.worked:
        raise RunFailedError(f"none of the {fetched.count('feed'):,} given addresses could be had; see {fetched.log}")


def tables(fetched: Fetched) -> list[Table]:
    """How many feeds and pages came out how; and where some were not taken, why."""
    counts = Table(show_edge=False)
    for heading in ("", *_RESULTS):
        counts.add_column(heading, justify="right" if heading else "left")
    for kind in _KINDS:
        counts.add_row(f"{kind}s", *(f"{fetched.count(kind, result):,}" for result in _RESULTS))
    reasons = Table(show_edge=False)
    for heading in ("not taken", "why", "number", "for example"):
        reasons.add_column(heading, justify="right" if heading == "number" else "left", overflow="fold")
    for outcome, number in fetched.reasons():
        example = escape(f"{outcome.url}{f': {outcome.detail}' if outcome.detail else ''}"[:300])
        reasons.add_row(f"{outcome.kind} {outcome.result}", escape(outcome.reason), f"{number:,}", example)
    return [counts, reasons] if reasons.row_count else [counts]
