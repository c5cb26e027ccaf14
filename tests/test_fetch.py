"""``dateline fetch`` against a real HTTP server on this machine: a press that behaves, and servers that do not."""

import gzip
import json
import random
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline import cli, raw
from pipeline.articles import to_article
from pipeline.errors import DatelineError, RunFailedError, UsageError
from pipeline.fetch import Fetched, Manner, fetch
from pipeline.fetch.addresses import forbidden
from pipeline.fetch.memory import only_one
from pipeline.records import Article, Record

QUICK = Manner(
    allow_private=("127.0.0.1",),
    delay_s=0,
    read_s=4,
    total_s=8,
    attempts=2,
    backoff_s=0.01,
    page_bytes=300_000,
    feed_bytes=2_000_000,
)
HASTY = replace(QUICK, read_s=0.5, total_s=0.6)
STORY = (
    "The harbour workers of Port Alder walked out on Tuesday after talks about night shifts broke down. "
    "Some 400 dockers gathered at the north quay, and ships waited in the roads until evening."
)


def page(title: str, text: str = STORY, head: str = "") -> bytes:
    html = f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
    return f"{html}<p>{text}</p><p>{text.replace('dockers', 'drivers')} {title}.</p></article></body></html>".encode()


def rss(*links: str, dated: str = "") -> bytes:
    items = "".join(f"<item><title>Item {i}</title><link>{link}</link>{dated}</item>" for i, link in enumerate(links))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Alder</title>{items}</channel></rss>'.encode()


