"""Spanish, which has no model: its sentences and dates reach the tables, and nothing else is read from it."""

import shutil
from pathlib import Path

import pytest

import pipeline
from pipeline import annotate, articles, chain, quality, shards, store
from pipeline.knowledge import table
from pipeline.records import Article, Record

SAMPLE = Path(__file__).parents[1] / "raw" / "sample" / "bogota-acuerdo.txt"
RECORD = {"text": SAMPLE.read_text("utf-8"), "source": "El Faro del Valle", "published_at": "2026-09-11"}
DATES = [
    ("jueves", "DATE", "2026-09-10"),
    ("dieciocho días", "DURATION", "P18D"),
    ("lunes", "DATE", "2026-09-14"),
    ("la próxima semana", "DATE", "2026-W38"),
]


def article(**fields: object) -> Article:
    found = articles.to_article(Record({**RECORD, **fields}), chain.coding_statuses())
    assert isinstance(found, Article)
    return found


def sentences(text: str) -> list[str]:
    (doc,) = annotate.annotate([text], "es")
    return [sentence.text.strip() for sentence in doc.sents]


def test_the_sample_has_sentences_and_dates_and_says_that_there_is_no_more() -> None:
    tables = pipeline.code([RECORD])
    (row,) = tables["articles"].itertuples()
    assert (row.language, row.coding_status, row.sentence_count) == ("es", "dates only", 10)
    spans = tables["sentences"]
    told = [row.text[a:b].strip() for a, b in zip(spans["char_start"], spans["char_end"], strict=True)]
    assert " ".join(told) == " ".join(row.text.split())
    mentions = tables["mentions"]
    assert list(mentions[["text", "label", "value"]].itertuples(index=False, name=None)) == DATES
    for m in mentions.itertuples():
        assert row.text[m.char_start : m.char_end] == m.text
        assert m.text in told[m.sentence_index]
    others = ("entities", "places", "event_mentions", "event_actors", "events", "quotes", "rejects")
    assert {name: len(tables[name]) for name in others if len(tables[name])} == {}
    assert "Read for their dates only" in quality.quality_html(tables, {"version": "2026.01.01.1"})


def test_a_dateline_is_told_of_with_its_place() -> None:
    text = "BOGOTÁ (EFE) — El ministro de Educación dijo el lunes que las clases se reanudarán en mayo."
    for language in ("es", None):
        tables = pipeline.code([{"text": text, "language": language, "published_at": "2026-09-11"}])
        (row,) = tables["articles"].itertuples()
        assert (row.coding_status, row.dateline, row.agency) == ("dates only", "BOGOTÁ", "EFE")
        assert tables["mentions"]["text"].tolist() == ["BOGOTÁ", "lunes", "mayo"]
        assert tables["places"]["name"].tolist() == ["Bogotá"]


def test_english_beside_it_is_read_as_without_it() -> None:
    english = {"text": "Kenya's president visited Uganda on Friday.", "published_at": "2026-09-11"}
    alone, beside = pipeline.code([english]), pipeline.code([RECORD, english])
    assert beside["events"].equals(alone["events"])
    assert len(beside["mentions"]) == len(alone["mentions"]) + len(DATES)


def test_copies_earlier_versions_and_other_languages_keep_their_statuses() -> None:
    first, copy = article(), article(source="El Eco", published_at="2026-09-12")
    url = {"url": "https://eco.example/a", "title": "El puerto"}
    old = article(text="El puerto abrió el lunes.", retrieved_at="2026-09-12", **url)
    new = article(text="Cierra el puerto desde el martes.", retrieved_at="2026-09-13", **url)
    french = article(text=RECORD["text"].replace("huelga", "paro"), language="fr", published_at="2026-09-13")
    prepared, _ = chain.prepare([first, copy, old, new, french])
    found = {a.article_id: a.coding_status for a in prepared}
    said = [found[a.article_id] for a in (first, copy, old, new, french)]
    assert said == ["dates only", "copy", "superseded", "dates only", "no model"]
    again, _ = chain.prepare([], prepared)
    assert {a.article_id: a.coding_status for a in again} == found


def test_what_had_no_model_under_older_code_is_read_now() -> None:
    old = article()
    old.coding_status = "no model"
    ((found,), _) = chain.prepare([old])
    assert found.coding_status == "dates only"


def test_stored_parses_give_the_same_rows(tmp_path: Path) -> None:
    english = article(text="Kenya's president visited Uganda on Friday.", language="en")
    found, _ = chain.prepare([article(), english])
    root = tmp_path / ".store"
    made, parsed = [], []
    for _ in range(2):
        _, cut, damaged = shards.plan(found, root, 1000, shards.Refused())
        done = [shards.code(shard) for shard in cut]
        assert ([shard.articles[0].language for shard in cut], damaged) == (["en", "es"], [])
        shelf = store.coded(root, chain.code_version())
        made.append([store.unpack_tables(shelf.get(item.pack)) for item in done])
        parsed.append([item.parsed for item in done])
        shutil.rmtree(shelf.folder)
    assert parsed == [[1, 1], [0, 0]]
    assert made[0] == made[1]
    assert made[0][1]["mentions"]["value"].to_pylist() == [value for _, _, value in DATES]


@pytest.mark.parametrize(
    "expected",
    [
        ["Llegó a las 10 a.m. y habló con J. Ruiz.", "¿Por qué?", "“Es tarde.”", "Dijo: «Vale».", "Se fue."],
        ["Un título sin punto", "El 3 de mayo.", "35 se fueron."],
        ["Dijo que no.", "35 callaron… y hablaron el martes.", "—¿Por qué? —preguntó.", "¡Por fin!"],
        ['"El lunes."', '"El martes."'],
        ["«Ya vino.».", "¡Sí!.", "¿El lunes?, dijo Ruiz."],
        ["(Llegó ayer.)", "¡Hoy se va!", "Cobró 2.500,50 pesos."],
        ["Uno", "Dos"],
    ],
)
def test_sentences_by_rule(expected: list[str]) -> None:
    blank_line = not any(expected[0].endswith(mark) for mark in '.?!")')
    text = f"{expected[0]}\n\n{' '.join(expected[1:])}" if blank_line else " ".join(expected)
    assert sentences(text) == expected


def test_every_abbreviation_stands_inside_a_sentence() -> None:
    for row in table("sentences_es.csv"):
        assert [sentences(row["example"]), row["kind"] in ("title", "number")] == [[row["example"]], True]


@pytest.mark.parametrize("text", ["", ".", "\n\n", "...", "”", "a.”b", "art.", ". 5", "\n\n.\n\n"])
def test_fragments_do_no_harm(text: str) -> None:
    (doc,) = annotate.annotate([text], "es")
    parse = annotate.to_parse(doc, text)
    assert sum(end - start for start, end in parse.sentences) == len(parse)
