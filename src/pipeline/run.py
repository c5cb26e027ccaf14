"""What one run has in hand, from its raw files to its valid tables."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from pipeline import chain, raw, shards, validation
from pipeline.progress import Stage
from pipeline.records import Article, Reject
from pipeline.release import Release, Writer


class Run:
    """What one run has in hand. Not a dataclass on purpose: Prefect walks into those, row by row.

    Attributes:
        writer: the right to publish.
        files: the raw files that are new, relative to the raw directory.
        partial: those among them with articles that the run was told to leave for another.
        taken: how many articles came of them, copies included.
        new: how many of these the version before did not hold.
        records: how many records were read from them. fresh: the articles that they make.
        articles: every article of the version to come, old and new. The texts lie in the writer's spool.
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


def code_changed(previous: Release | None) -> bool:
    """Whether the newest version was coded by other code or knowledge than today's."""
    return previous is not None and previous.manifest["code_version"] != chain.code_version()
