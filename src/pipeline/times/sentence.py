"""One sentence as the grammar sees it: hyphenated tokens taken apart, numbers read."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pipeline.text import Parse
from pipeline.times.lexicon import Lexicon, Words

Label = Literal["DATE", "TIME", "DURATION", "SET"]

_HYPHENS = frozenset("-–—‑")
_PIECES = re.compile(r"[-–—‑]")
_HOUR = re.compile(r"(\d{1,2}(?:[:.]\d\d)?)([ap]\.?m\.?)")
_JOINED = re.compile(r"(fy|q[1-4]|h[12])(\d{4})|([a-zé]{3,9}\.?)(\d{1,2})")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º|ª|°)")


class Found(NamedTuple):
    """An expression: items ``start .. end`` and what they mean.

    ``dated`` is False for a time of day whose day is only guessed: its value follows TIMEX3, its day is nobody's word.
    """

    start: int
    end: int
    label: Label
    value: str | None
    dated: bool = True


class Sentence:
    """The items of one sentence: tokens, or the pieces of a hyphenated token.

    Attributes:
        word: each item in lower case, with straight apostrophes. Hyphens between words are no items.
        token: the token that each item belongs to.
        joined: whether a hyphen stands before the item.
    """

    def __init__(self, parse: Parse, start: int, end: int, lexicon: Lexicon) -> None:
        self.word: list[str] = []
        self.token: list[int] = []
        self.joined: list[bool] = []
        self.lexicon = lexicon
        self._number = lexicon.words("number")
        self._scale = lexicon.words("scale")
        self._vague = lexicon.words("vague")
        self._ordinal = lexicon.words("ordinal")
        pending = False
        for i in range(start, end):
            word = parse.lower[i]
            if word in _HYPHENS:
                if (
                    i > start
                    and i + 1 < end
                    and parse.end[i - 1] == parse.start[i]
                    and parse.end[i] == parse.start[i + 1]
                ):
                    pending = True
                    continue
            elif len(word) > 2 and not word.isalpha():
                if _PIECES.search(word):
                    pieces = [p for p in _PIECES.split(word) if p]
                    for k, piece in enumerate(pieces):
                        self._add(piece, i, pending if k == 0 else True)
                    pending = False
                    continue
                if (found := _HOUR.fullmatch(word)) or (found := _JOINED.fullmatch(word)):
                    pieces = [g for g in found.groups() if g]
                    if found.re is _HOUR or found[1] or pieces[0] in lexicon.words("month"):
                        for piece in pieces:
                            self._add(piece, i, False)
                        continue
            self._add(word, i, pending)
            pending = False

    def _add(self, word: str, token: int, joined: bool) -> None:
        self.word.append(word.replace("’", "'") if "’" in word else word)
        self.token.append(token)
        self.joined.append(joined)

    def __len__(self) -> int:
        return len(self.word)

    def at(self, i: int) -> str:
        """The item, or "" past either end."""
        return self.word[i] if 0 <= i < len(self.word) else ""

    def phrase(self, i: int, kind: str) -> tuple[int, str] | None:
        """The longest phrase of a kind that begins here: the item after it, and its value."""
        entries: list[tuple[Words, str]] = self.lexicon.phrases(kind).get(self.at(i), [])
        for words, value in entries:
            end = i + len(words)
            if tuple(self.word[i:end]) == words:
                return end, value
        return None

    def cardinal(self, i: int) -> int | None:
        """A whole number in digits, without separators."""
        word = self.at(i)
        return int(word) if word.isdecimal() and word.isascii() else None

    def ordinal(self, i: int) -> int | None:
        """The number of "third", "3rd", "twenty-first"."""
        word = self.at(i)
        if word in self._ordinal:
            return int(self._ordinal[word])
        if found := ORDINAL.fullmatch(word):
            return int(found[1])
        return None

    def long_ordinal(self, i: int) -> tuple[int, int] | None:
        """An ordinal that may have two words ("twenty-first") and the item after it."""
        if (one := self.ordinal(i)) is not None:
            return one, i + 1
        tens = int(self._number.get(self.at(i), 0))
        if tens >= 20 and (one := self.ordinal(i + 1)) is not None and one < 10:
            return tens + one, i + 2
        return None

    def quantity(self, i: int) -> tuple[float | None, int] | None:
        """A number in digits or words and the item after it; None as number is a vague one ("several", "12 to 18")."""
        found = self._plain(i)
        if found is None:
            return None
        count, end = found
        joiner = self.at(end)
        if joiner in ("to", "or", "a", "o") or (end < len(self) and self.joined[end] and self.at(end)[:1].isdigit()):
            other = self._plain(end if joiner not in ("to", "or", "a", "o") else end + 1)
            if other is not None and (joiner != "a" or self.at(end + 1) != "half"):
                return None, other[1]
        if self.word[end : end + 3] == ["and", "a", "half"] and count is not None:
            return count + 0.5, end + 3
        return count, end

    def _plain(self, i: int) -> tuple[float | None, int] | None:
        word = self.at(i)
        article = word in ("a", "an", "un", "una")
        at = i + 1 if article else i
        word = self.at(at)
        if word in self._vague:
            end = at + 1 + (self.at(at + 1) in ("of", "de", "more"))
            value = self._vague[word]
            return (None if value == "X" else float(value)), end
        if word in ("half", "medio", "media") and (article or self.at(at + 1) in ("a", "an")):
            return 0.5, at + 1 + (self.at(at + 1) in ("a", "an"))
        if word == "number" and article and self.at(at + 1) == "of":
            return None, at + 2
        total: float | None = None
        end = at
        if NUMBER.fullmatch(word):
            total, end = float(word.replace(",", "")), at + 1
        elif word in self._number:
            total, end = float(self._number[word]), at + 1
            if total >= 20 and 0 < (one := float(self._number.get(self.at(end), 0))) < 10:
                total, end = total + one, end + 1
            elif total >= 20 and self.at(end) == "y" and 0 < (one := float(self._number.get(self.at(end + 1), 0))) < 10:
                total, end = total + one, end + 2
        elif article or word in self._scale:
            total = 1.0
        while self.at(end) in self._scale:
            total, end = (total or 1.0) * float(self._scale[self.at(end)]), end + 1
        if total is None:
            return None
        if self.at(end) == "more" and end > at:
            end += 1
        return total, end
