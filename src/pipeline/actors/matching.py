"""Which names and nouns of the lexicon stand in a string, and what a dated name means on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline import knowledge
from pipeline.actors.entries import LATEST, Entry, Token
from pipeline.actors.lexicon import Lexicon

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
FEATURES = frozenset(_WORDS["features"])
NO_PLACES = frozenset(_WORDS["no_places"])
LANDS = frozenset({"country", "adjective", "people", "capital"})
"""Meanings that a single word in lower case may have ("kenyan police"); "apple" and "shell" are no companies there."""


@dataclass(slots=True, frozen=True)
class Found:
    """A name or noun of the lexicon in a string: token range and the meanings that fit its capitals."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    kind: str

    @property
    def noun(self) -> Entry | None:
        """The noun meaning, if any."""
        return next((e for e in self.entries if e.kind == "noun"), None)


def holds(entry: Entry, when: date | None) -> bool:
    """Whether a row is valid on a day; without a day, whether it is still valid."""
    return entry.valid_from <= (when or LATEST) <= entry.valid_to


def holder(entries: tuple[Entry, ...], when: date | None) -> tuple[Entry, str | None] | None:
    """The office holder that a name means, and the sector at that date.

    After the last term the sector is ELI, before the first it is unknown. A family name that several people share
    means the one in office; with none or several in office it means nobody.
    """
    people = [e for e in entries if e.kind == "person"]
    if any(not e.surname for e in people):
        people = [e for e in people if not e.surname]
    current = [e for e in people if holds(e, when)]
    ids = sorted({str(e.reference_id) for e in (current or people)})
    if len(ids) != 1:
        return None
    if current:
        best = max(current, key=lambda e: (e.valid_from, e.role or ""))
        return best, best.sector
    past = [e for e in people if e.valid_to < (when or LATEST)]
    if past:
        return max(past, key=lambda e: (e.valid_to, e.role or "")), "ELI"
    return min(people, key=lambda e: (e.valid_from, e.role or "")), None


def body(entries: tuple[Entry, ...], when: date | None) -> Entry:
    """The meaning of a body's name at a date: the row that holds, else the latest."""
    rows = [e for e in entries if e.kind in ("body", "seat")]
    current = [e for e in rows if holds(e, when)]
    return max(current or rows, key=lambda e: (e.valid_from, e.reference_id or ""))


def _is_surname(words: list[Token], start: int, end: int) -> bool:
    """Whether a word can be a family name standing for somebody known: not the first half of another name."""
    follower = words[end] if end < len(words) else None
    return follower is None or follower.hyphen or not follower.text[0].isupper()


def _is_water(words: list[Token], start: int) -> bool:
    """Whether the word before makes a country's name the name of a lake: "Lake Malawi"."""
    return start > 0 and words[start - 1].key in FEATURES and words[start - 1].text[0].isupper()


def _begins_name(words: list[Token], keys: list[str], start: int, end: int, lex: Lexicon) -> bool:
    """Whether a noun's last word begins a body's name: "the opposition Movement for Democratic Change"."""
    last = end - 1
    if not words[last].text[0].isupper() or words[start].text[0].isupper():
        return False
    return any(
        len(key) > 1 and tuple(keys[last : last + len(key)]) == key and entries[0].kind == "body"
        for key, entries in lex.names.get(keys[last], ())
    )


def find(
    words: list[Token], lex: Lexicon, shouted: bool, small: bool, people: bool = True, cities: bool = True
) -> list[Found]:
    """Longest names and nouns from left to right; ``shouted``/``small``: the whole text is in capitals/lower case."""
    out: list[Found] = []
    i, n = 0, len(words)
    keys = [w.key for w in words]
    while i < n:
        best: Found | None = None
        for key, entries in lex.names.get(keys[i], ()):
            size = len(key)
            if size > 1 and tuple(keys[i : i + size]) != key:
                continue
            if size > n - i:
                continue
            fits = tuple(
                e
                for e in entries
                if (people or e.kind != "person")
                and (not e.surname or shouted or small or _is_surname(words, i, i + size))
                and not (e.kind == "country" and _is_water(words, i))
                and (
                    e.capital == 0
                    or shouted
                    or (small and e.capital == 1 and (size > 1 or e.kind in LANDS) and e.kind != "person")
                    or (e.capital == 1 and any(w.text[0].isupper() for w in words[i : i + size]))
                    or (
                        e.capital == 2
                        and any(w.text.isupper() and (size > 1 or len(w.text) > 1) for w in words[i : i + size])
                    )
                )
            )
            if fits:
                order = {"body": 0, "seat": 1, "person": 2, "country": 3, "adjective": 4, "people": 5, "capital": 6}
                kind = min((e.kind for e in fits), key=lambda k: order.get(k, 7))
                if kind == "noun" and size > 1 and _begins_name(words, keys, i, i + size, lex):
                    continue
                best = Found(i, i + size, fits, kind)
                break
        if cities and (best is None or best.kind == "noun" or best.kind in LANDS):
            for size in (3, 2, 1):
                if size > n - i or (best is not None and size <= best.end - best.start):
                    continue
                if words[i].text[0].isupper() or small:
                    code = lex.places.get(" ".join(keys[i : i + size]))
                    if code and keys[i] in NO_PLACES and size == 1:
                        continue
                    if code and not (best is not None and size == 1) and (not small or size > 1):
                        best = Found(i, i + size, (Entry("capital", code),), "place")
                        break
        if best is None:
            i += 1
            continue
        out.append(best)
        i = best.end
    return out
