"""Nouns that several parties share: "Ethiopian and Kenyan troops", "officials from Chad and Niger" are two each."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.text import Mention, Parse, Participant


def sharing(parse: Parse, lead: Mapping[int, Mention], whole: Participant) -> list[Participant]:
    """The parties of one noun phrase, empty when it is one.

    Args:
        parse: the article.
        lead: the mention of an actor that each token heads.
        whole: the phrase; the last party keeps its noun, or the first where they follow it.
    """
    return _before(parse, lead, whole) or _behind(parse, lead, whole)


def _before(p: Parse, lead: Mapping[int, Mention], whole: Participant) -> list[Participant]:
    """ "Ethiopian and Kenyan troops"."""
    before = [c for c in p.children[whole.head] if c < whole.head and p.dep[c] in ("compound", "amod", "nmod")]
    for c in before:
        if c not in lead:
            continue
        names = [c, *(n for n in _coordinated(p, c) if n in lead and n < whole.head)]
        if len(names) == 1 and (others := [n for n in before if n > c and n in lead]):
            names += others if "and" in p.lower[c : others[0]] else []
        if len(names) > 1:
            first = [Participant(n, lead[n].start, lead[n].end) for n in names[:-1]]
            return [*first, Participant(whole.head, lead[names[-1]].start, whole.end)]
    return []


def _behind(p: Parse, lead: Mapping[int, Mention], whole: Participant) -> list[Participant]:
    """ "officials from Chad and Niger"."""
    if p.tag[whole.head] != "NNS":
        return []
    phrases = (c for c in p.children[whole.head] if p.dep[c] == "prep" and p.lower[c] in ("of", "from"))
    for first in (g for c in phrases for g in p.children[c] if p.dep[g] == "pobj"):
        names = [first, *_coordinated(p, first)]
        if len(names) > 1 and all((m := lead.get(n)) and m.label in ("GPE", "ORG") for n in names):
            others = [Participant(n, lead[n].start, lead[n].end) for n in names[1:]]
            return [Participant(whole.head, whole.start, lead[names[0]].end), *others]
    return []


def _coordinated(p: Parse, token: int) -> list[int]:
    found, at = [token], 0
    while at < len(found):
        found += [c for c in p.children[found[at]] if p.dep[c] == "conj"]
        at += 1
    return found[1:]
