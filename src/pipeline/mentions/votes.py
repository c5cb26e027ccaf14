"""What one printing of a name says about its class: title before, given name, head word, preposition, apposition."""

from __future__ import annotations

from pipeline.knowledge.name_lexicon import Lexicon
from pipeline.mentions.spans import POSSESSIVE
from pipeline.text import Parse

PERSON, ORG, PLACE, PEOPLE, OTHER = range(5)
MODEL_VOTES = {
    "PERSON": (PERSON, 2.0),
    "ORG": (ORG, 1.2),
    "GPE": (PLACE, 1.8),
    "LOC": (PLACE, 1.8),
    "FAC": (PLACE, 2.0),
    "NORP": (PEOPLE, 2.5),
    "EVENT": (OTHER, 3.0),
    "LAW": (OTHER, 3.0),
    "LANGUAGE": (OTHER, 3.0),
    "WORK_OF_ART": (OTHER, 1.5),
    "PRODUCT": (OTHER, 1.0),
}
"""Label → class and weight. The small model calls unknown names ORG, so that ORG weighs least."""

PREPOSITIONS = {
    "in": 2.5, "near": 2.5, "across": 2.0, "outside": 2.0, "around": 1.5, "throughout": 2.5, "inside": 1.5, "from": 1.0,
    "to": 0.6, "at": 0.5, "into": 1.0, "via": 1.0, "toward": 1.0, "towards": 1.0, "through": 1.0, "above": 1.0,
    "off": 1.5, "between": 0.5, "within": 1.0, "along": 1.5,
}  # fmt: skip
"""How strongly a preposition right before a name speaks for a place."""

LONE_PERSON = 0.8
"""Weight of the model's PERSON for one word, which it also gives to brands and villages."""

REFLEXIVE = frozenset({"itself", "themselves"})
NAMING = REFLEXIVE | {"called", "named", "dubbed"}

Votes = list[float]
"""Weight of each class: PERSON, ORG, PLACE, PEOPLE, OTHER."""


def vote(
    parse: Parse,
    s: int,
    e: int,
    label: str,
    proposed: dict[tuple[int, int], str],
    votes: Votes,
    lex: Lexicon,
    shout: bool = False,
) -> None:
    """Add what one printing of a name says about what it names."""
    words, lower, size = lex.words, parse.lower, e - s
    if label in MODEL_VOTES:
        kind, weight = MODEL_VOTES[label]
        votes[kind] += weight if kind != PERSON or size > 1 else LONE_PERSON
    first, last = lower[s], lower[e - 1]
    key = " ".join(lower[s:e])
    if key in lex.bodies:
        votes[ORG] += 5
    if key in lex.adjectives or (key in words["people"] or (size > 1 and last in words["people"])):
        votes[PEOPLE] += 6
    if key in lex.countries:
        votes[PLACE] += 5
    elif (s, e) in proposed:
        votes[PLACE] += 3.0
    if size > 1:
        of_form = first in words["organisation_first"] and lower[s + 1] in ("of", "for")
        if last in words["law"] or last in words["event"]:
            votes[OTHER] += 4
        elif of_form or last in words["organisation"]:
            votes[ORG] += 4
        elif last in words["place"] or last in words["facility"]:
            votes[PLACE] += 4
        elif first in words["place_first"]:
            votes[PLACE] += 4 if " ".join(lower[s + 1 : e]) in lex.countries else 2
        elif first in lex.given:
            votes[PERSON] += 3
        elif 1 < size < 4 and not votes[PLACE]:
            votes[PERSON] += 0.4
    elif first in words["law"] or first in words["event"]:
        votes[OTHER] += 3
    elif first in words["facility"] and s and lower[s - 1] == "the":
        votes[PLACE] += 3  # "met in the Guildhall"
    elif first in lex.given:
        votes[PERSON] += 0.4
    elif 2 <= len(last) <= 6 and parse.word[s].isupper() and last.isalpha() and not shout:
        votes[ORG] += 1.5
    _vote_before(parse, s, votes, lex)
    _vote_after(parse, s, e, votes, lex)
    _vote_syntax(parse, s, e, votes, lex)


