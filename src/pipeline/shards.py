"""One shard of work, and what is kept of it.

A worker loads the language model once and keeps it. It reads stored parses and writes what it made to the store itself,
so only file names travel back, and a run that was killed finds its finished shards again.
"""

from __future__ import annotations

import re
import socket
import threading
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from pipeline import annotate, chain, knowledge, places, store
from pipeline.errors import DatelineError, RunFailedError
from pipeline.ids import sha256_text
from pipeline.records import Article, InMemory, Reject

CHECK = "coding"
"""The check of ``rejects`` that an article fails when it cannot be coded."""
REFUSED = "refused"
"""The one table in the stored pack of such an article."""
LONGEST = 300  # characters of an error's text
_AT_WORK = threading.Lock()  # spaCy's vocabulary is not made for two threads, which a Dask worker may have


@dataclass(slots=True)
class Shard:
    """Articles to be coded together.

    Attributes:
        articles: all in one language.
        root: the store, ``output/.store``.
        code_version: what the run was begun with.
        parses: where each article's parse lies (pack, position), or None when they have to be parsed.
        codebook: the files of somebody's own codebook, for the worker to use.
        gazetteer: somebody's own gazetteer, likewise.
    """

    articles: list[Article]
    root: Path
    code_version: str
    parses: list[tuple[Path, int]] | None = None
    codebook: Mapping[str, str] = field(default_factory=lambda: dict(knowledge.custom()))
    gazetteer: Path | None = field(default_factory=places.built_gazetteer)

    @property
    def words(self) -> int:
        """Words in the shard's articles."""
        return sum(a.word_count for a in self.articles)

    def in_memory(self) -> Shard:
        """The same with every text, for a worker, which may be on another machine.

        Raises:
            RunFailedError: a text cannot be read.
        """
        return replace(self, articles=[replace(a, wording=InMemory(a.text, a.raw_sha256)) for a in self.articles])


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


def plan(
    articles: Iterable[Article], root: Path, words: int, refused: Refused, again: bool = False
) -> tuple[list[dict[str, pa.Table]], list[Shard], list[str]]:
    """Find what the store already holds and cut the rest into shards, those with stored parses apart from others.

    Args:
        articles: those to be coded.
        root: the store.
        words: words in a shard.
        refused: told of those that could not be coded before.
        again: try those again instead, each by itself.

    Returns:
        Coded tables by pack; shards; what was found damaged and is computed again, one sentence each.

    Raises:
        RunFailedError: more could not be coded than the run bears.
    """
    root, version = root.absolute(), chain.code_version()  # a worker may live in another folder
    wanted = {coded_key(a): a for a in articles}
    shelf = store.coded(root, version)
    packs, left = shelf.cover(wanted)
    parts, suspects = [], []
    for pack in packs:
        try:
            tables = store.unpack_tables(shelf.get(pack.path))
        except store.DamagedPackError as error:
            shelf.set_aside(pack.path, str(error))
            left.extend(pack.keys)
            continue
        if REFUSED not in tables:
            parts.append(tables)
        elif again:
            suspects.append(wanted[pack.keys[0]])
        else:
            refused.add(wanted[pack.keys[0]], tables[REFUSED]["reason"][0].as_py())
    by_language: dict[str, tuple[list[Article], list[Article]]] = {}
    for group, found in enumerate((suspects, [wanted[key] for key in left])):
        for article in found:
            by_language.setdefault(article.language or "en", ([], []))[group].append(article)
    cut: list[Shard] = []
    damaged = shelf.damaged
    for language, (alone, others) in sorted(by_language.items()):
        parses = store.parses(root, annotate.model_version(language))
        where = parses.find()
        damaged.extend(parses.damaged)
        parsed = [a for a in others if parse_key(a) in where]
        unparsed = [a for a in others if parse_key(a) not in where]
        for shard in (*([a] for a in alone), *chain.shards(parsed, words), *chain.shards(unparsed, words)):
            known = [where[key] for key in map(parse_key, shard) if key in where]
            cut.append(Shard(shard, root, version, known if len(known) == len(shard) else None))
    return parts, cut, damaged


