"""Feasts that move: by Easter of both churches, by the Jewish and by the Islamic calendar, by weekday in a month.

Source of the Jewish and the Islamic rule: Reingold and Dershowitz, Calendrical Calculations. The Islamic calendar is
the tabular one; where the moon is looked for, the feast may be a day off.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from pipeline.errors import KnowledgeError
from pipeline.times.calendar import month_end

_FIXED = re.compile(r"(\d\d)-(\d\d)")
_COUNTED = re.compile(r"(easter|orthodox|rosh)([+-]\d+)")
_ISLAMIC = re.compile(r"islamic (\d+)/(\d+)")
_WEEKDAY = re.compile(r"(\d+)/([0-6])/(-?\d)(\+\d)?")
_ISLAMIC_EPOCH, _JEWISH_EPOCH = 227014, -1373427  # first day of either calendar, counted from 1 AD; the Thursday epoch


def easter(year: int) -> date:
    """Easter Sunday of the western churches (Meeus, Jones and Butcher's rule)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the eastern churches, in the calendar of the west (Meeus's rule; 13 days from 1900 to 2099)."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(year // 100 - year // 400 - 2)


def _jewish_days(year: int) -> int:
    """Days from the beginning of the Jewish calendar to a year's, before the last correction."""
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + ((3 * (day + 1)) % 7 < 3)


def rosh_hashanah(year: int) -> date:
    """The first day of the Jewish year that begins in a year of ours."""
    jewish = year + 3761
    before, here, after = (_jewish_days(y) for y in (jewish - 1, jewish, jewish + 1))
    late = 2 if after - here == 356 else 1 if here - before == 382 else 0
    return date.fromordinal(_JEWISH_EPOCH + here + late)


def islamic(year: int, month: int, day: int) -> date:
    """The first day of a year of ours that has a day of the Islamic calendar; the one nearest to it where none has."""
    found = date(year, 1, 1)
    for lunar in range((year - 622) * 33 // 32 - 1, (year - 622) * 33 // 32 + 4):
        past = (lunar - 1) * 354 + (3 + 11 * lunar) // 30 + 29 * (month - 1) + month // 2
        found = date.fromordinal(_ISLAMIC_EPOCH - 1 + past + day)
        if found.year >= year:
            break
    return found


@cache
def holiday(rule: str, year: int) -> date:
    """The day of a holiday in a year.

    Args:
        rule: ``12-25`` (fixed), ``easter-2``, ``orthodox+0``, ``rosh+9`` (days from Easter, Orthodox Easter, the Jewish
            new year), ``islamic 10/1`` (month/day), ``11/3/4`` (month / weekday, Monday 0 / which one; -1 is the last),
            ``11/0/1+1`` (the same and a day later).
        year: the year.

    Raises:
        KnowledgeError: the rule cannot be read.
    """
    if found := _COUNTED.fullmatch(rule):
        start = {"easter": easter, "orthodox": orthodox_easter, "rosh": rosh_hashanah}[found[1]]
        return start(year) + timedelta(int(found[2]))
    if found := _FIXED.fullmatch(rule):
        return date(year, int(found[1]), int(found[2]))
    if found := _ISLAMIC.fullmatch(rule):
        return islamic(year, int(found[1]), int(found[2]))
    found = _WEEKDAY.fullmatch(rule)
    if not found:
        raise KnowledgeError(f"knowledge/times_holidays.csv: cannot read the rule '{rule}'")
    month, weekday, which = int(found[1]), int(found[2]), int(found[3])
    if which < 0:
        last = month_end(year, month)
        day = last - timedelta((last.weekday() - weekday) % 7)
    else:
        first = date(year, month, 1)
        day = first + timedelta((weekday - first.weekday()) % 7 + 7 * (which - 1))
    return day + timedelta(int(found[4] or 0))
