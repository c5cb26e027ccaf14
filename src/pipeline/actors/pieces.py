"""The pieces of an actor string: where it is cut, and what one piece can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline import knowledge
from pipeline.actors.entries import Entry, Token
from pipeline.actors.matching import Found

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
OFFICIAL = frozenset({"GOV", "LEG", "MIL", "SPY", "JUD", "PTY", "COP", "EUR", "IGO", "UNO"})
INTERNATIONAL = frozenset({"IGO", "UNO", "EUR", "IMG", "ISM"})
OVERRIDING = INTERNATIONAL | {"REB", "UAF", "PRM", "CRM"}
"""A body of these sectors lends it even to a head with a sector of its own: UN peacekeepers, Taliban fighters."""
SHARED_NAMES = frozenset({"PTY", "LEG", "JUD", "GOV", "COP", "MIL", "CVL", "LAB"})
"""Bodies of these sectors have namesakes abroad; a country printed beside the name decides."""
VAGUE = "UNK"
"""The sector of nouns that say nothing ("group", "region"): they lend nobody theirs."""
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
    shared: bool = False  # a body whose name others bear abroad: "the Supreme Court", "the Ministry of Defence"
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
