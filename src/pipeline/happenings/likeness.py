"""Do two reports tell of one happening? Evidence for it, added up; anything that speaks against it decides."""

from __future__ import annotations

from pipeline.happenings.reports import Actor, Report

THRESHOLD = 3.5
"""Evidence from which two reports are one happening: two named actors, or one with date, place or wording."""
WINDOW_DAYS = 3
"""Undated reports are compared with what was published, or happened, at most so many days away."""
UNNAMED = 4.0
"""Evidence that two reports need when no actor is known in common: date, place, toll and wording together."""

_MUTUAL = frozenset(("CONSULT", "COOPERATE", "AGREE"))
_STATE = frozenset(("GOV", "MIL", "LEG", "JUD", "COP", "SPY"))
_POINTS = frozenset(("city", "facility", "feature"))
_AREAS = frozenset(("country", "region", "admin1", "admin2"))


def evidence(a: Report, b: Report) -> float | None:
    """How much speaks for one happening, or None where type, modality, actors, dates or places rule it out.

    Each actor in common counts 2 (1.25 for a country or armed group, which does much in a day; 1 for the same country
    and sector), overlapping dates up to 1.5, the same place 1, the same trigger or mode 0.75, the same toll up to 1.5,
    and shared words of the clauses up to 2.
    """
    if a.event_type != b.event_type or a.modality != b.modality or a.is_historical != b.is_historical:
        return None
    if a.event_mode != b.event_mode and a.event_mode is not None and b.event_mode is not None:
        return None
    when = _when(a, b)
    where = _where(a, b)
    who = _who(a, b)
    if when is None or where is None or who is None:
        return None
    shared = len(a.words & b.words) / max(3, min(len(a.words), len(b.words)))
    wording = 2.0 * min(1.0, shared)
    if a.trigger == b.trigger or (a.event_mode is not None and a.event_mode == b.event_mode):
        wording += 0.75
    if a.killed is not None and a.killed == b.killed:
        wording += 1.0
    if a.injured is not None and a.injured == b.injured:
        wording += 0.5
    total = who + when + where + wording
    return total - (UNNAMED - THRESHOLD) if who == 0.0 else total


def _when(a: Report, b: Report) -> float | None:
    if a.date_start is not None and b.date_start is not None:
        a_end, b_end = a.date_end or a.date_start, b.date_end or b.date_start
        if a.date_start > b_end or b.date_start > a_end:
            return None
        longest = max((a_end - a.date_start).days, (b_end - b.date_start).days)
        return 1.5 if longest <= 1 else 1.0 if longest <= 7 else 0.25
    if a.article_id == b.article_id:
        return 0.75
    if a.day is None or b.day is None or abs(a.day - b.day) > WINDOW_DAYS:
        return None
    return 0.5 if abs(a.day - b.day) <= 1 else 0.0


def _where(a: Report, b: Report) -> float | None:
    if a.place_id is None or b.place_id is None:
        return 0.0
    if a.place_id == b.place_id:
        return 0.25 if a.place_precision in ("country", "region") else 1.0
    if a.place_country is None or b.place_country is None:
        return 0.0
    if a.place_country != b.place_country:
        return None
    both_points = a.place_precision in _POINTS and b.place_precision in _POINTS
    same_level = a.place_precision == b.place_precision and a.place_precision in _AREAS
    return None if both_points or same_level else 0.25


def _who(a: Report, b: Report) -> float | None:
    if a.event_type in _MUTUAL:
        return _parties(a.sources + a.targets, b.sources + b.targets)
    source, target = _side(a.sources, b.sources), _side(a.targets, b.targets)
    return None if source is None or target is None else source + target


def _side(a: list[Actor], b: list[Actor]) -> float | None:
    if not a or not b:
        return 0.0
    return max((s for x in a for y in b if (s := _same(x, y)) is not None), default=None)


def _parties(a: list[Actor], b: list[Actor]) -> float | None:
    """Talks have parties, not sides: every party of the shorter list must be in the longer one."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    scores: list[float] = []
    left = list(long)
    for actor in short:
        fits = [(s, -i) for i, other in enumerate(left) if (s := _same(actor, other)) is not None]
        if not fits:
            return None
        best, place = max(fits)
        scores.append(best)
        del left[-place]
    return sum(sorted(scores, reverse=True)[:2])


def _same(a: Actor, b: Actor) -> float | None:
    """2 or 1.25 the same entity, 1 or 0.5 the same country and sector, 0 cannot be told, None somebody else."""
    if a.entity_id is not None and a.entity_id == b.entity_id:
        return 2.0 if a.kind in ("person", "organisation") else 1.25
    if not a.known or not b.known:
        same_words = a.name.lower().split()[-1:] == b.name.lower().split()[-1:]
        return 0.75 if same_words else 0.0
    if a.country is not None and b.country is not None and a.country != b.country:
        return None
    if a.kind is not None and a.kind == b.kind:  # two people, two parties, two countries: not the same one
        return None
    if a.country is None or b.country is None:
        return 0.25 if a.sector == b.sector and a.sector is not None else 0.0
    if a.sector == b.sector:
        return 1.0
    if a.sector is None or b.sector is None or (a.sector in _STATE and b.sector in _STATE):
        return 0.5
    return None
