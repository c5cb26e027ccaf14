"""The words of the grammar, read from ``knowledge/times_<language>.csv`` and ``knowledge/times_holidays.csv``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from pipeline.errors import KnowledgeError
from pipeline.knowledge import table

Words = tuple[str, ...]


@dataclass(slots=True)
class Lexicon:
    """One language's words; keys are in lower case, phrases are split as :func:`split` splits them.

    Attributes:
        single: kind → word → value, for kinds whose entries are one word.
        phrase: kind → first word → (words, value), longest first.
        triggers: a sentence without any of these words and without a digit holds no time expression.
    """

    single: dict[str, dict[str, str]] = field(default_factory=dict)
    phrase: dict[str, dict[str, list[tuple[Words, str]]]] = field(default_factory=dict)
    triggers: frozenset[str] = frozenset()

    def words(self, kind: str) -> dict[str, str]:
        """Word → value of one kind; empty where the language has none."""
        return self.single.get(kind, {})

    def phrases(self, kind: str) -> dict[str, list[tuple[Words, str]]]:
        """First word → phrases of one kind."""
        return self.phrase.get(kind, {})


PHRASES = {"approximate", "reference", "zone", "holiday", "edge_noun"}
"""Kinds whose entries may have several words."""
LOUD = {"span", "month", "weekday", "unit", "units", "part", "season", "deictic", "set", "clock", "halfday", "decade"}
"""Kinds of single words that make a sentence worth reading, like the phrases of :data:`LOUD_PHRASES`."""
LOUD_PHRASES = {"reference", "holiday"}
SILENT = {
    "number",
    "scale",
    "vague",
    "ordinal",
    "relative",
    "edge",
    "roman",
    "year_before",
    "not_year",
    "amount",
    "opener",
    "degree",
    "since",
    "range",
}
SILENT |= {"forward", "forward_verb", "schedule_verb", "planned_verb", "future_ending", "forward_cue", "sure"}
"""Kinds of single words that never make a time expression on their own."""


def split(words: str) -> Words:
    """Split a phrase as the tokenizer and the hyphen rule of the grammar do."""
    return tuple(re.sub(r"(?<=\w)('s?\b|'$)", r" \1", words.replace("’", "'")).replace("-", " ").split())


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lexicon of a language, or None where there is none.

    Raises:
        KnowledgeError: a row has an unknown kind.
    """
    if language not in ("en", "es"):
        return None
    name = f"times_{language}.csv"
    rows = [(row["kind"], row["words"], row["value"]) for row in table(name)]
    rows += [
        ("holiday", row["words"], row["rule"]) for row in table("times_holidays.csv") if row["language"] == language
    ]
    found, triggers = Lexicon(), set()
    for kind, words, value in rows:
        for entry in words.split("|"):
            parts = split(entry)
            if kind in PHRASES:
                found.phrase.setdefault(kind, {}).setdefault(parts[0], []).append((parts, value))
                word = parts[-1]
            elif kind in LOUD or kind in SILENT:
                word = entry.replace("’", "'")
                found.single.setdefault(kind, {})[word] = value
            else:
                raise KnowledgeError(f"knowledge/{name}: unknown kind '{kind}' for '{words}'")
            if kind in LOUD or kind in LOUD_PHRASES:
                triggers.add(word)
    for firsts in found.phrase.values():
        for entries in firsts.values():
            entries.sort(key=lambda e: (-len(e[0]), e))
    found.triggers = frozenset(triggers)
    return found
