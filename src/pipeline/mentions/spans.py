"""Which token ranges are names: the model's spans cut, split and widened, and the capitalised runs that it missed."""

from __future__ import annotations

import re

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
    {
        "al", "el", "bin", "bint", "ibn", "ben", "abu", "de", "da", "do", "dos", "das", "del", "della", "di", "du",
        "la", "le", "van", "von", "der", "den", "ter", "ten", "y", "e", "zu", "el-", "al-", "san"
    }
)  # fmt: skip
OPEN_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP"})
SCORE = re.compile(r"\d{1,3}[-–]\d{1,3}")
CALENDAR = frozenset(
    {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
        "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"
    }
)  # fmt: skip


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


def _before_title(parse: Parse, start: int, cut: int, lex: Lexicon) -> list[Span]:
    """What a span names before the title that it holds: "Kenyan" and "Kisumu" in "Kisumu Governor Peter Otieno"."""
    found: list[Span] = []
    first_title = next((i for i in range(start, cut) if _begins_title(parse, i, cut, lex)), cut)
    run = start
    for i in range(start, cut + 1):
        known = i < cut and (parse.lower[i] in lex.countries or parse.lower[i] in lex.adjectives)
        if known or i >= first_title or i == cut or not is_capital(parse.word[i]):
            if run < min(i, first_title):
                found.append((run, i, ""))
            run = i + 1
        if known:
            found.append((i, i + 1, "GPE" if parse.lower[i] in lex.countries else "NORP"))
    return found


def _begins_title(parse: Parse, i: int, end: int, lex: Lexicon) -> bool:
    return parse.lower[i] in lex.words["person_title"] or any(
        tuple(parse.lower[i : i + size]) in lex.phrases["person_title"] for size in (2, 3) if i + size <= end
    )


def _before_score(parse: Parse, start: int, end: int) -> int:
    """The end of a span without the result of a match: "Selby 2-1"."""
    last = end
    while last - 1 > start and not any(c.isalpha() for c in parse.word[last - 1]):
        last -= 1
    return last if SCORE.fullmatch("".join(parse.word[last:end])) else end


def _is_of_people(parse: Parse, i: int, lex: Lexicon) -> bool:
    """Whether a possessive is of a class of people, not of a name: "Farmers' Union", "People's Front"."""
    return parse.lower[i] in ("'", "’") or parse.lower[i - 1] in lex.words["people_noun"]


def repaired(parse: Parse, start: int, end: int, label: str, lex: Lexicon) -> list[Span]:
    """Cut one of the model's spans into the names that it holds."""
    start, end = trimmed(parse, start, end)
    if start >= end:
        return []
    if label not in OPEN_LABELS:
        return [(start, end, label)]
    end = _before_score(parse, start, end)
    if end - start > 1 and " ".join(parse.lower[start:end]) in lex.bodies:
        return [(start, end, "ORG")]  # "Georgian Dream" is no Georgian of the name Dream
    for i in range(start + 1, end - 1):
        word = parse.lower[i]
        if word in POSSESSIVE and _is_of_people(parse, i, lex) and _ends_as_organisation(parse, end, lex):
            continue
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
    if end - start > 1 and parse.tag[start] == "VBG" and start == parse.sentences[parse.sentence[start]][0]:
        start += 1  # "Banning Huawei would …": a capital that only begins the sentence
    if end - start > 2 and parse.tag[start] in ("NNS", "NNPS") and parse.lower[start + 1] in lex.given:
        start += 1  # "Olympians Agnes Sato"
    of_form = parse.lower[start] in lex.words["organisation_first"] and parse.lower[start + 1 : start + 2] == ["of"]
    if not of_form and not _ends_as_organisation(parse, end, lex):
        cut = title_end(parse, start, end, lex)
        if cut > start:
            before = _before_title(parse, start, cut, lex)
            rest = trimmed(parse, cut, end)
            return [*before, (*rest, "PERSON" if label != "NORP" else label)] if rest[0] < rest[1] else before
    if " ".join(parse.lower[start:end]) in lex.countries:
        return [(start, end, label)]  # "Saudi Arabia" is no Saudi of the name Arabia
    if end - start > 1 and parse.lower[start] in lex.adjectives and label in ("PERSON", "GPE"):
        return [(start, start + 1, "NORP"), (start + 1, end, label)]
    return [(start, end, label)]
