"""Descriptions ("the Ecuadorean leader") and pronouns ("she") → the referent they speak of, from left to right.

Each candidate is scored by how recently and how prominently it was mentioned (grammatical role, repeated mention,
same role as the pronoun). A winner must be clearly ahead. A description without a name is a candidate like any name:
"The ministry said it would …" speaks of the ministry, "a farmer said he …" of the farmer, not of the minister before.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.coreference.clauses import clause_mates, is_empty_it, quoted_tokens, reporter, speakers, subjects_above
from pipeline.coreference.descriptions import apposed, described, nominal, owner, spoken_of_again
from pipeline.coreference.referents import SUBJECTS, Referent, note
from pipeline.coreference.salience import MARGIN, REACH, salience, winner
from pipeline.knowledge.name_lexicon import lexicon
from pipeline.text import Mention, Parse

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})


def resolve(
    parse: Parse, mentions: list[Mention], referents: list[Referent], country_of: Callable[[str], str | None]
) -> list[Referent]:
    """Set ``Mention.cluster`` of descriptions and pronouns that speak of a name.

    Returns:
        The referents without a name, in order; their mentions are in :attr:`Referent.mentions`.
    """
    lex = lexicon()
    quoted = quoted_tokens(parse)
    by_head = {m.head: m for m in mentions if m.kind == "name" and m.cluster >= 0 and m.head >= 0}
    nominals: list[Referent] = []
    for m in mentions:
        if m.kind == "name":
            if m.cluster >= 0:
                note(parse, referents[m.cluster], m)
                _with_conjuncts(parse, m, by_head, referents, nominals)
            continue
        if m.kind == "nominal":
            chosen = apposed(parse, m, by_head, referents)
            again = spoken_of_again(parse, m, nominals, referents) if chosen is None else None
            if chosen is None:
                chosen = described(parse, m, referents, lex, country_of)
                if again is not None and chosen is not None and not chosen.nouns & again.nouns:
                    chosen = None  # "a manager … the manager" beside a man whom nobody called manager
            if chosen is None:
                if again is None:
                    again = nominal(parse, m, country_of)
                    master = owner(parse, m, referents)
                    again.of = (master.index,) if master else ()
                    nominals.append(again)
                else:
                    again.mentions.append(m)
                    note(parse, again, m)
                continue
            if chosen.kind == "person":
                chosen.nouns.add(parse.lemma[m.head])
                gender = lex.gender.get(parse.lower[m.head])
                if gender:
                    chosen.gender, chosen.sure = gender, True
        else:
            near = [r for r in nominals if r.seen[-1][1] >= m.sentence - REACH]
            found = _pronoun(parse, m, [*referents, *near], quoted)
            if found is None:
                continue
            chosen = found
            word = parse.lower[m.head]
            chosen.single = chosen.single or word in IT
            if chosen.kind == "person" and chosen.gender is None and word in HE | SHE:
                chosen.gender = "f" if word in SHE else "m"
        note(parse, chosen, m)
        if chosen.named:
            m.cluster = chosen.index
        else:
            chosen.mentions.append(m)
    return nominals


def _with_conjuncts(
    parse: Parse, m: Mention, by_head: dict[int, Mention], referents: list[Referent], nominals: list[Referent]
) -> None:
    """Names joined by "and" are a group too, which "they" speaks of: "Marsh and Haddad said they would vote"."""
    if m.head < 0 or parse.dep[m.head] == "conj":
        return
    parts, node = [m], m.head
    while (following := next((c for c in parse.children[node] if parse.dep[c] == "conj"), -1)) >= 0:
        if following not in by_head:
            return
        parts.append(by_head[following])
        node = following
    numbers = tuple(dict.fromkeys(p.cluster for p in parts))
    if len(numbers) < 2 or len({referents[n].kind for n in numbers}) > 1:
        return
    joined = next((r for r in nominals if r.of == numbers), None)
    if joined is None:
        names = [referents[n].name for n in numbers]
        joined = Referent(-1, "group", ", ".join(names[:-1]) + " and " + names[-1], plural=True, named=False)
        joined.of = numbers
        nominals.append(joined)
    note(parse, joined, m)


def _pronoun(parse: Parse, m: Mention, candidates: list[Referent], quoted: bytearray) -> Referent | None:
    word, at = parse.lower[m.head], m.head
    if word in IT and is_empty_it(parse, at):
        return None
    gender = "m" if word in HE else "f" if word in SHE else None
    if gender is None and word not in IT and word not in THEY:
        return None
    barred = clause_mates(parse, at, word)
    speaking = speakers(parse, at) if quoted[at] else set()
    saying = reporter(parse, at) if not quoted[at] else -1
    if saying >= 0 and word not in THEY and any(parse.dep[c] == "conj" for c in parse.children[saying]):
        saying = -1  # "India and Pakistan hope it …" speaks of neither
    above = subjects_above(parse, at)
    subject = parse.dep[at] in SUBJECTS
    scored: list[tuple[float, Referent]] = []
    for r in candidates:
        if not r.seen or not _agrees(r, word, gender, saying):
            continue
        tokens = {t for t, s, _ in r.seen if s == m.sentence}
        if tokens & barred or tokens & speaking:
            continue
        if word == "it" and parse.dep[at] == "dobj" and not tokens:
            continue  # "They denied it": mostly what was said
        if saying in tokens:
            if _is_sure(r, word, gender, candidates, m.sentence, saying):
                return r
            continue
        score = salience(parse, r, at, m.sentence, REACH)
        if score <= 0:
            continue
        last = next((t for t, _, _ in reversed(r.seen) if t < at), -1)
        far = last >= 0 and m.sentence - parse.sentence[last] > 1
        if far and ((not r.named and parse.dep[last] not in SUBJECTS) or (word in THEY and not r.plural)):
            continue  # a description that was no subject, and an organisation as "they", are soon forgotten
        if tokens:
            score *= 1.25
        if any(_first_conjunct(parse, t) in above for t in tokens):
            score *= 1.5
        if subject and last >= 0 and parse.dep[_first_conjunct(parse, last)] in SUBJECTS:
            score *= 1.35
        if gender and r.gender == gender:
            score *= 1.6 if r.sure else 1.4
        if parse.dep[at] == "poss" and last >= 0 and parse.dep[last] in SUBJECTS and parse.sentence[last] == m.sentence:
            score *= 1.4
        if not r.named:
            score *= 0.9
        if word in THEY and not r.plural:
            score *= 0.35
        scored.append((score, r))
    best = winner(scored, 0.25 if word in IT or word in THEY else MARGIN)
    if best is None or (word in IT and not _near_subject(parse, best, m)):
        return None
    return best


def _first_conjunct(parse: Parse, i: int) -> int:
    while parse.dep[i] == "conj" and parse.head[i] < i:
        i = parse.head[i]
    return i


def _is_sure(
    r: Referent, word: str, gender: str | None, candidates: list[Referent], sentence: int, saying: int
) -> bool:
    """Whether the one who says it is meant: not beside a hearer whose gender fits better, nor one of several."""
    if gender:
        return r.gender == gender or not any(
            o.gender == gender and o.kind == "person" and any(s == sentence for _, s, _ in o.seen) for o in candidates
        )
    if word in THEY and not r.plural:
        return not any(o.plural and any(t == saying for t, _, _ in o.seen) for o in candidates)
    return True


def _agrees(r: Referent, word: str, gender: str | None, saying: int) -> bool:
    if gender:
        return r.kind == "person" and not r.plural and r.gender in (gender, None)
    if word in IT:
        return r.kind in ("organisation", "country") and not r.plural
    if r.kind == "country":
        return saying >= 0 and any(t == saying for t, _, _ in r.seen)
    return r.plural or (r.kind in ("organisation", "group") and not r.single)


def _near_subject(parse: Parse, r: Referent, m: Mention) -> bool:
    """ "It" mostly speaks of things without a name; a name must be a subject nearby or stand in the same sentence."""
    recent = [(t, s) for t, s, _ in r.seen if t < m.head and s >= m.sentence - 1]
    return any(s == m.sentence or (t >= 0 and parse.dep[t] in SUBJECTS) for t, s in recent)
