"""Which of several referents is meant: the most recent and prominent, when it is clearly ahead."""

from __future__ import annotations

from pipeline.coreference.referents import Referent
from pipeline.text import Parse

MARGIN = 0.12
"""How far the best candidate must lead, as a share of its score; less is torn."""
REACH = 3
"""Sentences that a pronoun looks back."""


def salience(parse: Parse, r: Referent, at: int, sentence: int, reach: int) -> float:
    """Salience at a token: each earlier mention counts by its role, half as much for every sentence between."""
    total = 0.0
    for token, s, weight in reversed(r.seen):
        distance = sentence - s
        if distance > reach:
            break
        if token >= at or distance < 0:
            continue
        total += weight * (0.5**distance)
    return total


def winner(scored: list[tuple[float, Referent]], margin: float = MARGIN) -> Referent | None:
    """The best of the scored referents, or None when there is none or the next is too close."""
    scored = sorted((s for s in scored if s[0] > 0), key=lambda s: -s[0])
    if not scored:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < margin * scored[0][0]:
        return None
    return scored[0][1]
