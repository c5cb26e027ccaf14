"""Who speaks: verbs and nouns that report speech, their subjects, and the words that name the speaker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.errors import KnowledgeError
from pipeline.knowledge import table
from pipeline.text import Mention, Parse

PREPOSITIONS = frozenset(("about", "against", "at", "for", "of", "on", "to", "with"))
"""Prepositions that may stand between a verb and what is said ("called for a truce")."""
_TAKES = frozenset(("direct", "clause", "infinitive", "fragment", "object", "nothing")) | PREPOSITIONS
_POS = ("verb", "noun", "word")
_NONE: frozenset[str] = frozenset()
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))


@cache
def verbs() -> dict[str, frozenset[str]]:
    """Lemma of a cue verb → what it introduces: direct, clause, infinitive, fragment, object, or a preposition.

    Verbs that introduce ``nothing`` are no cues but say that what hangs on them was left unsaid ("refused to say").
    """
    return _cues("verb")


@cache
def nouns() -> dict[str, frozenset[str]]:
    """Lemma of a cue noun ("claim that …") → what it introduces."""
    return _cues("noun")


@cache
def denials() -> frozenset[str]:
    """Words that leave a verb of saying without anybody who spoke: "no", "nobody", "without"."""
    return frozenset(_cues("word"))


def _cues(pos: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in table("speech_verbs.csv"):
        takes = frozenset(row["takes"].split())
        if not takes <= _TAKES or row["pos"] not in _POS:
            raise KnowledgeError(f"knowledge/speech_verbs.csv row '{row['lemma']}': unknown pos or takes")
        if row["pos"] == pos:
            found[row["lemma"]] = found.get(row["lemma"], _NONE) | takes
    return found


@dataclass(slots=True)
class Page:
    """One article's parse with what the quote rules look up again and again.

    Attributes:
        cover: index of the mention that covers each token, the longest; -1 for none.
        cues: tokens that may report speech → what they introduce.
        order: those tokens, ascending.
    """

    parse: Parse
    mentions: list[Mention]
    cover: list[int]
    cues: dict[int, frozenset[str]]
    order: list[int]


def open_page(parse: Parse, mentions: list[Mention]) -> Page:
    """Look up cues and mentions once."""
    cover = [-1] * len(parse)
    for index in sorted(
        (i for i, m in enumerate(mentions) if m.start >= 0),
        key=lambda i: (mentions[i].end - mentions[i].start, -mentions[i].start),
    ):
        for token in range(mentions[index].start, mentions[index].end):
            cover[token] = index
    known, pos = verbs(), parse.pos
    cues = {
        i: known[lemma]
        for i, lemma in enumerate(parse.lemma)
        if lemma in known and (pos[i] == "VERB" or pos[i] == "AUX")
    }
    return Page(parse, mentions, cover, cues, list(cues))


def subject(parse: Parse, verb: int) -> int | None:
    """The token that heads the subject of a verb, also of a participle, an infinitive or a relative clause."""
    dep, head, children, lower = parse.dep, parse.head, parse.children, parse.lower
    for _ in range(6):
        for child in children[verb]:
            if dep[child] in _SUBJECTS:
                if lower[child] in _RELATIVE and dep[verb] == "relcl":
                    return head[verb]
                return child
        if dep[verb] in ("acl", "relcl"):
            return head[verb]
        if head[verb] == verb:
            return None
        if dep[verb] not in ("conj", "xcomp", "advcl", "pcomp", "prep", "ccomp", "dep", "parataxis"):
            return None
        verb = head[verb]
    return None


def unsaid(parse: Parse, verb: int) -> bool:
    """Whether nobody said it: "did not say why", "refused to say", "no group has claimed", "without saying"."""
    for _ in range(6):
        for child in parse.children[verb]:
            if parse.dep[child] == "neg":
                return True
            if parse.dep[child] in _SUBJECTS and any(
                parse.lower[t] in denials() for t in (child, *parse.children[child])
            ):
                return True
        shared = parse.dep[verb] == "conj" and parse.tag[verb] == "VB"  # "did not confirm or deny"
        if parse.dep[verb] not in ("xcomp", "pcomp") and not shared:
            return False
        verb = parse.head[verb]
        if "nothing" in verbs().get(parse.lemma[verb], _NONE) or parse.lower[verb] in denials():
            return True
    return False


def by_agent(parse: Parse, verb: int) -> int | None:
    """The token that heads the agent of a passive ("was told by X")."""
    for child in parse.children[verb]:
        if parse.dep[child] == "agent":
            for noun in parse.children[child]:
                if parse.dep[noun] == "pobj":
                    return noun
    return None


def speaker_of(page: Page, verb: int) -> tuple[int, int] | None:
    """The speaker's words for a cue verb: its subject, its agent where it is passive, or the name next to it."""
    parse = page.parse
    passive = any(parse.dep[c] in ("nsubjpass", "auxpass") for c in parse.children[verb])
    found = by_agent(parse, verb) if passive else subject(parse, verb)
    if found is not None and (parse.pos[found] != "VERB" or page.cover[found] >= 0):
        return words_of(page, found)
    if passive:
        return None
    return beside(page, verb)


def beside(page: Page, verb: int) -> tuple[int, int] | None:
    """The mention right after or right before a verb, for where the parse sees no subject."""
    last = len(page.parse)
    for token in (verb + 1, verb - 1, verb - 2):
        if 0 <= token < last and page.cover[token] >= 0:
            m = page.mentions[page.cover[token]]
            if m.label not in ("DATE", "TIME", "MONEY", "CARDINAL", "PERCENT", "ORDINAL", "QUANTITY"):
                return m.start, m.end
    return None


def words_of(page: Page, head: int) -> tuple[int, int]:
    """Token range of a noun phrase as printed: its mention, else the phrase up to its head."""
    parse = page.parse
    if page.cover[head] >= 0:
        m = page.mentions[page.cover[head]]
        return m.start, m.end
    start = parse.left[head]
    for token in range(head - 1, start - 1, -1):
        if parse.pos[token] in ("PUNCT", "SPACE"):
            start = token + 1
            break
    return start, head + 1


def takes(page: Page, token: int, what: str) -> bool:
    """Whether the token is a cue that introduces ``what``."""
    return what in page.cues.get(token, _NONE)
