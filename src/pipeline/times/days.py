"""English rules for days, months, holidays and clock times."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.times.calendar import interval, shifted, valid_date
from pipeline.times.feasts import holiday
from pipeline.times.rules import Rules
from pipeline.times.sentence import Found

_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)(?::[0-5]\d)?")


class Days(Rules):
    """Weekdays, months, holidays, parts of day, clock times."""

    def day_name(self, start: int, i: int, offset: int | None, mentioned: bool) -> Found | None:
        """ "Friday", "last Friday", "Friday, Oct. 23", "Friday morning", "Monday at 10 a.m."."""
        s, end = self.s, i + 1
        after = end + (s.at(end) == ",")
        if s.at(after) in self.month and (s.cardinal(after + 1) is not None or s.long_ordinal(after + 1)):
            inner = self.month_name(after, after, None)
            if inner and self.agrees(i, inner.value):
                return inner._replace(start=start)
        if (number := s.cardinal(after)) is not None and 1 <= number <= 31 and s.at(after + 1) in self.month:
            inner = self.numeric(after)
            if inner and self.agrees(i, inner.value):
                return inner._replace(start=start)
        day = self.context.weekday(int(self.weekday[self.w[i]]), s.token[i], offset, mentioned)
        if s.at(end) in ("last", "next", "this") and s.at(end + 1) == "week":
            base = self.context.published
            if base:
                monday = base - timedelta(base.weekday()) + timedelta(7 * int(self.relative[s.at(end)]))
                day = monday + timedelta(int(self.weekday[self.w[i]]))
            end += 2
        return self.with_part(start, end, day.isoformat() if day else None)

    def agrees(self, i: int, value: str | None) -> bool:
        """Whether a day of the calendar falls on the weekday that is named before it."""
        first, _, precision = interval(value)
        if value is None:
            return True  # without a publication date nobody knows
        return first is not None and precision == "day" and first.weekday() == int(self.weekday[self.w[i]])

    def month_name(self, start: int, i: int, offset: int | None) -> Found | None:
        """ "May 2003", "May 3", "May 3, 2003", "May 3rd", "last May", "May of last year"."""
        s, month = self.s, int(self.month[self.w[i]])
        token = s.token[i]
        bare = self.w[i]
        if len(bare) == 3 and bare != "may" and s.cardinal(i + 1) is None and s.ordinal(i + 1) is None:
            return None  # "Jan" and "Mar" are names, too
        if self.w[i] in ("may", "march", "mar", "jan", "dec") and not self.context.parse.word[token][:1].isupper():
            return None
        j = i + 1 + (s.at(i + 1) == "the" and s.ordinal(i + 2) is not None)
        number = s.cardinal(j) if s.cardinal(j) is not None else s.ordinal(j)
        if number is None and (long := s.long_ordinal(j)):
            number, j = long[0], long[1] - 1
        if number is not None and 1 <= number <= 31 and s.at(j + 1) not in ("%", "percent", "million", "billion"):
            return self.month_day(start, j + 1, month, number, token, offset)
        end = i + 1
        year, after = self.year_after(end)
        if year is not None:
            return Found(start, after, "DATE", f"{year}-{month:02}")
        if self.w[i] in ("may", "march") and not self.month_stands(i, offset):
            return None
        if offset is None and self.other_name(i):
            return None
        joint = end < len(s) and s.joined[end]
        if offset is None and (joint or s.at(end) in ("and", "to", "or", "through", "until", "till")):
            last = end if joint else end + 1  # "between June and September 2020"
            if s.at(last) in self.month and (year := self.year_after(last + 1)[0]) is not None:
                later = int(self.month[self.w[last]]) < month
                return Found(start, end, "DATE", f"{year - later}-{month:02}")
        resolved = self.context.year_of_month(month, token, offset)
        return Found(start, end, "DATE", f"{resolved}-{month:02}" if resolved else None)

    def month_stands(self, i: int, offset: int | None) -> bool:
        """Whether a bare "May" or "March" is the month and no verb, march or person."""
        if offset is not None:
            return True
        before, tag = self.s.at(i - 1), self.context.parse.tag[self.s.token[i]]
        if tag == "MD" or tag.startswith("VB"):
            return False
        return (
            before in self.year_before and before not in ("to", "by", ",", "(", "as", "than", "and", "or", "for")
        ) or (before in ("to", "by", "for", "and", "or") and tag == "NNP" and self.named(i))

    def month_day(self, start: int, end: int, month: int, day: int, token: int, offset: int | None) -> Found | None:
        """A day of a month; its year is printed, that of the range's end, or what the tense asks for."""
        year, after = self.year_after(end)
        if year is None:
            last = end if end < len(self.s) and self.s.joined[end] else end + 1
            if self.s.cardinal(last) is not None and (last == end or self.s.at(end) in ("to", "and", "or", "through")):
                year = self.year_after(last + 1)[0]  # "May 3 to 5, 2019"
            if year is None:
                year = self.context.year_of_month(month, token, offset, day)
            after = end
        if year is None:
            return Found(start, after, "DATE", None)
        found = valid_date(year, month, day)
        if found is None:
            return Found(start, after, "DATE", f"{year}-{month:02}") if day > 31 else None
        self.pending = (year, month)
        return self.with_part(start, after, found.isoformat())

    def today(self, i: int) -> Found:
        """ "Today", "yesterday evening", "tonight"."""
        code = self.deictic[self.w[i]]
        number, part = int(code.rstrip("MOAFEVNI")), code.lstrip("-0123456789")
        base = self.context.published
        value = (base + timedelta(number)).isoformat() if base else None
        if part:
            return Found(i, i + 1, "TIME", f"{value}T{part}" if value else None)
        return self.with_part(i, i + 1, value)

    def holiday_name(self, start: int, i: int, offset: int | None) -> Found | None:
        """ "Christmas", "last Easter", "Easter week", "May Day 2019"."""
        found = self.s.phrase(i, "holiday")
        if not found:
            return None
        end, rule = found
        if (
            end < len(self.s)
            and self.context.parse.word[self.s.token[end]].istitle()
            and self.s.at(end) not in self.part
        ):
            return None  # "the Good Friday Agreement"
        year, after = self.year_after(end)
        if year is None:
            year, after = self.context.year_of_holiday(rule, self.s.token[i], offset), end
        day = holiday(rule, year) if year else None
        if self.s.at(after) in ("week", "weekend"):
            unit = "W" if self.s.at(after) == "week" else "N"
            return Found(start, after + 1, "DATE", shifted(day, 0, unit) if day else None)
        return Found(start, after, "DATE", day.isoformat() if day else None)

    def with_part(self, start: int, end: int, value: str | None) -> Found:
        """Add a part of day or a clock time that follows a day."""
        s, word = self.s, self.s.at(end)
        if word == "early" or word == "late":
            word = s.at(end + 1)
            end += word in self.part
        if word in self.part:
            return Found(start, end + 1, "TIME", f"{value}T{self.part[word]}" if value else None)
        if word == "at" and (clock := self.clock(end + 1)):
            return Found(start, clock[0], "TIME", f"{value}{clock[1]}" if value else None)
        return Found(start, end, "DATE", value)

    def clock(self, i: int) -> tuple[int, str] | None:
        """A clock time: the item after it and ``Thh:mm``."""
        s, word = self.s, self.s.at(i)
        if word in self.clocks:
            return i + 1, self.clocks[word]
        if found := _CLOCK.fullmatch(word):
            hour, minute = int(found[1]), int(found[2])
            end, sure = i + 1, ":" in word
        elif (number := s.cardinal(i)) is not None and number <= 24:
            hour, minute, end, sure = number, 0, i + 1, False
        elif number is not None and len(word) == 4 and number < 2400 and number % 100 < 60 and s.phrase(i + 1, "zone"):
            hour, minute, end, sure = number // 100, number % 100, i + 1, True
        elif word in (numbers := self.lexicon.words("number")) and int(numbers[word]) <= 12:
            hour, minute, end, sure = int(numbers[word]), 0, i + 1, False
        else:
            return None
        if s.at(end) == "o'clock" or (s.at(end) == "o'" and s.at(end + 1) == "clock"):
            end, sure = end + (1 if s.at(end) == "o'clock" else 2), True
        if s.at(end) in self.halfday:
            hour = hour % 12 + int(self.halfday[s.at(end)])
            end, sure = end + 1, True
        elif s.at(end) == "in" and s.at(end + 1) == "the" and s.at(end + 2) in ("morning", "afternoon", "evening"):
            hour, end, sure = hour % 12 + (0 if s.at(end + 2) == "morning" else 12), end + 3, True
        if zone := s.phrase(end, "zone"):
            end, sure = zone[0], True
        return (end, f"T{hour % 24:02}:{minute:02}") if sure else None

    def clock_after(self, start: int, end: int, clock: str) -> Found:
        """A clock time with its day: the one after it, else the last one mentioned, else publication."""
        s, j = self.s, end
        if zone := s.phrase(j, "zone"):
            j = end = zone[0]
        j += s.at(j) in ("on", ",")
        inner: Found | None = None
        if (
            s.at(j) in self.weekday
            or s.at(j) in self.month
            or s.at(j) in ("today", "yesterday", "tomorrow")
            or (s.at(j) in ("last", "next", "this") and s.at(j + 1) in self.weekday)
        ):
            inner = self.core(j)
        if inner and inner.label == "DATE" and inner.value and len(inner.value) == 10:
            return Found(start, inner.end, "TIME", inner.value + clock)
        base = self.context.day or self.context.published
        value = f"{base.isoformat()}{clock}" if base else None
        return Found(start, end, "TIME", value, self.context.same_sentence())

    def bare_part(self, i: int) -> Found | None:
        """ "Mid afternoon", "at night"; only after a word that makes it a time."""
        if self.s.at(i - 1) not in ("early", "late", "mid", "by", "at", "until", "since", "before", "after"):
            return None
        return self.day_part(i, i, None)

    def day_part(self, start: int, i: int, day: date | None) -> Found:
        """A part of the day given, else of the day named after it or last mentioned."""
        code, end, dated = self.part[self.w[i]], i + 1, day is not None
        if day is None:
            if self.s.at(end) == "of" or self.s.at(end) == "on":
                j = end + 1
                inner = self.core(j) if j < len(self.s) else None
                if inner and inner.label == "DATE" and inner.value and len(inner.value) == 10:
                    return Found(start, inner.end, "TIME", f"{inner.value}T{code}")
            day, dated = self.context.day or self.context.published, self.context.same_sentence()
        return Found(start, end, "TIME", f"{day.isoformat()}T{code}" if day else None, dated)
