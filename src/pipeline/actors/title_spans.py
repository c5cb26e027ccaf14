"""Where the title before a name begins, and where one that the recogniser took into the name ends."""

from __future__ import annotations

from pipeline.actors.entries import tokens
from pipeline.actors.lexicon import lexicon
from pipeline.actors.matching import find
from pipeline.text import Mention, Parse

TITLE_POS = frozenset({"NOUN", "PROPN", "ADJ", "PART", "NUM"})
GENITIVE = ("'s", "’s", "'", "’")
LONGEST_TITLE = 12


def title_start(parse: Parse, start: int, own: int, at: dict[int, int]) -> int:
    """First token of the run of title words that ends right before a name: "US Secretary of State", "Mexico's"."""
    begin = parse.sentences[parse.sentence[start]][0]
    i = start
    while i > begin and start - i < LONGEST_TITLE:
        previous = i - 1
        pos, low = parse.pos[previous], parse.lower[previous]
        if low in (*GENITIVE, "-") or pos in TITLE_POS:
            i = previous
            continue
        if low == "of" and i < start and previous > begin and parse.pos[previous - 1] in ("NOUN", "PROPN"):
            if at.get(previous - 1, own) != own:
                break  # "the Reform Alliance of former mayor Sato": the title begins after another's name
            i = previous
            continue
        if (
            low in ("for", "and", "to")
            and i < start
            and parse.pos[previous - 1] in ("NOUN", "PROPN")
            and parse.dep[i] != "pobj"
        ):
            break
        if low in ("the", "a", "an") and i < start and parse.lower[previous - 1] == "of":
            i = previous
            continue
        break
    while i < start and (parse.pos[i] in ("PART", "PUNCT") or parse.lower[i] in ("'s", "’s", "of", "-")):
        i += 1
    return i


def title_inside(parse: Parse, m: Mention) -> int:
    """End of a title that the model took into the name ("President Xi Jinping"); m.start when there is none."""
    if m.end - m.start < 2 or m.label not in ("PERSON", None):
        return m.start
    words = tokens(parse.words(m.start, m.end - 1))
    if not words or not words[0].text[0].isupper():
        return m.start
    matches = find(words, lexicon(), False, False, False)
    if (
        matches
        and matches[0].start == 0
        and matches[0].kind == "noun"
        and matches[0].noun
        and matches[0].noun.noun == "person"
    ):
        if parse.lower[m.start] in ("prince", "king", "queen", "pope", "princess") and m.end - m.start == 2:
            return m.start + 1
        return m.start + matches[0].end
    return m.start
