"""Calendar arithmetic on TIMEX3 values: from a value to its days, and from a day to the value of its week, month …

TIMEX3 values are those of TimeML 1.2.1 (TimeBank): ``2025-09-01``, ``2025-W36``, ``2025-W36-WE``, ``2025-09``,
``2025-Q3``, ``2025-H1``, ``2025-SU``, ``2025``, ``199`` (a decade), ``19`` (the century 1900 to 1999).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.text import Precision

Interval = tuple[date | None, date | None, Precision]
NOWHERE: Interval = (None, None, "none")

SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T.*)?$")
_PART = re.compile(r"(\d{4})-(?:W(\d\d)(-WE)?|Q([1-4])|H([12])|(SP|SU|FA|WI)|(\d\d))$")


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1) if (year, month) != (9999, 12) else date.max


def interval(value: str | None) -> Interval:
    """First and last day (both inclusive) and precision of a TIMEX3 value; :data:`NOWHERE` for one off the calendar.

    Seasons are three whole months of the northern year (winter 1998 is December 1998 to February 1999) and count as
    quarters; half years count as years, decades and centuries have no precision.
    """
    if value is None:
        return NOWHERE
    if found := _DAY.match(value):
        day = valid_date(int(found[1]), int(found[2]), int(found[3]))
        return (day, day, "day") if day else NOWHERE
    if value.isdigit() and len(value) in (2, 3, 4):
        span = 10 ** (4 - len(value))
        first = int(value) * span
        if first < 1:
            return NOWHERE
        return date(first, 1, 1), date(first + span - 1, 12, 31), "year" if span == 1 else "none"
    if not (found := _PART.match(value)):
        return NOWHERE
    year = int(found[1])
    if found[2]:
        try:
            monday = date.fromisocalendar(year, int(found[2]), 1)
        except ValueError:
            return NOWHERE
        return monday + timedelta(5 if found[3] else 0), monday + timedelta(6), "week"
    month, months, precision = _months_of(found)
    return date(year, month, 1), month_end(year + (month + months - 2) // 12, (month + months - 2) % 12 + 1), precision


def _months_of(found: re.Match[str]) -> tuple[int, int, Precision]:
    """First month, number of months and precision of a quarter, half, season or month."""
    if found[4]:
        return int(found[4]) * 3 - 2, 3, "quarter"
    if found[5]:
        return int(found[5]) * 6 - 5, 6, "year"
    if found[6]:
        return SEASON_MONTH[found[6]], 3, "quarter"
    return int(found[7]), 1, "month"


def covering(first: date, last: date) -> Precision:
    """The finest precision whose unit is as long as the days from ``first`` to ``last``; none beyond a year."""
    days = (last - first).days + 1
    lengths: tuple[tuple[int, Precision], ...] = (
        (1, "day"),
        (7, "week"),
        (31, "month"),
        (92, "quarter"),
        (366, "year"),
    )
    return next((precision for length, precision in lengths if days <= length), "none")


def valid_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> tuple[int, int]:
    """Year and month, ``months`` away from the day's."""
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def shifted(day: date, count: int, unit: str) -> str | None:
    """The value of the calendar unit that lies ``count`` units away from the one that holds ``day``.

    Args:
        day: where to count from.
        count: how many units later (negative: earlier).
        unit: D day, W week, F fortnight, N weekend, M month, Q quarter, Y year, E decade, C century.
    """
    try:
        if unit == "D":
            return (day + timedelta(count)).isoformat()
        if unit in "WFN":
            year, week, _ = (day + timedelta(weeks=count * (2 if unit == "F" else 1))).isocalendar()
            return f"{year:04}-W{week:02}" + ("-WE" if unit == "N" else "")
    except OverflowError:
        return None
    if unit in "MQ":
        year, month = add_months(day, count * (3 if unit == "Q" else 1))
        value = f"{year:04}-Q{(month + 2) // 3}" if unit == "Q" else f"{year:04}-{month:02}"
    else:
        year = day.year + count * {"Y": 1, "E": 10, "C": 100}[unit]
        value = f"{year:04}"[: {"Y": 4, "E": 3, "C": 2}[unit]]
    return value if 1 <= year <= 9999 else None


def duration(count: float | None, unit: str) -> str:
    """The value of a duration; ``count`` None is a vague number (``PXM``), halves go to the next smaller unit."""
    if unit in "EC":
        count, unit = (None if count is None else count * (10 if unit == "E" else 100)), "Y"
    if unit == "F":
        count, unit = (None if count is None else count * 2), "W"
    if unit == "N":
        return f"P{'X' if count is None else int(count)}WE"
    head = "PT" if unit in "Shm" else "P"
    if count is None:
        return f"{head}X{unit.upper()}"
    whole, rest = int(count), count - int(count)
    if abs(rest - 0.5) > 0.01:
        return f"{head}{whole if rest < 0.01 else round(count, 2)}{unit.upper()}"
    smaller, size = {"Y": ("M", 12), "D": ("H", 24), "h": ("M", 60), "m": ("S", 60)}.get(unit, (unit, 0))
    if not size:
        return f"{head}{count}{unit.upper()}"
    if unit in "hm":
        return f"PT{whole or ''}{unit.upper() if whole else ''}{size // 2}{smaller}"
    return f"{'PT' if unit == 'D' else 'P'}{int(count * size)}{smaller}"
