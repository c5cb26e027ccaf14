"""One run, stage by stage, as plain functions: what the flows put in order.

A stage reads what the one before left in :class:`Run`, adds its own, and says what it did with its rows. Nothing here
knows Prefect, and nothing is published before the last stage.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
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
    identity,
    knowledge,
    places,
    quality,
    raw,
    shards,
    store,
    validation,
)
from pipeline.articles.datelines import dateline
from pipeline.errors import UsageError
from pipeline.progress import Stage, clock
from pipeline.raw.codebook import read_codebook
from pipeline.records import Article, Reject
from pipeline.release import Release, Writer

KEPT_REJECTS = frozenset({"raw", "records", "articles"})
"""Rejects of these tables come from reading, which is not done twice; others are found anew each time."""


GAZETTEER = "DATELINE_GAZETTEER"
"""Environment variable that names a built gazetteer where no option does."""


class Run:
    """What one run has in hand. Not a dataclass on purpose: Prefect walks into those, row by row.

    Attributes:
        writer: the right to publish.
        files: the raw files that are new, relative to the raw directory.
        partial: those among them with articles that the run was told to leave for another.
        taken: how many articles came of them, copies included.
        new: how many of these the version before did not hold.
        records: how many records were read from them. fresh: the articles that they make.
        articles: every article of the version to come, old and new.
        rejects: what reading could not use, old and new.
        shards: what is left to code.
        refused: articles that cannot be coded.
        parts: coded tables by shard.
        tables: every table of the contract, unvalidated.
        valid: what validation let through.
        stages: what was done so far.
        news: lines for the person at the desk that are no stage: damage found, models missing.
    """

    def __init__(self, writer: Writer):
        self.writer = writer
        self.files: list[raw.RawFile] = []
        self.partial: set[str] = set()
        self.taken = self.new = 0
        self.records = 0
        self.fresh: list[Article] = []
        self.articles: list[Article] = []
        self.rejects: list[Reject] = []
        self.shards: list[shards.Shard] = []
        self.refused = shards.Refused()
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


def use_gazetteer(path: Path | None) -> None:
    """Look places up in somebody's own gazetteer, too; without a path in that of ``DATELINE_GAZETTEER``, if it is set.

    Raises:
        UsageError: the file is no gazetteer that ``dateline gazetteer build`` made beside the shipped one.
    """
    named = path or os.environ.get(GAZETTEER)
    places.use_gazetteer(Path(named) if named else None)


def code_changed(previous: Release | None) -> bool:
    """Whether the newest version was coded by other code or knowledge than today's."""
    return previous is not None and previous.manifest["code_version"] != chain.code_version()


def read(run: Run, root: Path, force: bool = False) -> Stage:
    """Read the raw files that the newest version has not seen (path and bytes); all of them with ``force``.

    A record becomes an article at once, so that no page is held longer than it takes to read it.
    """
    seconds = clock()
    known = run.previous.manifest["raw"] if run.previous else []
    seen = {(f["path"], f["fingerprint"]) for f in known if not f.get("partial")}
    found = raw.discover(root)
    run.files = [f for f in found if force or (f.path, f.fingerprint) not in seen]
    models = chain.language_models()
    rejected = 0
    for item in raw.read(root, run.files):
        if isinstance(item, Reject):
            run.rejects.append(item)
            rejected += 1
            continue
        run.records += 1
        article = articles.to_article(item, models=models)
        if isinstance(article, Reject):
            run.rejects.append(article)
        else:
            run.fresh.append(article)
    note = f"{len(run.files):,} of {len(found):,} files new"
    return run.done(Stage("read", "records", run.records + rejected, run.records, rejected, 0, seconds(), note))


