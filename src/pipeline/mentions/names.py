"""What each name names. Every printing of a name in the article votes, so that one name has one label.

The model's label is one vote among others: title before, given name, head word, preposition, apposition, gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.knowledge.name_lexicon import Lexicon, lexicon
from pipeline.mentions.spans import POSSESSIVE, Span, candidates, is_capital
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

MISSED_NEEDS = 2.5
"""Evidence that a capitalised run needs to become a name though the model did not see it."""

Votes = list[float]


def find_names(
    parse: Parse, places: Sequence[tuple[int, int, str]], times: Sequence[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Names as ``(start, end, label)``, by position; none overlap."""
    lex = lexicon()
    spans = _with_places(candidates(parse, times, lex), places)
    proposed = {(s, e): label for s, e, label in places}
    tally: dict[str, Votes] = {}
    spans = [span for span in spans if not _inside_title(parse, *span, lex)]
    keys = [_key(parse, s, e) for s, e, _ in spans]
    fixed = [label not in MODEL_VOTES and label != "" for _, _, label in spans]
    for (s, e, label), key, keep in zip(spans, keys, fixed, strict=True):
        if not keep:
            _vote(parse, s, e, label, proposed, tally.setdefault(key, [0.0] * 5), lex)
    _carry_acronyms(parse, spans, keys, tally)
    carried = _carry_names(spans, keys, tally, lex)
    _carry_lists(parse, spans, keys, tally)
    plain = {w for w in parse.word if w.islower()}
    seen_inside = carried | {
        k for (s, _, label), k in zip(spans, keys, strict=True) if label or s != parse.sentences[parse.sentence[s]][0]
    }
    out = []
    for (s, e, label), key, keep in zip(spans, keys, fixed, strict=True):
        if keep:
            out.append((s, e, label))
            continue
        votes = tally[key]
        best = max(range(5), key=lambda c: (votes[c], -c))
        if e - s == 1 and key not in carried and votes[best] < 4 and _is_common_word(parse, s, key, plain):
            continue
        if not label and (
            votes[best] < MISSED_NEEDS
            or key not in seen_inside
            or (e - s == 1 and key in lex.given and votes[best] < 4)
        ):
            continue
        out.append((s, e, _label(parse, s, e, label, best, proposed, lex)))
    return out


def _key(parse: Parse, start: int, end: int) -> str:
    return " ".join(w for w in parse.lower[start:end] if w.strip()).rstrip(".")


def _with_places(spans: list[Span], places: Sequence[tuple[int, int, str]]) -> list[Span]:
    """Add proposals of the places room that touch no name, and those that lie where the model saw only part."""
    covered: dict[int, int] = {}
    for number, (s, e, _) in enumerate(spans):
        for i in range(s, e):
            covered[i] = number
    dropped: set[int] = set()
    added: list[Span] = []
    for s, e, label in places:
        touching = {covered[i] for i in range(s, e) if i in covered}
        if (
            all(s <= spans[k][0] and spans[k][1] <= e and spans[k][:2] != (s, e) for k in touching)
            and not touching & dropped
        ):
            dropped |= touching
            added.append((s, e, label))
            for i in range(s, e):
                covered[i] = -1
    kept = [span for number, span in enumerate(spans) if number not in dropped]
    return sorted(kept + added)


def _label(
    parse: Parse, start: int, end: int, label: str, best: int, proposed: dict[tuple[int, int], str], lex: Lexicon
) -> str:
    if best == PERSON:
        return "PERSON"
    if best == ORG:
        return "ORG"
    if best == PEOPLE:
        return "NORP"
    if best == OTHER:
        return label if label in MODEL_VOTES and MODEL_VOTES[label][0] == OTHER else "EVENT"
    if label in ("GPE", "LOC", "FAC"):
        return label
    last, first = parse.lower[end - 1], parse.lower[start]
    if (start, end) in proposed:
        return proposed[start, end]
    if last in lex.words["facility"]:
        return "FAC"
    return "LOC" if end - start > 1 and (last in lex.words["place"] or first in lex.words["place_first"]) else "GPE"


