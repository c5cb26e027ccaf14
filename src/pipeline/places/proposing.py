"""Place names that the model's recogniser missed or took for something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.knowledge.name_lexicon import lexicon
from pipeline.places.anchors import anchors
from pipeline.places.cues import cues
from pipeline.places.entry import Entry
from pipeline.places.gazetteer import Gazetteer, gazetteer
from pipeline.places.matching import LONGEST_NAME, POSSESSIVE, longest_match, strength
from pipeline.places.naming import key
from pipeline.text import Parse

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
FAMOUS = 6.0  # prior of a city of a million
SPORT_WORDS = 2  # different words of sport that make an article a report on it

_NUMERIC_LABELS = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL"})
_LOCATIVE = frozenset({"in", "near", "at", "outside", "across", "throughout", "around", "inside", "from", "into"})
_DASHES = ("-", "--", "—", "–")


@dataclass(slots=True, frozen=True)
class _Candidate:
    """A gazetteer name in the text that the model does not call a place; ``label`` is the model's label or "".

    ``famous``: the name is that of a capital or a city of a million, and no given name.
    """

    start: int
    end: int
    label: str
    name_key: str
    power: int
    label_to_give: str
    famous: bool


def _is_famous(entry: Entry) -> bool:
    return entry.feature[:3] == "PPL" and not entry.alternate and entry.prior >= FAMOUS


def propose_places(parse: Parse) -> list[tuple[int, int, str]]:
    """Token ranges, with an OntoNotes label, of place names that ``parse.names`` lacks or labels otherwise.

    A proposal that overlaps names of the model is meant to replace them. Nothing inside a longer name of a person or an
    organisation is proposed ("Paris Hilton", "Bank of England").

    Returns:
        ``(start, end, "GPE" or "LOC")``, ascending, without overlaps.
    """
    table = gazetteer()
    people: set[str] = set()
    places: set[str] = set()
    for start, end, label in parse.names:
        if label == "PERSON" and end - start > 1:
            people.update(parse.lower[start:end])
        elif label in PLACE_LABELS:
            places.add(key(parse.words(start, end)))
    candidates = list(_candidates(parse, table))
    sport = len(cues().sport.intersection(parse.lower)) >= SPORT_WORDS
    accepted = [_stands(parse, c, people, sport) for c in candidates]
    places.update(c.name_key for c, yes in zip(candidates, accepted, strict=True) if yes)
    heard = Counter(key(parse.words(s, e)) for s, e, label in parse.names if label in PLACE_LABELS)
    heard.update(c.name_key for c, yes in zip(candidates, accepted, strict=True) if yes)
    doubted = Counter(
        c.name_key for c, yes in zip(candidates, accepted, strict=True) if c.label == "PERSON" and not yes
    )
    place_tokens = {t for s, e, label in parse.names if label in PLACE_LABELS for t in (s, e - 1)}
    place_tokens.update(t for c, yes in zip(candidates, accepted, strict=True) if yes for t in (c.start, c.end - 1))
    for _ in range(2):  # a list of names settles from both ends
        for i, c in enumerate(candidates):
            if accepted[i] or (c.end - c.start == 1 and parse.lower[c.start] in people):
                continue
            echo = c.name_key in places and (c.label != "PERSON" or heard[c.name_key] >= doubted[c.name_key])
            sides = _in_list(parse, c, place_tokens) if c.label != "ORG" or (c.power >= 2 and not sport) else 0
            if echo or sides == 2 or (sides and c.label != "PERSON"):
                accepted[i] = True
                place_tokens.update((c.start, c.end - 1))
    return [(c.start, c.end, c.label_to_give) for c, yes in zip(candidates, accepted, strict=True) if yes]


def _candidates(parse: Parse, table: Gazetteer) -> Iterator[_Candidate]:
    """Gazetteer names that fill a name of the model, or stand outside all of them."""
    n, word, pos = len(parse), parse.word, parse.pos
    direction = cues().direction
    owner = [-1] * n
    for i, (start, end, _) in enumerate(parse.names):
        owner[start:end] = [i] * (end - start)
    after = 0
    for i in range(n):
        if i < after or not word[i][:1].isupper() or len(word[i]) < 2:
            continue
        whose = owner[i]
        if whose >= 0:
            start, stop, label = parse.names[whose]
            if label in PLACE_LABELS and i == start and owner[stop : stop + 1] not in ([], [-1]):
                stop = _end_of_pair(parse, stop, owner)  # "Baja" and "California"
            elif label in PLACE_LABELS or label in _NUMERIC_LABELS or i != start + (parse.lower[start] == "the"):
                continue
        else:
            label, stop = "", i + 1
            last = min(parse.sentences[parse.sentence[i]][1], i + LONGEST_NAME)
            while stop < last and owner[stop] < 0:
                stop += 1
        end, entries = longest_match(parse, i, stop, table)
        if not entries:
            continue
        after = end
        if whose >= 0 and label in PLACE_LABELS:
            whole = end == parse.names[whose][1] and end > i + 1 and parse.lower[i] in lexicon().adjectives
            if end <= parse.names[whose][1] and not whole:  # "British Columbia" is no Briton
                continue
        elif whose >= 0:
            if any(w not in (*POSSESSIVE, ",", ".") for w in word[end:stop]):
                continue
        elif _is_part_of_name(parse, i, end, owner):
            continue
        name_key = key(parse.words(i, end))
        power = strength(entries)
        if name_key in direction or (end == i + 1 and word[i].isupper() and len(word[i]) <= 3 and power < 3):
            continue
        if not label and pos[i] != "PROPN" and not (power == 3 and pos[i] in ("NOUN", "ADJ")):
            continue
        yield _Candidate(
            *(i, end, label, name_key, power),
            "GPE" if entries[0].feature[:3] in ("PPL", "ADM", "PCL") else "LOC",
            _is_famous(entries[0]) and parse.lower[i] not in lexicon().given,
        )


def _end_of_pair(parse: Parse, stop: int, owner: list[int]) -> int:
    """The end of the model's place name that begins right where another ends, or that end."""
    start, end, label = parse.names[owner[stop]]
    return end if start == stop and label in PLACE_LABELS else stop


