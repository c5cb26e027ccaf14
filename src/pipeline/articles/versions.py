"""Which articles are earlier versions of another: one address, partly the same words, published or fetched later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from pipeline.articles.addresses import article_key
from pipeline.articles.copies import publication
from pipeline.articles.sketches import shingles_of, words_of
from pipeline.records import Article

SAME = 0.3
"""Share of the shorter version's three-word shingles that the other has at least, unless the headline is the same.
Rewritten reports keep names, offices and quotes; reports made after one pattern share .16 on average, .26 at most."""

SAME_HEADLINE = timedelta(days=7)
"""Between publications of two texts with the same headline: beyond it they are two of a series."""

LOOKED_BACK = 5
"""Articles at one address among which a later one's earlier version is looked for, the newest first: a feed that gives
its front page as the address of every item would cost the square of its items otherwise."""

FIRST = datetime.min.replace(tzinfo=UTC)


def addressed(articles: Sequence[Article]) -> list[list[Article]]:
    """Articles in one language that share an address, where more than one do; each address from oldest to newest.

    What has no time is older than what has one; what has the same goes by raw file, line and id.
    """
    keys = np.fromiter((hash(article_key(a.url)) for a in articles), np.int64)
    _, group, count = np.unique(keys, return_inverse=True, return_counts=True)
    groups: dict[tuple[str, str | None], list[Article]] = defaultdict(list)
    for place in np.flatnonzero(count[group] > 1).tolist():  # a dictionary of all addresses would not fit
        article = articles[place]
        key = article_key(article.url)
        if key is not None:
            groups[key, article.language].append(article)
    return [sorted(group, key=_age) for group in groups.values() if len(group) > 1]


@dataclass(slots=True)
class _Text:
    """One text at an address and the articles that have it, word for word."""

    words: list[str]
    shingles: set[str]
    articles: list[Article]


def newest_versions(group: Sequence[Article]) -> dict[str, str]:
    """Article id of each earlier version → article id of the newest one.

    What was fetched twice without a change is no newer version.

    Args:
        group: of :func:`addressed`.
    """
    recent: list[list[_Text]] = []  # the texts of one article each, oldest first
    done: list[list[_Text]] = []
    for article in group:
        words = words_of(article)
        text = _Text(words, shingles_of(words), [article])
        place = next((n for n, chain in enumerate(recent) if _same(text, chain[-1])), None)
        chain = recent.pop(place) if place is not None else []
        if chain and chain[-1].words == words:
            chain[-1].articles.append(article)
        else:
            chain.append(text)
        recent.insert(0, chain)
        done.extend(recent[LOOKED_BACK:])
        del recent[LOOKED_BACK:]
    found = {}
    for chain in done + recent:
        newest = min(chain[-1].articles, key=publication).article_id
        found.update({a.article_id: newest for text in chain[:-1] for a in text.articles})
    return found


def _same(later: _Text, earlier: _Text) -> bool:
    """Whether two texts at one address are one article: the same headline in one week, or partly the same words."""
    one, other = later.articles[-1], earlier.articles[-1]
    days = one.published_at - other.published_at if one.published_at and other.published_at else timedelta(0)
    titled = one.title is not None and other.title is not None and one.title.casefold() == other.title.casefold()
    fewer = min(len(later.shingles), len(earlier.shingles))
    return (titled and days <= SAME_HEADLINE) or len(later.shingles & earlier.shingles) >= SAME * fewer


def _age(article: Article) -> tuple[datetime, datetime, str, int, str]:
    return (
        article.published_at or FIRST,
        article.retrieved_at or FIRST,
        article.raw_path or "",
        article.raw_line or 0,
        article.article_id,
    )