def _vote(
    parse: Parse, s: int, e: int, label: str, proposed: dict[tuple[int, int], str], votes: Votes, lex: Lexicon
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
    if key in lex.adjectives:
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
            votes[PLACE] += 2
        elif first in lex.given:
            votes[PERSON] += 3
        elif 1 < size < 4 and not votes[PLACE]:
            votes[PERSON] += 0.4
    elif first in words["law"] or first in words["event"]:
        votes[OTHER] += 3
    elif first in lex.given:
        votes[PERSON] += 0.4
    elif 2 <= len(last) <= 6 and parse.word[s].isupper() and last.isalpha():
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
    elif before == "of" and s > 1 and lower[s - 2] in words["near_place"]:
        votes[PLACE] += 4
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
    if after in lex.words["near_place"] and parse.word[e].islower():
        votes[PLACE] += 3
    elif after in lex.words["organisation_noun"] and parse.word[e].islower():
        votes[ORG] += 2
    elif after in lex.words["after_organisation"] and parse.word[e].islower():
        votes[ORG] += 1.2
    elif after == "who":
        votes[PERSON] += 2.5
    elif after in POSSESSIVE and e + 1 < len(parse) and lower[e + 1] in lex.words["near_place"]:
        votes[PLACE] += 2
    elif after == "," and e + 2 < len(parse):
        if parse.word[e + 1].isdigit() and 1 <= len(parse.word[e + 1]) <= 3 and lower[e + 2] in (",", ".", "and"):
            votes[PERSON] += 4
        elif lower[e + 1] == "who":
            votes[PERSON] += 2.5
        elif lower[e + 1] in lex.countries:
            votes[PLACE] += 1.5


def _vote_syntax(parse: Parse, s: int, e: int, votes: Votes, lex: Lexicon) -> None:
    """Verbs that only people do, and nouns that are said of the name: apposition and predicate."""
    head = e - 1
    while s <= parse.head[head] < e and parse.head[head] != head:
        head = parse.head[head]
    dep, governor = parse.dep[head], parse.head[head]
    if dep == "nsubj" and governor != head:
        if parse.lemma[governor] in lex.words["person_verb"]:
            votes[PERSON] += 1.0
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


def _carry_acronyms(parse: Parse, spans: list[Span], keys: list[str], tally: dict[str, Votes]) -> None:
    """A short form in brackets right after its long form names the same thing."""
    for k in range(len(spans) - 1):
        s, e = spans[k + 1][:2]
        gap = parse.lower[spans[k][1] : s]
        if "(" in gap and len(gap) <= 2 and e < len(parse) and parse.lower[e] == ")" and keys[k] in tally:
            source, target = tally[keys[k]], tally.get(keys[k + 1])
            if target is not None and e - s == 1 and is_capital(parse.word[s]):
                best = max(range(5), key=lambda c: (source[c], -c))
                if best in (PLACE, PERSON) and spans[k][1] - spans[k][0] == 1 and e - s == 1 and len(keys[k + 1]) > 2:
                    best = ORG  # "the Chamber of Commerce in Korea (CCK)": the long form reaches further back
                target[best] += 6 * sum(key == keys[k + 1] for key in keys)


def _inside_title(parse: Parse, start: int, end: int, label: str, lex: Lexicon) -> bool:
    """Whether a span is only part of a title of several words: "State" in "Secretary of State"."""
    if end - start > 2 or (label not in MODEL_VOTES and label):
        return False
    for size in (4, 3, 2):
        for first in range(max(0, end - size), start + 1):
            if tuple(parse.lower[first : first + size]) in lex.phrases["person_title"]:
                return True
    return end - start == 1 and parse.lower[start] in lex.words["person_title"]


def _is_common_word(parse: Parse, i: int, key: str, plain: set[str]) -> bool:
    """A capital that only begins a sentence, or a word that the article also prints small."""
    return not parse.tag[i].startswith("NNP") if i == parse.sentences[parse.sentence[i]][0] else key in plain


def _carry_lists(parse: Parse, spans: list[Span], keys: list[str], tally: dict[str, Votes]) -> None:
    """Neighbours in a list ("Tarnow, Veldra and Selby") are likely of one class: each lends the other a vote."""
    for k in range(len(spans) - 1):
        gap = parse.lower[spans[k][1] : spans[k + 1][0]]
        if gap in (["and"], [","], [",", "and"], ["or"]):
            left, right = tally.get(keys[k]), tally.get(keys[k + 1])
            if left and right and keys[k] != keys[k + 1]:
                best_left, best_right = (max(range(5), key=lambda c: (v[c], -c)) for v in (left, right))
                if gap != [","] or best_left == best_right or PERSON not in (best_left, best_right):
                    right[best_left] += 0.8
                    left[best_right] += 0.8


def _carry_names(spans: list[Span], keys: list[str], tally: dict[str, Votes], lex: Lexicon) -> set[str]:
    """A surname or given name alone is the person whose full name the article prints."""
    carried: set[str] = set()
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    for key, votes in list(tally.items()):
        parts = key.split(" ")
        if len(parts) < 2 or votes[PERSON] < max(votes) or votes[PERSON] < 2:
            continue
        for short in {parts[-1], parts[0], " ".join(parts[1:])} - {key}:
            if short in tally and short not in lex.countries and short not in lex.adjectives:
                tally[short][PERSON] += 3 * counts[short]
                carried.add(short)
    return carried
