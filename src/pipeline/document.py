"""One article through the steps: what ``chain`` composes for every document, and the rows that come out.

The rows are those of the contract, but for ids that need more than one article: entities are given by the number of
their cluster in the article, and events, stories and places shared between articles are settled in ``chain.assemble``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline import actors, coreference, events, places, quotes, times
from pipeline import mentions as mentions_room
from pipeline.ids import stable_id
from pipeline.records import DATES_ONLY, Article
from pipeline.text import Act, ActorCode, Cluster, Mention, Parse, Participant, Place, Quote, Time

Rows = dict[str, list[object]]

CLUSTER = "cluster"
"""Article-level column: the cluster of a mention, actor or speaker; -1 for none. Becomes ``entity_id``."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "sentences": ("sentence_id", "article_id", "sentence_index", "char_start", "char_end"),
    "mentions": (
        *("mention_id", "article_id", "sentence_index", "char_start", "char_end", "text", "kind", "label"),
        *(CLUSTER, "place_id", "value"),
    ),
    "clusters": (
        *("article_id", CLUSTER, "name", "entity_type", "country_code", "sector_code", "role", "aliases"),
        *("reference_id", "mention_count"),
    ),
    "places": (
        *("place_id", "name", "feature_code", "admin1_name", "country_code", "latitude", "longitude", "population"),
        "geonames_id",
    ),
    "event_mentions": (
        *("event_mention_id", "article_id", "sentence_index", "char_start", "char_end"),
        *("trigger_text", "trigger_start", "trigger_end", "event_type", "event_mode", "plover_type", "cameo_code"),
        *("quad_class", "goldstein", "contexts", "modality", "is_historical", CLUSTER),
        *("date_start", "date_end", "date_precision", "date_text", "place_id", "place_text", "place_precision"),
        *("killed", "injured", "arrested", "displaced", "amount", "rule_id", "confidence"),
    ),
    "event_actors": (
        *("event_mention_id", "role", "position", "mention_id", CLUSTER, "actor_text", "char_start", "char_end"),
        *("country_code", "sector_code"),
    ),
    "quotes": (
        *("quote_id", "article_id", "sentence_index", "char_start", "char_end", "text", "kind", "cue_text"),
        *("speaker_text", CLUSTER, "speaker_start", "speaker_end"),
    ),
}
"""The article-level tables and their columns."""


@dataclass(slots=True)
class Reading:
    """Everything that the steps read in one article."""

    article: Article
    parse: Parse
    mentions: list[Mention]
    clusters: list[Cluster]
    times: list[Time]
    places: dict[int, Place]
    quotes: list[Quote]
    acts: list[Act]
    lands: actors.Lands
    home: actors.Home
    office_holders: bool = True

    def entity(self, mention: Mention | None) -> int:
        """The cluster of a mention when it becomes an entity; -1 for none and for descriptions without a name."""
        number = mention.cluster if mention else -1
        return number if number >= 0 and self.clusters[number].named else -1


@cache
def country_of(word: str) -> str | None:
    """The country that a demonym or country name stands for: "Ecuadorean" → ECU. Cities and capitals stand for none."""
    code = actors.code_actor(word)
    named = code.entity_type in ("country", "group", "person") and code.sector_code in (None, "CVL")
    return code.country_code if named else None


