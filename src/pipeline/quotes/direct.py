"""Which words in quotation marks are quotes, and who says them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.quotes.cues import Page, beside, speaker_of, subject, takes, words_of
from pipeline.quotes.marks import Marked

_STOPS = frozenset((".", "!", "?", ";"))
_PEOPLE = frozenset(("PERSON", "ORG", "NORP", "GPE"))
_WINDOW = 40  # tokens between a quote and its cue
_EXCHANGE = 80  # characters between two turns of a dialogue: a cue, no more
MIN_ALONE = 5  # words; shorter ones without a cue are titles and scare quotes
MIN_GOING_ON = 2  # words of a sentence that stands right behind a quote with its speaker


@dataclass(slots=True)
class Said:
    """A quote with the tokens that say whose it is.

    Attributes:
        first, last: token range of the words in marks (marks left out).
        cue: first and last cue token (end exclusive), or None.
        speaker: token range.
        complete: a sentence of its own, not a fragment of the reporter's.
    """

    marked: Marked
    first: int
    last: int
    cue: tuple[int, int] | None = None
    speaker: tuple[int, int] | None = None
    complete: bool = False


def attribute(page: Page, marked: list[Marked]) -> list[Said]:
    """Keep the quotes among the marked spans, each with cue and speaker where the text gives them."""
    parse = page.parse
    spans = [
        Said(m, bisect_left(parse.start, m.start), bisect_left(parse.start, m.end))
        for m in marked
        if parse.start and m.end > parse.start[0]
    ]
    spans = [s for s in spans if s.last > s.first]
    kept: list[Said] = []
    for index, said in enumerate(spans):
        limit = spans[index + 1].marked.open if index + 1 < len(spans) else len(parse.text)
        floor = spans[index - 1].marked.close if index else 0
        m = said.marked
        said.complete = _is_complete(page, said)
        if m.name is not None:
            said.speaker = (bisect_right(parse.start, m.name[0]) - 1, bisect_left(parse.start, m.name[1]))
            kept.append(said)
            continue
        ends = parse.text[m.end - 1]
        clause_goes_on = ends in ",?!—-…" or (m.close < len(parse.text) and parse.text[m.close : m.close + 1] == ",")
        found = (
            _after(page, said, limit) or _before(page, said, floor)
            if clause_goes_on
            else _before(page, said, floor) or (_after(page, said, limit) if ends != "." else None)
        )
        if found:
            said.cue, said.speaker = found
            if (said.complete or said.speaker is not None) and not _is_title(page, said):
                kept.append(said)
        elif said.complete or _goes_on(page, said, kept):
            _from_context(page, said, kept)
            kept.append(said)
    return kept


def _word_count(page: Page, said: Said) -> int:
    return sum(1 for p in page.parse.pos[said.first : said.last] if p not in ("PUNCT", "SPACE"))


def _is_complete(page: Page, said: Said) -> bool:
    """A sentence of its own: a capital first, a stop or comma last, and long enough."""
    text, m = page.parse.text, said.marked
    if _word_count(page, said) < MIN_ALONE:
        return False
    opens = text[m.start].isupper() or not text[m.start].isalpha()
    return opens and (text[m.end - 1] in ".!?,…—" or not m.closed)


def _goes_on(page: Page, said: Said, kept: list[Said]) -> bool:
    """A short sentence that goes on: ``"…," X said. "Nobody came."``, or a paragraph of its own behind such a quote."""
    text, m = page.parse.text, said.marked
    if not kept or kept[-1].speaker is None or not m.closed or _word_count(page, said) < MIN_GOING_ON:
        return False
    if not text[m.start].isupper() or text[m.end - 1] not in ".!?…" or _is_title(page, said):
        return False
    between = text[kept[-1].marked.close : m.open]
    if "\n" not in between:
        return kept[-1].cue is not None and between.rstrip()[-1:] in (".", "!", "?", ":")
    paragraph = between.endswith("\n") and (m.close >= len(text) or text[m.close] == "\n")
    return paragraph and "\n" not in between.strip()


def _is_title(page: Page, said: Said) -> bool:
    """Every longer word begins with a capital, as in "The Long Road Home"."""
    parse = page.parse
    words = [w for w in parse.word[said.first : said.last] if len(w) > 3 and w[0].isalpha()]
    return len(words) >= 2 and all(w[0].isupper() for w in words)


def _after(page: Page, said: Said, limit: int) -> tuple[tuple[int, int], tuple[int, int] | None] | None:
    """The cue that follows in the same sentence: ``," X said``, ``," said X``, ``" … , she said``."""
    parse = page.parse
    first = bisect_left(parse.start, said.marked.close)
    last = first
    stop = min(len(parse), first + _WINDOW)
    while last < stop and parse.start[last] < limit and "\n" not in parse.word[last]:
        if parse.word[last] in _STOPS:
            break
        last += 1
    for token in range(first, last):
        if not (takes(page, token, "direct") or takes(page, token, "fragment")):
            if parse.lower[token] == "according" and token + 1 < last and parse.lower[token + 1] == "to":
                return (token, token + 2), _object_of(page, token + 1)
            continue
        inverted = token - first <= 1 or (token - first == 2 and parse.pos[first] in ("PUNCT", "ADV"))
        speaker = speaker_of(page, token)
        if inverted and (speaker is None or not first <= speaker[0] < last):
            speaker = _next_name(page, token, last)
        if speaker is not None and speaker[0] < first:
            # The subject stands before the quote: the verb belongs to another clause unless it is a participle.
            speaker = beside(page, token)
            if speaker is None or speaker[0] < first:
                continue
        if speaker is not None:
            return _cue(page, token), speaker
    return None


