"""The grammar of English time expressions, read from left to right; the first rule that fits wins.

Sources: the TIMEX3 guidelines of TimeML 1.2.1 for spans and values. Each rule takes the item where it may begin and
returns what it found, or None.
"""

from __future__ import annotations

import re

from pipeline.times.calendar import duration
from pipeline.times.periods import Periods
from pipeline.times.sentence import Found, Sentence

_DECADE = re.compile(r"'?(?:(1[0-9]|20)(\d)0|([2-9])0)'?s")
_DETERMINERS = frozenset(("the", "its", "their", "his", "her", "our", "this", "that", "these", "those", "a", "an"))


class English(Periods):
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
        """An expression with what modifies it: "early", "the end of", "more than"."""
        s, word = self.s, self.w[i]
        j = i + (word == "the")
        if s.at(j) in ("early", "late") and s.at(j + 1) == "hours" and s.at(j + 2) in ("of", "on"):
            inner = self.core(j + 3)
            if inner and inner.value and len(inner.value) == 10:
                return Found(i, inner.end, "TIME", inner.value + ("TMO" if s.at(j) == "early" else "TNI"))
        if s.at(j) in self.edge and (inner := self.edged(i, j + 1)):
            return inner
        if (noun := s.phrase(j, "edge_noun")) and s.at(noun[0]) == "of":
            inner = self.expression(noun[0] + 1)
            if inner and inner.label in ("DATE", "TIME") and inner.value and not inner.value.endswith("_REF"):
                return inner._replace(start=i)
        if approximate := s.phrase(i, "approximate"):
            inner = self.core(approximate[0])
            if inner and (
                self.w[approximate[0]] not in _DETERMINERS
                or inner.label == "DURATION"
                or self.w[approximate[0]] in ("a", "an")
            ):
                return inner._replace(start=i)
            return None
        return self.core(i)

    def edged(self, i: int, j: int) -> Found | None:
        """ "Early", "late", "earlier" before a date: the value is that of the date."""
        if self.s.at(j) in ("in", "on") and self.w[j - 1] in ("earlier", "later", "late", "early"):
            j += 1
        if j >= len(self.s):
            return None
        inner = self.core(j)
        if inner is None or inner.label not in ("DATE", "TIME") or (inner.value or "").endswith("_REF"):
            return None
        return inner._replace(start=i)

    def core(self, i: int) -> Found | None:
        """An expression without modifiers."""
        if i >= len(self.w):
            return None
        word = self.w[i]
        if word[:1].isdigit() or word[:1] == "'":
            return self.numeric(i) or self.counted(i)
        if word in self.weekday:
            part = self.other_name(i) or (i > 0 and self.s.phrase(i - 1, "holiday"))  # "the Good Friday Agreement"
            return None if part else self.day_name(i, i, None, False)
        if feast := self.holiday_name(i, i, None):
            return feast
        if word in self.month:
            return self.month_name(i, i, None)
        if word in self.deictic:
            return None if self.other_name(i) or self.titled(i) else self.today(i)
        if found := self.s.phrase(i, "reference"):
            return self.reference(i, *found)
        if word in self.clocks:
            return self.clock_after(i, i + 1, self.clocks[word])
        if word in ("every", "each", "per"):
            return self.every(i)
        if word in self.sets:
            return Found(i, i + 1, "SET", self.sets[word]) if self.set_stands(i) else None
        if word in _DETERMINERS or word in self.relative or word == "first":
            return self.determined(i) or self.counted(i)
        if word in ("q1", "q2", "q3", "q4", "h1", "h2"):
            return self.short_quarter(i)
        if word == "fiscal" or word == "fy":
            return self.fiscal(i, i)
        if word == "year":
            return self.year_word(i, i)
        if word in self.season:
            return self.season_name(i, i, None, False)
        if word in self.part:
            return self.bare_part(i)
        if word in ("post", "pre") and i + 1 < len(self.w) and self.s.joined[i + 1]:
            inner = self.numeric(i + 1)
            return inner._replace(start=i) if inner else None
        if word in self.units:
            return self.bare_units(i)
        if word == "day" and self.s.at(i + 1) == "long":
            return Found(i, i + 2, "DURATION", "P1D")
        if word in self.decade and self.s.at(i - 1) in ("the", "mid", "early", "late"):
            return self.decades(i, i + 1, 190 + int(self.decade[word]))
        return self.ranked(i, i) or self.counted(i)

    def determined(self, i: int) -> Found | None:
        """Expressions that begin with a determiner or with "last", "next" …"""
        s, j = self.s, i
        offset: int | None = None
        mentioned, code = False, ""
        if s.at(j) in _DETERMINERS and s.at(j) not in self.relative:
            j += 1
        if s.at(j) == "that" and s.at(j + 1) in self.relative and s.at(j + 1) != "same":
            return None  # "said that last week …"
        if (
            s.at(j) in ("last", "final")
            and s.at(j + 1) in ("half", "quarter", "week", "weekend")
            and s.at(j + 2) == "of"
        ):
            return self.ranked(i, j)
        if s.at(j) in ("full", "entire", "whole", "very") and j > i:
            j += 1
        while s.at(j) in self.relative and j < i + 4:
            code = self.relative[self.w[j]]
            if code == "0" and self.w[j] == "this" and s.at(j + 1) in self.relative and self.w[j] != "current":
                j += 1
                continue
            offset, mentioned = int(code.rstrip("rlx")), code.endswith("r")
            j += 1
        word = s.at(j)
        if not word or (word == "second" and s.at(j + 1) not in ("quarter", "half", "century")):
            return None
        if word in self.weekday and offset is not None:
            return self.day_name(i, j, offset, mentioned)
        if word in self.month and offset is not None:
            return self.month_name(i, j, offset)
        if offset is not None and (feast := self.holiday_name(i, j, offset)):
            return feast
        if self.w[i] == "the" and self.s.phrase(j, "holiday"):
            return None
        if word in self.season:
            return self.season_name(i, j, offset, mentioned)
        if word in self.unit and offset is None and s.at(j + 1) == "long" and s.joined[j + 1]:
            return Found(i, j + 2, "DURATION", duration(1, self.unit[word]))  # "the year-long siege"
        if word in self.part:
            return self.relative_part(i, j, offset, code)
        if word in self.decade and offset is None and self.w[i] == "the":
            return self.decades(i, j + 1, 190 + int(self.decade[word]))
        if word in ("fiscal", "fy"):
            return self.fiscal(i, j, offset, code)
        if word == "year" and (found := self.year_word(i, j)):
            return found
        if word in ("year", "quarter", "period") and offset is None and j > i and (found := self.compared(i, j)):
            return found
        if word in self.unit or word in ("weekend", "period") or word == "half":
            return self.period(i, j, offset, mentioned, code)
        if (found := self.ranked(i, j)) and found.end > j:
            return found
        if _DECADE.fullmatch(word) or (word == "'" and _DECADE.fullmatch(s.at(j + 1))):
            inner = self.numeric(j)
            return inner._replace(start=i) if inner else None
        if (number := s.cardinal(j)) and len(word) == 4 and 1900 <= number <= 2050 and self.w[i] == "the":
            inner = self.year_then_period(j, number)
            return inner._replace(start=i) if inner else None
        if (nth := s.long_ordinal(j)) and (day := self.day_of_month(i, nth[1] - 1, nth[0])):
            return day
        return self.several(i, j, offset, code)

    def reference(self, i: int, end: int, value: str) -> Found | None:
        """ "Now", "recently", "the future"."""
        before = self.s.at(i - 1)
        if self.s.at(end) in self.units or self.s.at(end) in self.unit:
            return self.determined(i)
        if (
            self.w[i] in ("current", "recent", "future")
            and before in ("the", "its", "their", "a", "no")
            and self.s.at(end) in ("and",)
        ):
            return None
        if self.w[end - 1] == "term" and before not in ("in", "over", "for"):
            return None
        if value == "PAST_REF" and self.w[i:end] == ["the", "past"] and self.s.quantity(end):
            return self.determined(i)
        return Found(i, end, "DATE", value)

    def set_stands(self, i: int) -> bool:
        """Whether "daily", "weekly" … is no part of a name ("the Daily Mail")."""
        token = self.s.token[i]
        word = self.context.parse.word[token]
        if self.sets[self.w[i]] == "P1Q" and self.context.parse.tag[token].startswith("JJ"):
            return False  # "its quarterly dividend" is a kind of dividend
        return (
            word.islower() or token == 0 or self.context.parse.sentence[token - 1] != self.context.parse.sentence[token]
        )
