"""What an article could know of its entities: what was said of them until its date."""

from __future__ import annotations

import pandas as pd

from pipeline.entities.rows import Rows


def known_at(local: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """What each article could know of its entities: what it says itself, else the latest said until its date.

    A country is also taken from later articles, for it does not change with an office; a sector and a role are not.
    Where an article has no date, everything counts as earlier.

    Args:
        local: the clusters of all articles, as for :func:`link`.
        ids: their entity ids, as :func:`link` returns them.

    Returns:
        Columns ``country_code``, ``sector_code`` and ``role``, one row per cluster (index of ``local``); None where
        nobody said it.
    """
    rows = Rows(local)
    groups: dict[str, list[int]] = {}
    for i in rows.order:
        groups.setdefault(str(ids.iloc[i]), []).append(i)
    out: dict[str, list[str | None]] = {}
    for column, said, timeless in (
        ("country_code", rows.country, True),
        ("sector_code", rows.sector, False),
        ("role", rows.role, False),
    ):
        filled = list(said)
        for members in groups.values():
            _fill_forward(members, said, filled, rows.day, timeless)
        out[column] = filled
    return pd.DataFrame(out, index=local.index, dtype="object")


def _fill_forward(
    members: list[int], said: list[str | None], filled: list[str | None], day: list[int], timeless: bool
) -> None:
    """Fill the gaps of one entity's rows (by date) with the latest value of the same day or before."""
    value: str | None = None
    at = 0
    for i in members:
        while at < len(members) and (day[members[at]] <= day[i]):
            value = said[members[at]] or value
            at += 1
        if filled[i] is None:
            filled[i] = value
    if timeless:
        first = next((said[i] for i in members if said[i]), None)
        for i in members:
            filled[i] = filled[i] or first
