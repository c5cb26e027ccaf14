"""Nouns that a light verb only helps to say: who pays a visit, and to whom."""

from __future__ import annotations

from pipeline.events.frames import Frame
from pipeline.events.slots import Slots
from pipeline.knowledge import classes
from pipeline.text import Participant


def light_subject(slots: Slots, frame: Frame) -> list[Participant]:
    """Who does what a light verb only helps to say: "X paid a visit", "X has imposed sanctions"."""
    cast, p, noun = slots.cast, slots.parse, slots.trigger
    verb = slots.light_verb()
    if verb is None:
        verb = cast.syntax.host(noun)
    talked = frame.event_type == "CONSULT" and bool(slots.heads("with"))  # "left after talks with"
    if verb is None or (slots.is_circumstance() and not talked) or _is_labelled(slots, verb):
        return []
    helps = p.lemma[verb] in classes()["@light"] or p.lemma[verb] in classes()["@motion"]
    if not (helps or _is_manner(slots) or _is_attended(slots, frame) or talked):
        return []  # "survivors described the attack" does not make it theirs
    if cast.syntax.is_passive(verb):  # "is set to embark on a tour, with visits to X"
        verb = next(iter(Slots(cast, verb).heads("xcomp")), verb)
    agent = cast.syntax.agent(verb)
    if agent is None or p.left[agent] <= noun < p.right[agent]:
        return []  # "the arrest of 46 men in raids led to …": the raids are part of what led to it
    return cast.at(agent, source=True)


def light_object(slots: Slots) -> list[Participant]:
    """The other party of a light verb: "paid a visit to X", "imposed sanctions on X", "gave X support"."""
    cast, p, noun, verb = slots.cast, slots.parse, slots.trigger, slots.light_verb()
    if verb is None:
        return []
    for c in p.children[verb]:
        if p.dep[c] == "dative" and p.pos[c] != "ADP" and (found := cast.at(c)):
            return found
    for word in ("against", "on", "with", "to", "at", "over", "for", "from"):
        for prep, head in cast.syntax.prepositions(verb):
            beside = head in cast.syntax.companions(verb)
            if prep == word and head != noun and not beside and (found := cast.at(head)):
                return found
    patient = cast.syntax.patient(verb)
    if patient is not None and patient != noun and p.head[noun] != verb:
        return cast.at(patient)
    return []


def _is_manner(slots: Slots) -> bool:
    """Whether the noun says in what spirit a verb is done: "sewed their lips together in protest at the law"."""
    p, t = slots.parse, slots.trigger
    bare = not any(p.dep[c] in ("det", "poss", "nummod") for c in p.children[t]) and p.tag[t] == "NN"
    return bare and p.dep[t] == "pobj" and p.lower[p.head[t]] == "in"


def _is_labelled(slots: Slots, verb: int) -> bool:
    """Whether the verb only says what the noun is: "called the attack cowardly" is no attack by who says so."""
    p, after = slots.parse, slots.parse.right[slots.trigger]
    said = (c for c in p.children[verb] if p.dep[c] == "oprd" or (p.dep[c] == "advmod" and c == after))
    return p.lemma[verb] in classes()["@labelling"] and next(said, None) is not None


def _is_attended(slots: Slots, frame: Frame) -> bool:
    """Whether the noun is a meeting that somebody is in: "spent the day in talks", "emerged from the summit"."""
    p, t = slots.parse, slots.trigger
    within = p.dep[t] == "pobj" and p.lower[p.head[t]] in classes()["@attending"]
    return within and frame.event_type == "CONSULT"
