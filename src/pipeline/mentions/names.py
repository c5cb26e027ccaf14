"""What each name names. Every printing of a name in the article votes, so that one name has one label.

The model's label is one vote among others: title before, given name, head word, preposition, apposition, gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.knowledge.name_lexicon import Lexicon, lexicon
from pipeline.mentions.runs import candidates, shouted
from pipeline.mentions.spans import Span, is_capital
from pipeline.mentions.votes import MODEL_VOTES, ORG, OTHER, PEOPLE, PERSON, PLACE, Votes, vote
from pipeline.text import Parse

MISSED_NEEDS = 2.5
"""Evidence that a capitalised run needs to become a name though the model did not see it."""


def find_names(
    parse: Parse, places: Sequence[tuple[int, int, str]], times: Sequence[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Names as ``(start, end, label)``, by position; none overlap."""
    lex = lexicon()
    shout = shouted(parse)
    spans = _full_names(parse, _with_places(candidates(parse, times, shout, lex), places), lex)
    proposed = {(s, e): label for s, e, label in places}
    tally: dict[str, Votes] = {}
    spans = [span for span in spans if not _inside_title(parse, *span, lex) and not _names_nothing(parse, span, lex)]
    spans = _without_portfolios(parse, spans, lex)
    keys = [_key(parse, s, e) for s, e, _ in spans]
    fixed = [label not in MODEL_VOTES and label != "" for _, _, label in spans]
    for (s, e, label), key, keep in zip(spans, keys, fixed, strict=True):
        if not keep:
            vote(parse, s, e, label, proposed, tally.setdefault(key, [0.0] * 5), lex, bool(shout[s]))
    _carry_acronyms(parse, spans, keys, tally)
    carried = _carry_names(spans, keys, tally, lex)
    _carry_bodies(keys, tally)
    _carry_lists(parse, spans, keys, tally)
    plain = {w for w in parse.word if w.islower()}
    counts = {key: keys.count(key) for key in set(keys)}
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
        if e - s == 1 and key not in carried and votes[best] < 1.5 and _only_opens(parse, s, counts[key], proposed):
            continue
        if not label and (
            votes[best] < MISSED_NEEDS
            or (key not in seen_inside and not shout[s] and votes[best] < (3.0 if e - s > 1 else 5.0))
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
            all(s <= spans[k][0] and spans[k][1] <= e and (spans[k][:2] != (s, e) or not spans[k][2]) for k in touching)
            and not touching & dropped
        ):
            dropped |= touching
            added.append((s, e, label))
            for i in range(s, e):
                covered[i] = -1
    kept = [span for number, span in enumerate(spans) if number not in dropped]
    return sorted(kept + added)


def _full_names(parse: Parse, spans: list[Span], lex: Lexicon) -> list[Span]:
    """Two names side by side that are one: a given name and a second half, a nationality in a body's listed name.

    "Pakistani Taliban" is longer than "Taliban", and another body.
    """
    out: list[Span] = []
    for span in spans:
        before = out[-1] if out else None
        if before is None or before[1] != span[0]:
            out.append(span)
        elif parse.lower[before[0]] in lex.adjectives and _key(parse, before[0], span[1]) in lex.bodies:
            out[-1] = (before[0], span[1], "ORG")
        elif (
            before[1] - before[0] == 1
            and span[1] - span[0] == 1
            and parse.lower[before[0]] in lex.given
            and parse.sentence[before[0]] == parse.sentence[span[0]]
            and span[2] in ("", "GPE", "ORG", "PERSON", "LOC")
            and parse.word[span[0]][:1].isupper()
        ):
            out[-1] = (before[0], span[1], "PERSON")
        else:
            out.append(span)
    return out


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
        if parse.lower[end - 1] in lex.words["law"]:
            return "LAW"
        if parse.lower[end - 1] in lex.words["event"]:
            return "EVENT"
        return label if label in MODEL_VOTES and MODEL_VOTES[label][0] == OTHER else "PRODUCT"
    if label in ("GPE", "LOC", "FAC"):
        return label
    last, first = parse.lower[end - 1], parse.lower[start]
    if (start, end) in proposed:
        return proposed[start, end]
    if last in lex.words["facility"]:
        return "FAC"
    return "LOC" if end - start > 1 and (last in lex.words["place"] or first in lex.words["place_first"]) else "GPE"


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


