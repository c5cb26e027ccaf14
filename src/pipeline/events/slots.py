"""Slots: what stands in each grammatical position of a trigger, and whether a frame's conditions hold there."""

from __future__ import annotations

from pipeline.events.frames import Condition, Frame, classes, index
from pipeline.events.participants import LOCATIVE, Cast
from pipeline.text import Parse, Participant

VERB_SOURCE = ("subj",)
VERB_TARGET = (
    "obj",
    "iobj",
    "against",
    "with",
    "on",
    "to",
    "at",
    "of",
    "from",
    "over",
    "for",
    "into",
    "toward",
    "towards",
    "comp",
)
NOUN_SOURCE = ("by", "poss", "mod", "light_subj", "from", "of", "between")
NOUN_TARGET = ("against", "on", "with", "to", "at", "between", "of", "over", "for", "light_obj", "comp")
ON_THE_GROUND = ("CONCEDE", "RETREAT", "AID", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")
"""Types whose target may be the place where they happen, when nobody else is named: a curfew in a town. A capital that
merely hosts talks is no party to them."""
OF_OPINION = ("ACCUSE", "PROTEST", "REJECT", "SUPPORT")
"""Types that are often about a thing: a vote, a law, a result. It stands as the target when it names nobody."""
PARTNER = ("with", "between")
"""Where a further party stands when several sources act among themselves: "A and B met (with C)"."""


class Slots:
    """The slots of one trigger, filled when first asked for. Values are head tokens."""

    def __init__(self, cast: Cast, trigger: int) -> None:
        self._cast = cast
        self._parse: Parse = cast.parse
        self._trigger = trigger
        self.verbal = cast.parse.pos[trigger] in ("VERB", "AUX")
        self.adjectival = cast.parse.pos[trigger] in ("ADJ", "ADV")
        self._taken: list[Participant] = []
        self._prepositions: list[tuple[str, int]] | None = None
        self._heads: dict[str, list[int]] = {}

    @property
    def prepositions(self) -> list[tuple[str, int]]:
        """(preposition, object) pairs of the trigger and, for a verb, of its object: "declared a truce with X"."""
        if self._prepositions is None:
            syntax = self._cast.syntax
            self._prepositions = list(syntax.prepositions(self._trigger))
            if not self.verbal:  # "the arrest of X by Y": the model hangs Y on X
                theirs = [h for word, h in self._prepositions if word == "of"]
                self._prepositions += [pair for h in theirs for pair in syntax.prepositions(h) if pair[0] == "by"]
            patient = syntax.patient(self._trigger) if self.verbal else None
            if patient is not None and patient > self._trigger:
                self._prepositions += syntax.prepositions(patient)
            # "called the envoy on Friday" is no "called on"
            self._prepositions = [pair for pair in self._prepositions if not self._cast.is_time(pair[1])]
        return self._prepositions

    def light_verb(self) -> int | None:
        """The verb that has the nominal trigger as object or passive subject: "hold talks"."""
        p = self._parse
        at = self._trigger
        while p.dep[at] == "conj" and p.head[at] != at:
            at = p.head[at]
        up = p.head[at]
        if p.pos[up] in ("VERB", "AUX"):
            return (
                up
                if p.dep[at] in ("dobj", "nsubjpass", "attr")
                or (p.dep[at] == "nsubj" and p.lemma[up] in classes()["@taking_place"])
                else None
            )
        if p.dep[at] == "pobj" and p.dep[up] == "prep" and p.pos[p.head[up]] in ("VERB", "AUX"):
            return p.head[up]
        return None

    def heads(self, slot: str) -> list[int]:
        """Head tokens in a slot; empty when it is not there."""
        if slot not in self._heads:
            self._heads[slot] = self._find(slot)
        return self._heads[slot]

    def _find(self, slot: str) -> list[int]:
        p, t, syntax = self._parse, self._trigger, self._cast.syntax
        if slot == "subj":
            if p.pos[t] == "ADJ":  # "is willing": the subject is the copula's
                return _listed(syntax.agent(p.head[t])) if p.dep[t] in ("acomp", "oprd", "conj") else []
            return _listed(syntax.agent(t))
        if slot == "obj":
            return _listed(syntax.patient(t))
        if slot == "iobj":
            return [c for c in p.children[t] if p.dep[c] == "dative" and p.pos[c] != "ADP"]
        if slot == "xcomp":
            return [
                c
                for c in p.children[t]
                if p.dep[c] in ("xcomp", "ccomp", "advcl", "acl")
                and p.tag[c] in ("VB", "VBN")
                and any(p.lower[g] == "to" for g in p.children[c])
            ]
        if slot == "ccomp":
            return [
                c
                for c in p.children[t]
                if p.dep[c] in ("ccomp", "acl", "relcl") and p.tag[c] != "VBG" and c not in self.heads("xcomp")
            ]
        if slot == "ing":
            found = [c for c in p.children[t] if p.dep[c] in ("xcomp", "advcl", "ccomp", "acl") and p.tag[c] == "VBG"]
            return found + [h for _, h in self.prepositions if p.tag[h] == "VBG"]
        if slot == "comp":
            return [*self.heads("ccomp"), *self.heads("xcomp"), *self.heads("ing")]
        if slot == "passive":
            return [t] if self.verbal and syntax.is_passive(t) else []
        if slot == "neg":
            return [c for c in p.children[t] if p.dep[c] == "neg" or p.lower[c] == "no"]
        if slot == "mod":
            return [
                g
                for c in p.children[t]
                if p.dep[c] in ("amod", "compound", "nmod", "poss", "nummod")
                for g in (c, *p.children[c])
                if g == c or p.dep[g] in ("compound", "amod", "conj")
            ]
        if slot == "poss":
            return [c for c in p.children[t] if p.dep[c] == "poss"]
        if slot == "modal":
            return [g for c in self.heads("ccomp") for g in p.children[c] if p.dep[g] == "aux"]
        if slot == "host":
            return _listed(syntax.host(t))
        if slot == "prt":
            return [
                c for c in p.children[t] if p.dep[c] == "prt" or (p.dep[c] == "advmod" and p.pos[c] in ("ADP", "ADV"))
            ]
        return [h for word, h in self.prepositions if word == slot]

    def holds(self, condition: Condition) -> bool:
        """Whether one condition of a frame holds."""
        p = self._parse
        heads = [h for slot in condition.slots for h in self.heads(slot)]
        if not (condition.lemmas or condition.actor or condition.place):
            return bool(heads) == condition.wanted
        met = False
        for head in heads:
            spread = self._cast.syntax.conjuncts(head) if p.pos[head] in ("NOUN", "PROPN", "PRON", "NUM") else [head]
            for noun in spread:
                real = self._cast.syntax.through_partitives(noun)
                met |= condition.place and self._is_place(noun)
                met |= condition.actor and self._cast.is_actor(real)
                met |= not condition.lemmas.isdisjoint({*_names(p, noun), *_names(p, real)})
        return met == condition.wanted

    def fires(self, frame: Frame) -> bool:
        """Whether the words of a multiword frame are there and all its conditions hold."""
        return (not frame.words or self.span(frame) is not None) and all(self.holds(c) for c in frame.conditions)

    def span(self, frame: Frame) -> tuple[int, int] | None:
        """Token range of the trigger with its further words, or None when they are not there."""
        p, t = self._parse, self._trigger
        if not frame.words:
            return t, t + 1
        if frame.pos == "noun":
            first = t - len(frame.words)
            if first >= 0 and all(w in (p.lemma[first + i], p.lower[first + i]) for i, w in enumerate(frame.words)):
                return first, t + 1
            return None
        last = t
        for word in frame.words:
            near = [c for c in p.children[t] if c > t and (p.lower[c] == word or p.lemma[c] == word)]
            follows = last + 1 < len(p) and word in (p.lower[last + 1], p.lemma[last + 1])
            if follows:
                last += 1
            elif near and p.dep[near[0]] in (
                "prt",
                "prep",
                "advmod",
                "dobj",
                "acomp",
                "oprd",
                "agent",
                "attr",
                "xcomp",
                "npadvmod",
            ):
                last = max(last, near[0])
            elif last > t and (deeper := [c for c in p.children[last] if p.lower[c] == word or p.lemma[c] == word]):
                last = max(last, deeper[0])
            else:
                return None
        # a particle far away leaves the verb alone as the span to show
        return (t, last + 1) if last - t <= 3 else (t, t + 1)

    def sources(self, frame: Frame) -> list[Participant]:
        """The actors in the frame's source slots: the first slot that holds one."""
        return self._first(frame.source or (VERB_SOURCE if self.verbal else NOUN_SOURCE), source=True)

    def targets(self, frame: Frame, taken: list[Participant]) -> list[Participant]:
        """The actors in the frame's target slots that are not sources already."""
        self._taken = taken
        slots = frame.target or (VERB_TARGET if self.verbal else NOUN_TARGET)
        if slots == ("-",):
            return []
        mutual = len(taken) > 1 and (frame.event_type == "CONSULT" or slots[0] == "with")
        for slot in PARTNER if mutual else slots:
            if found := self._not_again(self._in(slot, source=False, named=bool(frame.target)), taken):
                return found
        if mutual or (not self.verbal and not taken):
            return []
        if not self.verbal:
            return self._cast.inside(self._trigger, taken, settings=frame.event_type in ON_THE_GROUND)
        # an object that the frame asks for is what is sent, lifted or signed, and no party to it
        content = any(c.wanted and c.lemmas and "obj" in c.slots for c in frame.conditions)
        barred = (
            [*taken, *(q for head in self.heads("obj") for q in self._cast.at(head, deep=False))] if content else taken
        )
        for slot in ("obj", "comp"):
            if found := self._not_again(self._in(slot, source=False), barred):
                return found
        found = self._cast.inside(self._trigger, barred, settings=frame.event_type in ON_THE_GROUND)
        return found or (self._thing(taken) if taken and not content and frame.event_type in OF_OPINION else [])

    def _thing(self, taken: list[Participant]) -> list[Participant]:
        """The direct object itself when nobody is in sight: the vote that was boycotted, as printed and uncoded."""
        p, syntax = self._parse, self._cast.syntax
        patient = syntax.patient(self._trigger)
        if patient is None or p.tag[patient] not in ("NN", "NNS", "NNP", "NNPS"):
            return []
        return self._cast.without([Participant(patient, *syntax.noun_phrase(patient))], taken)

    def _not_again(self, found: list[Participant], taken: list[Participant]) -> list[Participant]:
        """Without those taken already and without words that refer back to them."""
        cast = self._cast
        clusters = {m.cluster for q in taken if (m := cast.mention(q.head)) and m.cluster >= 0}
        return [
            q for q in cast.without(found, taken) if (m := cast.mention(q.head)) is None or m.cluster not in clusters
        ]

    def _first(self, slots: tuple[str, ...], *, source: bool) -> list[Participant]:
        for slot in slots:
            if slot != "-" and (found := self._in(slot, source=source)):
                return found
        return []

    def _in(self, slot: str, *, source: bool, named: bool = False) -> list[Participant]:
        cast, p = self._cast, self._parse
        if slot == "mod":
            return cast.modifiers(self._trigger)
        if slot == "light_subj":
            verb = self.light_verb()
            if verb is None:
                verb = cast.syntax.host(self._trigger)
            if verb is None or not (p.lemma[verb] in classes()["@light"] or p.lemma[verb] in classes()["@motion"]):
                return []  # "survivors described the attack" does not make it theirs
            if cast.syntax.is_passive(verb):  # "is set to embark on a tour, with visits to X"
                verb = next(iter(Slots(cast, verb).heads("xcomp")), verb)
            agent = cast.syntax.agent(verb)
            if agent == self._trigger:
                return []
            return cast.at(agent, source=True)
        if slot == "light_obj":
            return self._light_object()
        if slot == "comp":
            return self._in_complement()
        found: list[Participant] = []
        for head in self.heads(slot):
            if p.pos[head] in ("VERB", "AUX"):
                if not source:
                    found += self._in_clause(head)
                continue
            if slot in LOCATIVE and not named and slot not in ("over", "within", "at") and self._is_place(head):
                continue
            parties = cast.at(head, source=source, barred=self._taken)
            if source and not parties and (holder := cast.syntax.holder(head)) is not None:
                parties = cast.at(holder, source=True)  # "signed a decree granting …": the decree is the signer's
            found += parties
        return list(dict.fromkeys(found))

    def _is_place(self, head: int) -> bool:
        mention = self._cast.mention(head)
        return mention is not None and mention.kind == "name" and mention.label in ("GPE", "LOC", "FAC")

    def _light_object(self) -> list[Participant]:
        """The other party of a light verb: "paid a visit to X", "imposed sanctions on X", "gave X support"."""
        verb = self.light_verb()
        if verb is None:
            return []
        syntax, p = self._cast.syntax, self._parse
        for c in p.children[verb]:
            if p.dep[c] == "dative" and p.pos[c] != "ADP" and (found := self._cast.at(c)):
                return found
        for word in ("against", "on", "with", "to", "at", "over", "for", "from"):
            for prep, head in syntax.prepositions(verb):
                if prep == word and head != self._trigger and (found := self._cast.at(head)):
                    return found
        patient = syntax.patient(verb)
        if patient is not None and patient != self._trigger and p.head[self._trigger] != verb:
            return self._cast.at(patient)
        return []

    def _in_complement(self) -> list[Participant]:
        """Whom a promise, demand or accusation concerns: the target of the act inside it, where it is one."""
        p = self._parse
        for head in self.heads("comp"):
            inner = Slots(self._cast, head)
            frame = next((f for f in index().get((p.lemma[head], p.pos[head]), ()) if inner.fires(f)), None)
            if frame is not None and frame.target != ("-",):
                doers = inner.sources(frame)
                if doers and (beyond := self._not_again(doers, self._taken)):
                    return beyond  # "called on X to help Y" concerns X
                if found := self._not_again(inner.targets(frame, [*doers, *self._taken]), self._taken):
                    return found
            if found := self._in_clause(head):
                return found
        return []

    def _in_clause(self, verb: int) -> list[Participant]:
        """Whom a complement clause is about: its own subject, else its object, else its phrases, else deeper."""
        p, cast, at = self._parse, self._cast, verb
        for _ in range(3):
            for c in p.children[at]:
                if p.dep[c] in ("nsubj", "nsubjpass") and (found := cast.at(c)):
                    return found
            patient = cast.syntax.patient(at)
            if patient is not None and (found := cast.at(patient)):
                return found
            for _, head in cast.syntax.prepositions(at):
                if p.pos[head] not in ("VERB", "AUX") and (found := cast.at(head)):
                    return found
            deeper = [
                c for c in p.children[at] if p.dep[c] in ("xcomp", "ccomp", "advcl", "conj") and p.pos[c] == "VERB"
            ]
            if not deeper:
                return []
            at = deeper[0]
        return []


def _names(parse: Parse, token: int) -> list[str]:
    """What a word may be called in a condition: lemma, form, and the compound or hyphenated word that it ends."""
    lemma = parse.lemma[token]
    names = [lemma, parse.lower[token]]
    if token > 1 and parse.word[token - 1] == "-":
        names.append(f"{parse.lower[token - 2]}-{lemma}")
    names += [f"{parse.lemma[c]} {lemma}" for c in parse.children[token] if parse.dep[c] in ("compound", "amod")]
    return names


def _listed(token: int | None) -> list[int]:
    return [] if token is None else [token]
