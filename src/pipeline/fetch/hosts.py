"""One host being asked: its pace, its robots.txt, and when to leave it alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protego import Protego

from pipeline.fetch.terms import AGENT, FailedError, Manner, RefusedError


class Host:
    """One request at a time, a pause after each.

    Attributes:
        delay_s: the pause; grows when robots.txt asks for more.
    """

    def __init__(self, name: str, manner: Manner, ends_at: float):
        """A host nobody has asked yet; nothing is asked after ``ends_at``, a time of the event loop."""
        self.name = name
        self.delay_s = manner.delay_s
        self._manner = manner
        self._ends_at = ends_at
        self._one = asyncio.Lock()
        self._free_at = 0.0
        self._failures = 0
        self._given_up: str | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the host may be asked, in the order of asking.

        Raises:
            FailedError: the host was given up in the meantime, or the run's time is up.
        """
        loop = asyncio.get_running_loop()
        async with self._one:
            while self._given_up is None and loop.time() < min(self._free_at, self._ends_at):
                await asyncio.sleep(min(self._free_at, self._ends_at) - loop.time())
            if self._given_up is not None:
                raise FailedError("host given up", self._given_up, again=False)
            if loop.time() >= self._ends_at:
                raise FailedError("time is up", f"the run's {self._manner.run_s:,.0f} s are over", again=False)
            try:
                yield
            finally:
                self._free_at = max(self._free_at, loop.time() + self.delay_s)

    def leave_alone(self, seconds: float) -> None:
        """Ask nothing for so long, as the host itself wants.

        Raises:
            FailedError: that is too long to wait for; the host is given up.
        """
        if seconds > self._manner.longest_wait_s:
            self._given_up = (
                f"{self.name} asks to be left alone for {seconds:,.0f} s "
                f"(waited for: at most {self._manner.longest_wait_s:,.0f} s)"
            )
            raise FailedError("host given up", self._given_up, again=False)
        self._free_at = max(self._free_at, asyncio.get_running_loop().time() + seconds)

    def answered(self) -> None:
        """An address of the host gave an answer."""
        self._failures = 0

    def failed(self, error: FailedError) -> None:
        """An address of the host failed for good; too many in a row, and the rest is not asked for."""
        self._failures += 1
        if self._failures >= self._manner.failures and self._given_up is None:
            self._given_up = f"{self.name} failed {self._failures} times in a row, last: {error}"


class Robots:
    """What the robots.txt of one origin allows."""

    def __init__(self, rules: Protego | None, host: Host, manner: Manner):
        """Read the rules and slow down as they ask. No rules: everything is allowed."""
        self._rules = rules
        self._host = host
        self._refused: str | None = None
        delay = _pause(rules) if rules is not None else 0.0
        if delay > manner.longest_delay_s:
            self._refused = f"{host.name} wants {delay:,.0f} s between requests"
        host.delay_s = max(host.delay_s, min(delay, manner.longest_delay_s))

    def check(self, url: str) -> None:
        """Refuse an address that robots.txt keeps from us.

        Raises:
            RefusedError: it does, or it asks for a longer pause than we have time for.
        """
        if self._refused is not None:
            raise RefusedError("robots.txt", self._refused)
        if self._rules is not None and not self._rules.can_fetch(url, AGENT):
            raise RefusedError("robots.txt", f"the robots.txt of {self._host.name} keeps {AGENT} from this address")


def _pause(rules: Protego) -> float:
    """Seconds between requests that the rules ask for, by ``Crawl-delay`` or ``Request-rate``."""
    rate = rules.request_rate(AGENT)
    by_rate = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
    return max(float(rules.crawl_delay(AGENT) or 0.0), by_rate)


def rules(body: bytes) -> Protego:
    """Rules of a robots.txt, whatever it holds: lines that are none are passed over."""
    return Protego.parse(body.decode("utf-8-sig", "replace"))
