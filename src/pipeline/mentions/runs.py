"""All names of a text by position: the model's spans, repaired and widened, and those that the model missed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.knowledge.name_lexicon import Lexicon
from pipeline.mentions.spans import CALENDAR, OPEN_LABELS, Span, is_capital, repaired
from pipeline.text import Parse

JOINERS = frozenset(
    {
        "of", "for", "and", "&", "de", "da", "do", "dos", "del", "di", "du", "la", "le", "van", "von", "bin", "al",
        "el", "-", "–", "’s", "'s", "the"
    }
)  # fmt: skip


def candidates(parse: Parse, times: Sequence[tuple[int, int]], shout: bytearray, lex: Lexicon) -> list[Span]:
    """All names by position: the model's, repaired, and missed capitalised runs with an empty label. None overlap."""
    n = len(parse)
    taken = bytearray(n)
    for s, e in times:
        for i in range(s, e):
            taken[i] = 1
    found: list[Span] = []
    for start, end, label in parse.names:
        if label in ("DATE", "TIME"):
            continue
        if shout[start] and label not in ("GPE", "NORP") and not _known(parse, start, end, label, lex):
            continue
        for s, e, kept in repaired(parse, start, end, label, lex):
            if not any(taken[s:e]):
                found.append((s, e, kept))
                for i in range(s, e):
                    taken[i] = 1
    found = [_widened(parse, span, taken, lex) for span in found]
    found += _listed(parse, taken, lex)
    found += _in_capitals(parse, found, taken, shout, lex)
    hidden = bytearray(a | b for a, b in zip(taken, shout, strict=True))
    found += _missed(parse, hidden, lex)
    found += _echoes(parse, found, hidden)
    found.sort()
    return _joined(parse, found)


SHOUTED_WORDS = 4
"""Words that a line needs before its capitals count as a headline's."""


def shouted(parse: Parse) -> bytearray:
    """1 for the tokens of lines printed in capitals throughout: there a capital tells nothing, and the model errs."""
    n = len(parse)
    out = bytearray(n)
    start = upper = other = 0
    for i, word in enumerate([*parse.word, "\n"]):
        if word.isupper():
            upper += len(word) > 1 and word.isalpha()
        elif "\n" in word:
            if upper >= SHOUTED_WORDS and upper >= 4 * other:
                out[start:i] = b"\x01" * (i - start)
            start, upper, other = i + 1, 0, 0
        elif len(word) > 1 and word.isalpha():
            other += 1
    return out


def _known(parse: Parse, start: int, end: int, label: str, lex: Lexicon) -> bool:
    """Whether a name in a line of capitals is backed by a given name, a head word or the list of bodies."""
    first, last = parse.lower[start], parse.lower[end - 1]
    if end - start == 1:
        return first in lex.bodies
    if label == "PERSON" and end - start < 4 and all(parse.tag[i][:3] == "NNP" for i in range(start, end)):
        return True
    headed = last in lex.words["organisation"] and end - start < 4 and set(parse.tag[start:end]) <= {"NNP", "NNPS"}
    return first in lex.given or headed or " ".join(parse.lower[start:end]) in lex.bodies


def _in_capitals(parse: Parse, found: list[Span], taken: bytearray, shout: bytearray, lex: Lexicon) -> list[Span]:
    """Words of lines in capitals that are countries, nationalities or names elsewhere in the article."""
    if not any(shout):
        return []
    names = {parse.lower[i] for s, e, label in found if label in OPEN_LABELS for i in (s, e - 1) if not shout[i]}
    plain = {w for w in parse.word if w.islower()}
    out: list[Span] = []
    for i, lower in enumerate(parse.lower):
        if not shout[i] or taken[i] or lower in plain or len(lower) < 3:
            continue
        if lower in lex.countries or lower in lex.adjectives or lower in lex.bodies:
            taken[i] = 1
            out.append((i, i + 1, ""))
        elif lower in names:
            taken[i] = 1
            joined = out and out[-1][1] == i and parse.lower[i - 1] in names
            out.append((out.pop()[0], i + 1, "") if joined else (i, i + 1, ""))
    return out


def _joined(parse: Parse, found: list[Span]) -> list[Span]:
    """Put the two halves of a ministry's name together: "Ministry of Rivers" and "Lakes"."""
    out: list[Span] = []
    for span in found:
        if out and span[2] in ("", "ORG") and parse.lower[out[-1][1] : span[0]] == ["and"]:
            start, end, _ = out[-1]
            office = parse.lower[start] in ("ministry", "department") and parse.lower[start + 1 : start + 2] == ["of"]
            if (
                office
                and "and" not in parse.lower[start:end]
                and span[1] - span[0] <= 3
                and not parse.word[span[0]].isupper()
            ):
                out[-1] = (start, span[1], "ORG")
                continue
        out.append(span)
    return out