@dataclass
class Site:
    """A server with answers by path: bytes, ``(status, headers, body)``, or a function that does as it likes."""

    port: int = 0
    answers: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site():
    here = Site()
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        stopped = ended
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            here.asked.append((self.path, dict(self.headers), time.monotonic()))
            answer = here.answers.get(self.path, (404, {}, b"no such page"))
            if callable(answer):
                self.close_connection = True
                answer(self)
                return
            if isinstance(answer, bytes):
                kind = "application/rss+xml" if b"<rss" in answer[:100] else "text/html; charset=utf-8"
                answer = (200, {"Content-Type": kind}, answer)
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no error of ours."""

    with Server(("0.0.0.0", 0), Handler) as server:
        here.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield here
        ended.set()
        server.shutdown()
        thread.join()


def got(site: Site, root: Path, path: str = "/feed", manner: Manner = QUICK) -> Fetched:
    return fetch([site.url(path)], root, manner)


def said(fetched: Fetched) -> dict[str, str]:
    """Path → result and reason, of feeds and pages."""
    return {
        (o.url.split("/", 3)[-1] if "://" in o.url else o.url): f"{o.result} {o.reason}".strip()
        for o in fetched.outcomes
    }


def records(root: Path) -> tuple[list[Record], list[object]]:
    found = list(raw.read(root, raw.discover(root)))
    return [r for r in found if isinstance(r, Record)], [r for r in found if not isinstance(r, Record)]


# ---------------------------------------------------------------- what it is for


def test_a_feed_becomes_articles(site: Site, tmp_path: Path) -> None:
    site.answers["/feed"] = rss(site.url("/a#top"), "/b", dated="<pubDate>Tue, 03 Mar 2026 22:30:00 -0500</pubDate>")
    site.answers["/a"] = page("Dockers walk out")
    site.answers["/b"] = page(
        "Talks resume", head='<meta property="article:published_time" content="2026-03-04T08:00:00Z">'
    )
    fetched = got(site, tmp_path, manner=replace(QUICK, contact="desk@alder.example"))
    assert fetched.warc is not None
    assert fetched.warc.parent == tmp_path / "fetched"
    assert fetched.worked
    assert [fetched.count("page", r) for r in ("fetched", "unchanged", "refused", "failed")] == [2, 0, 0, 0]
    assert {headers["User-Agent"] for _, headers, _ in site.asked} == {"dateline/0.1.0 (+desk@alder.example)"}

    found, rejects = records(tmp_path)
    assert rejects == []
    articles = {a.title: a for a in map(to_article, found) if isinstance(a, Article)}
    walkout, talks = articles["Dockers walk out"], articles["Talks resume"]
    assert walkout.url == site.url("/a")
    assert walkout.text.startswith("The harbour workers of Port Alder")
    assert str(walkout.published_at) == "2026-03-03 00:00:00+00:00", "the feed's day, where it was written"
    assert walkout.published_precision == "day"
    assert str(talks.published_at) == "2026-03-04 08:00:00+00:00", "the page's own date is surer"
    assert walkout.retrieved_at is not None
    assert abs(walkout.retrieved_at.timestamp() - time.time()) < 60


def test_the_raw_file_says_where_everything_came_from(site: Site, tmp_path: Path) -> None:
    site.answers["/feed"] = rss(site.url("/old"))
    site.answers["/old"] = (301, {"Location": "/new"}, b"")
    body = page("Moved")
    site.answers["/new"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(body))
    fetched = got(site, tmp_path)
    assert fetched.warc is not None
    with fetched.warc.open("rb") as stream:
        kept = [(r.rec_headers, r.raw_stream.read(), r.http_headers) for r in ArchiveIterator(stream)]
    kinds = [headers.get_header("WARC-Type") for headers, _, _ in kept]
    assert kinds == ["warcinfo", "response", "request", "metadata"]
    response, request, metadata = kept[1:]
    assert response[0].get_header("WARC-Target-URI") == site.url("/new")
    assert response[0].get_header("WARC-IP-Address") == "127.0.0.1"
    assert gzip.decompress(response[1]) == body, "stored as it came"
    assert request[2].get_header("User-Agent").startswith("dateline/")
    told = metadata[1].decode()
    assert f"via: {site.url('/feed')}" in told
    assert f"redirectedFrom: {site.url('/old')}" in told
    assert "title: Item 0" in told
    assert fetched.warc.stat().st_mode & 0o222 == 0
    assert records(tmp_path)[0][0].fields["html"] == body.decode()


def test_addresses_from_a_file_and_a_single_page(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text(f"# ours\n{site.url('/feed')} # the wire\n\n{site.url('/single')}\n")
    site.answers |= {"/feed": rss("/a"), "/a": page("A"), "/single": page("Single")}
    root = tmp_path / "raw"
    fetched = fetch([str(tmp_path / "feeds.txt")], root, QUICK)
    assert said(fetched) == {"feed": "fetched", "single": "fetched", "a": "fetched"}
    assert {r.fields["url"] for r in records(root)[0]} == {site.url("/a"), site.url("/single")}
    assert said(fetch([site.url("/single")], root, QUICK)) == {"single": "unchanged"}
    site.answers["/single"] = page("Single, corrected")
    assert said(fetch([site.url("/single")], root, QUICK)) == {"single": "fetched"}


# ---------------------------------------------------------------- the next night


def test_nothing_is_fetched_twice(site: Site, tmp_path: Path) -> None:
    modified = formatdate(1_770_000_000, usegmt=True)

    def feed(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == '"v1"' and handler.headers["If-Modified-Since"] == modified
        body = b"" if same else rss("/a", "/b")
        handler.send_response(304 if same else 200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Last-Modified", modified)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.answers |= {"/feed": feed, "/a": page("A"), "/b": page("B")}
    first = got(site, tmp_path)
    kept = first.warc.read_bytes()
    site.asked.clear()
    second = got(site, tmp_path)
    assert second.warc is None
    assert second.worked
    assert said(second) == {"feed": "unchanged"}
    assert site.paths() == ["/feed"]

    site.answers["/feed"] = rss("/a", "/b", "/c")
    site.answers["/c"] = page("C")
    site.asked.clear()
    third = got(site, tmp_path)
    assert site.paths() == ["/feed", "/c"]
    assert said(third) == {"feed": "fetched", "a": "unchanged", "b": "unchanged", "c": "fetched"}
    assert first.warc.read_bytes() == kept
    assert len(records(tmp_path)[0]) == 3


def test_a_page_that_the_feed_calls_changed_is_asked_about(site: Site, tmp_path: Path) -> None:
    site.answers["/feed"] = rss("/a", "/b", dated="<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate>")
    site.answers["/a"] = (200, {"Content-Type": "text/html", "ETag": '"a1"'}, page("A"))
    site.answers["/b"] = page("B")
    got(site, tmp_path)
    site.asked.clear()
    site.answers["/feed"] = rss("/a", "/b", dated="<pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>")
    site.answers["/a"] = (200, {"Content-Type": "text/html"}, page("A, with more"))
    again = got(site, tmp_path)
    assert next(h for p, h, _ in site.asked if p == "/a")["If-None-Match"] == '"a1"'
    assert said(again) == {"feed": "fetched", "a": "fetched", "b": "unchanged"}, "b came again, and is the same"
    assert len(records(tmp_path)[0]) == 3


def test_what_failed_is_tried_again_and_what_was_refused_is_not(site: Site, tmp_path: Path) -> None:
    headers = {"Content-Type": "application/rss+xml", "ETag": '"same"'}
    site.answers["/feed"] = (200, headers, rss("/down", "/gone", "/pdf", "/forbidden"))
    site.answers |= {
        "/forbidden": (403, {}, b""),
        "/down": (503, {}, b""),
        "/pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF"),
    }
    first = got(site, tmp_path)
    assert said(first) == {
        "feed": "fetched",
        "down": "failed HTTP 503",
        "forbidden": "refused HTTP 403",
        "gone": "refused HTTP 404",
        "pdf": "refused no HTML",
    }
    assert first.warc is None
    assert not (tmp_path / "fetched").exists()
    site.answers["/down"] = page("Up again")
    site.asked.clear()
    second = got(site, tmp_path)
    assert "If-None-Match" not in site.asked[1][1], "the feed is read again, for what failed"
    assert site.paths() == ["/feed", "/down", "/forbidden"]
    assert said(second) == {
        "feed": "fetched",
        "down": "fetched",
        "forbidden": "refused HTTP 403",
        "gone": "refused refused before",
        "pdf": "refused refused before",
    }


def test_a_huge_feed_is_taken_over_several_runs(site: Site, tmp_path: Path) -> None:
    links = [f"/p{i}" for i in range(9)]
    site.answers["/feed"] = rss(*links, *(f"ftp://alder.example/{'x' * 90}/{i}" for i in range(300)))
    site.answers |= {link: page(link) for link in links}
    for left in (5, 1, 0):
        fetched = got(site, tmp_path, manner=replace(QUICK, entries=4))
        assert fetched.count("page", "refused") == 300
        assert ("left for the next run" in fetched.outcomes[0].detail) == (left > 0)
        assert len(records(tmp_path)[0]) == 9 - left


# ---------------------------------------------------------------- manners


def test_robots_txt_is_obeyed_and_asked_for_once(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = (
        200,
        {"Content-Type": "text/plain"},
        b"\xff junk\nUser-agent: *\nDisallow: /private/\n\nUser-agent: dateline\nDisallow: /closed\nCrawl-delay: 0.2\n",
    )
    site.answers |= {"/feed": rss("/closed/a", "/private/b", "/hop"), "/private/b": page("B")}
    site.answers["/hop"] = (302, {"Location": "/closed/c"}, b"")
    fetched = got(site, tmp_path)
    assert said(fetched) == {
        "feed": "fetched",
        "closed/a": "refused robots.txt",
        "private/b": "fetched",
        "hop": "refused robots.txt",
    }
    assert [path for path, _, _ in site.asked] == ["/robots.txt", "/feed", "/private/b", "/hop"]
    times = [at for _, _, at in site.asked]
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(times[1:])), "crawl-delay"


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ((404, {}, b""), "fetched"),
        ((403, {}, b""), "fetched"),
        ((500, {}, b""), "failed no robots.txt"),
        ((302, {"Location": "/robots.txt"}, b""), "fetched"),
        ((200, {}, b"User-agent: *\nCrawl-delay: 9999\n"), "refused robots.txt"),
        ((200, {}, b"User-agent: *\nRequest-rate: 1/9999s\n"), "refused robots.txt"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"User-agent: *\nDisallow: /\n")), "refused robots.txt"),
        ((200, {}, b"User-agent: *\nDisallow: /f\n" + b"#" * 600_000), "refused robots.txt"),
    ],
)
def test_robots_txt_that_cannot_be_had(site: Site, tmp_path: Path, answer: object, result: str) -> None:
    site.answers |= {"/robots.txt": answer, "/feed": rss("/a"), "/a": page("A")}
    assert said(got(site, tmp_path))["feed"] == result


def test_one_host_is_asked_slowly_and_two_at_the_same_time(site: Site, tmp_path: Path) -> None:
    links = [site.url(f"/{i}", host) for host in ("127.0.0.1", "127.0.0.3") for i in range(4)]
    site.answers |= {"/feed": rss(*links), **{f"/{i}": page(str(i)) for i in range(4)}}
    fetched = got(site, tmp_path, manner=replace(QUICK, delay_s=0.1, allow_private=("127.0.0.0/29",)))
    assert fetched.count("page", "fetched") == 8
    one, other = (
        [at for _, headers, at in site.asked if headers["Host"].startswith(host)] for host in ("127.0.0.1", "127.0.0.3")
    )
    assert min(later - earlier for times in (one, other) for earlier, later in pairwise(times)) >= 0.09
    assert other[0] < one[-1], "the hosts did not wait for each other"
    assert one[-4] < other[-1]


def test_a_busy_server_is_asked_again_when_it_says(site: Site, tmp_path: Path) -> None:
    seen: list[float] = []

    def busy(handler: BaseHTTPRequestHandler) -> None:
        seen.append(time.monotonic())
        body = page("At last") if len(seen) == 2 else b""
        handler.send_response(200 if body else 429)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.answers |= {"/feed": rss("/busy"), "/busy": busy}
    assert said(got(site, tmp_path))["busy"] == "fetched"
    assert seen[1] - seen[0] >= 1


def test_a_server_that_wants_to_be_left_alone_is(site: Site, tmp_path: Path) -> None:
    later = formatdate(time.time() + 7_200, usegmt=True)
    site.answers |= {"/feed": rss("/a", "/b", "/c"), "/a": (503, {"Retry-After": later}, b"")}
    fetched = got(site, tmp_path)
    assert [said(fetched)[p] for p in "abc"] == ["failed host given up"] * 3
    assert site.paths() == ["/feed", "/a"]


def test_the_run_ends_in_time(site: Site, tmp_path: Path) -> None:
    links = [f"/{i}" for i in range(30)]
    site.answers |= {"/feed": rss(*links), **{link: page(link) for link in links}}
    begun = time.monotonic()
    fetched = got(site, tmp_path, manner=replace(QUICK, delay_s=0.2, run_s=1.3))
    assert time.monotonic() - begun < 5
    assert 1 <= fetched.count("page", "fetched") < 7
    assert fetched.count("page", "fetched") + fetched.count("page", "failed") == 30
    assert len(records(tmp_path)[0]) == fetched.count("page", "fetched")


# ---------------------------------------------------------------- hostile servers


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.stopped.is_set():
        handler.wfile.write(b"<p>and on</p>" * 1_000)


def _drip(head: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + (b"" if head else b"\r\n"))
        while not handler.stopped.wait(0.1):
            handler.wfile.write(b"X-A: b\r\n" if head else b".")

    return drip


def _silent(handler: BaseHTTPRequestHandler) -> None:
    handler.stopped.wait(2)


def _raw(answer: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: handler.wfile.write(answer) and None


HTML = {"Content-Type": "text/html"}
HOSTILE = {
    "endless": (_endless, "refused too long"),
    "long": ((200, HTML, b"<p>" + b"abcdefgh" * 50_000), "refused too long"),
    "bomb": (
        (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(b"<p>" + b"\0" * 50_000_000)),
        "refused too long",
    ),
    "cut gzip": ((200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(page("x"))[:-20]), "refused damaged"),
    "broken gzip": ((200, HTML | {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"no" * 50), "refused damaged"),
    "twice packed": ((200, HTML | {"Content-Encoding": "gzip, br"}, b"??"), "refused damaged"),
    "slow head": (_drip(head=True), "failed time-out"),
    "slow body": (_drip(head=False), "failed time-out"),
    "silent": (_silent, "failed time-out"),
    "hung up": (_raw(b""), "failed no answer"),
    "no http": (_raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "failed no answer"),
    "long head": (_raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000), "failed no answer"),
    "cut body": (
        _raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>"),
        "failed no answer",
    ),
    "bad chunks": (_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<p>"), "failed no answer"),
    "loop": ((302, {"Location": "/loop"}, b""), "refused redirects"),
    "ring": ((307, {"Location": "/ring/1"}, b""), "refused redirects"),
    "stairs": ((301, {"Location": "/stairs/1"}, b""), "refused redirects"),
    "inside": ((302, {"Location": "http://127.0.0.2/secret"}, b""), "refused private address"),
    "metadata": ((302, {"Location": "http://169.254.169.254/latest/"}, b""), "refused private address"),
    "number": ((302, {"Location": "http://2130706434/"}, b""), "refused private address"),
    "ipv6": ((302, {"Location": "http://[::ffff:10.0.0.1]/"}, b""), "refused private address"),
    "file": ((302, {"Location": "file:///etc/passwd"}, b""), "refused no web address"),
    "password": ((302, {"Location": "http://a:b@127.0.0.1/"}, b""), "refused no web address"),
    "nonsense": ((302, {"Location": "http://[::"}, b""), "refused no web address"),
    "picture": ((200, {"Content-Type": "image/png"}, b"\x89PNG"), "refused no HTML"),
    "no date": ((503, {"Retry-After": "Tue, 03 Mar 99999999999999999999 22:30:00 GMT"}, b""), "failed HTTP 503"),
    "untold": ((200, {}, b"\x00\x01\x02"), "refused no HTML"),
    "comments": ((200, {}, b"<!---->" * 580), "refused no HTML"),
    "empty": ((200, HTML, b"  "), "refused empty"),
    "teapot": ((418, {}, b"short and stout"), "refused HTTP 418"),
    "unasked 304": ((304, {}, b""), "refused HTTP 304"),
    "proxy trouble": ((522, {}, b""), "failed HTTP 522"),
    "part": ((206, HTML, page("x")), "refused HTTP 206"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_costs_one_page_and_says_why(site: Site, tmp_path: Path, name: str) -> None:
    answer, said_of_it = HOSTILE[name]
    path = "/" + name.replace(" ", "-")
    site.answers |= {"/feed": rss("/first", path, "/last"), path: answer, "/first": page("A"), "/last": page("B")}
    site.answers["/ring/1"] = (302, {"Location": "/ring"}, b"")
    site.answers |= {f"/stairs/{i}": (302, {"Location": f"/stairs/{i + 1}"}, b"") for i in range(20)}
    begun = time.monotonic()
    fetched = got(site, tmp_path, manner=HASTY if "time-out" in said_of_it else QUICK)
    assert time.monotonic() - begun < 5
    assert said(fetched) == {"feed": "fetched", "first": "fetched", "last": "fetched", path[1:]: said_of_it}
    assert {r.fields["url"] for r in records(tmp_path)[0]} == {site.url("/first"), site.url("/last")}
    assert len(site.paths()) < 20


@pytest.mark.parametrize("name", ["endless", "bomb", "slow body", "loop", "inside", "hung up"])
def test_a_hostile_feed_costs_nothing_but_itself(site: Site, tmp_path: Path, name: str) -> None:
    answer, said_of_it = HOSTILE[name]
    site.answers |= {"/feed": rss("/a"), "/a": page("A"), "/" + name.replace(" ", "-"): answer}
    manner = replace(HASTY if "time-out" in said_of_it else QUICK, feed_bytes=300_000)
    fetched = fetch([site.url("/" + name.replace(" ", "-")), site.url("/feed")], tmp_path, manner)
    assert [f"{o.result} {o.reason}".strip() for o in fetched.outcomes] == [said_of_it, "fetched", "fetched"]
    assert fetched.worked


def test_a_page_in_chunks_is_stored_out_of_them(site: Site, tmp_path: Path) -> None:
    body = b"ab\r\n" + page("Chunks")  # begins as a chunk does
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:50], body[50:])) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.answers |= {"/feed": rss("/a"), "/a": _raw(head + chunks)}
    assert said(got(site, tmp_path))["a"] == "fetched"
    assert records(tmp_path)[0][0].fields["html"] == body.decode()


def test_a_bomb_within_the_limit_is_told_by_how_it_packs(site: Site, tmp_path: Path) -> None:
    blank = b"<html>" + b" " * 2_000_000
    site.answers |= {"/feed": rss("/packed", "/plain"), "/plain": blank}
    site.answers["/packed"] = (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(blank))
    fetched = got(site, tmp_path, manner=replace(QUICK, page_bytes=8_000_000))
    assert said(fetched) == {"feed": "fetched", "packed": "refused bomb", "plain": "refused bomb"}


def test_a_host_that_keeps_failing_is_given_up(site: Site, tmp_path: Path) -> None:
    links = [f"/{i}" for i in range(40)]
    site.answers |= {"/feed": rss(*links), **dict.fromkeys(links, _silent)}
    begun = time.monotonic()
    fetched = got(site, tmp_path, manner=replace(HASTY, attempts=1))
    assert time.monotonic() - begun < 5
    assert sum(s == "failed time-out" for s in said(fetched).values()) == 3
    assert sum(s == "failed host given up" for s in said(fetched).values()) == 37


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=utf-8", "Łódź".encode("cp1250").join([page("x")[:150], page("x")[150:]])),
        ("text/html; charset=no-such", page("Žilina")),
        ("text/html; charset=utf-16", page("Žilina")),
        ("TEXT/HTML", page("Žilina")),
    ],
)
def test_wrong_charsets_survive(site: Site, tmp_path: Path, kind: str, body: bytes) -> None:
    site.answers |= {"/feed": rss("/a"), "/a": (200, {"Content-Type": kind}, body)}
    assert said(got(site, tmp_path))["a"] == "fetched"
    found, rejects = records(tmp_path)
    assert len(found) + len(rejects) == 1, "read, or rejected aloud"
    if "Žilina".encode() in body:
        assert "Žilina" in str(found[0].fields["html"])


ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="a"/></entry></feed>'


@pytest.mark.parametrize(
    ("kind", "body", "result"),
    [
        ("application/rss+xml", rss("/a")[:-12] + b" & <broken", "fetched"),
        ("application/rss+xml", rss("/a").replace(b"Item", "Čas".encode("cp1250")), "fetched"),
        ("application/rss+xml; charset=latin-9000", rss("/a"), "fetched"),
        ("text/html", rss("/a"), "fetched"),
        ("text/plain", b"\xef\xbb\xbf" + rss("/a"), "fetched"),
        ("application/atom+xml", ATOM, "fetched"),
        ("application/rss+xml", b"<rss><item><title>&#99999999999999999999;", "refused no feed"),
        ("application/rss+xml", b"<rss><channel/></rss>", "refused no feed"),
        ("application/rss+xml", b"", "refused no feed"),
        ("application/json", b'{"items": []}', "refused no feed"),
        ("image/png", b"\x89PNG" * 100, "refused no feed"),
        ("application/rss+xml", rss(*["/a"] * 60_000), "refused too long"),
        ("application/rss+xml", rss("/a") + b"<a>" * 300_000, "refused too long"),
        (
            "application/rss+xml",
            b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (b, (b"&%c;" % a) * 10) for a, b in pairwise(b"abcdefgh"))
            + b"]>"
            + rss("/a")[21:].replace(b"Item", b"&h;"),
            "fetched",
        ),
    ],
)  # fmt: skip
def test_feeds_of_every_kind(site: Site, tmp_path: Path, kind: str, body: bytes, result: str) -> None:
    site.answers |= {"/feed": (200, {"Content-Type": kind}, body), "/a": page("A")}
    fetched = got(site, tmp_path)
    assert said(fetched)["feed"] == result
    assert said(fetched).get("a") == ("fetched" if result == "fetched" else None)
    assert fetched.worked == (result == "fetched")


def test_a_front_page_names_its_feeds(site: Site, tmp_path: Path) -> None:
    site.answers["/"] = page("Alder", head='<link rel="alternate" type="application/rss+xml" href="/feed">')
    fetched = got(site, tmp_path, "/")
    assert (fetched.outcomes[0].reason, site.url("/feed") in fetched.outcomes[0].detail) == ("front page", True)


def test_two_links_to_one_page_give_one_article(site: Site, tmp_path: Path) -> None:
    site.answers |= {"/feed": rss("/a", "/go?1", "/go?2"), "/a": page("A")}
    site.answers |= {"/go?1": (302, {"Location": "/a"}, b""), "/go?2": (302, {"Location": "/b"}, b""), "/b": page("B")}
    site.answers["/feed2"] = rss("/go?3", "/a")
    site.answers["/go?3"] = (302, {"Location": "/b"}, b"")
    assert said(got(site, tmp_path))["go?1"] == "unchanged known"
    assert said(got(site, tmp_path, "/feed2")) == {"feed2": "fetched", "go?3": "unchanged known", "a": "unchanged"}
    assert sorted(r.fields["url"] for r in records(tmp_path)[0]) == [site.url("/a"), site.url("/b")]


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::", "::127.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1"),
    ],
)  # fmt: skip
def test_addresses_off_the_public_internet_are_forbidden(address: str) -> None:
    assert forbidden(address) is not None


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::9", "64:ff9b::909:909", "::ffff:9.9.9.9"])
def test_public_addresses_are_not(address: str) -> None:
    assert forbidden(address) is None


def test_private_addresses_are_refused_unless_allowed(site: Site, tmp_path: Path) -> None:
    site.answers |= {"/feed": rss("/a"), "/a": page("A")}
    fetched = got(site, tmp_path, manner=replace(QUICK, allow_private=("10.0.0.0/8",)))
    assert (fetched.worked, said(fetched)) == (False, {"feed": "refused private address"})
    assert "--allow-private 127.0.0.1" in fetched.outcomes[0].detail
    assert site.asked == []


def test_connections_go_to_the_address_that_was_checked(site: Site, tmp_path: Path) -> None:
    """A name is looked up once; the servers still learn the name."""
    site.answers |= {"/feed": rss("/a"), "/a": page("A")}
    manner = replace(QUICK, allow_private=("127.0.0.1", "::1"))
    fetched = fetch([site.url("/feed", "localhost")], tmp_path, manner)
    assert said(fetched) == {"feed": "fetched", "a": "fetched"}
    assert {headers["Host"] for _, headers, _ in site.asked} == {f"localhost:{site.port}"}


@pytest.mark.parametrize(
    ("answers", "result", "lookups"),
    [
        (("127.0.0.1",), "fetched", 1),
        (("127.0.0.1", "127.0.0.2"), "refused private address", 1),
        (("127.0.0.2", "127.0.0.1"), "refused private address", 1),
    ],
)
def test_a_name_that_changes_its_address_gains_nothing(
    monkeypatch, site: Site, tmp_path: Path, answers: tuple[str, ...], result: str, lookups: int
) -> None:
    """DNS of an attacker: the first answer may be allowed, every later one leads inside."""
    real = socket.getaddrinfo
    asked: list[str] = []

    def hostile(host: str, port: object, *args: object, **named: object) -> list[tuple]:
        if host != "rebind.example":
            return real(host, port, *args, **named)
        asked.append(host)
        given = answers if len(asked) == 1 else ("127.0.0.2",)
        return [info for address in given for info in real(address, port, *args, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", hostile)
    site.answers |= {"/feed": rss("/a", "/b"), "/a": page("A"), "/b": page("B")}
    fetched = fetch([site.url("/feed", "rebind.example")], tmp_path, QUICK)
    assert said(fetched)["feed"] == result
    assert len(asked) == lookups
    assert len(site.asked) == (4 if result == "fetched" else 0)
    assert fetched.count("page", "fetched") == (2 if result == "fetched" else 0)


# ---------------------------------------------------------------- usage and accidents


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.txt"], "FEED: 'nowhere.txt' is neither a web address (http://…, https://…) nor a file"),
        (["ftp://a.example/feed"], "is neither a web address"),
        (["bad.txt"], "bad.txt line 2: 'www.alder.example' is no web address"),
        (["empty.txt"], "FEED: no address is given"),
        (["http://a.example", "--allow-private", "home"], "--allow-private: 'home' is no network"),
        (["http://a.example", "--contact", "a\nb"], "--contact"),
        (["http://a.example", "--delay", "-1"], "allowed is 0 to 3,600 (given: '-1')"),
        (["http://a.example", "--raw", "empty.txt"], "--raw: 'empty.txt' is a file"),
    ],
)
def test_bad_usage(monkeypatch, capsys, tmp_path: Path, arguments: list[str], told: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text("# feeds\nwww.alder.example\n")
    (tmp_path / "empty.txt").write_text("\n# none\n")
    code, out, err = command(monkeypatch, capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert {p.name for p in tmp_path.iterdir()} == {"bad.txt", "empty.txt"}, "nothing is made by a mistake"


def command(monkeypatch, capsys, *arguments: object) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["dateline", "fetch", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_the_command_tells_what_it_did(monkeypatch, capsys, site: Site, tmp_path: Path) -> None:
    site.answers |= {"/feed": rss("/a", "/gone", "ftp://x/[bold]\x1b[31m"), "/a": page("A"), "/dead": (500, {}, b"")}
    options = ("--raw", tmp_path, "--delay", 0, "--allow-private", "127.0.0.1")
    code, out, err = command(monkeypatch, capsys, site.url("/feed"), site.url("/none"), *options)
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert f"fetched {site.url('/feed')} 3 items, 2 to fetch" in lines
    assert "feeds │ 1 │ 0 │ 1 │ 0" in lines
    assert "pages │ 1 │ 0 │ 2 │ 0" in lines
    assert any(line.startswith("page refused │ HTTP 404 │ 1 │ http") for line in lines)
    assert "\x1b" not in out
    assert str(next((tmp_path / "fetched").iterdir())) in lines
    log = json.loads((tmp_path / ".fetch" / "last.json").read_text("utf-8"))
    assert [o["result"] for o in log["outcomes"]] == ["fetched", "refused", "refused", "fetched", "refused"]
    code, out, err = command(monkeypatch, capsys, site.url("/none"), *options)
    assert code == 1
    assert "none of the 1 given addresses could be had" in err
    assert len(records(tmp_path)[0]) == 1


def test_a_second_run_is_told_at_once(site: Site, tmp_path: Path) -> None:
    with only_one(tmp_path / ".fetch"), pytest.raises(RunFailedError, match="another fetch is writing"):
        got(site, tmp_path)


def test_damaged_memory_is_named_and_touched_by_nobody(site: Site, tmp_path: Path) -> None:
    state = tmp_path / ".fetch" / "state.json"
    state.parent.mkdir()
    state.write_text('{"feeds": {"a"')
    with pytest.raises(DatelineError, match="remove it to fetch every page again"):
        got(site, tmp_path)
    assert state.read_text() == '{"feeds": {"a"'


def test_a_killed_run_leaves_nothing_behind(site: Site, tmp_path: Path) -> None:
    left = tmp_path / ".fetch" / "run.warc.gz.partial"
    left.parent.mkdir()
    left.write_bytes(b"half")
    assert raw.discover(tmp_path) == []
    site.answers |= {"/feed": rss("/a"), "/a": page("A")}
    assert got(site, tmp_path).count("page", "fetched") == 1
    assert sorted(p.name for p in left.parent.iterdir()) == ["last.json", "lock", "state.json"]


def test_a_full_disk_keeps_what_came_before(site: Site, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(70_000).hex()
    site.answers |= {"/feed": rss("/a", "/big"), "/a": page("A"), "/big": page("B", noise)}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(RunFailedError, match=r"\(File too large\); '.*warc.gz' holds the pages that came before"):
            got(site, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [r.fields["url"] for r in records(tmp_path)[0]] == [site.url("/a")]
    site.asked.clear()
    assert said(got(site, tmp_path)) == {"feed": "fetched", "a": "unchanged", "big": "fetched"}
    assert [len(found) for found in records(tmp_path)] == [2, 0]


def test_an_interrupted_run_keeps_what_came_before(site: Site, tmp_path: Path) -> None:
    def interrupting(handler: BaseHTTPRequestHandler) -> None:
        signal.raise_signal(signal.SIGINT)
        handler.stopped.wait(2)

    site.answers |= {"/feed": rss("/a", "/stop", "/b"), "/a": page("A"), "/stop": interrupting}
    with pytest.raises(KeyboardInterrupt):
        got(site, tmp_path)
    assert [r.fields["url"] for r in records(tmp_path)[0]] == [site.url("/a")]
    site.answers |= {"/stop": page("S"), "/b": page("B")}
    assert said(got(site, tmp_path)) == {"feed": "fetched", "a": "unchanged", "stop": "fetched", "b": "fetched"}


def test_what_is_fetched_is_never_too_long_to_be_read() -> None:
    assert Manner().page_bytes <= raw.LIMITS.page_bytes


def test_a_contact_must_fit_into_a_header() -> None:
    with pytest.raises(UsageError, match="--contact"):
        Manner(contact="desk\r\nX-Evil: 1")
