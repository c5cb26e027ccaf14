"""Options that several commands share, with what they allow."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer


def within(low: int, high: int) -> Callable[[float], float]:
    """A check for numbers whose message says what is allowed."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise typer.BadParameter(f"allowed is {low} to {high}")
        return value

    return check


Output = Annotated[Path, typer.Option(help="Directory of the published versions.")]
Workers = Annotated[
    int, typer.Option(callback=within(1, 256), help="Processes that parse and code; the rows are the same.")
]
MaxRejectedShare = Annotated[
    float,
    typer.Option(
        callback=within(0, 1), help="Publish nothing when more than this share of a table's rows is rejected."
    ),
]
Codebook = Annotated[
    Path | None, typer.Option(help="Folder with event types and frames of your own (frames/<TYPE>.csv, …).")
]
Gazetteer = Annotated[
    Path | None, typer.Option(help="File that 'dateline gazetteer build' made; else that of DATELINE_GAZETTEER.")
]
CodedBy = Annotated[
    Literal["threads", "processes", "dask"],
    typer.Option(
        envvar="DATELINE_RUNNER", help="What codes: this very process, processes beside it, or a Dask cluster."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(envvar="DATELINE_SCHEDULER", help="Address of a Dask scheduler, for --runner dask; else one here."),
]
CORES = os.cpu_count() or 1
