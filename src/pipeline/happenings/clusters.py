"""Reports into happenings: each joins the happening whose reports it resembles most, or starts one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.happenings.kinship import SHARED
from pipeline.happenings.likeness import THRESHOLD, evidence, is_echo
from pipeline.happenings.reports import Report

SPAN_DAYS = 7
"""A happening whose reports lie further apart than this from its first one is another happening: no long chains."""
COMPARED = 6
"""Reports of a happening that a new one is compared with: the first and the latest."""
NEWEST = 40
"""Happenings looked at per shared actor, place or word: the newest. Bounds the work per report."""


@dataclass(slots=True)
class Happening:
    """Reports of one happening, in canonical order.

    ``told`` are those that say something of their own: all but nouns that only point back ("the attack").
    """

    reports: list[Report] = field(default_factory=list)
    told: list[Report] = field(default_factory=list)


def cluster(reports: list[Report]) -> list[Happening]:
    """Group reports, given in canonical order, so that the order of the tables does not matter.

    A report joins the happening with the highest mean evidence over up to :data:`COMPARED` of its reports, when the
    mean reaches the threshold and none of them rules it out; ties go to the older happening. Only happenings of nearby
    weeks that share an actor, a country or a place are looked at, those that open articles with the same names, and
    those of the same article. A noun that points back joins the one happening of its article that it can mean.
    """
    found: list[Happening] = []
    by_key: dict[tuple[object, ...], list[int]] = {}
    for report in reports:
        block = (report.event_type, report.modality, report.is_historical)
        about = _about(report)
        weeks = _weeks(report)
        asked = [(block, k, w) for k in about for w in weeks]
        own = (block, ("article", report.article_id), None)
        names = [("name", n) for n in report.opening.keys] if report.lead and report.day is not None else []
        kin = Counter(i for k in names for i in {i for w in weeks for i in by_key.get((block, k, w), ())[-NEWEST:]})
        near = {i for key in [*asked, own] for i in by_key.get(key, ())[-NEWEST:]}
        near.update(i for i, shared in kin.items() if shared >= SHARED)
        best_at = _echoed(report, found, by_key.get(own, [])[-NEWEST:])
        echo, best = best_at >= 0, 0.0
        for i in sorted(near) if not echo else ():
            score = _fit(report, found[i])
            if score is not None and score > best:
                best, best_at = score, i
        if best_at < 0:
            best_at = len(found)
            found.append(Happening())
        found[best_at].reports.append(report)
        if not echo:
            found[best_at].told.append(report)
        week = None if report.day is None else report.day // SPAN_DAYS
        for key in [*((block, k, week) for k in (*about, *names)), own]:
            listed = by_key.setdefault(key, [])
            if best_at not in listed[-NEWEST:]:
                listed.append(best_at)
    return found


def _echoed(report: Report, found: list[Happening], own: list[int]) -> int:
    """The happening that a noun points back to; -1 where it points to none, or where two can be meant."""
    if not report.definite:
        return -1
    meant = [i for i in own if any(is_echo(report, r) for r in found[i].told)]
    same_word = [i for i in meant if any(r.trigger == report.trigger for r in found[i].told)]
    if len(meant) > 1 and len(same_word) == 1:
        return same_word[0]
    return meant[0] if len(meant) == 1 else -1


def _about(report: Report) -> list[tuple[str, str]]:
    """What a report must share with a happening to be compared with it."""
    found = set()
    for actor in report.sources + report.targets:
        if actor.entity_id is not None:
            found.add(("entity", actor.entity_id))
        if actor.country is not None:
            found.add(("country", actor.country))
        if not actor.known and actor.name.strip():
            found.add(("words", actor.name.lower().split()[-1]))
    if report.place_id is not None:
        found.add(("place", report.place_id))
    return sorted(found)


def _weeks(report: Report) -> list[int | None]:
    """The weeks in which a report's happening may be filed: its own, and one more on each side."""
    if report.day is None:
        return [None]
    last = report.day if report.date_end is None else min(report.date_end.toordinal(), report.day + 5 * SPAN_DAYS)
    return list(range(report.day // SPAN_DAYS - 1, last // SPAN_DAYS + 2))


def _fit(report: Report, happening: Happening) -> float | None:
    members = happening.told
    first = members[0]
    if report.day is not None and first.day is not None and abs(report.day - first.day) > SPAN_DAYS:
        both_dated = report.date_start is not None and first.date_start is not None
        if not both_dated:
            return None
    half = COMPARED // 2
    compared = members if len(members) <= COMPARED else members[:half] + members[-half:]
    total = 0.0
    for member in compared:
        score = evidence(report, member)
        if score is None:
            return None
        total += score
    mean = total / len(compared)
    return mean if mean >= THRESHOLD else None
