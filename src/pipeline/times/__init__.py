"""Time expressions in news text, with their TIMEX3 values resolved against the publication date.

``sentence`` cuts a sentence into items, ``english`` and ``spanish`` hold the grammars, ``resolution`` decides what an
expression means at its place, ``calendar`` counts days. The words are in ``knowledge/times_<language>.csv``.
"""

from __future__ import annotations

from datetime import date

from pipeline.text import Parse, Time
from pipeline.times.calendar import interval
from pipeline.times.english import English
from pipeline.times.lexicon import lexicon
from pipeline.times.resolution import Context
from pipeline.times.sentence import Sentence
from pipeline.times.spanish import Spanish

__all__ = ["find_times"]


def find_times(parse: Parse, published: date | None, language: str = "en") -> list[Time]:
    """The time expressions of an article, by position and without overlap.

    Args:
        parse: the article; parts of speech may be missing, then verbs give no direction.
        published: publication date; without one, expressions that need it have the value None.
        language: ``en`` or ``es``; nothing is found in another language.
    """
    words = lexicon(language)
    if words is None:
        return []
    context = Context(parse, published, words)
    grammar = English(words, context) if language == "en" else Spanish(words, context)
    out: list[Time] = []
    triggers, lower = words.triggers, parse.lower
    for start, end in parse.sentences or [(0, len(parse))]:
        for word in lower[start:end]:
            if word in triggers or word[:1].isdigit() or "-" in word:
                break
        else:
            continue
        sentence = Sentence(parse, start, end, words)
        for found in grammar.read(sentence):
            first, last, precision = interval(found.value) if found.label in ("DATE", "TIME") else (None, None, "none")
            time = Time(
                sentence.token[found.start],
                sentence.token[found.end - 1] + 1,
                found.label,
                found.value,
                first,
                last,
                precision,
            )
            if not out or time.start >= out[-1].end:
                out.append(time)
    return out
