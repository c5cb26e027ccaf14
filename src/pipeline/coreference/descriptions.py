"""Descriptions: whom "the Ecuadorean leader" names again, and what "the ministry" without a name speaks of."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.coreference.clauses import clause_mates
from pipeline.coreference.referents import Referent, note
from pipeline.coreference.salience import salience, winner
from pipeline.knowledge.name_lexicon import Lexicon, lexicon
from pipeline.text import Mention, Parse

MINOR = 0.9
"""Weight of a subject: a name that never was one is no topic that "the company" could mean."""
REACH = 8
"""Sentences that a description looks back."""


def apposed(parse: Parse, m: Mention, by_head: dict[int, Mention], referents: list[Referent]) -> Referent | None:
    """The name beside which the description stands: "Sato, the mayor"; "the mayor, Sato"; "Sato is the mayor"."""
    partner: Mention | None = None
    if parse.dep[m.head] == "appos":
        partner = by_head.get(parse.head[m.head])
    elif parse.dep[m.head] == "attr" and parse.lemma[parse.head[m.head]] == "be":
        for child in parse.children[parse.head[m.head]]:
            if parse.dep[child] == "nsubj":
                partner = by_head.get(child)
    if partner is None:
        for child in parse.children[m.head]:
            if parse.dep[child] == "appos" and child in by_head:
                partner = by_head[child]
    if partner is None or partner.cluster < 0:
        return None
    referent = referents[partner.cluster]
    wanted = noun_type(parse, m.head, lexicon())
    if referent.kind == "person" and not _is_known(parse.lemma[m.head]):
        wanted = "person"  # "the relief coordinator, Amal Haddad": the name says what an unknown noun is
    plural = parse.tag[m.head] in ("NNS", "NNPS")
    return referent if wanted == referent.kind and plural == referent.plural else None


def _is_known(noun: str) -> bool:
    words = lexicon().words
    return noun in words["organisation_noun"] or noun in words["country_noun"]


def noun_type(parse: Parse, head: int, lex: Lexicon) -> str:
    """Person, group, organisation or country: what a noun describes."""
    noun = parse.lemma[head]
    if noun in lex.words["person_noun"] or noun in lex.words["person_title"] or noun in lex.gender:
        return "group" if parse.tag[head] in ("NNS", "NNPS") else "person"
    if noun in lex.words["organisation_noun"]:
        return "organisation"
    if noun in lex.words["country_noun"]:
        return "country"
    return "group" if parse.tag[head] in ("NNS", "NNPS") else "organisation"


def described(
    parse: Parse, m: Mention, referents: list[Referent], lex: Lexicon, country_of: Callable[[str], str | None]
) -> Referent | None:
    """The antecedent of a definite description, or None."""
    if parse.lower[m.start] not in lex.words["determiner"] or parse.tag[m.head] in ("NNS", "NNPS"):
        return None
    if any(parse.dep[c] in ("prep", "relcl", "acl") and c > m.head and c < m.head + 3 for c in parse.children[m.head]):
        return None  # "the minister of trade", "the company that …" say themselves who is meant
    noun, kind = parse.lemma[m.head], noun_type(parse, m.head, lex)
    code = None
    for i in range(m.start, m.head):
        if parse.word[i][:1].isupper():
            code = code or country_of(parse.word[i])
    if (
        noun in lex.words["ruling_noun"]
        and kind != "person"
        and code is None
        and not any(noun in r.nouns for r in referents)
    ):
        return None  # a body is not the person who leads it
    owned = any(parse.dep[c] == "poss" for c in parse.children[m.head])
    gender = lex.gender.get(noun)
    fresh = any(parse.lower[i] in ("new", "newly", "incoming", "next") for i in range(m.start, m.head))
    barred = clause_mates(parse, m.head, "him")
    scored = []
    for r in referents:
        if r.kind != kind or not r.seen or any(t in barred for t, _, _ in r.seen):
            continue
        if owned and noun not in r.nouns:
            continue  # "the hospital's director" is who was called director, not whoever was spoken of
        if kind == "country" and not owned and not code and _is_aside(parse, r, m):
            continue
        score = salience(parse, r, m.head, m.sentence, REACH)
        if score <= 0:
            continue
        if kind == "person":
            score *= _person_fit(parse, r, noun, gender, code, referents, fresh)
        elif kind == "organisation":
            score *= _home_fit(_organisation_fit(parse, r, noun, lex), r, noun, code, lex)
        elif code or m.end - m.start > 2:
            continue
        if score > 0:
            scored.append((score, r))
    return winner(scored, 0.2)


def _is_aside(parse: Parse, r: Referent, m: Mention) -> bool:
    """Whether a country is only where something else happened, or the head of the clause that says "the country"."""
    earlier = [t for t, _, _ in r.seen if 0 <= t < m.head]
    if all(parse.dep[t] == "pobj" for t in earlier):
        return True
    return any(
        parse.left[c] <= m.head < parse.right[c]
        for t in earlier
        for c in parse.children[t]
        if parse.dep[c] in ("relcl", "acl")
    )


def _person_fit(
    parse: Parse,
    r: Referent,
    noun: str,
    gender: str | None,
    code: str | None,
    referents: list[Referent],
    fresh: bool,
) -> float:
    words = lexicon().words
    if gender and r.gender and gender != r.gender:
        return 0.0
    if fresh and not r.nouns and not code:
        return 0.8  # "Rosa Silva won. The new president …"
    fit = 1.0
    if code:
        if r.countries:
            fit = 3.0 if code in r.countries else 0.0
        else:
            near = {s for o in referents if o.kind == "country" and code in o.countries for _, s, _ in o.seen}
            fit = 1.5 if any(s in near for _, s, _ in r.seen) else 0.3
    if noun in r.nouns:
        return fit * 3
    if (noun in words["office_noun"] and r.nouns & words["leader"]) or (
        noun == "diplomat" and r.nouns & words["diplomat_noun"]
    ):
        return fit * 2
    if noun in words["leader"] or (r.nouns and noun not in words["office_noun"]):
        return 0.0 if not (noun in words["leader"] and noun == "leader" and not r.nouns) else fit * 0.5
    return fit * (1.0 if gender or not r.nouns else 0.6)


def _speaks(parse: Parse, i: int, lex: Lexicon) -> bool:
    """Whether somebody stands for the name: "a spokesman for Selby Steel"."""
    above = parse.head[i] if i >= 0 else -1
    return above >= 0 and parse.dep[i] == "pobj" and parse.lemma[parse.head[above]] in lex.words["person_noun"]


def _organisation_fit(parse: Parse, r: Referent, noun: str, lex: Lexicon) -> float:
    """How well a noun suits an organisation: by its own head word, by its kind, or because nothing is known of it.

    Two nouns of different kinds never suit: a newspaper is no gang, a police force no company.
    """
    words = lex.words
    if r.place:
        return 0.0  # a city that stands for a government is described by nothing else
    if noun in r.nouns or any(noun in n.lower().split() for n in r.names):
        return 3.0
    if noun not in lex.kinds and noun not in words["body_noun"]:
        return 0.0
    mine = {k for n in r.names for w in n.lower().split() for k in lex.kinds.get(w, ())}
    theirs = lex.kinds.get(noun, frozenset())
    if mine and theirs:
        return 2.0 if mine & theirs else 0.0
    if mine or not any(weight >= MINOR or _speaks(parse, t, lex) for t, _, weight in r.seen):
        return 0.5 if mine and noun in words["any_body_noun"] else 0.0
    if noun in words["state_noun"]:
        return 0.0
    return 1.0 if noun in words["body_noun"] or not r.nouns else 0.0


def _home_fit(fit: float, r: Referent, noun: str, code: str | None, lex: Lexicon) -> float:
    """The fit of an organisation when its home is known and a nationality printed: "the South Korean company"."""
    homes = {home for n in r.names if (home := lex.bodies.get(n.lower().removeprefix("the ")))}
    if code is None or not homes:
        return fit
    if code not in homes:
        return 0.0
    return 3.0 * (max(fit, 1.0) if noun in lex.words["body_noun"] else fit)


def nominal(parse: Parse, m: Mention, country_of: Callable[[str], str | None]) -> Referent:
    """A referent for a description without a name; it competes for pronouns and may be spoken of again."""
    lex = lexicon()
    referent = Referent(-1, noun_type(parse, m.head, lex), m.text, gender=lex.gender.get(parse.lemma[m.head]))  # type: ignore[arg-type]
    referent.named = False
    referent.plural = parse.tag[m.head] in ("NNS", "NNPS") or parse.lemma[m.head] == "police"
    referent.nouns = {parse.lemma[m.head]}
    referent.modifiers = _modifiers(parse, m)
    referent.countries = {c for i in range(m.start, m.head) if (c := _capital_country(parse, i, country_of))}
    referent.mentions.append(m)
    note(parse, referent, m)
    return referent


def _capital_country(parse: Parse, i: int, country_of: Callable[[str], str | None]) -> str | None:
    return country_of(parse.word[i]) if parse.word[i][:1].isupper() else None


def _modifiers(parse: Parse, m: Mention) -> frozenset[str]:
    """Content words before the head; numbers, determiners and possessors do not tell who is meant."""
    return frozenset(
        parse.lower[i]
        for i in range(m.start, m.head)
        if parse.pos[i] in ("NOUN", "PROPN", "ADJ") and parse.dep[i] in ("compound", "amod", "nmod")
    )


def spoken_of_again(parse: Parse, m: Mention, nominals: list[Referent], referents: list[Referent]) -> Referent | None:
    """The description before that a definite one repeats: "a farmer … the farmer", "Kenyan rebels … the rebels"."""
    if parse.lower[m.start] not in lexicon().words["determiner"] and parse.lemma[m.head] != "police":
        return None
    noun, words = parse.lemma[m.head], _modifiers(parse, m)
    plural = parse.tag[m.head] in ("NNS", "NNPS") or noun == "police"
    for r in reversed(nominals):
        near = m.sentence - r.seen[-1][1] <= REACH
        if r.countries and any(noun in o.nouns and not o.countries for o in (*referents, *nominals)):
            continue  # "Omani judges" once, but "the judges" need not be those where others are spoken of
        if near and noun in r.nouns and plural == r.plural and (words <= r.modifiers or r.modifiers <= words):
            return r if words <= r.modifiers else None
    return None


def owner(parse: Parse, m: Mention, referents: list[Referent]) -> Referent | None:
    """Whose "the administration" is: the president or premier spoken of; "the government": theirs or the country's."""
    words = lexicon().words
    if (
        parse.lemma[m.head] not in words["ruling_noun"]
        or parse.lower[m.start] not in words["determiner"]
        or m.end - m.start > 2
    ):
        return None  # "the county government", "the four governments" are nobody's that was named before
    if parse.tag[m.head] in ("NNS", "NNPS"):
        return None
    chiefs = [r for r in referents if r.kind == "person" and r.nouns & words["chief_noun"]]
    if parse.lemma[m.head] != "administration":
        chiefs += [r for r in referents if r.kind == "country" and not _is_aside(parse, r, m)]
    return winner([(salience(parse, r, m.head, m.sentence, REACH), r) for r in chiefs])
