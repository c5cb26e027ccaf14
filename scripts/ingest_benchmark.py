"""How fast the front door is, and in how much memory: ``python scripts/ingest_benchmark.py [--articles N --pages N]``.

Made articles (of ``tests/writing.py``) are written as JSON lines and as HTML pages, read by the same code as a run's
first two stages, and timed in processor seconds of one core. Peak memory is of a process of its own for each size, so
that sizes can be compared: the texts lie on disk, and what grows is some 1 KB for each article, whatever its length.
The second table is reading alone, each record dropped as it comes: what a format needs must not grow with the file. The
last table is a night: copies among 1,000 new articles and all that were read before, whose sketches, made up here, are
in the store.
"""

from __future__ import annotations

import argparse
import html
import json
import multiprocessing
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from writing import article, write_articles

Work = Callable[[Path, Path, "multiprocessing.Queue[tuple[int, float, float, float, float]]"], None]

SENTENCES = 25  # some 330 words, the length of a news agency's report


def write_pages(folder: Path, count: int) -> Path:
    """HTML pages as publishers make them: JSON-LD, meta, menus, a list of other articles, scripts."""
    dice = random.Random(2)
    folder.mkdir(parents=True)
    menu = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(60))
    script = "<script>" + "window.dataLayer.push({'event': 'view'});" * 200 + "</script>"
    for number in range(count):
        text = article(dice, SENTENCES)
        title = text.split(".")[0]
        about = {"@type": "NewsArticle", "headline": title, "datePublished": f"2026-03-{1 + number % 28:02}T08:00:00Z"}
        others = "".join(f'<div class="teaser"><a href="/a/{n}">{article(dice, 1)}</a></div>' for n in range(12))
        body = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
        (folder / f"{number}.html").write_text(
            f'<!DOCTYPE html><html lang="en"><head><title>{html.escape(title)} | Pier Post</title>'
            f'<meta property="og:site_name" content="Pier Post"><link rel="canonical" href="https://p.example/{number}">'
            f'<script type="application/ld+json">{json.dumps(about)}</script>{script}</head>'
            f"<body><nav><ul>{menu}</ul></nav><article><h1>{html.escape(title)}</h1>"
            f'<div class="body">{body}</div></article>'
            f'<aside class="related">{others}</aside><footer>© 2026 Pier Post</footer>{script}</body></html>',
            "utf-8",
        )
    return folder


def read(raw: Path, output: Path, say: multiprocessing.Queue[tuple[int, float, float, float, float]]) -> None:
    """The first two stages of a run in this process: articles, seconds of each, peak and final memory in MB."""
    from pipeline import intake, release
    from pipeline.run import Run

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with release.writing(output) as writer:
        run = Run(writer)
        began = time.process_time()
        intake.read(run, raw)
        between = time.process_time()
        intake.gather(run)
        ended = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say.put((len(run.articles), between - began, ended - between, before, peak))