def code(shard: Shard) -> Done:
    """Code one shard and store the result; parse first where no parse is stored, and store that too.

    Raises:
        RunFailedError: this worker does not have the code or the storage of the run: rows of two codes would be mixed,
            or rows written where nobody finds them.
        CodingError: the code failed on one of the articles.
        OSError: the store cannot be read or written.
    """
    if not shard.root.parent.is_dir():
        raise RunFailedError(
            f"the worker on {socket.gethostname()} does not see '{shard.root.parent}': on a cluster, --output must lie"
            " on storage that every machine mounts at the same path"
        )
    knowledge.use(shard.codebook)
    places.use_gazetteer(shard.gazetteer)
    if chain.code_version() != shard.code_version:
        raise RunFailedError(
            f"the worker on {socket.gethostname()} has another code or knowledge than the run: it changed while the run"
            " was going, or another version is installed there; start the run again with the same on all machines"
        )
    language = shard.articles[0].language or "en"
    parses = store.parses(shard.root, annotate.model_version(language))
    packed = _stored(shard, parses, language)
    with _AT_WORK, _Explained():
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


class CodingError(DatelineError):
    """The code failed on an article. The message is the error and where it was raised, as ``rejects`` tells it."""


class _Explained:
    """Turns any error of the code into a :class:`CodingError`, which survives the way back from a worker.

    Not the storage's errors, which may pass, nor those that dateline raises on purpose.
    """

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, OSError | DatelineError):
            raise CodingError(explained(error)) from None


def explained(error: BaseException) -> str:
    """An error in one line: what it says, then its way through our code to where it was raised.

    The same on every machine: modules instead of files, no addresses in memory.
    """
    said = "".join(traceback.format_exception_only(error))
    way = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ][1:]  # the first is where this was called
    ours = [step for step in way[:-2] if step.startswith("pipeline.")]
    told = " → ".join([*ours, *way[-2:]])
    said = " ".join(re.sub(r" at 0x[0-9a-f]+", "", said).split())
    return f"{said[:LONGEST]} (at {told})" if told else said[:LONGEST]


class Refused:
    """Articles that cannot be coded, and how many of them a run bears.

    Args:
        rows: articles of the version to come.
        share: the run fails when a larger share of them is refused.
    """

    def __init__(self, rows: int = 0, share: float = 1.0):
        self.reasons: dict[str, str] = {}
        self._rows = rows
        self._share = share

    def add(self, article: Article, reason: str) -> None:
        """Note an article that cannot be coded.

        Raises:
            RunFailedError: that is one too many.
        """
        self.reasons[article.article_id] = reason
        if len(self.reasons) > self._share * self._rows:
            raise RunFailedError(
                f"{len(self.reasons)} of {self._rows} articles cannot be coded, more than the {self._share:.0%} that"
                f" --max-rejected-share allows; nothing was published, and what was coded is kept. {_named(article)}:"
                f" {reason}"
            )

    def store(self, shelf: store.Shelf, articles: Iterable[Article]) -> list[Reject]:
        """Keep the reasons beside the coded rows, so that the next run does not search again; returns the rejects."""
        rejects = []
        for article in articles:
            if reason := self.reasons.get(article.article_id):
                article.coding_status = "failed"
                shelf.put([coded_key(article)], store.pack_tables({REFUSED: pa.table({"reason": [reason]})}))
                about = (article.article_id, CHECK, None, None, f"{_named(article)}: {reason}")
                rejects.append(Reject("articles", *about, article.raw_path, article.raw_line))
        return rejects


def _named(article: Article) -> str:
    line = f" line {article.raw_line}" if article.raw_line else ""
    return f"{article.raw_path}{line}" if article.raw_path else article.article_id
