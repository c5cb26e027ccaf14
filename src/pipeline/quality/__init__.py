"""Tables → one self-contained HTML page that tells an analyst how good a version is before it is used.

The page asks no other host for anything: styles and drawings are inside it. The same tables and manifest give the same
bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any

import pandas as pd

import schemas
from pipeline.quality import charts
from pipeline.quality.alarms import warnings

__all__ = ["quality_html", "warnings"]

MONTHS = 60
"""Months that the drawing by month shows, up to a year after the latest publication."""
TOP = 20
"""Actors that are listed."""

SHARES: tuple[tuple[str, str, str], ...] = (
    ("articles", "published_at", "articles without a publication date: their relative dates stay unresolved"),
    ("articles", "source", "articles without an outlet"),
    ("events", "source_name", "events without a source"),
    ("events", "target_name", "events without a target"),
    ("events", "date_start", "events whose reports name no date"),
    ("events", "place_id", "events whose reports name no place"),
    ("event_actors", "entity_id", "actors that are no known entity (often unnamed groups)"),
    ("event_actors", "country_code", "actors without a country"),
    ("event_actors", "sector_code", "actors without a sector"),
    ("mentions", "entity_id", "mentions without an entity (times and amounts among them)"),
    ("quotes", "speaker_text", "quotes without a speaker"),
)
"""(table, column, what a null there means)."""

CAUTIONS = (
    "Events count happenings as these articles report them. More events can mean more reporting.",
    "Keep to <code>modality = 'actual'</code> unless you study plans, threats or denials.",
    "Event dates are those the text names. Fall back on the publication date only knowingly.",
    "Places of precision <code>country</code> or <code>region</code> carry a centroid: do not map them as points.",
    "The Goldstein score belongs to the kind of act, not to this act; the quad class is not a scale.",
    "A null country or sector is unknown. It is not the outlet's country and not civilian.",
    "<strong>A promise and what is promised are two rows</strong>, and folding often gives both one "
    "<code>plover_type</code>: “promised to visit” is AGREE and AGREE, “threatened to attack” THREATEN and THREATEN. "
    "Before you splice with series that have no modality, count one of them: for instance distinct "
    "<code>article_id</code>, <code>sentence_index</code>, <code>plover_type</code> and source over "
    "<code>event_mentions</code>. Hypothetical acts are not folded: a possible attack is ASSAULT there, like one that "
    "happened.",
)


def quality_html(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> str:
    """The quality page of a version.

    Args:
        tables: the version's tables, ``rejects`` included; a missing table counts as empty.
        manifest: what is known of the version; ``version``, ``previous``, ``schema_version``, ``code_version``,
            ``raw`` and ``warnings`` are shown where they are given.
    """
    held = {name: tables[name] if name in tables else schemas.empty(name) for name in schemas.TABLES}
    sections = (
        ("rows", "Rows per table", _rows(held)),
        ("notes", "What to know before you use it", _warned(manifest) + _notes(held)),
        ("types", "Events by type and modality", _types(held["events"])),
        ("months", "By month", _months(held)),
        ("gaps", "What is unknown", _gaps(held)),
        ("actors", "Most frequent actors", _actors(held)),
        ("rejects", "Left out, and why", _rejects(held["rejects"])),
    )
    links = "".join(f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title, _ in sections)
    body = "".join(
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>{told}</section>'
        for anchor, title, told in sections
    )
    version = escape(str(manifest.get("version") or "unpublished"))
    style = resources.files("pipeline.quality").joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Quality of version {version} · dateline</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>Quality of version {version}</h1>{_about(manifest)}"
        f'<nav aria-label="Sections"><ul>{links}</ul></nav></header>\n'
        f"{_tiles(held)}\n{body}\n"
        "<footer>Columns are explained in CODEBOOK.md, differences from the version before in CHANGES.md, both beside "
        "this page. Place data: GeoNames, CC BY 4.0.</footer>\n</main>\n</body>\n</html>\n"
    )


def _about(manifest: Mapping[str, Any]) -> str:
    raw = manifest.get("raw")
    told = [
        f"{label} {escape(str(manifest[key]))}"
        for key, label in (("schema_version", "Schema"), ("code_version", "code"), ("previous", "follows version"))
        if manifest.get(key)
    ]
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        told.append(f"read from {len(raw):,} raw file{'s' if len(raw) != 1 else ''}")
    return f'<p class="soft">{" · ".join(told)}</p>' if told else ""


def _tiles(held: Mapping[str, pd.DataFrame]) -> str:
    live = _live(held["events"])
    shown = (
        (len(held["articles"]), "article", "articles"),
        (int(held["articles"]["duplicate_of"].notna().sum()), "copy among them", "copies among them"),
        (len(live), "event", "events"),
        (int((live["modality"] == "actual").sum()), "actual event", "actual events"),
        (len(held["event_mentions"]), "report of events", "reports of events"),
        (len(held["stories"]), "story", "stories"),
        (len(held["rejects"]), "row left out", "rows left out"),
    )
    tiles = "".join(f"<li><b>{n:,}</b><span>{one if n == 1 else many}</span></li>" for n, one, many in shown)
    return f'<ul class="tiles">{tiles}</ul>'


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _live(events: pd.DataFrame) -> pd.DataFrame:
    return events[events["superseded_by"].isna()]


def _grid(heads: Sequence[str], rows: Sequence[Sequence[object]], *, bar: int | None = None) -> str:
    """An HTML table. Numbers are set right; column ``bar`` holds shares, drawn as bars beside their percentage."""

    def cell(value: object, number: int) -> str:
        if number == bar and isinstance(value, float):
            drawn = f'<td class="bar"><div style="--share:{value:.1%}" aria-hidden="true"></div></td>'
            return f'<td class="n">{value:.1%}</td>{drawn}'
        if isinstance(value, int):
            return f'<td class="n">{value:,}</td>'
        tag = 'th scope="row"' if number == 0 else "td"
        return f"<{tag}>{escape(str(value)) if value is not None else '–'}</{tag.split()[0]}>"

    body = "".join(f"<tr>{''.join(cell(v, i) for i, v in enumerate(row))}</tr>" for row in rows)
    head = "".join(
        f'<th scope="col"{_numeric(rows, i)}>{escape(h)}</th>' + ("<td></td>" if i == bar else "")
        for i, h in enumerate(heads)
    )
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _numeric(rows: Sequence[Sequence[object]], column: int) -> str:
    return ' class="n"' if rows and isinstance(rows[0][column], (int, float)) else ""


def _rows(held: Mapping[str, pd.DataFrame]) -> str:
    left_out = Counter(held["rejects"]["table"].tolist())
    rows = []
    for name, frame in held.items():
        out = left_out[name] if name != "rejects" else 0
        about = " ".join((schemas.TABLES[name].__doc__ or "").split()).split(". ")[0].rstrip(".")
        rows.append((name, len(frame), out, about))
    return _grid(("table", "rows", "left out", "what a row is"), rows)


def _warned(manifest: Mapping[str, Any]) -> str:
    """What the operator is warned about, too."""
    odd = "".join(f'<li class="warn">{escape(str(warning))}</li>' for warning in manifest.get("warnings", ()))
    return f'<p>This version looks odd:</p><ul class="notes">{odd}</ul>' if odd else ""


def _notes(held: Mapping[str, pd.DataFrame]) -> str:
    articles, events = held["articles"], _live(held["events"])
    found: list[str] = []
    status = articles["coding_status"].value_counts()
    if unread := int(status.get("no model", 0)):
        languages = articles.loc[articles["coding_status"] == "no model", "language"].fillna("unknown").value_counts()
        told = ", ".join(
            f"{escape(str(k))} {v:,}" for k, v in sorted(languages.items(), key=lambda x: (-x[1], str(x[0])))
        )
        found.append(
            f"Kept but not coded, as no model for the language is installed: {_counted(unread, 'article')} ({told})."
        )
    if dated := int(status.get("dates only", 0)):
        found.append(
            f"Read for their dates only, as no model for the language is installed: {_counted(dated, 'article')}."
        )
    if broken := int(status.get("failed", 0)):
        found.append(f"Kept but not coded, as the code failed on them (see rejects): {_counted(broken, 'article')}.")
    if copies := int(status.get("copy", 0)):
        found.append(f"Copies of other articles: {copies:,}. They are kept, not coded, and add to no count.")
    if undated := int(articles["published_at"].isna().sum()):
        found.append(
            f"Without a publication date: {_counted(undated, 'article')}. “Next week” has no date there either."
        )
    if len(held["rejects"]):
        rejected = _counted(len(held["rejects"]), "row or raw record", "rows or raw records")
        found.append(f"Left out: {rejected}; the reasons are below.")
    if len(events) and (unreal := int((events["modality"] != "actual").sum())):
        found.append(
            f"Not reported as done: {unreal:,} of {_counted(len(events), 'event')} ({unreal / len(events):.0%})."
        )
    if not len(events):
        found.append("There is no event in this version.")
    warned = "".join(f'<li class="warn">{note}</li>' for note in found)
    counts = [(str(k), int(v)) for k, v in sorted(status.items(), key=lambda x: str(x[0]))]
    coded = _grid(("coding status", "articles"), counts) if counts else ""
    return f'<ul class="notes">{warned}{"".join(f"<li>{c}</li>" for c in CAUTIONS)}</ul>{coded}'


def _figure(drawn: str, told: str, table: str) -> str:
    return (
        f'<figure role="group" aria-label="{escape(told)}">{drawn}</figure>'
        f"<details><summary>The figures as a table</summary>{table}</details>"
    )


def _types(events: pd.DataFrame) -> str:
    live = _live(events)
    if not len(live):
        return "<p>No events to count yet.</p>"
    counts = live.groupby(["event_type", "modality"], sort=True).size().rename("events").reset_index()
    rows = [(str(t), str(m), int(n)) for t, m, n in counts.itertuples(index=False, name=None)]
    table = _grid(("type", "modality", "events"), rows)
    return (
        '<p class="soft">Merged events, superseded ones left out. Only the dark part is reported as done.</p>'
        + _figure(charts.by_type(counts), "Bars: events by type, stacked by modality", table)
    )


def _months(held: Mapping[str, pd.DataFrame]) -> str:
    published = held["articles"]["published_at"].dropna().dt.strftime("%Y-%m")
    happened = _live(held["events"])["date_start"].dropna().map(lambda day: f"{day:%Y-%m}").astype("str")
    named = {"Articles by month of publication": published, "Events by month of their first day": happened}
    counts = pd.concat(
        [
            months.value_counts().sort_index().rename_axis("month").rename("rows").reset_index().assign(what=what)
            for what, months in named.items()
        ]
    )
    if not len(counts):
        return "<p>No dates to count yet.</p>"
    latest = pd.Period(published.max() if len(published) else counts["month"].max(), freq="M")
    first, last = str(latest - MONTHS + 13), str(latest + 12)
    inside = counts[(counts["month"] >= first) & (counts["month"] <= last)]
    outside = int(counts["rows"].sum() - inside["rows"].sum())
    told = '<p class="soft">The second row leaves out events whose reports name no date.'
    if outside:
        lie = _counted(outside, "date lies", "dates lie")
        told += f" Not drawn: {lie} outside {first} to {last}."
    told += "</p>"
    if not len(inside):
        return told
    rows = [
        (str(m), str(w), int(n)) for m, n, w in inside[["month", "rows", "what"]].itertuples(index=False, name=None)
    ]
    return told + _figure(
        charts.by_month(inside), "Bars: articles and events by month", _grid(("month", "what", "rows"), rows)
    )


def _gaps(held: Mapping[str, pd.DataFrame]) -> str:
    rows = []
    for name, column, meaning in SHARES:
        frame = _live(held["events"]) if name == "events" else held[name]
        if len(frame):
            missing = int(frame[column].isna().sum())
            rows.append((meaning, f"{name}.{column}", missing, missing / len(frame)))
    if not rows:
        return "<p>No rows to look at yet.</p>"
    intro = (
        '<p class="soft">Unknown stays null; nothing is filled in. '
        "A high share is a limit of the texts or of the coder.</p>"
    )
    return intro + _grid(("null means", "column", "rows", "share"), rows, bar=3)


def _actors(held: Mapping[str, pd.DataFrame]) -> str:
    live, entities = _live(held["events"]), held["entities"]
    sides = live["source_entity_id"].value_counts(), live["target_entity_id"].value_counts()
    total = sides[0].add(sides[1], fill_value=0)
    top = sorted(total.items(), key=lambda pair: (-pair[1], str(pair[0])))[:TOP]
    if not top:
        return "<p>No actor is a known entity yet.</p>"
    known = entities.drop_duplicates("entity_id").set_index("entity_id")
    named = known.astype(object).where(known.notna(), None).to_dict("index")
    rows = []
    for entity_id, _ in top:
        told = named.get(entity_id, {})
        about = tuple(told.get(c) for c in ("entity_type", "country_code", "sector_code"))
        counts = (int(sides[0].get(entity_id, 0)), int(sides[1].get(entity_id, 0)), int(told.get("article_count") or 0))
        rows.append((told.get("name") or entity_id, *about, *counts))
    intro = (
        '<p class="soft">Entities by events in which they are the first source or target. Events of every modality '
        "are counted: plans, threats and denials as well as what is reported as done.</p>"
    )
    heads = ("actor", "type", "country", "sector", "as source", "as target", "articles")
    return intro + _grid(heads, rows)


def _rejects(rejects: pd.DataFrame) -> str:
    if not len(rejects):
        return "<p>Nothing was left out.</p>"
    named = rejects[["table", "check", "column", "reason"]].astype(object).where(rejects.notna(), "–")
    found: dict[tuple[str, str, str], list[str]] = {}
    for table, check, column, reason in named.itertuples(index=False, name=None):
        found.setdefault((table, check, column), []).append(reason)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = [(*key, len(reasons), reasons[0]) for key, reasons in ordered]
    intro = (
        '<p class="soft">One row each in <code>rejects</code>, with its key and value. '
        "Checks named foreign_key follow another fault.</p>"
    )
    return intro + _grid(("table", "check", "column", "rows", "first reason"), rows)
