"""``pipeline.code``: the whole chain in one call, without Prefect and without a disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline import articles, chain, events
from pipeline.records import Article, Record, Reject
from pipeline.validation import validate


def code(records: Iterable[Mapping[str, object]], *, office_holders: bool = True) -> chain.Tables:
    """Code records and return every table of the contract, validated; the rows are those of ``dateline run``.

    Args:
        records: dictionaries with the record fields of the contract; only ``text`` or ``html`` is required.
        office_holders: False leaves the shipped list of office holders out, so that only the articles say who is who.

    Returns:
        Table name → pandas.DataFrame. What cannot be used, or fails its schema, is in ``rejects`` with the reason.
    """
    statuses = chain.coding_statuses()
    read = [articles.to_article(Record(dict(fields)), statuses) for fields in records]
    prepared, _ = chain.prepare(a for a in read if isinstance(a, Article))
    parts = [chain.code_shard(shard, office_holders=office_holders).tables for shard in chain.shards(prepared)]
    valid = validate(
        chain.assemble(prepared, parts, [x for r in read for x in ([r] if isinstance(r, Reject) else r.doubts)]),
        1.0,
        events.event_modes(),
    )
    return {**valid.tables, "rejects": valid.rejects}
