"""``dateline gazetteer``: the commands about gazetteers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

app = typer.Typer(help="A gazetteer of one's own, for villages that the shipped one lacks.", no_args_is_help=True)


@app.callback()
def gazetteer() -> None:
    """A gazetteer of one's own, for villages that the shipped one lacks."""


@app.command()
def build(
    dump: Annotated[Path, typer.Argument(metavar="DUMP", help="allCountries.zip of GeoNames, or that of a country.")],
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("gazetteer.sqlite"),
    features: Annotated[
        str | None,
        typer.Option(
            help="Feature classes and codes to take, e.g. P,A,AIRP; else towns, villages, divisions and sites that news"
            " speaks of."
        ),
    ] = None,
    min_population: Annotated[
        int, typer.Option(min=0, help="Least population of a town or village; an unknown one is 0.")
    ] = 0,
) -> None:
    """Build a gazetteer from a GeoNames dump; use it with: dateline run --gazetteer FILE."""
    from pipeline.geonames.building import build as build_gazetteer

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("read", total=None)

        def tell(read: int) -> None:
            bar.advance(task, read)
            if bar.finished:
                bar.update(task, description="sort")

        summary = build_gazetteer(
            dump,
            output,
            features,
            min_population,
            start=lambda size: bar.update(task, total=size),
            tell=tell,
        )
    print(
        f"{output}: {summary.places:,} places under {summary.names:,} names; {summary.shipped:,} that the shipped"
        " gazetteer has were left out"
    )
    print(f"Use it with: dateline run --gazetteer {output}")
