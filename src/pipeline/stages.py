"""One run, stage by stage, as plain functions: what the flows put in order.

A stage reads what the one before left in :class:`Run`, adds its own, and says what it did with its rows. Nothing here
knows Prefect, and nothing is published before the last stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

import schemas
from pipeline import (
    annotate,
    articles,
    chain,
    changes,
    codebook,
    events,
    knowledge,
    quality,
    raw,
    shards,
    store,
    validation,
)
from pipeline.articles.datelines import dateline
from pipeline.progress import Stage, clock
from pipeline.raw.codebook import read_codebook
from pipeline.records import Article, Record, Reject
from pipeline.release import Release, Writer

KEPT_REJECTS = frozenset({"raw", "records", "articles"})
"""Rejects of these tables come from reading, which is not done twice; others are found anew each time."""


class Run:
    """What one run has in hand. Not a dataclass on purpose: Prefect walks into those, row by row.

    Attributes:
        writer: the right to publish.
        files: the raw files that are new, relative to the raw directory.
        records: what was read from them.
        articles: every article of the version to come, old and new.
        rejects: what reading could not use, old and new.
        shards: what is left to code.
        parts: coded tables by shard.
        tables: every table of the contract, unvalidated.
        valid: what validation let through.
        stages: what was done so far.
        news: lines for the person at the desk that are no stage: damage found, models missing.
    """

    def __init__(self, writer: Writer):
        self.writer = writer
        self.files: list[raw.RawFile] = []
        self.records: list[Record] = []
        self.articles: list[Article] = []
        self.rejects: list[Reject] = []
        self.shards: list[shards.Shard] = []
        self.parts: list[dict[str, pa.Table]] = []
        self.tables: dict[str, pd.DataFrame] = {}
        self.valid: validation.Validated | None = None
        self.stages: list[Stage] = []
        self.news: list[str] = []
        self.parsed = 0

    @property
    def previous(self) -> Release | None:
        """The newest version, or None."""
        return self.writer.previous

    def done(self, stage: Stage) -> Stage:
        """Note a stage, once its sum is right."""
        stage.check()
        self.stages.append(stage)
        return stage


def use_codebook(folder: Path | None) -> None:
    """Code with somebody's own event types and frames, checked as a whole before anything is read.

    Raises:
        UsageError: the folder holds no codebook.
        KnowledgeError: a row does not fit; the error names file and line.
    """
    if folder is not None:
        knowledge.use(read_codebook(folder))
    events.check_frames()


def code_changed(previous: Release | None) -> bool:
    """Whether the newest version was coded by other code or knowledge than today's."""
    return previous is not None and previous.manifest["code_version"] != chain.code_version()


def read(run: Run, root: Path, force: bool = False) -> Stage:
    """Read the raw files that the newest version has not seen (path and bytes); all of them with ``force``."""
    seconds = clock()
    seen = {(f["path"], f["fingerprint"]) for f in run.previous.manifest["raw"]} if run.previous else set()
    found = raw.discover(root)
    run.files = [f for f in found if force or (f.path, f.fingerprint) not in seen]
    rejected = 0
    for item in raw.read(root, run.files):
        if isinstance(item, Reject):
            run.rejects.append(item)
            rejected += 1
        else:
            run.records.append(item)
    read_ = len(run.records)
    note = f"{len(run.files):,} of {len(found):,} files new"
    return run.done(Stage("read", "records", read_ + rejected, read_, rejected, 0, seconds(), note))


def gather(run: Run) -> Stage:
    """Make articles of the records and put them with those of the newest version, whose raw files may be gone."""
    seconds = clock()
    old, old_rejects = carried_over(run.previous)
    models = chain.language_models()
    fresh: list[Article] = []
    rejected = 0
    for record in run.records:
        article = articles.to_article(record, models=models)
        if isinstance(article, Reject):
            run.rejects.append(article)
            rejected += 1
        else:
            fresh.append(article)
    run.articles, dropped = chain.prepare([*old, *fresh])
    again = {f.path for f in run.files}  # a file that was mended is no longer rejected
    old_rejects = [r for r in old_rejects if r.raw_path not in again]
    run.rejects = [
        r if r.first_version else replace(r, first_version=run.writer.version)
        for r in dict.fromkeys([*old_rejects, *run.rejects])
    ]
    kept = {a.article_id: a.first_version for a in old}
    for article in run.articles:
        article.first_version = kept.get(article.article_id) or run.writer.version
    total = len(old) + len(run.records)
    copies = sum(a.duplicate_of is not None for a in run.articles)
    note = f"{len(old):,} carried over, {copies:,} of all are copies"
    run.records = []
    return run.done(Stage("articles", "articles", total, len(run.articles), rejected, dropped, seconds(), note))


