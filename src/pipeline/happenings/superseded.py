"""Event ids that an earlier version published and that are merged away now: they stay, and say what replaces them."""

from __future__ import annotations

import pandas as pd


def superseded(
    before: pd.DataFrame, reports_before: pd.DataFrame, events: pd.DataFrame, reports: pd.DataFrame
) -> pd.DataFrame:
    """Rows of earlier events whose reports are told by another event now.

    An id whose reports are gone altogether (coded otherwise by newer code) is withdrawn and gets no row; CHANGES.md
    lists it as removed. Such rows depend on what was published before; every other row depends on the articles alone.

    Args:
        before, reports_before: ``events`` and ``event_mentions`` of the previous version.
        events, reports: the same tables now; ``reports`` with event_id.

    Returns:
        Rows in the columns of ``before`` with ``superseded_by`` set, by event_id; counts are those last published.
    """
    now = reports.set_index("event_mention_id")["event_id"]
    told = reports_before.sort_values("event_mention_id", kind="stable")
    heir = told.assign(heir=told["event_mention_id"].map(now)).dropna(subset="heir").groupby("event_id")["heir"].first()
    gone = before[~before["event_id"].isin(events["event_id"])]
    successor = gone["event_id"].map(heir)
    # an id that was superseded before follows its successor to where that is now
    kept = set(events["event_id"])
    onward = gone["superseded_by"].map(lambda old: old if old in kept else heir.get(old), na_action="ignore")
    successor = successor.where(successor.notna(), onward)
    rows = gone.assign(superseded_by=successor)
    return rows[rows["superseded_by"].notna()].sort_values("event_id", ignore_index=True)
