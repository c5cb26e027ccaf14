"""Titles: the sector that an office inherits, the office as printed, and a name in the list of office holders."""

from __future__ import annotations

from datetime import date

from pipeline.actors.entries import Token
from pipeline.actors.lexicon import Lexicon
from pipeline.actors.matching import Found, holder
from pipeline.actors.pieces import DETERMINERS, FOREIGN_TAIL, FORMER, VAGUE, Piece


def lent(words: list[Token], inside: list[Found], head: Found, possessive: int, first: int, lex: Lexicon) -> str | None:
    """The sector that the words before an inheriting head lend it: the nearest one that has any."""
    i = head.start - 1
    while i >= first:
        covering = next((f for f in inside if f.start <= i < f.end), None)
        if covering is not None:
            noun = covering.noun
            if covering.kind == "noun" and noun is not None:
                if not noun.inherits and noun.sector != VAGUE:
                    return noun.sector
                if words[i].key in lex.modifiers:
                    return lex.modifiers[words[i].key]
            elif words[i].key in lex.adjectives:
                return lex.adjectives[words[i].key]
            i = covering.start - 1
            continue
        sector = lex.adjectives.get(words[i].key) or lex.modifiers.get(words[i].key)
        if sector:
            return sector
        i -= 1
    return None


def printed_role(words: list[Token], found: list[Found], head: Found, first: int, possessive: int) -> str | None:
    """The office as printed: the head noun and the words before it back to a country, determiner or possessor."""
    start = head.start
    stops = {i for f in found if f.kind != "noun" for i in range(f.start, f.end)}
    while start > max(first, possessive + 1):
        word = words[start - 1]
        if start - 1 in stops or word.key in DETERMINERS or word.key in FORMER or not word.text[0].isalpha():
            break
        if word.key in FOREIGN_TAIL:
            break
        start -= 1
    return _printed(words, start, head.end)


def _printed(words: list[Token], start: int, end: int) -> str:
    out = words[start].text
    for i in range(start + 1, end):
        gap = words[i].start - words[i - 1].end
        out += ("-" if words[i].hyphen else " " if gap else "") + words[i].text
    return out


def read_person(
    out: Piece,
    words: list[Token],
    head: Found,
    inside: list[Found],
    possessive: int,
    first: int,
    last: int,
    lex: Lexicon,
    when: date | None,
) -> None:
    """An office holder's name with the title before it; the printed title is stronger than the list."""
    known = holder(head.entries, when)
    title: Found | None = None
    for f in inside:
        if f.end <= head.start and f.start > possessive and f.noun is not None and f.kind == "noun":
            title = f
    if known is None and title is None:
        return
    out.entity_type, out.person = "person", True
    entry, sector = known if known else (None, None)
    if title is not None and title.noun is not None:
        out.sector = title.noun.sector
        if title.noun.inherits:
            out.sector = lent(words, inside, title, possessive, first, lex) or (sector if sector != "ELI" else None)
            out.sector = out.sector or title.noun.sector
        elif sector == "ELI" or out.former:
            out.sector = title.noun.sector
        out.role = printed_role(words, inside, title, first, possessive)
        if sector == "ELI" and entry is not None and not out.former and entry.sector == out.sector:
            out.sector = "ELI"
    else:
        out.sector, out.role = sector, None
    if entry is not None and (out.country is None or out.country == entry.country):
        out.country, out.reference_id = entry.country, entry.reference_id
