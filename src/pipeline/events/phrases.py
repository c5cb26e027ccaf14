"""Where a noun phrase ends: which of its phrases belong to the name of an actor, and which tell something else."""

from __future__ import annotations

from pipeline.text import Parse

PHRASES = ("of", "in", "at", "from", "to", "for", "near")
"""Prepositions whose phrase belongs to the name of an actor: "workers at the mine", "the ambassador to Chad"."""


def noun_phrase(parse: Parse, head: int) -> tuple[int, int]:
    """Token range of a noun phrase without relative clauses, appositions and coordinations."""
    p = parse
    first, last = head, head + 1
    for c in p.children[head]:
        if c < head and p.dep[c] not in (
            "cc",
            "conj",
            "punct",
            "advmod",
            "preconj",
            "relcl",
            "acl",
            "mark",
            "prep",
        ):
            first = min(first, p.left[c])
        elif c == last and p.dep[c] == "prep" and p.lower[c] in PHRASES and _is_part(p, c):
            stop = p.right[c]
            if p.lower[c] == "for" and stop < len(p) and p.tag[stop] == "TO":
                break  # "a call by the minister for Chad to stop"
            for t in range(c, stop):
                if p.dep[t] in ("relcl", "appos", "acl", "conj") or p.word[t] in (",", ";", "(", "-", "–", "—"):
                    stop = min(stop, p.left[t] if p.left[t] > c else t)
            last = max(last, stop)
    while first < head and p.pos[first] in ("PUNCT", "SPACE", "CCONJ"):
        first += 1
    while last > head + 1 and p.pos[last - 1] in ("PUNCT", "SPACE", "CCONJ"):
        last -= 1
    if last < len(p) and p.word[last] in ("”", "’", "»") and any(w in ("“", "‘", "«") for w in p.word[first:last]):
        last += 1
    return first, last


def _is_part(parse: Parse, prep: int) -> bool:
    """Whether a phrase belongs to the name of an actor; "in protest" and "for killing" do not."""
    p = parse
    inner = next((c for c in p.children[prep] if p.dep[c] == "pobj"), None)
    if inner is None:
        return False
    if p.lower[prep] == "of":  # "accused the union of cheating", "acquitted Khan of treason"
        named = p.pos[p.head[prep]] == "PROPN" and p.tag[inner] in ("NN", "NNS") and not p.children[inner]
        return not named and p.tag[inner] != "VBG"
    if p.lower[prep] == "to":  # "the ambassador to Chad"; "sentenced the minister to life imprisonment"
        return p.pos[inner] == "PROPN"
    return p.tag[inner] != "NN" or bool(p.children[inner])
