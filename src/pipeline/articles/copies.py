"""Which articles are copies of another: the same words, or nearly, under another outlet's name.

Exact copies share every word. Near copies are found by their sketches and confirmed on the words themselves. An article
is only compared with the few earlier ones that share a band of its sketch, so the work grows with the number of
articles; and what was settled before stays as it is unless something alike has come.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import numpy as np
import numpy.typing as npt

from pipeline.articles.sketches import (
    ALIKE,
    BANDS,
    FEWEST_WORDS,
    PERMUTATIONS,
    Index,
    Rows,
    Sketches,
    alike,
    content_key,
    content_keys,
    shingles_of,
    words_of,
)
from pipeline.records import Article

MOST_COMPARED = 20
CONTAINED = 0.75
"""Share of the later article's shingles that the earlier has. Measured on 272 articles with made copies (bylines,
cuts, typos, boilerplate), as share of the shorter: lowest of a true pair .82, highest of a false one .56."""

DOUBT = 3.5
"""Standard deviations by which a sketch may say too little: one pair in some four thousand is passed over for it."""

LAST = datetime.max.replace(tzinfo=UTC)

_FAR = 255
"""In one byte: so far and maybe farther; the place that is so far back tells how far it is from there."""
_EVERY_BAND = np.arange(BANDS)


def touched(articles: Sequence[Article], index: Index, settled: Collection[str]) -> list[Article]:
    """The articles whose originals have to be looked for: those that are not settled, and whatever is alike to one.

    Args:
        articles: all that there are.
        index: with the sketch of every one of them.
        settled: ids of articles for which it is known whether they are a copy, and of what, as long as nothing comes.
    """
    if not settled:
        return list(articles)
    new = content_keys(a for a in articles if a.article_id not in settled)
    if not len(new):
        return []
    around = set(index.around(new).tolist())
    return [a for a in articles if content_key(a) in around]


def publication(article: Article) -> tuple[datetime, str]:
    """What articles are put in order by to find the first: publication, unknown last, then the id."""
    return article.published_at or LAST, article.article_id


def originals(articles: Sequence[Article], index: Index | None = None) -> dict[str, str]:
    """Article id of each copy → article id of its first publication.

    First is the earliest ``published_at``, unknown last, then the smallest id; the order of the input does not matter.
    A first publication is never itself a copy.

    Args:
        articles: all that are alike to one of them included.
        index: where their sketches are; they are made here without it.
    """
    ordered = sorted(articles, key=publication)
    if index is None:
        index = Index()
        index.add(ordered)
    numbers = index.find(content_keys(ordered))
    words = index.take(lambda s: s.words, numbers)
    shingles = index.take(lambda s: s.shingles, numbers)
    _, first, group = np.unique(index.take(lambda s: s.exact, numbers), return_index=True, return_inverse=True)
    original = first[group]  # of each row the first with the same words, and later what that one is a copy of
    del first, group
    long = np.flatnonzero(words >= FEWEST_WORDS)
    sharing = _Sharing(len(long), (index.take(partial(_band, b), numbers[long]) for b in range(BANDS)))
    is_root = np.zeros(len(ordered), bool)
    recent = _Recent()
    for row, article in enumerate(ordered):
        if original[row] != row:
            original[row] = original[original[row]]
            continue
        if words[row] < FEWEST_WORDS:
            continue
        near = long[sharing.earlier(int(np.searchsorted(long, row)))]
        near = near[is_root[near]]
        candidates = _candidates(index, numbers, shingles, row, near) if len(near) else []
        match = next((r for r in candidates if _is_copy(article, ordered[r], recent)), None)
        if match is not None:
            original[row] = match
        else:
            is_root[row] = True
    copies = np.flatnonzero((original != np.arange(len(ordered))) & (words > 0))
    return {ordered[row].article_id: ordered[original[row]].article_id for row in copies}


def _band(number: int, sketches: Sketches) -> npt.NDArray[np.uint32]:
    return sketches.bands[:, number]


def _candidates(index: Index, numbers: Rows, shingles: npt.NDArray[np.uint32], row: int, near: Rows) -> list[int]:
    """Of some earlier rows the likeliest originals, by how much their sketches say that they share at most."""
    digests = index.take(lambda s: s.digest, numbers[np.append(near, row)])
    shared = alike(digests[:-1], digests[-1])
    jaccard = shared / PERMUTATIONS
    most = np.minimum(jaccard + DOUBT * np.sqrt((1 - jaccard) * (jaccard + 0.02) / PERMUTATIONS), 1)
    sizes = shingles[near].astype(float), float(shingles[row])
    enough = most / (1 + most) * (sizes[0] + sizes[1]) >= CONTAINED * np.minimum(*sizes)
    likely = (shared >= ALIKE) & enough
    nearest = sorted((-s, r) for s, r in zip(shared[likely].tolist(), near[likely].tolist(), strict=True))
    return sorted(r for _, r in nearest[:MOST_COMPARED])


class _Sharing:
    """Which of n texts share a band, as arrays: most share none, and a dictionary of bands would not fit."""

    def __init__(self, n: int, bands: Iterable[npt.NDArray[np.uint32]]) -> None:
        """Sort each band.

        Args:
            n: how many texts there are.
            bands: each of the 32, (n), the texts in the order that they were published in.
        """
        self._rows = np.zeros((BANDS, n), "<u4")  # of each band in order, and of one publication after another
        self._place = np.zeros_like(self._rows)  # where there each text is
        self._back = np.zeros(self._rows.shape, "u1")  # how far before each place the first with the same band is
        at = np.arange(n, dtype="<u4")
        for band, rows, place, back in zip(bands, self._rows, self._place, self._back, strict=True):
            rows[:] = np.argsort(band, kind="stable")
            place[rows] = at
            inside = band[rows]
            first = np.zeros_like(at)
            first[1:] = np.where(inside[1:] == inside[:-1], 0, at[1:])
            back[:] = np.minimum(at - np.maximum.accumulate(first), _FAR)

    def earlier(self, row: int) -> Rows:
        """The rows before one that share a band with it, in order."""
        places = self._place[:, row].astype(np.intp)
        firsts, step = places, np.full(BANDS, _FAR)
        while (step == _FAR).any():
            step = self._back[_EVERY_BAND, firsts]
            firsts = firsts - step
        shared = np.flatnonzero(firsts < places)
        if not len(shared):
            return np.zeros(0, np.intp)
        rows = [self._rows[b, firsts[b] : places[b]] for b in shared.tolist()]
        return np.unique(np.concatenate(rows)).astype(np.intp)


class _Recent:
    """Words and shingles of the articles compared last: copies come close together, and all of them would not fit."""

    def __init__(self, most_words: int = 100_000) -> None:
        self._room = most_words
        self._kept: OrderedDict[str, tuple[list[str], set[str]]] = OrderedDict()

    def get(self, article: Article) -> tuple[list[str], set[str]]:
        if article.article_id not in self._kept:
            words = words_of(article)
            self._kept[article.article_id] = (words, shingles_of(words))
            self._room -= len(words)
            while self._room < 0 and len(self._kept) > MOST_COMPARED:
                self._room += len(self._kept.popitem(last=False)[1][0])
        self._kept.move_to_end(article.article_id)
        return self._kept[article.article_id]


def _is_copy(later: Article, earlier: Article, recent: _Recent) -> bool:
    """Whether the later article says nothing that the earlier does not.

    Of two published at the same moment either may be the shorter one; otherwise the later must be contained in the
    earlier, and may bring no figure of its own: "15 killed" after "12 killed" is an update, not a copy.
    """
    (words, shingles), (other_words, other) = recent.get(later), recent.get(earlier)
    shared = len(shingles & other)
    together = later.published_at == earlier.published_at
    share = shared / (min(len(shingles), len(other)) if together else len(shingles))
    if share < CONTAINED or shared < 0.25 * max(len(shingles), len(other)):
        return False
    if together:
        return True
    figures = {w for w in words if w.isdigit()}
    return figures <= {w for w in other_words if w.isdigit()}
