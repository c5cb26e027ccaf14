"""Place names that the model's recogniser missed or took for something else."""

from __future__ import annotations

from pipeline.places.cues import cues
from pipeline.places.gazetteer import Entry, Gazetteer, gazetteer
from pipeline.places.naming import key
from pipeline.text import Parse

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_PERSON_LABELS = frozenset({"PERSON"})
_RANGE_LABELS = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL"})
_LOCATIVE = frozenset({"in", "at", "from", "near", "to", "around", "outside", "across", "throughout", "into", "of", "via", "toward", "towards", "through", "for", "inside", "within", "between", "over", "leaving", "left", "visit", "visiting", "visited"})
_STRONG_LOCATIVE = frozenset({"in", "near", "at", "outside", "across", "throughout", "around", "inside", "from", "into"})
_DIVISION = frozenset({"county", "parish", "province", "township", "district", "borough", "oblast", "prefecture", "governorate", "state", "region", "island", "islands", "river", "lake", "valley"})


def _bearing(entry: Entry) -> int:
    """3 for countries, first-level divisions and the like; 2 for large places; 1 for the rest."""
    if entry.is_country or entry.feature in ("CONT", "OCN", "SEA", "RGN"):
        return 3
    if entry.feature == "ADM1" and (entry.place.geonames_id or entry.prior >= 6.3):
        return 3
    if entry.prior >= 5.0 or entry.feature == "ADM2" or entry.feature[:3] != "PPL":
        return 2
    return 1


def strength(entries: tuple[Entry, ...]) -> int:
    """How surely the bare name is a place: 0 unknown, 1 a small town, 2 a large place, 3 a country or state."""
    return max((_bearing(e) for e in entries if not e.alternate), default=1 if entries else 0)


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper()


def longest_match(parse: Parse, start: int, stop: int, table: Gazetteer) -> tuple[int, tuple[Entry, ...]]:
    """The longest gazetteer name that begins at ``start`` and ends before ``stop``: its end and entries."""
    text, starts, ends = parse.text, parse.start, parse.end
    for end in range(min(stop, start + 5), start, -1):
        if not _is_capitalised(parse.word[end - 1]) and not (end == start + 1):
            continue
        if parse.word[end - 1] in ("'s", "’s"):
            continue
        entries = table.find(key(text[starts[start] : ends[end - 1]]))
        if entries:
            return end, entries
    return start, ()


def propose_places(parse: Parse) -> list[tuple[int, int, str]]:
    """Token ranges, with an OntoNotes label, of place names that ``parse.names`` lacks or labels otherwise.

    A proposal that overlaps names of the model is meant to replace them. Nothing inside a longer person's or organisation's
    name is proposed ("Paris Hilton", "Bank of England").
    """
    table = gazetteer()
    n = len(parse)
    owner: list[int] = [-1] * n
    people: set[str] = set()
    places: set[str] = set()
    for i, (start, end, label) in enumerate(parse.names):
        for t in range(start, end):
            owner[t] = i
        if label in _PERSON_LABELS and end - start > 1:
            people.update(parse.lower[start:end])
        elif label in PLACE_LABELS:
            places.add(key(parse.words(start, end)))
    out: list[tuple[int, int, str]] = []
    taken = -1
    for s_start, s_end in parse.sentences:
        shouting = sum(w.isupper() for w in parse.word[s_start:s_end]) > 0.6 * (s_end - s_start)
        i = s_start
        while i < s_end:
            word = parse.word[i]
            if i < taken or not _is_capitalised(word) or (len(word) < 2):
                i += 1
                continue
            whose = owner[i]
            if whose >= 0:
                start, end, label = parse.names[whose]
                if label in PLACE_LABELS or label in _RANGE_LABELS or i != start + (parse.lower[start] == "the"):
                    i += 1
                    continue
                stop = end
            else:
                label, start = "", i
                stop = i + 1
                while stop < s_end and owner[stop] < 0 and stop < i + 5:
                    stop += 1
            match_end, entries = longest_match(parse, i, stop, table)
            if not entries:
                i += 1
                continue
            if whose >= 0:
                tail = parse.word[match_end:end]
                if any(w not in ("'s", "’s", ",", ".") for w in tail):
                    i = match_end
                    continue
            elif (match_end < n and owner[match_end] < 0 and _is_capitalised(parse.word[match_end]) and parse.pos[match_end] == "PROPN" and not shouting) or (
                i > s_start and _is_capitalised(parse.word[i - 1]) and parse.pos[i - 1] == "PROPN" and owner[i - 1] < 0
            ):
                i = match_end
                continue
            if _accept(parse, i, match_end, label, entries, people, places, s_start):
                out.append((i, match_end, "GPE" if entries[0].feature[:3] in ("PPL", "ADM", "PCL") else "LOC"))
                taken = match_end
            i = match_end
    return out


def _accept(
    parse: Parse, start: int, end: int, label: str, entries: tuple[Entry, ...], people: set[str], places: set[str], s_start: int
) -> bool:
    """Whether the words around speak for a place."""
    name_key = key(parse.words(start, end))
    if name_key in cues().direction:
        return False
    power = strength(entries)
    word = parse.word[start]
    if end - start == 1 and word.isupper() and len(word) <= 3 and power < 3:
        return False
    before = parse.lower[start - 1] if start > s_start else ""
    if before == "the" and start - 1 > s_start:
        before = parse.lower[start - 2]
    after = parse.lower[end] if end < len(parse) else ""
    located = before in _STRONG_LOCATIVE
    followed = after == "," and end + 1 < len(parse) and strength(gazetteer().find(key(parse.word[end + 1]))) == 3
    is_person = end - start == 1 and parse.lower[start] in people
    if is_person and not followed:
        return power == 3 and located
    if followed:
        return True
    if name_key in places:
        return True
    attributive = after in cues().local and power >= 2
    if label == "PERSON":
        return attributive or (power >= 2 and located) or (power == 3 and end - start > 1)
    if label:
        return attributive or power == 3 or (power == 2 and located) or (located and before in ("in", "near"))
    if parse.pos[start] != "PROPN":
        return power == 3 and parse.pos[start] in ("NOUN", "ADJ") and located
    if power == 3:
        return True
    return attributive or (located and start > s_start)
