"""English rules for expressions that begin with digits, and for decades."""

from __future__ import annotations

import re

from pipeline.times.calendar import valid_date
from pipeline.times.days import Days
from pipeline.times.sentence import Found

_DECADE = re.compile(r"'?(?:(1[0-9]|20)(\d)0|([2-9])0)'?s")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)")


class Digits(Days):
    """Dates in figures, years, decades, the ends of ranges."""

    def numeric(self, i: int) -> Found | None:
        """Expressions that begin with digits."""
        s, word = self.s, self.w[i]
        if word == "'" and _DECADE.fullmatch(s.at(i + 1)):
            inner = self.numeric(i + 1)
            return inner._replace(start=i) if inner else None
        if found := _DECADE.fullmatch(word):
            if found[3] is None:
                return self.decades(i, i + 1, int(found[1] + found[2]))
            if s.at(i - 1) in ("the", "'", "early", "late", "mid") and not self.weather():
                return self.decades(i, i + 1, 190 + int(found[3]))
            return None
        if found := _SLASHED.fullmatch(word):
            return self.slashed(i, found)
        if clock := self.clock(i):
            return self.clock_after(i, clock[0], clock[1])
        number = s.cardinal(i)
        if number is None:
            return self.ranked(i, i) or self.day_of_month(i, i, s.ordinal(i))
        if len(word) == 4 and s.joined[i + 1 : i + 3] == [True, True] and s.cardinal(i + 1) and s.cardinal(i + 2):
            day = valid_date(number, s.cardinal(i + 1) or 0, s.cardinal(i + 2) or 0)
            if day:
                return Found(i, i + 3, "DATE", day.isoformat())
        if found_day := self.day_of_month(i, i, number):
            return found_day
        if len(word) == 4 and 1000 <= number <= 2100:
            return self.year_number(i, number)
        return self.range_end(i, number)

    def weather(self) -> bool:
        """Whether the sentence is about temperatures: "highs in the 80s" names no decade."""
        return any(word in self.degree for word in self.w)

    def decades(self, i: int, end: int, number: int) -> Found:
        """A decade by its first three digits."""
        return Found(i, end, "DATE", str(number))

    def slashed(self, i: int, found: re.Match[str]) -> Found | None:
        """ "8/29/2025", "29.8.2025": the month first, unless it cannot be one or dots are used."""
        a, b, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            year += 2000 if year < 50 else 1900
        month, day = (b, a) if a > 12 or "." in found[0] else (a, b)
        value = valid_date(year, month, day) if 1900 <= year <= 2100 else None
        return Found(i, i + 1, "DATE", value.isoformat()) if value else None

    def day_of_month(self, start: int, i: int, number: int | None) -> Found | None:
        """ "5 May 2003", "the 5th of May"."""
        s, j = self.s, i + 1
        if number is None or not 1 <= number <= 31:
            return None
        if (s.at(j) in ("to", "-", "and") and s.cardinal(j + 1) is not None and s.at(j + 2) in self.month) or (
            j < len(s) and s.joined[j] and s.cardinal(j) is not None and s.at(j + 1) in self.month
        ):
            last = j if s.joined[j] else j + 1
            inner = self.day_of_month(i, last, s.cardinal(last))
            if (
                inner
                and inner.value
                and len(inner.value) == 10
                and valid_date(int(inner.value[:4]), int(inner.value[5:7]), number)
            ):
                return Found(start, i + 1, "DATE", f"{inner.value[:8]}{number:02}")
            return None
        j += s.at(j) == "of"
        if s.at(j) not in self.month or (
            self.w[j] in ("may", "march") and not self.context.parse.word[s.token[j]][:1].isupper()
        ):
            return None
        return self.month_day(start, j + 1, int(self.month[self.w[j]]), number, s.token[j], None)

    def year_number(self, i: int, number: int) -> Found | None:
        """A bare year; which four digits are one is told by the words around."""
        s, before, after = self.s, self.s.at(i - 1), self.s.at(i + 1)
        if (
            after in self.not_year
            or before in ("$", "£", "€", "#", "no.")
            or (after == "," and (s.at(i + 2)).isdigit() and len(s.at(i + 2)) == 3)
        ):
            return None
        if s.joined[i] and before not in ("post", "pre", "mid", "early", "late") and s.cardinal(i - 1) is None:
            return None
        if i + 1 < len(s) and s.joined[i + 1] and s.cardinal(i + 1) is None:
            return None
        if s.token[i] in self.numbers and before not in ("in", "since", "until", "by", "before", "after"):
            return None
        end = i + 1
        if s.at(end) == "or" and s.at(end + 1) in ("later", "earlier"):
            end += 2
        plausible = 1900 <= number <= 2050
        named = any(a == s.token[i] and label == "DATE" for a, _, label in self.context.parse.names)
        if not plausible and not (
            number >= 1400 and (before in ("in", "since") or (named and before in self.year_before))
        ):
            return None
        if before == "the" and (ranked := self.year_then_period(i, number)):
            return ranked
        return Found(i, end, "DATE", f"{number:04}")

    def year_then_period(self, i: int, year: int) -> Found | None:
        """ "The 1988 third quarter", "the 1988 period"."""
        s = self.s
        if (rank := s.ordinal(i + 1)) and s.at(i + 2) == "quarter" and rank <= 4:
            return Found(i, i + 3, "DATE", f"{year}-Q{rank}")
        if s.at(i + 1) in ("period", "quarter") and self.context.quarter:
            return Found(i, i + 2, "DATE", f"{year}-Q{self.context.quarter[1]}")
        if s.at(i + 1) in self.season:
            return Found(i, i + 2, "DATE", f"{year}-{self.season[s.at(i + 1)]}")
        return None

    def range_end(self, i: int, number: int) -> Found | None:
        """The second day or year of a range."""
        s, before = self.s, self.s.at(i - 1)
        if (
            s.joined[i]
            and len(before) == 4
            and before.isdigit()
            and len(self.w[i]) == 2
            and 1900 <= int(before) <= 2050
        ):
            if int(before[2:]) < number <= int(before[2:]) + 30:
                return Found(i, i + 1, "DATE", before[:2] + f"{number:02}")
            return None
        first = i - 1 if s.joined[i] else i - 2
        if self.pending is None or not (s.joined[i] or before in ("and", "to", "or", "through")):
            return None
        if s.cardinal(first) is None or s.at(first - 1) not in self.month or not 1 <= number <= 31:
            return None
        if self.s.at(i + 1) in self.units or self.s.at(i + 1) in self.unit:
            return None
        found = valid_date(*self.pending, number)
        year, after = self.year_after(i + 1)
        if found and year is not None:
            found = valid_date(year, found.month, found.day)
        return Found(i, after, "DATE", found.isoformat()) if found and number > (s.cardinal(first) or 0) else None