def read(article: Article, parse: Parse, office_holders: bool = True) -> Reading:
    """Run the article-level steps in order; each is handed what it needs and knows no other step.

    ``office_holders``: whether the shipped list of office holders may fill what the article does not say.
    """
    published = article.published_at.date() if article.published_at else None
    language = article.language or "en"
    found_times = times.find_times(parse, published, language)
    if article.coding_status == DATES_ONLY:
        return _dates_only(article, parse, found_times, office_holders)
    found_mentions = mentions_room.find_mentions(
        parse, actors.is_actor_noun, places.propose_places(parse), found_times, article.dateline_span
    )
    if office_holders:
        actors.label_people(found_mentions, published)
    clusters = coreference.cluster(parse, found_mentions, country_of)
    found_places = places.find_places(parse, found_mentions, article.dateline, article.source)
    lands = actors.read_lands(found_mentions, found_places)
    home = actors.code_clusters(parse, found_mentions, clusters, published, office_holders, lands)
    found_quotes = quotes.find_quotes(parse, found_mentions)
    countries = [c.code.country_code for c in clusters]
    acts = events.find_acts(parse, found_mentions, found_times, found_places, countries, published)
    return Reading(
        *(article, parse, found_mentions, clusters, found_times, found_places, found_quotes, acts),
        *(lands, home, office_holders),
    )


def _dates_only(article: Article, parse: Parse, found_times: list[Time], office_holders: bool) -> Reading:
    """The dates of an article, and the places of its dateline: what its words alone say, without a model."""
    found_mentions = mentions_room.find_dates(parse, found_times, article.dateline_span)
    found_places = places.find_places(parse, found_mentions, article.dateline, article.source)
    lands = actors.read_lands(found_mentions, found_places)
    home = actors.Home(parse, found_mentions, lands)
    return Reading(article, parse, found_mentions, [], found_times, found_places, [], [], lands, home, office_holders)


def empty_rows() -> dict[str, Rows]:
    """An empty column list for every column of every article-level table."""
    return {table: {column: [] for column in columns} for table, columns in TABLES.items()}


def _add(rows: Rows, *values: object) -> None:
    for column, value in zip(rows.values(), values, strict=True):
        column.append(value)


def add_rows(reading: Reading, tables: dict[str, Rows]) -> None:
    """Append the rows of one article to the column lists."""
    article_id, parse = reading.article.article_id, reading.parse
    for index, (start, end) in enumerate(parse.sentences):
        first, last = parse.chars(start, end)
        if index == 0 and reading.article.dateline_span:
            first = reading.article.dateline_span[0]
        _add(tables["sentences"], stable_id("sen", article_id, index), article_id, index, first, last)
    _add_mentions(reading, tables["mentions"])
    counts = [0] * len(reading.clusters)
    for mention in reading.mentions:
        if mention.cluster >= 0:
            counts[mention.cluster] += 1
    for number, c in enumerate(reading.clusters):
        if not c.named:
            continue
        code = c.code
        _add(
            tables["clusters"],
            *(article_id, number, c.name, code.entity_type or c.entity_type, code.country_code, code.sector_code),
            *(code.role, c.aliases, code.reference_id, counts[number]),
        )
    for place in sorted(set(reading.places.values()), key=lambda p: p.place_id):
        _add(
            tables["places"],
            *(place.place_id, place.name, place.feature_code, place.admin1_name, place.country_code),
            *(place.latitude, place.longitude, place.population, place.geonames_id),
        )
    _add_events(reading, tables)
    _add_quotes(reading, tables["quotes"])


def _mention_id(article_id: str, mention: Mention) -> str:
    return stable_id("men", article_id, mention.char_start, mention.char_end, mention.kind)


def _add_mentions(reading: Reading, rows: Rows) -> None:
    article_id = reading.article.article_id
    values = {(t.start, t.end): t.value for t in reading.times}
    for index, m in enumerate(reading.mentions):
        place = reading.places.get(index)
        _add(
            rows,
            *(_mention_id(article_id, m), article_id, m.sentence, m.char_start, m.char_end, m.text, m.kind, m.label),
            *(reading.entity(m), place.place_id if place else None, values.get((m.start, m.end))),
        )


def _by_head(mentions: list[Mention]) -> dict[int, Mention]:
    """The mention that each head token heads; the longest where several share it."""
    heads: dict[int, Mention] = {}
    for m in mentions:
        if m.head >= 0 and (m.head not in heads or m.end - m.start > heads[m.head].end - heads[m.head].start):
            heads[m.head] = m
    return heads