def measured(raw: Path, output: Path, work: Work | None = None) -> tuple[int, float, float, float, float]:
    """:func:`read`, or the work given, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    say: multiprocessing.Queue[tuple[int, float, float, float, float]] = context.Queue()
    process = context.Process(target=work or read, args=(raw, output, say))
    process.start()
    found = say.get()
    process.join()
    return found


def write_crawl(path: Path, megabytes: int) -> None:
    """A WARC file of so many MB, one page over and over under other addresses."""
    with tempfile.TemporaryDirectory() as name:
        page = (write_pages(Path(name) / "p", 1) / "0.html").read_bytes()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    with path.open("wb") as out:
        for number in range(megabytes * 1_000_000 // len(answer)):
            head = (
                f"WARC-Type: response\r\nWARC-Target-URI: https://p.example/{number}\r\nContent-Length: {len(answer)}"
            )
            out.write(b"WARC/1.0\r\n" + head.encode() + b"\r\n\r\n" + answer + b"\r\n\r\n")


def write_lines(path: Path, megabytes: int) -> None:
    """A file of so many MB of JSON lines, one article over and over under other ids."""
    text = json.dumps(article(random.Random(5), SENTENCES))
    with path.open("w", encoding="utf-8") as out:
        for number in range(megabytes * 1_000_000 // len(text)):
            out.write(f'{{"id": "{number}", "text": {text}}}\n')


def stream(raw: Path, output: Path, say: multiprocessing.Queue[tuple[int, float, float, float, float]]) -> None:
    """Read everything in this process and keep nothing: records, seconds, base and peak memory in MB."""
    from pipeline import raw as reading

    del output
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    count = sum(1 for _ in reading.read(raw, reading.discover(raw)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say.put((count, time.process_time() - began, 0.0, before, peak))


def night(known: int, root: Path) -> tuple[float, float, float]:
    """Seconds to open an index of so many texts, to look 1,000 new ones up in it, and to put them in."""
    import numpy as np

    from pipeline import articles, store
    from pipeline.articles.sketches import PERMUTATIONS, VERSION, Part, Sketches, content_key
    from pipeline.identity import Known
    from pipeline.records import Article, Record

    dice, texts = np.random.default_rng(3), random.Random(4)
    keys = [np.sort(dice.integers(0, 1 << 63, known, "u8")), dice.integers(0, 1 << 63, known, "u8")]
    counts = [np.full(known, size, "u4") for size in (330, 320)]
    part = Part(Sketches(keys[0], keys[1], *counts, dice.integers(0, 256, (known, PERMUTATIONS), "u1")))
    store.sketches(root, VERSION).put([str(known)], *part.buffers())
    fresh = [articles.to_article(Record({"text": article(texts, SENTENCES)})) for _ in range(1000)]
    found = [a for a in fresh if isinstance(a, Article)]
    times = [time.process_time()]
    held = Known(root)
    times.append(time.process_time())
    held.index.add(found)
    held.index.around(np.array([content_key(a) for a in found], "u8"))
    times.append(time.process_time())
    held.keep()
    times.append(time.process_time())
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


def main() -> None:
    """Write, read, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--megabytes", type=int, default=1_000)
    given = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}; processor seconds of one core")
    print(f"{'':>18}{'articles':>9}{'read s':>9}{'link s':>9}{'a second':>10}{'base MB':>9}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = [("JSON lines", size) for size in (given.articles // 10, given.articles // 2, given.articles)]
        for kind, size in [*sizes, ("HTML", given.pages)]:
            raw = folder / f"{kind}-{size}"
            _ = write_pages(raw, size) if kind == "HTML" else write_articles(raw / "a.jsonl", size, SENTENCES)
            count, reading, linking, base, peak = measured(raw, folder / f"out-{kind}-{size}")
            speed = count / (reading + linking)
            print(
                f"{kind:>18}{count:>9,}{reading:>9.1f}{linking:>9.1f}{speed:>10,.0f}{base:>9,.0f}{peak:>9,.0f}",
                flush=True,
            )
        print(f"{'reading alone':>18}{'MB':>9}{'records':>9}{'read s':>9}{'':>10}{'base MB':>9}{'peak MB':>9}")
        for kind, write in (("JSON lines", write_lines), ("WARC", write_crawl)):
            for size in (given.megabytes // 100, given.megabytes // 10, given.megabytes):
                raw = folder / f"stream-{kind}-{size}"
                raw.mkdir()
                file = raw / "a"
                write(file, size)
                count, spent, _, base, peak = measured(raw, folder, stream)
                file.unlink()
                print(f"{kind:>18}{size:>9,}{count:>9,}{spent:>9.1f}{'':>10}{base:>9,.0f}{peak:>9,.0f}", flush=True)
        print(f"{'':>18}{'known':>9}{'open s':>9}{'look up s':>10}{'keep s':>8}")
        for known in (10_000, 100_000, 1_000_000):
            seconds = night(known, folder / f"night-{known}")
            print(f"{'1,000 new':>18}{known:>9,}{seconds[0]:>9.2f}{seconds[1]:>10.2f}{seconds[2]:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
