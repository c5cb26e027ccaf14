"""What is said to happen: event mentions (reports), their actors, and events (happenings)."""

from __future__ import annotations

import pandera.pandas as pa

from schemas import columns as c


class EventMentions(pa.DataFrameModel):
    """One row per report of an event:

    what one clause says. Ten articles on one attack give ten rows; count `events` instead.
    """

    event_mention_id: c.Text = c.identifier("event mention", "article, offsets of the trigger and event type", "evm")
    event_id: c.Text = c.reference(
        "Event", "events", "The happening that this report belongs to; merging is a judgement.", nullable=False
    )
    article_id: c.Text = c.article()
    sentence_index: c.Count = c.sentence_index()
    char_start: c.Count = c.start("clause")
    char_end: c.Count = c.end("clause")
    trigger_text: c.Text = c.text(
        "Trigger", "The word or words that say what was done.", "visit", nullable=False, str_length={"min_value": 1}
    )
    trigger_start: c.Count = c.start("trigger")
    trigger_end: c.Count = c.end("trigger")
    event_type: c.Text = c.event_type()
    event_mode: c.Text = c.event_mode()
    plover_type: c.Text = c.plover_type()
    cameo_code: c.Text = c.cameo_code()
    quad_class: c.Count = c.quad_class()
    goldstein: c.Number = c.goldstein()
    contexts: c.TextList = c.contexts()
    modality: c.Text = c.modality()
    is_historical: c.Flag = c.column(
        "Background",
        'True where the clause recalls something long past ("the 1998 treaty"). Leave these out of any count by '
        "publication date.",
        example=False,
    )
    attributed_to: c.Text = c.reference(
        "Attributed to",
        "entities",
        "Who says so, where the clause is reported speech; the speaker is no actor of the event. Null where the "
        'article says it itself, where the text names nobody ("it was reported"), and where the speaker has no entity: '
        "null does not make it the article's own word.",
    )
    date_start: c.Day = c.date_start()
    date_end: c.Day = c.date_end()
    date_precision: c.Text = c.date_precision()
    date_text: c.Text = c.text("Time as printed", "The words that the dates were read from.", "next week")
    place_id: c.Text = c.reference(
        "Place",
        "places",
        "The place that the clause names; null where it names none. Not the dateline and not the actor's country.",
    )
    place_text: c.Text = c.text("Place as printed", "The words that the place was read from.", "Quito")
    place_precision: c.Text = c.text(
        "Place precision",
        "How exact the place is, from the kind of place named. Rows with `country` or `region` carry the centroid: "
        "do not map them as points; "
        "`admin1` and `admin2` are areas too.",
        "city",
        values=c.PLACE_PRECISIONS,
    )
    killed: c.Count = c.toll("killed")
    injured: c.Count = c.toll("injured")
    arrested: c.Count = c.toll("arrested")
    displaced: c.Count = c.toll("displaced")
    amount: c.Text = c.text(
        "Amount of money",
        'ISO 4217 currency and whole units, in the currency and prices of the day: "$5 million" is `USD 5000000`. '
        "Text, so that sums over currencies "
        "fail rather than mislead. A bare $ is read as USD unless the article says otherwise.",
        "USD 5000000",
        str_matches=r"^[A-Z]{3} \d+$",
    )
    rule_id: c.Text = c.text(
        "Rule",
        "The rule of the codebook that fired, for `dateline explain` and for corrections.",
        "visit.v.1",
        nullable=False,
    )
    confidence: c.Number = c.confidence(
        "How often the type was right among reports of this kind (verb or noun, actors found, modality) on hand-coded "
        "sentences, 0 to 1, drawn towards wider kinds where few cases were marked. Only reports whose found actors "
        "match the marked ones were judged: wrong actors are not in it."
    )

    class Config:
        """pandera: no other columns."""

        name = "event_mentions"
        strict = True


