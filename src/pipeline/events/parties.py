"""Parties: which actors fill the roles of a frame that fired."""

from __future__ import annotations

from pipeline.events.frames import Frame, index
from pipeline.events.light import light_object, light_subject
from pipeline.events.participants import Cast
from pipeline.events.phrases import noun_phrase
from pipeline.events.slots import Slots
from pipeline.knowledge import classes
from pipeline.text import Parse, Participant

VERB_SOURCE = ("subj",)
VERB_TARGET = (
    *("obj", "iobj", "against", "with", "on", "to", "at", "of", "from", "over", "for", "into", "toward", "towards"),
    "comp",
)
NOUN_SOURCE = ("by", "poss", "mod", "light_subj", "from", "of", "between")
NOUN_TARGET = ("against", "anti", "on", "with", "to", "at", "between", "of", "over", "for", "light_obj", "comp")
ON_THE_GROUND = ("CONCEDE", "RETREAT", "AID", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")
"""Types whose target may be the place where they happen, when nobody else is named: a curfew in a town. A capital that
merely hosts talks is no party to them."""
OF_OPINION = ("ACCUSE", "PROTEST", "REJECT", "SUPPORT")
"""Types that are often about a thing: a vote, a law, a result. It stands as the target when it names nobody."""
ABOUT_THINGS = (*OF_OPINION, "ASSAULT", "COERCE")
"""Types whose target may be a thing: those of opinion, an attack on a bridge, a ban on a website."""
GIVEN = ("AGREE", "SUPPORT")
"""Types whose object is what somebody gives: his support, his promise."""
TO_OTHERS = (*GIVEN, "THREATEN")
"""Types whose target is never something that the source has: "warned that her country would respond"."""
MOVES = ("MOBILIZE", "PROTEST")
"""Types that are moves against somebody: where a place or thing is named, the purpose may say whom."""
NOUN_THING = ("against", "on", "at", "of")
VERB_THING = ("against",)
"""Where such a thing stands, beside the object of a verb: "a rally against the dam"."""
PARTNER = ("with", "between")
"""Where a further party stands when several sources act among themselves: "A and B met (with C)"."""


class Parties:
    """Fills the roles of one frame from the slots of its trigger."""

    def __init__(self, slots: Slots, frame: Frame) -> None:
        self._slots = slots
        self._frame = frame
        self._cast: Cast = slots.cast
        self._parse: Parse = slots.parse
        self._trigger = slots.trigger
        self._taken: list[Participant] = []

    def sources(self) -> list[Participant]:
        """The actors in the frame's source slots: the first slot that holds one."""
        for slot in self._frame.source or (VERB_SOURCE if self._slots.verbal else NOUN_SOURCE):
            if slot != "-" and (found := self._in(slot, source=True)):
                return found
        return self._behind_content()

    def _behind_content(self) -> list[Participant]:
        """Whose act a passive without agent is about: "EU sanctions on Chad were extended" are the EU's to extend."""
        patient = self._cast.syntax.patient(self._trigger)
        if not self._slots.heads("passive") or patient is None or not self._has_content():
            return []
        types = {f.event_type for f in index().get((self._parse.lemma[patient], "NOUN"), ())}
        if self._frame.event_type not in ("CONCEDE", "RETREAT", "MOBILIZE") and self._frame.event_type not in types:
            return []
        owners = [c for c in self._parse.children[patient] if self._parse.dep[c] == "poss"]
        return [q for c in owners for q in self._cast.at(c)] or self._cast.modifiers(patient) if types else []

    def _has_content(self) -> bool:
        """Whether the frame asks for an object that is what is sent, lifted or signed, and no party to it."""
        asked = any(c.wanted and c.lemmas and "obj" in c.slots for c in self._frame.conditions)
        return asked and "obj" not in self._frame.target

    def targets(self, taken: list[Participant]) -> list[Participant]:
        """The actors in the frame's target slots that are not ``taken`` as sources already."""
        self._taken = [*taken, *self._holders()]
        frame, verbal = self._frame, self._slots.verbal
        slots = frame.target or (VERB_TARGET if verbal else NOUN_TARGET)
        if slots == ("-",):
            return []
        if self._is_reciprocal():
            return taken[1:] + taken[:1] if len(taken) > 1 else []
        if self._is_thing_blamed():
            blamed = [q for h in self._slots.heads("obj") for q in self._cast.at(h, deep=False)]
            return self._not_again(blamed) or self._thing("obj")
        visited = frame.mode == "visit" and bool(frame.target)  # the host of several guests is not one of them
        mutual = len(taken) > 1 and ((frame.event_type == "CONSULT" and not visited) or slots[0] == "with")
        for slot in PARTNER if mutual else slots:
            if found := self._not_again(self._in(slot, source=False, named=bool(frame.target))):
                return found if slot == "against" else self._against(found)
        if mutual or (not verbal and not taken):
            return []
        settings = frame.event_type in ON_THE_GROUND
        if not verbal:
            return self._inside(settings) or self._thing(*NOUN_THING)
        content = self._has_content()
        if content:
            self._taken = [*taken, *(q for h in self._slots.heads("obj") for q in self._cast.at(h, deep=False))]
            if frame.target and frame.event_type in GIVEN:  # "conveyed Oslo's support for Chad" is not for Oslo
                owned = [c for h in self._slots.heads("obj") for c in self._parse.children[h]]
                self._taken += [q for c in owned if self._parse.dep[c] == "poss" for q in self._cast.at(c)]
        for slot in ("obj", "comp"):
            if found := self._not_again(self._in(slot, source=False)):
                return found
        if found := self._inside(settings) or self._condition() or self._addressed():
            return self._against(found)
        return self._against(self._thing(*(VERB_THING if content else ("obj", *VERB_THING))) if taken else [])

    def _is_reciprocal(self) -> bool:
        """Whether the sources are one another's targets, each: "Chad and Niger accused each other"."""
        p = self._parse
        words = (f"{p.lower[h - 1]} {p.lower[h]}" for h in self._slots.heads("obj") if h > 0)
        return not classes()["@reciprocal"].isdisjoint(words)

    def _is_thing_blamed(self) -> bool:
        """Whether a thing is said to do something: "accused the law of hurting farmers" has nothing against them."""
        deeds = [h for word, h in self._slots.prepositions if word == "of" and self._parse.tag[h] == "VBG"]
        return bool(deeds and self._slots.verbal and self._slots.heads("obj")) and self._frame.event_type in OF_OPINION

    def _holders(self) -> list[Participant]:
        """Whose a deed is beside who does it: "the minister repeated the commitment of the army"."""
        if self._slots.verbal or not self._frame.target:
            return []
        slots = [s for s in ("of", "poss") if s in self._frame.source and s not in self._frame.target]
        return [q for slot in slots for head in self._slots.heads(slot) for q in self._cast.at(head, deep=False)]

    def _thing(self, *slots: str) -> list[Participant]:
        """A thing itself when nobody is in sight: the vote that was boycotted, as printed and uncoded."""
        p = self._parse
        if self._frame.event_type not in ABOUT_THINGS:
            return []
        first, last = self._slots.span(self._frame) or (self._trigger, self._trigger + 1)
        heads = (h for slot in slots for h in self._slots.heads(slot))
        head = next((h for h in heads if not first <= h < last), None)  # the fire of "opened fire" is not fired at
        if head is None and self._frame.event_type == "REJECT":  # "refused to recognise the vote"
            inner = (self._cast.syntax.patient(c) for c in self._slots.heads("xcomp"))
            head = next((h for h in inner if h is not None), None)
        if head is None or p.tag[head] not in ("NN", "NNS", "NNP", "NNPS"):
            return []
        return self._cast.without([Participant(head, *noun_phrase(p, head))], self._taken)

    def _addressed(self) -> list[Participant]:
        """Whom something is said to for which he is called or visited: "phoned the king to convey his support"."""
        p, at = self._parse, self._trigger
        up = p.head[at]
        said = p.lemma[at] in classes()["@expressing"] and p.lemma[up] in classes()["@channel"]
        if not said or p.dep[at] not in ("advcl", "xcomp") or p.pos[up] != "VERB":
            return []
        return self._not_again(self._cast.at(self._cast.syntax.patient(up)))

    def _condition(self) -> list[Participant]:
        """Who has to move first: "will not lift the embargo until Cuba holds elections" concerns Cuba."""
        p = self._parse
        for c in p.children[self._trigger]:
            marks = [p.lower[g] for g in p.children[c] if p.dep[g] == "mark"]
            threat = self._frame.event_type == "THREATEN" and "if" in marks
            bound = threat or not classes()["@until"].isdisjoint(marks)
            if p.dep[c] == "advcl" and bound and (found := self._not_again(self._in_clause(c))):
                return found
        return []

    def _not_again(self, found: list[Participant]) -> list[Participant]:
        """Without those taken already and without words that refer back to them, such as "the two countries"."""
        cast = self._cast
        clusters = {m.cluster for q in self._taken if (m := cast.mention(q.head)) and m.cluster >= 0}
        return [
            q
            for q in cast.without(found, self._taken)
            if not self._is_all_taken(q) and ((m := cast.mention(q.head)) is None or m.cluster not in clusters)
        ]

    def _is_all_taken(self, party: Participant) -> bool:
        """Whether "the two countries", "both sides" are the two that act, and nobody else."""
        words = self._parse.lower[party.start : party.head]
        return (
            len(self._taken) == 2 and not classes()["@pair"].isdisjoint(words) and self._parse.tag[party.head] == "NNS"
        )

    def _others(self, found: list[Participant]) -> list[Participant]:
        """Those in a complement that are neither taken nor what somebody taken has."""
        return [q for q in self._not_again(found) if not self._is_own(q.head)]

    def _against(self, found: list[Participant]) -> list[Participant]:
        """Whom forces or a crowd are to stop, not the place or thing found: "sent ships to the Gulf to deter X".

        Forces always; a crowd where nobody is found who can act.
        """
        cast, p, kind = self._cast, self._parse, self._frame.event_type
        if kind not in MOVES or (kind == "PROTEST" and any(cast.is_actor(q.head) for q in found)):
            return found
        below = [self._trigger, *self._slots.heads("obj"), *(h for _, h in self._slots.prepositions)]
        for verb in (c for t in below for c in p.children[t] if p.dep[c] in ("advcl", "xcomp", "acl", "relcl")):
            if p.lemma[verb] in classes()["@countering"] and cast.syntax.is_infinitive(verb):
                return self._others(self._in_clause(verb)) or found
        return found

    def _inside(self, settings: bool) -> list[Participant]:
        """The nearest actor anywhere below the trigger; nobody promises or threatens what he has himself."""
        barred = list(self._taken)
        while found := self._cast.inside(self._trigger, barred, settings=settings):
            if self._frame.event_type not in TO_OTHERS or not all(self._is_own(q.head) for q in found):
                return found
            barred += found
        return []

    def _is_own(self, noun: int) -> bool:
        """Whether the noun is only something that one of those taken has: "agreed to withdraw its troops"."""
        cast, p = self._cast, self._parse
        owner = next((c for c in p.children[noun] if p.tag[c] == "PRP$"), None)
        if owner is None or (m := cast.mention(owner)) is None or m.cluster < 0:
            return owner is not None  # whose else would it be
        if any((t := cast.mention(q.head)) is not None and t.cluster == m.cluster for q in self._taken):
            return True  # and the soldiers of her country are as much hers
        return any(head < noun and self._is_own(head) for head in cast.heads(m.cluster))

    def _in(self, slot: str, *, source: bool, named: bool = False) -> list[Participant]:
        cast, p = self._cast, self._parse
        if slot == "mod":
            return cast.modifiers(self._trigger)
        if slot == "anti":
            return cast.opposed(self._trigger)
        if slot == "light_subj":
            return light_subject(self._slots, self._frame)
        if slot == "light_obj":
            return light_object(self._slots)
        if slot == "comp":
            return self._in_complement()
        found: list[Participant] = []
        for head in self._slots.heads(slot):
            if p.pos[head] in ("VERB", "AUX"):
                if not source:
                    found += self._in_clause(head)
                continue
            if (
                slot in classes()["@locative"]
                and not named
                and slot not in ("over", "within", "at")
                and cast.is_place(head)
            ):
                continue
            if slot == "with" and p.lemma[head] in classes()["@instrument"]:
                continue  # "shelled the town with mortars"
            parties = cast.at(head, source=source, barred=self._taken)
            if not source and slot == "obj" and self._frame.event_type in OF_OPINION and (parties or named):
                parties = [q for q in parties if not cast.in_clause(q.head, head, ("relcl",))] or self._thing("obj")
            by = p.dep[p.head[head]] == "agent"  # "dropped by the state": nobody stands behind a by-phrase
            if source and not parties and not by and (holder := cast.syntax.holder(head)) is not None:
                parties = cast.at(holder, source=True)  # "signed a decree granting …": the decree is the signer's
            found += parties
        return list(dict.fromkeys(found))

    def _in_complement(self) -> list[Participant]:
        """Whom a promise, demand or accusation concerns: the target of the act inside it, where it is one."""
        p = self._parse
        for head in self._slots.heads("comp"):
            slots = Slots(self._cast, head)
            frame = next((f for f in index().get((p.lemma[head], p.pos[head]), ()) if slots.fires(f)), None)
            if frame is not None and frame.target != ("-",):
                inner = Parties(slots, frame)
                inner._taken = list(self._taken)
                doers = inner.sources()
                if doers and (beyond := self._not_again(doers)):
                    return beyond  # "called on X to help Y" concerns X
                if found := self._others(inner.targets([*doers, *self._taken])):
                    return found
            if found := self._in_clause(head):
                return found
        return []

    def _in_clause(self, verb: int) -> list[Participant]:
        """Whom a complement clause is about: its own subject, else its object, else its phrases, else deeper."""
        p, cast, at = self._parse, self._cast, verb
        for _ in range(3):
            for c in p.children[at]:
                if p.dep[c] in ("nsubj", "nsubjpass") and (found := self._others(cast.at(c, barred=self._taken))):
                    return found
            patient = cast.syntax.patient(at)
            if patient is not None and (found := self._others(cast.at(patient, barred=self._taken))):
                return found
            for _, head in cast.syntax.prepositions(at):
                if p.pos[head] not in ("VERB", "AUX") and (found := self._others(cast.at(head, barred=self._taken))):
                    return found
            deeper = [
                c for c in p.children[at] if p.dep[c] in ("xcomp", "ccomp", "advcl", "conj") and p.pos[c] == "VERB"
            ]
            if not deeper:
                return []
            at = deeper[0]
        return []
