"""Feeds and the pages they list → one new raw file."""

from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.artifacts import create_table_artifact
from pydantic import Field

from flows import artifacts, notices, tasks
from pipeline import fetch as fetching
from pipeline.errors import RunFailedError
from pipeline.fetch import Manner


@flow(name="fetch", flow_run_name=artifacts.run_name, **notices.FAILURES)
@notices.plainly
def fetch(
    feeds: Annotated[list[str], Field(min_length=1)],
    raw: Path = Path("raw"),
    contact: str | None = None,
    delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0,
    pages_of_a_feed: Annotated[int, Field(ge=1, le=100_000)] = 1_000,
    allow_private: list[str] | None = None,
) -> str | None:
    """Fetch feeds and the pages they list that are new, politely, as one new raw file; the next run reads it.

    Args:
        feeds: Addresses of RSS or Atom feeds or of single pages, or files with one such address a line.
        raw: The raw directory; the new file goes to "fetched" below it.
        contact: Address or e-mail of who fetches, told to every server.
        delay_seconds: Seconds between two requests to one host; a longer delay in its robots.txt wins.
        pages_of_a_feed: Most pages that are fetched of one feed in one run; the rest is for the next run.
        allow_private: Networks inside the house that may be asked all the same, such as 10.0.0.0/8; none without it.

    Returns:
        The new raw file, or None when there was nothing new.
    """
    manner = Manner(
        contact=contact, delay_s=delay_seconds, entries=pages_of_a_feed, allow_private=tuple(allow_private or ())
    )
    done = fetching.fetch(feeds, raw, manner)
    new = done.count("page", "fetched")
    artifacts.add_to_name(f"{new:,} pages")
    tasks.say(f"{new:,} new pages from {len(feeds):,} addresses" + (f" in {done.warc}" if done.warc else ""))
    left = [
        {"what": first.kind, "result": first.result, "reason": first.reason, "how many": many, "such as": first.url}
        for first, many in done.reasons()
    ]
    if left:
        with artifacts.unharmed():
            create_table_artifact(left, key="not-fetched", description=f"Every address: {done.log}")
    if not done.worked:
        raise RunFailedError(
            f"none of the {len(feeds):,} addresses could be fetched (the first: {done.outcomes[0].reason});"
            f" nothing was written, look at {done.log}"
        )
    return str(done.warc) if done.warc else None
