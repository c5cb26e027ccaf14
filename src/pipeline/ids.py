"""Stable ids: a prefix and a hash of a few source values.

The recipe is a promise: the same values give the same id on every machine and in every version. Changing it is a
breaking change of the schema.
"""

from __future__ import annotations

import hashlib

SEPARATOR = "\x1f"  # ASCII unit separator: cannot occur inside a value after cleaning, so ("ab", "c") != ("a", "bc")


def stable_id(prefix: str, *values: object) -> str:
    """Return ``<prefix>-<16 hex digits>`` from the given values; None and "" differ."""
    joined = SEPARATOR.join("\x00" if v is None else str(v) for v in values)
    return f"{prefix}-{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def sha256_text(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of a text, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
