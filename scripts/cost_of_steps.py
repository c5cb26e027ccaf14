"""What who, where and when cost beside the parse: ``python scripts/cost_of_steps.py [FILE.jsonl]``.

Reads articles (records with ``text``; made ones of ``tests/writing.py`` without a file) in a process of its own, as a
worker does: it parses fifty at a time and runs each step of ``pipeline.document.read`` but the event coder on every
parse, once. Seconds are of processor time, so that a busy machine gives nearly the same figures; loading the model and
the knowledge is not in them. Memory is the peak of that process, and of a second one that only parses: what is
between the two is the cost of the steps, their knowledge included.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from writing import article

from pipeline import actors, annotate, articles, chain, coreference, places, quotes, times
from pipeline import mentions as mentions_room
from pipeline.document import country_of
from pipeline.records import Article, Record
from pipeline.text import Parse

MADE = 200  # articles of some 330 words
AT_ONCE = 50  # articles: some 20,000 words
LIMIT = 0.25  # of the parse's seconds
MEGABYTES = 400


def loaded(path: Path | None, limit: int) -> list[Article]:
    """The articles of a file that would be coded, or made ones."""
    if path is None:
        dice = random.Random(1)
        records: list[dict[str, object]] = [
            {"text": article(dice, 25), "published_at": "2025-06-02"} for _ in range(MADE)
        ]
    else:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:limit]]
    statuses = chain.coding_statuses()
    read = [articles.to_article(Record(dict(fields)), statuses) for fields in records]
    return [a for a in read if isinstance(a, Article) and a.coding_status == "coded"]


class Watch:
    """Seconds of processor time by step."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._began = time.process_time()

    def lap(self, step: str) -> None:
        """Give the step what has passed since the last lap."""
        now = time.process_time()
        self.spent[step] = self.spent.get(step, 0.0) + now - self._began
        self._began = now


def steps(found: list[Article], parses: list[Parse], watch: Watch) -> None:
    """Who, where and when of each article, as :func:`pipeline.document.read` runs them."""
    watch.lap("other")
    for a, parse in zip(found, parses, strict=True):
        day = a.published_at.date() if a.published_at else None
        moments = times.find_times(parse, day)
        watch.lap("times")
        proposed = places.propose_places(parse)
        watch.lap("places proposed")
        named = mentions_room.find_mentions(parse, actors.is_actor_noun, proposed, moments, a.dateline_span)
        watch.lap("mentions")
        clusters = coreference.cluster(parse, named, country_of)
        watch.lap("coreference")
        placed = places.find_places(parse, named, a.dateline, a.source)
        watch.lap("places resolved")
        actors.code_clusters(parse, named, clusters, day, True, actors.read_lands(named, placed))
        watch.lap("actors")
        quotes.find_quotes(parse, named)
        watch.lap("quotes")


def worker(
    path: Path | None, limit: int, whole: bool, out: multiprocessing.Queue[tuple[dict[str, float], int, float]]
) -> None:
    """Parse and, if ``whole``, run the steps; puts seconds by step, the number of tokens and the peak in megabytes."""
    found = loaded(path, limit)
    tokens = 0
    first = found[0]
    warm = annotate.to_parse(next(annotate.annotate([first.text[first.body_start :]])), first.text, first.body_start)
    if whole:
        steps([first], [warm], Watch())
    watch = Watch()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        watch.lap("other")
        docs = list(annotate.annotate(a.text[a.body_start :] for a in some))
        watch.lap("parse")
        parses = [annotate.to_parse(doc, a.text, a.body_start) for doc, a in zip(docs, some, strict=True)]
        del docs
        tokens += sum(len(p) for p in parses)
        if whole:
            steps(some, parses, watch)
    out.put((watch.spent, tokens, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measured(path: Path | None, limit: int, whole: bool) -> tuple[dict[str, float], int, float]:
    """What :func:`worker` puts, from a fresh process."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(target=worker, args=(path, limit, whole, out))
    process.start()
    answer: tuple[dict[str, float], int, float] = out.get()
    process.join()
    return answer


def main() -> None:
    """Measure and print; exit 1 above a limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path, nargs="?")
    options.add_argument("--limit", type=int, default=400, help="articles of the file")
    given = options.parse_args()
    bare = measured(given.file, given.limit, False)[2]
    spent, tokens, peak = measured(given.file, given.limit, True)
    parse = spent.pop("parse")
    del spent["other"]
    print(f"{tokens:,} tokens; parse {parse:.2f} s")
    for step, seconds in spent.items():
        print(f"  {step:16} {seconds:6.2f} s  {seconds / parse:6.1%}")
    share = sum(spent.values()) / parse
    print(f"  {'all':16} {sum(spent.values()):6.2f} s  {share:6.1%} of the parse (at most {LIMIT:.0%})")
    print(f"peak memory {peak:.0f} MB, parsing alone {bare:.0f} MB: {peak - bare:.0f} MB (at most {MEGABYTES})")
    sys.exit(share > LIMIT or peak - bare > MEGABYTES)


if __name__ == "__main__":
    main()
