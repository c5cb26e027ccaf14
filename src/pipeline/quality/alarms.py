"""Whether a new version looks odd: sentences for the operator. None is the normal case, so a sentence deserves a look.

What a night brought is held against what was there before. A cumulative table hardly moves in one night, so shares are
taken over the new articles alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.records import FROM_READING

ENOUGH = 20
"""Articles or rows below which a share says nothing."""
UNREADABLE = 0.05
"""Share of what was read that may be unusable."""
FURTHER = 0.2
"""How far a share among new articles may lie above the share among older ones."""
UNCOMPARED = 0.5
"""How high such a share may be where there are too few older articles to compare with."""
FEWER = 0.1
"""Share of a table's rows that may be gone since the version before."""
PLACE = ["raw_path", "raw_line"]


def warnings(tables: Mapping[str, pd.DataFrame], version: str, before: Mapping[str, int]) -> list[str]:
    """What is odd about a version, one sentence each.

    Args:
        tables: the version's tables, ``rejects`` included.
        version: its name; rows with this ``first_version`` are new.
        before: rows per table in the version before; empty for a first version.
    """
    return [*_left_out(tables, version), *_drift(tables, version), *_shrunk(tables, before)]


def _left_out(tables: Mapping[str, pd.DataFrame], version: str) -> list[str]:
    rejects, articles = tables["rejects"], tables["articles"]
    new, fresh = rejects[rejects["first_version"] == version], articles[articles["first_version"] == version]
    reading = new["table"].isin(FROM_READING)
    kept = pd.MultiIndex.from_frame(articles[PLACE])  # a reject may also be of one value of an article that is kept
    unread = int((~pd.MultiIndex.from_frame(new.loc[reading, PLACE]).isin(kept)).sum())
    invalid = new.loc[~reading, "table"].value_counts()
    uncoded = int((fresh["coding_status"] == "failed").sum())
    total = unread + len(fresh)
    found = []
    if total >= ENOUGH and unread / total > UNREADABLE:
        found.append(f"{unread:,} of {total:,} new records could not be used ({unread / total:.0%}): see rejects.")
    if uncoded:
        found.append(f"Coding failed on {uncoded:,} of {len(fresh):,} new articles: see rejects.")
    if len(invalid):
        told = ", ".join(f"{name} {n:,}" for name, n in sorted(invalid.items(), key=lambda pair: str(pair[0])))
        found.append(f"Rows failed validation and were left out ({told}): see rejects.")
    return found


def _drift(tables: Mapping[str, pd.DataFrame], version: str) -> list[str]:
    articles = tables["articles"]
    coded = articles[articles["coding_status"] == "coded"]
    reported = coded["article_id"].isin(tables["event_mentions"]["article_id"])
    measures = (
        ("new articles have no publication date", articles, articles["published_at"].isna()),
        ("new articles name no outlet", articles, articles["source"].isna()),
        ("new articles are in a language without a model", articles, articles["coding_status"] == "no model"),
        ("new articles are copies of others", articles, articles["coding_status"] == "copy"),
        ("new coded articles hold no event", coded, ~reported),
    )
    found = []
    for what, among, holds in measures:
        is_new = among["first_version"] == version
        new, old = holds[is_new], holds[~is_new]
        if len(new) < ENOUGH:
            continue
        share, limit, told = new.mean(), UNCOMPARED, ""
        if len(old) >= ENOUGH:
            limit, told = old.mean() + FURTHER, f", against {old.mean():.0%} of those before"
        if share > limit:
            found.append(f"{share:.0%} of {len(new):,} {what}{told}.")
    return found


def _shrunk(tables: Mapping[str, pd.DataFrame], before: Mapping[str, int]) -> list[str]:
    found = []
    for name, rows in before.items():
        now = len(tables[name]) if name in tables else 0
        if name != "rejects" and rows >= ENOUGH and now < rows * (1 - FEWER):
            found.append(f"{name} has {now:,} rows, {1 - now / rows:.0%} fewer than in the version before.")
    return found
