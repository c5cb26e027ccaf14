"""Any actor string → country and PLOVER sector, without a parse.

The string is cut at prepositions and commas. The first piece holds the head: its last name or noun says the sector, its
possessor or demonym the country. A head that says nothing by itself ("spokesman", "members") takes the sector of what
stands before it or after its preposition. Both ``code_actor`` and the in-text coder end here, so they cannot disagree.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from pipeline.actors.entries import tokens
from pipeline.actors.lexicon import lexicon
from pipeline.actors.matching import find
from pipeline.actors.pieces import OFFICIAL, PLACING, VAGUE, Piece, pieces_of
from pipeline.actors.reading import read_piece
from pipeline.text import ActorCode


def as_date(value: str | datetime | date | None) -> date | None:
    """A date from a date, an instant or ISO 8601 text (its first ten characters).

    Raises:
        ValueError: the text is not ISO 8601.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise ValueError(f"date '{value}' is not ISO 8601 (expected YYYY-MM-DD)") from None


@lru_cache(maxsize=65536)
def code_text(
    text: str, when: date | None, use_holders: bool = True, cased: bool = False, cities: bool = True
) -> ActorCode:
    """Code one string; ``when`` decides who is in office. See :func:`pipeline.actors.code_actor`.

    ``cased``: the string stands in a text with capitals, so that "the villages" is no city. ``cities``: whether the
    names of cities and divisions count.
    """
    lex = lexicon()
    words = tokens(text)
    if not words:
        return ActorCode()
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) > 6 and all(c.isupper() for c in letters)
    small = not cased and bool(letters) and all(c.islower() for c in letters)
    found = find(words, lex, shouted, small, use_holders, cities)
    pieces = pieces_of(words, found)
    if not pieces:
        return ActorCode()
    opener, first, last = pieces[0]
    out = read_piece(words, found, first, last, lex, when)
    appositive = True
    for opener, first, last in pieces[1:]:
        if opener in ("and", "or", "&", "(", ";", ":", "—"):
            if out.sector or out.country:
                break
            continue
        more = read_piece(words, found, first, last, lex, when)
        if opener == ",":
            if appositive and (out.sector is None or out.country is None) and not out.international:
                out.sector = out.sector or more.sector or (None if out.default else more.default)
                out.country = out.country or more.country
                out.role = out.role or more.role
                out.former = out.former or more.former
            continue
        if opener in ("who", "that", "which", "whom", "whose", "when", "where", "after", "before", "said", "says"):
            break
        settles = opener in PLACING or (opener == "at" and not _official_place(more))
        if out.inherits and out.sector is None and opener in ("of", "for", "with", "at", "in", "from", "on", "to"):
            said = more.sector not in (None, VAGUE)
            if said and not (out.country and more.international) and _lends(more, opener):
                out.sector = more.sector
                if more.international:
                    out.international = True
            settles = settles or opener in ("for", "with")
        if opener == "of" and out.shared and more.entity_type == "country" and more.country:
            out.country, out.reference_id = more.country, None  # "the Ministry of Defence of Poland"
        if settles and out.country is None and not out.international:
            out.country = more.country
            if more.international and opener == "of" and out.sector is None:
                out.international = True
    sector = out.sector or out.default
    if out.former and sector in OFFICIAL and (out.person or (out.head is not None and out.head.noun == "person")):
        sector = "ELI"
    return ActorCode(out.country, sector, out.entity_type, out.role, out.reference_id)


def _lends(more: Piece, opener: str) -> bool:
    """Whether what follows the preposition can say what an inheriting head belongs to: a body, not a country."""
    if more.entity_type == "country":
        return False
    return more.entity_type in ("organisation", "group") or opener in ("of", "for")


def _official_place(more: Piece) -> bool:
    """Embassies and bases: people at them are not of their country."""
    return more.sector in ("GOV", "MIL", "UNO", "IGO", "EUR")
