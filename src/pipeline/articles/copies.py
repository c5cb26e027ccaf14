"""Which articles are copies of another: the same words, or nearly, under another outlet's name.

Exact copies share every word. Near copies are found by their sketches and confirmed on the words themselves. An article
is only compared with the few earlier ones that share a band of its sketch, so the work grows with the number of
articles; and what was settled before stays as it is unless something alike has come.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from pipeline.articles.sketches import (
    ALIKE,
    BANDS,
    FEWEST_WORDS,
    PERMUTATIONS,
    Index,
    Sketches,
    alike,
    content_key,
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


def touched(articles: Sequence[Article], index: Index, settled: Collection[str]) -> list[Article]:
    """The articles whose originals have to be looked for: those that are not settled, and whatever is alike to one.

    Args:
        articles: all that there are.
        index: with the sketch of every one of them.
        settled: ids of articles for which it is known whether they are a copy, and of what, as long as nothing comes.
    """
    if not settled:
        return list(articles)
    new = [content_key(a) for a in articles if a.article_id not in settled]
    if not new:
        return []
    around = set(index.around(np.array(new, "<u8")).tolist())
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
    sketches = index.sketches(np.array([content_key(a) for a in ordered], "<u8"))
    long = np.flatnonzero(sketches.words >= FEWEST_WORDS)
    sharing = _Sharing(sketches.bands[long])
    is_root = np.zeros(len(ordered), bool)
    found: dict[str, str] = {}
    exact: dict[int, str] = {}
    recent = _Recent()
    for row, article in enumerate(ordered):
        if sketches.words[row] == 0:
            continue
        key = int(sketches.exact[row])
        if key in exact:
            found[article.article_id] = exact[key]
            continue
        exact[key] = article.article_id
        if sketches.words[row] < FEWEST_WORDS:
            continue
        near = long[sharing.earlier(int(np.searchsorted(long, row)))]
        near = near[is_root[near]]
        candidates = _candidates(sketches, row, near) if len(near) else []
        match = next((r for r in candidates if _is_copy(article, ordered[r], recent)), None)
        if match is not None:
            found[article.article_id] = exact[key] = ordered[match].article_id
        else:
            is_root[row] = True
    return found


def _candidates(sketches: Sketches, row: int, near: npt.NDArray[np.intp]) -> list[int]:
    """Of some earlier rows the likeliest originals, by how much their sketches say that they share at most."""
    shared = alike(sketches.digest[near], sketches.digest[row])
    jaccard = shared / PERMUTATIONS
    most = np.minimum(jaccard + DOUBT * np.sqrt((1 - jaccard) * (jaccard + 0.02) / PERMUTATIONS), 1)
    sizes = sketches.shingles[near].astype(float), float(sketches.shingles[row])
    enough = most / (1 + most) * (sizes[0] + sizes[1]) >= CONTAINED * np.minimum(*sizes)
    likely = (shared >= ALIKE) & enough
    nearest = sorted((-s, r) for s, r in zip(shared[likely].tolist(), near[likely].tolist(), strict=True))
    return sorted(r for _, r in nearest[:MOST_COMPARED])


class _Sharing:
    """Which of n texts share a band, as arrays: most share none, and a dictionary of bands would not fit."""

    def __init__(self, bands: npt.NDArray[np.uint32]) -> None:
        """Sort each band.

        Args:
            bands: (n, 32), the texts in the order that they were published in.
        """
        self._rows = np.zeros(bands.T.shape, "<u4")  # of each band in order, and of one publication after another
        self._first = np.zeros_like(self._rows)  # where there the texts with the same band begin
        self._place = np.zeros_like(self._rows)  # where each text is
        at = np.arange(len(bands), dtype="<u4")
        for band, rows, first, place in zip(bands.T, self._rows, self._first, self._place, strict=True):
            rows[:] = np.argsort(band, kind="stable")
            place[rows] = at
            inside = band[rows]
            first[1:] = np.where(inside[1:] == inside[:-1], 0, at[1:])
            np.maximum.accumulate(first, out=first)

    def earlier(self, row: int) -> npt.NDArray[np.intp]:
        """The rows before one that share a band with it, in order."""
        places = self._place[:, row]
        firsts = self._first[np.arange(BANDS), places]
        shared = np.flatnonzero(firsts < places)
        if not len(shared):
            return np.zeros(0, np.intp)
        rows = [self._rows[b, firsts[b] : places[b]] for b in shared.tolist()]
        return np.unique(np.concatenate(rows)).astype(np.intp)


class _Recent:
    """Words and shingles of the articles compared last: copies come close together, and all of them would not fit."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[list[str], set[str]]] = OrderedDict()

    def get(self, article: Article) -> tuple[list[str], set[str]]:
        if article.article_id not in self._kept:
            words = words_of(article)
            self._kept[article.article_id] = (words, shingles_of(words))
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
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
