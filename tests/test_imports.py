"""Who may know whom: imports point down, steps do not know each other, only flows know Prefect."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOUNDATION = {"text", "ids", "errors", "knowledge", "records"}
STEPS = {
    *("articles", "annotate", "mentions", "coreference", "times", "quotes", "entities", "places", "actors", "events"),
    *("happenings", "stories"),
}
COMPOSERS = {"document", "chain"}
READERS = {"raw"}
BOOKS = {"codebook", "quality", "changes"}
ALLOWED = {
    **{room: {"errors"} for room in FOUNDATION},
    **dict.fromkeys(STEPS | READERS, FOUNDATION),
    "knowledge": {"errors", "ids"},
    "records": {"ids"},
    "document": FOUNDATION | STEPS,
    "chain": FOUNDATION | STEPS | {"document"},
    "integrity": FOUNDATION,
    "validation": FOUNDATION | {"integrity"},
    **{room: FOUNDATION | {"validation"} for room in BOOKS},
    "api": FOUNDATION | {"articles", "chain", "events", "validation"},
    "fetch": {"errors", "progress", "store"},
    "geonames": FOUNDATION | {"places"},
    "store": {"errors"},
    "spool": {"errors"},
    "layout": set(),
    "release": {"errors", "layout", "spool", "store", "validation"},
    "verify": {"errors", "release", "validation"},
    "explain": {"errors", "release"},
    "progress": {"errors"},
    "options": set(),
    "shards": FOUNDATION | {"annotate", "chain", "places", "store"},
    "identity": {"articles", "store"},
    "workers": FOUNDATION | {"shards"},
    "run": FOUNDATION | {"chain", "progress", "raw", "release", "shards", "validation"},
    "intake": FOUNDATION | STEPS | {"chain", "identity", "progress", "raw", "release", "run", "shards", "spool"},
    "stages": FOUNDATION
    | STEPS
    | COMPOSERS
    | READERS
    | BOOKS
    | {"validation", "release", "run", "store", "shards", "progress"},
}
"""Room of ``pipeline`` → the other rooms it may import. ``cli`` and ``__init__`` may import all."""
DISK = {"raw", "release", "layout", "store", "spool", "identity", "geonames", "fetch"}
DISK_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "rename", "symlink_to"}


def modules(folder):
    return sorted(p for p in (ROOT / folder).rglob("*.py"))


def room(path):
    """The room of ``pipeline`` that a file belongs to."""
    return path.relative_to(ROOT / "src" / "pipeline").with_suffix("").parts[0]


def imported(path):
    """Every dotted name that a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "relative." + (node.module or "")
            elif node.module in ("pipeline", "flows", "schemas"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def wrong_arrows(path, own):
    """Sentences about what a file of the room ``own`` may not import."""
    for name in imported(path):
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if top == "relative":
            yield f"{path.name}: imports are absolute here"
        elif top == "prefect":
            yield f"{path.name}: only flows know Prefect"
        elif top == "flows" and own != "cli":
            yield f"{path.name}: {own} imports flows, which lie above it"
        elif top == "pipeline" and other != own and own not in ("cli", "__init__") and other not in ALLOWED[own]:
            yield f"{path.name}: {own} may not import {other}"


@pytest.mark.parametrize("path", modules("src/pipeline"), ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_pipeline_imports_point_down(path):
    own = room(path)
    assert own in ALLOWED or own in ("cli", "__init__"), f"a new room: say in {Path(__file__).name} whom it may know"
    assert list(wrong_arrows(path, own)) == []


@pytest.mark.parametrize("path", modules("schemas"), ids=lambda p: p.name)
def test_schemas_import_nothing_of_ours_but_themselves(path):
    assert [n for n in imported(path) if n.partition(".")[0] in ("pipeline", "flows", "prefect", "relative")] == []


@pytest.mark.parametrize("path", modules("flows"), ids=lambda p: p.name)
def test_flows_hold_no_rows_and_can_be_served(path):
    names = set(imported(path))
    assert not names & {"pandas", "pyarrow", "numpy", "schemas", "__future__"}, (
        "flows order the work and leave rows alone; postponed annotations break Prefect's parameters"
    )


@pytest.mark.parametrize("path", modules("src/pipeline"), ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_only_the_doors_touch_the_disk(path):
    own = room(path)
    if own in DISK | {"annotate", "chain", "cli", "verify"}:  # the model's and the code's own files; arguments
        return
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    }
    touched = calls & DISK_CALLS
    packaged = own in STEPS | {"knowledge"} | BOOKS | COMPOSERS and "files" in calls
    assert not touched or packaged, f"{own} touches the disk: {sorted(touched)}"


def test_a_wrong_arrow_is_noticed(tmp_path):
    path = tmp_path / "times.py"
    path.write_text("from pipeline import places\nimport prefect\nfrom pipeline.text import Parse\nfrom . import x\n")
    assert list(wrong_arrows(path, "times")) == [
        "times.py: times may not import places",
        "times.py: only flows know Prefect",
        "times.py: imports are absolute here",
    ]


def test_importing_pipeline_loads_nothing_heavy():
    heavy = ("pandas", "spacy", "prefect", "pyarrow")
    code = f"import pipeline, pipeline.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
