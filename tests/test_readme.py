"""The README is run: each command, query and snippet must print what the page shows."""

import importlib.util
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
import typer

import schemas
from pipeline import cli, raw

ROOT = Path(__file__).parents[1]


def _load():
    spec = importlib.util.spec_from_file_location("refresh_readme", ROOT / "scripts" / "refresh_readme.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


readme = _load()
TEXT = readme.README.read_text(encoding="utf-8")
PLAIN = {
    *(
        "trigger_text",
        "event_type",
        "event_mode",
        "modality",
        "plover_type",
        "quad_class",
        "goldstein",
        "is_historical",
    ),
    *(
        "attributed_to",
        "date_start",
        "date_precision",
        "date_text",
        "place_text",
        "place_precision",
        "killed",
        "amount",
    ),
}
BLOCKS = readme.blocks(TEXT)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The folder after ``make run``, with what that printed."""
    folder = tmp_path_factory.mktemp("desk")
    readme.prepare(folder)
    assert BLOCKS[0].code == "make run"
    return folder, readme.perform(BLOCKS[0], folder)


@pytest.mark.parametrize("block", BLOCKS, ids=[f"{b.kind}: {b.code.splitlines()[0][:60]}" for b in BLOCKS])
def test_the_readme_shows_what_a_block_prints(block, desk):
    folder, printed = desk
    output = printed if block is BLOCKS[0] else readme.perform(block, folder)
    assert readme.settled(output) == readme.settled(block.shown), f"README.md is stale; mend it with: {readme.MEND}"


def test_a_block_that_says_something_else_is_noticed_and_one_that_differs_in_time_is_not():
    line = "read            38 in        37 out      1 rejected      0 duplicate     0.1 s  records\n"
    assert readme.settled(line) == readme.settled(line.replace(" 0.1 s", "12.3 s"))
    assert readme.settled(line) != readme.settled(line.replace("37", "36"))
    assert readme.settled("version 2026.11.24.1\n") == readme.settled("version 2027.01.02.13\n")
    assert readme.settled("dated 2026-09-07\n") != readme.settled("dated 2026-09-08\n")


def test_a_changed_output_is_put_in_its_place_and_nothing_else_is_touched():
    page = "before\n\n```console\n$ one\nold\n$ two\nkept\n```\n\n```sql\nselect 1\n```\n\n```text\nold\n```\n\nafter\n"
    found = readme.blocks(page)
    assert [(b.kind, b.code, b.shown) for b in found] == [
        ("console", "one", "old\n"),
        ("console", "two", "kept\n"),
        ("sql", "select 1\n", "old\n"),
    ]
    assert [page[b.start : b.end] for b in found] == ["old\n", "kept\n", "old\n"]


def test_every_command_and_every_table_is_named():
    commands = typer.main.get_command(cli.app).commands
    assert [name for name in commands if f"`dateline {name}" not in TEXT and f"$ dateline {name}" not in TEXT] == []
    assert [name for name in schemas.TABLES if f"`{name}`" not in TEXT] == []


def test_every_option_of_a_run_is_named():
    options = {name for option in typer.main.get_command(cli.app).commands["run"].params for name in option.opts}
    assert {"--raw", "--workers"} <= options
    assert sorted(name for name in options - {"--help"} if f"`{name}`" not in TEXT) == []


def test_the_explained_event_is_what_the_page_says(desk):
    section = TEXT[TEXT.index("### One event, field by field") : TEXT.index("## Six questions")]
    told = re.search(r"explain (evm-\w+)", section)[1]
    frame = pd.read_parquet(desk[0] / "output" / "latest" / "event_mentions.parquet")
    row = frame.set_index("event_mention_id").loc[told]
    for names, here in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.*?) \|", section, re.M):
        for name in set(re.findall(r"\w+", names)) & PLAIN:
            value = "null" if pd.isna(row[name]) else str(row[name]).lower()
            assert value in here.lower(), f"{name} is {value}, README.md says {here}"


def test_every_column_of_an_event_mention_is_explained():
    start = TEXT.index("### One event, field by field")
    section = TEXT[start : TEXT.index("\n## ", start)]
    named = set(re.findall(r"`(\w+)`", section))
    assert [name for name in schemas.arrow_schema("event_mentions").names if name not in named] == []


def test_links_and_files_lead_somewhere():
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT)
    assert targets
    assert [t for t in targets if not t.startswith("https://") and not (ROOT / t).exists()] == []


def test_make_targets_exist():
    made = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make (\w[\w-]*)`", TEXT))
    assert named
    assert named <= made


def test_the_page_is_not_longer_than_it_needs_to_be():
    outputs = sum(block.shown.count("\n") for block in BLOCKS)
    assert TEXT.count("\n") - outputs < 330


@pytest.mark.parametrize("page", ["README.md", "raw/README.md"])
def test_every_format_that_is_read_is_named(page):
    endings = {e for form in raw.FORMATS for e in re.findall(r"\.[a-z]+\b", form.DESCRIPTION)} - {".meta", ".json"}
    assert ".jsonl" in endings
    text = (ROOT / page).read_text(encoding="utf-8")
    assert sorted(e for e in endings if f"{e}`" not in text) == []


def test_the_mapping_that_raw_readme_shows_is_read(tmp_path):
    shown = (ROOT / "raw" / "README.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "press").mkdir()
    (tmp_path / "mapping.yml").write_text(shown)
    (tmp_path / "press" / "a.csv").write_text("Lead,Body,Day\nNorway criticised Peru.,It said so.,04/09/2026\n")
    [record] = raw.read(tmp_path, raw.discover(tmp_path))
    assert record.fields == {
        "text": "Norway criticised Peru.\n\nIt said so.",
        "published_at": "2026-09-04",
        "source": "The Daily",
    }