def carried_over(previous: Release | None) -> tuple[list[Article], list[Reject]]:
    """The articles of the newest version and what reading rejected then."""
    if previous is None:
        return [], []
    names = {f.name for f in fields(Article)}
    old = [Article(**{k: v for k, v in row.items() if k in names}) for row in previous.rows("articles")]
    for article in old:
        found = dateline(article.text, article.published_at) if article.dateline else None
        if found:
            article.dateline_span, article.dateline_date = found.span, found.day
    known = {f.name for f in fields(Reject)}
    rejects = [
        Reject(**{k: v for k, v in row.items() if k in known})
        for row in previous.rows("rejects")
        if row["table"] in KEPT_REJECTS
    ]
    return old, rejects


def plan(run: Run, shard_words: int) -> None:
    """Find what the store already holds and cut the rest into shards, those with stored parses apart from others."""
    root, version = run.writer.store, chain.code_version()
    wanted = {shards.coded_key(a): a for a in run.articles if a.coding_status == "coded"}
    shelf = store.coded(root, version)
    packs, left = shelf.cover(wanted)
    for pack in packs:
        try:
            run.parts.append(store.unpack_tables(shelf.get(pack.path)))
        except store.DamagedPackError as error:
            shelf.set_aside(pack.path, str(error))
            left.extend(pack.keys)
    run.news.extend(shelf.damaged)
    by_language: dict[str, list[Article]] = {}
    for key in left:
        by_language.setdefault(wanted[key].language or "en", []).append(wanted[key])
    for language, found in sorted(by_language.items()):
        parses = store.parses(root, annotate.model_version(language))
        where = parses.find()
        run.news.extend(parses.damaged)
        parsed = [a for a in found if shards.parse_key(a) in where]
        unparsed = [a for a in found if shards.parse_key(a) not in where]
        for group in chain.shards(parsed, shard_words):
            run.shards.append(shards.Shard(group, root, version, [where[shards.parse_key(a)] for a in group]))
        run.shards.extend(shards.Shard(group, root, version) for group in chain.shards(unparsed, shard_words))


def collect(run: Run, done: Iterable[shards.Done], seconds: float) -> Stage:
    """Take in what the workers coded."""
    shelf = store.coded(run.writer.store, chain.code_version())
    coded = 0
    for item in done:
        run.parts.append(store.unpack_tables(shelf.get(item.pack)))
        run.parsed += item.parsed
        run.news.extend(item.damaged)
        coded += item.articles
    total = sum(a.coding_status == "coded" for a in run.articles)
    copies = sum(a.coding_status == "copy" for a in run.articles)
    foreign = len(run.articles) - total - copies
    note = f"{run.parsed:,} parsed, {coded - run.parsed:,} from stored parses, {total - coded:,} coded before"
    if foreign:
        note += f", {foreign:,} in a language without a model"
    stage = Stage("code", "articles", len(run.articles), total + foreign, 0, copies, seconds, note)
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
    """Write the version, switch ``latest`` to it, and drop what the store holds for other code."""
    seconds = clock()
    if run.valid is None:
        raise RuntimeError("publish comes after validate")
    known = run.previous.manifest["raw"] if run.previous else []
    new = [{**asdict(f), "fingerprint": f.fingerprint} for f in run.files]
    raw_files = {(f["path"], f["fingerprint"]): f for f in [*known, *new]}
    manifest = {
        "code_version": chain.code_version(),
        "models": {language: annotate.model_version(language) for language in sorted(chain.language_models())},
        "settings": dict(settings),
        "raw": [raw_files[key] for key in sorted(raw_files)],
        "stages": [asdict(stage) for stage in run.stages],
    }
    rows = sum(len(frame) for frame in run.valid.tables.values())
    release = run.writer.publish(run.valid, manifest, lambda content: documents(run, content))
    store.prune(run.writer.store, chain.code_version())
    return release, run.done(Stage("publish", "rows", rows, rows, 0, 0, seconds(), release.version))


def documents(run: Run, manifest: Mapping[str, Any]) -> dict[str, str]:
    """What lies beside the tables for people to read."""
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
