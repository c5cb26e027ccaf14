"""Write ``knowledge/confidence.csv``: how often a report of a kind is right on the marked development sentences.

``python scripts/measure_confidence.py BENCH``, with the folder that holds ``score.py`` and lies beside ``gold``. The
kind is trigger (verb or noun), actors found and modality. A report is judged where each of its sides overlaps the side
of a marked pair; it is right when its type is the marked one. Of ``right`` among ``cases`` the confidence is
``(right + 5 * wider) / (cases + 5)``, with ``wider`` the same figure for trigger and actors whatever the modality, and
for that the figure for the actors whatever the trigger; nothing falls below 0.2. The marked text itself goes nowhere.
"""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pipeline.knowledge

TRIGGERS, ACTORS = ("verb", "noun"), ("both", "source", "target", "none")
MODALITIES = ("actual", "future", "hypothetical", "negated")
WEIGHT, FLOOR = 5, 0.2


def kind_of(event: dict[str, Any], sources: list[Any], targets: list[Any]) -> tuple[str, str, str]:
    """Trigger, actors and modality of a report; adjectives count as verbs."""
    trigger = "noun" if event["rule_id"].rsplit(":", 1)[1].split(".")[1] == "n" else "verb"
    actors = "both" if sources and targets else "source" if sources else "target" if targets else "none"
    return trigger, actors, event["modality"]


def counted(bench: Path) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """Right reports and judged ones, by kind and by every wider kind."""
    sys.path.insert(0, str(bench))
    score = importlib.import_module("score")
    rows = score.gold_rows(bench.parent / "gold", "coding")
    docs = score.coded(rows, [])
    right: Counter[tuple[str, ...]] = Counter()
    cases: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        for event in docs[row["id"]]["events"]:
            sources, targets = score.sides(docs[row["id"]], event)
            kind = kind_of(event, sources, targets)
            verdicts = [
                score.folded(event["plover_type"]) == score.folded(marked["types"][0])
                for marked in row["gold"]["events"]
                if (sources or targets)
                and (not sources or any(score.overlap(s, marked["source"]) for s in sources))
                and (not targets or any(score.overlap(t, marked["target"]) for t in targets))
            ]
            if verdicts:
                for key in (kind, kind[:2], kind[1:2]):
                    right[key] += any(verdicts)
                    cases[key] += 1
    return right, cases


def main() -> None:
    """Measure and write."""
    right, cases = counted(Path(sys.argv[1]))

    def share(key: tuple[str, ...], wider: float) -> float:
        return (right[key] + WEIGHT * wider) / (cases[key] + WEIGHT)

    path = Path(pipeline.knowledge.__file__).parent / "confidence.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("trigger", "actors", "modality", "confidence", "cases"))
        for kind in product(TRIGGERS, ACTORS, MODALITIES):
            value = share(kind, share(kind[:2], share(kind[1:2], FLOOR)))
            writer.writerow((*kind, f"{max(value, FLOOR):.2f}", cases[kind]))


if __name__ == "__main__":
    main()
