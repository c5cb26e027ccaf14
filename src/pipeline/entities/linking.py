"""Bearers of names → ids and the table of entities."""

from __future__ import annotations

import pandas as pd

from pipeline.entities.bearers import Bearer, find_bearers, join_variants
from pipeline.entities.rows import Rows
from pipeline.ids import stable_id

COLUMNS = (
    *("entity_id", "name", "entity_type", "country_code", "sector_code", "role", "aliases", "reference_id"),
    *("first_seen", "last_seen", "mention_count", "article_count"),
)


def link(local: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Link the clusters of articles to entities.

    Args:
        local: one row per article cluster: ``article_id, cluster, name, entity_type, country_code, sector_code, role,
            reference_id, aliases, mention_count, published_at``.

    Returns:
        The entity id of each row (index of ``local``), and the entities by id. The order of the rows does not matter.
    """
    rows = Rows(local)
    bearers = find_bearers(rows)
    join_variants(rows, bearers)
    ids = [""] * len(local)
    roots: dict[int, Bearer] = {}
    for b in bearers:
        root = b.root()
        roots[id(root)] = root
        if root is not b:
            root.rows += b.rows
    named: dict[str, Bearer] = {}
    for root in sorted(roots.values(), key=lambda b: (b.kind, b.key, b.first, b.country or "", b.family or "")):
        identity = stable_id("ent", root.kind, root.key, None)
        if identity in named:
            identity = stable_id("ent", root.kind, root.key, root.country)
        if identity in named:
            identity = stable_id("ent", root.kind, root.key, f"{root.country or ''}/{root.family or ''}")
        if identity in named:
            named[identity].rows += root.rows
        else:
            named[identity] = root
        for i in root.rows:
            ids[i] = identity
    table = pd.DataFrame(
        [_entity(rows, identity, named[identity]) for identity in sorted(named)],
        columns=list(COLUMNS),
    )
    for column in ("first_seen", "last_seen"):
        table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
    for column in ("name", "entity_type", "country_code", "sector_code", "role", "reference_id"):
        table[column] = table[column].astype("string")
    for column in ("mention_count", "article_count"):
        table[column] = table[column].astype("Int64")
    return pd.Series(ids, index=local.index, name="entity_id", dtype="object"), table


def _entity(rows: Rows, identity: str, b: Bearer) -> tuple[object, ...]:
    members = sorted(b.rows, key=lambda i: (rows.day[i], rows.article[i], rows.key[i], rows.name[i]))
    counts: dict[str, int] = {}
    for i in members:
        counts[rows.name[i]] = counts.get(rows.name[i], 0) + rows.mentions[i]
    full = [n for n in counts if " " in n] if b.kind == "person" else []
    name = min(full or counts, key=lambda n: (-counts[n], -len(n), n))
    names = {a for i in members for a in rows.aliases[i]} | set(counts)
    dated = [w for i in members if (w := rows.when[i]) is not None]

    def latest(values: list[str | None]) -> str | None:
        return next((v for i in reversed(members) if (v := values[i]) is not None), None)

    return (
        *(identity, name, b.kind, latest(rows.country), latest(rows.sector), latest(rows.role)),
        *(sorted(names - {name}), latest(rows.reference)),
        *(min(dated, default=None), max(dated, default=None)),
        *(sum(rows.mentions[i] for i in members), len({rows.article[i] for i in members})),
    )
