"""English rules for weeks, months, quarters, seasons and years."""

from __future__ import annotations

from datetime import timedelta

from pipeline.times.calendar import duration, interval, shifted
from pipeline.times.counts import Counts
from pipeline.times.sentence import Found, Label


class Periods(Counts):
    """Periods named by their unit, their rank or their season."""

    def several(self, i: int, j: int, offset: int | None, code: str) -> Found | None:
        """ "The last four months", "the first nine months", "recent years", "the nine months"."""
        s = self.s
        if offset is None and s.at(j) == "first":
            j += 1
        if s.at(j) in ("year",) and s.at(j + 1) == "earlier":
            j += 2
        if offset is None and s.at(j) == "last":
            j += 1
        quantity = s.quantity(j) if s.at(j) not in ("a", "an") else None
        if quantity:
            count, end = quantity
            unit = self.units.get(s.at(end)) or self.unit.get(s.at(end))
            if unit is None or s.at(end) == "second":
                return None
            if s.at(end + 1) in ("old", "olds") or self.capital(end) or (self.w[i] == "that" and offset is not None):
                return None
            if s.at(end + 1) in ("ago", "earlier", "later") and self.w[i] not in ("the", "this"):
                return None
            if self.w[i] == "the" and unit == "M" and count in (6.0, 9.0):
                self.context.unit = "Y"  # cumulated figures are compared with the same part of the year before
            if self.w[i] in ("a", "an") and s.at(end) in self.unit and not s.joined[end]:
                return None
            if unit == "h" and count == 24.0 and offset is not None:
                return Found(i, end + 1, "DURATION", "P1D")
            return Found(i, end + 1, "DURATION", duration(count, unit))
        if s.at(j) in self.units and offset is not None:
            unit, end = self.units[s.at(j)], j + 1
            if unit in "Smh":
                return None
            if code == "1":
                return Found(i, end, "DATE", "FUTURE_REF")
            return Found(i, end, "DURATION", duration(None, unit)) if offset < 0 else None
        return None

    def relative_part(self, i: int, j: int, offset: int | None, code: str) -> Found | None:
        """ "This morning", "last night", "the next morning", "the night of May 3"."""
        context = self.context
        if offset is None:
            if self.w[i] != "the":
                return None
            return self.day_part(i, j, None)
        mentioned = code.endswith("r") or (code == "1" and self.w[i] == "the")  # "the next morning"
        base = context.anchor(mentioned, "D")
        return self.day_part(i, j, base + timedelta(offset)) if base else Found(i, j + 1, "TIME", None)

    def season_name(self, start: int, i: int, offset: int | None, mentioned: bool) -> Found | None:
        """ "Last fall", "the summer of 1990", "summer 2019", "in winter"."""
        s, code = self.s, self.season[self.w[i]]
        year, end = self.year_after(i + 1)
        if year is not None and s.at(i + 1) != "in":
            return Found(start, end, "DATE", f"{year}-{code}")
        if mentioned and self.context.mentioned and offset is not None:
            return Found(start, i + 1, "DATE", f"{self.context.mentioned.year + offset}-{code}")
        if offset is None:
            parse, token = self.context.parse, s.token[i]
            before = s.at(i - 1)
            if parse.dep[token] in ("compound", "amod"):
                return None  # "the summer palace"
            stands = before in ("the", "in", "this", "during", "by", "since", "until", "early", "late", "mid")
            if (
                not stands
                or (parse.tag[token] and not parse.tag[token].startswith("NN"))
                or s.at(i + 1) in ("of", "in", "to", "from")
            ):
                return None
            if self.w[i] in ("fall", "spring") and s.at(i - 1) == "the" and not self.named(i):
                return None
        return Found(start, i + 1, "DATE", self.context.season(code, s.token[i], offset))

    def compared(self, i: int, j: int) -> Found | None:
        """ "The year-earlier quarter", "the year-ago period": one year before the quarter last mentioned."""
        s = self.s
        if self.w[j] != "year" or s.at(j + 1) not in ("earlier", "ago", "before") or not s.joined[j + 1]:
            return None
        end = j + 2
        if (rank := s.ordinal(end)) and s.at(end + 1) == "quarter":
            base = self.context.quarter_of(rank, s.token[end], None)
            return Found(i, end + 2, "DATE", f"{int(base[:4]) - 1}{base[4:]}" if base else None)
        if s.at(end) in ("quarter", "period"):
            return Found(i, end + 1, "DATE", self.context.last_quarter(-1))
        if s.quantity(end):
            return self.several(i, j, None, "")
        return Found(i, end, "DATE", self.context.years_before(-1, False))

    def year_word(self, start: int, i: int) -> Found | None:
        """ "Year-end", "year's end", "the year 2000", "year-earlier"."""
        s, base = self.s, self.context.published
        if s.at(i + 1) == "end" or (s.at(i + 1) == "'s" and s.at(i + 2) == "end"):
            end = i + (2 if s.at(i + 1) == "end" else 3)
            year, after = self.year_after(end)
            if year is None and base:
                year = base.year - (s.at(i - 1) == "since")
            day = "-12-31" if s.joined[i + 1] else ""  # "year-end" is a day of the accounts, "by year end" is vaguer
            return Found(start, after, "DATE", f"{year}{day}" if year is not None else None)
        if (number := s.cardinal(i + 1)) is not None and 1 <= number <= 2100 and len(s.at(i + 1)) == 4:
            return Found(start, i + 2, "DATE", f"{number:04}")
        if (spelled := s.quantity(i + 1)) and spelled[0] and 1000 <= spelled[0] <= 2100 and s.at(i + 1).isalpha():
            return Found(start, spelled[1], "DATE", f"{int(spelled[0]):04}")
        return self.compared(start, i)

    def fiscal(self, start: int, i: int, offset: int | None = None, code: str = "") -> Found | None:
        """ "Fiscal 1990", "fiscal year 2024", "the fiscal first quarter": numbered as the text does."""
        s, j = self.s, i + 1
        if rank := s.ordinal(j):
            inner = self.ranked(start, j)
            return inner if inner and rank <= 4 else None
        j += s.at(j) == "year"
        year = s.cardinal(j)
        if year is not None and 1900 <= year <= 2100 and len(s.at(j)) == 4:
            return Found(start, j + 1, "DATE", str(year))
        if j == i + 2 and offset is not None:
            return self.period(start, j - 1, offset, code.endswith("r"), code)
        return Found(start, j, "DURATION", "P1Y") if j == i + 2 else None

    def short_quarter(self, i: int) -> Found | None:
        """ "Q3 2024", "H1"."""
        s, word = self.s, self.w[i]
        year, end = self.year_after(i + 1)
        number = int(word[1])
        if word[0] == "h":
            return Found(i, end, "DATE", f"{year}-H{number}") if year is not None else None
        return Found(i, end, "DATE", self.context.quarter_of(number, s.token[i], year))

    def ranked(self, start: int, i: int) -> Found | None:
        """ "Third quarter of 1984", "first half", "20th century", "second week of May"."""
        s = self.s
        long = s.long_ordinal(i)
        if long is None:
            last = {"quarter": 4, "half": 2, "week": 0, "weekend": 0}.get(s.at(i + 1))
            if s.at(i) not in ("last", "final") or last is None:
                return None
            long = last, i + 1
        rank, j = long
        token = s.token[i]
        j += s.at(j) == "fiscal"
        if self.w[j : j + 3] == ["two", "quarters", "of"] and rank == 1:
            year, end = self.year_after(j + 2)
            return Found(start, end, "DATE", f"{year}-H1") if year is not None else None
        word = s.at(j)
        if word == "quarter" and rank <= 4:
            year, end = self.year_after(j + 1)
            return Found(start, end, "DATE", self.context.quarter_of(rank, token, year))
        if word == "half" and rank <= 2:
            year, end = self.year_after(j + 1)
            if year is None and s.at(j + 1) == "of":
                inner = self.core(j + 2) if j + 2 < len(s) else None
                return inner._replace(start=start) if inner and inner.label == "DATE" else None
            base = self.context.published
            if year is None and self.w[start] == "the" and base and s.at(j + 1) not in ("of",) and self.named(i):
                year, end = base.year, j + 1
            return Found(start, end, "DATE", f"{year}-H{rank}") if year is not None else None
        if word == "century" and 1 <= rank <= 30:
            return Found(start, j + 1, "DATE", f"{rank - 1:02}")
        if word in ("week", "weekend") and s.at(j + 1) in ("of", "in"):
            inner = self.core(j + 2) if s.at(j + 2) in self.month else None
            if inner and inner.value and len(inner.value) == 7:
                month_start, month_last, _ = interval(inner.value)
                if month_start and month_last:
                    saturday = (5 - month_start.weekday()) % 7 if word == "weekend" else 0
                    day = month_start + timedelta(saturday + 7 * (rank - 1))
                    if rank == 0:
                        day = month_last - timedelta((month_last.weekday() - 6) % 7 if word == "weekend" else 0)
                    return Found(start, inner.end, "DATE", shifted(day, 0, "W" if word == "week" else "N"))
        return None

    def period(self, i: int, j: int, offset: int | None, mentioned: bool, code: str) -> Found | None:
        """ "Last week", "this year", "the weekend", "the week of March 6", "last year's third quarter"."""
        s, context, word = self.s, self.context, self.w[j]
        end = j + 1
        label: Label = "DATE"
        unit = "N" if word == "weekend" else "P" if word == "period" else "H" if word == "half" else self.unit[word]
        if unit in "Smh" or (word == "night" and code == "") or self.capital(j):
            return None
        if s.at(end) == "old" or (self.w[i] in ("a", "an") and offset is None):
            return None
        if offset is None:
            return self.bare_period(i, j, unit)
        if unit == "P":
            if code == "0l" or mentioned or self.w[i] in ("the",):
                years = -1 if code == "-1r" else 0
                return Found(i, end, "DATE", context.last_quarter(years)) if context.quarter else None
            return None
        if unit == "Q" and code == "0l":
            return Found(i, end, "DATE", context.last_quarter())
        if self.w[i] in ("these", "those") or unit == "H":
            return None
        if code == "-1x":
            return None
        narrated = mentioned or self.w[i] == "that" or (unit == "D" and self.w[i] == "the" and code == "1")
        base = context.anchor(narrated, unit)
        if (
            code == "-1"
            and unit in "WMQYEC"
            and ((self.w[i] == "the" and unit != "E") or (s.at(j - 1) == "past" and self.w[i] != "this"))
        ):
            return Found(i, end, "DURATION", duration(1, unit))
        if unit == "D" and code in ("0", "0l"):
            return None
        if (
            unit == "N"
            and base is not None
            and not mentioned
            and offset == 1
            and base.weekday() < 5
            and s.at(j - 1) in ("coming", "upcoming")
        ):
            offset = 0
        value = shifted(base, offset, unit) if base else None
        if narrated and unit in "DW":
            value = context.told(value, s.token[j])
        if s.at(end) == "'s" and unit == "Y" and value and (rank := s.ordinal(end + 1)) and s.at(end + 2) == "quarter":
            return Found(i, end + 3, label, f"{value}-Q{rank}")
        if s.at(end) == "'s" and unit == "Y" and value and s.at(end + 1) in ("quarter", "period") and context.quarter:
            return Found(i, end + 2, label, f"{value}-Q{context.quarter[1]}")
        if s.at(end) == "'s" and unit == "Y" and value and s.at(end + 1) in self.season:
            return Found(i, end + 2, label, f"{value}-{self.season[s.at(end + 1)]}")
        return Found(i, end, label, value)

    def bare_period(self, i: int, j: int, unit: str) -> Found | None:
        """ "The week", "the quarter", "the weekend", "the year": the one under way or the one last mentioned."""
        s, context, end = self.s, self.context, j + 1
        if self.w[i] != "the" and not (unit == "Q" and self.w[i] == "its"):
            return None
        base = context.published
        ended = s.at(end) in ("ended", "ending", "to", "through")
        if unit == "Q":
            if s.at(end) in ("ended", "ending") and end + 1 < len(s):
                inner = self.core(end + 1)
                last = interval(inner.value)[1] if inner else None
                if last is None or context.quarter is not None:
                    return Found(i, end, "DATE", context.last_quarter()) if context.quarter else None
                return Found(
                    i, end, "DATE", shifted(last - timedelta(45), 0, "Q")
                )  # the calendar quarter it mostly lies in
            if end < len(s) and s.joined[end]:
                return None
            return Found(i, end, "DATE", context.last_quarter())
        if unit == "N":
            if base is None:
                return Found(i, end, "DATE", None)
            ahead = context.tense(s.token[j]) == "future" or base.weekday() >= 5
            return Found(i, end, "DATE", shifted(base, 0 if ahead else -1, "N"))
        if unit == "D" and s.at(end) in ("after", "before") and end + 1 < len(s):
            return self.from_day(i, end + 1, 1 if s.at(end) == "after" else -1, "D")
        if unit == "W" and s.at(end) == "of":
            inner = self.core(end + 1)
            if inner and inner.value and (start := interval(inner.value)[0]) and len(inner.value) == 10:
                return Found(i, inner.end, "DATE", shifted(start, 0, "W"))
            return None
        if unit in "WMY" and s.at(end) not in ("of", "old", "when", "before", "after", "that"):
            if unit == "Y":
                context.unit = "Y"
            if ended and unit == "Y":
                return Found(i, end, "DURATION", "P1Y")
            return Found(i, end, "DATE", shifted(base, 0, unit) if base else None)
        return None
