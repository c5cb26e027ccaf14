"""One happening, many reports: event mentions merged within and across articles."""

from __future__ import annotations

import pandas as pd

from pipeline.happenings.clusters import cluster
from pipeline.happenings.reports import read_reports
from pipeline.happenings.rows import open_lookup, row_of
from pipeline.happenings.superseded import superseded
from pipeline.ids import stable_id

__all__ = ["link_events", "superseded"]

COLUMNS = (
    *("event_id", "event_type", "event_mode", "plover_type", "cameo_code", "quad_class", "goldstein", "contexts"),
    *("modality", "date_start", "date_end", "date_precision", "source_entity_id", "source_name", "source_country"),
    *("source_sector", "target_entity_id", "target_name", "target_country", "target_sector", "place_id", "latitude"),
    *("longitude", "place_country", "killed", "injured", "arrested", "displaced", "mention_count", "article_count"),
    *("outlet_count", "first_published_at", "last_published_at", "confidence", "superseded_by"),
)


def link_events(
    event_mentions: pd.DataFrame,
    event_actors: pd.DataFrame,
    articles: pd.DataFrame,
    entities: pd.DataFrame,
    places: pd.DataFrame,
) -> tuple[pd.Series[str], pd.DataFrame]:
    """Say which reports tell of one happening (coding rules, "One happening, many reports").

    Reports merge when type, modality and mode agree, no actor, date or place contradicts, and actors, dates, places and
    wording together give enough evidence (:mod:`pipeline.happenings.likeness`). An undated report is placed by its
    article's publication for this decision only; no date is written that no report states.

    Args:
        event_mentions: as in the contract, without event_id.
        event_actors: as in the contract.
        articles: article_id, text, source, published_at, duplicate_of.
        entities: entity_id, name, entity_type.
        places: place_id, latitude, longitude, country_code.

    Returns:
        The event_id of each event mention, with the index of ``event_mentions``, and the table ``events`` sorted by
        event_id. The id hashes the event_mention_id of the earliest report by publication, article and position.
        The order of rows in the tables changes nothing.
    """
    reports = read_reports(event_mentions, event_actors, articles, entities, places)
    look = open_lookup(event_mentions, articles, entities, places)
    ids: list[str] = [""] * len(event_mentions)
    rows = []
    for happening in cluster(reports):
        event_id = stable_id("evt", happening.reports[0].mention_id)
        for report in happening.reports:
            ids[report.row] = event_id
        rows.append(row_of(event_id, happening, look))
    rows.sort(key=lambda r: str(r["event_id"]))
    events = pd.DataFrame({c: pd.Series([r[c] for r in rows], dtype=object) for c in COLUMNS})
    return pd.Series(ids, index=event_mentions.index, dtype="str"), events
