"""What somebody is reported to have said or held in a noun phrase: "announced a curfew", "called for a truce"."""

from __future__ import annotations

from pipeline.knowledge.name_lexicon import lexicon
from pipeline.quotes.cues import PREPOSITIONS, Page, nouns, speaker_of, takes, unsaid
from pipeline.text import Mention, Parse

_SPEAKERS = frozenset(("PERSON", "ORG", "NORP", "GPE"))
_PARTS = frozenset(("dobj", "oprd", "prep", "agent", "dative", "attr", "acomp"))
Span = tuple[int, int]


def noun_content(page: Page, verb: int, quoted: bytearray) -> tuple[Span, Span, Span] | None:
    """Content, cue and speaker of a verb whose content is a noun phrase; None where there is none or nobody speaks.

    The content runs from the object, or from what a preposition of the verb governs, to the last phrase that belongs
    to it: "demanded [the release of the men] on Monday". Passive, negated and wished acts are left out. The
    object of any verb of saying counts where part of it stands in quotation marks (1 in ``quoted``).
    """
    parse = page.parse
    if parse.dep[verb] in ("amod", "compound") or not _asserted(parse, verb) or unsaid(parse, verb):
        return None
    content = _object(page, verb, quoted) or _governed(page, verb)
    speaker = speaker_of(page, verb)
    if content is None or speaker is None or not _speaks(page, speaker):
        return None
    first, last, cue_end = content
    if first <= speaker[0] < last:
        return None
    return (first, last), (verb, cue_end), speaker


def _asserted(parse: Parse, verb: int) -> bool:
    """Active, and not under a modal or "to"."""
    return not any(
        parse.dep[c] in ("auxpass", "nsubjpass") or (parse.dep[c] == "aux" and parse.tag[c] in ("MD", "TO"))
        for c in parse.children[verb]
    )


def _object(page: Page, verb: int, quoted: bytearray) -> tuple[int, int, int] | None:
    parse = page.parse
    noun = next((c for c in parse.children[verb] if parse.dep[c] == "dobj" and c > verb), None)
    if noun is None or parse.tag[noun] in ("PRP", "WP", "WDT", "DT", "EX") or parse.left[noun] <= verb:
        return None
    says = takes(page, verb, "clause") and any(quoted[parse.left[noun] : parse.right[noun]])
    if not says and not takes(page, verb, "object"):
        return None
    if parse.lemma[noun] in nouns() and parse.right[noun] == noun + 1:
        return None  # "repeated the accusation", "outlined a proposal": nothing says what was said
    if page.cover[noun] >= 0 and _acts(page.mentions[page.cover[noun]]):
        return None  # "urged the council", "confirmed the judge": one spoken to or acted upon
    first, last = parse.left[noun], parse.right[noun]
    for child in parse.children[verb]:
        if child < last or parse.dep[child] not in _PARTS or parse.left[child] != last:
            continue
        if parse.lower[child] in lexicon().words["aside"]:
            break
        last = parse.right[child]
    return first, last, verb + 1


def _governed(page: Page, verb: int) -> tuple[int, int, int] | None:
    parse = page.parse
    below = [c for c in parse.children[verb] if parse.dep[c] == "dobj" and not takes(page, verb, "object")]
    for preposition in (p for above in (verb, *below) for p in parse.children[above]):
        word = parse.lower[preposition]
        if preposition > verb and parse.dep[preposition] == "prep" and word in PREPOSITIONS and takes(page, verb, word):
            inner = next((c for c in parse.children[preposition] if parse.dep[c] in ("pobj", "pcomp")), None)
            if inner is not None and parse.tag[inner] not in ("PRP", "WP", "WDT", "DT"):
                near = parse.head[preposition] == verb and preposition == verb + 1
                return preposition + 1, parse.right[preposition], preposition + 1 if near else verb + 1
    return None


def _acts(mention: Mention) -> bool:
    return mention.kind == "nominal" or mention.label in _SPEAKERS


def _speaks(page: Page, speaker: Span) -> bool:
    """Whether the speaker is named, or a noun or pronoun that stands for people."""
    parse, index, people = page.parse, page.cover[speaker[1] - 1], lexicon().words["people_pronoun"]
    if index < 0:
        return all(parse.lower[t] in people for t in range(*speaker))
    mention = page.mentions[index]
    if mention.kind == "pronoun":
        return parse.lower[mention.start] in people
    return mention.label is None or mention.label in _SPEAKERS
