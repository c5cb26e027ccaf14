"""Names and nouns as the actor room compares them: words, their folded form, and what an entry of the lexicon means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from pipeline.errors import KnowledgeError

EntryKind = Literal["country", "adjective", "people", "capital", "seat", "body", "person", "noun"]
NounKind = Literal["person", "group", "organisation", "equipment", "adjective"]

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|['’ʼ]s\b|['’](?=\s|$)|\w+(?:['’ʼ](?!s\b)\w+)*|[^\w\s]")
HYPHENS = frozenset("-‐‑–")
EARLIEST, LATEST = date.min, date.max


class Token(NamedTuple):
    """One word of an actor string: as printed, its folded form, and its characters (half-open)."""

    text: str
    key: str
    start: int
    end: int
    hyphen: bool  # joined to the word before it by a hyphen


@dataclass(slots=True, frozen=True)
class Entry:
    """One meaning of a name or noun.

    Attributes:
        kind: what the name is.
        country: ISO 3166 alpha-3 or None.
        sector: PLOVER sector or None.
        reference_id: ``<file>/<slug>`` of the knowledge row; None for nouns.
        valid_from, valid_to: first and last day on which the row holds.
        capital: 0 any case, 1 the first letter must be a capital, 2 all capitals.
        noun: kind of a noun; None for names.
        inherits: the noun takes the sector of what it belongs to.
        role: office of an office holder.
        surname: the row was found by the family name alone.
    """

    kind: EntryKind
    country: str | None = None
    sector: str | None = None
    reference_id: str | None = None
    valid_from: date = EARLIEST
    valid_to: date = LATEST
    capital: int = 0
    noun: NounKind | None = None
    inherits: bool = False
    role: str | None = None
    surname: bool = False
    plural: bool = False


def folded(text: str) -> str:
    """Lower case, without accents and abbreviation dots."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.replace("’", "'").replace("ʼ", "'").replace("ø", "o").replace("ł", "l").replace("ı", "i")
    return text.lower().replace(".", "") if "." in text and len(text) > 1 else text.lower()


def tokens(text: str) -> list[Token]:
    """The words of a string; hyphens vanish into :attr:`Token.hyphen`."""
    out: list[Token] = []
    hyphen = False
    for match in WORD.finditer(text):
        word = match.group()
        if word in HYPHENS:
            hyphen = bool(out) and out[-1].end == match.start()
            continue
        key = "'s" if word[0] in "'’ʼ" else folded(word)
        out.append(Token(word, key, match.start(), match.end(), hyphen and match.start() > 0))
        hyphen = False
    return out


def slug(text: str) -> str:
    """Folded words joined by hyphens: the readable half of a reference id."""
    return "-".join(t.key for t in tokens(text) if t.key.isalnum() or "'" in t.key).replace("'", "")


def day(text: str, default: date, where: str) -> date:
    """Read ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; the default when empty.

    Raises:
        KnowledgeError: the text is no such date.
    """
    if not text:
        return default
    parts = text.split("-")
    try:
        numbers = [int(p) for p in parts]
        if default is EARLIEST:
            return date(*([*numbers, 1, 1])[:3])
        if len(numbers) == 3:
            return date(*numbers)
        year, month = numbers[0], numbers[1] if len(numbers) == 2 else 12
        return date(year + month // 12, month % 12 + 1, 1) - date.resolution
    except (ValueError, TypeError):
        raise KnowledgeError(f"{where}: '{text}' is not a date (expected YYYY, YYYY-MM or YYYY-MM-DD)") from None


def split(cell: str) -> list[str]:
    """The parts of a cell that holds a list."""
    return [p.strip() for p in cell.split("|") if p.strip()]


def plural_of(noun: str) -> str:
    """The regular plural of the last word."""
    if re.search(r"(?<!hu)(?<!sha)man$", noun) and noun not in ("german", "shaman"):
        return noun[:-2] + "en"
    if noun.endswith("person"):
        return noun[:-6] + "people"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    return noun + "s"


def need_capital(name: str) -> int:
    """How a name must be printed: 0 any case, 1 with a capital, 2 all in capitals."""
    letters = [c for c in name if c.isalpha()]
    if letters and all(c.isupper() for c in letters) and len(letters) <= 6:
        return 2
    return 1 if any(c.isupper() for c in letters) else 0