def _next_name(page: Page, verb: int, last: int) -> tuple[int, int] | None:
    """The noun phrase after an inverted verb."""
    parse = page.parse
    for token in range(verb + 1, min(last, verb + 12)):
        if page.cover[token] >= 0:
            m = page.mentions[page.cover[token]]
            if m.label in _PEOPLE or m.label is None:
                return m.start, m.end
        if parse.pos[token] in ("NOUN", "PROPN", "PRON") and parse.dep[token] in ("nsubj", "dobj", "attr", "npadvmod"):
            return words_of(page, token)
    return None


def _object_of(page: Page, preposition: int) -> tuple[int, int] | None:
    for child in page.parse.children[preposition]:
        if page.parse.dep[child] in ("pobj", "pcomp"):
            return words_of(page, child)
    return beside(page, preposition)


def _cue(page: Page, token: int) -> tuple[int, int]:
    return token, token + 1


def _before(page: Page, said: Said, floor: int) -> tuple[tuple[int, int], tuple[int, int] | None] | None:
    """The cue that leads in: ``X said, "``, ``X called it "``; with a colon also across paragraphs."""
    parse = page.parse
    last = bisect_left(parse.start, said.marked.open)
    end = last
    while end and not parse.word[end - 1].strip():
        end -= 1
    crossed = end < last and any("\n" in parse.word[i] for i in range(end, last))
    colon = end > 0 and parse.word[end - 1].endswith(":")
    if not end or (crossed and not colon):
        return None
    first, stop = end, max(0, end - _WINDOW)
    while first > stop and parse.start[first - 1] >= floor and "\n" not in parse.word[first - 1]:
        if parse.word[first - 1] in _STOPS:
            break
        first -= 1
    if first == end:
        return None
    complete = colon or (parse.word[end - 1] == "," and parse.text[said.marked.start].isupper())
    kinds = ("direct",) if complete else ("fragment",)
    token = _governing(page, said, first, end, kinds)
    if token is None:
        token = next(
            (
                t
                for t in range(end - 1, first - 1, -1)
                if any(takes(page, t, k) for k in kinds) and (complete or end - t <= 8)
            ),
            None,
        )
    if token is not None:
        token = token if complete else _outer(page, token, first)
        return _cue(page, token), speaker_of(page, token)
    for t in range(end - 2, first - 1, -1):
        if parse.lower[t] == "according" and parse.lower[t + 1] == "to":
            return (t, t + 2), _object_of(page, t + 1)
    if colon:
        root = next((t for t in range(first, end) if parse.head[t] == t or parse.dep[t] == "ROOT"), None)
        if root is not None:
            noun = subject(parse, root)
            if noun is None and parse.pos[root] in ("NOUN", "PROPN"):
                noun = root
            return (end - 1, end), words_of(page, noun) if noun is not None and first <= noun < end else None
    return None


def _governing(page: Page, said: Said, first: int, end: int, kinds: tuple[str, ...]) -> int | None:
    """The nearest cue verb above the quoted words in the tree."""
    token, head = said.first, page.parse.head
    for _ in range(12):
        above = head[token]
        if above == token:
            return None
        token = above
        if first <= token < end and any(takes(page, token, k) for k in kinds):
            return token
    return None


def _outer(page: Page, cue: int, first: int) -> int:
    """Whose words a quoted fragment is: in "A said that B would call it …", B has not spoken yet, so A's."""
    parse = page.parse
    if not any(parse.dep[c] == "aux" and parse.tag[c] in ("MD", "TO") for c in parse.children[cue]):
        return cue
    token = cue
    while parse.head[token] != token and parse.head[token] >= first:
        above = parse.head[token]
        if parse.dep[token] == "ccomp" and takes(page, above, "clause"):
            return above
        token = above
    return cue


def _from_context(page: Page, said: Said, kept: list[Said]) -> None:
    """A quote that stands alone: same paragraph, else the other side of a dialogue, else whoever spoke last."""
    parse = page.parse
    if not kept:
        said.speaker = _previous_subject(page, said)
        return
    earlier = kept[-1]
    between = parse.text[earlier.marked.close : said.marked.open]
    if "\n" not in between:
        said.speaker = earlier.speaker
        return
    if len(kept) > 1 and len(between) < _EXCHANGE:
        questions = [parse.text[s.marked.end - 1] == "?" for s in (kept[-2], earlier, said)]
        dialogue = questions[1] or (questions[0] and questions[2])
        asked, other = earlier.speaker, kept[-2].speaker
        if dialogue and other is not None and asked is not None and not _same(page, other, asked):
            said.speaker = other
            return
    said.speaker = _previous_subject(page, said) or earlier.speaker


def _same(page: Page, a: tuple[int, int], b: tuple[int, int]) -> bool:
    parse = page.parse
    return parse.lower[a[1] - 1] == parse.lower[b[1] - 1]


def _previous_subject(page: Page, said: Said) -> tuple[int, int] | None:
    """The speaker of the last cue, or the last person who was a subject, in the paragraph before."""
    parse = page.parse
    end = bisect_left(parse.start, said.marked.open)
    first, breaks = end, 0
    while first and breaks < 2:
        first -= 1
        if "\n" in parse.word[first] and first < end - 1:
            breaks += 1
    fallback = None
    for token in range(end - 1, first - 1, -1):
        if takes(page, token, "direct") or takes(page, token, "clause"):
            speaker = speaker_of(page, token)
            if speaker is not None and speaker[0] >= first:
                return speaker
        if fallback is None and parse.dep[token] == "nsubj":
            m = page.mentions[page.cover[token]] if page.cover[token] >= 0 else None
            if m is not None and (m.label == "PERSON" or parse.lower[token] in ("he", "she")):
                fallback = (m.start, m.end)
    return fallback
