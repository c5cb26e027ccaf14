"""One happening's row: what its reports say together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.happenings.clusters import Happening
from pipeline.happenings.likeness import MUTUAL
from pipeline.happenings.reports import Actor, Report, values

PRECISIONS = ("day", "week", "month", "quarter", "year")
PLACES = ("facility", "city", "feature", "admin2", "admin1", "country", "region")
MAX_CONFIDENCE = 0.99
_TOGETHER = MUTUAL | {"SUPPORT", "ASSAULT"}
"""Types that several do among themselves when nobody else is named: who meets, signs or clashes."""
_COPIED = ("event_mode", "plover_type", "cameo_code", "quad_class", "goldstein")
_TOLLS = ("killed", "injured", "arrested", "displaced")


@dataclass(slots=True)
class Lookup:
    """Columns of the tables by row or id."""

    mentions: dict[str, list[object]]
    names: dict[object, object]
    places: dict[object, tuple[object, object, object]]
    outlets: dict[object, object]
    copies: frozenset[object]


def open_lookup(
    event_mentions: pd.DataFrame, articles: pd.DataFrame, entities: pd.DataFrame, places: pd.DataFrame
) -> Lookup:
    """Read the columns that rows are made from."""
    article_ids = values(articles, "article_id")
    return Lookup(
        mentions={c: values(event_mentions, c) for c in (*_COPIED, *_TOLLS, "contexts")},
        names=dict(zip(values(entities, "entity_id"), values(entities, "name"), strict=True)),
        places={
            p: (lat, lon, country)
            for p, lat, lon, country in zip(
                *(values(places, c) for c in ("place_id", "latitude", "longitude", "country_code")), strict=True
            )
        },
        outlets=dict(zip(article_ids, values(articles, "source"), strict=True)),
        copies=frozenset(
            a for a, d in zip(article_ids, values(articles, "duplicate_of"), strict=True) if d is not None
        ),
    )


def row_of(event_id: str, happening: Happening, look: Lookup) -> dict[str, object]:
    """The row of ``events``.

    Codes come together from one report, the surest that states a mode; source and target come together from the report
    that names most. The date is the most precise one, the place likewise. A toll is the figure of the latest report
    that has one, as tolls are corrected with time. Confidence is 1 - Π(1 - c) over each article's surest report, at
    most 0.99.
    """
    reports = happening.reports
    counted = [r for r in reports if r.article_id not in look.copies] or reports[:1]
    chief = max(enumerate(reports), key=lambda p: (p[1].event_mode is not None, p[1].confidence, -p[0]))[1]
    row: dict[str, object] = {"event_id": event_id, "event_type": chief.event_type, "modality": chief.modality}
    for column in _COPIED:
        row[column] = look.mentions[column][chief.row]
    row["contexts"] = sorted({c for r in reports for c in _list(look.mentions["contexts"][r.row])})
    dated = [r for r in reports if r.date_precision in PRECISIONS and r.date_start is not None]
    when = min(dated, key=lambda r: PRECISIONS.index(r.date_precision), default=None)
    row["date_start"] = when.date_start if when else None
    row["date_end"] = when.date_end if when else None
    row["date_precision"] = when.date_precision if when else "none"
    source, target = _actors(reports)
    for side, actor in (("source", source), ("target", target)):
        row[f"{side}_entity_id"] = actor.entity_id if actor else None
        row[f"{side}_name"] = (look.names.get(actor.entity_id) or actor.name) if actor else None
        row[f"{side}_country"] = actor.country if actor else None
        row[f"{side}_sector"] = actor.sector if actor else None
    placed = [r for r in reports if r.place_id is not None]
    where = min(
        placed, key=lambda r: PLACES.index(r.place_precision) if r.place_precision in PLACES else 9, default=None
    )
    row["place_id"] = where.place_id if where else None
    latitude, longitude, country = look.places.get(where.place_id, (None,) * 3) if where else (None,) * 3
    row["latitude"], row["longitude"], row["place_country"] = latitude, longitude, country
    for column in _TOLLS:
        row[column] = next((v for r in reversed(reports) if (v := look.mentions[column][r.row]) is not None), None)
    row["mention_count"] = len(counted)
    row["article_count"] = len({r.article_id for r in counted})
    row["outlet_count"] = len({o for r in counted if (o := look.outlets.get(r.article_id)) is not None})
    moments = [r.published for r in reports if r.published is not None]
    row["first_published_at"] = min(moments, default=None)
    row["last_published_at"] = max(moments, default=None)
    row["confidence"] = _confidence(reports)
    row["superseded_by"] = None
    return row


def _list(found: object) -> list[str]:
    return [] if found is None else [str(x) for x in np.asarray(found, dtype=object).tolist()]


def _actors(reports: list[Report]) -> tuple[Actor | None, Actor | None]:
    """First source and first target of the report that names most.

    Where several meet, sign or clash and nobody else is named, the second source stands as target.
    """
    best: tuple[Actor | None, Actor | None] = (None, None)
    best_score = -1
    for report in reports:
        source = report.sources[0] if report.sources else None
        target = report.targets[0] if report.targets else None
        if target is None and report.event_type in _TOGETHER and len(report.sources) > 1:
            target = report.sources[1]
        score = sum(3 if a.entity_id is not None else 2 if a.known else 1 for a in (source, target) if a is not None)
        if score > best_score:
            best, best_score = (source, target), score
    return best


def _confidence(reports: list[Report]) -> float:
    surest: dict[str, float] = {}
    for r in reports:
        surest[r.article_id] = max(surest.get(r.article_id, 0.0), r.confidence)
    doubt = 1.0
    for c in surest.values():
        doubt *= 1.0 - c
    if len(surest) == 1:
        return next(iter(surest.values()))
    return round(min(MAX_CONFIDENCE, 1.0 - doubt), 6)
