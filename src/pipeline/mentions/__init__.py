"""Spans that name something: names, actor nouns with their noun phrase, pronouns, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipeline.knowledge.name_lexicon import lexicon
from pipeline.mentions.names import find_names
from pipeline.text import Mention, Parse, Time

__all__ = ["find_dates", "find_mentions"]

TIME_LABELS = frozenset({"DATE", "TIME"})
"""Labels of the model that the times room answers for."""

PRONOUNS = frozenset(
    {
        "he", "she", "they", "it", "his", "her", "hers", "their", "theirs", "its", "him", "them", "himself",
        "herself", "themselves", "itself", "we", "us", "our", "ours", "ourselves", "i", "me", "my", "mine",
        "myself"
    }
)  # fmt: skip

MODIFIERS = frozenset({"compound", "amod", "nmod"})

BEFORE_NOUN = frozenset({"compound", "amod", "nmod", "nummod", "poss", "det", "case", "predet", "quantmod", "advmod"})
"""Dependents before the head that belong to the base noun phrase."""

DATELINE_PART = re.compile(r"[^\s,/][^,/]*(?<!\s)")
"""A place in a dateline: "PARIS", "France" in "PARIS, France", "CAIRO" in "CAIRO/TUNIS"."""


def find_mentions(
    parse: Parse,
    is_actor_noun: Callable[[str], bool],
    places: Sequence[tuple[int, int, str]] = (),
    times: Sequence[Time] = (),
    dateline: tuple[int, int] | None = None,
) -> list[Mention]:
    """Find what names something, in order of the text, the longer first where two begin together.

    Args:
        parse: the parse of the body.
        is_actor_noun: whether a noun, by lemma in lower case, can act (minister, troops, party).
        places: token ranges with label GPE or LOC that the places room proposes; a better name keeps its span.
        times: time expressions; they take the place of the model's DATE and TIME names.
        dateline: characters of the place before the body, e.g. (0, 5) for "PARIS (AFP) - "; it may name several.

    Returns:
        Mentions without cluster. A name may lie inside a nominal ("the [Kenyan] president"); no two names overlap.
    """
    names = find_names(parse, places, [(t.start, t.end) for t in times])
    found = [_mention(parse, s, e, "name", label) for s, e, label in names]
    found += find_dates(parse, times, dateline)
    taken = bytearray(len(parse))
    for m in found:
        for i in range(m.start, m.end):
            taken[i] = 1
    for i, lower in enumerate(parse.lower):
        if parse.tag[i][:3] == "PRP" and lower in PRONOUNS and not taken[i]:
            found.append(_mention(parse, i, i + 1, "pronoun", None))
    found += _nominals(parse, is_actor_noun, taken)
    found.sort(key=lambda m: (m.char_start, m.char_start - m.char_end, m.kind))
    return found


def find_dates(parse: Parse, times: Sequence[Time], dateline: tuple[int, int] | None = None) -> list[Mention]:
    """The mentions that need no model: the places of the dateline, then the time expressions.

    Args:
        parse: the parse of the body.
        times: time expressions.
        dateline: as for :func:`find_mentions`.
    """
    found = [_mention(parse, t.start, t.end, "name", t.label) for t in times]
    if dateline is None:
        return found
    parts = DATELINE_PART.finditer(parse.text, *dateline)
    return [Mention(-1, -1, -1, *part.span(), part.group(), 0, "name", "GPE") for part in parts] + found


def _nominals(parse: Parse, is_actor_noun: Callable[[str], bool], taken: bytearray) -> list[Mention]:
    found = []
    generic = lexicon().words["generic"]
    for i, tag in enumerate(parse.tag):
        if tag[:2] != "NN" or taken[i] or parse.dep[i] in MODIFIERS:
            continue
        # The tagger takes "ministry" for a name; "the Company" has its capital out of respect.
        if tag[:3] == "NNP" and not parse.word[i].islower() and (tag == "NNPS" or parse.lower[i] not in generic):
            continue
        compound = i > 0 and parse.dep[i - 1] == "compound"  # "asylum seekers": a seeker alone is nobody
        if is_actor_noun(parse.lemma[i]) or (compound and is_actor_noun(f"{parse.lower[i - 1]} {parse.lemma[i]}")):
            start = i
            for child in parse.children[i]:
                if child < start and parse.dep[child] in BEFORE_NOUN:
                    start = _left_edge(parse, child)
            while start < i and (parse.tag[start] == "VBG" or not parse.word[start][0].isalnum()):
                start += 1
            found.append(_mention(parse, start, i + 1, "nominal", None, head=i))
    return found


def _left_edge(parse: Parse, child: int) -> int:
    """Where a modifier begins; what is coordinated before it ("both this and Sato's adviser") is not part of it."""
    start = parse.left[child]
    for i in range(start, child):
        if parse.dep[i] in ("cc", "preconj", "punct"):
            start = i + 1
    return start


def _mention(parse: Parse, start: int, end: int, kind: str, label: str | None, head: int | None = None) -> Mention:
    if head is None:
        head = next((i for i in range(start, end) if not start <= parse.head[i] < end or parse.head[i] == i), end - 1)
    s, e = parse.chars(start, end)
    return Mention(start, end, head, s, e, parse.text[s:e], parse.sentence[start], kind, label)  # type: ignore[arg-type]
