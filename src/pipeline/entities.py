"""Clusters of all articles → entities."""

from __future__ import annotations

import pandas as pd

from pipeline.ids import stable_id


def link(local: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Link clusters across articles."""
    frame = local.copy()
    frame["entity_id"] = [
        stable_id("ent", t, n.casefold(), None) for t, n in zip(frame["entity_type"], frame["name"], strict=True)
    ]
    ids = frame["entity_id"].astype("string")
    table = frame.groupby("entity_id", sort=True).agg(
        name=("name", "first"), entity_type=("entity_type", "first"), country_code=("country_code", "first"),
        sector_code=("sector_code", "first"), role=("role", "last"), aliases=("aliases", "first"),
        reference_id=("reference_id", "first"), first_seen=("published_at", "min"), last_seen=("published_at", "max"),
        mention_count=("mention_count", "sum"), article_count=("article_id", "nunique"),
    ).reset_index()
    return ids, table