class EventActors(pa.DataFrameModel):
    """One row per actor of an event mention.

    A compound actor gives several rows, not several events; an act without named actors gives none.
    """

    event_mention_id: c.Text = c.reference(
        "Event mention", "event_mentions", "The report in which the actor acts.", nullable=False
    )
    role: c.Text = c.text(
        "Role in the act",
        "source does it, target receives it. In talks without a clear host all parties are sources.",
        "source",
        nullable=False,
        values=c.ACTOR_ROLES,
    )
    position: c.Count = c.column("Position", "Order among the actors of one role, from 0, as printed.", example=0, ge=0)
    mention_id: c.Text = c.reference(
        "Mention", "mentions", "The mention that the actor's words are; null where they are no mention of their own."
    )
    entity_id: c.Text = c.reference("Entity", "entities", 'Who the actor is; null for unnamed groups ("protesters").')
    actor_text: c.Text = c.text(
        "Actor as printed",
        "The actor's noun phrase, without relative clauses.",
        "Ecuadorean President Daniel Noboa",
        nullable=False,
        str_length={"min_value": 1},
    )
    char_start: c.Count = c.start("actor's words")
    char_end: c.Count = c.end("actor's words")
    country_code: c.Text = c.country("actor", caution="Of this actor in this report; the entity's row may say more.")
    sector_code: c.Text = c.sector("actor")

    class Config:
        """pandera: no other columns."""

        name = "event_actors"
        strict = True


class Events(pa.DataFrameModel):
    """One row per happening, however many articles report it:

    the table to count. Filter `superseded_by IS NULL` and choose a `modality`.
    """

    event_id: c.Text = c.identifier("event", "its first report", "evt")
    event_type: c.Text = c.event_type()
    event_mode: c.Text = c.event_mode()
    plover_type: c.Text = c.plover_type()
    cameo_code: c.Text = c.cameo_code()
    quad_class: c.Count = c.quad_class()
    goldstein: c.Number = c.goldstein()
    contexts: c.TextList = c.contexts()
    modality: c.Text = c.modality()
    date_start: c.Day = c.date_start()
    date_end: c.Day = c.date_end()
    date_precision: c.Text = c.date_precision()
    source_entity_id: c.Text = c.reference(
        "Source", "entities", "First source; further ones are in `event_actors`. Null where nobody is named."
    )
    source_name: c.Text = c.text(
        "Source name",
        "Name of the first source: the entity's name, or the words where it has no entity.",
        "Marco Rubio",
    )
    source_country: c.Text = c.country("first source")
    source_sector: c.Text = c.sector("first source")
    target_entity_id: c.Text = c.reference(
        "Target",
        "entities",
        "First target; where several meet, sign or clash and nobody else is named, all of them are sources and the "
        "second one stands here. Null where nobody is named.",
    )
    target_name: c.Text = c.text("Target name", "Name of the first target, as for the source.", "Daniel Noboa")
    target_country: c.Text = c.country("first target")
    target_sector: c.Text = c.sector("first target")
    place_id: c.Text = c.reference(
        "Place", "places", "Where it happened, where a report says so. Not filled from the actors' countries."
    )
    latitude: c.Number = c.column(
        "Latitude",
        "Of the place, WGS84. A country's or region's is its centroid: join `places.feature_code` before mapping.",
        example=-0.22985,
        unit="degrees north",
        ge=-90,
        le=90,
        nullable=True,
    )
    longitude: c.Number = c.column(
        "Longitude",
        "Of the place, WGS84; the centre or centroid, as for the latitude.",
        example=-78.52495,
        unit="degrees east",
        ge=-180,
        le=180,
        nullable=True,
    )
    place_country: c.Text = c.country("place", caution="Where it happened, not who did it.")
    killed: c.Count = c.toll("killed")
    injured: c.Count = c.toll("injured")
    arrested: c.Count = c.toll("arrested")
    displaced: c.Count = c.toll("displaced")
    mention_count: c.Count = c.tally(
        "Reports",
        "Event mentions merged here, copies left out. A measure of attention, not of size.",
        4,
        "event mentions",
    )
    article_count: c.Count = c.tally("Articles", "Articles that report it, copies left out.", 3, "articles")
    outlet_count: c.Count = c.tally(
        "Outlets", "Different outlets that report it; articles without an outlet count as none.", 2, "outlets"
    )
    first_published_at: c.Instant = c.instant(
        "First published", "Publication of the earliest report; null where none is dated. Not when it happened."
    )
    last_published_at: c.Instant = c.instant("Last published", "Publication of the latest report.")
    confidence: c.Number = c.confidence(
        "From the `confidence` of its reports: that of the surest one in each article, taken together as if articles "
        "erred independently, at most 0.99. It is about the type; wrong actors are not in it."
    )
    superseded_by: c.Text = c.reference(
        "Superseded by",
        "events",
        "The event that this one was merged into later; the row stays so that old ids resolve. Null for live events.",
    )

    class Config:
        """pandera: no other columns."""

        name = "events"
        strict = True
