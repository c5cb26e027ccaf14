"""The one place that composes the rooms: records → articles → article-level tables → all tables of the contract.

Two phases. :func:`code_shard` looks at one article at a time, so shards can run anywhere and their results can be
stored. :func:`assemble` looks across articles: entities, happenings, stories. Both are pure: same input, same rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import pandas as pd
import pyarrow as pa

import schemas
from pipeline import annotate, articles, entities, happenings, knowledge, places, stories
from pipeline.document import CLUSTER, TABLES, add_rows, empty_rows, read
from pipeline.records import CODED, DATES_ONLY, PARSED, Article, Reject

Tables = dict[str, pd.DataFrame]

SHARD_WORDS = 40_000
"""Words in one shard: some six seconds of parsing, long enough to hide the cost of a task, short enough to lose."""


@dataclass(slots=True, frozen=True)
class CodedShard:
    """The article-level tables of one shard, and what had to be parsed for it.

    Attributes:
        tables: name → Arrow table, as in :data:`pipeline.document.TABLES`.
        docs: packed annotations of the shard's articles, in order, when they were parsed now; else None.
        parsed: number of articles that were parsed now.
    """

    tables: dict[str, pa.Table]
    docs: bytes | None
    parsed: int


@cache
def code_version() -> str:
    """First 16 hex digits of the hash over every source and knowledge file of ``pipeline`` and over a codebook and
    a gazetteer of somebody's own: the key of coded rows."""
    digest = hashlib.sha256()

    def walk(folder: Traversable, prefix: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir() and entry.name != "__pycache__":
                walk(entry, f"{prefix}{entry.name}/")
            elif entry.name.endswith((".py", ".csv", ".yml", ".yaml")):
                digest.update(f"{prefix}{entry.name}\n".encode())
                digest.update(entry.read_bytes())

    walk(resources.files("pipeline"), "")
    for name, text in sorted(knowledge.custom().items()):
        digest.update(f"{name}\n{text}".encode())
    digest.update((places.gazetteer_version() or "").encode())
    return digest.hexdigest()[:16]


def prepare(
    found: Iterable[Article], linked: Sequence[Article] = (), index: articles.Index | None = None
) -> tuple[list[Article], int]:
    """Drop repeats, mark copies and earlier versions. Returns the articles by id and the number dropped.

    Args:
        found: articles that are new.
        linked: those of an earlier call by the same code, which are looked at again only where something alike came.
        index: sketches that are known; the others are added.
    """
    merged, dropped = articles.merge([*linked, *found])
    same = {id(article) for article in linked}
    settled = {a.article_id for a in merged if id(a) in same}
    del same
    articles.link_copies(merged, index, settled, coding_statuses())
    return merged, dropped


def coding_statuses() -> dict[str, str]:
    """Language code → ``coding_status`` of its articles, for the languages that are read here."""
    coded = (code for code in annotate.MODELS if annotate.has_model(code))
    return {**dict.fromkeys(annotate.BLANK, DATES_ONLY), **dict.fromkeys(coded, CODED)}


def shards(found: Sequence[Article], words: int = SHARD_WORDS) -> list[list[Article]]:
    """Cut the articles that are to be read into shards of about ``words`` words and one language, by id."""
    cut: list[list[Article]] = []
    size = words
    for article in sorted(
        (a for a in found if a.coding_status in PARSED), key=lambda a: (a.language or "", a.article_id)
    ):
        if size >= words or article.language != cut[-1][-1].language:
            cut.append([])
            size = 0
        cut[-1].append(article)
        size += article.word_count
    return cut


def code_shard(shard: Sequence[Article], packed: bytes | None = None, office_holders: bool = True) -> CodedShard:
    """Parse the articles, or unpack their stored annotations, and code them one by one.

    Args:
        shard: articles of one language, to be coded.
        packed: annotations of exactly these articles in this order, from an earlier :class:`CodedShard`.
        office_holders: False leaves the shipped list of office holders out; then only the articles' words say who holds
            an office.
    """
    tables = empty_rows()
    language = (shard[0].language or "en") if shard else "en"
    if packed is None:
        docs = annotate.annotate((a.text[a.body_start :] for a in shard), language)
        kept = annotate.Packer()
    else:
        docs = annotate.from_bytes(packed, language)
        kept = None
    for article, doc in zip(shard, docs, strict=True):
        if kept is not None:
            kept.add(doc)
        add_rows(read(article, annotate.to_parse(doc, article.text, article.body_start), office_holders), tables)
    return CodedShard(
        tables={name: pa.table(rows, schema=_arrow_schema(name)) for name, rows in tables.items()},
        docs=kept.to_bytes() if kept is not None else None,
        parsed=len(shard) if packed is None else 0,
    )


@cache
def _arrow_schema(table: str) -> pa.Schema:
    """Types of an article-level table: the contract's, but for the columns that only this phase has."""
    own = {CLUSTER: pa.int32(), "name": pa.string(), "mention_count": pa.int64(), "aliases": pa.list_(pa.string())}
    known = schemas.arrow_schema("entities" if table == "clusters" else table)
    return pa.schema(
        [
            pa.field(c, own[c] if c in own else known.field(c).type if c in known.names else pa.string())
            for c in TABLES[table]
        ]
    )


def assemble(
    found: Sequence[Article],
    parts: Iterable[Mapping[str, pa.Table]],
    rejects: Iterable[Reject] = (),
    previous: Mapping[str, pd.DataFrame] | None = None,
) -> Tables:
    """Put the shards together and settle what needs more than one article.

    Args:
        found: all articles, coded or not.
        parts: article-level tables of all shards, in any order.
        rejects: what reading could not use.
        previous: ``events`` and ``event_mentions`` of the version before, whose merged ids stay.

    Returns:
        Every table of the contract, sorted by article (or id), not yet validated.
    """
    parts = list(parts)
    level = {
        name: pa.concat_tables([_arrow_schema(name).empty_table(), *(p[name] for p in parts)]).to_pandas(
            types_mapper={pa.int64(): pd.Int64Dtype()}.get
        )
        for name in TABLES
    }
    for name, frame in level.items():
        order = [c for c in ("article_id", "event_mention_id", "place_id") if c in frame][:1]
        level[name] = frame.sort_values(order, kind="stable", ignore_index=True)
    article_frame = _article_frame(found, level["sentences"])
    clusters = level["clusters"].merge(
        article_frame[["article_id", "published_at"]], on="article_id", how="left", validate="m:1"
    )
    clusters["entity_id"], entity_frame = entities.link(clusters)
    for name, column in (
        ("mentions", "entity_id"),
        ("event_mentions", "attributed_to"),
        ("quotes", "speaker_entity_id"),
    ):
        level[name][column] = _entity_of(level[name], clusters)
    reports = level["event_mentions"]
    actors = level["event_actors"].merge(
        reports[["event_mention_id", "article_id"]], on="event_mention_id", how="left", validate="m:1"
    )
    actors["entity_id"] = _entity_of(actors, clusters)
    _fill_from_entities(actors, clusters)
    place_frame = level["places"].drop_duplicates("place_id", ignore_index=True)
    reports["event_id"], event_frame = happenings.link_events(reports, actors, article_frame, entity_frame, place_frame)
    if previous is not None:
        merged = happenings.superseded(previous["events"], previous["event_mentions"], event_frame, reports)
        event_frame = pd.concat([event_frame, merged.astype(object)], ignore_index=True)
    article_frame["story_id"], story_frame = stories.group_stories(article_frame, level["mentions"], reports)
    built = {
        "articles": article_frame,
        "sentences": level["sentences"],
        "mentions": level["mentions"],
        "entities": entity_frame,
        "places": place_frame,
        "event_mentions": reports,
        "event_actors": actors,
        "events": event_frame,
        "quotes": level["quotes"],
        "stories": story_frame,
        "rejects": pd.DataFrame([asdict(r) for r in rejects], columns=[f.name for f in fields(Reject)]),
    }
    return {name: _typed(name, frame) for name, frame in built.items()}


def _typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    names = schemas.arrow_schema(table).names
    return schemas.frame(table, {c: frame[c] for c in names if c in frame})


def _article_frame(found: Sequence[Article], sentences: pd.DataFrame) -> pd.DataFrame:
    names = schemas.arrow_schema("articles").names
    ordered = sorted(found, key=lambda a: a.article_id)
    frame = schemas.frame("articles", {c: [getattr(a, c) for a in ordered] for c in names})
    counts = sentences.groupby("article_id").size()
    coded = frame["coding_status"].isin(PARSED)
    frame["sentence_count"] = frame["article_id"].map(counts).where(coded).astype("Int64")
    frame.loc[coded, "sentence_count"] = frame.loc[coded, "sentence_count"].fillna(0)
    return frame


def _entity_of(rows: pd.DataFrame, clusters: pd.DataFrame) -> pd.Series[str]:
    """The entity id of each row's cluster, missing where there is none."""
    key = ["article_id", CLUSTER]
    return rows[key].merge(clusters[[*key, "entity_id"]], on=key, how="left", validate="m:1")["entity_id"]


def _fill_from_entities(actors: pd.DataFrame, clusters: pd.DataFrame) -> None:
    """Country and sector that the article does not say, from what articles until its date say of the entity."""
    key = ["article_id", CLUSTER]
    known = entities.known_at(clusters, clusters["entity_id"])
    other = actors[key].merge(clusters[key].join(known), on=key, how="left", validate="m:1")
    for column in ("country_code", "sector_code"):
        actors[column] = actors[column].where(actors[column].notna(), other[column].to_numpy())
