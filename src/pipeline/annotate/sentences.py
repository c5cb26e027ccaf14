"""Where sentences begin in a language without a model: by marks, and by the abbreviations of its knowledge file."""

from __future__ import annotations

from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import knowledge

SPLITTER = "dateline_sentences"
"""Name of the splitter as a component of a spaCy pipeline."""
_ENDS = frozenset(".!?…")
_CLOSES = frozenset("”’»\"')]}")
_PAUSES = frozenset(",;:")
_PASSED = _CLOSES | frozenset("—–-")
"""Marks that do not tell whether a sentence goes on: "¿Por qué? —preguntó"."""


@Language.component(SPLITTER)
def split(doc: Doc) -> Doc:
    """Mark where each sentence begins: after a blank line, and after a mark that ends one unless it goes on.

    It goes on in lower case ("a.m. y"), with a comma and after an abbreviation ("Mons. Ruiz", "art. 5"). Closing
    quotation marks and brackets belong to the sentence before, "¿", "¡" and opening ones to the next.
    """
    never, before_figures = (_abbreviations(doc.lang_, kind) for kind in ("title", "number"))
    ended = False
    for i, token in enumerate(doc):
        text = token.text
        attached = i > 0 and not doc[i - 1].whitespace_
        if ended and not token.is_space and not (attached and set(text) <= _CLOSES | _ENDS):
            token.is_sent_start = True
            ended = False
        else:
            token.is_sent_start = i == 0
        if token.is_space:
            ended = ended or text.count("\n") > 1
        elif set(text) <= _ENDS:
            following = next((t.text for t in doc[i + 1 : i + 4] if set(t.text) - _PASSED), "")
            word = {doc[i - 1].text, doc[i - 1].lower_} if i and text == "." else set()
            short = not word.isdisjoint(never | before_figures if following[:1].isdigit() else never)
            ended = not short and not following[:1].islower() and following not in _PAUSES
    return doc


@cache
def _abbreviations(language: str, kind: str) -> frozenset[str]:
    rows = knowledge.table(f"sentences_{language}.csv")
    return frozenset(word for row in rows if row["kind"] == kind for word in row["words"].split("|"))
