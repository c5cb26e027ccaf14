"""The codebook is made from schemas/ and knowledge/, and the committed copy is not stale."""

from pathlib import Path

import schemas
from pipeline import codebook, knowledge
from schemas.columns import SECTORS

ROOT = Path(__file__).parent.parent


def test_the_committed_codebook_is_fresh():
    committed = (ROOT / "schemas" / "CODEBOOK.md").read_text(encoding="utf-8")
    assert committed == codebook.codebook_markdown(), "schemas/CODEBOOK.md is stale: run `make codebook`"


def test_every_table_column_type_mode_and_sector_is_in_it():
    text = codebook.codebook_markdown()
    for table in schemas.TABLES:
        section = text.split(f"\n## {table}\n")[1].split("\n## ")[0]
        for column in schemas.arrow_schema(table):
            line = next(row for row in section.splitlines() if row.startswith(f"| `{column.name}` |"))
            assert column.metadata[b"description"].decode() in line
    for row in knowledge.table("event_types.csv"):
        assert row["example"] in text
    for code in SECTORS:
        assert f"| `{code}` |" in text


def test_the_pinned_choices_are_told():
    text = codebook.codebook_markdown()
    for choice in ("16 types", "SANCTION is quad 4", "No FIGHT", "ACCUSE scores -3"):
        assert choice in text


def test_tables_of_markdown_have_as_many_cells_as_heads():
    width = 0
    for line in codebook.codebook_markdown().splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width, line


def test_the_terminal_text_fits_its_tables():
    text = codebook.codebook_text()
    assert "event_mentions: One row per report" in text
    assert "  modality" in text
    assert "CONSULT" in text and "**" not in text
