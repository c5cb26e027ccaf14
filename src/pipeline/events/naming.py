"""Who is meant: names that no mention covers, and pronouns whose name stands elsewhere in the sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pipeline.events.syntax import Syntax
from pipeline.knowledge import classes
from pipeline.text import Mention, Parse

ACTOR_LABELS = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC"})
ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss", "dative", "conj", "appos", "attr"})
AGENTS = frozenset({"nsubj", "nsubjpass", "poss"})
THINGS = frozenset({"PRODUCT", "WORK_OF_ART"})
"""Labels that the recogniser gives to family names it does not know; a thing of one word seldom acts."""


def unread_names(parse: Parse, mentions: Sequence[Mention], lead: Mapping[int, Mention]) -> set[int]:
    """Tokens of proper nouns in an argument position that no mention covers: names that the recogniser did not see.

    ``lead`` holds the mention of an actor that each token heads.
    """
    spans = [(m.start, m.end, m.label) for m in mentions if m.start >= 0 and m.kind == "name"]
    spans += [name for name in parse.names if name[2] not in ACTOR_LABELS]
    covered = {
        t
        for first, last, label in spans
        if not (label in THINGS and last - first == 1 and parse.dep[first] in AGENTS)
        for t in range(first, last)
    }
    weapons = classes()["@weapon"] | classes()["@firepower"]
    return {
        t
        for t in range(len(parse))
        if (parse.pos[t] == "PROPN" or (parse.pos[t] == "NOUN" and parse.tag[t] != "NN" and not _is_first(parse, t)))
        and parse.dep[t] in ARGUMENTS
        and t not in covered
        and t not in lead
        and parse.word[t][:1].isupper()
        and not (parse.tag[t] == "NNPS" and parse.lower[t].removesuffix("s") in weapons)  # "Rockets fired by …"
    }


def unlisted_people(parse: Parse, lead: Mapping[int, Mention]) -> set[int]:
    """Common nouns that no list has but whose grammar shows that they can act.

    Somebody "who" does something is a person; what says, warns or denies something is one, or a body: "the canvassers
    who were held", "the army command says". Texts that say something ("the report says") are named in
    ``classes.yml`` as @text.
    """
    found = set()
    for verb, dep in enumerate(parse.dep):
        if parse.pos[verb] not in ("VERB", "AUX"):
            continue
        if dep == "relcl" and any(
            parse.lower[c] in ("who", "whom") and parse.dep[c] in ("nsubj", "nsubjpass", "dobj")
            for c in parse.children[verb]
        ):
            found.add(parse.head[verb])
        if parse.lemma[verb] in classes()["@saying"] and any(parse.dep[c] == "ccomp" for c in parse.children[verb]):
            found |= {c for c in parse.children[verb] if parse.dep[c] == "nsubj"}
    quantities, texts = classes()["@partitive"], classes()["@text"]
    return {
        t
        for t in found
        if parse.tag[t] in ("NN", "NNS")
        and t not in lead
        and parse.lemma[t] not in texts
        and parse.lemma[t] not in quantities
        and parse.lower[t] not in quantities
    }


def _is_first(parse: Parse, token: int) -> bool:
    return token == 0 or parse.sentence[token] != parse.sentence[token - 1]


def namings(
    parse: Parse, syntax: Syntax, mentions: Sequence[Mention], lead: Mapping[int, Mention], others: Collection[int]
) -> dict[int, int]:
    """Pronoun → the head of the name or noun in its sentence that means the same; the last before it, if any.

    ``others`` are nouns that act without being a mention.
    """
    named: dict[tuple[int, int], int] = {}
    found: dict[int, int] = {}
    for m in sorted((m for m in mentions if m.cluster >= 0 and m.head >= 0), key=lambda m: m.head):
        key = (m.sentence, m.cluster)
        if m.kind == "pronoun":
            if key in named:
                found[m.head] = named[key]
        elif m.head in lead:
            named[key] = m.head
    for token, tag in enumerate(parse.tag):
        if tag[:3] != "PRP":
            continue
        if token in found:
            meant = _other_than(parse, syntax, token, found[token], lead)
        elif tag == "PRP$":
            meant = None if token in lead else _owner_ahead(parse, syntax, token, lead)
        else:
            meant = _speaker_of(parse, syntax, token, lead, others)
        if meant is not None:
            found[token] = meant
    return found


def _other_than(parse: Parse, syntax: Syntax, pronoun: int, meant: int, lead: Mapping[int, Mention]) -> int | None:
    """The object of the verb above where coreference made an object its own subject.

    In "Ruiz called the king to congratulate him", "him" cannot be Ruiz, who congratulates.
    """
    verb = parse.head[pronoun]
    if parse.dep[pronoun] != "dobj" or parse.dep[verb] not in ("xcomp", "advcl") or syntax.agent(verb) != meant:
        return None
    other = syntax.patient(parse.head[verb])
    return other if other != meant and other in lead else None


def _owner_ahead(parse: Parse, syntax: Syntax, pronoun: int, lead: Mapping[int, Mention]) -> int | None:
    """Whom "his" means before its name is said: "during his visit to Oslo, the minister …"."""
    at = pronoun
    while parse.pos[at] not in ("VERB", "AUX") and parse.head[at] != at:
        at = parse.head[at]
    subject = syntax.child(at, "nsubj")
    ahead = subject is not None and subject > pronoun and subject in lead
    return subject if ahead and parse.lower[pronoun] in ("his", "her", "its", "their") else None


def _quoted(parse: Parse, syntax: Syntax, verb: int, lead: Mapping[int, Mention]) -> int | None:
    """Who says "we will …" or "I regret …": the subject of the verb of saying above."""
    for _ in range(4):
        up = parse.head[verb]
        if up == verb or parse.dep[verb] not in ("ccomp", "conj", "advcl", "xcomp", "acl"):
            return None
        if parse.dep[verb] == "ccomp" and parse.lemma[up] in classes()["@saying"]:
            speaker = syntax.agent(up)
            return speaker if speaker in lead else None
        verb = up
    return None


def _speaker_of(
    parse: Parse, syntax: Syntax, pronoun: int, lead: Mapping[int, Mention], others: Collection[int]
) -> int | None:
    """Who says a clause whose subject is a pronoun: "the army said it had withdrawn" means the army.

    Coreference left the pronoun open or linked it to nobody in the sentence; the speaker is then likeliest. "It" is no
    person and "he" no country.
    """
    verb = parse.head[pronoun]
    if parse.lower[pronoun] in ("we", "i"):
        return _quoted(parse, syntax, verb, lead)
    if parse.lower[pronoun] not in ("it", "they", "he", "she"):
        return None
    if parse.dep[pronoun] not in ("nsubj", "nsubjpass") or parse.dep[verb] != "ccomp":
        return None
    said = parse.head[verb]
    speaker = syntax.agent(said)
    if parse.lemma[said] not in classes()["@saying"] or speaker is None:
        return None
    if speaker not in lead:
        number = "they" if parse.tag[speaker] in ("NNS", "NNPS") else "it"
        return speaker if speaker in others and parse.lower[pronoun] == number else None
    m, other = lead[speaker], lead.get(pronoun)
    if other is not None and other.cluster >= 0 and other.cluster != m.cluster:
        return None
    tag, word = parse.tag[speaker], parse.lower[pronoun]
    person = m.label == "PERSON" or (m.kind == "nominal" and tag == "NN" and word != "it")
    plural = tag in ("NNS", "NNPS") or m.label in ("ORG", "NORP") or len(syntax.conjuncts(speaker)) > 1
    fits = {"it": (not person and not plural) or m.label in ("ORG", "GPE"), "they": plural}
    return speaker if fits.get(word, person) else None
