"""The grammar of Spanish time expressions. It reads words only and needs no language model."""

from __future__ import annotations

from datetime import timedelta

from pipeline.times.calendar import duration, shifted
from pipeline.times.sentence import Found, Sentence
from pipeline.times.spanish_days import SpanishDays

_ARTICLES = frozenset(("el", "la", "los", "las", "del", "al"))


class Spanish(SpanishDays):
    """Reads the expressions of one sentence at a time; the context carries what was mentioned before."""

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
            if found.value is not None and found.label in ("DATE", "TIME") and found.dated:
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
        """ "Hoy", "ayer", "pasado mañana", "anoche"."""
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
        """A counted unit before or after a day; vague numbers only point back or ahead."""
        if count is None:
            return Found(i, end, "DATE", "FUTURE_REF" if later else "PAST_REF")
        if unit in "Smh":
            return Found(i, end, "DURATION", duration(count, unit))
        number, unit = int(count) * (10 if unit == "E" else 1), "Y" if unit == "E" else unit
        base = self.context.anchor(mentioned, unit)
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
        s, j = self.s, i + 1
        count: float | None = 1.0
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
        """The unit that lies ``offset`` units from publication or from the last date mentioned."""
        base = self.context.anchor(mentioned, unit)
        return Found(start, end, "DATE", shifted(base, offset, unit) if base else None)
