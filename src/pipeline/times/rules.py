"""What the rules of the English grammar share: the words, the sentence that is read, and small tests."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pipeline.times.lexicon import Lexicon
from pipeline.times.resolution import Context
from pipeline.times.sentence import Found, Sentence


class Rules(ABC):
    """The base of the grammar; each room adds its rules."""

    s: Sentence
    """The sentence that is being read; ``w`` are its items."""
    w: list[str]
    pending: tuple[int, int] | None = None
    """Year and month of the last day of a month read: "April 24 and 25", "May 3-5"."""

    def __init__(self, lexicon: Lexicon, context: Context) -> None:
        self.context = context
        self.lexicon = lexicon
        words = lexicon.words
        labels = ("PERSON", "ORG", "WORK_OF_ART", "FAC", "GPE")
        self.elsewhere = {t for a, b, label in context.parse.names if label in labels for t in range(a, b)}
        self.year_before, self.not_year = words("year_before"), words("not_year")
        self.degree = words("degree")
        self.amount, self.opener = words("amount"), words("opener")
        self.numbers = {a for a, _, label in context.parse.names if label in ("CARDINAL", "QUANTITY", "MONEY")}
        self.month, self.weekday, self.part = words("month"), words("weekday"), words("part")
        self.unit, self.units, self.season = words("unit"), words("units"), words("season")
        self.relative, self.edge, self.deictic = words("relative"), words("edge"), words("deictic")
        self.sets, self.clocks, self.halfday, self.decade = (
            words("set"),
            words("clock"),
            words("halfday"),
            words("decade"),
        )

    def capital(self, i: int) -> bool:
        """Whether a unit is part of a title ("60 Minutes"): capitalised, but not in a headline of capitals."""
        word = self.context.parse.word[self.s.token[i]]
        return word[:1].isupper() and not word.isupper() and self.s.token[i] > 0 and i > 0

    def titled(self, i: int) -> bool:
        """Whether the item and the one before it are capitalised like a title ("USA Today")."""
        token, word = self.s.token[i], self.context.parse.word
        return i > 0 and word[token][:1].isupper() and word[token - 1][:1].isupper()

    def named(self, i: int) -> bool:
        """Whether the model takes the item for part of a date."""
        token = self.s.token[i]
        return any(a <= token < b and label in ("DATE", "TIME") for a, b, label in self.context.parse.names)

    def other_name(self, i: int) -> bool:
        """Whether the model takes the item for part of a name of something else ("The Sunday Times", "April Jones")."""
        return self.s.token[i] in self.elsewhere

    def year_after(self, i: int) -> tuple[int | None, int]:
        """A year after a month, day, season or quarter: "2003", ", 2003", "of 2003", "last year", "of this year"."""
        s, j = self.s, i
        if s.at(j) in (",", "of", "in", "de", "del"):
            j += 1
        number = s.cardinal(j)
        if number is not None and 1000 <= number <= 2100 and len(self.w[j]) == 4 and s.at(j + 1) not in self.not_year:
            return number, j + 1
        if number is not None and j == i and len(self.w[j]) == 2 and s.at(j + 1) in ("(", "[", ")", "/", "--"):
            return number + (1900 if number >= 50 else 2000), j + 1  # the dateline "4 Apr 89 (Agency)"
        j += s.at(j) == "the"
        if (
            s.at(j) in ("last", "this", "next", "previous", "same", "following")
            and s.at(j + 1) == "year"
            and s.at(j + 2) != "'s"
        ):
            code = self.relative[s.at(j)]
            base = self.context.anchor(code.endswith("r"))
            if base is not None:
                return base.year + int(code.rstrip("rlx")), j + 2
        return None, i

    @abstractmethod
    def core(self, i: int) -> Found | None:
        """An expression without modifiers that begins at item ``i``."""

    @abstractmethod
    def numeric(self, i: int) -> Found | None:
        """An expression that begins with digits."""

    @abstractmethod
    def ranked(self, start: int, i: int) -> Found | None:
        """An expression that begins with an ordinal: "third quarter"."""
