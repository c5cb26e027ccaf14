"""The longest place name from a token on, and how surely a bare name is a place."""

from __future__ import annotations

from pipeline.places.entry import Entry
from pipeline.places.gazetteer import Gazetteer
from pipeline.places.naming import key
from pipeline.text import Parse

LONGEST_NAME = 5  # tokens; "Papua New Guinea" has three, "Washington, D.C." is read as two names
POSSESSIVE = ("'s", "’s", "'", "’")


def _bearing(entry: Entry) -> int:
    if entry.built:
        return 2 if entry.prior >= 5.0 else 1
    if entry.is_country or entry.feature in ("CONT", "OCN", "SEA", "RGN"):
        return 3
    if entry.feature == "ADM1" and (entry.place.geonames_id or entry.prior >= 6.3):
        return 3
    return 2 if entry.prior >= 5.0 or entry.feature[:3] != "PPL" else 1


def strength(entries: tuple[Entry, ...]) -> int:
    """How surely the bare name is a place: 0 unknown, 1 a small town, 2 a large place, 3 a country or known state."""
    return max((_bearing(e) for e in entries if not e.alternate), default=1 if entries else 0)


def longest_match(parse: Parse, start: int, stop: int, table: Gazetteer) -> tuple[int, tuple[Entry, ...]]:
    """The longest gazetteer name from ``start``, ending by ``stop``: its end and entries, or (start, ())."""
    word = parse.word
    for end in range(min(stop, start + LONGEST_NAME), start, -1):
        last = word[end - 1]
        if last in POSSESSIVE or (end > start + 1 and not last[:1].isupper()):
            continue
        entries = table.find(key(parse.text[parse.start[start] : parse.end[end - 1]]))
        if entries:
            return end, entries
    return start, ()
