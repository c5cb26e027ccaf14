"""Which token ranges are names: the model's spans cut, split and widened, and the capitalised runs that it missed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.knowledge.name_lexicon import Lexicon
from pipeline.text import Parse

Span = tuple[int, int, str]
"""Token range and label; the label of a run that the model missed is ""."""

POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
ARTICLES = frozenset({"the", "a", "an", "this", "that", "his", "her", "its", "their", "our"})
EDGES = frozenset(
    {*ARTICLES, *POSSESSIVE, ",", ".", ";", ":", "-", "–", "—", "and", "of", "in", "for", "(", ")", '"', "“", "”", "/"}
)
PARTICLES = frozenset(
    [
        "al",
        "el",
        "bin",
        "bint",
        "ibn",
        "ben",
        "abu",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "y",
        "e",
        "zu",
        "bin",
        "el-",
        "al-",
        "san",
    ]
)
JOINERS = frozenset(
    {
        "of",
        "for",
        "and",
        "&",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "bin",
        "al",
        "el",
        "-",
        "–",
        "’s",
        "'s",
        "the",
    }
)
OPEN_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"})
CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)


def is_capital(word: str) -> bool:
    """Whether a word begins like a name: a capital, or a small prefix before one (al-Assad, d’Ivoire)."""
    return word[:1].isupper() or (
        len(word) > 3 and ("-" in word or "’" in word or "'" in word) and any(c.isupper() for c in word[1:])
    )


def title_end(parse: Parse, start: int, end: int, lex: Lexicon) -> int:
    """End of the last title that is followed by more of the span; ``start`` when there is none.

    "Environment Minister Franz Rojas" → 2: the whole of what stands before the name is a title.
    """
    words, phrases = lex.words["person_title"], lex.phrases["person_title"]
    at = start
    for i in range(start, end):
        if not parse.word[i][:1].isupper():
            continue
        for length in (3, 2, 1):
            if i + length > end:
                continue
            if length == 1:
                hit = parse.lower[i] in words and (i == at or parse.lower[i] not in lex.given)
            else:
                hit = tuple(parse.lower[i : i + length]) in phrases
            if hit:
                at = max(at, i + length)
                break
    return at


def trimmed(parse: Parse, start: int, end: int) -> tuple[int, int]:
    """The span without articles, possessives, punctuation and small words at its edges."""
    while start < end and (parse.lower[start] in EDGES or not parse.word[start].strip()):
        start += 1
    while start < end and (
        (parse.lower[end - 1] in EDGES and parse.word[end - 1] != ".") or not parse.word[end - 1].strip()
    ):
        end -= 1
    return start, end


def _ends_as_organisation(parse: Parse, end: int, lex: Lexicon) -> bool:
    return parse.lower[end - 1] in lex.words["organisation"] or parse.lower[end - 1] in lex.words["facility"]


def repaired(parse: Parse, start: int, end: int, label: str, lex: Lexicon) -> list[Span]:
    """Cut one of the model's spans into the names that it holds."""
    start, end = trimmed(parse, start, end)
    if start >= end:
        return []
    if label not in OPEN_LABELS:
        return [(start, end, label)]
    for i in range(start + 1, end - 1):
        word = parse.lower[i]
        if word in POSSESSIVE and parse.lower[i - 1] not in lex.words["person_title"]:
            return repaired(parse, start, i, label, lex) + repaired(parse, i + 1, end, label, lex)
        if not parse.word[i].strip() or (
            word in ("/", ";", ":", "(", ")", "-", "–", "—")
            and (word not in "-–—" or parse.start[i] > parse.end[i - 1])
        ):
            return repaired(parse, start, i, label, lex) + repaired(parse, i + 1, end, label, lex)
        if word == "," and (label != "ORG" or parse.lower[end - 1] not in lex.words["organisation"]):
            return repaired(parse, start, i, label, lex) + repaired(parse, i + 1, end, label, lex)
        if word == "and" and label != "ORG" and not _ends_as_organisation(parse, end, lex):
            return repaired(parse, start, i, label, lex) + repaired(parse, i + 1, end, label, lex)
    capital = any(is_capital(parse.word[i]) or parse.word[i][:1].isdigit() for i in range(start, end))
    if not capital and parse.text[parse.start[start]].isascii():
        return []  # a lower-case English phrase is no name; scripts without capitals are kept as they are
    while start < end - 1 and parse.word[start].islower() and parse.lower[start] not in PARTICLES and label != "NORP":
        start += 1
    if not _ends_as_organisation(parse, end, lex):
        cut = title_end(parse, start, end, lex)
        if cut > start:
            before = [
                (i, i + 1, "GPE" if parse.lower[i] in lex.countries else "NORP")
                for i in range(start, cut)
                if parse.lower[i] in lex.countries or parse.lower[i] in lex.adjectives
            ]
            rest = trimmed(parse, cut, end)
            return [*before, (*rest, "PERSON" if label != "NORP" else label)] if rest[0] < rest[1] else before
    if end - start > 1 and parse.lower[start] in lex.adjectives and label in ("PERSON", "GPE"):
        return [(start, start + 1, "NORP"), (start + 1, end, label)]
    return [(start, end, label)]


def candidates(parse: Parse, times: Sequence[tuple[int, int]], lex: Lexicon) -> list[Span]:
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
        for s, e, kept in repaired(parse, start, end, label, lex):
            if not any(taken[s:e]):
                found.append((s, e, kept))
                for i in range(s, e):
                    taken[i] = 1
    found = [_widened(parse, span, taken, lex) for span in found]
    found += _missed(parse, taken, lex)
    found.sort()
    return _joined(parse, found)


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
            if _is_name_word(parse, j) or (
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
