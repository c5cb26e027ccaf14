import io
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from rich.console import Console

import schemas
from pipeline.errors import UsageError
from pipeline.explain import explain

LEAD = "Markets were calm. "
SENTENCE = "Minister Aka Lind of Norway will visit Kenya on Friday, her office said."
TEXT = LEAD + SENTENCE


def span(words):
    start = TEXT.index(words)
    return start, start + len(words)


@pytest.fixture
def published():
    """A version with one event, as far as explaining reads it."""
    trigger, clause = span("visit"), span(SENTENCE)
    source, target = span("Minister Aka Lind of Norway"), span("Kenya")
    given = {
        "articles": {
            "article_id": ["art-1"],
            "title": ["A visit"],
            "source": ["Meridian Wire"],
            "text": [TEXT],
            "authors": [[]],
            "published_at": [datetime(2026, 3, 3, tzinfo=UTC)],
            "raw_path": ["wire.jsonl"],
            "raw_line": [7],
        },
        "sentences": {
            "sentence_id": ["sen-0", "sen-1"],
            "article_id": ["art-1"] * 2,
            "sentence_index": [0, 1],
            "char_start": [0, clause[0]],
            "char_end": [len(LEAD) - 1, clause[1]],
        },
        "entities": {"entity_id": ["ent-1"], "name": ["Aka Lind"], "aliases": [[]]},
        "event_mentions": {
            "event_mention_id": ["evm-1"],
            "event_id": ["evt-1"],
            "article_id": ["art-1"],
            "sentence_index": [1],
            "char_start": [clause[0]],
            "char_end": [clause[1]],
            "trigger_text": ["visit"],
            "trigger_start": [trigger[0]],
            "trigger_end": [trigger[1]],
            "event_type": ["CONSULT"],
            "event_mode": ["visit"],
            "plover_type": ["AGREE"],
            "contexts": [[]],
            "modality": ["future"],
            "is_historical": [False],
            "date_start": [date(2026, 3, 6)],
            "date_end": [date(2026, 3, 6)],
            "date_precision": ["day"],
            "date_text": ["Friday"],
            "rule_id": ["consult-visit-01"],
            "confidence": [0.9],
        },
        "event_actors": {
            "event_mention_id": ["evm-1", "evm-1"],
            "role": ["target", "source"],
            "position": [0, 0],
            "entity_id": [None, "ent-1"],
            "actor_text": ["Kenya", TEXT[slice(*source)]],
            "char_start": [target[0], source[0]],
            "char_end": [target[1], source[1]],
            "country_code": ["KEN", "NOR"],
            "sector_code": [None, "GOV"],
        },
        "events": {
            "event_id": ["evt-1", "evt-old"],
            "event_type": ["CONSULT"] * 2,
            "event_mode": ["visit"] * 2,
            "plover_type": ["AGREE"] * 2,
            "contexts": [[], []],
            "modality": ["future"] * 2,
            "source_name": ["Aka Lind", None],
            "superseded_by": [None, "evt-1"],
        },
    }
    rows = {name: schemas.arrow_schema(name).names for name in schemas.TABLES}
    for name, known in rows.items():
        columns = given.get(name, {})
        count = len(next(iter(columns.values()), []))
        rows[name] = [{c: columns[c][i] if c in columns else None for c in known} for i in range(count)]
    return SimpleNamespace(version="2026.03.04.1", rows=rows.__getitem__)


def shown(made, event_id, width=200):
    console = Console(width=width, file=io.StringIO())
    console.print(explain(made, event_id), soft_wrap=True, highlight=False)
    return console.file.getvalue()


@pytest.mark.parametrize("given", ["evt-1", "evm-1"])
def test_an_event_leads_back_to_its_words(published, given):
    text = shown(published, given)
    assert "[source Minister Aka Lind of Norway] will [trigger visit] [target Kenya] on [date Friday], her" in text
    assert "Markets were calm" not in text, "the sentence, not the article"
    assert "A visit" in text
    assert "Meridian Wire, 2026-03-03; wire.jsonl line 7" in text
    assert "CONSULT/visit (PLOVER AGREE)  future  rule consult-visit-01, confidence 0.9" in text
    assert "source  Minister Aka Lind of Norway  NOR GOV  = Aka Lind (ent-1)" in text
    assert "target  Kenya  KEN ---" in text
    assert 'when    2026-03-06 (day) ("Friday")' in text


def test_a_merged_event_points_to_where_it_went(published):
    assert "merged into evt-1" in shown(published, "evt-old")


def test_an_unknown_event_is_named(published):
    with pytest.raises(UsageError, match="no event 'evt-2' in version"):
        explain(published, "evt-2")
