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
from pipeline.times.calendar import duration, interval, shifted
from pipeline.times.feasts import easter, holiday

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
        if row["expected"] not in values if row["expected"] else values:
            wrong.append((row["words"], row["example"], row["expected"], values))
    assert wrong == []


def test_every_spanish_row_has_an_example_that_holds() -> None:
    rows = [*table("times_es.csv"), *(r for r in table("times_holidays.csv") if r["language"] == "es")]
    wrong = []
    for row in rows:
        values = [v for _, v in leer(row["example"])]
        if row["expected"] not in values if row["expected"] else values:
            wrong.append((row["words"], row["example"], row["expected"], values))
    assert wrong == []


ENGLISH = [
    # tense decides where a weekday, a month or a day of the year lies
    ("The envoy arrived on Monday.", [("Monday", "2025-08-25")]),
    ("The envoy will arrive on Monday.", [("Monday", "2025-09-01")]),
    ("The envoy is expected to arrive on Monday.", [("Monday", "2025-09-01")]),
    ("The envoy left on Friday.", [("Friday", "2025-08-29")]),
    ("Dockers will strike on May 1.", [("May 1", "2026-05-01")]),
    ("A hearing is set for May 12.", [("May 12", "2026-05-12")]),
    ("Talks will open a week from Monday.", [("a week from Monday", "2025-09-08")]),
    ("They ended the year-long siege.", [("the year-long", "P1Y")]),
    ("They fought between June and September 2020.", [("June", "2020-06"), ("September 2020", "2020-09")]),
    ("It lasted from November to March 2020.", [("November", "2019-11"), ("March 2020", "2020-03")]),
    ("Sales fell in Q2.", [("Q2", "2025-Q2")]),
    ("The ballot was held in November.", [("November", "2024-11")]),
    ("The ballot will be held in November.", [("November", "2025-11")]),
    ("The road is closed until Oct. 3.", [("Oct. 3", "2025-10-03")]),
    # a day of the month is the nearest one, whatever the tense of the verb above it; a word that binds it decides
    ("The consul invited both unions to a hearing on Oct. 3.", [("Oct. 3", "2025-10-03")]),
    ("The law took effect Oct. 3.", [("Oct. 3", "2025-10-03")]),
    ("The books of the year ended Jan. 31 are closed.", [("the year", "P1Y"), ("Jan. 31", "2025-01-31")]),
    ("The tariff, effective Nov. 1, hurts bakers.", [("Nov. 1", "2025-11-01")]),
    ("The clerk was jailed on March 9.", [("March 9", "2025-03-09")]),
    ("The clerk was jailed on Feb. 20.", [("Feb. 20", "2025-02-20")]),
    ("The clerk will be jailed on Feb. 20.", [("Feb. 20", "2026-02-20")]),
    ("Plans for a vote in October drew protests.", [("October", "2025-10")]),
    # relative periods, with day, week, month, quarter and year
    ("She will visit Quito next week.", [("next week", "2025-W36")]),
    ("She fled three weeks ago.", [("three weeks ago", "2025-W32")]),
    ("She fled three days ago.", [("three days ago", "2025-08-26")]),
    ("She fled two months ago.", [("two months ago", "2025-06")]),
    ("She fled two years ago.", [("two years ago", "2023")]),
    ("Earlier this month it snowed.", [("Earlier this month", "2025-08")]),
    ("The plant will close in late 2026.", [("late 2026", "2026")]),
    ("Sales fell in the third quarter of 2023.", [("the third quarter of 2023", "2023-Q3")]),
    ("Sales fell in the first half of 2023.", [("the first half of 2023", "2023-H1")]),
    ("Q3 2024 was bad for exporters.", [("Q3 2024", "2024-Q3")]),
    ("He spoke last Monday.", [("last Monday", "2025-08-25")]),
    ("Sunday's vote was calm.", [("Sunday", "2025-08-24")]),
    ("It ended in the last week of June 2023.", [("the last week of June 2023", "2023-W26")]),
    ("It ended on the first weekend of June 2023.", [("the first weekend of June 2023", "2023-W22-WE")]),
    ("It began in the early hours of Monday.", [("the early hours of Monday", "2025-08-25TMO")]),
    ("It will end the day after tomorrow.", [("the day after tomorrow", "2025-08-31")]),
    ("It ended two days after May 3, 2019.", [("two days after May 3, 2019", "2019-05-05")]),
    # written dates
    ("Quito, 4 Apr 89 (Prensa) said no.", [("4 Apr 89", "1989-04-04")]),
    ("They signed it on 12 June 2023.", [("12 June 2023", "2023-06-12")]),
    ("They signed it on June 12th, 2023.", [("June 12th, 2023", "2023-06-12")]),
    ("The report of 2025-08-21 is secret.", [("2025-08-21", "2025-08-21")]),
    ("The army invaded in May 2003.", [("May 2003", "2003-05")]),
    ("Prices rose in the 1990s.", [("the 1990s", "199")]),
    ("Prices rose in the mid-1990s.", [("the mid-1990s", "199")]),
    # ranges are two expressions
    ("The strike lasted from 3 to 5 May 2020.", [("3", "2020-05-03"), ("5 May 2020", "2020-05-05")]),
    ("The strike lasted from May 3 to 5, 2019.", [("May 3", "2019-05-03"), ("5, 2019", "2019-05-05")]),
    ("The town grew between 1990 and 1995.", [("1990", "1990"), ("1995", "1995")]),
    ("The drought of 2019-20 hurt farmers.", [("2019", "2019"), ("20", "2020")]),
    # parts of day and clock times
    ("Shells fell on Tuesday night.", [("Tuesday night", "2025-08-26TNI")]),
    ("Talks began at 3:30 p.m. on Monday.", [("3:30 p.m. on Monday", "2025-08-25T15:30")]),
    ("It began at midnight Sunday.", [("midnight Sunday", "2025-08-24T00:00")]),
    # durations and repetitions are not on the calendar
    ("Shells fell in the past three months.", [("the past three months", "P3M")]),
    ("Shells fell over the last twenty-four hours.", [("the last twenty-four hours", "P1D")]),
    ("They worked for an hour and a half.", [("an hour and a half", "PT1H30M")]),
    ("The bridge costs $3 million a year.", [("a year", "P1Y")]),
    ("They meet every Monday.", [("every Monday", "XXXX-WXX-1")]),
    # what the last date mentioned means for the next
    ("It fell 1 June 2023. And two days earlier?", [("1 June 2023", "2023-06-01"), ("two days earlier", "2023-05-30")]),
    ("It fell 1 June 2023. The following week?", [("1 June 2023", "2023-06-01"), ("The following week", "2023-W23")]),
    ("It fell 1 June 2023. It rose on the same day.", [("1 June 2023", "2023-06-01"), ("the same day", "2023-06-01")]),
    ("It sank on June 3. Two days later it rose.", [("June 3", "2025-06-03"), ("Two days later", "2025-06-05")]),
    ("It sank on June 3, the worst loss this year. Divers came the next day.",
     [("June 3", "2025-06-03"), ("this year", "2025"), ("the next day", "2025-06-04")]),
    # without a date told nearby, or where a past tense would tell of a day to come, nobody knows
    ("The porter fled. Three days later he was found.", [("Three days later", None)]),
    ("The porter fled. He was found the next day.", [("the next day", None)]),
    ("The porter fled. He was found a week earlier.", [("a week earlier", None)]),
    ("The porter fled in June. Three days later he was found.", [("June", "2025-06"), ("Three days later", None)]),
    ("A court met on Friday. A porter had fled. He was found three days later.",
     [("Friday", "2025-08-29"), ("three days later", None)]),
    ("It sank on June 3. Nobody died. The crew swam. A tug came. Two days later it was raised.",
     [("June 3", "2025-06-03"), ("Two days later", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH, ids=[t for t, _ in ENGLISH])
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


NOTHING = [
    "The minister may resign and the troops march on.",
    "He waited a second and took the second seat.",
    "Some 2000 people gathered and killed 1945 of them.",
    "The 45-year-old man met a 6-year-old girl.",
    "April Jones met June Smith.",
    "The Sunday Times printed it.",
    "The Good Friday Agreement holds.",
    "The shop stands at 1424 Miller Road.",
    "He read it in USA Today.",
    "The play is called 60 Minutes.",
    "It weighs 1,990 kilos.",
    "Three-quarters of the voters stayed at home.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_time(text: str) -> None:
    assert read(text) == []


ESPANOL = [
    ("Viajó el lunes 5 de mayo de 2003.", [("lunes 5 de mayo de 2003", "2003-05-05")]),
    ("Volverá la próxima semana.", [("la próxima semana", "2025-W36")]),
    ("Volverá el lunes.", [("lunes", "2025-09-01")]),
    ("Volvió el lunes.", [("lunes", "2025-08-25")]),
    ("Del 3 al 5 de mayo de 2020 hubo huelga.", [("3", "2020-05-03"), ("5 de mayo de 2020", "2020-05-05")]),
    ("El pasado martes por la noche murió.", [("El pasado martes por la noche", "2025-08-26TNI")]),
    ("Se firmó hace dos años.", [("hace dos años", "2023")]),
    ("Cayó en mayo de 2019; tres meses después, no.", [("mayo de 2019", "2019-05"), ("tres meses después", "2019-08")]),
    ("Llovió en los últimos tres meses.", [("los últimos tres meses", "P3M")]),
    ("Habrá elecciones el año que viene.", [("el año que viene", "2026")]),
    ("Creció en los años 80 y en la década de 1990.", [("años 80", "198"), ("década de 1990", "199")]),
    ("Empezó a las 3 de la tarde del viernes.", [("3 de la tarde del viernes", "2025-08-29T15:00")]),
    ("Marchan todos los días.", [("todos los días", "P1D")]),
    ("Murieron 2000 personas de 20 años.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ESPANOL, ids=[t for t, _ in ESPANOL])
def test_spanish(text: str, expected: list[tuple[str, str]]) -> None:
    assert leer(text) == expected


def test_intervals_and_precision() -> None:
    def days(text: str) -> Time:
        (found,) = find_times(parsed(text), FRIDAY)
        return found

    week = days("She will visit Quito next week.")
    assert (week.date_start, week.date_end, week.precision) == (date(2025, 9, 1), date(2025, 9, 7), "week")
    day = days("She arrived on Tuesday night.")
    assert (day.label, day.date_start, day.date_end, day.precision) == (
        "TIME",
        date(2025, 8, 26),
        date(2025, 8, 26),
        "day",
    )
    month = days("She won in February 2024.")
    assert (month.date_start, month.date_end, month.precision) == (date(2024, 2, 1), date(2024, 2, 29), "month")
    for text in ("She spoke for two hours.", "They meet every Monday.", "The army now holds the port."):
        assert (days(text).date_start, days(text).date_end, days(text).precision) == (None, None, "none")


def spans(text: str, language: str = "en") -> list[tuple[str | None, date | None, date | None, str]]:
    parse = parsed(text) if language == "en" else blank(text)
    return [(t.value, t.date_start, t.date_end, t.precision) for t in find_times(parse, FRIDAY, language)]


def test_a_time_of_day_without_its_day_has_none() -> None:
    for text in (
        "Gunmen came at two in the morning.",
        "Power came back at noon.",
        "They signed it at 4:15 p.m. and left.",
        "They signed it in the evening.",
    ):
        ((value, first, last, precision),) = spans(text)
        assert value is not None
        assert (first, last, precision) == (None, None, "none")
    for text in ("Gunmen came at two in the morning on Monday.", "Gunmen came at dawn on Monday."):
        assert [s[1] for s in spans(text)] == [date(2025, 8, 25)]
    assert [s[1] for s in spans("Gunmen came this morning.")] == [FRIDAY]
    assert [s[1] for s in spans("On Monday the talks began at noon.")] == [date(2025, 8, 25)] * 2
    # a guessed day is no date to count from
    assert spans("Power came back at noon. The next day it failed.")[1][0] is None
    assert spans("La luz volvió a las 15:00.", "es")[0][1:] == (None, None, "none")


def test_since_is_a_start_and_no_date_of_what_went_on() -> None:
    assert spans("Two clerks have been held since June.") == [("2025-06", None, None, "none")]
    assert spans("Two clerks have been held since early June.") == [("2025-06", None, None, "none")]
    assert spans("He has not slept since Monday's vote.")[0][1] == date(2025, 8, 25)
    assert spans("Está preso desde mayo de 2019.", "es") == [("2019-05", None, None, "none")]


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("The guild paid bribes between 2021 and 2024.", date(2021, 1, 1), date(2024, 12, 31), "none"),
        ("The fair ran from May 3 to May 9.", date(2025, 5, 3), date(2025, 5, 9), "week"),
        ("The fair ran from 3 to 5 May 2020.", date(2020, 5, 3), date(2020, 5, 5), "week"),
        ("The fair ran on May 3-5, 2019.", date(2019, 5, 3), date(2019, 5, 5), "week"),
        ("The rains failed from April to June.", date(2025, 4, 1), date(2025, 6, 30), "quarter"),
        ("The guild ruled between the 3rd of May and the 4th of June.", date(2025, 5, 3), date(2025, 6, 4), "quarter"),
    ],
)
def test_a_range_is_all_its_days(text: str, first: date, last: date, precision: str) -> None:
    assert [s[1:] for s in spans(text)] == [(first, last, precision)] * 2


def test_what_is_no_range() -> None:
    assert [s[1] for s in spans("They met on May 3 and May 9.")] == [date(2025, 5, 3), date(2025, 5, 9)]
    assert [s[1:] for s in spans("It ran from May 2020 to April 2019.")] == [(None, None, "none")] * 2
    assert [s[1] for s in spans("Dijo que entre mayo de 2019 y junio de 2019 llovió.", "es")] == [date(2019, 5, 1)] * 2


def test_without_publication_date_only_what_needs_none_has_a_value() -> None:
    text = "It fell on Monday, last week, in May, two years ago, yesterday, on Christmas and this morning."
    found = read(text, None)
    assert len(found) == 7
    assert {v for _, v in found} == {None}
    assert read("It now lasts for two days, since May 2003.", None) == [
        ("now", "PRESENT_REF"),
        ("two days", "P2D"),
        ("May 2003", "2003-05"),
    ]


def test_spans_are_sorted_disjoint_and_in_range() -> None:
    text = "Friday, Aug. 29, 2025 was the end of last week's talks; from May 3-5 and on 3 to 5 June, at 9 a.m. GMT."
    parse = parsed(text)
    found = find_times(parse, FRIDAY)
    assert found
    last = 0
    for time in found:
        assert last <= time.start < time.end <= len(parse)
        last = time.end


@pytest.mark.parametrize(
    "text", ["", "the", "last", "the last", "a", "May", "Monday,", "from 3 to", "the third", "the week of", "' 90s"]
)
def test_fragments_do_no_harm(text: str) -> None:
    for published in (FRIDAY, None, date(1, 1, 1), date(9999, 12, 31)):
        find_times(parsed(text), published)
        find_times(blank(text), published, "es")


def test_an_unknown_language_has_no_times() -> None:
    assert find_times(parsed("It fell on Monday."), FRIDAY, "fr") == []


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5), "week"),
        ("2025-W36-WE", date(2025, 9, 6), date(2025, 9, 7), "week"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "month"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "quarter"),
        ("1998-WI", date(1998, 12, 1), date(1999, 2, 28), "quarter"),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31), "year"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("199", date(1990, 1, 1), date(1999, 12, 31), "none"),
        ("19", date(1900, 1, 1), date(1999, 12, 31), "none"),
        ("2025-02-30", None, None, "none"),
        ("P3M", None, None, "none"),
    ],
)
def test_interval(value: str, first: date | None, last: date | None, precision: str) -> None:
    assert interval(value) == (first, last, precision)


