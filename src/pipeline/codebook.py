"""schemas/ and knowledge/ → the codebook, as Markdown and for the terminal. Nothing is described here twice."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow

import schemas
from pipeline import knowledge
from pipeline.errors import KnowledgeError
from schemas.columns import SECTORS

EVENT_TYPES_FILE = "event_types.csv"

QUADS = {
    "1": "verbal cooperation",
    "2": "material cooperation",
    "3": "verbal conflict",
    "4": "material conflict",
}

RULES = """\
- Offsets count code points of `articles.text`, first included, last excluded: in Python `text[start:end]` is the words.
- Missing is null, never a default: 0 is a number that was printed, null is a number that was not.
- Instants are UTC; dates are days of the calendar that the article uses.
- Ids are stable: the same source values give the same id on every machine and in every version.
- A list column is never null; nothing to list is the empty list.
- `events` counts happenings, `event_mentions` counts reports. Copies of an article add to neither.
- `modality` says whether the text reports the act as done. Leave it out of a query and you count plans as deeds.
"""

CHOICES = """\
The published sources contradict each other. These are our pinned choices:

- **16 types.** The PLOVER manual has 16 event types, its own README counts 18. We code the 16 below.
- **SANCTION is quad 4.** One table of the manual puts it in quad 3 (verbal conflict), its own section in quad 4.
  Sanctions are deeds: quad 4.
- **No FIGHT.** PLOVER's crosswalk sends CAMEO 19 and 20 to FIGHT, which is no PLOVER type. They are ASSAULT here.
- **ACCUSE scores -3.** The manual prints +3 beside negative modes: a slip of the sign.
- **Modality is a column.** PLOVER names auxiliary modes for future, negated and historical acts and leaves them to the
  project. Here `event_type` is the act, `modality` says whether it happened, and `plover_type` is the folded type.
- **`quad_class` and `goldstein` follow the act**, not the folding, and so does `cameo_code`.
- **Parties are sources.** Where several meet, sign or clash and nobody else is named, all of them are sources; `events`
  puts the second one as target.
"""


def codebook_markdown() -> str:
    """The codebook as Markdown: what ``schemas/CODEBOOK.md`` and every version hold.

    Raises:
        KnowledgeError: the event types of knowledge/ and schemas/ differ.
    """
    return "\n".join(_markdown()) + "\n"


def _markdown() -> Iterator[str]:
    yield "# Codebook"
    yield ""
    yield f"Schema version {schemas.SCHEMA_VERSION}."
    yield "Made by `make codebook` from `schemas/` and `src/pipeline/knowledge/`; edit those."
    yield ""
    yield RULES
    yield "## Tables"
    yield ""
    for table in schemas.TABLES:
        arrow = schemas.arrow_schema(table)
        about = " ".join(_about(arrow, "description").split())
        yield f"- [{table}](#{table}): {about.split('. ')[0].rstrip('.')}. {len(arrow)} columns"
    yield ""
    for table in schemas.TABLES:
        yield from _table_markdown(table)
    yield from _types_markdown()
    yield "## Sectors"
    yield ""
    yield from _grid(["code", "covers"], [[f"`{code}`", covers] for code, covers in SECTORS.items()])


def _about(holder: pyarrow.Schema | pyarrow.Field, key: str) -> str:
    return (holder.metadata or {}).get(key.encode(), b"").decode()  # type: ignore[no-any-return]


def _table_markdown(table: str) -> Iterator[str]:
    arrow = schemas.arrow_schema(table)
    yield f"## {table}"
    yield ""
    yield " ".join(_about(arrow, "description").split())
    yield ""
    key = ", ".join(f"`{c}`" for c in schemas.KEYS[table])
    yield f"Key: {key}." if key else "No key: one raw line may be rejected twice."
    yield ""
    rows = []
    for column in arrow:
        notes = [_about(column, "description")]
        if unit := _about(column, "unit"):
            notes.append(f"Unit: {unit}.")
        if values := _about(column, "values"):
            notes.append(f"Values: {values}.")
        example = _about(column, "example")
        kind = _kind(column) + ("" if column.nullable else ", required")
        rows.append(
            [f"`{column.name}`", _about(column, "title"), kind, " ".join(notes), f"`{example}`" if example else ""]
        )
    yield from _grid(["column", "title", "type", "what it says, and what it does not", "example"], rows)
    yield ""


def _kind(column: pyarrow.Field) -> str:
    if pyarrow.types.is_list(column.type):
        return "list of text"
    names = {"string": "text", "int64": "integer", "double": "number", "bool": "true/false", "date32[day]": "date"}
    return names.get(str(column.type), "instant")


def _grid(header: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        cells = [cell.replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def _event_types() -> tuple[dict[str, str], ...]:
    rows = knowledge.table(EVENT_TYPES_FILE)
    named = {(r["event_type"], r["mode"]) for r in rows}
    if knowledge.custom():
        return rows  # somebody's own types
    known = {(kind, mode) for kind, modes in schemas.EVENT_MODES.items() for mode in ("", *modes)}
    if odd := sorted(named ^ known):
        told = ", ".join("/".join(filter(None, pair)) for pair in odd)
        raise KnowledgeError(f"knowledge/{EVENT_TYPES_FILE} and EVENT_MODES in schemas/columns.py differ in: {told}")
    return rows


def _types_markdown() -> Iterator[str]:
    yield "## Event types and modes"
    yield ""
    yield CHOICES
    rows = []
    for r in _event_types():
        kind = f"**{r['event_type']}**" if not r["mode"] else f"{r['event_type']}"
        folds = [f"{label} → {r[column]}" for label, column in _FOLDS if r.get(column)]
        score = f"{float(r['goldstein']):g}"
        rows.append([kind, r["mode"], r["quad_class"], score, r["description"], ", ".join(folds), r["example"]])
    yield from _grid(["type", "mode", "quad", "Goldstein", "covers", "`plover_type` when", "example"], rows)
    yield ""
    yield f"Quad: {', '.join(f'{number} {name}' for number, name in QUADS.items())}."
    yield ""


_FOLDS = (("future", "folds_future"), ("negated", "folds_negated"))


def codebook_text() -> str:
    """The codebook for the terminal: tables with their columns, then event types and sectors, one line each."""
    lines = [f"dateline codebook, schema version {schemas.SCHEMA_VERSION}", ""]
    for table in schemas.TABLES:
        arrow = schemas.arrow_schema(table)
        lines.append(f"{table}: {' '.join(_about(arrow, 'description').split())}")
        width = max(len(name) for name in arrow.names)
        for column in arrow:
            first = _about(column, "description").replace("`", "").split(". ")[0].rstrip(".")
            lines.append(f"  {column.name:<{width}}  {_kind(column):<12}  {first}")
        lines.append("")
    lines.append("Event types, modes, quad class and Goldstein score")
    for r in _event_types():
        name = r["event_type"] if not r["mode"] else f"  {r['mode']}"
        lines.append(f"  {name:<18} {r['quad_class']}  {float(r['goldstein']):>5g}  {r['description']}")
    lines += ["", "Sectors", *(f"  {code}  {covers}" for code, covers in SECTORS.items())]
    return "\n".join(lines) + "\n"