def _joins(parse: Parse, i: int, taken: bytearray, lex: Lexicon) -> bool:
    return (
        not taken[i]
        and parse.pos[i] == "PROPN"
        and is_capital(parse.word[i])
        and parse.lower[i] not in lex.words["person_title"]
        and parse.lower[i] not in CALENDAR
        and parse.lower[i] not in lex.adjectives
    )


def _widened(parse: Parse, span: Span, taken: bytearray, lex: Lexicon) -> Span:
    """Take in adjoining proper nouns of the same sentence that belong to no other name."""
    start, end, label = span
    if label not in OPEN_LABELS or label == "NORP":
        return span
    while end < len(parse) and parse.sentence[end] == parse.sentence[start] and _joins(parse, end, taken, lex):
        taken[end] = 1
        end += 1
    while start > 0 and parse.sentence[start - 1] == parse.sentence[start] and _joins(parse, start - 1, taken, lex):
        start -= 1
        taken[start] = 1
    return start, end, label


def _is_name_word(parse: Parse, i: int) -> bool:
    """A capitalised proper noun, or a noun in capitals: the tagger takes unknown acronyms for common nouns."""
    if parse.pos[i] == "PROPN":
        return is_capital(parse.word[i])
    return (
        parse.pos[i] == "NOUN" and parse.word[i].isupper() and 3 <= len(parse.word[i]) <= 7 and parse.word[i].isalpha()
    )


def _listed(parse: Parse, taken: bytearray, lex: Lexicon) -> list[Span]:
    """Bodies of several words that the knowledge files list: "Doctors Without Borders"."""
    out: list[Span] = []
    for i, lower in enumerate(parse.lower):
        if taken[i] or lower not in lex.listed or not parse.word[i][:1].isupper():
            continue
        for words in lex.listed[lower]:
            end = i + len(words)
            if tuple(parse.lower[i:end]) == words and parse.word[end - 1][:1].isupper() and not any(taken[i:end]):
                taken[i:end] = b"\x01" * (end - i)
                out.append((i, end, ""))
                break
    return out


def _continues(parse: Parse, j: int, taken: bytearray) -> bool:
    return j < len(parse) and not taken[j] and parse.sentence[j] == parse.sentence[j - 1] and _is_name_word(parse, j)


def _hyphenated(parse: Parse, j: int, taken: bytearray) -> bool:
    """Whether a name goes on over a hyphen without spaces: "Rolls-Royce", "Jae-in"."""
    return (
        j + 1 < len(parse)
        and parse.word[j] == "-"
        and not taken[j + 1]
        and parse.start[j] == parse.end[j - 1]
        and parse.start[j + 1] == parse.end[j]
        and (is_capital(parse.word[j + 1]) or parse.pos[j + 1] == "PROPN")
    )


def _echoes(parse: Parse, found: list[Span], taken: bytearray) -> list[Span]:
    """Lone words that the tagger took for others though the article has them as names: "Kovind" as a noun."""
    known: set[str] = set()
    for start, end, label in found:
        if label == "PERSON" and end - start > 1:
            known.add(parse.word[end - 1])
        elif label in OPEN_LABELS and end - start == 1:
            known.add(parse.word[start])
    known = {w for w in known if len(w) > 2 and w[0].isupper()}
    plain = {w for w in parse.word if w.islower()}
    out: list[Span] = []
    for i, word in enumerate(parse.word):
        if word in known and not taken[i] and parse.lower[i] not in plain:
            taken[i] = 1
            out.append((i, i + 1, ""))
    return out


def _missed(parse: Parse, taken: bytearray, lex: Lexicon) -> list[Span]:
    found: list[Span] = []
    i, n = 0, len(parse)
    first = lex.words["organisation_first"]
    while i < n:
        if taken[i] or not _is_name_word(parse, i) or parse.lower[i] in CALENDAR:
            i += 1
            continue
        j = i + 1
        long_form = parse.lower[i] in first
        while j < n and not taken[j] and parse.sentence[j] == parse.sentence[i]:
            if _hyphenated(parse, j, taken):
                j += 2
            elif (
                _is_name_word(parse, j)
                or (is_capital(parse.word[j]) and parse.pos[j] == "ADP" and _continues(parse, j + 1, taken))
            ) or (
                long_form
                and parse.lower[j] in JOINERS
                and j + 1 < n
                and not taken[j + 1]
                and (is_capital(parse.word[j + 1]) or parse.lower[j + 1] == "the")
            ):
                j += 1
            else:
                break
        for s, e, _ in repaired(parse, i, j, "ORG", lex):
            if not (e - s == 1 and parse.lower[s] in lex.words["person_title"]):
                found.append((s, e, ""))
                for k in range(s, e):
                    taken[k] = 1
        i = j
    return found
