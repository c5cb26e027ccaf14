"""Asking for one address: checked, paced, timed, measured, and again when that may help."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from pipeline.fetch.addresses import Resolver, checked
from pipeline.fetch.answers import Answer, beginning, header, media_type, unpacked
from pipeline.fetch.hosts import Host, Robots, rules
from pipeline.fetch.terms import AGENT, FailedError, KnownError, Manner, RefusedError

BUSY = (408, 425, 429)
"""Answers that may be others a little later, as those from 500 on may be."""

GONE = (404, 410, 451)
"""Answers that need not be asked for again."""

_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"


class Client:
    """Asks for addresses, and keeps the hosts' paces and robots.txt for one run. Use it as an async context.

    Args:
        manner: how to ask.
        ends_at: time of the event loop after which nothing more is asked for.
    """

    def __init__(self, manner: Manner, ends_at: float):
        self.manner = manner
        self.agent = f"{AGENT}/{version('dateline')}" + (f" (+{manner.contact})" if manner.contact else "")
        self._ends_at = ends_at
        self._slots = asyncio.Semaphore(manner.hosts_at_once)
        self._resolver = Resolver(manner.allowed_networks())
        self._tls: ssl.SSLContext | None = None
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._lines: dict[tuple[str, str], httpx.AsyncHTTPTransport] = {}

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._robots.values():
            task.cancel()
        for line in self._lines.values():
            await line.aclose()

    async def get(
        self,
        address: str,
        limit: int,
        *,
        kinds: tuple[str, ...] = (),
        conditions: Mapping[str, str] | None = None,
        known: Callable[[str], bool] | None = None,
    ) -> Answer:
        """Ask for an address and follow where it leads.

        Args:
            address: as given or listed.
            limit: most bytes of the answer, packed and unpacked.
            kinds: media types that are wanted; others are not read. Empty: all. An answer that states none is read.
            conditions: ``If-None-Match`` and ``If-Modified-Since``, to be told 304 when nothing has changed.
            known: whether an address that a redirect leads to was taken already.

        Returns:
            An answer with status 200 to 299, or 304 where conditions were given.

        Raises:
            RefusedError: robots.txt, the address, the answer's kind, size or status speak against it.
            FailedError: no answer was had.
            KnownError: ``known`` said yes.
        """
        url = checked(address)
        passed: list[str] = []
        while True:
            (await self._rules(url)).check(str(url))
            answer = await self._patiently(url, limit, kinds, conditions)
            if answer.status not in _REDIRECTS or not answer.header("location"):
                break
            passed.append(str(url))
            url = checked(answer.header("location"), base=str(url))
            if str(url) in passed:
                raise RefusedError("redirects", f"they lead in a circle, back to {url}", told=True)
            if len(passed) > self.manner.redirects:
                raise RefusedError("redirects", f"more than {self.manner.redirects}, the last to {url}", told=True)
            if known is not None and known(str(url)):
                raise KnownError(str(url))
        if answer.status == 304 and conditions:
            return replace(answer, redirects=tuple(passed))
        if not 200 <= answer.status < 300 or answer.status in (204, 205, 206):
            raise RefusedError(f"HTTP {answer.status}", answer.phrase[:60], told=answer.status in GONE)
        return replace(answer, redirects=tuple(passed))

    async def _rules(self, url: httpx.URL) -> Robots:
        """The rules of an address's origin, asked for once."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(origin, self._host(url)))
        return await asyncio.shield(self._robots[origin])

    async def _read_robots(self, origin: str, host: Host) -> Robots:
        """RFC 9309: none is leave for everything, one that cannot be had is leave for nothing."""
        url = checked(f"{origin}/robots.txt")
        for _ in range(6):
            try:
                answer = await self._patiently(url, self.manner.robots_bytes, (), None, cut=True)
            except RefusedError as error:
                if error.reason == "private address":
                    raise
                return Robots(None, host, self.manner)  # damaged: no rules can be read
            except FailedError as error:
                if error.reason in ("host given up", "time is up"):
                    raise
                raise FailedError("no robots.txt", f"{url}: {error}", again=False) from error
            if answer.status in _REDIRECTS and answer.header("location"):
                try:
                    url = checked(answer.header("location"), base=str(url))
                except RefusedError:
                    break
                continue
            if 200 <= answer.status < 300:
                return Robots(rules(answer.content), host, self.manner)
            break
        return Robots(None, host, self.manner)

    async def _patiently(
        self,
        url: httpx.URL,
        limit: int,
        kinds: tuple[str, ...],
        conditions: Mapping[str, str] | None,
        cut: bool = False,
    ) -> Answer:
        """One answer, after as many attempts as it takes and the manner allows."""
        host = self._host(url)
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(self.manner.attempts),
                wait=self._pause,
                retry=retry_if_exception(lambda e: isinstance(e, FailedError) and e.again),
                sleep=asyncio.sleep,
                reraise=True,
            ):
                with attempt:
                    answer = await self._timed(host, url, limit, kinds, conditions, cut)
        except FailedError as error:
            if error.reason not in ("host given up", "time is up"):
                host.failed(error)
            raise
        host.answered()
        return answer

    def _pause(self, state: RetryCallState) -> float:
        """1, 2, 4 … times the backoff, or as long as the server asks for. No dice: the pace keeps hosts apart."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait_s if isinstance(error, FailedError) else 0.0
        return max(asked, self.manner.backoff_s * 2.0 ** (state.attempt_number - 1))

    async def _timed(
        self,
        host: Host,
        url: httpx.URL,
        limit: int,
        kinds: tuple[str, ...],
        conditions: Mapping[str, str] | None,
        cut: bool,
    ) -> Answer:
        """One attempt, in the host's turn, within the time for one answer."""
        async with host.turn(), self._slots:
            try:
                async with asyncio.timeout(self.manner.total_s):
                    answer = await self._exchange(url, limit, kinds, conditions or {}, cut)
            except TimeoutError as error:
                raise FailedError("time-out", f"no whole answer in {self.manner.total_s:g} s") from error
            except httpx.TimeoutException as error:
                raise FailedError("time-out", f"{type(error).__name__} ({url.host})") from error
            except httpx.TransportError as error:
                raise FailedError("no answer", f"{url.host}: {error or type(error).__name__}") from error
        if answer.status in BUSY or answer.status >= 500:
            wait_s = _seconds(answer.header("retry-after"), answer.asked_at)
            host.leave_alone(wait_s)
            raise FailedError(f"HTTP {answer.status}", answer.phrase[:60], wait_s=wait_s)
        return answer

    async def _exchange(
        self, url: httpx.URL, limit: int, kinds: tuple[str, ...], conditions: Mapping[str, str], cut: bool
    ) -> Answer:
        """Ask once. The body of an answer that is not wanted is not read."""
        asked_at = datetime.now(UTC).replace(microsecond=0)
        headers = {"User-Agent": self.agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip", **conditions}
        request = httpx.Request("GET", url, headers=headers)
        response = await self._connected(request)
        try:
            stream = response.extensions.get("network_stream")
            peer = stream.get_extra_info("server_addr") if stream is not None else None
            if peer:
                self._resolver.check(url.host, [peer[0]])  # what we are really connected to
            received = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers.raw)
            good = 200 <= response.status_code < 300
            if good and kinds and media_type(received) and media_type(received) not in kinds:
                raise RefusedError("no HTML", media_type(received)[:60], told=True)
            body = await _body(response, limit, cut) if good else b""
        finally:
            await response.aclose()
        return Answer(
            url=str(url),
            asked_at=asked_at,
            address=peer[0] if peer else None,
            request=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in request.headers.raw),
            version=response.http_version,
            status=response.status_code,
            phrase=response.reason_phrase,
            headers=received,
            body=body,
            content=(beginning if cut else unpacked)(body, header(received, "content-encoding"), limit),
        )

    async def _connected(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first checked address of its host that answers."""
        manner = self.manner
        timeout = httpx.Timeout(manner.read_s, connect=manner.connect_s).as_dict()
        host = request.url.raw_host.decode("ascii")
        addresses = await self._resolver.addresses(request.url.host)
        for i, address in enumerate(addresses):
            sent = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                extensions={"timeout": timeout, "sni_hostname": host},
            )
            try:
                return await self._line(request.url, address).handle_async_request(sent)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if i == len(addresses) - 1:
                    raise
        raise FailedError("host not found", request.url.host)

    def _line(self, url: httpx.URL, address: str) -> httpx.AsyncHTTPTransport:
        """Connections for one origin at one address: never shared by two names, whose certificates may differ."""
        key = (f"{url.scheme}://{url.netloc.decode('ascii')}", address)
        if key not in self._lines:
            limits = httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=30)
            if url.scheme == "https" and self._tls is None:
                self._tls = httpx.create_ssl_context()  # a tenth of a second to read
            tls = self._tls if self._tls is not None else False  # False: without TLS there is nothing to verify
            self._lines[key] = httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits)
        return self._lines[key]

    def _host(self, url: httpx.URL) -> Host:
        return self._hosts.setdefault(url.host, Host(url.host, self.manner, self._ends_at))


async def _body(response: httpx.Response, limit: int, cut: bool) -> bytes:
    """The body as it comes, up to the limit; beyond it an error, or with ``cut`` the beginning."""
    stated = response.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit and not cut:
        raise RefusedError("too long", f"{int(stated):,} bytes (limit {limit:,})", told=True)
    parts, size = [], 0
    async for part in response.aiter_raw():
        parts.append(part)
        size += len(part)
        if size > limit:
            if cut:
                return b"".join(parts)[:limit]
            raise RefusedError("too long", f"more than {limit:,} bytes", told=True)
    return b"".join(parts)


def _seconds(retry_after: str, now: datetime) -> float:
    """``Retry-After`` in seconds: a number or a date (RFC 9110, 10.2.3); 0 for none."""
    text = retry_after.strip()
    if text.isdecimal() and len(text) < 12:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
