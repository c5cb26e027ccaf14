"""Do two reports tell of one happening? Evidence for it, added up; anything that speaks against it decides."""

from __future__ import annotations

from pipeline.happenings.kinship import kinship
from pipeline.happenings.reports import Actor, Report

THRESHOLD = 3.5
"""Evidence from which two reports are one happening: two named actors, or one with date, place or wording."""
WINDOW_DAYS = 3
"""Undated reports are compared with what was published, or happened, at most so many days away."""
UNNAMED = 4.0
"""Evidence that two reports need when no actor is known in common: date, place, toll and wording together."""
STORY = 1.75
"""Evidence from two articles of one story that both open with an act of the same day."""
OTHER_MODE = 0.5
"""What a different means of attack speaks against one happening."""

MUTUAL = frozenset(("CONSULT", "COOPERATE", "AGREE"))
"""Types of acts that have parties rather than sides."""
_STATE = frozenset(("GOV", "MIL", "LEG", "JUD", "COP", "SPY"))
_ARMED = frozenset(("UAF", "REB"))
_MEANS = frozenset(
    (
        *("beat", "targeted", "destroy", "primitive", "firearms", "explosives", "suicide-attack", "aerial", "drone"),
        *("heavy-weapons", "unconventional"),
    )
)  # modes that one attack may have together; an abduction or torture is another act
_POINTS = frozenset(("city", "facility", "feature"))
_AREAS = frozenset(("country", "region", "admin1", "admin2"))


def evidence(a: Report, b: Report) -> float | None:
    """How much speaks for one happening, or None where type, modality, actors, dates or places rule it out.

    Each actor in common counts 2 (1.25 for a country or armed group, which does much in a day; 1 for the same country
    and sector), overlapping dates up to 1.5, the same place 1, the same trigger or mode 0.75, the same toll up to 1.5,
    and shared words of the clauses up to 2. Articles of one story that open with an act of the same day count
    :data:`STORY`; different means of attack are held together by actors, day and place, less :data:`OTHER_MODE`.
    """
    if a.event_type != b.event_type or a.modality != b.modality or a.is_historical != b.is_historical:
        return None
    when = _when(a, b)
    where = _where(a, b)
    who = _who(a, b)
    if when is None or where is None or who is None:
        return None
    how = _how(a, b, who, when, where)
    if how is None:
        return None
    shared = len(a.words & b.words) / max(3, min(len(a.words), len(b.words)))
    wording = 2.0 * min(1.0, shared)
    if a.trigger == b.trigger or (a.event_mode is not None and a.event_mode == b.event_mode):
        wording += 0.75
    if a.killed is not None and a.killed == b.killed:
        wording += 1.0
    if a.injured is not None and a.injured == b.injured:
        wording += 0.5
    total = who + when + where + wording + how + _story(a, b, when)
    return total - (UNNAMED - THRESHOLD) if who == 0.0 else total


def _how(a: Report, b: Report, who: float, when: float, where: float) -> float | None:
    """0 where modes agree or one is not told; less where the means differ; None where the acts do."""
    if a.event_mode == b.event_mode:
        return 0.0
    if "visit" in (a.event_mode, b.event_mode) and not _length(a) == _length(b) == 1:
        return None  # a tour, and the talks during it or on no day that is told, are acts with partners of their own
    if a.event_mode is None or b.event_mode is None:
        return 0.0
    together = a.event_mode in _MEANS and b.event_mode in _MEANS and who >= 1.0 and when >= 1.5 and where > 0.0
    return -OTHER_MODE if together else None


def _length(report: Report) -> int:
    """Days on which the act may lie; 0 where no date is told."""
    if report.date_start is None:
        return 0
    return ((report.date_end or report.date_start) - report.date_start).days + 1


def _story(a: Report, b: Report, when: float) -> float:
    """Evidence from the articles: for what both open with, on the same day, with tolls that can be of one act."""
    if a.article_id == b.article_id or not a.lead or not b.lead or when < 1.5:
        return 0.0
    if a.killed and b.killed and max(a.killed, b.killed) > 2 * min(a.killed, b.killed):
        return 0.0
    return STORY * kinship(a.opening, b.opening)


def is_echo(report: Report, earlier: Report) -> bool:
    """Whether a noun with a definite determiner ("the attack") tells again of an act that its article has told of.

    Nothing may speak against it, and whatever it says of actor, date or place must be what the earlier report says:
    "the attack on a school" after the shooting of two guards is another one, or may be.
    """
    if not report.definite or report.article_id != earlier.article_id or report.char_start < earlier.char_start:
        return False
    if evidence(report, earlier) is None:
        return False
    if report.date_start is not None and earlier.date_start is None:
        return False
    if report.place_id is not None and (earlier.place_id is None or not _where(report, earlier)):
        return False
    return not (report.sources or report.targets) or bool(_who(report, earlier))


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
    if a.event_type in MUTUAL:
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
    """2 or 1.25 the same entity, 1 or 0.5 the same country and sector, 0 cannot be told, None somebody else.

    An armed group is no part of a state, whatever country either is of.
    """
    if a.entity_id is not None and a.entity_id == b.entity_id:
        return 2.0 if a.kind in ("person", "organisation") else 1.25
    if not a.known or not b.known:
        same_words = a.name.lower().split()[-1:] == b.name.lower().split()[-1:]
        return 0.75 if same_words else 0.0
    if (a.sector in _STATE and b.sector in _ARMED) or (a.sector in _ARMED and b.sector in _STATE):
        return None
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