def _is_part_of_name(parse: Parse, start: int, end: int, owner: list[int]) -> bool:
    """Whether capitalised words beside it make it part of a longer name; in an all-capitals line they do not."""
    first, last = parse.sentences[parse.sentence[start]]
    if sum(w.isupper() for w in parse.word[first:last]) > 0.6 * (last - first):
        return False
    beside = []
    if end < last:
        beside.append(end)
    if start > first:
        beside.append(start - 1)
    return any(owner[t] < 0 and parse.pos[t] == "PROPN" and parse.word[t][:1].isupper() for t in beside)


def _stands(parse: Parse, c: _Candidate, people: set[str], sport: bool) -> bool:
    """Whether the words around speak for a place; in a report on ``sport`` a famous city is more likely its team."""
    lower = parse.lower
    if c.label in PLACE_LABELS:
        return True
    first, last = parse.sentences[parse.sentence[c.start]]
    before = lower[c.start - 1] if c.start > first else ""
    if before == "the" and c.start - 1 > first:
        before = lower[c.start - 2]
    after = lower[c.end] if c.end < last else ""
    located = before in _LOCATIVE
    if after == "," and c.end + 1 < len(parse):
        following = longest_match(parse, c.end + 1, len(parse), gazetteer())[1]
        if strength(following) == 3 and c.label != "ORG":
            return True
    if c.end - c.start == 1 and lower[c.start] in people:
        return c.power == 3 and located
    if c.start == first and after in _DASHES and parse.word[c.start].isupper():
        return True  # "WESTBURY — Police …"
    if after in cues().local and c.power >= 2:
        return True  # "a Westbury woman"
    if anchors(parse, c.start, c.end, gazetteer().find(c.name_key), gazetteer()):
        return True
    if c.label == "PERSON":
        return located or (c.power == 3 and c.end - c.start > 1) or c.famous
    if c.label in ("NORP", "LANGUAGE"):
        return c.power >= 2 and located  # "in Spanish" is no town in Ontario
    if c.label:
        known = c.power == 3 or (c.famous and not sport and c.label == "ORG")
        return known or (c.power == 2 and located) or before in ("in", "near")
    if parse.pos[c.start] != "PROPN":
        return located
    return c.power == 3 or (c.famous and not sport) or (located and c.start > first)


def _in_list(parse: Parse, c: _Candidate, place_tokens: set[int]) -> int:
    """On how many sides its neighbours in an enumeration are places."""
    joints = (",", "and", "or", "/")
    left = c.start - 1
    while left >= 0 and left > c.start - 4 and parse.lower[left] in joints:
        left -= 1
    right = c.end
    while right < len(parse) and right < c.end + 3 and parse.lower[right] in joints:
        right += 1
    return (left < c.start - 1 and left in place_tokens) + (c.end < right < len(parse) and right in place_tokens)
