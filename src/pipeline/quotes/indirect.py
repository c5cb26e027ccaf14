"""What somebody is reported to have said without quotation marks: clauses under verbs and nouns of saying."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.quotes.cues import Page, nouns, speaker_of, takes, unsaid, words_of
from pipeline.quotes.nominal import noun_content

_MIN_WORDS = 3
_MIN_NOUN = 2  # "announced a curfew"
_FINITE = frozenset(("VBD", "VBZ", "VBP"))


@dataclass(slots=True)
class Reported:
    """A reported clause: token range, cue tokens and speaker tokens."""

    first: int
    last: int
    cue: tuple[int, int]
    speaker: tuple[int, int] | None


def find_reported(page: Page, quoted: bytearray, spent: frozenset[int]) -> list[Reported]:
    """Reported clauses outside direct quotes, in order of the cue.

    Args:
        page: the article.
        quoted: 1 for each token that is inside quotation marks.
        spent: cue tokens of direct quotes that are whole sentences: what else hangs on them is no second quote.
    """
    parse = page.parse
    dep, children = parse.dep, parse.children
    found: list[Reported] = []
    for verb in page.order:
        if quoted[verb] or verb in spent or unsaid(parse, verb):
            continue
        for child in children[verb]:
            kind = dep[child]
            if (kind == "ccomp" and (takes(page, verb, "clause") or takes(page, verb, "infinitive"))) or (
                kind == "xcomp" and takes(page, verb, "infinitive") and _has_to(page, child)
            ):
                speaker = speaker_of(page, verb)
                if speaker is not None or _passive(page, verb):
                    left, right = parse.left[child], parse.right[child]
                    if right - left >= _MIN_WORDS:
                        cut = _own_words(page, child, right)
                        _add(
                            page, found, quoted, left, cut, (verb, verb + 1), speaker, 1 if cut < right else _MIN_WORDS
                        )
        if (noun := noun_content(page, verb, quoted)) and not any(r.cue[0] == verb for r in found):
            (left, right), cue, speaker = noun
            _add(page, found, quoted, left, right, cue, speaker, _MIN_NOUN)
        if (
            dep[verb] == "parataxis"
            and takes(page, verb, "clause")
            and not any(dep[c] == "ccomp" for c in children[verb])
        ):
            _around(page, found, quoted, verb)
    known = nouns()
    for i, lemma in enumerate(parse.lemma):
        if lemma in known and parse.pos[i] == "NOUN" and not quoted[i] and not unsaid(parse, parse.head[i]):
            for child in children[i]:
                if dep[child] in ("acl", "ccomp") and any(
                    dep[c] == "mark" and parse.lower[c] == "that" for c in children[child]
                ):
                    owner = next((c for c in children[i] if dep[c] == "poss"), None)
                    speaker = words_of(page, owner) if owner is not None else _maker(page, i)
                    _add(page, found, quoted, parse.left[child], parse.right[child], (i, i + 1), speaker)
        elif lemma == "accord" and parse.lower[i] == "according" and not quoted[i]:
            _according(page, found, quoted, i)
    found.sort(key=lambda r: (r.cue[0], r.first))
    return found


def _own_words(page: Page, content: int, last: int) -> int:
    """Where the reporter's own remarks after a reported clause begin, or ``last``.

    Three kinds, all after a comma: what became of an offer ("offered to mediate, which India rejected"), whether others
    say so too ("took bribes, as the traders allege"), and a second act of the speaker that the parse hangs on the
    clause ("promised that they would be found, and announced a curfew").
    """
    parse = page.parse
    for comma in range(content + 1, last - 1):
        if parse.lower[comma] != ",":
            continue
        opener = comma + 1
        remark = next((v for v in range(opener + 1, last) if parse.left[v] == opener), None)
        if remark is not None and parse.right[remark] >= last - 1:
            finite = parse.tag[_finite(page, remark)] in _FINITE
            if parse.lower[opener] == "which" and finite and _has_to(page, content):
                return comma
            if parse.lower[opener] == "as" and parse.dep[remark] == "advcl" and takes(page, remark, "clause"):
                return comma
        if parse.dep[opener] == "cc" and parse.head[opener] == content and opener + 1 < last:
            act = opener + 1
            second = parse.dep[act] == "conj" and parse.head[act] == content and parse.tag[act] == "VBD"
            helped = any(parse.dep[c] == "aux" and parse.tag[c] in ("MD", "TO") for c in parse.children[content])
            if second and helped and parse.left[act] == act:
                return comma
    return last


def _finite(page: Page, verb: int) -> int:
    """The word of a verb group that carries the tense: its first helper, or the verb itself."""
    parse = page.parse
    return next((c for c in parse.children[verb] if c < verb and parse.dep[c] in ("aux", "auxpass")), verb)


def _has_to(page: Page, verb: int) -> bool:
    return any(page.parse.dep[c] == "aux" and page.parse.lower[c] == "to" for c in page.parse.children[verb])


def _passive(page: Page, verb: int) -> bool:
    return any(page.parse.dep[c] == "auxpass" for c in page.parse.children[verb])


def _maker(page: Page, noun: int) -> tuple[int, int] | None:
    """Who makes the claim, where the noun is the object of a verb ("X made the claim that …")."""
    parse = page.parse
    if parse.dep[noun] == "dobj":
        return speaker_of(page, parse.head[noun])
    return None


def _around(page: Page, found: list[Reported], quoted: bytearray, verb: int) -> None:
    parse = page.parse
    head = parse.head[verb]
    first, last = parse.left[head], parse.right[head]
    if parse.left[verb] - first >= last - parse.right[verb]:
        last = parse.left[verb]
    else:
        first = parse.right[verb]
    _add(page, found, quoted, first, last, (verb, verb + 1), speaker_of(page, verb))


def _according(page: Page, found: list[Reported], quoted: bytearray, token: int) -> None:
    parse = page.parse
    to = next((c for c in parse.children[token] if parse.lower[c] == "to"), None)
    source = next((c for c in parse.children[to] if parse.dep[c] == "pobj"), None) if to is not None else None
    if to is None or source is None:
        return
    governor = parse.head[token]
    while parse.pos[governor] not in ("VERB", "AUX") and parse.head[governor] != governor:
        governor = parse.head[governor]
    start, end = parse.left[token], parse.right[token]
    first, last = parse.left[governor], parse.right[governor]
    if start - first >= last - end:
        last = start
    else:
        first = end
    _add(page, found, quoted, first, last, (token, to + 1), words_of(page, source))


def _paragraph(page: Page, first: int, last: int, cue: int) -> tuple[int, int]:
    """The part of a token range that lies in the paragraph of the cue."""
    word = page.parse.word
    near = range(first, min(cue, last)) if cue > first else range(0)
    for token in near:
        if "\n" in word[token]:
            first = token + 1
    for token in range(max(cue, first), last):
        if "\n" in word[token]:
            return first, token
    return first, last


def _add(
    page: Page,
    found: list[Reported],
    quoted: bytearray,
    first: int,
    last: int,
    cue: tuple[int, int],
    speaker: tuple[int, int] | None,
    least: int = _MIN_WORDS,
) -> None:
    parse = page.parse
    first, last = _paragraph(page, first, last, cue[0])
    if first <= cue[0] < last:  # the cue stands inside the clause: keep the longer side
        if cue[0] - first >= last - cue[1]:
            last = min(cue[0], speaker[0] if speaker and first < speaker[0] < cue[0] else cue[0])
        else:
            first = max(cue[1], speaker[1] if speaker and cue[1] <= speaker[0] < last else cue[1])
    while first < last and parse.pos[first] in ("PUNCT", "SPACE"):
        first += 1
    while last > first and parse.pos[last - 1] in ("PUNCT", "SPACE"):
        last -= 1
    words = last - first
    if words < least or 2 * sum(quoted[first:last]) > words:
        return
    found.append(Reported(first, last, cue, speaker))
