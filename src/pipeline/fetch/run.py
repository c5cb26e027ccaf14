"""One run: the given addresses, the pages they list, one new raw file, and what became of each."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import RunFailedError, UsageError
from pipeline.fetch.answers import HTML, Answer
from pipeline.fetch.archive import Archive
from pipeline.fetch.client import Client
from pipeline.fetch.feeds import Entry, entries, feeds_of, is_page
from pipeline.fetch.memory import FOLDER, Known, Memory, known_from, only_one, write_json
from pipeline.fetch.terms import Fetched, KnownError, Manner, NotTakenError, Outcome, RefusedError, Result
from pipeline.progress import listener

NEW = "fetched"
"""Folder below raw that the new files go to."""


def fetch(feeds: Iterable[str], raw: Path, manner: Manner | None = None) -> Fetched:
    """Fetch feeds and the pages they list that were not fetched before, politely, as one new raw file.

    What one feed, page or server does wrong stops nothing else. Interrupted, the pages that came so far are kept.

    Args:
        feeds: addresses of RSS or Atom feeds or of single pages, or text files with one such address a line
            (``#`` begins a comment).
        raw: the raw directory; made where it is not there. ``fetched/`` and ``.fetch/`` below it are ours.
        manner: how to ask; polite by default.

    Returns:
        What became of every feed and page, and the new file.

    Raises:
        UsageError: there is no address, one of ``feeds`` is neither a web address nor a file, ``raw`` is no folder.
        RunFailedError: another run is writing, or the disk is full; the pages that came before are kept.
        DatelineError: what the last run left in ``.fetch`` is damaged.

    It starts an event loop of its own: call it from a thread that runs none.
    """
    manner = manner or Manner()
    addresses = given(feeds)
    if raw.exists() and not raw.is_dir():
        raise UsageError(f"--raw: '{raw}' is a file (expected the folder that fetched pages are put into)")
    folder = raw / FOLDER
    with only_one(folder):
        run = _Run(raw, manner, Memory.load(folder))
        try:
            asyncio.run(run.all(addresses))
            return run.told(addresses)
        except OSError as error:
            kept = f"'{run.warc}' holds the pages that came before" if run.warc else "no page was stored"
            raise RunFailedError(f"'{raw}' cannot be written to ({error.strerror or error}); {kept}") from error


def given(feeds: Iterable[str]) -> list[str]:
    """The addresses that are meant, each once, in order.

    Raises:
        UsageError: there is none, or one is neither a web address nor a readable file.
    """
    found: list[str] = []
    for feed in feeds:
        if feed.lower().startswith(("http://", "https://")):
            found.append(feed)
            continue
        if not Path(feed).is_file():
            raise UsageError(
                f"FEED: '{feed}' is neither a web address (http://…, https://…) nor a file with one address a line"
            )
        try:
            lines = [line.split(" #")[0].strip() for line in Path(feed).read_text("utf-8-sig").splitlines()]
        except UnicodeDecodeError as error:
            raise UsageError(f"FEED: '{feed}' is not UTF-8 text (expected one address a line)") from error
        for number, line in enumerate(lines, start=1):
            if line and not line.startswith("#"):
                if not line.lower().startswith(("http://", "https://")):
                    raise UsageError(
                        f"FEED: {feed} line {number}: '{line[:80]}' is no web address (http://…, https://…)"
                    )
                found.append(line)
    if not found:
        raise UsageError("FEED: no address is given (expected feeds, pages, or a file with one address a line)")
    return list(dict.fromkeys(found))


class _Run:
    """State of one run. Every address ends in exactly one outcome."""

    def __init__(self, raw: Path, manner: Manner, memory: Memory):
        self.raw = raw
        self.manner = manner
        self.memory = memory
        self.started = datetime.now(UTC).replace(microsecond=0)
        self.today = self.started.date().isoformat()
        self.warc: Path | None = None
        self.seeds: dict[str, Outcome] = {}
        self.pages: dict[str, Outcome] = {}
        self._listed: set[str] = set()
        self._landed: set[str] = set()

    async def all(self, addresses: list[str]) -> None:
        """Ask for everything; whatever happens, keep what came."""
        async with Client(self.manner, asyncio.get_running_loop().time() + self.manner.run_s) as client:
            self.client = client
            self.archive = Archive(self.raw / NEW, self.raw / FOLDER, self.started, client.agent)
            try:
                async with asyncio.TaskGroup() as self.tasks:
                    for address in addresses:
                        self.tasks.create_task(self._seed(address))
            except BaseExceptionGroup as errors:  # a full disk: said once
                raise errors.exceptions[0] from errors
            finally:
                self.warc = self.archive.close()
                self.memory.save(self.raw / FOLDER, self.started.date())

    def told(self, addresses: list[str]) -> Fetched:
        """What is told of the run, and its log."""
        pages = [self.pages[url] for url in sorted(self.pages)]
        outcomes = (*(self.seeds[address] for address in addresses), *pages)
        log = self.raw / FOLDER / "last.json"
        rows = [
            {k: v for k, v in asdict(o).items() if v} for o in outcomes if (o.kind, o.result) != ("page", "unchanged")
        ]
        started = self.started.strftime("%Y-%m-%dT%H:%M:%SZ")
        warc = self.warc.relative_to(self.raw).as_posix() if self.warc else None
        write_json(log, {"started": started, "warc": warc, "outcomes": rows})
        return Fetched(self.warc, log, outcomes)

    # ------------------------------------------------------------ a given address

    async def _seed(self, address: str) -> None:
        """A feed with all its pages, or one page."""
        before = self.memory.feeds.get(address)
        try:
            answer = await self.client.get(
                address, self.manner.feed_bytes, conditions=before.conditions() if before else None
            )
            if answer.status == 304:
                self.seeds[address] = Outcome(address, "feed", "unchanged")
            elif is_page(answer):
                self._given_page(address, answer, before)
            else:
                await self._feed(address, answer)
        except NotTakenError as error:
            self.seeds[address] = Outcome(address, "feed", error.result, error.reason, error.detail)
        told = self.seeds[address]
        listener().say(f"{told.result:<9} {address}  {': '.join(filter(None, (told.reason, told.detail)))}".rstrip())

    def _given_page(self, address: str, answer: Answer, before: Known | None) -> None:
        """A page given by itself is asked about in every run, and stored when it has changed."""
        named = feeds_of(answer)
        if named and not answer.url.partition("://")[2].partition("/")[2]:
            raise RefusedError("front page", f"no article; the feeds it names: {' '.join(named[:3])}", told=True)
        _check_page(answer)
        if len(answer.content) > self.manner.page_bytes:
            raise RefusedError("too long", f"{len(answer.content):,} bytes (limit {self.manner.page_bytes:,})")
        stored = self._store(address, answer, None, before)
        self.seeds[address] = Outcome(address, "feed", "fetched" if stored else "unchanged", detail="a page, no feed")

    async def _feed(self, address: str, answer: Answer) -> None:
        """Every page that the feed lists and no other feed listed before."""
        listed, nowhere = await asyncio.to_thread(entries, answer, address)
        for link, error in nowhere:
            self.pages.setdefault(link, Outcome(link, "page", error.result, error.reason, error.detail, address))
        mine = [entry for entry in listed if entry.url not in self._listed]
        self._listed.update(entry.url for entry in mine)
        waiting = [entry for entry in mine if not self._known(entry)]
        later = len(waiting) - self.manner.entries
        hosts: dict[str, list[Entry]] = {}
        for entry in waiting[: self.manner.entries]:
            hosts.setdefault(urlsplit(entry.url).netloc, []).append(entry)
        share = asyncio.Semaphore(max(1, self.manner.hosts_at_once // 2))  # a feed of tarpits leaves room for others
        fetching = [self.tasks.create_task(self._pages(pages, share)) for pages in hosts.values()]
        failed = [await pages for pages in fetching]
        detail = f"{len(listed) + len(nowhere):,} items, {len(waiting):,} to fetch"
        detail += f", {later:,} of them left for the next run" if later > 0 else ""
        self.seeds[address] = Outcome(address, "feed", "fetched", detail=detail)
        if later > 0 or any(failed):
            self.memory.feeds.pop(address, None)  # the next run must see the items again
        else:
            self.memory.feeds[address] = known_from(answer, None)

    # ------------------------------------------------------------ a listed page

    def _known(self, entry: Entry) -> bool:
        """Whether nothing needs to be asked: the page was taken or refused before, and no change is told since."""
        before = self.memory.pages.get(entry.url)
        if before is None:
            return False
        before.seen = self.today
        if before.stamp != entry.stamp:
            return False
        if before.refused is None:
            self._outcome(entry, "unchanged")
        else:
            self._outcome(entry, "refused", "refused before", before.refused)
        return True

    async def _pages(self, listed: list[Entry], share: asyncio.Semaphore) -> bool:
        """The pages of one feed on one host, one after the other; whether any failed."""
        failed = False
        for entry in listed:
            async with share:
                failed |= await self._page(entry)
        return failed

    async def _page(self, entry: Entry) -> bool:
        """Fetch one page, or not; whether it failed in a way that another run may mend."""
        before = self.memory.pages.get(entry.url)
        try:
            answer = await self.client.get(
                entry.url,
                self.manner.page_bytes,
                kinds=HTML,
                conditions=before.conditions() if before else None,
                known=None if before else self._taken,
            )
            _check_page(answer)
        except KnownError as error:
            self.memory.pages[entry.url] = Known(self.today, entry.stamp)
            self._outcome(entry, "unchanged", "known", f"leads to {error.args[0]}")
        except NotTakenError as error:
            if error.told:
                self.memory.pages[entry.url] = Known(self.today, entry.stamp, refused=str(error))
            self._outcome(entry, error.result, error.reason, error.detail)
            return error.result == "failed"
        else:
            if answer.status == 304 and before is not None:
                before.stamp = entry.stamp
                stored = False
            else:
                stored = self._store(entry.url, answer, entry, before)
            self._outcome(entry, "fetched" if stored else "unchanged")
        return False

    def _taken(self, url: str) -> bool:
        """Whether the page a redirect leads to is taken care of already."""
        return url in self._listed or url in self._landed or url in self.memory.pages

    def _store(self, address: str, answer: Answer, entry: Entry | None, before: Known | None) -> bool:
        """Put a page into the archive unless it is the one we have; whether it was put there."""
        sha256 = hashlib.sha256(answer.content).hexdigest()
        have = [known.sha256 for known in (before, self.memory.pages.get(answer.url)) if known is not None]
        new = answer.url not in self._landed and sha256 not in have
        if new:
            self.archive.add(answer, entry)
        self._landed.add(answer.url)
        if entry is None:
            self.memory.feeds[address] = known_from(answer, sha256)
        else:
            self.memory.pages[address] = self.memory.pages[answer.url] = known_from(answer, sha256, entry.stamp)
        return new

    def _outcome(self, entry: Entry, result: Result, reason: str = "", detail: str = "") -> None:
        self.pages[entry.url] = Outcome(entry.url, "page", result, reason, detail, entry.via)


def _check_page(answer: Answer) -> None:
    """Refuse what is no page.

    Raises:
        RefusedError: it is empty, or nothing says that it is HTML.
    """
    if answer.status == 304:
        return
    if not answer.content.strip():
        raise RefusedError("empty", "the page holds nothing", told=True)
    if not answer.kind and not answer.looks_like_page:
        raise RefusedError("no HTML", "neither the server nor the first bytes say so", told=True)
