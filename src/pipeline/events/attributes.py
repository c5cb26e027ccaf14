"""What belongs to an event beside its actors: casualties, sums, contexts, time and place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pipeline import knowledge
from pipeline.events.syntax import Syntax
from pipeline.knowledge import classes
from pipeline.text import Mention, Parse, Participant, Place, Time

COUNTS = ("killed", "injured", "arrested", "displaced")
SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000}
"""Scales of sums as they are written behind the figures: "$200m"."""
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 10**12}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@cache
def _number_words() -> Mapping[str, int]:
    return {row["word"]: int(row["value"]) for row in knowledge.table("numbers.csv")}


@cache
def _context_words() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in knowledge.table("contexts.csv"):
        for word in row["words"].split():
            found.setdefault(word, []).append(row["context"])
    return {word: tuple(names) for word, names in found.items()}


@cache
def _currencies() -> Mapping[str, str]:
    return {sign: row["code"] for row in knowledge.table("currencies.csv") for sign in row["signs"].split()}


def number(parse: Parse, token: int) -> int | None:
    """The number that a token and the number words before it spell; None when it is none ("dozens", "several")."""
    word = parse.lower[token]
    if word in SCALES:
        before = number(parse, token - 1) if token and parse.head[token - 1] in (token, parse.head[token]) else None
        return before * SCALES[word] if before is not None else None
    if word in _number_words():
        return _number_words()[word]
    if _NUMBER.fullmatch(word):
        value = float(word.replace(",", ""))
        return int(value) if value == int(value) else None
    return None


def _decimal(word: str) -> float | None:
    if word in _number_words():
        return float(_number_words()[word])
    return float(word.replace(",", "")) if _NUMBER.fullmatch(word) else None


def counted(parse: Parse, syntax: Syntax, head: int) -> int | None:
    """How many: "12 soldiers" → 12, "a nurse and two drivers" → 3, "two dozen people" → 24; None for "soldiers".

    Of several conjuncts those that tell a number are added up: what the text vouches for at least.
    """
    known = [n for c in syntax.conjuncts(head) if (n := _single(parse, c)) is not None]
    return sum(known) if known else None


def _single(parse: Parse, head: int) -> int | None:
    """How many one noun phrase names, without what is coordinated with it."""
    nobody = parse.lower[head] in classes()["@nobody"] or any(parse.lower[c] == "no" for c in parse.children[head])
    if nobody or not _counting_things().isdisjoint((parse.lemma[head], parse.lower[head])):
        return None
    if parse.pos[head] == "NUM" or parse.lower[head] in _number_words():
        return number(parse, head)
    dozen = parse.lemma[head] == "dozen"
    for c in parse.children[head]:
        if parse.lemma[c] == "dozen" and parse.tag[c] == "NN":  # "a dozen more", "two dozen men"
            return 12 * next((n for g in parse.children[c] if (n := number(parse, g)) is not None), 1)
        if parse.dep[c] == "nummod" or (parse.pos[c] == "NUM" and c < head):
            value = number(parse, c)
            return value * 12 if dozen and value is not None else value
    if parse.tag[head] in ("NN", "NNP") and parse.lemma[head] not in classes()["@collective"]:
        return 12 if dozen else 1
    return None


@cache
def _counting_things() -> frozenset[str]:
    """What is no person: "killed two men and a goat" is two."""
    return classes()["@weapon"] | classes()["@vehicle"] | classes()["@structure"] | classes()["@animal"]


def counts(parse: Parse, syntax: Syntax, trigger: int, others: Collection[int] = ()) -> dict[str, int]:
    """Killed, injured, arrested and displaced people in the trigger's clause and the participles that hang on it.

    "Gunmen attacked a bus, killing 12 people" gives the attack 12 killed. ``others`` are triggers of other acts, whose
    clauses have tolls of their own.
    """
    found: dict[str, int] = {}
    for verb in _goes_on(parse, trigger, others):
        for name, head in _casualties(parse, syntax, verb):
            value = counted(parse, syntax, head)
            if value is not None:
                found.setdefault(name, value)
    return found


def _goes_on(parse: Parse, verb: int, others: Collection[int]) -> Iterator[int]:
    """A verb and the clauses that go on with the same act: "…, killing 12 and wounding 30".

    A subject of its own ends it, but for a passive: "two men were killed and five others hurt".
    """
    yield verb
    for c in parse.children[verb]:
        own = any(parse.dep[g] in ("nsubj", "nsubjpass") for g in parse.children[c])
        passive = parse.dep[c] == "conj" and parse.tag[c] == parse.tag[verb] == "VBN"
        if parse.dep[c] in ("advcl", "conj") and (passive or not own) and c not in others:
            yield from _goes_on(parse, c, others)


def _casualties(parse: Parse, syntax: Syntax, verb: int) -> Iterator[tuple[str, int]]:
    """(count, head of who is counted) for what one word says: "killed 12", "the death of 12", "left 12 dead"."""
    if (name := _counting().get(parse.lemma[verb])) is not None:
        if parse.pos[verb] == "NOUN":
            yield from ((name, head) for word, head in syntax.prepositions(verb) if word == "of")
        elif (patient := syntax.patient(verb)) is not None:
            yield name, patient
        elif parse.lemma[verb] in classes()["@intransitive"] and (subject := syntax.agent(verb)) is not None:
            yield name, subject  # "nine villagers died in the raid"
    patient = syntax.patient(verb)
    for c in () if patient is None or parse.pos[verb] != "VERB" else (patient, *parse.children[patient]):
        if patient is not None and parse.pos[c] == "ADJ" and (state := _counting().get(parse.lemma[c])) is not None:
            yield state, patient  # "left 120 dead", "shot dead six officers"
    for c in parse.children[verb]:
        if parse.dep[c] in ("oprd", "acomp", "ccomp", "xcomp") and parse.pos[c] in ("ADJ", "VERB"):
            if parse.pos[c] == "VERB" and parse.tag[c] != "VBN":
                continue  # "asked Cyprus to arrest him" arrests nobody
            name, subject = _counting().get(parse.lemma[c]), syntax.child(c, "nsubj", "nsubjpass")
            if syntax.child(c, "nummod") is not None:
                subject = c  # "left 120 dead"
            for dep in ("dobj", "nsubjpass", "nsubj"):
                subject = subject if subject is not None else syntax.child(verb, dep)
            if name is not None and subject is not None:
                yield name, subject


@cache
def _counting() -> Mapping[str, str]:
    return {lemma: name for name in reversed(COUNTS) for lemma in classes()[f"@{name}"]}


def amount(parse: Parse, first: int, last: int) -> str | None:
    """The first sum of money in a token range, as ISO 4217 code and whole units: "USD 5000000"; None without one."""
    for t in range(first, last):
        sign = parse.word[t]
        if sign in _currencies() or parse.lower[t] in _currencies():
            code = _currencies().get(sign) or _currencies()[parse.lower[t]]
            value = _sum_beside(parse, t, first, last)
            if value is not None:
                return f"{code} {value}"
    return None


def _sum_beside(parse: Parse, sign: int, first: int, last: int) -> int | None:
    """The sum after a currency sign ("$5 million") or before a currency word ("5 million dollars")."""
    t = sign + 1
    if t < last and parse.word[t][0].isdigit() and (value := _decimal(parse.lower[t])) is not None:
        unit = parse.lower[t + 1] if t + 1 < len(parse) else ""
        return round(value * {**SCALES, **SUFFIXES}.get(unit, 1))
    t = sign - 1
    scale = 1
    if t >= first and parse.lower[t] in SCALES:
        scale = SCALES[parse.lower[t]]
        t -= 1
    if t >= first and (value := _decimal(parse.lower[t])) is not None:
        return int(value * scale)
    return None


def attachments(parse: Parse, start: int) -> list[int]:
    """The token and its governors up to the top of the sentence."""
    path = [start]
    while parse.head[path[-1]] != path[-1] and len(path) < 40:
        path.append(parse.head[path[-1]])
    return path


class Setting:
    """When and where: time expressions and places of one parse by the words they hang on."""

    def __init__(
        self, parse: Parse, mentions: list[Mention], times: Sequence[Time], places: Mapping[int, Place]
    ) -> None:
        self._parse = parse
        self._times: dict[int, list[tuple[int, int]]] = {}
        for i, time in enumerate(times):
            if time.label in ("DATE", "TIME") and time.date_start is not None:
                self._file(self._times, self._top(time.start, time.end), i)
        # "Union" in the name of a bloc says nothing of labour
        self._inside = {t for m in mentions if m.kind == "name" and m.start >= 0 for t in range(m.start, m.end)}
        self._places: dict[int, list[tuple[int, int]]] = {}
        self._named: dict[int, int] = {}
        for i in places:
            m = mentions[i]
            if m.label in ("GPE", "LOC", "FAC"):
                self._named[m.head] = i
            if m.head >= 0 and m.kind == "name" and self._stands_in_place(m.head):
                self._file(self._places, m.head, i)

    def _top(self, start: int, end: int) -> int:
        """The token of a range whose governor lies outside it."""
        p = self._parse
        return next((t for t in range(start, end) if not start <= p.head[t] < end or p.head[t] == t), start)

    def _stands_in_place(self, head: int) -> bool:
        p = self._parse
        at = head
        for _ in range(6):
            up = p.head[at]
            if p.dep[at] == "pobj" and p.lower[up] == "of" and p.pos[p.head[up]] in ("NOUN", "PROPN"):
                at = p.head[up]  # "in the town of X", "on the outskirts of X"
            elif p.dep[at] in ("conj", "appos", "compound", "nmod", "poss") and up != at:
                at = up
            else:
                break
        return p.dep[at] == "pobj" and (
            p.lower[p.head[at]] in ("on", "from") or p.lower[p.head[at]] in classes()["@locative"]
        )

    def _file(self, shelf: dict[int, list[tuple[int, int]]], token: int, index: int) -> None:
        """File under the word that the phrase hangs on: the first verb or event-like noun above it."""
        p = self._parse
        for distance, at in enumerate(attachments(p, token)[1:], start=1):
            if p.pos[at] in ("VERB", "AUX", "NOUN"):
                shelf.setdefault(at, []).append((distance, index))
                if p.pos[at] != "NOUN":
                    break

    def _nearest(self, shelf: dict[int, list[tuple[int, int]]], trigger: int) -> int | None:
        """What hangs on the trigger, else on the verb that carries it ("held talks on Monday"), in the same clause."""
        p = self._parse
        at = trigger
        for _ in range(4):
            for near in (at, *(c for c in p.children[at] if p.dep[c] == "xcomp")):
                if near in shelf:
                    return min(shelf[near])[1]
            up = p.head[at]
            if up == at:
                return None
            carries = p.dep[at] in (
                "xcomp",
                "aux",
                "auxpass",
                "dobj",
                "nsubjpass",
                "nsubj",
                "attr",
                "pobj",
                "prep",
                "acomp",
                "npadvmod",
            ) or (p.dep[at] == "conj" and at > up and p.pos[up] == p.pos[at])
            if not carries:
                return None
            at = up
        return None

    def contexts(self, first: int, last: int) -> list[str]:
        """PLOVER contexts that the words of a token range point to, names left out, sorted."""
        p, words = self._parse, _context_words()
        return sorted({name for t in range(first, last) if t not in self._inside for name in words.get(p.lemma[t], ())})

    def time(self, trigger: int) -> int | None:
        """Index of the time expression of an act."""
        return self._nearest(self._times, trigger)

    def place(self, trigger: int, reached: Sequence[Participant] = ()) -> int | None:
        """Index of the mention that names the place of an act.

        Args:
            trigger: the act's trigger.
            reached: targets that are where the act takes place, when they are places: what is visited or attacked.
        """
        found = self._nearest(self._places, trigger)
        if found is None:
            found = next((self._named[q.head] for q in reached if q.head in self._named), None)
        return found
