"""Actor strings and noun phrases of a parse → :class:`~pipeline.text.ActorCode`."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from pipeline import knowledge
from pipeline.actors.entries import Entry, tokens
from pipeline.actors.lands import Lands
from pipeline.actors.lexicon import lexicon
from pipeline.actors.strings import as_date, code_text
from pipeline.text import ActorCode, Mention, Parse

PHRASE_TAIL = frozenset({"prep", "case"})
PREMODIFIERS = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "quantmod", "case", "punct", "advmod", "npadvmod"}
)
NOWHERE = Lands()
HOSTING = frozenset(knowledge.document("actor_words.yml")["hosting"])
MISTAKABLE = frozenset({"ORG", "GPE", "NORP", "PRODUCT"})
"""Labels that the recogniser gives to a family name alone."""
LONGEST = 24
"""Tokens of a noun phrase that are looked at; what stands farther off does not say who the actor is."""


def code_actor(text: str, date: str | datetime | date | None = None) -> ActorCode:
    """Code any actor string: ``"two Chinese warplanes"`` is CHN MIL, ``"Norway's central bank"`` NOR GOV.

    Args:
        text: a name or noun phrase as printed.
        date: the day on which it was printed, or ISO 8601 text; decides who is in office. None: today's knowledge.

    Returns:
        Country and sector, None where the words do not say; international bodies have no country.

    Raises:
        ValueError: ``date`` is text but not ISO 8601.
    """
    return code_text(text.strip(), as_date(date))


@cache
def _nouns() -> dict[str, Entry]:
    out: dict[str, Entry] = {}
    for lists in lexicon().names.values():
        for key, entries in lists:
            for entry in entries:
                if entry.kind == "noun":
                    out.setdefault(" ".join(key), entry)
    return out


@cache
def is_actor_noun(lemma: str) -> bool:
    """Whether a noun (lemma or plural; several words with spaces) names people, a group, an institution or arms."""
    nouns = _nouns()
    return lemma in nouns or " ".join(t.key for t in tokens(lemma)) in nouns


def noun_sector(lemma: str) -> str | None:
    """The PLOVER sector of an actor noun by itself; None for other nouns and those that only inherit one."""
    nouns = _nouns()
    entry = nouns.get(lemma) or nouns.get(" ".join(t.key for t in tokens(lemma)))
    return entry.sector if entry else None


def is_lent(role: str) -> bool:
    """Whether an office says nothing of the sector by itself: "chairman", "country director", not "army chief"."""
    entry = _nouns().get(role.lower().split()[-1]) if role else None
    return (
        entry is not None and entry.inherits and code_text(role, None, False, True).sector_code in (None, entry.sector)
    )


def head_of(parse: Parse, start: int, end: int) -> int:
    """The token of ``start .. end`` that heads the span: the last whose governor lies outside."""
    for i in range(start, end):
        h = parse.head[i]
        if h == i or h < start or h >= end:
            return i
    return end - 1


def phrase_of(parse: Parse, start: int, end: int) -> tuple[int, int]:
    """Widen a span to its noun phrase: premodifiers and possessor before, prepositional phrases after, no clauses."""
    head = head_of(parse, start, end)
    first, last = start, end
    for c in parse.children[head]:
        if c < start and parse.dep[c] in PREMODIFIERS and parse.dep[c] != "punct":
            first = min(first, parse.left[c])
    for c in parse.children[head]:
        if c < end:
            continue
        if parse.dep[c] in PHRASE_TAIL and parse.left[c] == last:
            last = max(last, _until_clause(parse, c))
        else:
            break
    if end - 1 != head and last == end:
        for c in parse.children[end - 1]:
            if c >= end and parse.dep[c] in PHRASE_TAIL and c == last:
                last = max(last, _until_clause(parse, c))
    return max(first, end - LONGEST), min(last, start + LONGEST)


def _until_clause(parse: Parse, node: int) -> int:
    """End of a subtree, cut where a relative clause, conjunct or apposition begins."""
    last = parse.right[node]
    for i in range(node + 1, last):
        if parse.dep[i] in ("relcl", "acl", "advcl", "conj", "appos") or parse.word[i] in (",", ";", ":", "--", "—"):
            return min(parse.left[i], i) if parse.left[i] > node else i
    return last


def code_span(
    parse: Parse, start: int, end: int, date: date | None, use_holders: bool = True, lands: Lands = NOWHERE
) -> ActorCode:
    """Code a mention's tokens ``start .. end`` with its own noun phrase.

    Titles and demonyms before it, a possessor's country and the country in an of- or in-phrase count; clauses do not.
    ``use_holders``: whether the list of office holders counts. ``lands``: where the article's places lie.
    """
    if start < 0 or end <= start:
        return ActorCode()
    first, last = phrase_of(parse, start, end)
    code = code_text(parse.words(first, last), date, use_holders, True)
    if (
        code.country_code
        and code.entity_type is None
        and code.sector_code is None
        and _is_family_name(parse, start, end)
    ):
        return ActorCode()
    return lands.settle(code, parse, first, last, date, use_holders)


def label_people(mentions: list[Mention], date: date | None) -> None:
    """Give names that are those of office holders the label PERSON, whatever the recogniser took them for.

    A family name alone must be that of somebody in office on the day.
    """
    for m in mentions:
        if m.kind != "name" or m.label not in MISTAKABLE:
            continue
        code = code_text(m.text, date, True, True)
        if (code.reference_id or "").startswith("person/") and (" " in m.text or code.sector_code not in (None, "ELI")):
            m.label = "PERSON"


def hosts(parse: Parse, head: int) -> bool:
    """Whether a place's name only says where something is: "a bomb in Kabul", "near Lima and Cusco"."""
    while parse.dep[head] == "conj":
        head = parse.head[head]
    return parse.dep[head] == "pobj" and parse.lower[parse.head[head]] in HOSTING


def _is_family_name(parse: Parse, start: int, end: int) -> bool:
    """Whether a name that is also a city's is the last word of a longer name: "Cáceres" of "Ramiro Cáceres".

    The model takes many a foreign full name for an organisation, so that both labels count.
    """
    if end - start > 1 or parse.pos[start] != "PROPN":
        return False
    word = parse.lower[start]
    return any(label in ("PERSON", "ORG") and e - s > 1 and parse.lower[e - 1] == word for s, e, label in parse.names)
