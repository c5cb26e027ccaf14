"""Bytes → text, repaired only when sure."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import CharsetMatch, from_bytes

GUESSED = [
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
"""Encodings that old press archives come in; what fits none of them is rejected, not read as something."""

ENOUGH = 60  # bytes: below this no guess is sure
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_C1_CONTROL = re.compile("[\x80-\x9f]")
_ODD_BYTE = re.compile("[\udc80-\udcff]")

BAD_BYTES = 0.001
"""Share of characters up to which a text is read though they are none: they come out as half surrogate pairs, for which
the articles' step puts a mark and tells it. Browsers read pages so too, and one slip costs no article."""


class UndecodableError(ValueError):
    """The bytes are not text in any encoding that we are sure of. The message says why."""


def utf16(head: bytes) -> bool:
    """Whether a file begins with the byte order mark of UTF-16."""
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not head.startswith(codecs.BOM_UTF32_LE)


def decode(data: bytes) -> str:
    """Text of UTF-8 (with or without mark), of UTF-16 with a mark, or of an older encoding that is beyond doubt.

    The odd byte of another encoding is kept as Python's "surrogateescape".

    Raises:
        UndecodableError: none of these.
    """
    if utf16(data):
        try:
            return data.decode("utf-16", "surrogatepass")
        except UnicodeDecodeError as error:
            raise UndecodableError(f"UTF-16 that breaks off at byte {error.start}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = _sure_guess(data)
        if guess is None:
            text = data.decode("utf-8-sig", "surrogateescape")
            if has_few_bad(text):
                return text
        return data.decode(guess or _sure(data, error))


def has_few_bad(text: str) -> bool:
    """Whether a text that was read with "surrogateescape" is one but for a byte here and there."""
    return len(_ODD_BYTE.findall(text)) <= BAD_BYTES * len(text)


def encoding_of(sample: bytes) -> str:
    """The encoding of a file that is read in pieces, by a sample from its start that ends at a line's end.

    Raises:
        UndecodableError: none that we are sure of.
    """
    if utf16(sample):
        return "utf-16"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return _sure(sample, error)
    return "utf-8-sig"


def _sure(data: bytes, error: UnicodeDecodeError) -> str:
    """The older encoding that fits beyond doubt. Raises UndecodableError where none does."""
    guess = _sure_guess(data)
    if guess is None:
        raise UndecodableError(
            f"not UTF-8 (byte 0x{data[error.start]:02x} at position {error.start}), "
            "and no other encoding fits beyond doubt; save it as UTF-8"
        ) from error
    return guess


_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}?|\?xml[^>]{0,200}?)(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_WEB_NAMES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
"""Browsers read these as windows-1252 (WHATWG Encoding standard), and pages are written for browsers."""

_NO_CHARSETS = frozenset({"unicode-escape", "unicode_escape", "raw-unicode-escape", "punycode", "idna", "undefined"})
"""Python codecs that a page may not ask for."""


def decode_page(data: bytes, declared: str | None = None) -> str:
    """Text of a web page: by its byte order mark, what it or its server declares, UTF-8, or a guess that is sure.

    Args:
        data: the page's bytes.
        declared: the encoding that the server named, or None.

    Raises:
        UndecodableError: none of these fits.
    """
    if utf16(data):
        return decode(data)
    try:
        return data.decode("utf-8-sig")  # bytes that are no UTF-8 next to never pass for it, whatever is declared
    except UnicodeDecodeError:
        pass
    stated = _DECLARED.search(data[:4096])
    names = [declared, stated[1].decode("ascii", "ignore") if stated else None]
    for name in names:
        text = _as_declared(data, name)
        if text is not None:
            return text
    return decode(data)


def _as_declared(data: bytes, name: str | None) -> str | None:
    """The text in a declared encoding, or None where that is none, is UTF-8 or does not fit."""
    if name is None:
        return None
    name = _WEB_NAMES.get(name.lower(), name)
    try:
        known = codecs.lookup(name).name
        return None if known.startswith("utf") or known in _NO_CHARSETS else data.decode(known)
    except (LookupError, ValueError):
        return None


def _sure_guess(data: bytes) -> str | None:
    """The name of the one older encoding that fits, or None.

    Sure means: long enough, no binary or control bytes, few UTF-8 sequences (a damaged UTF-8 file would come out as
    mojibake), letters that make up words of a language, and no other encoding that does as well but reads differently;
    windows-1252 wins such a tie, as it does in every browser.
    """
    if len(data) < ENOUGH or b"\x00" in data:
        return None
    if sum(map(len, _UTF8_SEQUENCE.findall(data))) > 0.3 * len(_HIGH_BYTE.findall(data)):
        return None
    matches = list(from_bytes(data, cp_isolation=GUESSED, threshold=0.1))
    if not matches:
        return None
    best = max(matches, key=_fit)
    ties = [m for m in matches if _fit(m) >= _fit(best) - 0.02]
    western = next((m for m in ties if "cp1252" in m.could_be_from_charset), None)
    chosen = western or best
    if western is None and len({str(m) for m in ties}) > 1:
        return None
    text = str(chosen)
    wide = sum(c > "⺀" for c in text) > len(text) // 4  # Chinese, Japanese, Korean: coherence is low by nature
    if chosen.coherence < (0.1 if wide else 0.5) or _C1_CONTROL.search(text):
        return None
    return chosen.encoding


def _fit(match: CharsetMatch) -> float:
    return match.coherence - match.chaos
