"""Where the words around a name put it: "Tripoli in northern Lebanon", "the Pakistani city of Hyderabad"."""

from __future__ import annotations

from pipeline.knowledge.name_lexicon import lexicon
from pipeline.places.cues import cues
from pipeline.places.entry import Entry
from pipeline.places.gazetteer import Gazetteer
from pipeline.places.matching import longest_match
from pipeline.places.resolution import narrowed
from pipeline.text import Parse

REACH = 8  # tokens between a name and what holds it: ", the second largest city in the north of"
_ARTICLES = frozenset(("a", "an", "the"))
_MARKS = frozenset(("'s", "’s", "'", "’"))


def anchors(
    parse: Parse, start: int, end: int, entries: tuple[Entry, ...], table: Gazetteer
) -> list[tuple[Entry, ...]]:
    """Countries and divisions that the words around the name put it in, of those in which such a place is known.

    Args:
        parse: the article.
        start, end: token range of the name.
        entries: what the gazetteer knows under the name.
        table: the gazetteer.
    """
    found = [_after(parse, end, table), _before(parse, start, table)]
    return [held for held in found if held and narrowed(entries, held)]


def _is_container(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(e for e in entries if e.is_country or e.is_division)


def _after(parse: Parse, end: int, table: Gazetteer) -> tuple[Entry, ...]:
    """ "X in northern Y", "X, in the east of Y", "X, the capital of Y", "X, a port in Y"."""
    lower, words, nouns = parse.lower, cues(), lexicon().words["city_noun"]
    last = min(parse.sentences[parse.sentence[end - 1]][1], end + REACH)
    at = end
    comma = at < last and lower[at] == ","
    at += comma
    if comma and at < last and lower[at] in _ARTICLES:
        noun = next((t for t in range(at + 1, last) if lower[t] in nouns), None)
        if noun is None or any(not parse.word[t].islower() for t in range(at + 1, noun)):
            return ()
        at = noun + 1
    if at >= last or lower[at] not in ("in", "of"):
        return ()
    if lower[at] == "of" and lower[at - 1] not in nouns:
        return ()
    at += 1
    while at < last and (lower[at] in _ARTICLES or lower[at] in words.direction or lower[at] in words.area):
        at += 1
        at += at < last and lower[at] == "of"
    if at >= last or not parse.word[at][:1].isupper():
        return ()
    sentence_end = parse.sentences[parse.sentence[at]][1]
    return _is_container(longest_match(parse, at, sentence_end, table)[1])


def _before(parse: Parse, start: int, table: Gazetteer) -> tuple[Entry, ...]:
    """ "The Pakistani city of X", "Kenya's second city, X", "the Libyan capital, X"."""
    lower, lex = parse.lower, lexicon()
    first = max(parse.sentences[parse.sentence[start]][0], start - REACH)
    at = start - 1
    if at > first and lower[at] in ("of", ","):
        at -= 1
    if at < first or lower[at] not in lex.words["city_noun"]:
        return ()
    at -= 1
    while at >= first and parse.word[at].islower() and lower[at] not in _ARTICLES and lower[at] not in _MARKS:
        at -= 1
    if at < first:
        return ()
    if lower[at] in lex.demonyms:
        return table.country(lex.demonyms[lower[at]])
    if lower[at] not in _MARKS:
        return ()
    for size in (4, 3, 2, 1):
        if at - size >= first and parse.word[at - size][:1].isupper():
            stop, entries = longest_match(parse, at - size, at, table)
            if stop == at and (held := _is_container(entries)):
                return held
    return ()