def test_calendar_arithmetic() -> None:
    assert [easter(y) for y in (2000, 2019, 2025)] == [date(2000, 4, 23), date(2019, 4, 21), date(2025, 4, 20)]
    assert holiday("5/0/-1", 2019) == date(2019, 5, 27)
    assert shifted(date(2025, 1, 15), -1, "Q") == "2024-Q4"
    assert shifted(date(9999, 12, 31), 1, "D") is None
    assert (duration(1.5, "m"), duration(0.5, "Y"), duration(None, "M"), duration(2, "E")) == (
        "PT1M30S",
        "P6M",
        "PXM",
        "P20Y",
    )
    with pytest.raises(KnowledgeError, match="sometimes"):
        holiday("sometimes", 2019)


@pytest.mark.parametrize(
    ("rule", "year", "day"),
    [
        ("orthodox+0", 2024, date(2024, 5, 5)),
        ("orthodox+0", 2025, date(2025, 4, 20)),
        ("rosh+0", 2023, date(2023, 9, 16)),
        ("rosh+9", 2025, date(2025, 10, 2)),
        ("islamic 10/1", 2025, date(2025, 3, 30)),
        ("islamic 12/10", 2024, date(2024, 6, 16)),
    ],
)
def test_feasts_of_other_calendars(rule: str, year: int, day: date) -> None:
    assert holiday(rule, year) == day
