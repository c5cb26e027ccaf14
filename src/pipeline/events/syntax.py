"""Logical arguments over the dependency tree: who does, who undergoes, whatever the voice or construction.

Labels are ClearNLP's, as the English spaCy models give them. Functions take token indices and return token indices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.text import Parse

SUBJECTS = ("nsubj", "csubj", "expl")
PATIENTS = ("nsubjpass", "csubjpass")
PASSIVE = ("auxpass", "nsubjpass")
RELATIVES = ("who", "which", "that", "whom", "whose")
NOUNS = ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET")


class Syntax:
    """Reads one parse. Results are remembered per token, so a sentence with many triggers is walked once."""

    def __init__(self, parse: Parse, classes: Mapping[str, frozenset[str]]) -> None:
        self.parse = parse
        self._object_control = classes["@object_control"]
        self._partitives = classes["@partitive"]
        self._giving = classes["@giving"]
        self._channel, self._expressing = classes["@channel"], classes["@expressing"]
        self._agents: dict[int, int | None] = {}
        self._patients: dict[int, int | None] = {}

    def child(self, token: int, *deps: str) -> int | None:
        """The first dependent with one of the labels."""
        p = self.parse
        return next((c for c in p.children[token] if p.dep[c] in deps), None)

    def conjuncts(self, token: int) -> list[int]:
        """The token and everything coordinated with it, in order."""
        p, found, at = self.parse, [token], 0
        while at < len(found):
            found += [
                c for c in p.children[found[at]] if p.dep[c] == "conj" and p.pos[c] in NOUNS and not self.is_excluded(c)
            ]  # "Kenya but not Uganda" is Kenya
            found += self.companions(found[at])
            at += 1
        return found

    def companions(self, token: int) -> list[int]:
        """Who is named beside: "Kenya, along with Uganda"; the phrase may hang on the verb."""
        p = self.parse
        beside = (c for c in p.children[token] if p.lower[c] in ("along", "together") and p.dep[c] == "prep")
        return [h for c in beside for word, h in self.prepositions(c) if word == "with"]

    def is_excluded(self, conjunct: int) -> bool:
        """Whether a conjunct is named to be left out: "Kenya but not Uganda"."""
        p = self.parse
        return p.lower[p.left[conjunct]] == "not" or p.lower[p.left[conjunct] - 1] == "not"

    def is_infinitive(self, verb: int) -> bool:
        """Whether the verb has a "to" of its own."""
        p = self.parse
        if any(p.tag[c] == "TO" and p.dep[c] == "aux" for c in p.children[verb]):
            return True
        return p.tag[verb] == "VB" and verb > 0 and p.lower[verb - 1] == "to"  # "due to extradite": taken for "due to"

    def is_passive(self, verb: int) -> bool:
        """Whether the verb's surface subject, or the noun it modifies, undergoes the act."""
        p = self.parse
        marks = {p.dep[c] for c in p.children[verb]}
        if not marks.isdisjoint(PASSIVE) or ("agent" in marks and p.tag[verb] != "VBD"):
            return True  # "spoke by telephone" has a by-phrase, too
        if p.tag[verb] != "VBN" or any(p.dep[c] == "aux" for c in p.children[verb]):
            return False
        if self._causer(verb) is not None:
            return True
        if p.dep[verb] == "conj":
            return self.is_passive(p.head[verb])
        return p.dep[verb] in ("acl", "advcl", "amod", "ROOT", "oprd") and self.child(verb, "nsubj", "dobj") is None

    def _causer(self, verb: int) -> int | None:
        """The verb whose subject has something done: "had two generals arrested", "ordered the ministers jailed"."""
        p, up = self.parse, self.parse.head[verb]
        if p.dep[verb] == "acl" and p.dep[up] == "dobj":
            return p.head[up] if p.lemma[p.head[up]] == "order" else None
        return up if p.dep[verb] == "ccomp" and p.lemma[up] in ("have", "get", "order") else None

    def agent(self, verb: int) -> int | None:
        """The token that heads who does the act: subject, by-phrase, antecedent, or controller."""
        if verb not in self._agents:
            self._agents[verb] = None  # a cycle in a broken parse ends here
            self._agents[verb] = self._find_agent(verb)
        return self._agents[verb]

    def patient(self, verb: int) -> int | None:
        """The token that heads what the act is done to: object, passive subject, or antecedent."""
        if verb not in self._patients:
            self._patients[verb] = None
            self._patients[verb] = self._find_patient(verb)
        return self._patients[verb]

    def _antecedent(self, token: int, verb: int) -> int:
        """The noun that a relative pronoun stands for; the token itself otherwise."""
        p = self.parse
        if p.lower[token] in RELATIVES and p.dep[verb] == "relcl":
            return p.head[verb]
        return token

    def _find_agent(self, verb: int) -> int | None:
        p = self.parse
        if self.is_passive(verb):
            by = self.child(verb, "agent")
            if by is None:
                by = self._by_beyond(verb)
            if by is not None:
                return self.child(by, "pobj", "pcomp")
            if (causer := self._causer(verb)) is not None:
                return self.agent(causer)
            shares = p.dep[verb] == "conj" and p.head[verb] < verb and self.child(verb, "nsubj", "nsubjpass") is None
            return self.agent(p.head[verb]) if shares else None
        if self.child(verb, "expl") is not None:
            return None  # "there has been no contact, the mediator said"
        subject = self.child(verb, "nsubj", "csubj")
        if subject is not None and self._is_purpose(verb):
            return self._surface(p.head[verb])
        if subject is not None:
            return self._antecedent(subject, verb)
        return self._inherited(verb)

    def _by_beyond(self, verb: int) -> int | None:
        """The "by" of a passive that the parser hung further down: "was convicted of murder by a court"."""
        p = self.parse
        for word, head in self.prepositions(verb):
            by = next((c for c in p.children[head] if p.lower[c] == "by"), None)
            if word in ("of", "for", "with", "in", "from", "at", "on", "to", "into") and by is not None:
                return by
        given = self.child(verb, "dobj")  # "was fined 40 million euros by the regulator"
        if given is not None and (by := next((c for c in p.children[given] if p.lower[c] == "by"), None)) is not None:
            return by
        guilty = self.child(verb, "oprd")  # "was found guilty of aiding rebels by a court"
        for _, deed in self.prepositions(guilty) if guilty is not None else ():
            by = next((c for c in p.children[deed] if p.lower[c] == "by"), None)
            if by is not None:
                return by
        below = self.child(verb, "xcomp")
        return self.child(below, "agent") if below is not None and self.child(below, "auxpass") is None else None

    def _inherited(self, verb: int) -> int | None:
        """The understood subject of an active verb that has none of its own."""
        p, dep, head = self.parse, self.parse.dep[verb], self.parse.head[verb]
        if dep == "conj" and p.pos[head] in ("VERB", "AUX"):
            return self.patient(head) if self.is_passive(head) else self.agent(head)
        if dep in ("xcomp", "ccomp", "advcl", "oprd", "dep"):
            return self._controller(verb, head)
        if dep == "relcl":
            return head if self.child(verb, "nsubj") is None else None
        if dep == "acl":
            own = p.tag[verb] == "VBG" or self.child(verb, "dobj") is not None  # a participle with an object is a verb
            return head if own else self.holder(head)
        if dep in ("pcomp", "pobj"):  # "accused of bombing", "after killing", "for attacking"
            owner = p.head[head]
            if p.pos[owner] in ("VERB", "AUX"):
                moved = p.lemma[head] in ("of", "for", "from", "into")
                return self._controller(verb, owner) if moved else self._surface(owner)
            if p.pos[owner] == "ADJ":  # "guilty of violating"
                return self._surface(p.head[owner])
            return self.holder(owner)
        if dep in ("aux", "auxpass") and p.pos[head] in ("VERB", "AUX"):
            return self.agent(head)
        if dep == "amod":  # "warring factions"
            return head if p.tag[verb] == "VBG" else None
        return None

    def _is_purpose(self, verb: int) -> bool:
        """Whether a clause with "to" tells what its governor is for: "called the king to congratulate him"."""
        p, head = self.parse, self.parse.head[verb]
        said = p.lemma[head] in self._channel and p.lemma[verb] in self._expressing
        return said and p.dep[verb] == "ccomp" and self.is_infinitive(verb)

    def _controller(self, verb: int, head: int) -> int | None:
        """Who is understood to do ``verb`` below ``head``: its object for "urge X to go", else its subject."""
        p = self.parse
        if p.pos[head] not in ("VERB", "AUX"):
            return self.holder(head) if p.pos[head] in ("NOUN", "PROPN") else self._surface(p.head[head])
        via = next((c for c in p.children[head] if p.dep[c] == "prep" and p.lemma[c] in ("on", "to", "for")), None)
        # "called him to congratulate him" is the caller's purpose, "called on him to resign" is not
        purpose = via is None and p.lemma[head] in self._channel and p.lemma[verb] in self._expressing
        if p.lemma[head] in self._object_control and p.dep[verb] != "advcl" and not purpose:
            patient = self.patient(head)
            if patient is not None and patient != verb:
                return patient
            if via is not None and (found := self.child(via, "pobj")) is not None:
                return found
        return self._surface(head)

    def _surface(self, verb: int) -> int | None:
        """The understood surface subject of a verb: its patient in the passive, its agent otherwise."""
        return self.patient(verb) if self.is_passive(verb) else self.agent(verb)

    def holder(self, noun: int) -> int | None:
        """Who holds a plan, order or attempt: its possessor, else the subject of the verb that governs the noun."""
        for dep in ("poss", "nmod"):
            owner = self.child(noun, dep)
            if owner is not None:
                return owner
        for word, owner in self.prepositions(noun):
            if word in ("of", "by", "from"):
                return owner
        verb = self.host(noun)
        if verb is not None and self._surface(verb) not in (None, noun):
            return self._surface(verb)
        return None

    def host(self, noun: int) -> int | None:
        """The verb that governs a noun, directly, through a coordination, or through a preposition."""
        p, at = self.parse, noun
        for _ in range(6):
            up = p.head[at]
            if up == at:
                return None
            if p.pos[up] in ("VERB", "AUX"):
                return up
            if p.dep[at] not in ("conj", "pobj", "prep", "dobj", "compound", "appos", "attr", "npadvmod"):
                return None
            at = up
        return None

    def _find_patient(self, verb: int) -> int | None:
        p = self.parse
        own = self.child(verb, "nsubjpass", "csubjpass")
        if own is not None:
            return self._antecedent(own, verb)
        if self.is_passive(verb):
            if p.dep[verb] in ("ccomp", "conj") and (raised := self.child(verb, "nsubj")) is not None:
                return raised  # "two were killed and five others hurt"
            dep, head = p.dep[verb], p.head[verb]
            if dep in ("acl", "amod"):
                return head
            if dep == "relcl":
                return head
            if dep == "conj":
                return self._surface(head)
            if dep in ("advcl", "xcomp", "ccomp", "oprd"):
                return self._controller(verb, head)
            if dep == "pcomp" and p.pos[p.head[head]] in ("VERB", "AUX"):  # "died after being tortured"
                return self._surface(p.head[head])
            return None
        objects = [c for c in p.children[verb] if p.dep[c] == "dobj"]
        if objects:  # "lends Kenya 100 million euros": of two the first receives
            giving = p.lemma[verb] in self._giving and p.pos[objects[0]] in ("PROPN", "PRON")
            return self._antecedent(objects[-1 if giving else 0], verb)
        for c in p.children[verb]:  # "asked Kenya to help", "ordered the men jailed", "accept refugees fleeing the war"
            if p.dep[c] == "ccomp" and (p.tag[c] in ("VBN", "VBG") or self.is_infinitive(c)):
                raised = self.child(c, "nsubj", "nsubjpass")
                if raised is not None and self.child(c, "mark") is None:
                    return raised
        if any(p.tag[c] == "WRB" for c in p.children[verb]):
            return None  # "January, when soldiers died"
        if p.dep[verb] == "relcl" and self.child(verb, "nsubj") is not None:
            subject = self.child(verb, "nsubj")
            if subject is not None and p.lower[subject] not in RELATIVES:
                return p.head[verb]  # "the talks (that) the two held"
        if p.dep[verb] == "conj" and p.pos[p.head[verb]] == "VERB" and p.head[verb] < verb:
            return None
        shared = next((c for c in p.children[verb] if p.dep[c] == "conj" and p.pos[c] == "VERB"), None)
        if shared is not None and self.child(shared, "nsubj") is None:  # "arrested and charged three men"
            between = range(verb + 1, shared)
            if not any(p.dep[t] in ("prep", "dobj", "ccomp", "xcomp") for t in between):
                return self.child(shared, "dobj")
        return None

    def prepositions(self, token: int) -> Iterator[tuple[str, int]]:
        """(preposition, object) pairs below a verb or noun, two-word prepositions by their last noun or first word."""
        p = self.parse
        for c in p.children[token]:
            if p.dep[c] in ("prep", "dative", "agent") or (p.dep[c] == "mark" and p.pos[c] == "ADP"):
                target = self.child(c, "pobj", "pcomp")
                if target is not None:
                    yield p.lemma[c], target
                for deeper in p.children[c]:  # "ahead of X", "out of X", "along with X"; "according to X" is no "to"
                    inner = self.child(deeper, "pobj", "pcomp") if p.dep[deeper] == "prep" else None
                    if inner is not None and p.lower[c] != "according":
                        yield p.lemma[deeper], inner
            elif p.dep[c] in ("advmod", "prt"):  # "together with X", "ahead of X", "handed over to X"
                for deeper in p.children[c]:
                    if p.dep[deeper] == "prep" and (inner := self.child(deeper, "pobj", "pcomp")) is not None:
                        yield p.lemma[deeper], inner

    def through_partitives(self, noun: int) -> int:
        """ "dozens of soldiers" → soldiers; the noun itself when it is no quantity."""
        p = self.parse
        for _ in range(3):
            if p.lemma[noun] not in self._partitives and p.pos[noun] != "NUM" and p.lower[noun] not in self._partitives:
                break
            of = next((c for c in p.children[noun] if p.dep[c] == "prep" and p.lower[c] == "of"), None)
            inner = self.child(of, "pobj") if of is not None else None
            if inner is None:
                break
            noun = inner
        return noun
