"""Which articles report the same happening: groups of articles by their words, names weighted, near in time."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from itertools import islice

import numpy as np
import pandas as pd

from pipeline.ids import stable_id

THRESHOLD = 0.2
"""Mean similarity from which two groups are one story."""
TOP_TERMS = 100
"""Terms kept per article, the heaviest; the rest changes the similarity little and costs most of the time."""
NAME_WEIGHT = 2.0
TITLE_WEIGHT = 3.0
LEAD_CHARS = 80
"""Opening characters that stand in for a missing headline."""
FADE_DAYS = 180.0
"""Similarity halves for each so many days between two articles."""
WINDOW_DAYS = 365
"""Articles further apart are never compared."""
KEY_TERMS = 30
"""Heaviest terms of an article by which others are looked up."""
NEWEST = 60
"""Articles looked at per such term: the newest. Bounds the work per article."""
KEY_SHARE = 0.03
"""Similarity by these terms alone from which two articles are compared in full."""
BACKGROUND = 20.0
"""Articles that every corpus is thought to have besides: keeps the weights sensible when there are three."""

_WORD = re.compile(r"[^\W\d_][\w'’-]{2,}|\d{2,}")
_FUNCTION_WORDS = """
    the and for that with was were are has have had been being but not from this these those they them their
    there then than his her hers him she its our ours you your yours who whom whose which what when where
    why how all any both each few more most other some such only own same too very can could will would
    shall should may might must about above after again against before below between during into out over
    under until while because upon through also just now here one two three said says say told according mr
    mrs did does doing done don
"""
_CLOSED_CLASS = frozenset(_FUNCTION_WORDS.split())

Vector = dict[str, float]


def group_stories(
    articles: pd.DataFrame, mentions: pd.DataFrame, event_mentions: pd.DataFrame
) -> tuple[pd.Series[str], pd.DataFrame]:
    """Group articles that report the same happening.

    Articles are compared by the cosine of their heaviest words (term frequency times inverse document frequency; names
    and headline words weigh more), fading with the time between them, and joined by average linkage down to
    :data:`THRESHOLD`. Only articles that share a telling word inside a time window are compared at all. A copy joins
    its original's story; an article like no other is a story of its own.

    Args:
        articles: article_id, duplicate_of, title, text, source, published_at.
        mentions: article_id, text, kind.
        event_mentions: article_id, event_id.

    Returns:
        The story_id of each article, in the order and with the index of ``articles``; and the table ``stories``, sorted
        by story_id. The id hashes the story's first article by publication, then by id; undated ones come last.
    """
    if articles.empty:
        return pd.Series([], index=articles.index, dtype="str"), _stories(articles, [], [], event_mentions)
    ids: list[str] = articles["article_id"].tolist()
    at = {article: row for row, article in enumerate(ids)}
    roots = [at[r] for r in _roots(ids, articles["duplicate_of"].tolist())]
    published = pd.to_datetime(articles["published_at"], utc=True)
    since = (published - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    days = [math.nan if missing else float(d) for d, missing in zip(since, since.isna(), strict=True)]
    order = sorted(range(len(ids)), key=lambda r: (math.isnan(days[r]), 0 if math.isnan(days[r]) else days[r], ids[r]))
    originals = [r for r in order if roots[r] == r]

    names: dict[str, set[str]] = {}
    known = mentions[mentions["kind"] == "name"]
    for article, text in zip(known["article_id"].tolist(), known["text"].tolist(), strict=True):
        names.setdefault(article, set()).update(w.lower() for w in _WORD.findall(text))
    titles, texts = articles["title"].tolist(), articles["text"].tolist()
    vectors = _vectors(
        [
            _counts(titles[r] if isinstance(titles[r], str) else "", texts[r], names.get(ids[r], set()))
            for r in originals
        ]
    )
    groups = _average_link(_similar(vectors, [days[r] for r in originals]), len(originals))

    first: dict[int, int] = {}
    group_of = dict(zip(originals, groups, strict=True))
    for row in order:
        first.setdefault(group_of[roots[row]], row)
    story_of = [stable_id("sto", ids[first[group_of[roots[row]]]]) for row in range(len(ids))]
    counts = [root == row for row, root in enumerate(roots)]
    return pd.Series(story_of, index=articles.index, dtype="str"), _stories(articles, story_of, counts, event_mentions)


def _roots(ids: list[str], duplicate_of: list[object]) -> list[str]:
    """The first copy of each article, itself where it is none."""
    parent = {a: d for a, d in zip(ids, duplicate_of, strict=True) if isinstance(d, str)}
    known = set(ids)
    roots = []
    for article in ids:
        seen = {article}
        while article in parent and parent[article] in known and parent[article] not in seen:
            article = parent[article]
            seen.add(article)
        roots.append(article)
    return roots


def _counts(title: str, text: str, names: set[str]) -> dict[str, float]:
    """Weighted term frequencies of one article: 1 + log(count), more for names and headline words."""
    counts = Counter(w for w in map(_stem, _WORD.findall(text.lower())) if w not in _CLOSED_CLASS)
    title = title or text[:LEAD_CHARS]
    headline = {_stem(w) for w in _WORD.findall(title.lower())} - _CLOSED_CLASS
    counts.update(headline)
    named = {_stem(w) for w in names}
    return {
        w: (1.0 + math.log(n)) * (NAME_WEIGHT if w in named else 1.0) * (TITLE_WEIGHT if w in headline else 1.0)
        for w, n in counts.items()
    }


def _stem(word: str) -> str:
    """Cut possessives and a plural s: enough to match reports of one happening."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _vectors(counts: list[dict[str, float]]) -> list[Vector]:
    """Unit vectors of the heaviest terms, heaviest first."""
    frequency: Counter[str] = Counter()
    for terms in counts:
        frequency.update(terms.keys())
    total = len(counts) + BACKGROUND
    rarity = {term: math.log(total / n) for term, n in frequency.items()}
    vectors = []
    for terms in counts:
        weighted = sorted(((-weight * rarity[term], term) for term, weight in terms.items()))[:TOP_TERMS]
        norm = math.sqrt(sum(w * w for w, _ in weighted)) or 1.0
        vectors.append({term: -w / norm for w, term in weighted})
    return vectors