def gather(run: Run, since: date | None = None, until: date | None = None) -> Stage:
    """Put the articles that were read with those of the newest version, whose raw files may be gone.

    Args:
        run: after :func:`read`.
        since, until: take only articles that were published from this day (UTC) to that, both included. The others,
            those without a date among them, are left; a later run reads their files again.

    Raises:
        UsageError: no day lies between.
    """
    if since and until and since > until:
        raise UsageError(f"since '{since}' lies after until '{until}': no day is in between; nothing was read")
    seconds = clock()
    old, old_rejects = carried_over(run.previous)
    fresh, rejected = run.fresh, run.records - len(run.fresh)
    left = [a for a in fresh if not _within(a, since, until)] if since or until else []
    run.partial = {a.raw_path for a in left if a.raw_path}
    fresh = [a for a in fresh if _within(a, since, until)] if left else fresh
    run.rejects.extend(doubt for article in fresh for doubt in article.doubts)
    run.taken, run.new = len(fresh), len({a.article_id for a in fresh} - {a.article_id for a in old})
    run.news.extend(_dated_ahead(fresh, run.writer.version))
    known = identity.Known(run.writer.store)
    if code_changed(run.previous):
        run.articles, dropped = chain.prepare([*old, *fresh], index=known.index)
    else:
        run.articles, dropped = chain.prepare(fresh, old, known.index)
    known.keep()
    run.news.extend(known.damaged)
    again = {f.path for f in run.files}  # a file that was mended is no longer rejected
    old_rejects = [r for r in old_rejects if r.raw_path not in again]
    run.rejects = [
        r if r.first_version else replace(r, first_version=run.writer.version)
        for r in dict.fromkeys([*old_rejects, *run.rejects])
    ]
    kept = {a.article_id: a.first_version for a in old}
    for article in run.articles:
        article.first_version = kept.get(article.article_id) or run.writer.version
    total = len(old) + run.records - len(left)
    copies = sum(a.duplicate_of is not None for a in run.articles)
    note = f"{len(old):,} carried over, {copies:,} of all are copies"
    if earlier := sum(a.superseded_by is not None for a in run.articles):
        note += f", {earlier:,} earlier versions"
    if left:
        note += f", {len(left):,} of other days or none left for another run"
    run.fresh = []
    return run.done(Stage("articles", "articles", total, len(run.articles), rejected, dropped, seconds(), note))


def _dated_ahead(fresh: Iterable[Article], version: str) -> list[str]:
    """A line about articles from days to come. Rows do not depend on the day of the run, so their dates are used."""
    today = date(*(int(part) for part in version.split(".")[:3]))
    ahead = [a for a in fresh if a.published_at and a.published_at.date() > today + timedelta(days=1)]
    if not ahead:
        return []
    first = ahead[0]
    line = f" line {first.raw_line}" if first.raw_line else ""
    return [
        f"{len(ahead):,} new articles are dated after today, such as {first.raw_path}{line}"
        f" ({first.published_at:%Y-%m-%d}); their dates are used as given, since no retrieved_at speaks against them"
    ]


def _within(article: Article, since: date | None, until: date | None) -> bool:
    day = article.published_at.date() if article.published_at else None
    return day is not None and (since is None or since <= day) and (until is None or day <= until)


def carried_over(previous: Release | None) -> tuple[list[Article], list[Reject]]:
    """The articles of the newest version and what reading rejected then."""
    if previous is None:
        return [], []
    names = {f.name for f in fields(Article)}
    old = [Article(**{k: v for k, v in row.items() if k in names}) for row in previous.rows("articles")]
    for article in old:
        place = article.text.rfind(article.dateline, 0, article.body_start) if article.dateline else -1
        found = dateline(article.text, article.published_at, place) if place >= 0 else None
        if found:
            article.dateline_span, article.dateline_date = found.span, found.day
    known = {f.name for f in fields(Reject)}
    rejects = [
        Reject(**{k: v for k, v in row.items() if k in known})
        for row in previous.rows("rejects")
        if row["table"] in KEPT_REJECTS and row["check"] != shards.CHECK
    ]
    return old, rejects


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
        [a for a in run.articles if a.coding_status == "coded"], run.writer.store, shard_words, run.refused, again
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
    others = len(run.articles) - status["coded"] - status["copy"]
    rejects = run.refused.store(shelf, run.articles)
    run.rejects.extend(rejects)
    run.news.extend(f"Not coded, in rejects: {reject.reason}" for reject in rejects)
    total = status["coded"] - len(rejects)
    note = f"{run.parsed:,} parsed, {coded - run.parsed:,} from stored parses, {total - coded:,} coded before"
    for kept, why in (("no model", "in a language without a model"), ("superseded", "superseded by a newer one")):
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
    """Write the version, switch ``latest`` to it, and drop what the store holds for other code."""
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
        "models": {language: annotate.model_version(language) for language in sorted(chain.language_models())},
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
