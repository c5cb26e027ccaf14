"""One report of an event as plain values, read from the tables once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from pipeline.happenings.kinship import NOTHING, Opening, openings

LEAD_SENTENCES = 3
"""What an article reports in so many first sentences is what it is about."""

_DEFINITE = re.compile(r"(?:\b(?:the|this|that|these|those)|['’]s)\s+(?:[\w-]+\s+)?$", re.IGNORECASE)
_BEFORE = 40  # characters before a trigger that are looked at for its determiner
_NOUN_RULE = re.compile(r"\.n(?:\.\d+)?$")
_WORD = re.compile(r"[^\W\d_][\w'’-]{3,}")


@dataclass(slots=True, frozen=True)
class Actor:
    """An actor of a report. ``name`` is the words as printed; ``kind`` the entity's type, None without an entity."""

    entity_id: str | None
    country: str | None
    sector: str | None
    name: str
    kind: str | None

    @property
    def known(self) -> bool:
        """Whether anything but words says who it is."""
        return self.entity_id is not None or self.country is not None or self.sector is not None


@dataclass(slots=True)
class Report:
    """One row of ``event_mentions`` with its actors.

    Attributes:
        row: position in the frame.
        published: publication of its article, None where unknown.
        day: the day that places it in time for blocking, an ordinal: its date, failing that its publication.
        words: content words of its clause.
        trigger: beginning of its trigger word.
        definite: whether a noun with a definite determiner tells of it: "the attack", "Friday's raid".
        lead: whether it stands in the first sentences of its article.
        opening: the names that its article opens with.
    """

    row: int
    mention_id: str
    article_id: str
    char_start: int
    event_type: str
    event_mode: str | None
    modality: str
    is_historical: bool
    published: datetime | None
    date_start: date | None
    date_end: date | None
    date_precision: str
    place_id: str | None
    place_precision: str | None
    place_country: str | None
    killed: int | None
    injured: int | None
    trigger: str
    words: frozenset[str]
    confidence: float
    day: int | None = None
    definite: bool = False
    lead: bool = False
    opening: Opening = NOTHING
    sources: list[Actor] = field(default_factory=list)
    targets: list[Actor] = field(default_factory=list)


def values(frame: pd.DataFrame, column: str) -> list[object]:
    """A column as Python values with None for missing; all None where the frame has no such column."""
    if column not in frame:
        return [None] * len(frame)
    series = frame[column].astype(object)
    return [None if missing else value for value, missing in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _text(found: object) -> str | None:
    return None if found is None else str(found)


def _day(found: object) -> date | None:
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def _number(found: object) -> int | None:
    return None if found is None else int(float(str(found)))  # Arrow integers with nulls arrive as floats


def read_reports(
    event_mentions: pd.DataFrame,
    event_actors: pd.DataFrame,
    articles: pd.DataFrame,
    entities: pd.DataFrame,
    places: pd.DataFrame,
) -> list[Report]:
    """All reports in the canonical order: publication (unknown last), article, position, id."""
    article_ids = [str(a) for a in values(articles, "article_id")]
    texts = {a: str(t or "") for a, t in zip(article_ids, values(articles, "text"), strict=True)}
    titles = zip(article_ids, values(articles, "title"), strict=True)
    about = openings({a: f"{title or ''}\n{texts[a]}" for a, title in titles})
    published = dict(zip(values(articles, "article_id"), values(articles, "published_at"), strict=True))
    country_of = dict(zip(values(places, "place_id"), values(places, "country_code"), strict=True))
    columns = {c: values(event_mentions, c) for c in event_mentions.columns}
    reports: dict[str, Report] = {}
    for row in range(len(event_mentions)):
        here = {c: column[row] for c, column in columns.items()}
        at = published.get(here["article_id"])
        moment = at if isinstance(at, datetime) else None
        start, end = int(str(here["char_start"])), int(str(here["char_end"]))
        text, trigger_start = texts.get(str(here["article_id"]), ""), int(str(here["trigger_start"]))
        noun = _NOUN_RULE.search(str(here["rule_id"])) is not None
        first = _day(here["date_start"])
        report = Report(
            row=row,
            mention_id=str(here["event_mention_id"]),
            article_id=str(here["article_id"]),
            char_start=start,
            event_type=str(here["event_type"]),
            event_mode=_text(here["event_mode"]),
            modality=str(here["modality"]),
            is_historical=bool(here["is_historical"]),
            published=moment,
            date_start=first,
            date_end=_day(here["date_end"]) or first,
            date_precision=_text(here["date_precision"]) or "none",
            place_id=_text(here["place_id"]),
            place_precision=_text(here["place_precision"]),
            place_country=_text(country_of.get(here["place_id"])),
            killed=_number(here["killed"]),
            injured=_number(here["injured"]),
            trigger=str(here["trigger_text"]).lower()[:5],
            words=frozenset(w.lower()[:8] for w in _WORD.findall(text[start:end])),
            confidence=float(str(here["confidence"])),
            definite=noun and _DEFINITE.search(text[max(0, trigger_start - _BEFORE) : trigger_start]) is not None,
            lead=int(str(here["sentence_index"])) < LEAD_SENTENCES,
            opening=about.get(str(here["article_id"]), NOTHING),
        )
        if first is not None:
            report.day = first.toordinal()
        elif moment is not None:
            report.day = moment.toordinal()
        reports[report.mention_id] = report
    _add_actors(reports, event_actors, entities)
    return sorted(reports.values(), key=_order)


def _order(report: Report) -> tuple[bool, float, str, int, str]:
    known = report.published is not None
    moment = report.published.timestamp() if report.published is not None else 0.0
    return not known, moment, report.article_id, report.char_start, report.mention_id


def _add_actors(reports: dict[str, Report], event_actors: pd.DataFrame, entities: pd.DataFrame) -> None:
    kinds = dict(zip(values(entities, "entity_id"), values(entities, "entity_type"), strict=True))
    names = ("event_mention_id", "role", "position", "entity_id", "country_code", "sector_code", "actor_text")
    rows = zip(*(values(event_actors, c) for c in names), strict=True)
    for mention, role, _, entity, country, sector, text in sorted(
        rows, key=lambda r: (str(r[0]), str(r[1]), int(str(r[2])))
    ):
        report = reports.get(str(mention))
        if report is not None:
            actor = Actor(_text(entity), _text(country), _text(sector), str(text), _text(kinds.get(entity)))
            (report.sources if role == "source" else report.targets).append(actor)
