"""Frames: what a trigger means, under which conditions, and where its source and target stand.

A frame is one row of ``knowledge/frames/<TYPE>.csv``. Adding one never needs code. The columns:

``mode``      mode of the event type, or empty
``pos``       verb, noun or adj
``triggers``  lemmas with this sense, separated by blanks; words of a multiword trigger are joined by ``_``
              (``call_off``: a verb and its particle or preposition; ``hunger_strike``: a noun and the word before it)
``when``      conditions separated by ``;``. ``slot`` must be there, ``!slot`` must not, ``slot:a|b|@class`` must be
              headed by one of these lemmas or classes of ``knowledge/classes.yml``, ``!slot:a|b`` must not;
              ``to|with`` is either slot. ``@actor`` and ``@place`` are noun phrases that name one, ``@several`` more
              than one actor; ``person`` and ``named_organisation`` are also what a name is, besides its titles
``source``    slots to look in, in order, separated by blanks; empty: the default of the part of speech; ``-``: none
``target``    likewise
``cameo``     CAMEO code
``contexts``  PLOVER contexts that the sense implies, separated by blanks
``example``   a sentence that fires it; ``near_miss``: one that must not

Slots: subj, obj, iobj, xcomp (infinitive), ccomp (finite clause), ing (gerund), comp (any of these three), mod
(adjectives, compounds and possessors of a noun), poss, host (the verb that governs a noun), light_subj (the subject of
that verb), csubj, modal, cneg and cpred (subject, auxiliary, negation and predicate of a finite complement),
objmod (adjectives and compounds of the object), sentence (its nouns and verbs),
subjunctive (a finite complement in the base form: "demands that Chad pay"), imperative ("Leave," he told them),
for_to ("called for the state to pay"), cpassive (a finite complement in the passive), oprd (what the object is called
or made), trigger (the trigger itself), passive, neg, and every preposition by its own name (``with``, ``against``).
Of several frames of a trigger the one with most conditions wins, then the one that stands first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline import knowledge
from pipeline.errors import KnowledgeError
from pipeline.knowledge import classes

PARTS = {"verb": ("VERB", "AUX"), "noun": ("NOUN", "PROPN"), "adj": ("ADJ", "ADV", "VERB")}
ACTOR, PLACE, SEVERAL = "@actor", "@place", "@several"
"""Noun phrases that name an actor, a place, several actors; the other classes are word lists in ``classes.yml``."""


class EventType(NamedTuple):
    """One row of ``knowledge/event_types.csv``."""

    event_type: str
    mode: str | None
    quad_class: int
    goldstein: float
    folds_future: str
    folds_negated: str


class Condition(NamedTuple):
    """One condition of a frame: the slots, whether it must or must not hold, and the lemmas allowed (empty: any)."""

    slots: tuple[str, ...]
    wanted: bool
    lemmas: frozenset[str]
    actor: bool
    place: bool
    several: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One sense of one trigger. ``words`` holds the further words of a multiword trigger.

    ``rule_id`` is type, mode, trigger and part of speech ("COERCE/arrest:take.v.2": the second such row of its file).
    """

    rule_id: str
    lemma: str
    words: tuple[str, ...]
    pos: str
    event_type: str
    mode: str | None
    cameo_code: str | None
    conditions: tuple[Condition, ...]
    source: tuple[str, ...]
    target: tuple[str, ...]
    contexts: tuple[str, ...]
    example: str
    near_miss: str

    @property
    def weight(self) -> int:
        """How specific the frame is: further words and words asked for count most, exclusions least."""
        return 5 * len(self.words) + sum(
            1 if not c.wanted else 5 if (c.lemmas or c.place) and not c.actor else 3 if c.actor or c.several else 2
            for c in self.conditions
        )


@cache
def event_types() -> Mapping[tuple[str, str | None], EventType]:
    """Event types and modes by (type, mode); the mode of the bare type is None."""
    rows = knowledge.table("event_types.csv")
    folds = {r["event_type"]: (r["folds_future"], r["folds_negated"]) for r in rows if not r["mode"]}
    return {
        (r["event_type"], r["mode"] or None): EventType(
            r["event_type"], r["mode"] or None, int(r["quad_class"]), float(r["goldstein"]), *folds[r["event_type"]]
        )
        for r in rows
    }


def event_modes() -> Mapping[str, tuple[str, ...]]:
    """The modes of each event type, in codebook order."""
    return {name: tuple(m for t, m in event_types() if t == name and m) for name, _ in event_types()}


def _condition(text: str, where: str) -> Condition:
    wanted = not text.startswith("!")
    slot, _, choices = text.lstrip("!").partition(":")
    lemmas: set[str] = set()
    named = {ACTOR: False, PLACE: False, SEVERAL: False}
    for choice in filter(None, choices.split("|")):
        if choice in named:
            named[choice] = True
        elif choice.startswith("@"):
            if choice not in classes():
                raise KnowledgeError(f"{where}: unknown class '{choice}' (see knowledge/classes.yml)")
            lemmas |= classes()[choice]
        else:
            lemmas.add(choice.replace("_", " "))
    slots = tuple(slot.split("|"))
    if not all(s.replace("_", "").isalpha() for s in slots):
        raise KnowledgeError(f"{where}: '{text}' is no condition (expected slot, !slot or slot:lemma|@class)")
    return Condition(slots, wanted, frozenset(lemmas), named[ACTOR], named[PLACE], named[SEVERAL])