def _add_events(reading: Reading, tables: dict[str, Rows]) -> None:
    article, parse = reading.article, reading.parse
    published = article.published_at.date() if article.published_at else None
    heads = _by_head(reading.mentions)
    codes: dict[tuple[int, int], ActorCode] = {}
    for act in reading.acts:
        trigger_start, trigger_end = parse.chars(act.trigger_start, act.trigger_end)
        event_mention_id = stable_id("evm", article.article_id, trigger_start, trigger_end, act.event_type)
        start, end = parse.chars(act.clause_start, act.clause_end)
        entry = events.event_type(act.event_type, act.event_mode)
        time = reading.times[act.time] if act.time is not None else None
        place = reading.places.get(act.place) if act.place is not None else None
        speaker = heads.get(act.attributed_to.head) if act.attributed_to else None
        _add(
            tables["event_mentions"],
            *(event_mention_id, article.article_id, parse.sentence[act.trigger], start, end),
            *(parse.text[trigger_start:trigger_end], trigger_start, trigger_end, act.event_type, act.event_mode),
            *(events.plover_type(act), act.cameo_code, entry.quad_class, entry.goldstein, act.contexts),
            *(act.modality, act.is_historical, reading.entity(speaker)),
            *(time.date_start if time else None, time.date_end if time else None),
            *(time.precision if time else "none", parse.words(time.start, time.end) if time else None),
            *(place.place_id if place else None, reading.mentions[act.place].text if act.place is not None else None),
            places.precision(place) if place else None,
            *(act.killed, act.injured, act.arrested, act.displaced, act.amount, act.rule_id, act.confidence),
        )
        for role, parties in (("source", act.sources), ("target", act.targets)):
            for position, party in enumerate(parties):
                _add(
                    tables["event_actors"],
                    *(event_mention_id, role, position),
                    *_actor(reading, party, heads, codes, published),
                )


def _actor(
    reading: Reading,
    party: Participant,
    heads: dict[int, Mention],
    codes: dict[tuple[int, int], ActorCode],
    published: date | None,
) -> tuple[object, ...]:
    parse = reading.parse
    mention = heads.get(party.head)
    cluster = mention.cluster if mention else -1
    key = (party.start, party.end)
    if key not in codes:
        code = actors.code_span(parse, party.start, party.end, published, reading.office_holders, reading.lands)
        known = reading.clusters[cluster].code if cluster >= 0 else ActorCode()
        if known.reference_id and code.reference_id not in (None, known.reference_id):
            code = known  # the article says which of two bodies of this name is meant
        both = ActorCode(known.country_code or code.country_code, known.sector_code or code.sector_code)
        if mention and mention.label == "GPE" and actors.hosts(parse, party.head):
            both = ActorCode(both.country_code)
        codes[key] = actors.placed(both, reading.home.of_description(party.start, party.end, both))
    start, end = parse.chars(party.start, party.end)
    return (
        _mention_id(reading.article.article_id, mention) if mention else None,
        *(reading.entity(mention), parse.text[start:end], start, end, codes[key].country_code, codes[key].sector_code),
    )


def _add_quotes(reading: Reading, rows: Rows) -> None:
    article_id, parse = reading.article.article_id, reading.parse
    covering = {t: m for m in reversed(reading.mentions) if m.start >= 0 for t in range(m.start, m.end)}
    for q in reading.quotes:
        speaker = next((covering[t] for t in range(*q.speaker) if t in covering), None) if q.speaker else None
        first, last = parse.chars(*q.speaker) if q.speaker else (None, None)
        _add(
            rows,
            *(stable_id("quo", article_id, q.char_start, q.char_end), article_id, q.sentence, q.char_start, q.char_end),
            *(parse.text[q.char_start : q.char_end], q.kind, q.cue_text, parse.text[first:last] if q.speaker else None),
            *(reading.entity(speaker), first, last),
        )
