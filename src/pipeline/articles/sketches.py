"""What is kept of a text to find its copies among millions: a short sketch, and an index of sketches that grows.

A sketch is a MinHash of the text's shingles, one byte for each permutation. Four bytes in a row are a band; texts that
share a band may be copies. A sketch depends on the text alone, so it is made once and kept, whatever comes later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from pipeline.records import Article

_WORD = re.compile(r"\w+")

SHINGLE = 3  # words
PERMUTATIONS, BANDS = 128, 32
"""Finds 56 % of the pairs with a Jaccard similarity of .4, 99 % of those with .6."""

SEED = 42
FEWEST_WORDS = 25  # below this only identical texts are copies

ALIKE = 20
"""Bytes of 128 that two sketches share at least to be compared. Of texts with a Jaccard similarity of .25, the lowest
of any copy, one in a hundred has fewer; of reports made after one pattern, with .1, two in a hundred have as many."""

VERSION = f"1.{SHINGLE}.{PERMUTATIONS}.{SEED}.{RMinHash.ALGORITHM_VERSION}"
"""Of the sketches: the first number is raised when the same text comes to have another one."""

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]


def words_of(article: Article) -> list[str]:
    """The words of the body, whatever their case, punctuation and white space; the dateline is not the body."""
    return _WORD.findall(article.text[article.body_start :].casefold())


def shingles_of(words: Sequence[str]) -> set[str]:
    """Every three words in a row."""
    if len(words) < SHINGLE:
        return {" ".join(words)}
    return {f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)}


def content_key(article: Article) -> int:
    """What a sketch is found by: the text and where its body begins, as 64 bits."""
    return (int(article.text_sha256[:16], 16) + article.body_start) % (1 << 64)


@dataclass(slots=True)
class Sketches:
    """Sketches of n texts, one a row, sorted by content.

    Attributes:
        content: (n) what each is found by. exact: (n) hash of the words.
        words, shingles: (n) how many words, and different shingles, there are.
        digest: (n, 128) the MinHash; zeros where there are too few words.
    """

    content: Keys
    exact: Keys
    words: npt.NDArray[np.uint32]
    shingles: npt.NDArray[np.uint32]
    digest: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.content)

    @property
    def bands(self) -> npt.NDArray[np.uint32]:
        """(n, 32) four bytes of the digest each."""
        return self.digest.view("<u4")

    @classmethod
    def empty(cls, content: Keys) -> Sketches:
        """Sketches of these contents, to be filled in."""
        n = len(content)
        counts = [np.zeros(n, "<u4") for _ in range(2)]
        return cls(content, np.zeros(n, "<u8"), counts[0], counts[1], np.zeros((n, PERMUTATIONS), "u1"))


def content_keys(articles: Iterable[Article]) -> Keys:
    """(n) the key of each article."""
    return np.fromiter(map(content_key, articles), "<u8")


def sketched(articles: Sequence[Article]) -> Sketches:
    """Make the sketches of articles, one for each content."""
    content, firsts = np.unique(content_keys(articles), return_index=True)
    found = Sketches.empty(content)
    for row, first in enumerate(firsts.tolist()):
        words = words_of(articles[first])
        found.words[row] = len(words)
        found.exact[row] = int.from_bytes(hashlib.sha256(" ".join(words).encode()).digest()[:8], "little")
        if len(words) >= FEWEST_WORDS:
            minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
            shingles = list(shingles_of(words))
            minhash.update(shingles)
            found.shingles[row] = len(shingles)
            found.digest[row] = np.array(minhash.digest(), "<u8").astype("u1")  # the lowest byte of each
    return found


class Part:
    """Sketches that can be searched: sorted by their exact words and by each band. Never changed."""

    def __init__(self, sketches: Sketches):
        self.sketches = sketches

    @cached_property
    def by_exact(self) -> tuple[Keys, npt.NDArray[np.uint32]]:
        """The hashes of the words in order, and the row of each."""
        order = np.argsort(self.sketches.exact, kind="stable")
        return self.sketches.exact[order], order.astype("<u4")

    @cached_property
    def by_band(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
        """(32, m) the bands of the texts that are long enough in order, and the row of each."""
        long = np.flatnonzero(self.sketches.words >= FEWEST_WORDS).astype("<u4")
        bands = np.zeros((BANDS, len(long)), "<u4")
        rows = np.zeros_like(bands)
        for b in range(BANDS):  # one by one: sorting takes twice the room of what is sorted
            band = self.sketches.bands[long, b]
            order = np.argsort(band, kind="stable")
            bands[b], rows[b] = band[order], long[order]
        return bands, rows

    def buffers(self) -> list[memoryview]:
        """Everything as bytes, the orders included, so that reading is no sorting; nothing is copied."""
        columns = [getattr(self.sketches, f.name) for f in fields(Sketches)]
        sizes = np.array([len(self.sketches), self.by_band[0].shape[1]], "<u8")
        return [a.reshape(-1).view("u1").data for a in (sizes, *columns, *self.by_exact, *self.by_band)]

    @classmethod
    def from_buffer(cls, data: bytes | memoryview) -> Part:
        """The reverse of :meth:`buffers`; nothing is copied."""
        n, m = (int(size) for size in np.frombuffer(data, "<u8", 2))
        at = 16

        def take(kind: str, *shape: int) -> npt.NDArray[np.generic]:
            nonlocal at
            found = np.frombuffer(data, kind, int(np.prod(shape)), at).reshape(shape)
            at += found.nbytes
            return found

        shapes = (("<u8", n), ("<u8", n), ("<u4", n), ("<u4", n), ("u1", n, PERMUTATIONS))
        part = cls(Sketches(*(take(*shape) for shape in shapes)))  # type: ignore[arg-type]
        part.__dict__["by_exact"] = (take("<u8", n), take("<u4", n))
        part.__dict__["by_band"] = (take("<u4", BANDS, m), take("<u4", BANDS, m))
        return part


class Index:
    """All sketches that are known, in parts: each run adds one, and small ones are put together.

    Attributes:
        parts: what has been added, nothing twice.
    """

    def __init__(self, parts: Iterable[Part] = ()):
        self.parts = list(parts)

    def add(self, articles: Sequence[Article]) -> Part | None:
        """Sketch the articles whose content is not known yet; returns the new part, or None."""
        keys = content_keys(articles)
        missing = np.ones(len(keys), bool)
        for part in self.parts:
            missing &= _rows(part.sketches.content, keys) < 0
        if not missing.any():
            return None
        part = Part(sketched([articles[i] for i in np.flatnonzero(missing).tolist()]))
        self.parts.append(part)
        return part

    def find(self, keys: Keys) -> Rows:
        """The numbers of these contents' sketches, counted through all parts. Raises KeyError when one is not known."""
        found = np.full(len(keys), -1, np.intp)
        start = 0
        for part in self.parts:
            rows = _rows(part.sketches.content, keys)
            here = (rows >= 0) & (found < 0)
            found[here] = rows[here] + start
            start += len(part.sketches)
        if (found < 0).any():
            raise KeyError(f"{int((found < 0).sum())} texts have no sketch")
        return found

    def take(self, column: Callable[[Sketches], npt.NDArray[Any]], numbers: Rows) -> npt.NDArray[Any]:
        """One column of the sketches with these numbers, in their order."""
        columns = [column(part.sketches) for part in self.parts] or [column(Sketches.empty(np.zeros(0, "<u8")))]
        found, start = np.zeros((len(numbers), *columns[0].shape[1:]), columns[0].dtype), 0
        for values in columns:
            here = (numbers >= start) & (numbers < start + len(values))
            found[here] = values[numbers[here] - start]
            start += len(values)
        return found

    def around(self, keys: Keys) -> Keys:
        """These contents and all that are alike, and alike to those, as far as it goes.

        Whether one of them is a copy, and of what, depends on nothing outside. The work grows with what is found, and
        with the logarithm of what is there.
        """
        visited = [np.zeros(len(part.sketches), bool) for part in self.parts]
        used: set[tuple[int, int, int]] = set()
        frontier = np.unique(keys)
        for part, seen in zip(self.parts, visited, strict=True):
            rows = _rows(part.sketches.content, frontier)
            seen[rows[rows >= 0]] = True
        found = [frontier]
        while len(frontier):
            numbers = self.find(frontier)
            sketches = Sketches(*(self.take(attrgetter(f.name), numbers) for f in fields(Sketches)))
            reached = [self._reached(n, sketches, seen, used) for n, seen in enumerate(visited)]
            frontier = np.unique(np.concatenate(reached))
            found.append(frontier)
        return np.concatenate(found)

    def _reached(
        self, number: int, sketches: Sketches, seen: npt.NDArray[np.bool_], used: set[tuple[int, int, int]]
    ) -> Keys:
        """Contents of one part that are alike to one of the sketches and were not seen before; they are now."""
        part = self.parts[number]
        exact, row_of = part.by_exact
        fresh: list[Rows] = []
        for low, high in zip(
            *(np.searchsorted(exact, sketches.exact, side) for side in ("left", "right")), strict=True
        ):
            twins = row_of[low:high].astype(np.intp)
            fresh.append(twins[~seen[twins]])
        bands, rows_of = part.by_band
        long = np.flatnonzero(sketches.words >= FEWEST_WORDS)
        wanted = sketches.bands[long]
        lows = np.stack([np.searchsorted(bands[b], wanted[:, b], "left") for b in range(BANDS)])
        highs = np.stack([np.searchsorted(bands[b], wanted[:, b], "right") for b in range(BANDS)])
        for n in np.flatnonzero((highs > lows).any(axis=0)):
            hits = []
            for b in np.flatnonzero(highs[:, n] > lows[:, n]):
                bucket = (number, int(b), int(lows[b, n]))
                if bucket in used:
                    continue
                rows = rows_of[b, lows[b, n] : highs[b, n]]
                unseen = rows[~seen[rows]]
                if len(unseen):
                    hits.append(unseen)
                else:
                    used.add(bucket)
            if hits:
                near = np.unique(np.concatenate(hits)).astype(np.intp)
                near = near[alike(part.sketches.digest[near], sketches.digest[long[n]]) >= ALIKE]
                seen[near] = True
                fresh.append(near)
        new = np.unique(np.concatenate(fresh)) if fresh else np.zeros(0, np.intp)
        seen[new] = True
        return part.sketches.content[new]

    def together(self) -> tuple[Part, list[Part]]:
        """The newest part with all others that are hardly larger, as one; and what it takes the place of.

        So parts double in size, and there are never more than the logarithm of the number of texts. There must be one.
        """
        merged = self.parts[-1:]
        size = len(merged[0].sketches)
        for part in sorted(self.parts[:-1], key=lambda p: len(p.sketches)):
            if len(part.sketches) > 2 * size:
                break
            merged.append(part)
            size += len(part.sketches)
        if len(merged) == 1:
            return merged[0], merged
        order = np.argsort(np.concatenate([p.sketches.content for p in merged]), kind="stable")
        columns = (np.concatenate([getattr(p.sketches, f.name) for p in merged])[order] for f in fields(Sketches))
        part = Part(Sketches(*columns))
        self.parts = [p for p in self.parts if p not in merged] + [part]
        return part, merged


def alike(digests: npt.NDArray[np.uint8], digest: npt.NDArray[np.uint8]) -> Rows:
    """In how many of its 128 bytes each of (n, 128) sketches agrees with one."""
    shared: Rows = np.count_nonzero(digests == digest, axis=1)
    return shared


def _rows(content: Keys, keys: Keys) -> Rows:
    """The row of each key, -1 where it is not among them."""
    at = np.searchsorted(content, keys)
    here = at < len(content)
    here[here] = content[at[here]] == keys[here]
    rows = np.full(len(keys), -1, np.intp)
    rows[here] = at[here]
    return rows
