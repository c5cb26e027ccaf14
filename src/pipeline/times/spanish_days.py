"""Spanish rules for days, months, seasons, years and clock times."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import date

from pipeline.times.calendar import valid_date
from pipeline.times.feasts import holiday
from pipeline.times.lexicon import Lexicon
from pipeline.times.resolution import Context
from pipeline.times.sentence import Found, Sentence

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
_ARTICLES = frozenset(("el", "la", "los", "las", "del", "al"))


class SpanishDays(ABC):
    """The base of the grammar: words, the sentence that is read, and what is found on a calendar sheet."""

    s: Sentence
    """The sentence that is being read; ``w`` are its items."""
    w: list[str]

    def __init__(self, lexicon: Lexicon, context: Context) -> None:
        self.context = context
        words = lexicon.words
        self.month, self.weekday, self.part = words("month"), words("weekday"), words("part")
        self.unit, self.units, self.season = words("unit"), words("units"), words("season")
        self.relative, self.deictic, self.sets = words("relative"), words("deictic"), words("set")
        self.year_before, self.not_year = words("year_before"), words("not_year")
        self.clocks, self.decade, self.roman = words("clock"), words("decade"), words("roman")

    def after(self, i: int) -> tuple[int | None, bool, int]:
        """What may follow a noun: "pasado", "que viene", "siguiente": offset, from the last date or not, next item."""
        s = self.s
        if s.at(i) == "que" and s.at(i + 1) in ("viene", "entra"):
            return 1, False, i + 2
        if s.at(i) in self.relative and s.at(i) not in (
            "este",
            "esta",
            "ese",
            "esa",
            "mismo",
            "misma",
            "aquel",
            "aquella",
        ):
            code = self.relative[s.at(i)]
            return int(code.rstrip("r")), code.endswith("r"), i + 1
        return None, False, i

    def day_name(self, start: int, i: int, offset: int | None, mentioned: bool = False) -> Found | None:
        """ "El lunes", "lunes pasado", "lunes 5 de mayo", "los lunes"."""
        s, end = self.s, i + 1
        after = end + (s.at(end) == ",")
        if s.cardinal(after) is not None and (inner := self.day_of_month(after)):
            return inner._replace(start=start)
        if s.at(i - 1) == "los" and offset is None:
            return Found(start, end, "SET", f"XXXX-WXX-{int(self.weekday[self.w[i]]) + 1}")
        if offset is None:
            offset, mentioned, end = self.after(end)
        day = self.context.weekday(int(self.weekday[self.w[i]]), s.token[i], offset, mentioned)
        return self.with_part(start, end, day)

    def with_part(self, start: int, end: int, day: date | None) -> Found:
        """Add "por la mañana", "en la noche", "a las 15:00" to a day."""
        s = self.s
        if s.at(end) in ("por", "en") and s.at(end + 1) == "la" and s.at(end + 2) in self.part:
            code = self.part[s.at(end + 2)]
            return Found(start, end + 3, "TIME", f"{day.isoformat()}T{code}" if day else None)
        if s.at(end) == "a" and s.at(end + 1) in ("las", "la") and (hour := self.hour(end + 2)):
            return Found(start, hour[0], "TIME", f"{day.isoformat()}{hour[1]}" if day else None)
        return Found(start, end, "DATE", day.isoformat() if day else None)

    def year_after(self, i: int) -> tuple[int | None, int]:
        """ "De 2003", "del 2003", "2003", "del año pasado", "de este año"."""
        s, j = self.s, i
        j += s.at(j) in ("de", "del", ",")
        number = s.cardinal(j)
        if number is not None and 1000 <= number <= 2100 and len(s.at(j)) == 4:
            return number, j + 1
        base = self.context.published
        if base and s.at(j) == "año" and (after := self.after(j + 1))[0] is not None and not after[1]:
            return base.year + (after[0] or 0), after[2]
        if base and s.at(j) in ("este", "próximo", "pasado") and s.at(j + 1) == "año":
            return base.year + int(self.relative[s.at(j)]), j + 2
        return None, i

    def day_of_month(self, i: int) -> Found | None:
        """ "5 de mayo de 2003", "1º de mayo", the first of "3 al 5 de mayo" and "3 y 5 de mayo"."""
        s = self.s
        number = s.cardinal(i) if s.cardinal(i) is not None else s.ordinal(i)
        if number is None or not 1 <= number <= 31:
            return None
        j = i + 1
        if s.at(j) in ("al", "y", "a") or (j < len(s) and s.joined[j]):
            last = j if s.joined[j] else j + 1
            inner = self.day_of_month(last) if s.cardinal(last) is not None else None
            if inner and inner.value:
                return Found(i, i + 1, "DATE", f"{inner.value[:8]}{number:02}")
            return None
        if s.at(j) == "de" and s.at(j + 1) in self.month:
            j += 1
        if s.at(j) not in self.month:
            return None
        month = int(self.month[s.at(j)])
        year, end = self.year_after(j + 1)
        if year is None:
            year, end = self.context.year_of_month(month, s.token[j], None, number), j + 1
        day = valid_date(year, month, number) if year else None
        return self.with_part(i, end, day) if day or year is None else None

    def month_name(self, i: int) -> Found | None:
        """ "Mayo de 2003", "en mayo", "mayo pasado"."""
        month = int(self.month[self.w[i]])
        year, end = self.year_after(i + 1)
        if year is None:
            offset, _, end = self.after(i + 1)
            if offset is None and self.s.at(i - 1) not in (
                "en",
                "de",
                "desde",
                "hasta",
                "para",
                "entre",
                "y",
                "a",
                "durante",
                "pasado",
                "próximo",
            ):
                return None
            if self.s.at(i - 1) in ("pasado", "próximo"):
                offset = int(self.relative[self.s.at(i - 1)])
            year = self.context.year_of_month(month, self.s.token[i], offset)
        return Found(i, end, "DATE", f"{year}-{month:02}" if year else None)

    def holiday_name(self, start: int, end: int, rule: str) -> Found:
        """ "Navidad", "Viernes Santo de 2019"."""
        year, after = self.year_after(end)
        if year is None:
            year, after = self.context.year_of_holiday(rule, self.s.token[start], None), end
        return Found(start, after, "DATE", holiday(rule, year).isoformat() if year else None)

    def season_name(self, start: int, i: int, offset: int | None) -> Found:
        """ "El verano de 1998", "el próximo invierno"."""
        year, end = self.year_after(i + 1)
        code = self.season[self.w[i]]
        if year is not None:
            return Found(start, end, "DATE", f"{year}-{code}")
        if offset is None:
            offset, _, end = self.after(i + 1)
        return Found(start, end, "DATE", self.context.season(code, self.s.token[i], offset))

    def year(self, i: int) -> Found | None:
        """A bare year, told by the words around."""
        s, number = self.s, self.s.cardinal(i)
        if number is None or len(s.at(i)) != 4 or not 1900 <= number <= 2050 or s.at(i + 1) in self.not_year:
            return None
        if (s.joined[i] and s.cardinal(i - 1) is None) or (s.at(i - 1) not in self.year_before and not s.joined[i]):
            return None
        return Found(i, i + 1, "DATE", str(number))

    def hour(self, i: int) -> tuple[int, str] | None:
        """ "15:00", "13h30", "3 de la tarde": the item after it and ``Thh:mm``."""
        s = self.s
        found, number = _CLOCK.fullmatch(s.at(i)), s.cardinal(i)
        if found:
            hour, minute = int(found[1]), int(found[2])
        elif number is not None and number <= 24:
            hour, minute = number, 0
        elif (spelled := int(s.lexicon.words("number").get(s.at(i), 99))) <= 12:
            hour, minute = spelled, 0
        else:
            return None
        end = i + 1
        if s.at(end) == "de" and s.at(end + 1) == "la" and s.at(end + 2) in self.part:
            hour = hour % 12 + (0 if self.part[s.at(end + 2)] == "MO" else 12)
            end += 3
        elif s.at(end) in ("horas", "h"):
            end += 1
        return end, f"T{hour % 24:02}:{minute:02}"

    def clock(self, i: int) -> Found | None:
        """ "A las 15:00 del lunes", "mediodía"."""
        s = self.s
        if s.at(i) in self.clocks:
            end, value = i + 1, self.clocks[s.at(i)]
        elif s.at(i - 1) in ("las", "la") and s.at(i - 2) in ("a", "de", "desde", "hasta") and (found := self.hour(i)):
            end, value = found
        else:
            return None
        j = end + (s.at(end) in ("del", "de", "el"))
        inner = (
            self.expression(j)
            if j < len(s) and (s.at(j) in self.weekday or s.at(j) in ("hoy", "ayer") or s.at(j).isdigit())
            else None
        )
        if inner and inner.value and len(inner.value) == 10:
            return Found(i, inner.end, "TIME", inner.value + value)
        base = self.context.day or self.context.published
        return Found(i, end, "TIME", f"{base.isoformat()}{value}" if base else None, self.context.same_sentence())

    @abstractmethod
    def expression(self, i: int) -> Found | None:
        """An expression that begins at item ``i``."""
