"""Time expressions: every row of the word lists, every rule of the grammars, and what must not be read."""

from __future__ import annotations

from datetime import date

import pytest
import spacy

from pipeline.annotate import annotate, to_parse
from pipeline.errors import KnowledgeError
from pipeline.knowledge import table
from pipeline.text import Parse, Time
from pipeline.times import find_times
from pipeline.times.calendar import duration, easter, holiday, interval, shifted

FRIDAY = date(2025, 8, 29)


def parsed(text: str) -> Parse:
    return to_parse(next(iter(annotate([text]))), text)


def blank(text: str) -> Parse:
    return to_parse(spacy.blank("es")(text), text)


def read(text: str, published: date | None = FRIDAY) -> list[tuple[str, str | None]]:
    parse = parsed(text)
    return [(parse.words(t.start, t.end), t.value) for t in find_times(parse, published)]


def leer(text: str, published: date | None = FRIDAY) -> list[tuple[str, str | None]]:
    parse = blank(text)
    return [(parse.words(t.start, t.end), t.value) for t in find_times(parse, published, "es")]


def test_every_english_row_has_an_example_that_holds() -> None:
    rows = [*table("times_en.csv"), *(r for r in table("times_holidays.csv") if r["language"] == "en")]
    texts = [r["example"] for r in rows]
    wrong = []
    for row, doc in zip(rows, annotate(texts), strict=True):
        values = [t.value for t in find_times(to_parse(doc, row["example"]), FRIDAY)]
        if row["expected"] not in values:
            wrong.append((row["words"], row["example"], row["expected"], values))
    assert wrong == []


def test_every_spanish_row_has_an_example_that_holds() -> None:
    rows = [*table("times_es.csv"), *(r for r in table("times_holidays.csv") if r["language"] == "es")]
    wrong = []
    for row in rows:
        values = [v for _, v in leer(row["example"])]
        if row["expected"] not in values:
            wrong.append((row["words"], row["example"], row["expected"], values))
    assert wrong == []