def _frames_of(event_type: str) -> list[Frame]:
    found = []
    senses: Counter[str] = Counter()
    for number, row in enumerate(knowledge.table(f"frames/{event_type}.csv"), start=2):
        where = f"knowledge/frames/{event_type}.csv line {number}"
        mode = row["mode"] or None
        if (event_type, mode) not in event_types():
            raise KnowledgeError(f"{where}: '{mode}' is no mode of {event_type} (see knowledge/event_types.csv)")
        if row["pos"] not in PARTS:
            raise KnowledgeError(f"{where}: pos '{row['pos']}' (allowed: {', '.join(PARTS)})")
        conditions = tuple(_condition(c.strip(), where) for c in row["when"].split(";") if c.strip())
        for trigger in row["triggers"].split():
            words = trigger.replace("-", "_-_").split("_")
            head = words[-1] if row["pos"] == "noun" else words[0]
            rest = words[:-1] if row["pos"] == "noun" else words[1:]
            name = f"{event_type}{'/' + mode if mode else ''}:{trigger}.{row['pos'][0]}"
            senses[name] += 1
            found.append(
                Frame(
                    rule_id=f"{name}.{senses[name]}" if senses[name] > 1 else name,
                    lemma=head,
                    words=tuple(rest),
                    pos=row["pos"],
                    event_type=event_type,
                    mode=mode,
                    cameo_code=row["cameo"] or None,
                    conditions=conditions,
                    source=tuple(row["source"].split()),
                    target=tuple(row["target"].split()),
                    contexts=tuple(row["contexts"].split()),
                    example=row["example"],
                    near_miss=row["near_miss"],
                )
            )
    return found


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame, in file order (types in the order of ``event_types.csv``).

    Raises:
        KnowledgeError: a row names an unknown mode, part of speech or class; the error gives file and line.
    """
    names = list(dict.fromkeys(t for t, _ in event_types()))
    for file in knowledge.custom():
        if file.startswith("frames/") and file[7:-4] not in names:
            raise KnowledgeError(f"knowledge/{file}: no such event type in knowledge/event_types.csv")
    return tuple(f for name in names for f in _frames_of(name))


class Implied(NamedTuple):
    """One row of ``knowledge/implied.csv``: what an act of one type and mode is besides, under its conditions."""

    conditions: tuple[Condition, ...]
    event_type: str
    mode: str | None
    cameo_code: str | None
    example: str
    near_miss: str


@cache
def implied() -> Mapping[tuple[str, str | None], tuple[Implied, ...]]:
    """(type, mode) → the acts that come with it: a sentence to prison convicts and takes away (coding rule 5).

    Raises:
        KnowledgeError: a row names an unknown type, mode or class. Rows of the packaged file that a codebook of other
            types has no use for are left out.
    """
    found: dict[tuple[str, str | None], list[Implied]] = {}
    for number, row in enumerate(knowledge.table("implied.csv"), start=2):
        act, more = (row["event_type"], row["mode"] or None), (row["implied_type"], row["implied_mode"] or None)
        where = f"knowledge/implied.csv line {number}"
        for name in (act, more):
            if name not in event_types() and "implied.csv" in knowledge.custom():
                raise KnowledgeError(f"{where}: '{name[0]}/{name[1] or ''}' is not in knowledge/event_types.csv")
        if act in event_types() and more in event_types():
            conditions = tuple(_condition(c.strip(), where) for c in row["when"].split(";") if c.strip())
            found.setdefault(act, []).append(
                Implied(conditions, *more, row["cameo"] or None, row["example"], row["near_miss"])
            )
    return {act: tuple(rows) for act, rows in found.items()}


@cache
def index() -> Mapping[tuple[str, str], tuple[Frame, ...]]:
    """(lemma, Universal POS) → frames, the most specific first, then file order."""
    found: dict[tuple[str, str], list[Frame]] = {}
    for frame in frames():
        for pos in PARTS[frame.pos]:
            found.setdefault((frame.lemma, pos), []).append(frame)
    return {key: tuple(sorted(rows, key=lambda f: -f.weight)) for key, rows in found.items()}


@cache
def nominals() -> Mapping[str, tuple[str, ...]]:
    """Noun → the verbs that it is made of: "imposition" → impose. Rows of ``knowledge/nominals.csv``.

    A noun without a frame of its own that fires means what its verb means, with the verb's object in its of-phrase and
    the verb's subject in its by-phrase. Words of a multiword verb are joined by ``_``.
    """
    found: dict[str, list[str]] = {}
    for row in knowledge.table("nominals.csv"):
        for noun in row["nouns"].split():
            found.setdefault(noun, []).append(row["verb"])
    return {noun: tuple(verbs) for noun, verbs in found.items()}


@cache
def frames_of_noun(noun: str) -> tuple[Frame, ...]:
    """The frames of the verbs that a noun is made of, the most specific first."""
    found = []
    for verb in nominals().get(noun, ()):
        lemma, *words = verb.split("_")
        found += [f for f in index().get((lemma, "VERB"), ()) if f.pos == "verb" and f.words == tuple(words)]
    return tuple(sorted(found, key=lambda f: -f.weight))


def check_frames() -> None:
    """Load everything that coding reads here, so that a mistake in it is told before anything is read.

    Raises:
        KnowledgeError: the first row that does not fit; the error gives file and line.
    """
    index()
    implied()
