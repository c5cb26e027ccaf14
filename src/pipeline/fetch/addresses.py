"""Which addresses may be asked for: http and https, on the public internet."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urljoin

import httpx

from pipeline.fetch.terms import FailedError, Network, RefusedError

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 2_000  # characters of an address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_TRIED = 3  # addresses of one host


def checked(text: str, base: str | None = None) -> httpx.URL:
    """An address as it is asked for: absolute, percent-encoded, without its fragment.

    Raises:
        RefusedError: it is none, is no web address, or carries a password (which would end up in the raw files).
    """
    try:
        url = httpx.URL(urljoin(base or "", text.strip())).copy_with(fragment=None)
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedError("no web address", f"{text[:200]!r} ({error})") from error
    if url.scheme not in ("http", "https") or not host or url.port == 0:
        raise RefusedError("no web address", f"{text[:200]!r} (only http and https are fetched)")
    if url.userinfo:
        raise RefusedError("no web address", "it carries a user name or a password, which would be stored in raw")
    if len(str(url)) > LONGEST:
        raise RefusedError("no web address", f"it is longer than {LONGEST:,} characters")
    return url


def forbidden(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why an IP address is not connected to, or None where it may be.

    Public means what IANA's registries call globally reachable, and no multicast; an IPv4 address inside an IPv6 one
    counts as itself.
    """
    ip: IP = ipaddress.ip_address(address)
    inside: IP | None = None
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    real = inside or ip
    if any(real in network or ip in network for network in allowed):
        return None
    if real.is_loopback:
        return f"{address} is this machine"
    if real.is_link_local:
        return f"{address} is link-local"
    if not real.is_global or real.is_multicast or (real.is_reserved and inside is None):
        return f"{address} is not on the public internet"
    return None


class Resolver:
    """Host names → addresses that were checked, looked up once a run.

    A name whose answer changes while we look (DNS rebinding) gains nothing: connections go to the addresses found here
    and not to the name. A name with one forbidden address is refused as a whole.
    """

    def __init__(self, allowed: Sequence[Network]):
        self._allowed = allowed
        self._found: dict[str, tuple[str, ...]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses to try, in the system's order.

        Raises:
            RefusedError: one of them is private, loopback, link-local or otherwise not public.
            FailedError: the name has no address.
        """
        if host not in self._found:
            self._found[host] = await self._look_up(host)
        return self._found[host]

    async def _look_up(self, host: str) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        try:
            answers = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FailedError("host not found", f"{host} ({error})") from error
        found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
        self.check(host, found)
        return found[:_TRIED]

    def check(self, host: str, addresses: Sequence[str]) -> None:
        """Refuse a host with an address that is forbidden.

        Raises:
            RefusedError: names the address, and how to allow it.
        """
        for address in addresses:
            why = forbidden(address, self._allowed)
            if why is not None:
                raise RefusedError("private address", f"{host}: {why} (allow it with --allow-private {address})")
