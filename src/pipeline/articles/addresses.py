"""What an address says beyond where a page lies: which article it names, and whose."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.articles.page_facts import canonical

_WEB = ("http", "https")
_HOST = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)", re.IGNORECASE)
"""Names before a host that show the same site to another device. "edition." and "news." are sites of their own."""

_PORT = re.compile(r":(?:80|443)?$")
_CACHE = re.compile(r"(?:www\.google\.[a-z.]{2,6}/amp/|[\w-]+\.cdn\.ampproject\.org/[cv]/)(?:s/)?(?=[\w-]+\.)")
"""Where Google keeps copies of AMP pages: what follows is the publisher's own address."""

_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html)$|^/amp(?=/[^/]{4})|\.amp(?=\.html?$)")
_AMP_QUERY = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("amp_js_v", "0.1")})


def host(url: str | None) -> str | None:
    """The host of an address without "www." and the like, in lower case; None where there is none.

    ``https://www.Pier-Post.example:443/a`` → ``pier-post.example``
    """
    scheme, _, rest = (url or "").strip().partition("://")
    try:
        name = urlsplit(f"{scheme}://{_CACHE.sub('', rest, count=1)}").hostname if scheme.lower() in _WEB else None
    except ValueError:
        return None
    return _HOST.sub("", name, count=1) if name and "." in name else None


def article_key(url: str | None) -> str | None:
    """What is the same for all addresses of one article; None where the address names none (a front page, a file).

    Scheme, "www.", "m." and "amp.", default ports, fragments, tracking parameters, the order of parameters, a slash at
    the end and what marks an AMP page do not count. The case of the path does, and so does every other parameter.
    """
    if not url:
        return None
    scheme, colon, rest = url.strip().partition("://")
    if not colon or scheme.lower() not in _WEB:
        return None
    rest = _CACHE.sub("", rest, count=1).partition("#")[0]
    rest, _, query = rest.partition("?")
    name, _, path = rest.partition("/")
    name = _PORT.sub("", _HOST.sub("", name.lower().rpartition("@")[2], count=1))
    if "%" in path:
        path = unquote(path)
    path = _AMP_PATH.sub("", "/" + path.rstrip("/")).rstrip("/")
    if query:
        query = _own_parameters(query)
    return f"{name}{path}?{query}" if name and (path or query) else None


def _own_parameters(query: str) -> str:
    """The parameters that tell articles apart, in order of their names."""
    kept = urlsplit(canonical(f"http://a/?{query}")).query
    pairs = (p for p in parse_qsl(kept, keep_blank_values=True) if (p[0].lower(), p[1].lower()) not in _AMP_QUERY)
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))
