"""What kind of clause a verb heads: conditional, reported, subjunctive, somebody's own word."""

from __future__ import annotations

from pipeline.knowledge import classes
from pipeline.text import Parse


def is_subjunctive(parse: Parse, verb: int) -> bool:
    """Whether a complement clause has its verb in the base form, after a subject in the singular."""
    subjects = [c for c in parse.children[verb] if parse.dep[c] == "nsubj"]
    bare = parse.tag[verb] in ("VB", "VBP") and not any(parse.dep[c] in ("aux", "neg") for c in parse.children[verb])
    return (
        parse.dep[verb] == "ccomp"
        and bare
        and any(
            parse.tag[c] in ("NN", "NNP") and not any(parse.dep[g] == "cc" for g in parse.children[c]) for c in subjects
        )
    )


def is_imperative(parse: Parse, verb: int) -> bool:
    """Whether a clause is an order: "Leave our land," he told them."""
    bare = not any(parse.dep[c] in ("nsubj", "nsubjpass", "aux", "mark", "expl") for c in parse.children[verb])
    return parse.tag[verb] == "VB" and bare


def is_for_to(parse: Parse, verb: int) -> bool:
    """Whether a clause says what is asked for: "called for the state to pay"."""
    words = {(parse.dep[c], parse.lower[c]) for c in parse.children[verb]}
    return parse.tag[verb] == "VB" and {("mark", "for"), ("aux", "to")} <= words


def is_condition(parse: Parse, clause: int) -> bool:
    """Whether a clause begins with "if" or "unless"."""
    return any(parse.dep[c] == "mark" and parse.lower[c] in ("if", "unless") for c in parse.children[clause])


def is_own_word(parse: Parse, verb: int) -> bool:
    """Whether somebody says what he himself will do: "Chad said it would strike the port if …"."""
    said = parse.head[verb]
    by_himself = any(
        parse.dep[c] == "nsubj" and parse.lower[c] in ("it", "he", "she", "they", "we", "i")
        for c in parse.children[verb]
    )
    return parse.dep[verb] == "ccomp" and parse.lemma[said] in classes()["@saying"] and by_himself


def has_modal(parse: Parse, verb: int) -> bool:
    """Whether a verb has a modal auxiliary."""
    return any(parse.dep[c] == "aux" and parse.tag[c] == "MD" for c in parse.children[verb])


def is_reported(parse: Parse, verb: int) -> bool:
    """Whether a verb stands in the complement of a past verb: the "would" of reported speech."""
    at = verb
    for _ in range(4):
        up = parse.head[at]
        if up == at:
            return False
        if parse.dep[at] == "ccomp" and parse.tag[up] in ("VBD", "VBN"):
            return True
        if parse.dep[at] not in ("conj", "relcl", "advcl", "xcomp", "acl"):
            return False
        at = up
    return False
