"""Quotes: what is said, in quotation marks or reported, by whom."""

from __future__ import annotations

from pipeline.quotes.cues import open_page
from pipeline.quotes.direct import attribute
from pipeline.quotes.indirect import find_reported
from pipeline.quotes.marks import find_marked
from pipeline.text import Mention, Parse, Quote

__all__ = ["find_quotes"]


def find_quotes(parse: Parse, mentions: list[Mention]) -> list[Quote]:
    """Quotes of one article, sorted by position.

    Direct quotes are words in quotation marks that somebody is said to have said, without the marks; titles and scare
    quotes are left out. Indirect ones are clauses under a verb or noun of saying, "according to" included. A reported
    clause with quoted words in it gives both. The speaker is the token range of the words that name him nearest the
    quote, which may be a pronoun; the caller resolves it.

    Args:
        parse: the article.
        mentions: its names, nominals and pronouns.
    """
    if not len(parse):
        return []
    page = open_page(parse, mentions)
    marked = find_marked(parse.text, parse.start[0])
    said = attribute(page, marked)
    quoted = bytearray(len(parse))
    for s in said:
        quoted[s.first : s.last] = b"\x01" * (s.last - s.first)
    found = [
        Quote(
            s.marked.start,
            s.marked.end - (parse.text[s.marked.end - 1] == ","),  # the comma is the reporter's
            parse.sentence[s.first],
            "direct",
            parse.words(*s.cue) if s.cue else None,
            s.speaker,
        )
        for s in said
    ]
    taken = {(q.char_start, q.char_end) for q in found}
    spent = frozenset(s.cue[0] for s in said if s.cue and s.complete)
    for r in find_reported(page, quoted, spent):
        start, end = parse.chars(r.first, r.last)
        if (start, end) not in taken:
            taken.add((start, end))
            found.append(Quote(start, end, parse.sentence[r.first], "indirect", parse.words(*r.cue), r.speaker))
    found.sort(key=lambda q: (q.char_start, q.char_end))
    return found
