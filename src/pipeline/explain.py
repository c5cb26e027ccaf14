"""One event back to its words: which article says it, in which sentence, and by which rule it was read so."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from pipeline.errors import UsageError
from pipeline.release import Release

Row = dict[str, Any]
STYLES = {"trigger": "bold red", "source": "bold green", "target": "bold cyan", "place": "yellow", "date": "magenta"}


def explain(release: Release, event_id: str) -> RenderableType:
    """Describe an event, or one report of it, as something rich can print.

    Args:
        release: the version to look in.
        event_id: an ``event_id`` or an ``event_mention_id``.

    Raises:
        UsageError: the version has no such event.
    """
    events = {row["event_id"]: row for row in release.rows("events")}
    mentions = release.rows("event_mentions")
    chosen = [row for row in mentions if event_id in (row["event_id"], row["event_mention_id"])]
    if not chosen and event_id not in events:
        raise UsageError(f"no event '{event_id}' in version {release.version} (see events.event_id)")
    event = events.get(chosen[0]["event_id"] if chosen else event_id)
    parts: list[RenderableType] = []
    if event:
        parts.append(_headline(event))
        if event["superseded_by"]:
            parts.append(Text(f"merged into {event['superseded_by']}: see there", style="yellow"))
    look = _Look(release, {row["event_mention_id"] for row in chosen}, {row["article_id"] for row in chosen})
    for row in sorted(chosen, key=lambda r: (r["article_id"], r["trigger_start"])):
        parts.extend(look.report(row))
    return Group(*parts)


def _headline(event: Row) -> Text:
    text = Text()
    text.append(f"{event['event_id']}  ", style="dim")
    text.append(_kind(event), style="bold")
    text.append(f"  {event['modality']}  {_when(event)}\n")
    for role in ("source", "target"):
        name = event[f"{role}_name"] or ("–" if not event[f"{role}_entity_id"] else event[f"{role}_entity_id"])
        code = _code(event[f"{role}_country"], event[f"{role}_sector"])
        text.append(f"  {role:<8}").append(name, style=STYLES[role]).append(f"  {code}\n")
    reports = (
        f"{_counted(event['mention_count'], 'report')} in {_counted(event['article_count'], 'article')}"
        f" of {_counted(event['outlet_count'], 'outlet')}"
    )
    text.append(f"  {reports}; CAMEO {event['cameo_code'] or '–'}, Goldstein {_or_dash(event['goldstein'])}\n")
    return text


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Look:
    """The rows that reports need, found once."""

    def __init__(self, release: Release, mentions: set[str], articles: set[str]):
        self.articles = {r["article_id"]: r for r in release.rows("articles") if r["article_id"] in articles}
        self.sentences = {
            (r["article_id"], r["sentence_index"]): r for r in release.rows("sentences") if r["article_id"] in articles
        }
        self.actors: dict[str, list[Row]] = defaultdict(list)
        for row in release.rows("event_actors"):
            if row["event_mention_id"] in mentions:
                self.actors[row["event_mention_id"]].append(row)
        self.entities = {r["entity_id"]: r for r in release.rows("entities")}
        self.places = {r["place_id"]: r for r in release.rows("places")}

    def report(self, row: Row) -> list[RenderableType]:
        """One report: where it stands, its sentence with the spans marked, and what was read."""
        article = self.articles[row["article_id"]]
        actors = sorted(self.actors[row["event_mention_id"]], key=lambda a: (a["role"], a["position"]))
        head = Text(f"{row['event_mention_id']}", style="dim")
        source = [article["source"], str(article["published_at"].date()) if article["published_at"] else "no date"]
        head.append(f"\n  {article['title'] or '(no title)'}", style="bold")
        head.append(f"\n  {', '.join(s for s in source if s)}; {article['raw_path'] or 'no raw file'}")
        if article["raw_line"]:
            head.append(f" line {article['raw_line']}")
        head.append(f"; {article['article_id']}, characters {row['char_start']}–{row['char_end']}")
        return [head, Text("  ").append_text(self._marked(article["text"], row, actors)), self._read(row, actors)]

    def _marked(self, text: str, row: Row, actors: list[Row]) -> Text:
        sentence = self.sentences.get((row["article_id"], row["sentence_index"]), row)
        first, last = sentence["char_start"], sentence["char_end"]
        spans = [("trigger", row["trigger_start"], row["trigger_end"])]
        spans += [(a["role"], a["char_start"], a["char_end"]) for a in actors]
        for kind, words in (("date", row["date_text"]), ("place", row["place_text"])):
            at = text.find(words, first, last) if words else -1
            if at >= 0:
                spans.append((kind, at, at + len(words)))
        return _mark(text, first, last, [s for s in dict.fromkeys(spans) if first <= s[1] < s[2] <= last])

    def _read(self, row: Row, actors: list[Row]) -> Text:
        text = Text(f"  {_kind(row)}")
        text.append(f"  {row['modality']}{', historical' if row['is_historical'] else ''}")
        text.append(f"  rule {row['rule_id']}, confidence {_or_dash(row['confidence'])}\n")
        for actor in actors:
            known = self.entities.get(actor["entity_id"])
            text.append(f"  {actor['role']:<8}").append(actor["actor_text"], style=STYLES[actor["role"]])
            text.append(f"  {_code(actor['country_code'], actor['sector_code'])}")
            text.append(f"  = {known['name']} ({known['entity_id']})\n" if known else "\n")
        place = self.places.get(row["place_id"])
        where = f"{place['name']}, {place['country_code'] or '–'} ({place['place_id']})" if place else row["place_text"]
        printed = f' ("{row["date_text"]}")' if row["date_text"] else ""
        text.append(f"  when    {_when(row)}{printed}\n  where   {where or '–'}\n")
        if row["attributed_to"]:
            speaker = self.entities.get(row["attributed_to"])
            text.append(f"  said by {speaker['name'] if speaker else row['attributed_to']}\n")
        counted = ("killed", "injured", "arrested", "displaced", "amount")
        counts = [f"{name} {row[name]}" for name in counted if row[name] is not None]
        if counts or row["contexts"]:
            text.append(f"  with    {', '.join([*counts, *(row['contexts'] or [])])}\n")
        return text


def _mark(text: str, first: int, last: int, spans: list[tuple[str, int, int]]) -> Text:
    """The sentence with ``[kind words]`` around each span; spans may nest; of two that cross the later is left out."""
    kept: list[tuple[str, int, int]] = []
    for kind, start, end in sorted(spans, key=lambda s: (s[1], -s[2], s[0])):
        if all(end <= b or start >= e or (b <= start and end <= e) for _, b, e in kept):
            kept.append((kind, start, end))
    out = Text()
    for at in range(first, last + 1):
        for kind, start, end in sorted(kept, key=lambda s: (-s[1], s[2])):
            if end == at and start < at:
                out.append("]", style=STYLES[kind])
        if at == last:
            break
        for kind, start, _ in kept:
            if start == at:
                out.append(f"[{kind} ", style=STYLES[kind])
        inside = [kind for kind, start, end in kept if start <= at < end]
        out.append(" " if text[at] == "\n" else text[at], style=STYLES[inside[-1]] if inside else "")
    return out


def _kind(row: Row) -> str:
    mode = f"/{row['event_mode']}" if row["event_mode"] else ""
    folded = f" (PLOVER {row['plover_type']})" if row["plover_type"] != row["event_type"] else ""
    return f"{row['event_type']}{mode}{folded}"


def _when(row: Row) -> str:
    if not row["date_start"]:
        return "no date in the text"
    days = str(row["date_start"]) + (f"..{row['date_end']}" if row["date_end"] != row["date_start"] else "")
    return f"{days} ({row['date_precision']})"


def _code(country: str | None, sector: str | None) -> str:
    return f"{country or '---'} {sector or '---'}"


def _or_dash(value: object) -> str:
    return "–" if value is None else str(value)
