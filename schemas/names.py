"""Who and where: mentions, the entities they name, and places."""

from __future__ import annotations

import pandera.pandas as pa

from schemas import columns as c


class Mentions(pa.DataFrameModel):
    """One row per span that names something: names, descriptions, pronouns, times, amounts. Spans may nest."""

    mention_id: c.Text = c.identifier("mention", "article, offsets and kind", "men")
    article_id: c.Text = c.article()
    sentence_index: c.Count = c.sentence_index()
    char_start: c.Count = c.start("mention")
    char_end: c.Count = c.end("mention")
    text: c.Text = c.text(
        "Words",
        "The span as printed, titles and possessives left out.",
        "Daniel Noboa",
        nullable=False,
        str_length={"min_value": 1},
    )
    kind: c.Text = c.text(
        "Kind",
        'name ("Daniel Noboa"), nominal ("the Ecuadorean leader") or pronoun ("she"). Count names only to compare '
        "with other name taggers.",
        "name",
        nullable=False,
        values=c.MENTION_KINDS,
    )
    label: c.Text = c.text(
        "Label",
        "OntoNotes label, with DATE split as TimeML does (DURATION, SET). Null for a nominal or pronoun of unknown "
        "class. "
        "GPE is a country, city or state, acting or not; an actor reading is in `event_actors`.",
        "PERSON",
        values=c.LABELS,
    )
    entity_id: c.Text = c.reference(
        "Entity",
        "entities",
        "Who or what is meant, by coreference inside the article and linking across articles. Null where not "
        "resolved and for times and amounts.",
    )
    place_id: c.Text = c.reference(
        "Place",
        "places",
        "The gazetteer place that is meant. A country that acts has an entity and a place.",
    )
    value: c.Text = c.text(
        "Normalised value",
        "For DATE, TIME, DURATION and SET the TIMEX3 value (2025-09, P7M, 2025-W36); null where it needs a "
        "publication date that the "
        "article lacks. Sorting it as text is not sorting by time.",
        "2025-W36",
    )
    link_score: c.Number = c.column(
        "Link score",
        "Reserved for how well the mention fits the entity or place that it was linked to, 0 to 1. Always null: no "
        "linker weighs this yet.",
        unit="share",
        ge=0,
        le=1,
        nullable=True,
    )

    class Config:
        """pandera: no other columns."""

        name = "mentions"
        strict = True


class Entities(pa.DataFrameModel):
    """One row per person, organisation, group or country named in the articles.

    Two people of one name may share a row; one under two names may have two.
    """

    entity_id: c.Text = c.identifier("entity", "its name, type and country", "ent")
    name: c.Text = c.text(
        "Name", "The fullest name printed in any article.", "Daniel Noboa", nullable=False, str_length={"min_value": 1}
    )
    entity_type: c.Text = c.text(
        "Type",
        "What kind of thing it is. A country is the state as an actor; the territory is in `places`.",
        "person",
        nullable=False,
        values=c.ENTITY_TYPES,
    )
    country_code: c.Text = c.country("entity", caution="For a person the country acted for, not the birthplace.")
    sector_code: c.Text = c.sector("entity")
    role: c.Text = c.text(
        "Role", "Office or role as printed in the latest article that gives one; it may have ended since.", "president"
    )
    aliases: c.TextList = c.column(
        "Other names", "Other printed names, sorted; empty where there is one only.", example='["Noboa"]'
    )
    reference_id: c.Text = c.text(
        "Reference id",
        "Row of the shipped reference list that matched. Null for all who are known from the articles only, which is "
        "most.",
        "person/daniel-noboa",
    )
    first_seen: c.Day = c.column(
        "First seen",
        "Publication day of the earliest article that names it; null where no such article is dated.",
        example="2025-08-29",
        nullable=True,
    )
    last_seen: c.Day = c.column(
        "Last seen", "Publication day of the latest article that names it.", example="2025-09-03", nullable=True
    )
    mention_count: c.Count = c.tally(
        "Mentions", "Mentions of any kind, pronouns included, copies left out.", 31, "mentions"
    )
    article_count: c.Count = c.tally("Articles", "Articles that name it, copies left out.", 5, "articles")

    class Config:
        """pandera: no other columns."""

        name = "entities"
        strict = True


class Places(pa.DataFrameModel):
    """One row per gazetteer place that some article names.

    Data of GeoNames, CC BY 4.0: name the source when you publish.
    """

    place_id: c.Text = c.text(
        "Id of the place",
        "Primary key: `place-` and the GeoNames number.",
        "place-3652462",
        nullable=False,
        str_length={"min_value": 1},
    )
    name: c.Text = c.text(
        "Name",
        "GeoNames' main name, often not the spelling of the article.",
        "Quito",
        nullable=False,
        str_length={"min_value": 1},
    )
    feature_code: c.Text = c.text(
        "Feature code",
        "GeoNames feature code: PCLI country, ADM1 first-order division, PPLC capital, PPL town. Codes of countries "
        "and divisions carry a centroid.",
        "PPLC",
        nullable=False,
    )
    admin1_name: c.Text = c.text(
        "First-order division", "State or province; null for countries and places above them.", "Pichincha"
    )
    country_code: c.Text = c.country("place", caution="Null for seas, continents and disputed land.")
    latitude: c.Number = c.column(
        "Latitude",
        "WGS84. The centre of a town; the centroid of a country, division or region: do not map those as points.",
        example=-0.22985,
        unit="degrees north",
        ge=-90,
        le=90,
    )
    longitude: c.Number = c.column(
        "Longitude",
        "WGS84; the centre or centroid, as for the latitude.",
        example=-78.52495,
        unit="degrees east",
        ge=-180,
        le=180,
    )
    population: c.Count = c.column(
        "Population",
        "GeoNames' figure, of mixed years; null where unknown. GeoNames' own 0 means unknown as well.",
        example=1763275,
        unit="people",
        ge=0,
        nullable=True,
    )
    geonames_id: c.Count = c.column(
        "GeoNames number",
        "For joins with GeoNames and everything keyed by it. Null for counties and regions that the packaged gazetteer "
        "holds without their number.",
        example=3652462,
        ge=1,
        nullable=True,
    )

    class Config:
        """pandera: no other columns."""

        name = "places"
        strict = True
