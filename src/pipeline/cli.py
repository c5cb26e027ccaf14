"""The command ``dateline``. Exit codes: 0 done; 1 failed, nothing published; 2 bad usage or bad configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline import progress
from pipeline.errors import DatelineError, RunFailedError, UsageError
from pipeline.fetch import command as fetching
from pipeline.geonames import command as gazetteers
from pipeline.options import (
    CORES,
    Codebook,
    CodedBy,
    Gazetteer,
    MaxRejectedShare,
    Output,
    Scheduler,
    Workers,
    within,
)

app = typer.Typer(
    name="dateline",
    help="News articles in, analysis-ready event tables out: who did what to whom, where and when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(fetching.fetch)
app.add_typer(gazetteers.app, name="gazetteer")


@app.command()
def run(
    raw: Annotated[Path, typer.Option(help="Directory or file to read raw articles from; never written to.")] = Path(
        "raw"
    ),
    output: Output = Path("output"),
    workers: Workers = CORES,
    force: Annotated[bool, typer.Option("--force", help="Read every raw file again, seen or not.")] = False,
    max_rejected_share: MaxRejectedShare = 0.05,
    codebook: Codebook = None,
    gazetteer: Gazetteer = None,
    runner: CodedBy = "processes",
    scheduler: Scheduler = None,
) -> None:
    """Read what is new in raw, code it, validate it and publish one new version."""
    if not raw.exists():
        raise UsageError(f"--raw '{raw}' does not exist (expected a folder of raw articles, or one raw file)")
    with _jobs(output, codebook, gazetteer, runner, scheduler) as jobs:
        version = jobs.dateline(
            raw=raw,
            output=output,
            workers=workers,
            force=force,
            max_rejected_share=max_rejected_share,
            codebook=codebook,
            gazetteer=gazetteer,
            runner=runner,
            scheduler=scheduler,
        )
    if version:
        _closing(output, version)


@app.command()
def recode(
    output: Output = Path("output"),
    workers: Workers = CORES,
    force: Annotated[bool, typer.Option("--force", help="Publish a version even where nothing has changed.")] = False,
    max_rejected_share: MaxRejectedShare = 0.05,
    codebook: Codebook = None,
    gazetteer: Gazetteer = None,
    runner: CodedBy = "processes",
    scheduler: Scheduler = None,
) -> None:
    """Code every article again with today's code and knowledge, from stored parses, as a new version.

    Where neither has changed since the newest version, none is published.
    """
    from pipeline.release import open_release

    open_release(output)
    with _jobs(output, codebook, gazetteer, runner, scheduler) as jobs:
        version = jobs.recode(
            output=output,
            workers=workers,
            force=force,
            max_rejected_share=max_rejected_share,
            codebook=codebook,
            gazetteer=gazetteer,
            runner=runner,
            scheduler=scheduler,
        )
    if version:
        _closing(output, version)


@app.command()
def versions(output: Output = Path("output")) -> None:
    """List the published versions, newest last."""
    from pipeline import release

    latest = release.open_release(output).version
    table = Table(show_edge=False)
    for heading in ("version", "made", "articles", "events", "schema", "code"):
        table.add_column(heading, justify="right" if heading in ("articles", "events") else "left")
    for name in release.versions(output):
        manifest = release.open_release(output, name).manifest
        rows = {t: f"{entry['rows']:,}" for t, entry in manifest["tables"].items()}
        table.add_row(
            f"{name}{' (latest)' if name == latest else ''}",
            *(manifest["created_at"][:16].replace("T", " "), rows["articles"], rows["events"]),
            *(manifest["schema_version"], manifest["code_version"]),
        )
    _console().print(table)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The older version.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The newer version, or 'latest'.")] = "latest",
    output: Output = Path("output"),
) -> None:
    """Show what changed between two versions, by table and by id."""
    import schemas
    from pipeline import changes
    from pipeline.release import open_release

    old, new = open_release(output, a), open_release(output, b)
    found = changes.diff({t: old.table(t) for t in schemas.TABLES}, {t: new.table(t) for t in schemas.TABLES})
    _console().print(
        changes.changes_markdown(found, old.version, new.version), markup=False, highlight=False, soft_wrap=True
    )


@app.command()
def verify(
    version: Annotated[str, typer.Argument(help="A version's name.")] = "latest", output: Output = Path("output")
) -> None:
    """Check checksums, schemas, keys and text spans of a published version."""
    from pipeline import verify as checks
    from pipeline.release import open_release

    release = open_release(output, version)
    faults = checks.verify(release)
    for fault in faults:
        print(fault)
    if faults:
        raise RunFailedError(f"version {release.version}: {len(faults)} fault{'s' if len(faults) > 1 else ''}")
    print(checks.sound(release))


@app.command()
def explain(
    event_id: Annotated[str, typer.Argument(help="An event_id or an event_mention_id.")],
    version: Annotated[str, typer.Option(help="The version to look in.")] = "latest",
    output: Output = Path("output"),
) -> None:
    """Show one event with the words it was read from."""
    from pipeline import explain as explaining
    from pipeline.release import open_release

    _console().print(explaining.explain(open_release(output, version), event_id), highlight=False, soft_wrap=True)


@app.command()
def codebook(
    write: Annotated[Path | None, typer.Option(help="Write it as Markdown to this file instead.")] = None,
) -> None:
    """Print tables, columns, event types and codes."""
    from pipeline import codebook as book

    if write:
        from pipeline.store import write_atomically

        write_atomically(write, book.codebook_markdown().encode())
    else:
        print(book.codebook_text())


@app.command()
def serve(
    raw: Annotated[Path, typer.Option(help="Directory that the nightly run reads.")] = Path("raw"),
    output: Output = Path("output"),
    ui: Annotated[bool, typer.Option("--ui", help="Start a Prefect server with its page here, too.")] = False,
    port: Annotated[
        int, typer.Option(callback=within(1, 65535), help="Port of that server, on this machine only.")
    ] = 4200,
    cron: Annotated[
        str, typer.Option(envvar="DATELINE_CRON", help="When the nightly run starts: minute hour day month weekday.")
    ] = "0 2 * * *",
    timezone: Annotated[
        str, typer.Option(envvar="DATELINE_TIMEZONE", help="The time zone of --cron, such as Europe/Berlin.")
    ] = "UTC",
) -> None:
    """Serve the Prefect deployments: nightly at 02:00, and whenever they are triggered in the Prefect UI.

    Failed runs and odd versions are told to the address in DATELINE_WEBHOOK_URL, if there is one.
    """
    import flows.settings  # noqa: F401 - before Prefect
    from flows.deployments import serve as start

    start(raw=raw.resolve(), output=output.resolve(), ui=ui, port=port, cron=cron, timezone=timezone)


def _console() -> Console:
    """The terminal at its width; a file or pipe as wide as the rows are."""
    return Console() if sys.stdout.isatty() else Console(width=200)


@contextmanager
def _jobs(
    output: Path, codebook: Path | None, gazetteer: Path | None, runner: str, scheduler: str | None
) -> Iterator[ModuleType]:
    """:mod:`flows.dateline` with a server at hand, once all that can be refused is checked: Prefect takes seconds."""
    from pipeline.release import writing
    from pipeline.stages import use_codebook, use_gazetteer

    use_codebook(codebook)
    use_gazetteer(gazetteer)
    with writing(output):  # tells a second writer at once; the flow asks for the lock again
        pass
    # Prefect's own log stays off the terminal; it goes to the run's log, which the Prefect UI shows
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    from flows import runners, server

    runners.check(runner, scheduler)
    server.launch()
    from flows import dateline as jobs

    server.start()
    with progress.telling(progress.Terminal(_console())):
        yield jobs


def _closing(output: Path, version: str) -> None:
    from pipeline.release import open_release

    release = open_release(output, version)
    previous = release.manifest["previous"]
    before = open_release(output, previous).manifest["tables"] if previous else {}
    rows = {name: entry["rows"] for name, entry in release.manifest["tables"].items()}
    console = _console()
    console.print()
    console.print(progress.closing_table(version, rows, {name: entry["rows"] for name, entry in before.items()}))
    console.print(f"\n{release.path}", highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line; every expected error is one line on stderr."""
    try:
        code = app(standalone_mode=False) or 0
    except typer.TyperException as error:
        code = _fail(_named(error, sys.argv[1:]), 2)
    except (typer.Abort, KeyboardInterrupt):
        code = _fail("interrupted; nothing was published", 1)
    except DatelineError as error:
        code = _fail(str(error), error.exit_code)
    except OSError as error:
        code = _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", 1)
    sys.exit(code)


def _named(error: typer.TyperException, given: list[str]) -> str:
    """The error in one line; for an option's value, with the value."""
    message = error.format_message().replace(": Value error, ", ": ")  # a word of pydantic's
    param = error.param if isinstance(error, typer.BadParameter) else None
    for i, word in enumerate(given):
        option, equals, value = word.partition("=")
        if param and option in param.opts:
            value = value if equals else "".join(given[i + 1 : i + 2])
            return f"{message} (given: '{value}')"
    return message


def _fail(message: str, code: int) -> int:
    if not message:  # help was shown instead
        return code
    print(f"dateline: {' '.join(message.split())}", file=sys.stderr)
    return code
