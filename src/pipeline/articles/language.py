"""The language of a text, by py3langid, as an ISO 639-1 code."""

from __future__ import annotations

import re
from functools import cache

import pycountry
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline import knowledge

_WORD = re.compile(r"[^\W\d_]+")

SAMPLE = 400  # characters that are looked at: more costs time and changes nothing
SHORT = 20  # words: below this a guess must be clear
FEWEST = 3  # words: below this even English is not taken for granted
CLEAR = 6.0  # natural-log odds of the best language over the next
NEAR = 5.0  # natural-log odds within which a short plain-letter text is taken for English

COMMON, DIFFERENT = 0.1, 3
"""Share of words that no other language has, and how many different ones, by which a text is plainly English. Of 2,211
news texts 1,464 are, each of them English to the model too, which takes a hundred times as long to say so."""

UNSPOKEN = frozenset({"la", "sa", "vo", "eo", "an", "wa", "se"})
"""Codes of the model without a daily press: short news texts in other languages are mistaken for them."""


@cache
def _identifier() -> LanguageIdentifier:
    """Only two-letter languages: the model's others (Nigerian Pidgin, Bikol …) take short English for themselves."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([c for c in identifier.labels if len(c) == 2 and c not in UNSPOKEN])
    return identifier


def detected(text: str) -> str | None:
    """The language that a text is written in, or None when the text is too short to tell."""
    sample = text[:SAMPLE]
    words = _WORD.findall(sample)
    if not words:
        return None
    if len(words) >= SHORT and _is_plainly_english(words):
        return "en"
    ranked = _identifier().rank(sample)
    return ranked[0][0] if len(words) >= SHORT else _of_few_words(sample, words, ranked)


def _is_plainly_english(words: list[str]) -> bool:
    own = [word for word in map(str.lower, words) if word in _english_words()]
    return len(own) >= COMMON * len(words) and len(set(own)) >= DIFFERENT


@cache
def _english_words() -> frozenset[str]:
    return frozenset(w for row in knowledge.table("language_words.csv") for w in row["words"].split())


def _of_few_words(sample: str, words: list[str], ranked: list[tuple[str, float]]) -> str | None:
    """The language of a short text. Foreign names sway it, so the words in lower case are asked as well.

    English is taken when either reading puts it first or nearly so and the letters are plain; any other language must
    come out clearly, and from both.
    """
    enough = len(words) >= FEWEST
    if enough and _is_english(ranked, sample):
        return "en"
    common = [word for word in words if word[0].islower() and len(word) > 1]
    plain = _identifier().rank(" ".join(common)) if len(common) > 1 else ranked
    if enough and _is_english(plain, sample):
        return "en"
    best = ranked[0][0]
    clear = all(reading[0][1] - reading[1][1] >= CLEAR for reading in (ranked, plain))
    return best if clear and plain[0][0] == best else None


def _is_english(ranked: list[tuple[str, float]], sample: str) -> bool:
    """Whether English comes first, or nearly so in a text of plain letters."""
    return ranked[0][0] == "en" or (sample.isascii() and ranked[0][1] - dict(ranked)["en"] <= NEAR)


@cache
def declared(code: str | None) -> str | None:
    """The ISO 639-1 code of a declared language ("EN", "en-GB", "eng", "English"), or None when it is none."""
    if code is None:
        return None
    primary = code.strip().replace("_", "-").split("-", 1)[0].lower()
    languages = pycountry.languages
    found = None
    if len(primary) == 2:
        found = languages.get(alpha_2=primary)
    elif len(primary) == 3:
        found = languages.get(alpha_3=primary) or languages.get(bibliographic=primary)
    elif primary.isalpha():
        found = languages.get(name=primary.capitalize())
    return getattr(found, "alpha_2", None)
