"""One run, stage by stage, as plain functions: what the flows put in order after :mod:`pipeline.intake`.

A stage reads what the one before left in :class:`~pipeline.run.Run`, adds its own, and says what it did with its rows.
Nothing here knows Prefect, and nothing is published before the last stage.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

import schemas
from pipeline import (
    annotate,
    chain,
    changes,
    codebook,
    events,
    knowledge,
    places,
    quality,
    shards,
    store,
    validation,
)
from pipeline.progress import Stage, clock
from pipeline.raw.codebook import read_codebook
from pipeline.records import DATES_ONLY, NO_MODEL, PARSED
from pipeline.release import Release
from pipeline.run import Run

GAZETTEER = "DATELINE_GAZETTEER"
"""Environment variable that names a built gazetteer where no option does."""


def use_codebook(folder: Path | None) -> None:
    """Code with somebody's own event types and frames, checked as a whole before anything is read.

    Raises:
        UsageError: the folder holds no codebook.
        KnowledgeError: a row does not fit; the error names file and line.
    """
    if folder is not None:
        knowledge.use(read_codebook(folder))
    events.check_frames()


def use_gazetteer(path: Path | None) -> None:
    """Look places up in somebody's own gazetteer, too; without a path in that of ``DATELINE_GAZETTEER``, if it is set.

    Raises:
        UsageError: the file is no gazetteer that ``dateline gazetteer build`` made beside the shipped one.
    """
    named = path or os.environ.get(GAZETTEER)
    places.use_gazetteer(Path(named) if named else None)


def unchanged(previous: Release) -> bool:
    """Whether coding everything again would give the rows of this version, and there is nothing left to try again."""
    was, now = previous.manifest, (chain.code_version(), _models(), schemas.SCHEMA_VERSION)
    failed = any(row["check"] == shards.CHECK for row in previous.rows("rejects"))
    return (was["code_version"], was.get("models"), was["schema_version"]) == now and not failed


def plan(run: Run, shard_words: int, max_rejected_share: float = 1.0, again: bool = False) -> None:
    """Find what the store already holds and cut the rest into shards.

    Args:
        run: after :func:`gather`.
        shard_words: words in a shard.
        max_rejected_share: the run fails when coding fails on a larger share of the articles.
        again: try the articles that could not be coded before, each by itself.

    Raises:
        RunFailedError: more articles than allowed could not be coded before.
    """
    run.refused = shards.Refused(len(run.articles), max_rejected_share)
    run.parts, run.shards, damaged = shards.plan(
        [a for a in run.articles if a.coding_status in PARSED], run.writer.store, shard_words, run.refused, again
    )
    run.news.extend(damaged)


def collect(run: Run, done: Iterable[shards.Done], seconds: float) -> Stage:
    """Take in what the workers coded, and keep what they could not."""
    shelf = store.coded(run.writer.store, chain.code_version())
    coded = 0
    for item in done:
        run.parts.append(store.unpack_tables(shelf.get(item.pack)))
        run.parsed += item.parsed
        run.news.extend(item.damaged)
        coded += item.articles
    status = Counter(a.coding_status for a in run.articles)
    to_read = sum(status[value] for value in PARSED)
    others = len(run.articles) - to_read - status["copy"]
    rejects = run.refused.store(shelf, run.articles)
    run.rejects.extend(rejects)
    run.news.extend(f"Not coded, in rejects: {reject.reason}" for reject in rejects)
    total = to_read - len(rejects)
    note = f"{run.parsed:,} parsed, {coded - run.parsed:,} from stored parses, {total - coded:,} coded before"
    for kept, why in (
        (DATES_ONLY, "of these for dates only"),
        (NO_MODEL, "in a language without a model"),
        ("superseded", "superseded by a newer one"),
    ):
        if status[kept]:
            note += f", {status[kept]:,} {why}"
    counts = (len(run.articles), total + others, len(rejects), status["copy"])
    stage = Stage("code", "articles", *counts, seconds, note)
    run.shards = []
    return run.done(stage)


def assemble(run: Run) -> Stage:
    """Settle what needs more than one article: entities, happenings, stories."""
    seconds = clock()
    previous = run.previous
    before = {name: previous.table(name) for name in ("events", "event_mentions")} if previous else None
    run.tables = chain.assemble(run.articles, run.parts, run.rejects, before)
    reports, events = len(run.tables["event_mentions"]), len(run.tables["events"])
    coded = sum(part["event_mentions"].num_rows for part in run.parts)
    run.parts = []
    note = f"{events:,} events, {len(run.tables['stories']):,} stories"
    return run.done(Stage("assemble", "event mentions", coded, reports, 0, 0, seconds(), note))


def validate(run: Run, max_rejected_share: float) -> Stage:
    """Hold every table against its schema; rows that fail, and what hangs on them, become rejects."""
    seconds = clock()
    rows = sum(len(frame) for name, frame in run.tables.items() if name != "rejects")
    run.valid = validation.validate(run.tables, max_rejected_share, events.event_modes())
    run.valid.rejects["first_version"] = _first_versions(run, run.valid.rejects)
    kept = sum(len(frame) for name, frame in run.valid.tables.items() if name != "rejects")
    run.tables = {}
    return run.done(Stage("validate", "rows", rows, kept, rows - kept, 0, seconds()))


def _first_versions(run: Run, rejects: pd.DataFrame) -> list[str]:
    """The version in which each reject was first seen: its own, or that of the same fault in the newest version."""
    names = ["table", "record_id", "check", "column", "value"]
    before = run.previous.rows("rejects") if run.previous else []
    known = {tuple(row[name] for name in names): row["first_version"] for row in before}
    faults = schemas.to_arrow("rejects", rejects).to_pylist()
    return [row["first_version"] or known.get(tuple(row[name] for name in names), run.writer.version) for row in faults]


def publish(run: Run, settings: Mapping[str, Any]) -> tuple[Release, Stage]:
    """Write the version, switch ``latest`` to it, and drop what the store holds for other code.

    Raises:
        RuntimeError: called before :func:`validate`.
        OSError: the version cannot be written.
    """
    seconds = clock()
    if run.valid is None:
        raise RuntimeError("publish comes after validate")
    known = run.previous.manifest["raw"] if run.previous else []
    new: list[dict[str, Any]] = [{**asdict(f), "fingerprint": f.fingerprint} for f in run.files]
    partial = [{**f, "partial": True} for f in new if f["path"] in run.partial]
    whole = [f for f in new if f["path"] not in run.partial]
    raw_files = {(f["path"], f["fingerprint"]): f for f in [*partial, *known, *whole]}  # whole once is whole
    manifest = {
        "code_version": chain.code_version(),
        "gazetteer": places.gazetteer_version(),
        "models": _models(),
        "settings": dict(settings),
        "raw": [raw_files[key] for key in sorted(raw_files)],
        "stages": [asdict(stage) for stage in run.stages],
    }
    before = {name: entry["rows"] for name, entry in run.previous.manifest["tables"].items()} if run.previous else {}
    tables = {**run.valid.tables, "rejects": run.valid.rejects}
    manifest["warnings"] = quality.warnings(tables, run.writer.version, before)
    rows = sum(len(frame) for frame in run.valid.tables.values())
    release = run.writer.publish(run.valid, manifest, lambda content: documents(run, content))
    store.prune(run.writer.store, chain.code_version())
    return release, run.done(Stage("publish", "rows", rows, rows, 0, 0, seconds(), release.version))


def _models() -> dict[str, str]:
    return {language: annotate.model_version(language) for language in sorted(chain.coding_statuses())}


def documents(run: Run, manifest: Mapping[str, Any]) -> dict[str, str]:
    """What lies beside the tables for people to read.

    Raises:
        RuntimeError: called before :func:`validate`.
    """
    if run.valid is None:
        raise RuntimeError("documents come after validate")
    tables = {**run.valid.tables, "rejects": run.valid.rejects}
    before = {name: run.previous.table(name) for name in schemas.TABLES} if run.previous else {}
    found = changes.diff(before, tables)
    return {
        "CODEBOOK.md": codebook.codebook_markdown(),
        "QUALITY.html": quality.quality_html(tables, dict(manifest)),
        "CHANGES.md": changes.changes_markdown(
            found, run.previous.version if run.previous else None, run.writer.version
        ),
    }