def _vote_before(parse: Parse, s: int, votes: Votes, lex: Lexicon) -> None:
    if s == 0 or parse.sentence[s - 1] != parse.sentence[s]:
        return
    lower, words = parse.lower, lex.words
    before = lower[s - 1]
    if before in words["person_title"] or (before in words["person_noun"] and parse.dep[s - 1] != "prep"):
        votes[PERSON] += 4 if parse.word[s - 1][:1].isupper() else 2.5
    elif s > 1 and (lower[s - 2], before) in lex.phrases["person_title"]:
        votes[PERSON] += 4
    elif before == "the":
        votes[PERSON] -= 1.5
        votes[ORG] += 1.0
        if s > 1 and lower[s - 2] == "in":
            votes[PLACE] += 0.8
        elif s > 2 and lower[s - 2] == "of" and lower[s - 3] in words["before_place"]:
            votes[PLACE] += 3  # "the banks of the Volta"
    elif before == "of" and s > 1 and lower[s - 2] in words["near_place"]:
        votes[PLACE] += 4
    elif before in ("of", "at") and s > 1 and lower[s - 2] in words["before_organisation"]:
        votes[ORG] += 1.5
        votes[PERSON] -= 1
    elif (before in ("of", "to", "from", "at") and s > 1 and lower[s - 2] in words["before_place"]) or (
        before == "to" and parse.lemma[parse.head[s - 1]] in words["motion_verb"]
    ):
        votes[PLACE] += 2
    elif before in NAMING and s > 1:
        if before in REFLEXIVE and lower[s - 2] in ("calling", "called", "styling", "naming"):
            votes[ORG] += 5  # "a group calling itself Black Lamp"
        elif before not in REFLEXIVE:
            _vote_noun(parse.lemma[s - 2], votes, lex)
    elif before in PREPOSITIONS:
        votes[PLACE] += PREPOSITIONS[before]
    elif before in ("by", "with", "told"):
        votes[PERSON] += 0.5
    elif before in words["organisation_noun"]:
        votes[ORG] += 1.5


def _vote_after(parse: Parse, s: int, e: int, votes: Votes, lex: Lexicon) -> None:
    if e >= len(parse):
        return
    lower = parse.lower
    after = lower[e]
    if after in lex.words["near_place"] and (parse.word[e].islower() or after in lex.words["person_title"]):
        votes[PLACE] += 3
    elif after in lex.words["organisation_noun"] and parse.word[e].islower():
        votes[ORG] += 2 if after not in lex.words["government_noun"] else 0  # "Selby police", as "Tolvex firm"
    elif after in lex.words["after_organisation"] and parse.word[e].islower():
        votes[ORG] += 1.2
    elif after in lex.words["after_product"] and parse.word[e].islower():
        votes[OTHER] += 2
    elif s == 0 and parse.word[e] in (":", "–", "-", "—", "/"):
        votes[PLACE] += 3
    elif after == "who":
        votes[PERSON] += 2.5
    elif after in POSSESSIVE and _possessed(parse, e, lex):
        votes[PLACE] += 2
    elif after == "," and e + 2 < len(parse):
        if parse.word[e + 1].isdigit() and 1 <= len(parse.word[e + 1]) <= 3 and lower[e + 2] in (",", ".", "and"):
            votes[PERSON] += 4
        elif lower[e + 1] == "who":
            votes[PERSON] += 2.5
        elif lower[e + 1] in lex.countries:
            votes[PLACE] += 1.5


def _possessed(parse: Parse, e: int, lex: Lexicon) -> bool:
    """Whether a possessive stands before what only places have: "'s regional government", "'s coast"."""
    for i in range(e + 1, min(e + 4, len(parse))):
        if parse.lower[i] in lex.words["near_place"] or parse.lower[i] in lex.words["government_noun"]:
            return True
        if parse.pos[i] != "ADJ":
            return False
    return False


def _vote_syntax(parse: Parse, s: int, e: int, votes: Votes, lex: Lexicon) -> None:
    """Verbs that only people do, and nouns that are said of the name: apposition and predicate."""
    head = e - 1
    while s <= parse.head[head] < e and parse.head[head] != head:
        head = parse.head[head]
    dep, governor = parse.dep[head], parse.head[head]
    if dep == "nsubj" and governor != head:
        if parse.lemma[governor] in lex.words["person_verb"]:
            votes[PERSON] += 2.0
        if parse.lemma[governor] == "be":
            for child in parse.children[governor]:
                if parse.dep[child] == "attr":
                    _vote_noun(parse.lemma[child], votes, lex)
    elif dep == "appos":
        _vote_noun(parse.lemma[governor], votes, lex)
    for child in parse.children[head]:
        if parse.dep[child] == "appos" and parse.pos[child] == "NOUN":
            _vote_noun(parse.lemma[child], votes, lex)


def _vote_noun(noun: str, votes: Votes, lex: Lexicon) -> None:
    if noun in lex.words["person_noun"]:
        votes[PERSON] += 3
    elif noun in lex.words["organisation_noun"]:
        votes[ORG] += 3
    elif noun in lex.words["city_noun"] or noun in lex.words["country_noun"]:
        votes[PLACE] += 3
