"""What travels between the doors: records as read, articles as coded, rejects with their reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from pipeline.ids import sha256_text

MOST_TEXT, MOST_PAGE = 2_000_000, 8_000_000
"""Characters of an article's text, and of an HTML page, above which it is none; readers count bytes by the same."""

MOST_ATTRIBUTES = 2000
CROWDED = re.compile(
    rb"<[a-zA-Z][^\s/><]*+"
    rb"""(?:[\s/]++[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+){%d}""" % MOST_ATTRIBUTES
)
"""A tag with so many attributes: parsers compare each with all before it, and 500,000 of them take hours."""

CODED, DATES_ONLY, NO_MODEL = "coded", "dates only", "no model"
PARSED = (CODED, DATES_ONLY)
"""Values of ``coding_status`` of the articles that have sentences and mentions."""


FROM_READING = frozenset({"raw", "records", "articles"})
"""Values of ``rejects.table`` that come from reading, which is not done twice; validation finds the others anew."""


@dataclass(slots=True)
class Record:
    """One article as a raw file gives it, before any cleaning. ``fields`` holds the contract's record fields as read.

    ``raw_path`` is relative to the raw directory and ``raw_line`` is 1-based (None for one-article files).
    ``raw_sha256`` is the hash of the record's own bytes: the file's for one-article files, the line's for JSON lines.
    All three are None for records handed to ``pipeline.code``.
    """

    fields: dict[str, object]
    raw_path: str | None = None
    raw_line: int | None = None
    raw_sha256: str | None = None


@dataclass(slots=True, frozen=True)
class Reject:
    """One row of ``rejects``: what could not be used, and why."""

    table: str
    record_id: str | None
    check: str
    column: str | None
    value: str | None
    reason: str
    raw_path: str | None = None
    raw_line: int | None = None
    first_version: str | None = None


class Wording(Protocol):
    """What an article says word for word, in memory or elsewhere: a run does not hold the text of every article.

    Hashes are 64 hex digits.
    """

    @property
    def text(self) -> str:
        """The clean text."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the text."""

    @property
    def raw_sha256(self) -> str | None:
        """SHA-256 of the record's own bytes, where it was read from a raw file."""


@dataclass(slots=True, frozen=True)
class InMemory:
    """A :class:`Wording` that is simply there."""

    text: str
    raw_sha256: str | None

    @property
    def sha256(self) -> str:
        """SHA-256 of the text."""
        return sha256_text(self.text)


@dataclass(slots=True)
class Article:
    """One row of ``articles``, plus where its body begins.

    ``wording`` holds the text, or knows where it lies; ``text`` may have to be read from there, every time.
    ``body_start`` is the offset in ``text`` where the body begins, after a headline that is repeated there and a
    dateline such as "NAIROBI, June 3 (Wire) -"; 0 without either. ``dateline`` is the dateline's place as printed and
    ``dateline_date`` its day, where given; ``agency`` is the news agency that the text credits. ``superseded_by`` is
    the newest version of the same article. ``coding_status`` says why an article has no coded rows: "coded", "dates
    only" (nothing else is read in its language), "copy" (its original is coded), "superseded" (its newest version is
    coded), "no model" (of its language) or "failed" (coding it failed). ``doubts`` are values of the record that are
    not used, with the reason.
    """

    article_id: str
    source_id: str | None
    url: str | None
    source: str | None
    title: str | None
    authors: list[str]
    wording: Wording
    language: str | None
    published_at: datetime | None
    published_precision: str | None
    retrieved_at: datetime | None
    word_count: int
    sentence_count: int | None
    raw_path: str | None
    raw_line: int | None
    duplicate_of: str | None = None
    story_id: str | None = None
    first_version: str | None = None
    coding_status: str = CODED
    body_start: int = 0
    dateline: str | None = None
    dateline_span: tuple[int, int] | None = field(default=None)
    dateline_date: date | None = None
    agency: str | None = None
    superseded_by: str | None = None
    doubts: tuple[Reject, ...] = ()

    @property
    def text(self) -> str:
        """The clean text. Raises RunFailedError when it is kept elsewhere and is no longer what was kept."""
        return self.wording.text

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text."""
        return self.wording.sha256

    @property
    def raw_sha256(self) -> str | None:
        """SHA-256 of the record's own bytes, where it was read from a raw file."""
        return self.wording.raw_sha256
