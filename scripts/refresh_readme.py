"""Run the README, every command, query and snippet in it, on a fresh version of the sample; put the real output in.

``python scripts/refresh_readme.py`` rewrites the output blocks that have changed; ``tests/test_readme.py`` fails while
one differs. Three kinds of blocks are run, in order, in one empty folder that holds a copy of ``raw/``:

- ``console``: each line that begins with ``$ `` is run, what follows it is its output;
- ``sql``: run by DuckDB, the ``text`` block after it is its output;
- ``python``: run in a process of its own, the ``text`` block after it is what it prints.

Output is compared without what differs from run to run: version names, times, seconds, hashes of the code.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
MEND = ".venv/bin/python scripts/refresh_readme.py"
SHOWN_ELSEWHERE = {"make run": "dateline run"}
"""What a command is run as here: the environment that ``make`` would build is the one we run in."""

FENCE = re.compile(r"^```(console|sql|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
CHANGING = (
    (re.compile(r"\b\d{4}\.\d{2}\.\d{2}\.\d+\b"), "VERSION"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}\b"), "MINUTE"),
    (re.compile(r" *\b\d+\.\d s\b"), " SECONDS"),
    (re.compile(r"\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{16}(?=\s*$)", re.M), "CODE"),
    (re.compile(r"[ \t]+$", re.M), ""),
)


@dataclass(slots=True, frozen=True)
class Block:
    """One thing to run: its ``kind``, its ``code``, the output ``shown``, and where that lies in the README."""

    kind: str
    code: str
    shown: str
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """What the README asks its reader to run, in order."""
    found: list[Block] = []
    for match in FENCE.finditer(text):
        kind, code = match[1], match[2]
        if kind == "console":
            found += _commands(code, match.start(2))
        elif match[3] is not None:
            found.append(Block(kind, code, match[3], match.start(3), match.end(3)))
    return found


def _commands(code: str, offset: int) -> Iterator[Block]:
    for match in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", code, re.M):
        yield Block("console", match[1], match[2], offset + match.start(2), offset + match.end(2))


def prepare(desk: Path) -> None:
    """Make the folder that blocks run in."""
    shutil.copytree(ROOT / "raw", desk / "raw")
    (desk / "prefect").mkdir()


def perform(block: Block, desk: Path) -> str:
    """Run one block in ``desk``; return what it prints, or raise with what went wrong."""
    if block.kind == "console":
        words = SHOWN_ELSEWHERE.get(block.code, block.code).removeprefix(".venv/bin/").split()
        command = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    elif block.kind == "sql":
        show = f"duckdb.sql({block.code!r}).show(max_width=110, max_col_width=34, max_rows=40)"
        command = [sys.executable, "-c", f"import duckdb\n{show}"]
    else:
        command = [sys.executable, "-c", block.code]
    environment = {**os.environ, "PREFECT_HOME": str(desk / "prefect"), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    environment.pop("PREFECT_API_URL", None)
    done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"this block of {README.name} fails:\n{block.code}\n{done.stderr or done.stdout}")
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").split("\n")) + "\n"


def settled(output: str) -> str:
    """Output without what differs from run to run."""
    for pattern, name in CHANGING:
        output = pattern.sub(name, output)
    return output


def refreshed(text: str) -> str:
    """The README with real outputs; those that say the same stay as they are."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        prepare(desk)
        outputs = [(block, perform(block, desk)) for block in blocks(text)]
    for block, output in reversed(outputs):
        if settled(output) != settled(block.shown):
            text = text[: block.start] + output + text[block.end :]
    return text


def main() -> None:
    """Rewrite the README."""
    text = README.read_text(encoding="utf-8")
    new = refreshed(text)
    if new == text:
        print("README.md shows what the sample gives")
    else:
        README.write_text(new, encoding="utf-8")
        print("README.md now shows what the sample gives: look at git diff README.md")


if __name__ == "__main__":
    main()
