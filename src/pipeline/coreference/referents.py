"""What the article has said of one person, organisation, group or country so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pipeline.knowledge.name_lexicon import lexicon
from pipeline.text import Mention, Parse

Type = Literal["person", "organisation", "group", "country"]
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
ROLE_WEIGHT = {
    "nsubj": 1.0,
    "nsubjpass": 0.9,
    "dobj": 0.7,
    "dative": 0.65,
    "pobj": 0.5,
    "poss": 0.6,
    "appos": 0.5,
    "conj": 0.6,
}


@dataclass(slots=True)
class Referent:
    """One candidate antecedent.

    Attributes:
        index: position among the clusters; -1 for a description without a name until all are known.
        kind: type; name: fullest printed name; names: every printed name.
        gender: "m", "f" or None; sure: whether title or noun say so, not only the given name.
        plural: whether "they" suits it better than "he", "she" or "it".
        nouns: lemmas of titles and descriptions.
        countries: ISO codes that the text ties to it ("Chinese President", "Mexico's").
        seen: (token, sentence, weight of its grammatical role) of every mention so far.
        named: False for a description without a name, and for names joined by "and".
        single: whether the article says "it" of the organisation, so that "they" means others.
        mentions: the mentions of a referent without a name; those with one are found by ``Mention.cluster``.
        modifiers: content words before the noun of a description.
        of: clusters to which a description belongs, or of which a group is made.
        place: an organisation by the name of a city or state that acts ("Washington believes").
    """

    index: int
    kind: Type
    name: str
    names: set[str] = field(default_factory=set)
    gender: str | None = None
    sure: bool = False
    plural: bool = False
    nouns: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    seen: list[tuple[int, int, float]] = field(default_factory=list)
    named: bool = True
    single: bool = False
    mentions: list[Mention] = field(default_factory=list)
    modifiers: frozenset[str] = frozenset()
    of: tuple[int, ...] = ()
    place: bool = False


def role_weight(parse: Parse, head: int) -> float:
    """How prominent the grammatical role of a token makes its referent."""
    while head >= 0 and parse.dep[head] == "conj" and parse.head[head] != head:
        head = parse.head[head]
    return ROLE_WEIGHT.get(parse.dep[head], 0.4) if head >= 0 else 0.2


def note(parse: Parse, referent: Referent, mention: Mention) -> None:
    """Record one mention of the referent."""
    referent.seen.append((mention.head, mention.sentence, role_weight(parse, mention.head)))


def learn_person(parse: Parse, referent: Referent, m: Mention, country_of: Callable[[str], str | None]) -> None:
    """Gather gender, offices and countries from the words around a person's name."""
    lex = lexicon()
    if m.start < 0:
        return
    first = parse.sentences[m.sentence][0]
    i = m.start - 1
    while i >= first and i >= m.start - 6:
        word = parse.lower[i]
        titled = word in lex.words["person_title"] or word in lex.words["person_noun"]
        code = country_of(parse.word[i]) if parse.word[i][:1].isupper() else None
        if titled:
            referent.nouns.add(parse.lemma[i] if parse.lemma[i] in lex.words["person_noun"] else word)
            if word == "minister" and i > first and parse.lower[i - 1] == "prime":
                referent.nouns.add("premier")
            _gendered(referent, word)
        elif code:
            referent.countries.add(code)
        elif word not in ("of", "'s", "’s", "state", "the") and parse.dep[i] not in ("compound", "amod", "nmod"):
            break
        i -= 1
    for j in parse.children[m.head]:
        if parse.dep[j] == "appos" and j >= m.end:
            _describe(parse, referent, j, country_of)
    head = parse.head[m.head]
    if parse.dep[m.head] == "appos" and head != m.head:
        _describe(parse, referent, head, country_of)
    if parse.dep[m.head] == "nsubj" and parse.lemma[head] == "be":
        for j in parse.children[head]:
            if parse.dep[j] == "attr":
                _describe(parse, referent, j, country_of)
    for j in parse.children[m.head]:
        if parse.dep[j] == "poss" and j < m.start:
            code = country_of(parse.word[j])
            if code:
                referent.countries.add(code)


def _gendered(referent: Referent, word: str) -> None:
    gender = lexicon().gender.get(word)
    if gender:
        referent.gender, referent.sure = gender, True


def _describe(parse: Parse, referent: Referent, noun: int, country_of: Callable[[str], str | None]) -> None:
    if parse.lemma[noun] not in lexicon().words["person_noun"]:
        return
    referent.nouns.add(parse.lemma[noun])
    _gendered(referent, parse.lower[noun])
    for i in range(parse.left[noun], parse.right[noun]):
        if parse.word[i][:1].isupper() and (parse.head[i] == noun or parse.dep[i] == "pobj"):
            code = country_of(parse.word[i])
            if code:
                referent.countries.add(code)
