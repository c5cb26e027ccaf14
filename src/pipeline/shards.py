"""One shard of work, and the processes that do it.

A worker is a process that loads the language model once and keeps it. It reads stored parses and writes what it made to
the store itself, so only file names travel back, and a run that was killed finds its finished shards again.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType

from pipeline import annotate, chain, knowledge, store
from pipeline.errors import RunFailedError
from pipeline.ids import sha256_text
from pipeline.records import Article


@dataclass(slots=True)
class Shard:
    """Articles to be coded together.

    Attributes:
        articles: all in one language.
        root: the store, ``output/.store``.
        code_version: what the run was begun with.
        parses: where each article's parse lies (pack, position), or None when they have to be parsed.
        codebook: the files of somebody's own codebook, for the worker to use.
    """

    articles: list[Article]
    root: Path
    code_version: str
    parses: list[tuple[Path, int]] | None = None
    codebook: Mapping[str, str] = field(default_factory=lambda: dict(knowledge.custom()))

    @property
    def words(self) -> int:
        """Words in the shard's articles."""
        return sum(a.word_count for a in self.articles)


@dataclass(slots=True)
class Done:
    """What became of a shard: the pack with its coded tables, how many articles were parsed, and what was damaged."""

    pack: Path
    articles: int
    parsed: int
    damaged: list[str] = field(default_factory=list)


def coded_key(article: Article) -> str:
    """The key of one article's coded rows: every value that coding reads; the code version is the shelf's."""
    dates = (article.published_at.isoformat() if article.published_at else None, article.dateline_date)
    read = (
        article.text_sha256,
        article.language,
        article.source,
        article.body_start,
        article.dateline,
        *map(str, dates),
    )
    return f"{article.article_id}:{sha256_text(repr(read))[:16]}"


def parse_key(article: Article) -> str:
    """The key of one article's parse."""
    return store.parse_key(article.text_sha256, article.body_start)


def code(shard: Shard) -> Done:
    """Code one shard and store the result; parse first where no parse is stored, and store that too.

    Raises:
        RunFailedError: the code on disk is no longer that of the run: rows of two codes would be mixed.
    """
    knowledge.use(shard.codebook)
    if chain.code_version() != shard.code_version:
        raise RunFailedError("the code or its knowledge changed while the run was going; start the run again")
    language = shard.articles[0].language or "en"
    parses = store.parses(shard.root, annotate.model_version(language))
    packed = _stored(shard, parses, language)
    result = chain.code_shard(shard.articles, packed)
    if result.docs is not None:
        parses.put([parse_key(a) for a in shard.articles], result.docs)
    shelf = store.coded(shard.root, shard.code_version)
    pack = shelf.put([coded_key(a) for a in shard.articles], store.pack_tables(result.tables))
    return Done(pack, len(shard.articles), result.parsed, parses.damaged)


def _stored(shard: Shard, shelf: store.Shelf, language: str) -> bytes | None:
    """The shard's parses in the order of its articles, packed; None when there are none or one is damaged."""
    if shard.parses is None:
        return None
    payloads: dict[Path, bytes] = {}
    for path in dict.fromkeys(path for path, _ in shard.parses):
        try:
            payloads[path] = shelf.get(path)
        except store.DamagedPackError as error:
            shelf.set_aside(path, str(error))
    if shelf.damaged:
        return None
    docs = {path: list(annotate.from_bytes(data, language)) for path, data in payloads.items()}
    packer = annotate.Packer()
    if len(docs) == 1:
        path, only = next(iter(docs.items()))
        if [position for _, position in shard.parses] == list(range(len(only))):
            return payloads[path]
    for path, position in shard.parses:
        packer.add(docs[path][position])
    return packer.to_bytes()


class Workers:
    """Processes that code shards, started when first needed and replaced when one dies."""

    def __init__(self, count: int):
        self.count = count
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def code(self, shard: Shard) -> Done:
        """Have one shard coded; blocks until it is done.

        Raises:
            BrokenProcessPool: a worker died (out of memory, killed). The next call starts new ones.
        """
        with self._lock:
            if self._pool is None:
                spawn = multiprocessing.get_context("spawn")  # fork would copy Prefect's threads and locks
                self._pool = ProcessPoolExecutor(self.count, mp_context=spawn, initializer=_start)
            pool = self._pool
        try:
            return pool.submit(code, shard).result()
        except BrokenProcessPool:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            pool.shutdown(wait=False)
            raise


def _start() -> None:
    """Make a worker end with its parent: a pool's processes hold both ends of their queue and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
