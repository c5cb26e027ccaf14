"""The first two stages of a run: raw files → articles, and these with those of the version before."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

from pipeline import articles, chain, identity, raw, shards
from pipeline.articles.datelines import dateline
from pipeline.errors import UsageError
from pipeline.progress import Stage, clock
from pipeline.records import FROM_READING, Article, InMemory, Reject
from pipeline.release import Release
from pipeline.run import Run, code_changed
from pipeline.spool import Spool

NOBODY: list[str] = []
"""The authors of every article without one."""


def read(run: Run, root: Path, force: bool = False) -> Stage:
    """Read the raw files that the newest version has not seen (path and bytes); all of them with ``force``.

    A record becomes an article at once, and its text goes to disk, so that nothing is held longer than it takes to
    read it.
    """
    seconds = clock()
    known = run.previous.manifest["raw"] if run.previous else []
    seen = {(f["path"], f["fingerprint"]) for f in known if not f.get("partial")}
    found = raw.discover(root)
    run.files = [f for f in found if force or (f.path, f.fingerprint) not in seen]
    statuses = chain.coding_statuses()
    rejected = 0
    for item in raw.read(root, run.files):
        if isinstance(item, Reject):
            run.rejects.append(item)
            rejected += 1
            continue
        run.records += 1
        article = articles.to_article(item, statuses)
        if isinstance(article, Reject):
            run.rejects.append(article)
        else:
            run.fresh.append(_put_down(article, run.writer.spool))
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
    old, old_rejects = carried_over(run.previous, run.writer.spool)
    fresh, rejected = run.fresh, run.records - len(run.fresh)
    left = [a for a in fresh if not _within(a, since, until)] if since or until else []
    run.partial = {a.raw_path for a in left if a.raw_path}
    fresh = [a for a in fresh if _within(a, since, until)] if left else fresh
    run.rejects.extend(doubt for article in fresh for doubt in article.doubts)
    ids = {a.article_id for a in fresh}
    kept = {a.article_id: a.first_version for a in old if a.article_id in ids}
    run.taken, run.new = len(fresh), len(ids) - len(kept)
    del ids
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
    for article in run.articles:
        article.first_version = article.first_version or kept.get(article.article_id) or run.writer.version
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


def _put_down(article: Article, spool: Spool) -> Article:
    """The article as a run holds it: its text on disk, and what many articles say the same only once."""
    article.wording = spool.add(article.text, article.raw_sha256)
    article.authors = article.authors or NOBODY
    for name in ("source", "language", "published_precision", "agency", "first_version", "coding_status"):
        value = getattr(article, name)
        if value is not None:
            setattr(article, name, sys.intern(value))
    if article.raw_path and article.raw_line:
        article.raw_path = sys.intern(article.raw_path)
    return article


def carried_over(previous: Release | None, spool: Spool) -> tuple[list[Article], list[Reject]]:
    """The articles of the newest version and what reading rejected then."""
    if previous is None:
        return [], []
    names = {f.name for f in fields(Article)}
    old = []
    for row in previous.each("articles"):
        wording = InMemory(row["text"], row["raw_sha256"])
        article = Article(wording=wording, **{k: v for k, v in row.items() if k in names})
        place = wording.text.rfind(article.dateline, 0, article.body_start) if article.dateline else -1
        found = dateline(wording.text, article.published_at, place) if place >= 0 else None
        if found:
            article.dateline_span, article.dateline_date = found.span, found.day
        old.append(_put_down(article, spool))
    known = {f.name for f in fields(Reject)}
    rejects = [
        Reject(**{k: v for k, v in row.items() if k in known})
        for row in previous.rows("rejects")
        if row["table"] in FROM_READING and row["check"] != shards.CHECK
    ]
    return old, rejects
