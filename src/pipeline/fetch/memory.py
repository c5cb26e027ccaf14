"""What is remembered between runs, in ``<raw>/.fetch``: what was fetched, and how to ask whether it has changed.

.fetch/state.json    feeds and pages by address; remove it to fetch everything again
.fetch/last.json     the outcomes of the last run
.fetch/lock          held while a run writes
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import DatelineError, RunFailedError
from pipeline.fetch.answers import Answer
from pipeline.store import write_atomically

FOLDER = ".fetch"
FORGOTTEN_AFTER = timedelta(days=90)
"""A page that no feed has listed for so long is forgotten, so that the state does not grow for ever."""


class DamagedStateError(DatelineError):
    """``state.json`` cannot be read. Names the file and what to do."""


@dataclass(slots=True)
class Known:
    """What is known of one address.

    Attributes:
        seen: day it was last listed or asked for, ISO 8601.
        stamp: what the feed said of its last change. etag, modified: what the server said of it.
        sha256: of the content that was stored, or None.
        refused: why it was not taken; it is not asked for again while ``stamp`` stays.
    """

    seen: str
    stamp: str = ""
    etag: str = ""
    modified: str = ""
    sha256: str | None = None
    refused: str | None = None

    def conditions(self) -> dict[str, str]:
        """Header fields that ask for an answer only where something has changed."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in given.items() if value}


@dataclass(slots=True)
class Memory:
    """Addresses of feeds and of pages → what is known of them."""

    feeds: dict[str, Known] = field(default_factory=dict)
    pages: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Memory:
        """What the last run left; nothing before the first.

        Raises:
            DamagedStateError: the file is not what we wrote.
        """
        path = folder / "state.json"
        if not path.exists():
            return cls()
        try:
            found = json.loads(path.read_text("utf-8"))
            return cls(
                {url: Known(**known) for url, known in found["feeds"].items()},
                {url: Known(**known) for url, known in found["pages"].items()},
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DamagedStateError(
                f"{path} is damaged ({error}); remove it to fetch every page again. The raw files are not touched"
            ) from error

    def save(self, folder: Path, today: date) -> None:
        """Write what is known, without the pages that nobody lists any more."""
        oldest = (today - FORGOTTEN_AFTER).isoformat()
        kept = {url: known for url, known in self.pages.items() if known.seen >= oldest}
        rows = {
            name: {url: {k: v for k, v in asdict(known).items() if v} for url, known in sorted(group.items())}
            for name, group in (("feeds", self.feeds), ("pages", kept))
        }
        write_json(folder / "state.json", rows)


def known_from(answer: Answer, sha256: str | None, stamp: str = "") -> Known:
    """What an answer tells about its address."""
    etag, modified = answer.header("etag"), answer.header("last-modified")
    return Known(
        seen=answer.asked_at.date().isoformat(),
        stamp=stamp,
        etag=etag if _told(etag) else "",
        modified=modified if _told(modified) else "",
        sha256=sha256,
    )


def _told(value: str) -> bool:
    """Whether a header's value may be sent back as it is."""
    return len(value) <= 500 and value.isascii() and value.isprintable()


def write_json(path: Path, content: object) -> None:
    """Write JSON that a person can read, whole or not at all."""
    write_atomically(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep a second run out; also removes what a killed one left.

    Raises:
        RunFailedError: another run is writing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunFailedError(f"another fetch is writing to '{folder.parent}'; try again when it is done") from error
        for partial in folder.glob("*.partial"):
            partial.unlink()
        yield
