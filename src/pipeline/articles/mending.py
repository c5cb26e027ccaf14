"""Characters of a record that no table can hold: a few are taken out and told, so that the article is not lost."""

from __future__ import annotations

import re
from typing import NamedTuple

FIELDS = ("text", "html", "title", "url", "source", "language", "authors", "id")
FEW, ONE_IN = 3, 1000
"""NUL bytes that a field may hold, or one in so many characters: a slip of some export. With more it is binary."""

_HALF = re.compile("[\ud800-\udfff]")


class Mend(NamedTuple):
    """What was done to one field: the kind of fault, the field, a sentence, and the value as given."""

    check: str
    column: str
    what: str
    value: object


def mended(given: dict[str, object]) -> tuple[dict[str, object], list[Mend]]:
    """The fields of a record without NUL bytes, where there are few, and with a mark for what is no character.

    That is half a surrogate pair, as exports make that cut an emoji in two, or a byte that fits no character, which
    readers hand on as one.

    Args:
        given: as read.

    Returns:
        The same dictionary where nothing was wrong, else a new one; and what was done.
    """
    fields, told = given, []
    for name in FIELDS:
        value = given.get(name)
        lines = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        lines = [line for line in lines if isinstance(line, str)]
        if all(map(_is_whole, lines)):
            continue
        nul = sum(line.count("\x00") for line in lines)
        halves = sum(len(_HALF.findall(line)) for line in lines)
        few = name == "html" or nul <= max(FEW, sum(map(len, lines)) // ONE_IN)  # browsers pass over all of them
        left_out = "\x00" if few else ""
        fields = dict(fields)
        fields[name] = (
            _plain(value, left_out)
            if isinstance(value, str)
            else [_plain(v, left_out) if isinstance(v, str) else v for v in value]  # type: ignore[attr-defined]
        )
        if halves:
            what = f"{name} holds what is no character (found {halves:,}); � stands there, the article is kept"
            told.append(Mend("encoding", name, what, value))
        if nul and few and name != "html":
            what = f"{name} holds NUL bytes (found {nul:,}); they are left out, the article is kept"
            told.append(Mend("binary", name, what, value))
    return fields, told


def _is_whole(text: str) -> bool:
    """Whether a text has neither; encoding it takes a tenth of the time of a search."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _plain(text: str, left_out: str) -> str:
    return _HALF.sub("\ufffd", text.replace(left_out, "") if left_out else text)
