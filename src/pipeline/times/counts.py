"""English rules for counted and for repeated units."""

from __future__ import annotations

from datetime import timedelta

from pipeline.times.calendar import NOWHERE, duration, interval, shifted
from pipeline.times.digits import Digits
from pipeline.times.sentence import Found


class Counts(Digits):
    """ "Two weeks", "two weeks ago", "for years", "every Monday"."""

    def counted(self, i: int) -> Found | None:
        """ "Two weeks", "two weeks ago", "three days later", "a 27-year sentence"."""
        s = self.s
        quantity = s.quantity(i)
        if quantity is None:
            return None
        count, j = quantity
        word = s.at(j)
        if self.w[i] == "some" and word == "time" and s.at(i - 1) in ("for", "quite", "take", "took", "after"):
            return Found(i, j + 1, "DURATION", "PXM")  # TimeBank's convention
        if word not in self.unit and word not in self.units:
            return None
        unit = self.unit.get(word) or self.units[word]
        if self.capital(j) or (word == "quarters" and count == 3.0 and s.joined[j]):
            return None
        if word == "second" and not (j < len(s) and s.joined[j]):
            return None
        end = j + 1
        if self.w[end : end + 3] == ["and", "a", "half"] and count is not None:
            count, end = count + 0.5, end + 3
        if self.w[end : end + 2] == ["or", "so"] or self.w[end : end + 2] == ["or", "more"]:
            end += 2
        after = s.at(end)
        if after in ("old", "olds") or (after == "of" and s.at(end + 1) == "age"):
            return None
        if after == "long" and s.joined[end]:
            end += 1
        if self.w[i] in ("a", "an") and count == 1.0 and (i + 1 == j):
            return self.article_unit(i, end, unit)
        return self.moved(i, end, count, unit) or Found(i, end, "DURATION", duration(count, unit))

    def article_unit(self, i: int, end: int, unit: str) -> Found | None:
        """ "A year": how long, or how often after an amount ("$3 million a year")."""
        if moved := self.moved(i, end, 1.0, unit):
            return moved
        before = self.s.at(i - 1)
        token = self.s.token[i]
        if before in self.opener:
            return Found(i, end, "DURATION", duration(1, unit))
        if (
            before in self.amount
            or before[:1].isdigit()
            or (token and self.context.parse.pos[token - 1] in ("NOUN", "NUM") and self.s.at(end) not in ("of",))
        ):
            return Found(i, end, "SET", duration(1, unit))
        if unit in "Smh" or self.s.at(end) not in ("of", "in", "when", "that"):
            return Found(i, end, "DURATION", duration(1, unit))
        return None

    def moved(self, i: int, end: int, count: float | None, unit: str) -> Found | None:
        """A counted unit with a direction: "ago", "earlier", "later", "from now"."""
        s, word = self.s, self.s.at(end)
        if word == "from" and count is not None and unit in "DW" and s.at(end + 1) in (*self.weekday, *self.deictic):
            return self.from_day(i, end + 1, int(count), unit, True)
        if word in ("after", "before") and count is not None and unit in "DWMY" and end + 1 < len(s):
            return self.from_day(i, end + 1, int(count) * (1 if word == "after" else -1), unit)
        if word in ("ago", "back", "earlier", "previously", "hence", "later") or (
            word == "from" and s.at(end + 1) == "now"
        ):
            later = word in ("later", "hence", "from")
            end += 2 if word == "from" else 1
            mentioned = word in ("earlier", "previously", "later")
        else:
            return None
        if count is None:
            return Found(i, end, "DATE", "FUTURE_REF" if later else "PAST_REF")
        if unit in "Smh":
            return Found(i, end, "DURATION", duration(count, unit))
        if count != int(count):
            unit, count = {"Y": ("M", count * 12), "E": ("Y", count * 10)}.get(unit, (unit, round(count)))
        number = int(count) * (1 if later else -1)
        if unit in "EC":
            unit, number = "Y", number * (10 if unit == "E" else 100)
        if unit == "Y":
            return Found(i, end, "DATE", self.context.years_before(number, mentioned))
        base = self.context.anchor(mentioned, unit)
        value = shifted(base, number, unit) if base else None
        return Found(i, end, "DATE", self.context.told(value, self.s.token[i]) if mentioned else value)

    def from_day(self, start: int, i: int, count: int, unit: str, ahead: bool = False) -> Found | None:
        """ "Two days after May 3", "the day before yesterday"; None where no day of the calendar follows.

        ``ahead``: a weekday is the coming one ("a week from Monday").
        """
        inner = self.core(i)
        first, _, precision = interval(inner.value) if inner and inner.label == "DATE" else NOWHERE
        if inner is None or first is None or precision != "day":
            return None
        if ahead and self.context.published and first < self.context.published:
            first += timedelta(7)
        value = first + timedelta(count * (7 if unit == "W" else 1)) if unit in "DW" and ahead else None
        return Found(start, inner.end, "DATE", value.isoformat() if value else shifted(first, count, unit))

    def bare_units(self, i: int) -> Found | None:
        """ "For years", "within weeks", "years ago", "decades-long"."""
        s, unit, end = self.s, self.units[self.w[i]], i + 1
        if unit in "Sm" and s.at(i - 1) not in ("for", "within"):
            return None
        if s.at(end) == "ago" or s.at(end) == "earlier":
            return Found(i, end + 1, "DATE", "PAST_REF")
        if s.at(end) == "later":
            return Found(i, end + 1, "DATE", "FUTURE_REF")
        if s.at(end) == "long" and s.joined[end]:
            return Found(i, end + 1, "DURATION", duration(None, unit))
        if s.at(i - 1) in ("for", "within", "in", "over", "after", "take", "took", "spent", "of") and s.at(end) not in (
            "of",
            "old",
        ):
            if s.at(i - 1) == "of" and s.at(i - 2) not in ("couple", "matter", "period"):
                return None
            return Found(i, end, "DURATION", duration(None, unit))
        return None

    def every(self, i: int) -> Found | None:
        """ "Every Monday", "each year", "per day", "every two weeks", "every other day"."""
        s, j = self.s, i + 1
        count: float | None = 1.0
        if j + 1 < len(s) and s.joined[j + 1]:
            return None  # "each three-year period"
        if s.at(j) == "other":
            j, count = j + 1, 2.0
        elif (quantity := s.quantity(j)) and quantity[0]:
            count, j = quantity
        word = s.at(j)
        if word in self.weekday:
            return Found(i, j + 1, "SET", f"XXXX-WXX-{int(self.weekday[word]) + 1}")
        if word in self.month and self.context.parse.word[s.token[j]][:1].isupper():
            return Found(i, j + 1, "SET", f"XXXX-{int(self.month[word]):02}")
        if word in self.season:
            return Found(i, j + 1, "SET", f"XXXX-{self.season[word]}")
        if word in self.part:
            return Found(i, j + 1, "SET", f"XXXX-XX-XXT{self.part[word]}")
        if word == "weekend":
            return Found(i, j + 1, "SET", "XXXX-WXX-WE")
        unit = self.unit.get(word) or self.units.get(word)
        return Found(i, j + 1, "SET", duration(count, unit)) if unit and word != "second" else None
