"""What the syntax around a pronoun says: who cannot be meant, who must be, and where nobody is."""

from __future__ import annotations

from functools import cache

from pipeline import knowledge
from pipeline.coreference.referents import SUBJECTS
from pipeline.knowledge.name_lexicon import lexicon
from pipeline.text import Parse


@cache
def _saying() -> frozenset[str]:
    """Lemmas of the verbs that introduce words in quotation marks."""
    rows = knowledge.table("speech_verbs.csv")
    return frozenset(row["lemma"] for row in rows if row["pos"] == "verb" and "direct" in row["takes"].split())


def quoted_tokens(parse: Parse) -> bytearray:
    """1 for tokens between quotation marks."""
    inside, out = False, bytearray(len(parse))
    for i, word in enumerate(parse.word):
        if word == "“":
            inside = True
        elif word == "”":
            inside = False
        elif word in ('"', "``", "''"):
            inside = not inside
        elif "\n\n" in word:
            inside = False
        out[i] = inside
    return out


def is_empty_it(parse: Parse, i: int) -> bool:
    """ "It is clear that", "it seems", "it rained": no referent."""
    if parse.lower[i] != "it":
        return False
    verb = parse.head[i]
    if parse.dep[i] == "expl" or parse.lemma[verb] in lexicon().words["empty_it"]:
        return True
    kids = parse.children[verb]
    clause = any(parse.dep[c] in ("ccomp", "csubj", "advcl", "xcomp", "relcl") and c > i for c in kids)
    if parse.lemma[verb] == "be":
        attribute = any(parse.dep[c] in ("acomp", "attr") for c in kids)
        inner = any(parse.dep[g] in ("ccomp", "xcomp", "acl", "relcl") for c in kids for g in parse.children[c])
        return attribute and (clause or inner)
    return parse.dep[i] == "nsubjpass" and any(parse.dep[c] == "ccomp" for c in kids)


def clause_mates(parse: Parse, i: int, word: str) -> set[int]:
    """Tokens that cannot be the antecedent: the subject of the same verb for an object ("Ali saw him")."""
    if word.endswith(("self", "selves")) or parse.dep[i] == "poss":
        # A possessor is not the thing possessed: "her minister" is not her.
        return {parse.head[i]} if parse.dep[i] == "poss" else set()
    verb = parse.head[i]
    for _ in range(4):  # "with him", "killed nine of them": an object of the same verb, however deep in its phrase
        if parse.pos[verb] in ("VERB", "AUX") or parse.dep[verb] not in ("prep", "pobj", "dobj", "agent", "nsubjpass"):
            break
        verb = parse.head[verb]
    if parse.pos[verb] not in ("VERB", "AUX"):
        return set()
    return {c for c in parse.children[verb] if c != i and parse.dep[c] in ("nsubj", "nsubjpass", "dobj", "dative")}


def speakers(parse: Parse, i: int) -> set[int]:
    """Subjects of the verbs of saying above a quoted token: who speaks says "I", not "he"."""
    found: set[int] = set()
    steps = 0
    while parse.head[i] != i and steps < 12:
        i = parse.head[i]
        steps += 1
        if parse.lemma[i] in _saying():
            found |= {c for c in parse.children[i] if parse.dep[c] == "nsubj"}
    return found


def reporter(parse: Parse, i: int) -> int:
    """The subject of the verb that reports the clause of a pronoun: "ministry" in "The ministry said it would wait".

    The pronoun must be the subject, or stand in the subject, of the reported clause; -1 when there is no such verb.
    """
    while parse.dep[i] == "poss" or (parse.dep[i] == "conj" and parse.dep[parse.head[i]] in SUBJECTS):
        i = parse.head[i]
    if parse.dep[i] not in ("nsubj", "nsubjpass"):
        verb = parse.head[i]  # "the bank, which sold its shares"
        first = parse.left[verb]
        relative = parse.dep[verb] == "relcl" and parse.lower[first] in ("who", "which", "that")
        return parse.head[verb] if relative and parse.dep[first] in ("nsubj", "nsubjpass") else -1
    verb = parse.head[i]
    for _ in range(6):
        if parse.dep[verb] == "ccomp":
            for c in parse.children[parse.head[verb]]:
                if parse.dep[c] in ("nsubj", "nsubjpass") and c != i:
                    return _antecedent_of_relative(parse, c)
        if parse.dep[verb] not in ("conj", "xcomp", "aux"):
            return -1
        verb = parse.head[verb]
    return -1


def _antecedent_of_relative(parse: Parse, i: int) -> int:
    """What "who" or "which" stands for as a subject; any other token is itself."""
    if parse.lower[i] not in ("who", "which", "that"):
        return i
    verb = parse.head[i]
    return parse.head[verb] if parse.dep[verb] == "relcl" else i


def subjects_above(parse: Parse, i: int) -> set[int]:
    """Subjects of the verbs that govern the clause of a token: they are its likelier antecedents."""
    found: set[int] = set()
    for _ in range(12):
        if parse.head[i] == i:
            break
        was, i = i, parse.head[i]
        if parse.dep[was] in ("ccomp", "advcl", "xcomp", "conj", "acl", "pcomp"):
            found |= {c for c in parse.children[i] if parse.dep[c] in ("nsubj", "nsubjpass") and c < was}
        elif parse.dep[was] == "relcl" and parse.lower[parse.left[was]] in ("who", "which", "that", "whose"):
            found.add(i)
    return found