def _similar(vectors: list[Vector], days: list[float]) -> list[tuple[float, int, int]]:
    """Pairs (similarity, earlier, later) of articles, in time order, that share telling words inside the window."""
    postings: dict[str, list[tuple[int, float]]] = {}
    pairs: list[tuple[float, int, int]] = []
    for later, vector in enumerate(vectors):
        shared: dict[int, float] = {}
        for term, weight in islice(vector.items(), KEY_TERMS):
            listed = postings.setdefault(term, [])
            for earlier, other in listed[-NEWEST:]:
                shared[earlier] = shared.get(earlier, 0.0) + weight * other
            listed.append((later, weight))
        for earlier, score in sorted(shared.items()):
            if score < KEY_SHARE:
                continue
            apart = abs(days[later] - days[earlier])
            if apart > WINDOW_DAYS:
                continue
            before = vectors[earlier]
            score = sum(weight * before[term] for term, weight in vector.items() if term in before)
            if not math.isnan(apart):
                score *= 0.5 ** (apart / FADE_DAYS)
            if score >= THRESHOLD / 4:
                pairs.append((score, earlier, later))
    return pairs


def _average_link(pairs: list[tuple[float, int, int]], count: int) -> list[int]:
    """Join the two groups of highest mean similarity until none reaches the threshold; absent pairs count as 0.

    Returns:
        Group number of each article: the number of its first member. Ties go to the earlier articles.
    """
    size = [1] * count
    total: list[dict[int, float]] = [{} for _ in range(count)]
    for score, a, b in pairs:
        total[a][b] = total[b][a] = score
    heap = [(-score, a, b) for score, a, b in pairs if score >= THRESHOLD]
    heapq.heapify(heap)
    alive = [True] * count
    group = list(range(count))
    members = [[i] for i in range(count)]
    while heap:
        negative, a, b = heapq.heappop(heap)
        if not (alive[a] and alive[b]) or -negative != total[a].get(b, 0.0) / (size[a] * size[b]):
            continue
        alive[b] = False
        del total[a][b], total[b][a]
        for other in sorted(total[b]):
            joined = total[a].get(other, 0.0) + total[b][other]
            total[a][other] = total[other][a] = joined
            del total[other][b]
        total[b] = {}
        size[a] += size[b]
        members[a] += members[b]
        for other, joined in sorted(total[a].items()):
            mean = joined / (size[a] * size[other])
            if mean >= THRESHOLD:
                heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    for first, inside in enumerate(members):
        if alive[first]:
            for i in inside:
                group[i] = first
    return group


def _stories(
    articles: pd.DataFrame, story_of: list[str], counts: list[bool], event_mentions: pd.DataFrame
) -> pd.DataFrame:
    """One row a story; copies count for nothing but their story."""
    frame = articles[["article_id", "title", "source", "published_at"]].copy()
    frame["story_id"] = pd.Series(story_of, index=frame.index, dtype="str")
    frame = frame[np.array(counts, dtype=bool)].sort_values(["published_at", "article_id"], na_position="last")
    found = event_mentions[["article_id", "event_id"]].merge(frame[["article_id", "story_id"]], on="article_id")
    by_story = frame.groupby("story_id")
    stories = pd.DataFrame(
        {
            "headline": by_story["title"].first(),
            "first_published_at": by_story["published_at"].min(),
            "last_published_at": by_story["published_at"].max(),
            "article_count": by_story.size(),
            "outlet_count": by_story["source"].nunique(),
        }
    )
    stories["event_count"] = found.groupby("story_id")["event_id"].nunique().reindex(stories.index).fillna(0)
    for column in ("article_count", "outlet_count", "event_count"):
        stories[column] = stories[column].astype("Int64")
    return stories.reset_index().sort_values("story_id", ignore_index=True)
