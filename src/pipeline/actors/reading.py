"""What one piece of an actor string says: its head, its possessor or demonym, its title."""

from __future__ import annotations

from datetime import date

from pipeline.actors.entries import Token
from pipeline.actors.lexicon import Lexicon
from pipeline.actors.matching import Found, body, holder
from pipeline.actors.pieces import (
    BARRIER,
    DETERMINERS,
    FOREIGN_TAIL,
    FORMER,
    INTERNATIONAL,
    NO_ROLE,
    OVERRIDING,
    SHARED_NAMES,
    Piece,
)
from pipeline.actors.titles import lent, printed_role, read_person


def _passes(found: Found, words: list[Token]) -> bool:
    """Whether a demonym names the country of what follows: not in "US-led", "pro-Russian"."""
    after = words[found.end] if found.end < len(words) else None
    if after is not None and after.hyphen and after.key in FOREIGN_TAIL:
        return False
    before = words[found.start - 1] if found.start else None
    return not (before is not None and words[found.start].hyphen and before.key in BARRIER)


def read_piece(words: list[Token], found: list[Found], first: int, last: int, lex: Lexicon, when: date | None) -> Piece:
    """Code the tokens ``first .. last`` of one piece."""
    out = Piece()
    inside = [f for f in found if first <= f.start and f.end <= last]
    named = {i for f in inside for i in range(f.start, f.end)}
    possessive = max((i for i in range(first, last - 1) if words[i].key == "'s" and i not in named), default=-1)
    out.former = any(words[i].key in FORMER for i in range(max(first, possessive), last))
    after = [f for f in inside if f.start > possessive]
    head: Found | None = None
    for f in reversed(after):
        if f.kind in ("body", "seat", "person"):
            head = f
            break
        noun = f.noun
        if noun is None:
            continue
        capitalised = words[f.start].text[0].isupper() and words[f.end - 1].text[0].isupper()
        before = words[f.start - 1] if f.start > max(first, possessive + 1) else None
        part_of_name = (
            capitalised
            and words[f.start].key in lex.also_names
            and before is not None
            and before.text[0].isupper()
            and before.key not in DETERMINERS
            and not any(g.end == f.start for g in inside)
        )
        follower = words[f.end] if f.end < last and f.end not in named else None
        qualifies = (
            follower is not None
            and f.end - f.start == 1
            and words[f.start].key in lex.also_adjectives
            and follower.text[0].isalpha()
            and not (capitalised and follower.text[0].isupper() and noun.noun == "person" and noun.sector != "REL")
        )
        if not part_of_name and not qualifies:
            head = f
            break
    lands = [
        f
        for f in inside
        if f is not head and f.kind in ("country", "adjective", "people", "capital", "place") and _passes(f, words)
    ]
    nearest = [f for f in lands if f.start < (head.start if head else last)] or lands
    owned = [f for f in nearest if f.end <= possessive]
    if head is not None and (owned or nearest):
        usable = [f for f in (owned or nearest) if f.kind != "place" or f.start < head.start]
        if usable:
            out.country = usable[0].entries[0].country
    bodies = [body(f.entries, when) for f in inside if f is not head and f.kind in ("body", "seat")]
    owners = [f for f in inside if f is not head and f.kind == "person"]
    if head is None:
        _headless(out, words, inside, lands, possessive, first, last, lex)
        if bodies and out.sector is None:
            out.country, out.sector = out.country or bodies[0].country, bodies[0].sector
        return out
    noun = head.noun
    if head.kind == "person":
        read_person(out, words, head, inside, possessive, first, last, lex, when)
        if out.sector or out.country:
            return out
        noun = head.noun
    if head.kind in ("body", "seat"):
        entry = body(head.entries, when)
        named_country = out.country
        out.country = entry.country or (None if entry.sector in INTERNATIONAL else named_country)
        out.sector, out.reference_id, out.entity_type = entry.sector, entry.reference_id, "organisation"
        if named_country and entry.country and named_country != entry.country and entry.sector in SHARED_NAMES:
            out.country, out.reference_id = named_country, None  # "Canadian Conservatives", "Ghana's Supreme Court"
        out.international = entry.country is None and entry.sector in INTERNATIONAL
        out.shared = entry.sector in SHARED_NAMES and not named_country
        return out
    if noun is None:
        return out
    out.head, out.inherits = noun, noun.inherits
    out.person = noun.noun == "person" and not noun.plural
    out.entity_type = {
        "person": "group" if noun.plural else "person",
        "group": "group",
        "organisation": "organisation",
        "equipment": "group",
        "adjective": None,
    }[noun.noun or "adjective"]
    if noun.inherits:
        out.default = noun.sector
        out.sector = lent(words, inside, head, possessive, first, lex)
        if bodies:
            out.sector = bodies[-1].sector
    else:
        out.sector = noun.sector
    if bodies:
        strongest = bodies[-1]
        if strongest.sector in OVERRIDING:
            out.sector = strongest.sector
        if strongest.country is None and strongest.sector in INTERNATIONAL:
            out.international, out.country = True, None
        elif out.country is None:
            out.country = strongest.country
    if out.country is None and not out.international:
        for f in owners:
            known = holder(f.entries, when)
            if known:
                out.country = known[0].country
                break
    office = head.end - head.start > 1 or words[head.start].key not in lex.also_adjectives or noun.sector == "MIL"
    if out.person and office and (noun.inherits or (out.sector or out.default) not in NO_ROLE):
        out.role = printed_role(words, found, head, first, possessive)
    return out


def _headless(
    out: Piece,
    words: list[Token],
    inside: list[Found],
    lands: list[Found],
    possessive: int,
    first: int,
    last: int,
    lex: Lexicon,
) -> None:
    """A piece without a noun that the lexicon knows: a country, a people, a place, or unknown words beside one."""
    if not lands:
        for i in range(last - 1, first - 1, -1):
            sector = lex.adjectives.get(words[i].key)
            if sector:
                out.sector = sector
                break
        return
    owned = [f for f in lands if f.end <= possessive]
    land = (owned or lands)[0]
    out.country = land.entries[0].country
    covered = {i for f in inside for i in range(f.start, f.end)}
    rest = [
        words[i]
        for i in range(first, last)
        if i not in covered and words[i].key not in DETERMINERS and words[i].text[0].isalpha()
    ]
    if (
        land.kind in ("place", "capital")
        and possessive < 0
        and any(w.text[0].isupper() and w.text != "I" for w in rest)
    ):
        out.country = None  # a city's name inside an unknown name: mostly a person's
        return
    lone = not [w for w in rest if w.key not in lex.adjectives and not w.text[0].islower()] and possessive < 0
    out.reference_id = land.entries[0].reference_id if not rest else None
    if land.kind == "people":
        out.sector = "CVL"
        out.entity_type = "group" if land.entries[0].plural else "person"
        lent = [lex.adjectives[w.key] for w in rest if w.key in lex.adjectives]
        out.sector = lent[-1] if lent else "CVL"
    elif land.kind == "capital" and not rest and possessive < 0:
        out.sector, out.entity_type = "GOV", "country"
    elif land.kind == "adjective" and not rest and first < last and words[first].key in ("a", "an", "another", "one"):
        out.sector, out.entity_type = "CVL", "person"
    elif not rest and land.kind != "place":
        out.entity_type = "country"
    elif lone or rest:
        lent = [lex.adjectives[w.key] for w in rest if w.key in lex.adjectives]
        out.sector = lent[-1] if lent else None
