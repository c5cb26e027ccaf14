"""Descriptions ("the Ecuadorean leader") and pronouns ("she") → the referent they speak of.

Each candidate is scored by how recently and how prominently it was mentioned (grammatical role, repeated mention,
same role as the pronoun). A winner must be clearly ahead; a description without a name competes too, so that "a
farmer said he …" is not given to the minister named before.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.coreference.referents import SUBJECTS, Referent, note
from pipeline.knowledge.name_lexicon import Lexicon, lexicon
from pipeline.text import Mention, Parse

HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
DETERMINERS = frozenset({"the", "this", "that", "these", "those", "both"})
LEADERS = frozenset(
    {
        "president", "premier", "chancellor", "leader", "minister", "ruler", "king", "queen", "monarch",
        "emir", "sultan", "dictator", "strongman", "prince", "governor"
    }
)  # fmt: skip
HEAD_NOUNS = frozenset({"leader", "head", "chief", "official", "politician", "statesman", "veteran", "boss"})
"""Descriptions that suit anybody in office, whatever the title."""
GENERIC_ORGANISATION = frozenset(
    {
        "organisation", "organization", "group", "agency", "body", "company", "firm", "corporation", "giant",
        "side", "network", "association", "institution", "operator", "manufacturer", "producer", "retailer",
        "watchdog", "regulator", "lender"
    }
)  # fmt: skip
EMPTY_IT = frozenset({"seem", "appear", "turn", "rain", "snow", "matter", "happen", "emerge", "transpire"})
SAYING = frozenset(
    {"say", "tell", "add", "write", "warn", "claim", "argue", "announce", "insist", "note", "state", "reply"}
)
MARGIN = 0.12
"""How far the best candidate must lead, as a share of its score; less is torn."""
REACH = 3
"""Sentences that a pronoun looks back."""


def resolve(
    parse: Parse, mentions: list[Mention], referents: list[Referent], country_of: Callable[[str], str | None]
) -> None:
    """Set ``Mention.cluster`` of descriptions and pronouns, from left to right."""
    lex = lexicon()
    quoted = _quoted(parse)
    by_head = {m.head: m for m in mentions if m.kind == "name" and m.cluster >= 0 and m.head >= 0}
    rivals: list[Referent] = []
    for m in mentions:
        chosen: Referent | None = None
        if m.kind == "name":
            if m.cluster >= 0:
                note(parse, referents[m.cluster], m)
            continue
        if m.kind == "nominal":
            chosen = _apposed(parse, m, by_head, referents) or _described(parse, m, referents, lex, country_of)
            if chosen is None:
                rivals = [r for r in rivals if r.seen[-1][1] >= m.sentence - REACH]
                rivals.append(_rival(parse, m, lex))
                continue
        else:
            chosen = _pronoun(parse, m, referents, rivals, quoted)
            if chosen is not None:
                note(parse, chosen, m)
                word = parse.lower[m.head]
                if chosen.kind == "person" and chosen.gender is None and word in HE | SHE:
                    chosen.gender = "f" if word in SHE else "m"
                m.cluster = chosen.index
            continue
        note(parse, chosen, m)
        if chosen.kind == "person":
            chosen.nouns.add(parse.lemma[m.head])
            gender = lex.gender.get(parse.lower[m.head])
            if gender:
                chosen.gender, chosen.sure = gender, True
        m.cluster = chosen.index


def _quoted(parse: Parse) -> bytearray:
    """1 for tokens between quotation marks."""
    inside, out = False, bytearray(len(parse))
    for i, word in enumerate(parse.word):
        if word == "“":
            inside = True
        elif word == "”":
            inside = False
        elif word in ('"', "``", "''"):
            inside = not inside
        elif "\n\n" in word:
            inside = False
        out[i] = inside
    return out


def _apposed(parse: Parse, m: Mention, by_head: dict[int, Mention], referents: list[Referent]) -> Referent | None:
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
    wanted = _noun_type(parse, m.head, lexicon())
    plural = parse.tag[m.head] in ("NNS", "NNPS")
    return referent if wanted == referent.kind and plural == referent.plural else None


def _noun_type(parse: Parse, head: int, lex: Lexicon) -> str:
    noun = parse.lemma[head]
    if noun in lex.words["person_noun"] or noun in lex.words["person_title"] or noun in lex.gender:
        return "group" if parse.tag[head] in ("NNS", "NNPS") else "person"
    if noun in lex.words["organisation_noun"]:
        return "organisation"
    if noun in lex.words["country_noun"]:
        return "country"
    return "group" if parse.tag[head] in ("NNS", "NNPS") else "organisation"


def _rival(parse: Parse, m: Mention, lex: Lexicon) -> Referent:
    kind = _noun_type(parse, m.head, lex)
    rival = Referent(-1, kind, m.text, gender=lex.gender.get(parse.lemma[m.head]))  # type: ignore[arg-type]
    rival.plural = parse.tag[m.head] in ("NNS", "NNPS") or parse.lemma[m.head] == "police"
    note(parse, rival, m)
    return rival


def _score(parse: Parse, r: Referent, at: int, sentence: int, reach: int) -> float:
    """Salience at a token: each earlier mention counts by its role, half as much for every sentence between."""
    total = 0.0
    for token, s, weight in reversed(r.seen):
        distance = sentence - s
        if distance > reach:
            break
        if token >= at or distance < 0:
            continue
        total += weight * (0.5**distance)
    return total


def _best(scored: list[tuple[float, Referent]], margin: float = MARGIN) -> Referent | None:
    scored = sorted((s for s in scored if s[0] > 0), key=lambda s: -s[0])
    if not scored:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < margin * scored[0][0]:
        return None
    return scored[0][1]


def _described(
    parse: Parse, m: Mention, referents: list[Referent], lex: Lexicon, country_of: Callable[[str], str | None]
) -> Referent | None:
    """The antecedent of a definite description, or None."""
    if parse.lower[m.start] not in DETERMINERS or parse.tag[m.head] in ("NNS", "NNPS"):
        return None
    if any(parse.dep[c] in ("prep", "relcl", "acl") and c > m.head and c < m.head + 3 for c in parse.children[m.head]):
        return None  # "the minister of trade", "the company that …" say themselves who is meant
    noun, kind = parse.lemma[m.head], _noun_type(parse, m.head, lex)
    code = None
    for i in range(m.start, m.head):
        if parse.word[i][:1].isupper():
            code = code or country_of(parse.word[i])
    reach = 8
    if noun == "administration" and code is None:
        chiefs = [
            r for r in referents if r.kind == "person" and r.nouns & {"president", "premier", "governor", "mayor"}
        ]
        return _best([(_score(parse, r, m.head, m.sentence, reach), r) for r in chiefs])
    gender = lex.gender.get(noun)
    scored = []
    for r in referents:
        if r.kind != kind or not r.seen:
            continue
        score = _score(parse, r, m.head, m.sentence, reach)
        if score <= 0:
            continue
        if kind == "person":
            score *= _person_fit(parse, r, noun, gender, code, referents)
        elif kind == "organisation":
            score *= _organisation_fit(r, noun)
        elif code or m.end - m.start > 2:
            continue
        if score > 0:
            scored.append((score, r))
    return _best(scored, 0.2)


def _person_fit(
    parse: Parse, r: Referent, noun: str, gender: str | None, code: str | None, referents: list[Referent]
) -> float:
    if gender and r.gender and gender != r.gender:
        return 0.0
    fit = 1.0
    if code:
        if r.countries:
            fit = 3.0 if code in r.countries else 0.0
        else:
            near = {s for o in referents if o.kind == "country" and code in o.countries for _, s, _ in o.seen}
            fit = 1.5 if any(s in near for _, s, _ in r.seen) else 0.3
    if noun in r.nouns:
        return fit * 3
    if noun in HEAD_NOUNS and r.nouns & LEADERS:
        return fit * 2
    if noun in LEADERS or (r.nouns and noun not in HEAD_NOUNS):
        return 0.0 if not (noun in LEADERS and noun == "leader" and not r.nouns) else fit * 0.5
    return fit * (1.0 if gender or not r.nouns else 0.6)


def _organisation_fit(r: Referent, noun: str) -> float:
    if noun in r.nouns or any(noun in n.lower().split() for n in r.names):
        return 3.0
    if noun in (
        "government",
        "administration",
        "regime",
        "army",
        "military",
        "police",
        "parliament",
        "court",
        "opposition",
    ):
        return 0.0
    return 1.0 if noun in GENERIC_ORGANISATION or not r.nouns else 0.0


def _pronoun(
    parse: Parse, m: Mention, referents: list[Referent], rivals: list[Referent], quoted: bytearray
) -> Referent | None:
    word, at = parse.lower[m.head], m.head
    if word in IT and _is_empty_it(parse, at):
        return None
    gender = "m" if word in HE else "f" if word in SHE else None
    if gender is None and word not in IT and word not in THEY:
        return None
    barred = _clause_mates(parse, at, word)
    speaker = _speakers(parse, at) if quoted[at] else set()
    subject = parse.dep[at] in SUBJECTS
    scored: list[tuple[float, Referent]] = []
    for r in [*referents, *rivals]:
        if not r.seen or not _agrees(r, word, gender):
            continue
        tokens = {t for t, s, _ in r.seen if s == m.sentence}
        if tokens & barred or tokens & speaker:
            continue
        score = _score(parse, r, at, m.sentence, REACH)
        if score <= 0:
            continue
        last = next((t for t, _, _ in reversed(r.seen) if t < at), -1)
        if tokens:
            score *= 1.25
        if subject and last >= 0 and parse.dep[last] in SUBJECTS:
            score *= 1.35
        if gender and r.gender == gender:
            score *= 1.6 if r.sure else 1.4
        if parse.dep[at] == "poss" and last >= 0 and parse.dep[last] in SUBJECTS and parse.sentence[last] == m.sentence:
            score *= 1.4
        if r.index < 0:
            score *= 0.9
        scored.append((score, r))
    best = _best(scored, 0.25 if word in IT or word in THEY else MARGIN)
    if best is None or best.index < 0:
        return None
    if word in IT and not _near_subject(parse, best, m):
        return None
    return best


def _agrees(r: Referent, word: str, gender: str | None) -> bool:
    if gender:
        return r.kind == "person" and r.gender in (gender, None)
    if word in IT:
        return r.kind in ("organisation", "country") and not r.plural
    return r.plural or r.kind in ("organisation", "group")


def _near_subject(parse: Parse, r: Referent, m: Mention) -> bool:
    """ "It" mostly speaks of things without a name; a name must be a subject nearby or stand in the same sentence."""
    recent = [(t, s) for t, s, _ in r.seen if t < m.head and s >= m.sentence - 1]
    return any(s == m.sentence or (t >= 0 and parse.dep[t] in SUBJECTS) for t, s in recent)


def _is_empty_it(parse: Parse, i: int) -> bool:
    """ "It is clear that", "it seems", "it rained": no referent."""
    if parse.lower[i] != "it":
        return False
    verb = parse.head[i]
    if parse.dep[i] == "expl" or parse.lemma[verb] in EMPTY_IT:
        return True
    kids = parse.children[verb]
    clause = any(parse.dep[c] in ("ccomp", "csubj", "advcl", "xcomp", "relcl") and c > i for c in kids)
    if parse.lemma[verb] == "be":
        attribute = any(parse.dep[c] in ("acomp", "attr") for c in kids)
        inner = any(parse.dep[g] in ("ccomp", "xcomp", "acl", "relcl") for c in kids for g in parse.children[c])
        return attribute and (clause or inner)
    return parse.dep[i] == "nsubjpass" and any(parse.dep[c] == "ccomp" for c in kids)


def _clause_mates(parse: Parse, i: int, word: str) -> set[int]:
    """Tokens that cannot be the antecedent: the subject of the same verb for an object ("Ali saw him")."""
    if word.endswith(("self", "selves")) or parse.dep[i] == "poss":
        # A possessor is not the thing possessed: "her minister" is not her.
        return {parse.head[i]} if parse.dep[i] == "poss" else set()
    verb = parse.head[i]
    if parse.dep[i] == "pobj":
        verb = parse.head[verb]
        # "with him": barred from the subject too when the phrase hangs on the verb
    if parse.pos[verb] not in ("VERB", "AUX"):
        return set()
    return {c for c in parse.children[verb] if c != i and parse.dep[c] in ("nsubj", "nsubjpass", "dobj", "dative")}


def _speakers(parse: Parse, i: int) -> set[int]:
    """Subjects of the verbs of saying above a quoted token: who speaks says "I", not "he"."""
    found: set[int] = set()
    steps = 0
    while parse.head[i] != i and steps < 12:
        i = parse.head[i]
        steps += 1
        if parse.lemma[i] in SAYING:
            found |= {c for c in parse.children[i] if parse.dep[c] == "nsubj"}
    return found
