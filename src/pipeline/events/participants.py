"""Who takes part: from a slot of a frame to the actors that stand there.

An actor is a noun phrase that a mention heads: a name, a noun for people or institutions, a pronoun. Anything else
("the decision", "a push", "the visit") is abstract and hands over to the actor nearest inside it: its possessor, its
of-phrase, its nationality, then its other phrases and clauses. Coding rules 1, 2 and 3 of the codebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.events.naming import ACTOR_LABELS, namings, unlisted_people, unread_names
from pipeline.events.phrases import noun_phrase
from pipeline.events.sharing import sharing
from pipeline.events.syntax import Syntax
from pipeline.knowledge import classes
from pipeline.text import Mention, Parse, Participant

SKIPPED = frozenset({"punct", "det", "cc", "aux", "auxpass", "neg", "mark", "expl", "advmod", "nummod", "prt"})
CLAUSES = frozenset({"relcl", "advcl", "ccomp", "xcomp"})
_RANK = {
    "nsubj": 0,
    "nsubjpass": 0,
    "poss": 0,
    "pobj": 0,
    "pcomp": 1,
    "dobj": 0,
    "dative": 0,
    "nmod": 2,
    "amod": 2,
    "compound": 2,
    "agent": 1,
    "appos": 2,
}
"""How near a relation is when an abstract phrase hands over; clauses (4) come last."""
_PREPOSITION = {"of": 1, "by": 1, "against": 2, "with": 2, "between": 2}
TIME_LABELS = frozenset({"DATE", "TIME", "DURATION", "SET"})
PRONOUNS = frozenset(("he", "she", "they", "him", "her", "them", "we", "i", "us", "me"))


class Cast:
    """The mentions of one parse by token, and the search for actors among them."""

    def __init__(self, parse: Parse, mentions: list[Mention], countries: Sequence[str | None] = ()) -> None:
        self.parse = parse
        self._countries = countries
        self._times = {
            t for m in mentions if m.label in TIME_LABELS and m.start >= 0 for t in range(m.start, m.end)
        } | {t for first, last, label in parse.names if label in TIME_LABELS for t in range(first, last)}
        self.syntax = Syntax(parse, classes())
        self._lead: dict[int, Mention] = {}
        for m in mentions:
            if m.head >= 0 and self._acts(m):
                best = self._lead.get(m.head)
                if best is None or (m.end - m.start) > (best.end - best.start):
                    self._lead[m.head] = m
        self._unread = unread_names(parse, mentions, self._lead) | (unlisted_people(parse, self._lead) - self._times)
        self._naming = namings(parse, self.syntax, mentions, self._lead, self._unread)

    def _acts(self, m: Mention) -> bool:
        p = self.parse
        if m.kind == "name":
            return m.label in ACTOR_LABELS
        if m.kind == "pronoun":
            return m.cluster >= 0 or p.lower[m.head] in PRONOUNS
        # "share intelligence", "in force": without article or company it is no body
        bare = m.end - m.start == 1 and p.tag[m.head] == "NN" and p.dep[m.head] in ("dobj", "pobj", "conj")
        return not (bare and p.lemma[m.head] in classes()["@mass"])

    def is_actor(self, token: int) -> bool:
        """Whether a mention of somebody who can act, or a name that no mention covers, is headed by the token."""
        return token in self._lead or token in self._unread or token in self._naming or self.is_attributive(token)

    def is_attributive(self, token: int) -> bool:
        """Whether the token is a common noun that says whose a deed is: "police raid", "army offensive"."""
        p = self.parse
        return p.dep[token] == "compound" and p.pos[token] == "NOUN" and p.lemma[token] in classes()["@attributive"]

    def mention(self, token: int) -> Mention | None:
        """The mention that the token heads."""
        return self._lead.get(token)

    def heads(self, cluster: int) -> list[int]:
        """The tokens that head the mentions of one cluster."""
        return [head for head, m in self._lead.items() if m.cluster == cluster]

    def is_place(self, token: int) -> bool:
        """Whether the token heads the name of a place."""
        mention = self._lead.get(token)
        return mention is not None and mention.kind == "name" and mention.label in ("GPE", "LOC", "FAC")

    def is_named(self, token: int) -> bool:
        """Whether the token heads a name."""
        mention = self._lead.get(token)
        return mention is not None and mention.kind == "name"

    def is_time(self, token: int) -> bool:
        """Whether the token heads a time expression."""
        return token in self._times

    def is_setting(self, token: int) -> bool:
        """Whether the token names the place where something is: "in Kiev". A place that hosts does not act."""
        p = self.parse
        up = p.head[token]
        if p.dep[token] == "conj":
            return self.is_setting(up)
        m = self._lead.get(token)
        return (
            p.dep[token] == "pobj"
            and p.lower[up] in classes()["@locative"]
            and m is not None
            and m.kind == "name"
            and m.label in ("GPE", "LOC", "FAC")
        )

    def _is_settlement(self, token: int) -> bool:
        """Whether the token stands for the people of a place that has no name: "in the town"."""
        p = self.parse
        here = p.dep[token] == "pobj" and p.lower[p.head[token]] in classes()["@locative"]
        return here and token not in self._lead and p.lemma[token] in classes()["@settlement"]

    def at(
        self, head: int | None, *, deep: bool = True, source: bool = False, barred: Sequence[Participant] = ()
    ) -> list[Participant]:
        """The actors of a noun phrase: each conjunct that is one, else the actor inside the abstract phrase.

        Args:
            head: the phrase's head token, or None.
            deep: whether an abstract phrase hands over.
            source: whether they are to do something: then no place that hosts and nobody in a clause will do.
            barred: participants that an abstract phrase must not hand over to again.
        """
        if head is None:
            return []
        found: list[Participant] = []
        for noun in self.syntax.conjuncts(head):
            found += self._one(noun, deep, source, barred)
        return list(dict.fromkeys(found))

    def _one(self, noun: int, deep: bool, source: bool, barred: Sequence[Participant]) -> list[Participant]:
        real = self.syntax.through_partitives(noun)
        if not self.is_actor(real) and self.is_actor(noun):
            real = noun  # "a crowd of several thousand"
        if self.is_actor(real):
            if real != noun:
                return [q for n in self.syntax.conjuncts(real) for q in self._participant(n, barred)]
            return self._participant(real, barred)
        return self.inside(real, barred, source=source) if deep and self.parse.pos[real] != "VERB" else []

    def _participant(self, head: int, barred: Sequence[Participant] = ()) -> list[Participant]:
        name = self._naming.get(head, head)
        if not any(q.start <= name < q.end and q.head != name for q in barred):
            head = name  # in "Ruiz's critics say he lied" the name is part of who says so; "he" stays
        if head in self._unread:
            return [Participant(head, *noun_phrase(self.parse, head))]
        if self.is_attributive(head):
            return [Participant(head, head, head + 1)]
        if head not in self._lead:
            return []
        first, last = noun_phrase(self.parse, head)
        m = self._lead[head]
        whole = Participant(head, min(first, m.start), max(last, m.end))
        for c in self.parse.children[head] if m.kind == "nominal" else ():
            named = self._lead.get(c)
            if self.parse.dep[c] == "appos" and named and named.kind == "name" and named.label in ("PERSON", "ORG"):
                return [Participant(c, whole.start, named.end)]  # "his Iranian counterpart, Reza Karimi"
        return sharing(self.parse, self._lead, whole) or [whole]

    def inside(
        self, top: int, barred: Iterable[Participant] = (), *, source: bool = False, settings: bool = True
    ) -> list[Participant]:
        """The actors nearest below a token that heads none itself: breadth first, closest relation first.

        A place where something happens stands in only when there is nobody else.

        Args:
            top: an abstract noun, or a verb for the last search of its clause.
            barred: participants that are taken: they, and words that refer to them, are passed over.
            source: whether they are to do something: then no place that hosts and nobody in a clause will do.
            settings: whether a place that hosts will do at all.
        """
        p = self.parse
        taken = list(barred)
        clusters = {m.cluster for q in taken if (m := self._lead.get(q.head)) and m.cluster >= 0}
        homes = {self._countries[c] for c in clusters if c < len(self._countries)} - {None}
        host: list[Participant] = []
        level = [top]
        for _ in range(6):
            following = sorted(
                (_RANK.get(p.dep[c], 4 if p.dep[c] != "prep" else self._nearness(c, source)), order, c)
                for order, t in enumerate(level)
                for c in p.children[t]
                if p.dep[c] not in SKIPPED and not self._leaves(t, c, top, source)
            )
            for _, _, token in following:
                m = self._lead.get(token)
                attributive = self.is_attributive(token)
                if token in self._unread or attributive:
                    found = self.without(self._participant(token), taken)
                    if found and (source or not attributive):
                        return found
                    if p.head[token] == top:
                        host = host or found  # "went on strike over a government decree"
                    continue
                setting = self.is_setting(token)
                if setting and (source or host or not settings):
                    continue
                if settings and not source and not host and self._is_settlement(token):
                    host = self.without([Participant(token, *noun_phrase(p, token))], taken)
                if self._side(token) is not None:
                    continue
                if m is None or p.pos[token] == "VERB" or (p.dep[token] == "conj" and p.head[token] not in level):
                    continue
                if m.kind == "name" and m.label == "GPE" and self._home(m) in homes and self.in_clause(token, top):
                    continue  # "she rejected an invasion that threatens Mexico": her own country is not her target
                if m.cluster in clusters or (p.tag[token] == "PRP$" and m.cluster < 0):
                    continue
                by = next((h for word, h in self.syntax.prepositions(token) if source and word == "by"), None)
                token = token if by is None else by  # "the arrest of 46 men by police": the model hangs "by" on the men
                found = [q for n in self.syntax.conjuncts(token) for q in self._participant(n)]
                found = self.without(found, taken)
                if found and not setting:
                    return found
                host = host or found
            level = [c for _, _, c in following]
        return host

    def _nearness(self, prep: int, source: bool) -> int:
        word = self.parse.lower[prep]
        return 0 if source and word == "by" else _PREPOSITION.get(word, 3)  # "the arrest of 46 men by police" led to …

    def _leaves(self, token: int, child: int, top: int, source: bool) -> bool:
        """Whether a step down enters a clause or circumstance that says something else; a by-phrase does not."""
        p = self.parse
        if p.dep[child] == "prep" and (p.lower[child] == "as" or p.lower[child] in classes()["@circumstance"]):
            return True  # "deployed as a buffer force" names nobody else
        if token == top and p.dep[child] in ("advcl", "conj") and p.pos[child] in ("VERB", "AUX"):
            return True
        if token == top and p.dep[child] == "prep" and child < top and p.lower[child] in classes()["@locative"]:
            return p.pos[top] == "VERB"  # "in the Indian state of Goa, fishermen went on strike"
        if token == top and p.dep[child] in ("nsubj", "csubj"):
            return True  # who does it is no target
        if token == top and p.dep[child] == "conj" and p.pos[top] == "NOUN" and not self.is_actor(child):
            return True  # "his push for trade and the threat of cartels" are two things
        if p.head[token] == top and p.dep[token] == "relcl" and p.dep[child] == "nsubj" and p.pos[top] == "NOUN":
            return not source  # "an attack in which gunmen stormed a mosque"
        if not source:
            return False
        attack = p.lemma[token] in classes()["@attackn"]
        if attack and p.dep[child] == "prep" and p.lower[child] in classes()["@aimed"]:
            return True  # "an air strike on a camp" is not the camp's
        return p.dep[child] != "agent" if p.dep[token] == "acl" else p.dep[child] in CLAUSES

    def in_clause(self, token: int, top: int, kinds: Iterable[str] = (*CLAUSES, "acl")) -> bool:
        """Whether a clause of one of these kinds stands between a token and the phrase ``top`` above it."""
        p, at = self.parse, token
        while at != top and p.head[at] != at:
            if p.dep[at] in kinds:
                return True
            at = p.head[at]
        return False

    def _home(self, m: Mention) -> str | None:
        return self._countries[m.cluster] if 0 <= m.cluster < len(self._countries) else None

    def modifiers(self, noun: int) -> list[Participant]:
        """Actors that stand before a noun: "Israeli raid", "the army's offensive" without the possessor."""
        return [q for q in self._before(noun) if self._side(q.start) is None]

    def opposed(self, noun: int) -> list[Participant]:
        """Whom a noun is against by its modifier: "anti-Ruiz rally"."""
        return [q for q in self._before(noun) if self._side(q.start) == "anti"]

    def _before(self, noun: int) -> list[Participant]:
        p = self.parse
        found: list[Participant] = []
        for c in p.children[noun]:
            if c < noun and p.dep[c] in ("compound", "amod", "nmod"):
                for part in [
                    *self.syntax.conjuncts(c),
                    *(g for g in p.children[c] if p.dep[g] in ("compound", "amod")),
                ]:
                    found += self._participant(part)
        return list(dict.fromkeys(found))

    def _side(self, start: int) -> str | None:
        """The "anti" or "pro" that is hyphenated to what begins at a token."""
        p = self.parse
        apart = p.lower[start - 2] if start > 1 and p.word[start - 1] == "-" else None
        prefix = apart or p.lower[start].partition("-")[0]
        return prefix if prefix in ("anti", "pro") else None

    def same(self, one: Iterable[Participant], other: Iterable[Participant]) -> bool:
        """Whether two lists of participants have somebody in common, by cluster or by token."""

        def keys(parties: Iterable[Participant]) -> set[tuple[str, int]]:
            found = set()
            for q in parties:
                m = self._lead.get(q.head)
                found.add(("cluster", m.cluster) if m and m.cluster >= 0 else ("token", q.head))
            return found

        return not keys(one).isdisjoint(keys(other))

    def without(self, found: Iterable[Participant], taken: Iterable[Participant]) -> list[Participant]:
        """Those of ``found`` that do not overlap one of ``taken``."""
        busy = list(taken)
        return [f for f in found if not any(f.start < t.end and t.start < f.end for t in busy)]
