"""Slots: what stands in each grammatical position of a trigger, and whether a frame's conditions hold there."""

from __future__ import annotations

from pipeline.events.clauses import is_for_to, is_imperative, is_subjunctive
from pipeline.events.frames import Condition, Frame
from pipeline.events.participants import Cast
from pipeline.knowledge import classes
from pipeline.text import Parse

OF_NOUNS = ("by", "between", "with", "to", "from", "against")
"""Prepositions whose phrase belongs to a nominal even where it hangs on the object of its "of"."""


class Slots:
    """The slots of one trigger, filled when first asked for. Values are head tokens."""

    def __init__(self, cast: Cast, trigger: int, deverbal: bool = False) -> None:
        self.cast = cast
        self.parse: Parse = cast.parse
        self.trigger = trigger
        self.deverbal = deverbal
        self.verbal = cast.parse.pos[trigger] in ("VERB", "AUX")
        self.adjectival = cast.parse.pos[trigger] in ("ADJ", "ADV")
        self._prepositions: list[tuple[str, int]] | None = None
        self._heads: dict[str, list[int]] = {}

    @property
    def prepositions(self) -> list[tuple[str, int]]:
        """(preposition, object) pairs of the trigger and, for a verb, of its object: "declared a truce with X"."""
        if self._prepositions is None:
            syntax = self.cast.syntax
            self._prepositions = list(syntax.prepositions(self.trigger))
            if not self.verbal:  # "the arrest of X by Y", "the exchange of data with Y": the model hangs Y on X
                theirs = [h for word, h in self._prepositions if word == "of"]
                self._prepositions += [pair for h in theirs for pair in syntax.prepositions(h) if pair[0] in OF_NOUNS]
                verb = syntax.host(self.trigger)
                if verb is not None and syntax.is_passive(verb):  # "convicted of genocide by a court"
                    self._prepositions = [pair for pair in self._prepositions if pair[1] != syntax.agent(verb)]
                verb = self.light_verb()
                if verb is not None and (
                    self.parse.lemma[verb]
                    in (classes()["@light"] if verb < self.trigger else classes()["@taking_place"])
                ):
                    # "announced the deployment of troops to Chad": the model hangs the rest on the light verb
                    self._prepositions += [pair for pair in syntax.prepositions(verb) if pair[1] > self.trigger]
            patient = syntax.patient(self.trigger) if self.verbal else None
            if patient is not None and patient > self.trigger:
                near = list(syntax.prepositions(patient))  # "sent a team of experts to Chad"
                deep = [pair for word, h in near if word == "of" for pair in syntax.prepositions(h)]
                self._prepositions += [*near, *(pair for pair in deep if pair[0] in ("to", "against", "for"))]
            if patient is not None and patient < self.trigger:  # "sanctions on Chad were extended"
                near = list(syntax.prepositions(patient))
                self._prepositions += [pair for pair in near if pair[0] in ("on", "against", "with", "to", "for")]
            if self.verbal:  # "have been on strike against the firm"
                settings = classes()["@locative"]  # "protested in Manama against the king"
                own = [h for w, h in syntax.prepositions(self.trigger) if w in settings or not self.cast.is_actor(h)]
                deep = [pair for h in own for pair in syntax.prepositions(h) if pair[0] in ("against", "over", "with")]
                self._prepositions += [pair for pair in deep if pair not in self._prepositions]
            # "called the envoy on Friday" is no "called on"
            self._prepositions = [
                pair for pair in self._prepositions if pair[0] in ("to", "until") or not self.cast.is_time(pair[1])
            ]  # but "to three years in prison"
        return self._prepositions

    def light_verb(self) -> int | None:
        """The verb that has the nominal trigger as object or passive subject: "hold talks"."""
        p = self.parse
        at = self.trigger
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
        if p.dep[at] == "pobj" and p.dep[up] == "prep":
            owner = p.head[p.head[up]] if p.pos[p.head[up]] == "ADP" else p.head[up]  # "walked out of talks"
            return owner if p.pos[owner] in ("VERB", "AUX") else None
        return None

    def heads(self, slot: str) -> list[int]:
        """Head tokens in a slot; empty when it is not there."""
        if slot not in self._heads:
            self._heads[slot] = self._find(slot)
        return self._heads[slot]

    def _find(self, slot: str) -> list[int]:
        p, t, syntax = self.parse, self.trigger, self.cast.syntax
        if self.deverbal and slot in ("subj", "obj"):
            return self._of_noun(slot)
        if slot == "subj":
            if p.pos[t] == "ADJ":  # "is willing": the subject is the copula's
                return _listed(syntax.agent(p.head[t])) if p.dep[t] in ("acomp", "oprd", "conj") else []
            first = syntax.agent(t)
            if first not in p.children[t] or syntax.is_passive(t):
                return _listed(first)
            # "Ruiz, Mora discuss trade"; "Kenya, along with Uganda, condemned …"
            more = [c for c in p.children[t] if p.dep[c] == "nsubj" and c != first and not syntax.is_excluded(c)]
            return [first, *more, *(h for h in syntax.companions(t) if h < t)]
        if slot in ("obj", "iobj") and syntax.child(t, "nsubjpass") is not None and (given := syntax.child(t, "dobj")):
            return [given] if slot == "obj" else _listed(syntax.patient(t))  # "refugees were given land"
        if slot == "obj":
            return _listed(syntax.patient(t))
        if slot == "iobj":
            recipients = [c for c in p.children[t] if p.dep[c] == "dobj" and c != syntax.patient(t)]
            return recipients + [c for c in p.children[t] if p.dep[c] == "dative" and p.pos[c] != "ADP"]
        if slot == "xcomp":
            patient = syntax.patient(t) if self.verbal else None
            thing = patient is not None and not self.cast.is_actor(patient)  # "reserved the right to respond"
            return [
                c
                for c in (*p.children[t], *(p.children[patient] if patient is not None and thing else ()))
                if p.dep[c] in ("xcomp", "ccomp", "advcl", "acl")
                and p.tag[c] in ("VB", "VBN")
                and (syntax.is_infinitive(c) or (p.dep[c] == "xcomp" and p.tag[c] == "VB"))
            ]
        if slot == "ccomp":
            return self.heads("for_to") + [
                c
                for c in p.children[t]
                if p.dep[c] in ("ccomp", "acl", "relcl")
                and (p.tag[c] != "VBG" or any(p.lemma[g] == "be" and p.dep[g] == "aux" for g in p.children[c]))
                and c not in self.heads("xcomp")
            ]
        if slot == "for_to":
            return [c for c in p.children[t] if p.dep[c] == "advcl" and is_for_to(p, c)]
        if slot == "cpassive":
            return [c for c in self.heads("ccomp") if syntax.is_passive(c)]
        if slot == "ing":
            found = [c for c in p.children[t] if p.dep[c] in ("xcomp", "advcl", "ccomp", "acl") and p.tag[c] == "VBG"]
            return found + [h for _, h in self.prepositions if p.tag[h] == "VBG"]
        if slot == "comp":
            return [*self.heads("ccomp"), *self.heads("xcomp"), *(h for h in self.heads("ing") if not self.is_aside(h))]
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
        if slot == "sentence":
            first, last = p.sentences[p.sentence[t]]
            return [i for i in range(first, last) if p.pos[i] in ("NOUN", "VERB", "PROPN") and i != t]
        if slot == "objmod":
            return [c for h in self.heads("obj") for c in p.children[h] if p.dep[c] in ("amod", "compound")]
        if slot == "poss":
            own = [c for c in p.children[t] if p.dep[c] in ("poss", "det")]
            if not own and p.dep[t] == "conj":  # "his meeting with the king and calls for peace"
                own = [c for c in p.children[p.head[t]] if p.dep[c] == "poss"]
            return [c for c in own if p.dep[c] == "poss"]
        if slot == "subjunctive":
            return [
                c
                for c in self.heads("ccomp")
                if is_subjunctive(p, c) or (p.tag[c] == "VB" and not any(p.dep[g] == "aux" for g in p.children[c]))
            ]
        if slot == "light_subj":
            verb = self.light_verb() or syntax.host(t)
            return _listed(syntax.agent(verb)) if verb is not None else []
        if slot == "oprd":
            objects = [c for c in p.children[t] if p.dep[c] == "dobj"]
            found = [c for c in p.children[t] if p.dep[c] in ("oprd", "acomp", "attr")]
            # "found them guilty", "branded him a puppet": an adjective after its noun, a second object
            return found + objects[1:] + [g for c in objects for g in p.children[c] if g > c and p.dep[g] == "amod"]
        if slot == "imperative":
            return [c for c in self.heads("ccomp") if c < t and is_imperative(p, c)]
        if slot == "csubj":
            return [g for c in self.heads("ccomp") for g in p.children[c] if p.dep[g] in ("nsubj", "nsubjpass")]
        if slot == "cneg":
            nobody = [
                g for c in self.heads("csubj") for g in (c, *p.children[c]) if p.lower[g] in ("no", "nobody", "none")
            ]
            return nobody + [g for c in self.heads("ccomp") for g in p.children[c] if p.dep[g] == "neg"]
        if slot == "cpred":
            return [g for c in self.heads("ccomp") for g in p.children[c] if p.dep[g] in ("acomp", "attr")]
        if slot == "modal":
            return [g for c in self.heads("ccomp") for g in p.children[c] if p.dep[g] == "aux"]
        if slot == "trigger":
            return [t]
        if slot == "host":
            return _listed(syntax.host(t))
        if slot == "prt":
            return [
                c for c in p.children[t] if p.dep[c] == "prt" or (p.dep[c] == "advmod" and p.pos[c] in ("ADP", "ADV"))
            ]
        return [h for word, h in self.prepositions if word == slot]

    def _of_noun(self, slot: str) -> list[int]:
        """The verb's subject and object as a noun has them: "the arming of rebels by Chad", "Chad's arming of"."""
        objects, doers = self.heads("of"), self.heads("by")
        owners = self.heads("poss")
        if slot == "obj":
            return objects or (owners if doers else [])
        return doers or (owners if objects else [])

    def is_aside(self, verb: int) -> bool:
        """Whether a participle is set off by a comma and names no opponent: "boycotted the vote, citing fraud"."""
        p = self.parse
        apart = p.dep[verb] == "advcl" and p.tag[verb] == "VBG" and "," in p.word[self.trigger : verb]
        return apart and p.lemma[verb] not in classes()["@opposing"]

    def holds(self, condition: Condition) -> bool:
        """Whether one condition of a frame holds."""
        p = self.parse
        heads = [h for slot in condition.slots for h in self.heads(slot)]
        if not condition.wanted and "xcomp" in condition.slots:  # what hangs on the object excludes nothing
            heads = [h for h in heads if p.head[h] == self.trigger]
        if not (condition.lemmas or condition.actor or condition.place or condition.several):
            return bool(heads) == condition.wanted
        met = condition.several and any(len(self.cast.at(head)) > 1 for head in heads)
        for head in heads:
            spread = self.cast.syntax.conjuncts(head) if p.pos[head] in ("NOUN", "PROPN", "PRON", "NUM") else [head]
            for noun in spread:
                real = self.cast.syntax.through_partitives(noun)
                met |= condition.place and self.cast.is_place(noun)
                met |= condition.actor and self.cast.is_actor(real)
                called = {*_names(p, noun), *_names(p, real), *self._titles(noun)}
                if not condition.wanted and self.cast.is_named(noun):
                    continue  # what a name's words mean elsewhere excludes nobody: the World Bank is no bank branch
                met |= not condition.lemmas.isdisjoint(called)
        return met == condition.wanted

    def _titles(self, noun: int) -> list[str]:
        """What a name names: a "named organisation", or a "person" with titles beside it: "Prime Minister Moe"."""
        p, m = self.parse, self.cast.mention(noun)
        if m is None or m.kind != "name" or m.label not in ("PERSON", "ORG"):
            return []
        if m.label == "ORG":
            return ["named organisation"]
        titles = [p.lemma[c].lower() for c in p.children[noun] if p.dep[c] in ("compound", "appos")]
        return ["person", *titles]

    def is_circumstance(self) -> bool:
        """Whether the trigger only tells when or why something is done: "after the attack", "over the jailing of"."""
        p, at = self.parse, self.trigger
        while p.dep[at] == "conj" and p.head[at] != at:
            at = p.head[at]
        while p.dep[at] in ("pobj", "pcomp", "prep") and p.head[at] != at:
            at = p.head[at]
            if p.lower[at] in classes()["@circumstance"] or p.lower[at] in classes()["@reason"]:
                return True
        return False

    def fires(self, frame: Frame) -> bool:
        """Whether the words of a multiword frame are there and all its conditions hold."""
        return (not frame.words or self.span(frame) is not None) and all(self.holds(c) for c in frame.conditions)

    def span(self, frame: Frame) -> tuple[int, int] | None:
        """Token range of the trigger with its further words, or None when they are not there."""
        p, t = self.parse, self.trigger
        if not frame.words or self.deverbal:
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
                "ccomp",
                "advcl",
                "npadvmod",
            ):
                last = max(last, near[0])
            elif last > t and (deeper := [c for c in p.children[last] if p.lower[c] == word or p.lemma[c] == word]):
                last = max(last, deeper[0])
            else:
                return None
        # a particle far away leaves the verb alone as the span to show
        return (t, last + 1) if last - t <= 3 else (t, t + 1)


def _names(parse: Parse, token: int) -> list[str]:
    """What a word may be called in a condition: lemma, form, the compound it ends, and what a carrier word carries."""
    lemma = parse.lemma[token].lower()  # a noun that begins a sentence is easily taken for a name
    names = [lemma, parse.lower[token]]
    if parse.tag[token] == "NNPS":  # which the lemmatizer leaves in the plural: "Rockets fired by …"
        names.append(lemma.removesuffix("s"))
    if token > 1 and parse.word[token - 1] == "-":
        names.append(f"{parse.lower[token - 2]}-{lemma}")
    before = [parse.lemma[c] for c in parse.children[token] if parse.dep[c] in ("compound", "amod")]
    names += [f"{word} {lemma}" for word in before]
    if lemma in classes()["@carrier"]:  # "curfew hours" are a curfew
        names += before
    return names


def _listed(token: int | None) -> list[int]:
    return [] if token is None else [token]
