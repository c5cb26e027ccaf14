"""Time expressions in news text, with their TIMEX3 values resolved against the publication date.

``sentence`` cuts a sentence into items, ``english`` and ``spanish`` hold the grammars, ``resolution`` decides what an
expression means at its place, ``bounds`` what it bounds, ``calendar`` counts days. The words are in
``knowledge/times_<language>.csv``.
"""

from __future__ import annotations

from datetime import date

from pipeline.text import Parse, Time
from pipeline.times.bounds import bounded
from pipeline.times.calendar import NOWHERE, interval
from pipeline.times.english import English
from pipeline.times.lexicon import lexicon
from pipeline.times.resolution import Context
from pipeline.times.sentence import Sentence
from pipeline.times.spanish import Spanish

__all__ = ["find_times"]


def find_times(parse: Parse, published: date | None, language: str = "en") -> list[Time]:
    """The time expressions of an article, by position and without overlap.

    Every value follows TIMEX3. The days ``date_start .. date_end`` are those on which an act dated by the expression
    may lie: none for a time of day without its day ("at two in the morning") and for "since June"; all days of the
    range for both dates of "between 2021 and 2024".

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
    for number, (start, end) in enumerate(parse.sentences or [(0, len(parse))]):
        context.sentence = number
        for word in lower[start:end]:
            if word in triggers or word[:1].isdigit() or "-" in word:
                break
        else:
            continue
        sentence = Sentence(parse, start, end, words)
        for found in grammar.read(sentence):
            first, last, precision = (
                interval(found.value) if found.label in ("DATE", "TIME") and found.dated else NOWHERE
            )
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
    return bounded(parse, out, words)
