"""What people said, which articles tell one story, and what was left out."""

from __future__ import annotations

import pandera.pandas as pa

from schemas import columns as c


class Quotes(pa.DataFrameModel):
    """One row per thing said. A quote broken by its cue (\"We will,\" he said, \"win\") gives a row for each part."""

    quote_id: c.Text = c.identifier("quote", "article and offsets", "quo")
    article_id: c.Text = c.article()
    sentence_index: c.Count = c.sentence_index()
    char_start: c.Count = c.start("quote")
    char_end: c.Count = c.end("quote")
    text: c.Text = c.text(
        "Words",
        "What was said, without the quotation marks. Only direct quotes are verbatim.",
        "We will not yield",
        nullable=False,
        str_length={"min_value": 1},
    )
    kind: c.Text = c.text(
        "Kind",
        "direct stands in quotation marks; indirect is the reporter's wording: a clause (said that the port was open) "
        "or a noun phrase that names what is said or asked for (announced a curfew, called for a truce). What nobody "
        "said (refused to say why) has no row.",
        "direct",
        nullable=False,
        values=c.QUOTE_KINDS,
    )
    cue_text: c.Text = c.text("Cue", "The word that reports the speech; null where the quote stands alone.", "said")
    speaker_text: c.Text = c.text(
        "Speaker as printed", "The words that name the speaker nearest the quote, often a pronoun.", "she"
    )
    speaker_entity_id: c.Text = c.reference(
        "Speaker", "entities", "Who speaks, pronouns resolved; null where unknown or unnamed."
    )
    speaker_start: c.Count = c.start("speaker's words", nullable=True)
    speaker_end: c.Count = c.end("speaker's words", nullable=True)

    class Config:
        """pandera: no other columns."""

        name = "quotes"
        strict = True


class Stories(pa.DataFrameModel):
    """One row per group of articles that report the same happening. A long-running affair may be several stories."""

    story_id: c.Text = c.identifier("story", "its first article", "sto")
    headline: c.Text = c.text(
        "Headline",
        "Headline of one article of the story, chosen by rule; null where none has one.",
        "Rubio to visit Mexico and Ecuador",
    )
    first_published_at: c.Instant = c.instant(
        "First published", "Publication of the earliest article; null where none is dated."
    )
    last_published_at: c.Instant = c.instant("Last published", "Publication of the latest article.")
    article_count: c.Count = c.tally("Articles", "Articles of the story, copies left out.", 3, "articles")
    outlet_count: c.Count = c.tally(
        "Outlets", "Different outlets among them; articles without an outlet count as none.", 2, "outlets"
    )
    event_count: c.Count = c.tally("Events", "Events that its articles report.", 7, "events")

    class Config:
        """pandera: no other columns."""

        name = "stories"
        strict = True


class Rejects(pa.DataFrameModel):
    """One row per row or raw record that was left out, with the first fault found.

    The only table that is absent when empty.
    """

    table: c.Text = c.text(
        "Table",
        "Table that the row would have been in; `articles` for raw records that could not be read.",
        "event_mentions",
        nullable=False,
    )
    record_id: c.Text = c.text(
        "Key",
        "Primary key of the row, parts joined by `/`; for raw records their own id, where they have one.",
        "evm-5f0c2a9be41d7703",
    )
    check: c.Text = c.text(
        "Check",
        "Name of the check that failed. `foreign_key` rows are not wrong themselves: the row that they hang on was "
        "left out.",
        "span_text",
        nullable=False,
    )
    column: c.Text = c.text("Column", "Column that failed; null where the whole record did.", "trigger_text")
    value: c.Text = c.text("Value", "The value that failed, cut to 200 characters.", "visited")
    reason: c.Text = c.text(
        "Reason",
        "What is wrong, for a person; further faults of the row are counted at the end.",
        "the words at 117-122 are 'visit'",
        nullable=False,
    )
    raw_path: c.Text = c.text(
        "Raw file", "File that the row comes from, relative to the raw directory.", "wire/2025-08-29.jsonl"
    )
    raw_line: c.Count = c.column(
        "Raw line", "Line or record in the raw file, from 1.", example=212, unit="lines", ge=1, nullable=True
    )
    first_version: c.Text = c.first_version()

    class Config:
        """pandera: no other columns."""

        name = "rejects"
        strict = True
