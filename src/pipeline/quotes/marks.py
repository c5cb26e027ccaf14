"""Where quotation marks open and close: curly, straight, single and guillemets, over sentences and paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOUBLE = re.compile("[\"“”„«»\n]|``|''")
_SINGLE = re.compile("[‘’'\n]")
_SPEAKER_LINE = re.compile(r"(?P<name>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}): ?")  # "SMITH: Good evening."
_NO_OPENING = re.compile(r"(?:\d0s|em\b|til\b|tis\b|twas\b|cause\b|n['’]|round\b|bout\b)", re.IGNORECASE)
_BEFORE_OPENING = frozenset(" \t\n\r\xa0\u2009([{—–-/\"“«‘'")


@dataclass(slots=True, frozen=True)
class Marked:
    """Words in quotation marks, in characters.

    Attributes:
        open: position of the opening mark.
        start, end: the words without the marks and without white space at the edges.
        close: position just after the closing mark.
        closed: False where the paragraph ends before the mark is closed.
        name: span of the speaker's name where the words are a turn in a transcript ("SMITH: Good evening").
    """

    open: int
    start: int
    end: int
    close: int
    closed: bool = True
    name: tuple[int, int] | None = None


def find_marked(text: str, body_start: int = 0) -> list[Marked]:
    """Spans in outermost quotation marks, in order, not overlapping.

    A quote that is open at the end of a paragraph goes on where the next paragraph repeats the opening mark; else it
    ends with its paragraph. Marks inside a quote belong to the quote.
    """
    found = _double(text, body_start)
    found += _single(text, body_start, found)
    found.sort(key=lambda m: m.open)
    return found


def _paragraph_start(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t\xa0":
        at -= 1
    return at == 0 or text[at - 1] == "\n"


def _double(text: str, body_start: int) -> list[Marked]:
    found: list[Marked] = []
    opened, mark, width, inner = -1, "", 1, 0
    pending = False  # the paragraph ended inside a quote: does the next one repeat the mark?
    edge = -1  # where that paragraph ended

    for match in _DOUBLE.finditer(text, body_start):
        at, char = match.start(), match.group()
        size = len(char)
        if char in ("''", "``"):
            char = '"'  # typewriter marks: two single ones stand for a straight one
        if char == "\n":
            if opened >= 0 and not pending:
                pending, edge = True, at
            continue
        if pending:
            if char == mark and _paragraph_start(text, at):
                if _SPEAKER_LINE.match(text, at + size):
                    _close(text, opened, width, edge, edge, False, found)
                    opened, width = at, size
                pending, inner = False, 0
                continue
            _close(text, opened, width, edge, edge, False, found)
            opened, pending, inner = -1, False, 0
        before = text[at - 1] if at else " "
        after = text[at + size] if at + size < len(text) else " "
        if char in ("“", "„", "«"):
            if opened < 0:
                opened, mark, width, inner = at, char, size, 0
            elif char == "“" and mark == "„":  # „ … “: German and Slavic closing mark
                _close(text, opened, width, at, at + 1, True, found)
                opened = -1
            elif mark != char:
                inner += 1
            else:  # the first one was never closed
                opened, inner = at, 0
        elif char in ("”", "»"):
            if opened < 0:
                continue
            if inner:
                inner -= 1
            else:
                _close(text, opened, width, at, at + size, True, found)
                opened = -1
        else:
            opening = before in _BEFORE_OPENING and not after.isspace()
            if opened < 0:
                if (opening or not after.isspace()) and not before.isdigit():
                    opened, mark, width, inner = at, char, size, 0
            elif mark == '"' and opening and after.isalnum() and before in " \t\xa0\n" and inner == 0:
                opened = at  # the first one was never closed
            elif before.isdigit() and not (after.isspace() or after in ",.;:)"):
                continue  # inches
            else:
                _close(text, opened, width, at, at + size, True, found)
                opened = -1
    if opened >= 0:
        end = edge if pending else (text.find("\n", opened) if "\n" in text[opened:] else len(text))
        _close(text, opened, width, end, end, False, found)
    return found


def _single(text: str, body_start: int, doubles: list[Marked]) -> list[Marked]:
    """Quotes in single marks outside double ones. A mark inside a word, or after a plural s, is an apostrophe."""
    found: list[Marked] = []
    inside = iter([*doubles, Marked(len(text), len(text), len(text), len(text))])
    current = next(inside)
    opened = -1
    last_close = -1  # a mark that may close or may be a plural's apostrophe
    for match in _SINGLE.finditer(text, body_start):
        at, char = match.start(), match.group()
        while current.close <= at and current.open < len(text):
            current = next(inside)
        if current.open < at < current.close:
            continue
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        if char == "\n" or (opened >= 0 and current.open < at):
            if opened >= 0 and last_close >= 0:
                _close(text, opened, 1, last_close, last_close + 1, True, found)
            opened = last_close = -1
            continue
        opening = (
            before in _BEFORE_OPENING
            and (after.isalnum() or after in "[$£€…")
            and char != "’"
            and not _NO_OPENING.match(text, at + 1)
        )
        if opening:
            if opened >= 0 and last_close >= 0:
                _close(text, opened, 1, last_close, last_close + 1, True, found)
            opened, last_close = at, -1
        elif opened >= 0 and char != "‘" and not after.isalnum() and not before.isspace():
            if before in ",.!?…;—" or before not in "sS":
                if last_close < 0 or not text[last_close + 1 : at].strip() or before in ",.!?…":
                    _close(text, opened, 1, at, at + 1, True, found)
                else:
                    _close(text, opened, 1, last_close, last_close + 1, True, found)
                opened = last_close = -1
            else:
                last_close = at
    if opened >= 0 and last_close >= 0:
        _close(text, opened, 1, last_close, last_close + 1, True, found)
    return found


def _close(text: str, opened: int, width: int, end: int, close: int, closed: bool, found: list[Marked]) -> None:
    start = opened + width
    name = None
    turn = _SPEAKER_LINE.match(text, start)
    if turn:
        name = turn.span("name")
        start = turn.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Marked(opened, start, end, close, closed, name))
