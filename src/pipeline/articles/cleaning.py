"""Raw text → ``articles.text``: paragraphs with a blank line between them, every printed character kept.

Only white space and invisible characters change: quotes stay curly (straightening them makes names worse). An accent
that is a character of its own is joined with its letter (Unicode's form NFC, canonically the same text), since names
are looked up in it; UTF-8 that was read as windows-1252 is undone where all of the text was. Offsets count in what
comes out of here, so that nothing moves after it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_NEW_LINE = re.compile("\r\n|[\r\x0b\x0c\u2028]")
_INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
    "|(?<=[\x00-\u024f])[\u200c\u200d]"  # joiners mean nothing in Latin, but spell words in Persian or Hindi
)
_ODD = re.compile(
    "[\x01-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]",
)
"""Every character that the two above change: a text without them, as nearly all are, is looked through once."""

_C1 = re.compile("[\x80-\x9f]")
_MISDECLARED = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""Control codes that were quotes and dashes of windows-1252 until declared Latin-1; browsers read them so too."""

_DOUBLED = re.compile("[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Two characters that two bytes of UTF-8 become when they are read as windows-1252: "Ã©", "â€"."""

_AS_BYTES = {ord(character): code for code, character in _MISDECLARED.items()}

_BLANK = re.compile(r"\n[ \t\xa0]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")

NARROW, WIDE = 45, 110
"""Widest line of a hard-wrapped text: below it is a list or verse, above it lines are paragraphs."""


def cleaned(raw: str) -> str:
    """Clean one article's text.

    Args:
        raw: text as read, newlines of any kind.

    Returns:
        Paragraphs joined by one blank line; a paragraph is one line, without white space at its ends.
    """
    text = raw if raw.isascii() else _composed(_undoubled(raw))
    if _ODD.search(text):
        text = _NEW_LINE.sub("\n", text).replace("\u2029", "\n\n").replace("\t", " ")
        text = _INVISIBLE.sub("", text.translate(_MISDECLARED) if _C1.search(text) else text)
    if "\n" not in text:
        return text.strip()
    blocks = [[line for line in block.split("\n") if line.strip()] for block in _BLANK.split(text)]
    width = _wrap_width(blocks)
    paragraphs: list[str] = []
    for block in blocks:
        if width is None:
            paragraphs.extend(line.strip() for line in block)
        else:
            paragraphs.extend(_unwrapped(block, width))
    return "\n\n".join(p for p in paragraphs if p)


def one_line(text: str) -> str:
    """The text's words with one space between them."""
    return " ".join(text.split())


def _undoubled(text: str) -> str:
    """The text with its UTF-8 read as such, where every part of it was read as windows-1252, twice at least."""
    if len(_DOUBLED.findall(text)) < 2:
        return text
    try:
        return text.translate(_AS_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:  # some of it was read rightly
        return text


def _composed(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """The column at which lines were broken to fit, or None where a line is a paragraph.

    In text wrapped at a width a line breaks exactly where the next word would no longer fit; ends of paragraphs apart,
    that holds for every line, and for next to none where authors broke the lines.
    """
    breaks = [(a.rstrip(), b.split(None, 1)[0]) for block in blocks for a, b in pairwise(block)]
    if not breaks:
        return None
    width = max(len(line.rstrip()) for block in blocks for line in block)
    if not NARROW <= width <= WIDE:
        return None
    full = sum(len(line) + 1 + len(word) > width for line, word in breaks)
    running = sum(not _SENTENCE_END.search(line) for line, _ in breaks)
    lower = sum(word[0].islower() for _, word in breaks)
    enough = full >= 0.6 * len(breaks) and running >= 0.5 * len(breaks) and lower >= 0.3 * len(breaks)
    return width if enough else None


def _unwrapped(block: list[str], width: int) -> list[str]:
    """A hard-wrapped block's paragraphs: an indented line begins one, a short line that ends a sentence ends one."""
    margin = min(len(line) - len(line.lstrip()) for line in block)
    paragraphs: list[str] = []
    ended = True
    for i, line in enumerate(block):
        words = line.strip()
        if ended or len(line) - len(line.lstrip()) > margin + 1:
            paragraphs.append(words)
        elif _BROKEN_WORD.search(paragraphs[-1]) and words[0].islower():
            paragraphs[-1] += words
        else:
            paragraphs[-1] += " " + words
        following = block[i + 1].split(None, 1)[0] if i + 1 < len(block) else ""
        short = len(line.rstrip()) + 1 + len(following) <= width
        ended = short and _SENTENCE_END.search(words) is not None
    return paragraphs
