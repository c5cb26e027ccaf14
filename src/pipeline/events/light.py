"""Nouns that a light verb only helps to say: who pays a visit, and to whom."""

from __future__ import annotations

from pipeline.events.frames import Frame, classes
from pipeline.events.participants import Cast
from pipeline.events.slots import Slots
from pipeline.text import Parse, Participant


class LightVerb:
    """The parties of a nominal trigger that stand at the verb which has it as object: "imposed sanctions on Mali"."""

    def __init__(self, slots: Slots, frame: Frame) -> None:
        self._slots = slots
        self._frame = frame
        self._cast: Cast = slots.cast
        self._parse: Parse = slots.parse
        self._trigger = slots.trigger

    def subject(self) -> list[Participant]:
        """Who does what a light verb only helps to say: "X paid a visit", "X has imposed sanctions"."""
        cast, p = self._cast, self._parse
        verb = self._slots.light_verb()
        if verb is None:
            verb = cast.syntax.host(self._trigger)
        talked = self._frame.event_type == "CONSULT" and bool(self._slots.heads("with"))  # "left after talks with"
        if verb is None or (self._slots.is_circumstance() and not talked) or self._is_labelled(verb):
            return []
        if not (
            p.lemma[verb] in classes()["@light"]
            or p.lemma[verb] in classes()["@motion"]
            or self._is_manner()
            or self._is_attended()
            or talked
        ):
            return []  # "survivors described the attack" does not make it theirs
        if cast.syntax.is_passive(verb):  # "is set to embark on a tour, with visits to X"
            verb = next(iter(Slots(cast, verb).heads("xcomp")), verb)
        agent = cast.syntax.agent(verb)
        if agent is None or p.left[agent] <= self._trigger < p.right[agent]:
            return []  # "the arrest of 46 men in raids led to …": the raids are part of what led to it
        return cast.at(agent, source=True)

    def _is_manner(self) -> bool:
        """Whether the noun says in what spirit a verb is done: "sewed their lips together in protest at the law"."""
        p, t = self._parse, self._trigger
        bare = not any(p.dep[c] in ("det", "poss", "nummod") for c in p.children[t]) and p.tag[t] == "NN"
        return bare and p.dep[t] == "pobj" and p.lower[p.head[t]] == "in"

    def _is_labelled(self, verb: int) -> bool:
        """Whether the verb only says what the noun is: "called the attack cowardly" is no attack by who says so."""
        p, after = self._parse, self._parse.right[self._trigger]
        said = (c for c in p.children[verb] if p.dep[c] == "oprd" or (p.dep[c] == "advmod" and c == after))
        return p.lemma[verb] in classes()["@labelling"] and next(said, None) is not None

    def _is_attended(self) -> bool:
        """Whether the noun is a meeting that somebody is in: "spent the day in talks", "emerged from the summit"."""
        p, t = self._parse, self._trigger
        within = p.dep[t] == "pobj" and p.lower[p.head[t]] in classes()["@attending"]
        return within and self._frame.event_type == "CONSULT"

    def object(self) -> list[Participant]:
        """The other party of a light verb: "paid a visit to X", "imposed sanctions on X", "gave X support"."""
        verb = self._slots.light_verb()
        syntax, p = self._cast.syntax, self._parse
        if verb is None:
            return []
        for c in p.children[verb]:
            if p.dep[c] == "dative" and p.pos[c] != "ADP" and (found := self._cast.at(c)):
                return found
        for word in ("against", "on", "with", "to", "at", "over", "for", "from"):
            for prep, head in syntax.prepositions(verb):
                beside = head in syntax.companions(verb)
                if prep == word and head != self._trigger and not beside and (found := self._cast.at(head)):
                    return found
        patient = syntax.patient(verb)
        if patient is not None and patient != self._trigger and p.head[self._trigger] != verb:
            return self._cast.at(patient)
        return []
