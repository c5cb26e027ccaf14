"""Small stories through the whole chain: articles in, the rows that a careful reader would write out.

A folder of ``tests/cases/`` is one story: ``articles.jsonl`` holds the articles, each CSV beside it one table. It lists
every row that the table must have, no more and no fewer; its header names the columns that are compared. Besides the
columns of the contract a header may name those that :func:`rows` adds. ``tests/cases/open/`` holds stories that the
chain gets wrong today, with the right rows.
"""

import csv
import difflib
import io
from pathlib import Path

import pytest

import pipeline
from pipeline import raw

CASES = Path(__file__).parent / "cases"
STORIES = sorted(path.parent for path in CASES.glob("*/articles.jsonl"))
OPEN = sorted(path.parent for path in CASES.glob("open/*/articles.jsonl"))


def rows(tables):
    """The tables as lists of dictionaries, in reading order, with names where the tables have ids.

    Added: ``article`` (the record's own id), ``source`` and ``target`` (the entities' names, else the words, joined by
    " + "), ``source_code`` and ``target_code`` ("NOR GOV"; "-" unknown), ``by``, ``speaker`` and ``place`` (names),
    ``copy_of`` (its original).
    """
    found = {name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in tables.items()}
    entity = {row["entity_id"]: row["name"] for row in found["entities"]}
    place = {row["place_id"]: row["name"] for row in found["places"]}
    article = {row["article_id"]: row["source_id"] for row in found["articles"]}
    for name in ("articles", "event_mentions", "quotes", "mentions"):
        for row in found[name]:
            row["article"] = article[row["article_id"]]
    for row in found["articles"]:
        row["copy_of"] = article.get(row["duplicate_of"])
    for row in found["quotes"]:
        row["speaker"] = entity.get(row["speaker_entity_id"])
    for row in found["event_mentions"]:
        row["by"], row["place"] = entity.get(row["attributed_to"]), place.get(row["place_id"])
        for role in ("source", "target"):
            actors = [a for a in found["event_actors"] if a["event_mention_id"] == row["event_mention_id"]]
            actors = sorted((a for a in actors if a["role"] == role), key=lambda a: a["position"])
            row[role] = " + ".join(entity.get(a["entity_id"]) or a["actor_text"] for a in actors)
            row[f"{role}_code"] = " + ".join(f"{a['country_code'] or '-'} {a['sector_code'] or '-'}" for a in actors)
    return found


def differences(story):
    """What the chain's rows and the story's rows differ in, as a text to read; empty where they agree."""
    files = list(raw.discover(story / "articles.jsonl"))
    records = [{**record.fields} for record in raw.read(story / "articles.jsonl", files)]
    found = rows(pipeline.code(records))
    expected = sorted(story.glob("*.csv"))
    assert expected, f"{story} has no expected rows"
    said = []
    for file in expected:
        right = list(csv.reader(io.StringIO(file.read_text())))
        header = right[0]
        got = [header, *(["" if row[c] is None else str(row[c]) for c in header] for row in found[file.stem])]
        before, after = (sorted(" | ".join(line) for line in lines[1:]) for lines in (right, got))
        if before != after:
            said.append(f"{story.name}/{file.name}: - is right, + is what the chain says\n  {' | '.join(header)}")
            said += [f"{line}" for line in difflib.ndiff(before, after) if not line.startswith("?")]
    return "\n".join(said)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name)
def test_the_chain_reads_a_story_as_a_careful_reader_does(story):
    said = differences(story)
    assert not said, f"\n{said}"


def test_a_difference_is_seen_and_said(tmp_path):
    for file in (CASES / "planned-visit").iterdir():
        (tmp_path / file.name).write_text(file.read_text().replace(",future,", ",actual,"))
    said = differences(tmp_path).splitlines()
    assert any(line.startswith("- pv-1 | CONSULT | visit | actual") for line in said)
    assert any(line.startswith("+ pv-1 | CONSULT | visit | future") for line in said)


@pytest.mark.slow
@pytest.mark.parametrize("story", OPEN, ids=lambda path: path.name)
def test_an_open_story_is_still_open(story):
    """Shows what is still wrong (run with -rP); a story that comes right asks to be moved to the others."""
    said = differences(story)
    print(said)
    assert said, f"{story.name} is read rightly now: git mv {story} {CASES / story.name}"
