"""How politely and how patiently feeds and pages are asked for, and what is told when one is not taken."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.errors import UsageError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = Literal["feed", "page"]
Result = Literal["fetched", "unchanged", "refused", "failed"]

AGENT = "dateline"
"""The name that robots.txt files know us by."""

_PRINTED = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,199}")


@dataclass(slots=True, frozen=True, kw_only=True)
class Manner:
    """How to ask. The defaults are polite to any news site.

    Attributes:
        contact: address or e-mail of who fetches, told to every server in ``User-Agent``; or None.
        allow_private: networks that are no part of the public internet, and may be fetched from all the same:
            ``10.0.0.0/8``, ``127.0.0.1``. All others are refused, since a feed of strangers could otherwise read what
            only this machine may see.
        delay_s: seconds between two requests to one host; a longer ``Crawl-delay`` of its robots.txt wins.
        longest_delay_s: a host whose robots.txt asks for a longer delay is not fetched from.
        hosts_at_once: hosts that are asked at the same time; one host is never asked twice at once.
        connect_s, read_s, total_s: seconds to connect, between two pieces of an answer, for one whole answer.
        run_s: seconds after which nothing more is asked for; what is left is for the next run.
        attempts: how often one address is asked for, when the server is busy or cannot be reached.
        backoff_s: seconds before the second attempt; each further one waits twice as long, without dice.
        longest_wait_s: a host that asks to be left alone for longer (``Retry-After``) is left alone for this run.
        failures: addresses of one host that fail one after the other before the rest of that host is given up.
        redirects: most redirects from one address.
        feed_bytes, page_bytes, robots_bytes: most bytes of one answer, packed and unpacked; of a longer robots.txt
            the beginning counts (RFC 9309 asks for 500 KiB at least).
        entries: most pages of one feed and run, the first ones; the rest is for the next run.
    """

    contact: str | None = None
    allow_private: tuple[str, ...] = ()
    delay_s: float = 1.0
    longest_delay_s: float = 60.0
    hosts_at_once: int = 8
    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0
    run_s: float = 3_600.0
    attempts: int = 3
    backoff_s: float = 1.0
    longest_wait_s: float = 120.0
    failures: int = 3
    redirects: int = 8
    feed_bytes: int = 10_000_000
    page_bytes: int = 8_000_000
    robots_bytes: int = 512_000
    entries: int = 1_000

    def __post_init__(self) -> None:
        """Refuse what cannot be told to a server or is no network.

        Raises:
            UsageError: names the option, the value and what is allowed.
        """
        if self.contact is not None and not _PRINTED.fullmatch(self.contact):
            raise UsageError(f"--contact: {self.contact!r} is not fit for a header (plain letters, at most 200)")
        self.allowed_networks()

    def allowed_networks(self) -> tuple[Network, ...]:
        """``allow_private`` as networks."""
        found: list[Network] = []
        for text in self.allow_private:
            try:
                found.append(ipaddress.ip_network(text, strict=False))
            except ValueError as error:
                raise UsageError(
                    f"--allow-private: '{text}' is no network (expected an address or a network: 127.0.0.1, 10.0.0.0/8)"
                ) from error
        return tuple(found)


def plain(text: str) -> str:
    """Text of strangers, fit for any terminal: one line, no control characters, no lone surrogates."""
    return "".join(c if c.isprintable() else "?" for c in text)


class NotTakenError(Exception):
    """A feed or page that is not taken.

    Attributes:
        reason: in a few words, the same for all of a kind ("robots.txt"). detail: what is wrong with this one.
        told: the server itself said so, so that it need not be asked again.
    """

    result: Result = "refused"

    def __init__(self, reason: str, detail: str = "", *, told: bool = False):
        self.reason = reason
        self.detail = plain(detail)
        super().__init__(f"{reason}: {self.detail}" if detail else reason)
        self.told = told


class RefusedError(NotTakenError):
    """Not taken, and it would not be if it were asked for again at once."""


class FailedError(NotTakenError):
    """Not had this time; the next run asks again.

    Attributes:
        again: whether a further attempt in this run may help. wait_s: how long the server asks to be left alone.
    """

    result: Result = "failed"

    def __init__(self, reason: str, detail: str = "", *, again: bool = True, wait_s: float = 0.0):
        super().__init__(reason, detail)
        self.again = again
        self.wait_s = wait_s


class KnownError(Exception):
    """A redirect leads to a page that was taken already. ``args[0]`` is its address."""


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of one address.

    Attributes:
        url: as given or as listed in the feed. kind: what was asked for there. via: the feed that lists the page.
        reason, detail: why it was not taken, or what is worth a word.
    """

    url: str
    kind: Kind
    result: Result
    reason: str = ""
    detail: str = ""
    via: str | None = None


@dataclass(slots=True, frozen=True)
class Fetched:
    """What one run of :func:`pipeline.fetch.fetch` did. Every address is in exactly one outcome.

    Attributes:
        warc: the new raw file, or None where no page was fetched.
        log: JSON file with the outcomes; the next run writes it anew.
        outcomes: of the given addresses (kind "feed", in the order given), then of the pages, by address.
    """

    warc: Path | None
    log: Path
    outcomes: tuple[Outcome, ...] = field(repr=False)

    def count(self, kind: Kind, result: Result | None = None) -> int:
        """How many feeds or pages there were, or came out so."""
        return sum(o.kind == kind and result in (None, o.result) for o in self.outcomes)

    @property
    def worked(self) -> bool:
        """Whether at least one of the given addresses was had."""
        return any(o.kind == "feed" and o.result in ("fetched", "unchanged") for o in self.outcomes)

    def reasons(self) -> list[tuple[Outcome, int]]:
        """Why feeds and pages were not taken: the first outcome of each reason, and how many there are, most first."""
        found: dict[tuple[str, str, str], list[Outcome]] = {}
        for outcome in self.outcomes:
            if outcome.result in ("refused", "failed"):
                found.setdefault((outcome.kind, outcome.result, outcome.reason), []).append(outcome)
        return [(many[0], len(many)) for many in sorted(found.values(), key=lambda m: (-len(m), m[0].reason))]
