"""What one piece of an actor string says: its head, its possessor or demonym, its title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline import knowledge
from pipeline.actors.lexicon import Entry, Lexicon, Token
from pipeline.actors.matching import Found, body, holder

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
OFFICIAL = frozenset({"GOV", "LEG", "MIL", "SPY", "JUD", "PTY", "COP", "EUR", "IGO", "UNO"})
INTERNATIONAL = frozenset({"IGO", "UNO", "EUR", "IMG", "ISM"})
OVERRIDING = INTERNATIONAL | {"REB", "UAF", "PRM", "CRM"}
"""A body of these sectors lends it even to a head with a sector of its own: UN peacekeepers, Taliban fighters."""
SHARED_NAMES = frozenset({"PTY", "LEG", "JUD", "GOV", "COP", "MIL", "CVL", "LAB"})
"""Bodies of these sectors have namesakes abroad; a country printed beside the name decides."""
NO_ROLE = frozenset({"CVL", "UAF", "UNK", "CRM", "REF", "PRM"})

CUT = frozenset(_WORDS["cut"])
PLACING = frozenset(_WORDS["placing"])
FORMER = frozenset(_WORDS["former"])
FOREIGN_TAIL = frozenset(_WORDS["foreign_tail"])
BARRIER = frozenset(_WORDS["barrier"])
DETERMINERS = frozenset(_WORDS["determiners"])


@dataclass(slots=True)
class Piece:
    """What one piece of the string says."""

    country: str | None = None
    sector: str | None = None
    default: str | None = None  # sector of an inheriting head that found nothing to inherit
    entity_type: Literal["person", "organisation", "group", "country"] | None = None
    role: str | None = None
    reference_id: str | None = None
    inherits: bool = False
    international: bool = False
    former: bool = False
    head: Entry | None = None
    person: bool = False


def pieces_of(words: list[Token], found: list[Found]) -> list[tuple[str, int, int]]:
    """(word that opens the piece, first token, end): the string cut at prepositions, verbs, commas and conjunctions."""
    taken = [False] * len(words)
    for f in found:
        for i in range(f.start, f.end):
            taken[i] = True
    heads = [f.start for f in found if f.kind != "adjective"]
    out: list[tuple[str, int, int]] = []
    opener, first = "", 0
    for i, word in enumerate(words):
        if taken[i]:
            continue
        cut = word.key in CUT and not word.hyphen
        if word.key in (",", "(", ";", ":", "–", "—", '"', "“"):
            cut = True
        if word.key in ("and", "or", "&") and any(first <= h < i for h in heads):
            cut = True
        if cut and (i > first or opener == ""):
            if i > first:
                out.append((opener, first, i))
            opener, first = word.key, i + 1
    if first < len(words):
        out.append((opener, first, len(words)))
    return out


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
        _person(out, words, head, inside, possessive, first, last, lex, when)
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
        out.sector = _lent(words, inside, head, possessive, first, lex)
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
        out.role = _role(words, found, head, first, possessive)
    return out


def _lent(
    words: list[Token], inside: list[Found], head: Found, possessive: int, first: int, lex: Lexicon
) -> str | None:
    """The sector that the words before an inheriting head lend it: the nearest one that has any."""
    i = head.start - 1
    while i >= first:
        covering = next((f for f in inside if f.start <= i < f.end), None)
        if covering is not None:
            noun = covering.noun
            if covering.kind == "noun" and noun is not None:
                if not noun.inherits:
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


def _role(words: list[Token], found: list[Found], head: Found, first: int, possessive: int) -> str | None:
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


def _person(
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
            out.sector = _lent(words, inside, title, possessive, first, lex) or (sector if sector != "ELI" else None)
            out.sector = out.sector or title.noun.sector
        elif sector == "ELI" or out.former:
            out.sector = title.noun.sector
        out.role = _role(words, inside, title, first, possessive)
        if sector == "ELI" and entry is not None and not out.former and entry.sector == out.sector:
            out.sector = "ELI"
    else:
        out.sector, out.role = sector, None
    if entry is not None and (out.country is None or out.country == entry.country):
        out.country, out.reference_id = entry.country, entry.reference_id


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
