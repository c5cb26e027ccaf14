"""Every frame fires on its example and stays quiet on its near miss; every modality cue has the effect it states."""

from functools import cache

import pytest

from pipeline import knowledge
from pipeline.annotate import annotate, to_parse
from pipeline.document import read
from pipeline.errors import KnowledgeError
from pipeline.events import event_type, frames, plover_type
from pipeline.events.frames import event_types
from pipeline.records import Article, Record
from pipeline.text import Act

TYPES = tuple(dict.fromkeys(name for name, _ in event_types()))


def article(text: str) -> Article:
    from pipeline.articles import to_article

    made = to_article(Record({"text": text, "language": "en", "published_at": "2026-03-04"}))
    assert isinstance(made, Article), made
    return made


def acts_of(sentences: list[str]) -> list[list[Act]]:
    """The acts of each sentence, read as an article of its own."""
    found = []
    for text, doc in zip(sentences, annotate(sentences), strict=True):
        found.append(read(article(text), to_parse(doc, text)).acts)
    return found


@cache
def rows(name: str) -> list[dict[str, str]]:
    return list(knowledge.table(f"frames/{name}.csv"))


@pytest.mark.parametrize("name", TYPES)
def test_examples_fire_and_near_misses_do_not(name: str) -> None:
    own: dict[tuple[str, str], set[str]] = {}
    for frame in frames.frames():
        if frame.event_type == name:
            own.setdefault((frame.example, frame.near_miss), set()).add(frame.rule_id)
    fired = acts_of([example for example, _ in own])
    missed = acts_of([near_miss for _, near_miss in own])
    silent = [
        example
        for (example, _), ids, acts in zip(own, own.values(), fired, strict=True)
        if not ids & {a.rule_id for a in acts}
    ]
    loud = [
        near for (_, near), ids, acts in zip(own, own.values(), missed, strict=True) if ids & {a.rule_id for a in acts}
    ]
    assert not silent, f"knowledge/frames/{name}.csv: these examples fire none of their row's frames"
    assert not loud, f"knowledge/frames/{name}.csv: these near misses fire their row's frames"


def test_nouns_mean_what_their_verbs_mean() -> None:
    table = knowledge.table("nominals.csv")
    fired = acts_of([r["example"] for r in table])
    missed = acts_of([r["near_miss"] for r in table])

    def of_verb(row: dict[str, str], acts: list[Act]) -> bool:
        return any(f":{row['verb']}.v" in act.rule_id for act in acts)

    assert [r["verb"] for r, acts in zip(table, fired, strict=True) if not of_verb(r, acts)] == []
    assert [r["verb"] for r, acts in zip(table, missed, strict=True) if of_verb(r, acts)] == []


def test_an_act_implies_what_its_row_says() -> None:
    table = [(act, row) for act, rows in frames.implied().items() for row in rows]
    fired = acts_of([row.example for _, row in table])
    missed = acts_of([row.near_miss for _, row in table])
    for (act, row), acts, others in zip(table, fired, missed, strict=True):
        more = next(a for a in acts if (a.event_type, a.event_mode) == (row.event_type, row.mode))
        ground = next(a for a in acts if (a.event_type, a.event_mode) == act)
        assert (more.sources, more.targets, more.cameo_code) == (ground.sources, ground.targets, row.cameo_code)
        assert more.rule_id.endswith(f"<{ground.rule_id}")
        assert (row.event_type, row.mode) not in [(a.event_type, a.event_mode) for a in others], row.near_miss


def test_every_type_and_mode_has_a_frame() -> None:
    covered = {(f.event_type, f.mode) for f in frames.frames()} | {(f.event_type, None) for f in frames.frames()}
    assert set(event_types()) - covered == set()


def test_cameo_codes_are_of_the_form_that_the_code_book_uses() -> None:
    codes = {f.cameo_code for f in frames.frames() if f.cameo_code}
    assert all(code.isdigit() and 3 <= len(code) <= 4 for code in codes), sorted(codes)


def test_modality_cues_have_their_effect() -> None:
    table = knowledge.table("modality.csv")
    effects = acts_of([r["example"] for r in table])
    misses = acts_of([r["near_miss"] for r in table])
    wrong = []
    for row, acts, others in zip(table, effects, misses, strict=True):
        if row["effect"] == "attributed":
            continue  # checked where speakers are
        if row["effect"] not in {a.modality for a in acts}:
            wrong.append((row["example"], row["effect"], [(a.rule_id, a.modality) for a in acts]))
        if others and row["effect"] in {a.modality for a in others}:
            wrong.append((row["near_miss"], f"not {row['effect']}", [(a.rule_id, a.modality) for a in others]))
    assert not wrong


@pytest.mark.parametrize(
    ("sentence", "modality", "plover"),
    [
        ("The foreign minister of Chad will visit Benin next week.", "future", "AGREE"),
        ("The foreign minister of Chad visited Benin last week.", "actual", "CONSULT"),
        ("The foreign minister of Chad did not visit Benin.", "negated", "REJECT"),
        ("Togo will withdraw its troops from Benin.", "future", "CONCEDE"),
        ("Togo could attack Benin if the talks fail.", "hypothetical", "ASSAULT"),
        ("Togo will attack Benin.", "future", "THREATEN"),
    ],
)
def test_folding(sentence: str, modality: str, plover: str) -> None:
    (acts,) = acts_of([sentence])
    assert (modality, plover) in [(a.modality, plover_type(a)) for a in acts], acts


def test_a_reported_attack_is_attributed_to_the_speaker() -> None:
    text = "The defence ministry of Chad said on Monday that rebels had attacked a village."
    (doc,) = annotate([text])
    reading = read(article(text), to_parse(doc, text))
    (attack,) = [a for a in reading.acts if a.event_type == "ASSAULT"]
    assert attack.modality == "actual"
    assert attack.attributed_to is not None
    assert "ministry" in reading.parse.words(attack.attributed_to.start, attack.attributed_to.end)


def test_unknown_mode_names_the_file_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {**rows("AID")[0], "mode": "cheerful"}
    monkeypatch.setattr(knowledge, "table", lambda name: (bad,))
    with pytest.raises(KnowledgeError, match=r"frames/AID\.csv line 2: 'cheerful' is no mode of AID"):
        frames._frames_of("AID")


def test_codebook_entry() -> None:
    entry = event_type("CONSULT", "visit")
    assert (entry.quad_class, entry.goldstein, entry.folds_future) == (1, 4.0, "AGREE")
