"""Articles and their sentences."""

from __future__ import annotations

import pandera.pandas as pa

from schemas import columns as c


class Articles(pa.DataFrameModel):
    """One row per distinct article, coded or not.

    Copies stay in, marked by `duplicate_of`; filter them out before counting articles.
    """

    article_id: c.Text = c.identifier("article", "its outlet, its address (or its own id) and its raw text", "art")
    source_id: c.Text = c.text(
        "Id in the source",
        "The record's own id, unchanged. Unique only within its source, if at all.",
        "wire-20250829-0412",
    )
    url: c.Text = c.text(
        "Address",
        "Address of the article as given; may be dead, and may be shared by updates.",
        "https://example.org/a/412",
    )
    source: c.Text = c.text(
        "Outlet",
        "Outlet as the record or its page names it, not cleaned across spellings; where neither does, the host of "
        "`url`, `www` left out.",
        "Example Wire",
    )
    title: c.Text = c.text(
        "Headline",
        "Headline as given. It is not part of `text` unless the source repeats it there, and no event is coded from "
        "it.",
        "Rubio to visit Mexico and Ecuador",
    )
    authors: c.TextList = c.column(
        "Authors",
        "Names of the authors as printed, in order; empty where none is printed. Agencies count as authors where the "
        "source says so.",
        example='["Ana Ruiz"]',
    )
    text: c.Text = c.text(
        "Text",
        "The cleaned text that all offsets count in, paragraphs joined by a blank line, dateline included. Lines that "
        "are no part of the article (bylines, closing credits, captions, share buttons, newsletter boxes) are left "
        "out. Offsets do not fit the raw file.",
        "QUITO, Aug 29 - Ecuador's president …",
        nullable=False,
        str_length={"min_value": 1},
    )
    language: c.Text = c.text(
        "Language",
        "ISO 639 code, given by the record or recognised from the text; null where too short to tell.",
        "en",
        str_matches=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$",
    )
    published_at: c.Instant = c.instant(
        "Published",
        "Publication time in UTC. Where only a day is known it is that day at 00:00, see `published_precision`; a "
        "time without a zone is taken as UTC. "
        "Null where the source gives none: relative dates of such an article stay unresolved.",
    )
    published_precision: c.Text = c.text(
        "Precision of the publication time",
        "How exact `published_at` is. `day` means that the hour is not known, not that it was midnight.",
        "day",
        values=c.PUBLISHED_PRECISIONS,
    )
    retrieved_at: c.Instant = c.instant(
        "Retrieved",
        "When the article was fetched, as the input says (WARC, feed, sidecar); never the time of our run.",
    )
    word_count: c.Count = c.tally("Words", "Words of `text`, split at white space.", 412, "words")
    sentence_count: c.Count = c.column(
        "Sentences",
        "Rows in `sentences`. Null for articles that were not parsed, see `coding_status`.",
        example=19,
        unit="sentences",
        ge=0,
        nullable=True,
    )
    text_sha256: c.Text = c.text(
        "Hash of the text",
        "SHA-256 of `text` in UTF-8: equal hashes are exact copies.",
        "9f86d081884c7d65…",
        nullable=False,
        str_matches=r"^[0-9a-f]+$",
        str_length={"min_value": 64, "max_value": 64},
    )
    raw_path: c.Text = c.text(
        "Raw file",
        "File that holds the article, relative to the raw directory. Null for records handed over in memory.",
        "wire/2025-08-29.jsonl",
    )
    raw_sha256: c.Text = c.text(
        "Hash of the raw record",
        "SHA-256 of the record's own bytes: the whole file for one-article files, the line for JSON lines.",
        "2c26b46b68ffc68f…",
        str_matches=r"^[0-9a-f]+$",
        str_length={"min_value": 64, "max_value": 64},
    )
    raw_line: c.Count = c.column(
        "Raw line",
        "Line or record in the raw file, from 1; null where the file holds one article.",
        example=212,
        unit="lines",
        ge=1,
        nullable=True,
    )
    duplicate_of: c.Text = c.reference(
        "Copy of",
        "articles",
        "First copy of the same text, by publication time. Null for the first copy and for texts that occur once. "
        "Copies are not coded and never add to counts.",
    )
    story_id: c.Text = c.reference(
        "Story", "stories", "The story that the article belongs to; a judgement by words, names and time, not a fact."
    )
    first_version: c.Text = c.first_version()
    coding_status: c.Text = c.text(
        "Coding status",
        "Whether the article has coded rows: `coded`, `dates only` (in Spanish, for which there is no model: there are "
        "`sentences`, times in `mentions` and the dateline's places; nothing else is looked for), `copy` (its original "
        "is coded, or that one's newest version), `superseded` (its newest version is coded, see `superseded_by`), "
        "`no model` (no language model for its language is installed), `failed` (the code failed on it; `rejects` says "
        "how). An article without events is `coded` too: no events were found.",
        "coded",
        nullable=False,
        values=c.CODING_STATUSES,
    )
    body_start: c.Count = c.column(
        "Start of the body",
        "Where the body begins in `text`, after a headline that is repeated there and a dateline; 0 without either. "
        "Words before it are not parsed.",
        example=16,
        unit="code points",
        ge=0,
    )
    dateline: c.Text = c.text(
        "Dateline",
        "Place printed in the dateline. Where the reporter wrote, which need not be where it happened.",
        "QUITO",
    )
    agency: c.Text = c.text(
        "News agency",
        "News agency that the text credits in its dateline, its byline or a closing line, as printed; only known ones. "
        "Null says that none is printed, not that the outlet wrote it all.",
        "Reuters",
    )
    superseded_by: c.Text = c.reference(
        "Newer version",
        "articles",
        "Newest version of the same article: the same address and partly the same words, published or fetched later. "
        "Null for the newest one. Only that is coded; filter the others out before counting articles.",
    )

    class Config:
        """pandera: no other columns."""

        name = "articles"
        strict = True


class Sentences(pa.DataFrameModel):
    """One row per sentence of a parsed article. Titles and copies have none."""

    sentence_id: c.Text = c.identifier("sentence", "article and sentence number", "sen")
    article_id: c.Text = c.article()
    sentence_index: c.Count = c.sentence_index()
    char_start: c.Count = c.start("sentence")
    char_end: c.Count = c.end("sentence")

    class Config:
        """pandera: no other columns."""

        name = "sentences"
        strict = True
