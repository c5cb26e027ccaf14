"""Records → articles: fields, cleaning, language, dateline, ids, copies."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from pipeline import articles
from pipeline.articles import copies, language
from pipeline.articles.cleaning import cleaned
from pipeline.articles.datelines import dateline
from pipeline.ids import sha256_text, stable_id
from pipeline.knowledge import table
from pipeline.records import Article, Record, Reject

BODY = (
    "The harbour master of Mombasa opened the new pier on Tuesday after two years of work. "
    "Fishing crews had complained that the old one was rotten, and the county council paid for its replacement. "
    "The first ferry from Likoni will dock there next week, officials said, and traders hope for more visitors."
)


def made(**fields: object) -> Article:
    found = articles.to_article(Record({"text": BODY, **fields}))
    assert isinstance(found, Article), found
    return found


def refused(**fields: object) -> Reject:
    found = articles.to_article(Record(dict(fields), "w.jsonl", 12, "ab"))
    assert isinstance(found, Reject), found
    return found


def test_an_article_carries_every_field() -> None:
    record = Record(
        {
            "id": 17,
            "text": BODY,
            "title": " New  pier\nopens ",
            "url": "https://pier.example/1",
            "source": "Pier Post",
            "authors": ["Asha Njeri", ""],
            "published_at": "2026-09-03T10:15:00+03:00",
            "retrieved_at": "2026-09-04",
            "colour": "blue",
        },
        "a/w.jsonl",
        3,
        "ab12",
    )
    article = articles.to_article(record)
    assert isinstance(article, Article)
    assert article.article_id == stable_id("art", "Pier Post", "https://pier.example/1", BODY)
    assert (article.source_id, article.title, article.authors) == ("17", "New pier opens", ["Asha Njeri"])
    assert (article.published_at, article.published_precision) == (datetime(2026, 9, 3, 7, 15, tzinfo=UTC), "second")
    assert article.retrieved_at == datetime(2026, 9, 4, tzinfo=UTC)
    assert (article.language, article.coding_status) == ("en", "coded")
    assert (article.word_count, article.sentence_count) == (len(BODY.split()), None)
    assert article.text_sha256 == sha256_text(article.text)
    assert (article.raw_path, article.raw_line, article.raw_sha256) == ("a/w.jsonl", 3, "ab12")


def test_the_id_does_not_depend_on_the_file() -> None:
    one = articles.to_article(Record({"text": BODY, "id": "9"}, "a.jsonl", 1, "x"))
    assert isinstance(one, Article)
    assert one.article_id == made(id=9).article_id == stable_id("art", None, "9", BODY)
    assert one.article_id != made(id="9", source="Pier Post").article_id


@pytest.mark.parametrize(
    ("given", "moment", "precision"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC), "year"),
        ("2026-09", datetime(2026, 9, 1, tzinfo=UTC), "month"),
        ("2026-09-03", datetime(2026, 9, 3, tzinfo=UTC), "day"),
        ("20260903", datetime(2026, 9, 3, tzinfo=UTC), "day"),
        ("2026-09-03T07", datetime(2026, 9, 3, 7, tzinfo=UTC), "hour"),
        ("2026-09-03 07:15", datetime(2026, 9, 3, 7, 15, tzinfo=UTC), "minute"),
        ("2026-09-03T07:15Z", datetime(2026, 9, 3, 7, 15, tzinfo=UTC), "minute"),
        ("2026-09-03T07:15:30.25-0530", datetime(2026, 9, 3, 12, 45, 30, 250000, tzinfo=UTC), "second"),
        (date(2026, 9, 3), datetime(2026, 9, 3, tzinfo=UTC), "day"),
        (datetime(2026, 9, 3, 7), datetime(2026, 9, 3, 7, tzinfo=UTC), "second"),
        (pd.Timestamp("2026-09-03 07:15", tz="Africa/Nairobi"), datetime(2026, 9, 3, 4, 15, tzinfo=UTC), "second"),
        (pd.NaT, None, None),
        (float("nan"), None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_dates(given: object, moment: datetime | None, precision: str | None) -> None:
    article = made(published_at=given)
    assert (article.published_at, article.published_precision) == (moment, precision)
    assert article.published_at is None or type(article.published_at) is datetime


@pytest.mark.parametrize(
    "given",
    [
        "31/02/2026",
        "2026-02-31",
        "2026-13-01",
        "yesterday",
        "2026-09-03T25:00",
        "2026T07",
        "0000-01-01",
        "２０２６",
        "12",
    ],
)
def test_a_bad_date_is_rejected_with_what_was_expected(given: str) -> None:
    reject = refused(id="5", text=BODY, published_at=given)
    assert reject.reason == f"w.jsonl line 12: published_at '{given}' is not a date (expected ISO 8601)"
    assert (reject.check, reject.column, reject.value, reject.record_id) == ("date", "published_at", given, "5")
    assert (reject.raw_path, reject.raw_line, reject.table) == ("w.jsonl", 12, "articles")


@pytest.mark.parametrize(
    ("fields", "check", "column"),
    [
        ({}, "missing", "text"),
        ({"text": " \n "}, "missing", "text"),
        ({"text": "\u200b\ufeff"}, "missing", "text"),
        ({"text": 12}, "type", "text"),
        ({"text": ["a"]}, "type", "text"),
        ({"text": BODY, "title": {"a": 1}}, "type", "title"),
        ({"text": BODY, "id": True}, "type", "id"),
        ({"text": BODY, "authors": 3}, "type", "authors"),
        ({"text": BODY, "authors": ["A", 3]}, "type", "authors"),
        ({"text": BODY, "published_at": 1788000000}, "type", "published_at"),
        ({"text": "The mayor\x00\x00\x00\x00 resigned."}, "binary", "text"),
        ({"text": "a " * 1_000_001}, "size", "text"),
        ({"html": "<p>" + "a " * 4_000_000}, "size", "html"),
        ({"html": f"<html><body><h1>New pier</h1>{f'<p>{BODY}</p>' * 7000}</body></html>"}, "size", "html"),
        ({"html": "<html><body></body></html>"}, "missing", "html"),
    ],
)
def test_faults_of_fields(fields: dict[str, object], check: str, column: str) -> None:
    reject = refused(**fields)
    assert (reject.check, reject.column) == (check, column)
    assert reject.reason.startswith(f"w.jsonl line 12: {column} ")
    (reject.reason + (reject.value or "")).encode()  # fit for any file
    assert len(reject.value or "") < 300


def test_html_fills_in_what_the_record_does_not_say() -> None:
    page = f"""<html lang="en"><head><title>New pier opens</title>
    <meta property="og:title" content="New pier opens"><meta name="author" content="Asha Njeri">
    <meta property="article:published_time" content="2026-09-03T10:00:00Z">
    <meta property="og:site_name" content="Pier Post"></head>
    <body><nav>Home Sport Weather</nav><article><h1>New pier opens</h1><p>{BODY}</p><p>{BODY[:90]}</p></article>
    </body></html>"""
    found = articles.to_article(Record({"html": page, "source": "Given Source"}))
    assert isinstance(found, Article)
    assert BODY in found.text
    assert "Weather" not in found.text
    assert (found.title, found.source, found.authors) == ("New pier opens", "Given Source", ["Asha Njeri"])
    assert (found.published_at, found.published_precision) == (datetime(2026, 9, 3, 10, tzinfo=UTC), "second")
    assert found.article_id == stable_id("art", "Given Source", None, page)
    nul = articles.to_article(Record({"html": page.replace("<p>", "<p>\x00")}))
    assert isinstance(nul, Article)
    assert nul.text == found.text


def test_what_scripts_spell_out_is_fit_for_any_file() -> None:
    """Found by fuzzing: such a headline stopped the whole run when it was written."""
    about = r'{"@type": "NewsArticle", "headline": "A \ud800 \u0000 pier", "author": [{"name": "B\udfff"}],'
    about += rf' "articleBody": "\ud800 {BODY * 4}"'
    head = f'<script type="application/ld+json">{about}}}</script>'
    for body in (f"<p>{BODY}</p>" * 3, ""):
        found = articles.to_article(Record({"html": f"<html><head>{head}</head><body>{body}</body></html>"}))
        assert isinstance(found, Article)
        assert (found.title, found.authors) == ("A ? pier", ["B?"])
        assert BODY in found.text
        found.text.encode()


# ---------------------------------------------------------------- cleaning


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("One.\r\n\r\nTwo.  \r\n", "One.\n\nTwo."),
        ("One paragraph.\nAnother paragraph.\nA third.", "One paragraph.\n\nAnother paragraph.\n\nA third."),
        ("“Curly”  quotes — and é — stay", "“Curly”  quotes — and é — stay"),
        ("zero\u200bwidth so\u00adft \u202aleft\u202c", "zerowidth soft left"),
        ("می\u200cرود", "می\u200cرود"),
        ("the council \x97 it said \x93no\x94", "the council — it said “no”"),
        ("a\u2028b\u2029c", "a\n\nb\n\nc"),
        ("tab\there", "tab here"),
    ],
)
def test_cleaning(raw: str, clean: str) -> None:
    assert cleaned(raw) == clean
    assert cleaned(clean) == clean


WRAPPED = """The harbour master of Mombasa opened the new pier on Tuesday
after two years of work. Fishing crews had complained that the
old one was rotten, and the county council paid for its
replacement.
The first ferry from Likoni will dock there next week, officials
said, and traders hope for more visitors to the coast-
based market."""


def test_hard_wrapped_lines_are_joined() -> None:
    first, second = cleaned(WRAPPED).split("\n\n")
    assert first.startswith("The harbour master of Mombasa opened the new pier on Tuesday after two years of work.")
    assert first.endswith("paid for its replacement.")
    assert second.endswith("visitors to the coast-based market.")


def test_short_lines_that_authors_broke_stay_apart() -> None:
    listed = "Results of the vote\nNakuru: Amina Otieno\nKisumu: Peter Were\nThe count goes on."
    assert cleaned(listed).count("\n\n") == 3


# ---------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Police arrested three miners in Lusaka.", "en"),
        ("Ankara summons Athens ambassador over islands.", "en"),
        ("Vladimir Orlov met Hassan Karimi for talks in Tashkent.", "en"),
        ("Shavkat Rahimov visited Ulaanbaatar with Gulnora Yusupova.", "en"),
        ("US Lifts Travel Ban to Lebanon.", "en"),
        ("Il presidente Rossi ha incontrato il ministro degli esteri a Roma martedì.", "it"),
        ("O presidente disse que não vai assinar o acordo com os sindicatos.", "pt"),
        ("El gobierno de Colombia anunció el lunes un acuerdo con los sindicatos del puerto.", "es"),
        ("Der Bundestag hat am Freitag über das neue Gesetz zur Hafenordnung abgestimmt und es angenommen.", "de"),
        ("Министр иностранных дел провёл переговоры с послом во вторник.", "ru"),
        ("De minister wil het akkoord met de vakbonden tekenen.", "nl"),
        ("2026 — 10 000", None),
        ("Ok", None),
    ],
)
def test_language(text: str, code: str | None) -> None:
    assert made(text=text).language == code


def test_plain_english_is_told_by_its_words() -> None:
    (row,) = table("language_words.csv")
    assert language.detected(row["example"]) == "en"
    assert language._is_plainly_english(row["example"].split())
    for other in (
        "De minister zei dat hij het akkoord met de vakbonden van de haven wil tekenen en dat was of is een goede zaak "
        "voor de stad en de mensen die er werken.",
        "Der Minister war in dem Hafen und sagte, dass er mit den Leuten, die dort arbeiten, reden will.",
        "El ministro dijo que el acuerdo con los sindicatos del puerto era bueno para la ciudad y los que viven.",
    ):
        assert not language._is_plainly_english(other.split())
        assert language.detected(other) != "en"


def test_a_declared_language_wins_when_it_is_one() -> None:
    assert made(language="fr-CA").language == "fr"
    assert made(language="eng").language == "en"
    assert made(language="Spanish").language == "es"
    assert made(language="newspeak").language == "en"
    assert language.declared("xx") is None


def test_an_article_without_a_model_says_so() -> None:
    spanish = Record({"text": BODY, "language": "es"})
    for statuses, status in (({"en": "coded"}, "no model"), ({"es": "dates only"}, "dates only")):
        found = articles.to_article(spanish, statuses)
        assert isinstance(found, Article)
        assert found.coding_status == status


# ---------------------------------------------------------------- datelines


@pytest.mark.parametrize(
    ("lead", "place", "day"),
    [
        ("KHARTOUM, June 3 (Reuters) - ", "KHARTOUM", date(2026, 6, 3)),
        ("SAN FRANCISCO - ", "SAN FRANCISCO", None),
        ("JERUSALEM (AP) -- ", "JERUSALEM", None),
        ("JERUSALEM (AP)_ ", "JERUSALEM", None),
        ("MOSCOW, Sept. 9 /TASS/ - ", "MOSCOW", date(2025, 9, 9)),
        ("MOSCOW, September 9. /TASS/. ", "MOSCOW", date(2025, 9, 9)),
        ("Nairobi, Kenya — ", "Nairobi, Kenya", None),
        ("BEIJING/TOKYO (Wire) - ", "BEIJING/TOKYO", None),
        ("RIO DE JANEIRO, Brazil (AP) — ", "RIO DE JANEIRO, Brazil", None),
        ("ST. PAUL, Minn. -- ", "ST. PAUL, Minn.", None),
        ("Dakar, May 6 2024 (IPS) - ", "Dakar", date(2024, 5, 6)),
        ("Tunis (Tunisia), 8 Dec 89 (domestic radio) -- [text] ", "Tunis (Tunisia)", date(1989, 12, 8)),
        ("GENEVA, Tuesday (AFP) – ", "GENEVA", date(2026, 2, 24)),
        ("KARACHI: ", "KARACHI", None),
        ("Muscat: ", "Muscat", None),
        ("Pretoria – ", "Pretoria", None),
        ("BONN — ", "BONN", None),
        ("LIMA (AP) --\n\n", "LIMA", None),
        (
            "KINSHASA, Democratic Republic of Congo, Jan. 4 (Reuters) - ",
            "KINSHASA, Democratic Republic of Congo",
            date(2026, 1, 4),
        ),
        ("FRANKFURT, Germany--", "FRANKFURT, Germany", None),
        ("N'DJAMENA (AFP) – ", "N'DJAMENA", None),
        ("OSLO, Dec. 30 (Reuters) - ", "OSLO", date(2025, 12, 30)),
    ],
)
def test_datelines(lead: str, place: str, day: date | None) -> None:
    text = lead + "The council opened the new pier."
    found = dateline(text, datetime(2026, 3, 1, tzinfo=UTC))
    assert found is not None
    assert (found.place, found.day) == (place, day)
    assert text[found.body_start :] == "The council opened the new pier."
    assert text[slice(*found.span)] == place


@pytest.mark.parametrize(
    "text",
    [
        "Obama — who left early — said the talks had failed.",
        "Amadi – The judge who freed the miners – has resigned.",
        "NATO — the alliance — said it would send ships.",
        "OPEC - Oil producers met in Vienna.",
        "Lyon – Nice 2-1 was the result of the evening.",
        "London – Paris trains were cancelled on Friday.",
        "Mexico: Since January the border has been closed.",
        "Police: Three men stole a ferry.",
        "Poll: Voters trust nobody.",
        "Iran, Israel — Both sides blamed each other.",
        "Monday - The council met.",
        "KHARTOUM was quiet on Tuesday.",
        "Nairobi is a city — The capital of Kenya.",
        "Sudan (the country) - it is large.",
        "The minister met her counterpart - The talks failed.",
        "Paris, France",
        "",
    ],
)
def test_no_dateline(text: str) -> None:
    assert dateline(text, None) is None


def test_a_dateline_without_a_year_needs_publication() -> None:
    found = dateline("OSLO, June 3 (Reuters) - The council met.", None)
    assert found is not None
    assert found.day is None


@pytest.mark.parametrize("row", table("dateline_agencies.csv"), ids=lambda r: r["agency"])
def test_agencies_by_their_examples(row: dict[str, str]) -> None:
    example = row["example"].replace(f"({row['agency']}) The", f"({row['agency']}) - The")
    found = dateline(example, None)
    assert found is not None
    assert example[found.body_start] in "TFAP"


@pytest.mark.parametrize("row", table("dateline_notices.csv"), ids=lambda r: r["word"])
def test_notices_by_their_examples(row: dict[str, str]) -> None:
    assert dateline(row["example"], None) is None
    assert row["word"] in row["example"]


@pytest.mark.parametrize(
    ("byline", "authors", "agency"),
    [
        ("By Asha Njeri", ["Asha Njeri"], None),
        ("BY ASHA NJERI AND BEN OTIENO", ["Asha Njeri", "Ben Otieno"], None),
        ("By Asha Njeri, Ben Otieno and Lucía de la Cruz", ["Asha Njeri", "Ben Otieno", "Lucía de la Cruz"], None),
        ("By ASHA NJERI, Associated Press Writer", ["Asha Njeri"], "Associated Press"),
        ("By Asha Njeri | Pier Post", ["Asha Njeri"], None),
        ("By AFP", ["AFP"], "AFP"),
        ("Reuters", [], "Reuters"),
        ("(Xinhua)", [], "Xinhua"),
        ("By Staff Reporter", [], None),
        ("Por Lucía Marín", ["Lucía Marín"], None),
    ],
)
def test_a_byline_is_metadata_and_no_text(byline: str, authors: list[str], agency: str | None) -> None:
    body = BODY.replace(". ", ".\n\n")
    for text in (f"{byline}\n\n{body}", f"Pier opens\n\n{byline}\n\n{body}"):
        article = made(text=text, title="Pier opens")
        assert (article.authors, article.agency) == (authors, agency)
        assert article.text[article.body_start :] == body
    assert made(text=f"{byline}\n\n{body}", authors=["Given Name"]).authors == ["Given Name"]


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the pier was full.",
        "By then",
        "By Friday",
        "By Friday, they left",
        "Reuters reported a storm.",
        "Mombasa",
        "(laughs)",
    ],
)
def test_what_is_no_byline_stays(line: str) -> None:
    article = made(text=f"{line}\n\n{BODY}\n\n{BODY}\n\n{line}")
    assert (article.text, article.authors, article.agency) == (f"{line}\n\n{BODY}\n\n{BODY}\n\n{line}", [], None)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("AFP contributed to this report.", "AFP"),
        ("The Associated Press and Reuters contributed to this story.", "Associated Press"),
        ("Asha Njeri in Lamu contributed to this report.", None),
        ("— Reuters", "Reuters"),
        ("Source: Xinhua", "Xinhua"),
        ("With reporting by AFP", "AFP"),
        ("(Reporting by Asha Njeri; Editing by Ben Otieno)", None),
        ("© 2026 Pier Post. All rights reserved.", None),
        ("Sign up for our daily newsletter.", None),
    ],
)
def test_closing_lines_are_no_text(line: str, agency: str | None) -> None:
    body = BODY.replace(". ", ".\n\n")
    article = made(text=f"{body}\n\n{line}")
    assert (article.text, article.agency) == (body, agency)


@pytest.mark.parametrize("row", table("credits.csv"), ids=lambda r: r["example"])
def test_credits_by_their_examples(row: dict[str, str]) -> None:
    if row["kind"] == "closing":
        lines = {line: f"{BODY}\n\n{BODY}\n\n{line}" for line in (row["example"], row["near_miss"])}
        assert made(text=lines[row["example"]]).text == f"{BODY}\n\n{BODY}"
    else:
        lines = {line: f"By {line}\n\n{BODY}\n\n{BODY}" for line in (row["example"], row["near_miss"])}
        assert made(text=lines[row["example"]]).authors == []
    kept = made(text=lines[row["near_miss"]])
    assert row["near_miss"] in kept.text or row["near_miss"] in kept.authors


def test_an_agency_in_the_dateline_and_a_byline_on_its_line() -> None:
    article = made(text=f"By ASHA NJERI, Associated Press Writer MOMBASA, Kenya (AP) -- {BODY}")
    assert article.text[article.body_start :] == BODY
    assert (article.authors, article.agency, article.dateline) == (["Asha Njeri"], "AP", "MOMBASA, Kenya")
    assert article.dateline_span is not None
    assert article.text[slice(*article.dateline_span)] == "MOMBASA, Kenya"
    plain = made(text=f"By Asha Njeri the pier was opened. {BODY}")
    assert (plain.body_start, plain.authors) == (0, [])


def test_a_headline_repeated_above_the_text_is_not_its_body() -> None:
    article = made(
        text=f"New pier opens\n\nMOMBASA, Sept. 1 (Wire) - {BODY}", title=" New  Pier opens", published_at="2026"
    )
    assert article.text.startswith("New pier opens")
    assert article.text[article.body_start :] == BODY
    assert article.dateline_span == (16, 23)
    assert made(text="New pier opens", title="New pier opens").body_start == 0


def test_short_texts_keep_every_line() -> None:
    text = "Read more\n\nAdvertisement"
    assert made(text=text).text == text


def test_the_article_keeps_its_dateline_and_says_where_the_body_begins() -> None:
    article = made(text=f"MOMBASA, Sept. 1 (Wire) - {BODY}", published_at="2026-09-02")
    assert article.text[article.body_start :] == BODY
    assert (article.dateline, article.dateline_span, article.dateline_date) == ("MOMBASA", (0, 7), date(2026, 9, 1))


# ---------------------------------------------------------------- repeats and copies


def test_merge_keeps_the_first_file_and_line() -> None:
    found = [
        articles.to_article(Record({"text": BODY}, path, number, "x"))
        for path, number in (("b.jsonl", 1), ("a.jsonl", 9), ("a.jsonl", 2))
    ]
    other = made(text="Something else was said by nobody in Mombasa.")
    given = [other, *(a for a in found if isinstance(a, Article))]
    kept, dropped = articles.merge(given)
    assert dropped == 2
    assert [a.article_id for a in kept] == sorted(a.article_id for a in kept)
    assert ("a.jsonl", 2) in {(a.raw_path, a.raw_line) for a in kept}


LONG = BODY + (
    " The contractor, a firm from Kisumu, finished four months late because cement was short. Two workers were hurt "
    "when a crane fell in March. An inspector closed the site for nine days and fined the firm. The council's "
    "opposition called the project too dear and asked for the accounts, which the treasurer promised to publish "
    "before the year ends."
)


def test_copies_point_to_the_first_publication() -> None:
    first = made(text=LONG, source="Wire", published_at="2026-09-03T06:00:00Z")
    shouted = made(text=LONG.upper().replace(". ", ".\n\n"), source="Shout", published_at="2026-09-03T07:00:00Z")
    bylined = made(text="Wire - By our reporter\n\n" + LONG, source="Coast", published_at="2026-09-03T08:00:00Z")
    cut = made(text=LONG[: LONG.rindex("The council's")], source="Brief", published_at="2026-09-04")
    undated = made(text="MOMBASA (Wire) - " + LONG, source="Archive")
    updated = made(
        text=LONG.replace("Two workers were hurt", "Two workers were hurt and 3 killed"),
        source="Wire",
        published_at="2026-09-05",
    )
    other = made(text=" ".join(reversed(LONG.split())), source="Other", published_at="2026-09-01")
    given = [undated, cut, updated, bylined, other, shouted, first]
    expected = {a.article_id: first.article_id for a in (shouted, bylined, cut, undated)}
    for seed in range(4):
        random.Random(seed).shuffle(given)
        articles.link_copies(given)
        assert {a.article_id: a.duplicate_of for a in given if a.duplicate_of} == expected
        assert {a.source for a in given if a.coding_status == "copy"} == {"Shout", "Coast", "Brief", "Archive"}


def test_an_earlier_original_that_arrives_later_becomes_the_root() -> None:
    late = made(text=LONG, source="Late", published_at="2026-09-03")
    later = made(text=LONG, source="Later", published_at="2026-09-04")
    articles.link_copies([late, later])
    assert later.duplicate_of == late.article_id
    early = made(text=LONG, source="Early", published_at="2026-09-02")
    articles.link_copies([late, later, early])
    assert (late.duplicate_of, later.duplicate_of) == (early.article_id, early.article_id)
    articles.link_copies([late])
    assert (late.duplicate_of, late.coding_status) == (None, "coded")


def test_short_texts_are_copies_only_when_identical() -> None:
    text = "Police arrested three miners in the town of Kitwe on Monday."
    one = made(text=text, source="A", published_at="2026-09-01")
    same = made(text=text.upper().rstrip("."), source="B", published_at="2026-09-02")
    near = made(text=text.replace("Monday", "Sunday"), source="C", published_at="2026-09-03")
    articles.link_copies([one, same, near])
    assert (one.duplicate_of, same.duplicate_of, near.duplicate_of) == (None, one.article_id, None)


def test_an_article_without_a_model_keeps_that_status_as_a_copy() -> None:
    one = made(text=LONG, source="A", language="es", published_at="2026-09-01")
    two = made(text=LONG, source="B", language="es", published_at="2026-09-02")
    articles.link_copies([one, two])
    assert (two.duplicate_of, two.coding_status) == (one.article_id, "no model")


def test_copies_by_the_hundred_stay_one_group() -> None:
    words = LONG.split()
    given = []
    for i in range(300):
        mixed = random.Random(i % 3).sample(words, len(words))
        given.append(made(text=" ".join(mixed) + f" Outlet {'abcdefghij'[i % 10]}.", source=f"S{i:03}"))
    roots = copies.originals(given)
    assert len(given) - len(roots) == 3
    assert not set(roots) & set(roots.values())
