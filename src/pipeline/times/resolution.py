"""What an expression means at its place: the tense of its verb, the publication date, the dates before it."""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.text import Parse
from pipeline.times.calendar import add_months, interval, shifted, valid_date
from pipeline.times.feasts import holiday
from pipeline.times.lexicon import Lexicon
from pipeline.times.tense import Direction, Tenses

NEAR_DAYS = 75  # without tense, a month or feast lies ahead only when it is at most this far ahead and nearer
TIE_DAYS = 60  # a day of the month is the nearest one; only where both are about as far does the tense choose
FORERUN_DAYS = 7  # a past tense may stand beside a date shortly after a publication date that is a few days off
REACH = 2  # "three days later" counts from a date of its own sentence or of so many before it
RANK = {"D": 0, "W": 1, "F": 1, "N": 1, "M": 2, "Q": 3}  # of units, the finest first; years count from anything
NEAR_HOLIDAY = 10  # a past tense may tell of a feast that is days away


class Context(Tenses):
    """The state of one article while its expressions are read from left to right.

    Attributes:
        published: publication date, or None.
        day: the last day mentioned; ``mentioned``: the first day of the last date mentioned, of whatever length.
        sentence: number of the sentence that is being read.
        quarter: year and number of the last quarter mentioned.
        unit: the unit of the last reporting period mentioned: Q or Y. "A year earlier" compares like with like.
    """

    def __init__(self, parse: Parse, published: date | None, lexicon: Lexicon) -> None:
        super().__init__(parse, lexicon)
        self.published = published
        self.day: date | None = None
        self.mentioned: date | None = None
        self.sentence = 0
        self._dates: list[tuple[int, int, date]] = []  # sentence, rank of precision and first day of each date read
        self.quarter: tuple[int, int] | None = None
        self.unit = "Y"
        self.compared = False  # whether the expression just read only compares ("a year earlier"): it moves no anchor
        self._weekdays: dict[int, date] = {}

    def note(self, value: str | None) -> None:
        """Remember a date for the expressions after it."""
        start, _, precision = interval(value)
        compared, self.compared = self.compared, False
        if value is None or start is None or compared:
            return
        self.mentioned = start
        rank = {"day": 0, "week": 1, "month": 2, "quarter": 3}.get(precision)
        if rank is not None:
            self._dates.append((self.sentence, rank, start))
        if precision == "day":
            self.day = start
            self._weekdays[start.weekday()] = start
        if len(value) == 7 and value[5] == "Q":
            self.unit = "Q"
            forecast = self.published is not None and start > self.published
            comparison = self.quarter is not None and self.quarter[1] == int(value[6]) and self.quarter[0] >= start.year
            if not forecast and not comparison:
                self.quarter = start.year, int(value[6])
        elif precision == "year":
            self.unit = "Y" if self.quarter is None or self.quarter[0] != start.year else self.unit

    def anchor(self, mentioned: bool, unit: str = "Y") -> date | None:
        """The day that a relative expression counts from: the last date mentioned, or publication.

        Units below the year count from a date that is as precise and stands near: the narrative may have moved on
        since. Without one nobody knows where "three days later" is.

        Args:
            mentioned: whether the expression counts from what was told ("later"), not from publication ("ago").
            unit: what is counted, as in :func:`pipeline.times.calendar.shifted`.
        """
        if not mentioned:
            return self.published
        if unit not in RANK:
            return self.mentioned or self.published
        for sentence, rank, start in reversed(self._dates):
            if self.sentence - sentence > REACH:
                break
            if rank <= RANK[unit]:
                return start
        return None

    def told(self, value: str | None, token: int) -> str | None:
        """A value counted from what was told; None where a past tense tells of it and publication came before it."""
        start = interval(value)[0]
        ahead = start is not None and self.published is not None and start > self.published
        return None if ahead and self.tense(token) == "past" else value

    def same_sentence(self) -> bool:
        """Whether a day was named earlier in the sentence."""
        return any(sentence == self.sentence and rank == 0 for sentence, rank, _ in self._dates[-3:])

    def weekday(self, number: int, token: int, offset: int | None, mentioned: bool) -> date | None:
        """The day that a weekday's name means.

        Args:
            number: 0 for Monday.
            token: where it stands, for the tense.
            offset: -1 for "last", 1 for "next", 0 for "this", None for the bare name.
            mentioned: count from the last date mentioned ("the previous Friday").
        """
        base = self._weekdays.get(number, self.anchor(mentioned)) if mentioned else self.published
        if base is None:
            return None
        back, ahead = (base.weekday() - number) % 7, (number - base.weekday()) % 7
        if offset is None:
            return base + timedelta(ahead) if self.tense(token) == "future" else base - timedelta(back)
        if offset < 0:
            return base - timedelta(back or 7)
        return base + timedelta((ahead or 7) if offset else ahead)

    def year_of_month(self, month: int, token: int, offset: int | None, day: int | None = None) -> int | None:
        """The year of a month, or of a day in it, that is named without one."""
        base = self.published
        dated, day = day is not None, 15 if day is None else day
        if base is None:
            return None
        if offset is not None:
            if offset < 0:
                return base.year - (month >= base.month)
            return base.year + (month <= base.month) if offset else base.year
        tense = self.tense(token)
        if dated:
            tie = TIE_DAYS if self.loose(token) and not self.certain(token) else 365
            return base.year + self._nearest_day(base, month, day, tense, tie)
        if tense == "future":
            return base.year + (month < base.month)
        if tense == "past" and not self.of_noun(token):
            here = valid_date(base.year, month, min(day, 28))
            soon = here is not None and 0 < (here - base).days <= FORERUN_DAYS
            return base.year - (month > base.month and not soon)
        return base.year + self._nearest(base, month, day)

    @staticmethod
    def _nearest_day(base: date, month: int, day: int, tense: Direction, tie: int) -> int:
        """How many years to add so that a day of the year comes nearest: news names the year of any other.

        A past verb says little: "invited them to talks on Oct. 8". Where the way back and the way ahead differ by no
        more than ``tie`` days, the tense chooses.
        """
        days = {add: valid_date(base.year + add, month, min(day, 28)) for add in (-1, 0, 1)}
        back = max((d, add) for add, d in days.items() if d is not None and d <= base)
        ahead = min((d, add) for add, d in days.items() if d is not None and d > base)
        far = (ahead[0] - base).days - (base - back[0]).days
        if abs(far) <= tie and tense != "present":
            return ahead[1] if tense == "future" else back[1]
        return ahead[1] if far < 0 else back[1]

    @staticmethod
    def _nearest(base: date, month: int, day: int) -> int:
        """How many years to add so that a day of the year comes near: ahead only when nearer than back."""
        here = valid_date(base.year, month, min(day, 28)) or base
        if here > base:
            return 0 if (here - base).days <= NEAR_DAYS else -1
        later = valid_date(base.year + 1, month, min(day, 28)) or base
        return 1 if (later - base).days <= NEAR_DAYS and (later - base).days < (base - here).days else 0

    def year_of_holiday(self, rule: str, token: int, offset: int | None) -> int | None:
        """The year of a holiday that is named without one."""
        base = self.published
        if base is None:
            return None
        here = holiday(rule, base.year)
        if offset == 0:
            return base.year
        ahead = offset == 1 if offset is not None else self.tense(token) == "future"
        if ahead:
            return base.year + (here < base)
        if offset is None and self.tense(token) == "present" and 0 <= (here - base).days <= NEAR_DAYS:
            return base.year
        return base.year - (here > base + timedelta(NEAR_HOLIDAY if offset is None else 0))

    def season(self, code: str, token: int, offset: int | None) -> str | None:
        """The value of a season that is named without a year."""
        base = self.published
        if base is None:
            return None
        here = interval(f"{base.year}-{code}")
        assert here[0] is not None and here[1] is not None
        year = base.year
        if code == "WI" and base.month < 3 and offset != 1:
            year -= 1  # the winter that is running began last year
        if offset == -1:
            year = base.year if here[1] < base else base.year - 1
            if code == "WI" and base.month < 3:
                year = base.year - 2
        elif offset == 1:
            year = base.year + (here[0] <= base)
        elif offset is None:
            ahead = here[0] > base
            if code != "WI" and ahead and self.tense(token) == "past":
                year -= 1
            elif here[1] < base and self.tense(token) == "future":
                year += 1
        return f"{year}-{code}"

    def quarter_of(self, number: int, token: int, year: int | None) -> str | None:
        """The value of the n-th quarter; without a year the last one begun, or the next if the verb looks ahead."""
        if year is None:
            if self.published is None:
                return None
            year, now = self.published.year, (self.published.month + 2) // 3
            ahead = self.tense(token) == "future" and (now - number) % 4 != 1  # firms report on the quarter just over
            year += (number < now) if ahead else -(number > now)
        return f"{year}-Q{number}"

    def last_quarter(self, years: int = 0) -> str | None:
        """The quarter last mentioned, or the one before publication; ``years`` later."""
        if self.quarter is not None:
            return f"{self.quarter[0] + years}-Q{self.quarter[1]}"
        if self.published is None:
            return None
        year, month = add_months(self.published, -3)
        return f"{year + years}-Q{(month + 2) // 3}"

    def years_before(self, count: int, mentioned: bool) -> str | None:
        """ "A year ago", "two years earlier": a quarter when quarters are being compared, else a year."""
        self.compared = mentioned and count == -1
        if abs(count) == 1 and self.unit == "Q" and self.quarter is not None:
            return self.last_quarter(count)
        base = self.anchor(mentioned)
        return shifted(base, count, "Y") if base else None