def _names_nothing(parse: Parse, span: Span, lex: Lexicon) -> bool:
    """A short form that names no body (AI, MPs) or a noun with a capital of respect ("the Company")."""
    start, end, label = span
    word = parse.word[start]
    if end - start > 1 or (label not in MODEL_VOTES and label):
        return False
    if parse.lower[start] in lex.words["generic"] and not (word.isupper() and len(word) < 5):
        return True
    if parse.lower[start] in lex.words["abbreviation"] and not word.istitle():
        return True
    return len(word) > 2 and word[-1] == "s" and word[:-1].isupper() and word[:-1].isalpha()


def _without_portfolios(parse: Parse, spans: list[Span], lex: Lexicon) -> list[Span]:
    """What a minister is minister of ("Minister of Labour and Social Welfare") is no name, but for a country's."""
    out: list[Span] = []
    dropped = -1
    for start, end, label in spans:
        gap = parse.lower[dropped:start] if 0 <= dropped < start else []
        of = (
            start > 1
            and parse.lower[start - 1] in ("of", "for")
            and parse.lower[start - 2] in lex.words["portfolio_noun"]
        )
        goes_on = gap in (["and"], [","], [",", "and"]) and parse.lower[start] not in lex.given
        open_label = label in ("ORG", "") or (label == "PERSON" and gap == ["and"])
        if open_label and (of or goes_on) and parse.lower[start] not in lex.countries:
            dropped = end
            named = next((i for i in range(start + 1, end - 1) if parse.lower[i] in lex.given), None)
            if named is not None:  # "… and Social Welfare Ana Sato"
                out.append((named, end, "PERSON"))
            continue
        out.append((start, end, label))
    return out


def _is_common_word(parse: Parse, i: int, key: str, plain: set[str]) -> bool:
    """A capital that only begins a sentence, or a word that the article also prints small."""
    return not parse.tag[i].startswith("NNP") if i == parse.sentences[parse.sentence[i]][0] else key in plain


def _only_opens(parse: Parse, i: int, count: int, proposed: dict[tuple[int, int], str]) -> bool:
    """Whether a lone word has its capital only from opening a sentence ("Turnout was low"), for all that is printed."""
    opens = i == parse.sentences[parse.sentence[i]][0] and i > 0
    copula = parse.lemma[parse.head[i]] == "be" and parse.dep[i] == "nsubj"
    return opens and copula and count == 1 and (i, i + 1) not in proposed and parse.word[i].istitle()


def _carry_bodies(keys: list[str], tally: dict[str, Votes]) -> None:
    """The last word of a body's name stands for it: "Rovers" after "Selby Rovers"."""
    for key in sorted(tally):
        parts = key.split(" ")
        short = tally.get(parts[-1])
        if len(parts) == 2 and short is not None and tally[key][ORG] >= 1 and tally[key][ORG] == max(tally[key]):
            number = keys.count(parts[-1])
            short[ORG] += 3 * number if short[PERSON] < 1.5 * number and not short[PLACE] else 0


def _carry_lists(parse: Parse, spans: list[Span], keys: list[str], tally: dict[str, Votes]) -> None:
    """Neighbours in a list ("Tarnow, Veldra and Selby") are likely of one class: each lends the other a vote."""
    for k in range(len(spans) - 1):
        gap = parse.lower[spans[k][1] : spans[k + 1][0]]
        if gap in (["and"], [","], [",", "and"], ["or"]):
            left, right = tally.get(keys[k]), tally.get(keys[k + 1])
            if left and right and keys[k] != keys[k + 1]:
                best_left, best_right = (max(range(5), key=lambda c: (v[c], -c)) for v in (left, right))
                if gap != [","] or best_left == best_right or PERSON not in (best_left, best_right):
                    right[best_left] += 1.2
                    left[best_right] += 1.2


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
        sure = votes[PERSON] >= 3 * counts[key] or parts[0] in lex.given
        for short in {parts[-1], parts[0], " ".join(parts[1:])} - {key}:
            if short in tally and short not in lex.countries and short not in lex.adjectives:
                tally[short][PERSON] += (3 if sure else 1) * counts[short]
                carried.add(short)
    return carried
