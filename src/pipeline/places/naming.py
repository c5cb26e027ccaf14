"""How a printed place name becomes the key under which the gazetteer keeps it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_UNDECOMPOSED = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ǝ": "e", "ə": "e"}
)
_SIGNS = str.maketrans({".": "", "'": "", "’": "", "‘": "", "ʻ": "", "ʼ": "", "`": "", "-": " ", "–": " ", "‑": " "})
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


@lru_cache(maxsize=32768)
def key(name: str) -> str:
    """Lower case without accents, points, apostrophes, hyphens, a leading "the" or a trailing possessive.

    "Saint Paul", "St. Paul" and "St Paul's" share a key.
    """
    text = name.strip().lower()
    for tail in ("'s", "’s"):
        text = text.removesuffix(tail)
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)) if not unicodedata.combining(c)
        )
    words = text.translate(_SIGNS).split()
    if len(words) > 1:
        if words[0] == "the":
            del words[0]
        words[0] = _SHORT.get(words[0], words[0])
    return " ".join(words)


def is_usable(name: str) -> bool:
    """Whether an alternate name is fit to be looked up: in Latin letters, capitalised, no code, no comment."""
    return (
        len(name) >= 4
        and name[0].isupper()
        and not name.isupper()
        and not any(c in "0123456789/,()=" for c in name)
        and all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or c in "’ʻ" for c in name)
    )
