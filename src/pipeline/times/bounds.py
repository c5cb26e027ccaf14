"""Dates that bound a stretch of time: "since June", "between 2021 and 2024", "from Monday to Friday"."""

from __future__ import annotations

from dataclasses import replace

from pipeline.text import Parse, Time
from pipeline.times.calendar import covering
from pipeline.times.lexicon import Lexicon

_HYPHENS = frozenset("-–—‑")
_ATTRIBUTES = frozenset(("poss", "compound", "nmod", "amod", "nummod"))
_BETWEEN = 3  # most tokens between the two dates of a range: "to", "and the", a hyphen


def bounded(parse: Parse, times: list[Time], lexicon: Lexicon) -> list[Time]:
    """Give the dates that only bound a stretch of time the days that an act dated by them may lie on.

    "Since X" says when something began that went on: what is dated by it may lie on any day after, so it keeps its
    value and has no days. "Since Monday's vote" dates the vote and stays. Both dates of a range get the days from the
    first to the last and the finest precision that covers them, or no days where the second comes before the first.

    Args:
        parse: the article.
        times: its time expressions, by position.
        lexicon: kinds ``since`` and ``range`` (opening word → the words between the two dates).
    """
    opening, ranges = lexicon.words("since"), lexicon.words("range")
    found: list[Time] = []
    paired = False
    for i, time in enumerate(times):
        if paired:
            paired = False
            continue
        second = times[i + 1] if i + 1 < len(times) else None
        if second is not None and _is_range(parse, time, second, ranges):
            found += _range(time, second)
            paired = True
        elif time.date_start is not None and _before(parse, time.start) in opening and not _attribute(parse, time):
            found.append(replace(time, date_start=None, date_end=None, precision="none"))
        else:
            found.append(time)
    return found


def _before(parse: Parse, token: int) -> str:
    """The word before a token in its sentence, articles passed over."""
    for at in (token - 1, token - 2):
        if at < 0 or parse.sentence[at] != parse.sentence[token]:
            return ""
        if parse.pos[at] != "DET" and parse.lower[at] not in ("the", "el", "la"):
            return parse.lower[at]
    return ""


def _attribute(parse: Parse, time: Time) -> bool:
    """Whether the date says which thing is meant: "since Monday's vote", "since the June vote"."""
    top = next((t for t in range(time.start, time.end) if not time.start <= parse.head[t] < time.end), time.start)
    return parse.dep[top] in _ATTRIBUTES


def _is_range(parse: Parse, first: Time, second: Time, ranges: dict[str, str]) -> bool:
    if first.date_start is None or second.date_start is None or second.start - first.end > _BETWEEN:
        return False
    if first.end > second.start or parse.sentence[first.start] != parse.sentence[second.start]:
        return False
    between = parse.lower[first.end : second.start]
    if len(between) == 1 and between[0] in _HYPHENS:
        return True
    joiners = ranges.get(_before(parse, first.start), "").split()
    return bool(between) and between[0] in joiners and all(parse.pos[t] != "VERB" for t in _inside(first, second))


def _inside(first: Time, second: Time) -> range:
    return range(first.end, second.start)


def _range(first: Time, second: Time) -> list[Time]:
    start, end = first.date_start, second.date_end
    if start is None or end is None or end < start:
        return [replace(t, date_start=None, date_end=None, precision="none") for t in (first, second)]
    precision = covering(start, end)
    return [replace(t, date_start=start, date_end=end, precision=precision) for t in (first, second)]
