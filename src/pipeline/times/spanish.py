"""The grammar of Spanish time expressions. It reads words only, so that a text without a language model is served, too."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.times.calendar import duration, holiday, shifted, valid_date
from pipeline.times.lexicon import Lexicon
from pipeline.times.resolution import Context
from pipeline.times.sentence import Found, Sentence

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
_ARTICLES = frozenset(("el", "la", "los", "las", "del", "al"))
_YEAR_BEFORE = frozenset(
    [
        "en",
        "de",
        "del",
        "desde",
        "hasta",
        "año",
        "años",
        "entre",
        "y",
        "a",
        "durante",
        "por",
        "(",
        ",",
        "el",
        "para",
        "hacia",
        "invierno",
        "verano",
    ]
)
_COUNTED = frozenset(
    [
        "por",
        "euros",
        "dólares",
        "personas",
        "millones",
        "mil",
        "pesos",
        "metros",
        "kilómetros",
        "casos",
        "muertos",
        "soldados",
        "horas",
        "días",
        "semanas",
        "meses",
        "años",
    ]
)


class Spanish:
    """Reads the expressions of one sentence at a time; the context carries what was mentioned before."""

    def __init__(self, lexicon: Lexicon, context: Context) -> None:
        self.context = context
        words = lexicon.words
        self.month, self.weekday, self.part = words("month"), words("weekday"), words("part")
        self.unit, self.units, self.season = words("unit"), words("units"), words("season")
        self.relative, self.deictic, self.sets = words("relative"), words("deictic"), words("set")
        self.clocks, self.decade, self.roman = words("clock"), words("decade"), words("roman")

    def read(self, sentence: Sentence) -> list[Found]:
        """All expressions of a sentence, in order, without overlap."""
        self.s, self.w = sentence, sentence.word
        out: list[Found] = []
        i, n = 0, len(sentence)
        while i < n:
            found = self.expression(i)
            if found is None or found.end <= i:
                i += 1
                continue
            if found.value is not None and found.label in ("DATE", "TIME"):
                self.context.note(found.value)
            out.append(found)
            i = found.end
        return out

    def expression(self, i: int) -> Found | None:
        """An expression that begins at this item; an article before it is no part of it but of "el próximo año"."""
        s, word = self.s, self.w[i]
        if found := s.phrase(i, "reference"):
            return Found(i, found[0], "DATE", found[1])
        if found := s.phrase(i, "holiday"):
            return self.holiday_name(i, *found)
        if word in self.deictic:
            return self.today(i)
        if word in self.weekday:
            return self.day_name(i, i, None)
        if word in self.month:
            return self.month_name(i)
        if word in self.sets:
            return Found(i, i + 1, "SET", self.sets[word])
        if word == "cada" or word in ("todos", "todas"):
            return self.every(i)
        if word == "hace":
            return self.ago(i)
        if word == "siglo" and s.at(i + 1) in self.roman:
            return Found(i, i + 2, "DATE", f"{int(self.roman[s.at(i + 1)]) - 1:02}")
        if (decade := self.decades(i)) is not None:
            return decade
        if word in _ARTICLES or word in self.relative:
            return self.determined(i)
        if word in self.season and s.at(i - 1) in ("en", "de"):
            return self.season_name(i, i, None)
        if s.ordinal(i) is not None and (found_rank := self.ranked(i, i)):
            return found_rank
        return self.clock(i) or self.day_of_month(i) or self.year(i) or self.counted(i)

    def today(self, i: int) -> Found | None:
        s, base = self.s, self.context.published
        code = self.deictic[self.w[i]]
        number, start, end = int(code.rstrip("NI")), i, i + 1
        if self.w[i] == "mañana" and s.at(i - 1) in ("la", "esta", "una", "cada", "por"):
            return None
        if self.w[i] == "mañana" and s.at(i - 1) == "pasado":
            number = 2
        day = base + timedelta(number) if base else None
        if code.endswith("NI"):
            return Found(start, end, "TIME", f"{day.isoformat()}TNI" if day else None)
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

    def after(self, i: int) -> tuple[int | None, bool, int]:
        """What may follow a noun: "pasado", "que viene", "siguiente": offset, whether it counts from the last date, next item."""
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
        year, after = self.year_after(end)
        if year is None:
            year, after = self.context.year_of_holiday(rule, self.s.token[start], None), end
        return Found(start, after, "DATE", holiday(rule, year).isoformat() if year else None)

    def season_name(self, start: int, i: int, offset: int | None) -> Found:
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
        if number is None or len(s.at(i)) != 4 or not 1900 <= number <= 2050 or s.at(i + 1) in _COUNTED:
            return None
        if (s.joined[i] and s.cardinal(i - 1) is None) or (s.at(i - 1) not in _YEAR_BEFORE and not s.joined[i]):
            return None
        return Found(i, i + 1, "DATE", str(number))

    def hour(self, i: int) -> tuple[int, str] | None:
        """ "15:00", "13h30", "3 de la tarde": the item after it and ``Thh:mm``."""
        s = self.s
        found, number = _CLOCK.fullmatch(s.at(i)), s.cardinal(i)
        if found:
            hour, minute = int(found[1]), int(found[2])
        elif (number is not None and number <= 24) or (
            number := int(self.s.lexicon.words("number").get(s.at(i), 99))
        ) <= 12:
            hour, minute = number, 0
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
        return Found(i, end, "TIME", f"{base.isoformat()}{value}" if base else None)

    def counted(self, i: int) -> Found | None:
        """ "Tres meses", "dos días después", "dentro de tres meses"."""
        s, quantity = self.s, self.s.quantity(i)
        if quantity is None:
            return None
        count, j = quantity
        j += s.at(j) == "de"
        unit = self.units.get(s.at(j)) or self.unit.get(s.at(j))
        if unit is None or ((s.at(j) == "segundo") and count != 1):
            return None
        end = j + 1
        if unit == "Y" and (
            s.at(i - 1) in ("de", "tiene", "tenía", "cumplió", "cumple")
            or (s.at(end) == "de" and s.at(end + 1) == "edad")
        ):
            return None
        if s.at(end) in ("después", "antes", "atrás") or (s.at(end) == "más" and s.at(end + 1) == "tarde"):
            later = s.at(end) in ("después", "más")
            after = end + (2 if s.at(end) == "más" else 1)
            if s.at(after) not in ("de", "del"):
                return self.moved(i, after, count, unit, later, s.at(end) != "atrás")
        if s.at(i - 1) == "de" and s.at(i - 2) == "dentro":
            return self.moved(i, end, count, unit, True, False)
        return Found(i, end, "DURATION", duration(count, unit))

    def moved(self, i: int, end: int, count: float | None, unit: str, later: bool, mentioned: bool) -> Found:
        if count is None:
            return Found(i, end, "DATE", "FUTURE_REF" if later else "PAST_REF")
        if unit in "Smh":
            return Found(i, end, "DURATION", duration(count, unit))
        number, unit = int(count) * (10 if unit == "E" else 1), "Y" if unit == "E" else unit
        base = self.context.anchor(mentioned)
        return Found(i, end, "DATE", shifted(base, number if later else -number, unit) if base else None)

    def ago(self, i: int) -> Found | None:
        """ "Hace dos años"."""
        s, quantity = self.s, self.s.quantity(i + 1)
        if quantity is None:
            return None
        count, j = quantity
        j += s.at(j) == "de"
        unit = self.units.get(s.at(j)) or self.unit.get(s.at(j))
        return self.moved(i, j + 1, count, unit, False, False) if unit else None

    def every(self, i: int) -> Found | None:
        """ "Cada lunes", "cada dos años", "todos los días"."""
        s, j, count = self.s, i + 1, 1.0
        if self.w[i] != "cada":
            if s.at(j) not in ("los", "las"):
                return None
            j += 1
        elif (quantity := s.quantity(j)) and quantity[0]:
            count, j = quantity
        if s.at(j) in self.weekday:
            return Found(i, j + 1, "SET", f"XXXX-WXX-{int(self.weekday[s.at(j)]) + 1}")
        unit = self.unit.get(s.at(j)) or self.units.get(s.at(j))
        return Found(i, j + 1, "SET", duration(count, unit)) if unit else None

    def decades(self, i: int) -> Found | None:
        """ "Años noventa", "años 90", "década de 1990", "década de los noventa"."""
        s, j = self.s, i + 1
        if self.w[i] in ("década", "decada") and s.at(j) in ("de", "del"):
            j += 1 + (s.at(j + 1) == "los")
        elif self.w[i] != "años":
            return None
        j += s.at(j) == "años"
        word = s.at(j)
        if word in self.decade:
            return Found(i, j + 1, "DATE", f"19{self.decade[word]}")
        number = s.cardinal(j)
        if number is not None and number % 10 == 0 and (20 <= number <= 90 or 1800 <= number <= 2050):
            return Found(i, j + 1, "DATE", str((number + 1900 if number < 100 else number) // 10))
        return None

    def ranked(self, start: int, i: int) -> Found | None:
        """ "Tercer trimestre de 2024", "primer semestre"."""
        s, rank = self.s, self.s.ordinal(i)
        if rank is None or s.at(i + 1) not in ("trimestre", "semestre"):
            return None
        year, end = self.year_after(i + 2)
        if s.at(i + 1) == "trimestre":
            return Found(start, end, "DATE", self.context.quarter_of(rank, s.token[i], year)) if rank <= 4 else None
        base = self.context.published
        year = year if year is not None or base is None else base.year
        return Found(start, end, "DATE", f"{year}-H{rank}" if year else None) if rank <= 2 else None

    def determined(self, i: int) -> Found | None:
        """ "El año pasado", "la próxima semana", "esta noche", "los últimos tres meses", "la mañana del lunes"."""
        s, j = self.s, i
        j += self.w[j] in _ARTICLES
        offset: int | None = None
        mentioned = False
        while s.at(j) in self.relative:
            code = self.relative[s.at(j)]
            offset, mentioned = int(code.rstrip("r")), code.endswith("r")
            j += 1
        word = s.at(j)
        if word == "mañana" and s.at(j - 1) == "pasado" and self.context.published:
            return Found(j - 1, j + 1, "DATE", (self.context.published + timedelta(2)).isoformat())
        if word in self.weekday and offset is not None:
            return self.day_name(i, j, offset, mentioned)
        if word in self.season:
            return self.season_name(i, j, offset)
        if word == "fin" and s.at(j + 1) == "de" and s.at(j + 2) == "semana":
            if offset is None:
                offset, mentioned, end = self.after(j + 3)
                return self.period(i, end, offset if offset is not None else -1, mentioned, "N")
            return self.period(i, j + 3, offset, mentioned, "N")
        if offset is not None and (quantity := s.quantity(j)):
            unit = self.units.get(s.at(quantity[1]))
            return Found(i, quantity[1] + 1, "DURATION", duration(quantity[0], unit)) if unit else None
        if offset is not None and word in self.units and word not in self.unit:
            return Found(i, j + 1, "DURATION", duration(None, self.units[word]))
        if word in self.part and offset is not None:
            base = self.context.day if mentioned else self.context.published
            return Found(
                i, j + 1, "TIME", f"{(base + timedelta(offset)).isoformat()}T{self.part[word]}" if base else None
            )
        if word in self.part and s.at(j + 1) in ("del", "de"):
            inner = self.expression(j + 2) if j + 2 < len(s) else None
            if inner and inner.label == "DATE" and inner.value and len(inner.value) == 10:
                return Found(i, inner.end, "TIME", f"{inner.value}T{self.part[word]}")
            return None
        if word not in self.unit or self.unit[word] in "Smh":
            return None
        end = j + 1
        if offset is None:
            offset, mentioned, end = self.after(end)
        return self.period(i, end, offset, mentioned, self.unit[word]) if offset is not None else None

    def period(self, start: int, end: int, offset: int, mentioned: bool, unit: str) -> Found:
        base = self.context.anchor(mentioned)
        return Found(start, end, "DATE", shifted(base, offset, unit) if base else None)
