"""Which articles open with the same names: evidence that they report one story when their actors have none."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

LEAD_CHARS = 500
"""Headline and opening of an article: what it is about. Names further down are background."""
KEYS = 6
"""Rarest names of an opening by which articles are looked up."""
SHARED = 2
"""Names that two openings must share to be compared at all."""
KIN, SAME = 0.2, 0.35
"""Similarity of two openings from which they may be, and from which they are taken to be, of one story."""
BACKGROUND = 20.0
"""Articles that every corpus is thought to have besides: keeps the weights sensible when there are three."""

_NAME = re.compile(r"(?<=[a-zß-ÿ,;] )[A-ZÀ-Þ][^\W\d_]{3,}")


@dataclass(slots=True, frozen=True)
class Opening:
    """The names of an article's opening: name → weight, a unit vector; ``keys`` are the rarest that others share."""

    names: dict[str, float]
    keys: tuple[str, ...]


NOTHING = Opening({}, ())


def openings(texts: dict[str, str]) -> dict[str, Opening]:
    """The opening of each article.

    Args:
        texts: article id → headline and text. Capitalised words inside a sentence count as names.
    """
    names = {article: sorted(set(_NAME.findall(text[:LEAD_CHARS]))) for article, text in texts.items()}
    frequency = Counter(name for found in names.values() for name in found)
    total = len(texts) + BACKGROUND
    out: dict[str, Opening] = {}
    for article, found in names.items():
        weights = {name: math.log(total / frequency[name]) for name in found}
        norm = math.sqrt(sum(w * w for w in weights.values()))
        shared = sorted((n for n in found if frequency[n] > 1), key=lambda n: (-weights[n], n))
        out[article] = Opening({n: w / norm for n, w in weights.items()}, tuple(shared[:KEYS])) if norm else NOTHING
    return out


def kinship(a: Opening, b: Opening) -> float:
    """0 for articles on different stories to 1 for articles on the same one."""
    short, long = (a.names, b.names) if len(a.names) <= len(b.names) else (b.names, a.names)
    shared = [w * long[name] for name, w in short.items() if name in long]
    if len(shared) < SHARED:
        return 0.0
    return min(1.0, max(0.0, (sum(shared) - KIN) / (SAME - KIN)))
