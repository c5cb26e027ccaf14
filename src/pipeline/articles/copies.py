"""Which articles are copies of another: the same words, or nearly, under another outlet's name.

Exact copies share every word. Near copies are found by MinHash and confirmed on the words themselves. An article is
only compared with the few earlier ones that share its hash bands, so the work grows with the number of articles.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

from rensa import RMinHash, RMinHashLSH

from pipeline.records import Article

_WORD = re.compile(r"\w+")

SHINGLE = 3  # words
PERMUTATIONS, BANDS = (
    128,
    32,
)  # finds 56 % of the pairs with a Jaccard similarity of .4, 99 % of those with .6
SEED = 42
FEWEST_WORDS = 25  # below this only identical texts are copies
MOST_COMPARED = 20
CONTAINED = 0.75
"""Share of the later article's shingles that the earlier has. Measured on 272 articles with made copies (bylines,
cuts, typos, boilerplate), as share of the shorter: lowest of a true pair .82, highest of a false one .56."""

LAST = datetime.max.replace(tzinfo=UTC)


def originals(articles: Sequence[Article]) -> dict[str, str]:
    """Article id of each copy → article id of its first publication.

    First is the earliest ``published_at``, unknown last, then the smallest id; the order of the input does not matter.
    A first publication is never itself a copy.
    """
    ordered = sorted(articles, key=lambda a: (a.published_at or LAST, a.article_id))
    found: dict[str, str] = {}
    exact: dict[bytes, str] = {}
    index = RMinHashLSH(threshold=0.5, num_perm=PERMUTATIONS, num_bands=BANDS)
    roots: list[Article] = []
    digests: list[list[int]] = []
    recent = _Recent()
    for article in ordered:
        words = _words(article)
        if not words:
            continue
        key = hashlib.sha256(" ".join(words).encode()).digest()
        if key in exact:
            found[article.article_id] = exact[key]
            continue
        exact[key] = article.article_id
        if len(words) < FEWEST_WORDS:
            continue
        shingles = _shingles(words)
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update(sorted(shingles))
        digest = sketch.digest()
        candidates = sorted(set(index.query(sketch)), key=lambda i: (-_agreeing(digest, digests[i]), i))[:MOST_COMPARED]
        matches = [i for i in sorted(candidates) if _is_copy(article, words, shingles, roots[i], recent)]
        if matches:
            found[article.article_id] = exact[key] = roots[matches[0]].article_id
            continue
        index.insert(len(roots), sketch)
        recent.put(article, (words, shingles))
        roots.append(article)
        digests.append(digest)
    return found


class _Recent:
    """Words and shingles of the articles compared last: copies come close together, and all of them would not fit."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[list[str], set[str]]] = OrderedDict()

    def put(self, article: Article, value: tuple[list[str], set[str]]) -> None:
        self._kept[article.article_id] = value
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def get(self, article: Article) -> tuple[list[str], set[str]]:
        if article.article_id not in self._kept:
            words = _words(article)
            self.put(article, (words, _shingles(words)))
        self._kept.move_to_end(article.article_id)
        return self._kept[article.article_id]


def _words(article: Article) -> list[str]:
    """The words of the body, whatever their case, punctuation and white space; the dateline is not the body."""
    return _WORD.findall(article.text[article.body_start :].casefold())


def _shingles(words: Sequence[str]) -> set[str]:
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _agreeing(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x == y for x, y in zip(a, b, strict=True))


def _is_copy(later: Article, words: list[str], shingles: set[str], earlier: Article, recent: _Recent) -> bool:
    """Whether the later article says nothing that the earlier does not.

    Of two published at the same moment either may be the shorter one; otherwise the later must be contained in the
    earlier, and may bring no figure of its own: "15 killed" after "12 killed" is an update, not a copy.
    """
    other_words, other = recent.get(earlier)
    shared = len(shingles & other)
    together = later.published_at == earlier.published_at
    share = shared / (min(len(shingles), len(other)) if together else len(shingles))
    if share < CONTAINED or shared < 0.25 * max(len(shingles), len(other)):
        return False
    if together:
        return True
    figures = {w for w in words if w.isdigit()}
    return figures <= {w for w in other_words if w.isdigit()}
