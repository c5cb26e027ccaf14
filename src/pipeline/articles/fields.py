"""Record fields as given → checked values, or the reject that says which field is wrong and what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from pipeline.articles.cleaning import one_line
from pipeline.articles.mending import mended
from pipeline.records import MOST_PAGE, MOST_TEXT, Record, Reject

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Publication before the one or from the other on is doubted."""

AHEAD = timedelta(days=1)
"""How far publication may lie after retrieval: a date without a zone is taken as UTC, and may be half a day off."""

TEXT_FIELDS = ("text", "title", "url", "source", "language")
_SHOWN = 200
_ISO = re.compile(
    r"""(?P<year>\d{4})
    (?:-(?P<month>\d\d)(?:-(?P<day>\d\d))? | (?P<month2>\d\d)(?P<day2>\d\d))?
    (?:[T\ ](?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?
       \ ?(?P<zone>Z|z|UTC|[+-]\d\d(?::?\d\d)?)?)?""",
    re.VERBOSE | re.ASCII,
)


_TABLE = re.compile(r"\.(?:csv|tsv|parquet)(?:\.gz|\.zst)?(?: line \d+)?$", re.IGNORECASE)


class FieldError(ValueError):
    """One field of a record cannot be used.

    Attributes:
        column: the record field. ``check``: the kind of fault. ``value``: what was given, or None.
    """

    def __init__(self, check: str, column: str, what: str, value: object = None) -> None:
        super().__init__(what)
        self.check = check
        self.column = column
        self.value = value


@dataclass(slots=True, frozen=True)
class Fields:
    """The contract's record fields, checked; None or empty where the record says nothing.

    ``doubts`` holds values that are not used though they can be read; the article is kept without them.
    """

    source_id: str | None
    text: str | None
    html: str | None
    title: str | None
    url: str | None
    source: str | None
    authors: list[str]
    language: str | None
    published_at: datetime | None
    published_precision: str | None
    retrieved_at: datetime | None
    doubts: tuple[FieldError, ...] = ()


def checked(record: Record) -> Fields:
    """Check every field the contract knows; fields that it does not know are left in raw.

    Raises:
        FieldError: a wrong type, no text at all, many NUL bytes, too much text, or a bad date.
    """
    given, mends = mended(record.fields)
    html = _string(given.get("html"), "html")
    text, title, url, source, language = (_string(given.get(name), name) for name in TEXT_FIELDS)
    if text is None and html is None:
        names = ", ".join(sorted(map(str, given)))
        has = f" (this one has {_quotable(names)})" if names else ""
        raise FieldError("missing", "text", f"text is missing: a record needs text or html{has}")
    retrieved_at = instant(given.get("retrieved_at"), "retrieved_at")[0]
    published_at, precision, doubts = published(given.get("published_at"), retrieved_at)
    return Fields(
        source_id=_identifier(given.get("id")),
        text=text,
        html=html,
        title=title,
        url=url,
        source=source,
        authors=_authors(given.get("authors")),
        language=language,
        published_at=published_at,
        published_precision=precision,
        retrieved_at=retrieved_at,
        doubts=(*(FieldError(*mend) for mend in mends), *doubts),
    )


def rejected(record: Record, error: FieldError) -> Reject:
    """The reject for a record: names the file, the line, the field and what was expected."""
    where = record.raw_path if record.raw_path is not None else "record"
    if record.raw_line is not None:
        where = f"{where} line {record.raw_line}"
    given = record.fields.get("id")
    hint = "; date_format in mapping.yml says how to read it" if error.check == "date" and _TABLE.search(where) else ""
    return Reject(
        table="articles",
        record_id=_quotable(given) if isinstance(given, str | int) else None,
        check=error.check,
        column=error.column,
        value=None if error.value is None else _quotable(error.value),
        reason=f"{where}: {error}{hint}",
        raw_path=record.raw_path,
        raw_line=record.raw_line,
    )


def _quotable(value: object) -> str:
    """A bad value, short and fit for a table: no NUL, no lone surrogates."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")


def _string(value: object, column: str) -> str | None:
    """A field of text; blank is nothing."""
    if value is None or (isinstance(value, float) and value != value):  # pandas writes a missing string as NaN
        return None
    if not isinstance(value, str):
        raise FieldError("type", column, f"{column} is a {type(value).__name__}, expected a string", value)
    most = MOST_PAGE if column == "html" else MOST_TEXT
    if len(value) > most:
        raise FieldError("size", column, f"{column} has {len(value):,} characters (limit {most:,})")
    if "\x00" in value:
        raise FieldError("binary", column, f"{column} holds NUL bytes: it is binary, not text", value)
    return value if value.strip() else None


def _identifier(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _string(value, "id")


def _authors(value: object) -> list[str]:
    if value is None or isinstance(value, str):
        one = _string(value, "authors")
        return [one_line(one)] if one else []
    if not isinstance(value, list | tuple):
        raise FieldError("type", "authors", f"authors is a {type(value).__name__}, expected a list of names", value)
    names = [_string(name, "authors") for name in value]
    return [one_line(name) for name in names if name]


def published(
    value: object, retrieved_at: datetime | None
) -> tuple[datetime | None, str | None, tuple[FieldError, ...]]:
    """Publication and its precision, both None where they are doubted, and the doubt.

    There is no clock here: what lies in the future is told by when the article was fetched, or not at all before 2100.

    Raises:
        FieldError: no date at all.
    """
    moment, precision = instant(value, "published_at")
    if moment is None:
        return None, None, ()
    if moment < EARLIEST:
        check, why = "too_early", f"lies before {EARLIEST.year}"
    elif retrieved_at is not None and moment - retrieved_at > AHEAD:
        check, why = "future", f"lies after the article was fetched ({retrieved_at:%Y-%m-%d %H:%M} UTC)"
    elif moment >= LATEST:
        check, why = "future", f"lies after {LATEST.year - 1}"
    else:
        return moment, precision, ()
    what = f"published_at '{_quotable(value)}' {why}; it is not used, the article is kept"
    return None, None, (FieldError(check, "published_at", what, value),)


def instant(value: object, column: str) -> tuple[datetime | None, str | None]:
    """An instant in UTC and its precision; a time without a zone is taken as UTC, a day as its first moment.

    Raises:
        FieldError: no text or date, or a text that is no date in ISO 8601.
    """
    if isinstance(value, datetime):
        if value != value:  # pandas' missing instant
            return None, None
        # built anew, so that a pandas.Timestamp comes out as a plain datetime
        clock = (value.hour, value.minute, value.second, value.microsecond)
        moment = datetime(value.year, value.month, value.day, *clock, tzinfo=value.tzinfo or UTC)
        return moment.astimezone(UTC), "second"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), "day"
    if value is not None and not isinstance(value, str | float):
        raise FieldError("type", column, f"{column} is a {type(value).__name__}, expected an ISO 8601 string", value)
    text = _string(value, column)
    if text is None:
        return None, None
    found = _ISO.fullmatch(text.strip())
    try:
        if found is not None:
            return _built(found)
    except (ValueError, OverflowError):
        pass  # the thirteenth month, the thirtieth of February: no date either
    raise FieldError("date", column, f"{column} '{_quotable(text)}' is not a date (expected ISO 8601)", text)


def _built(found: re.Match[str]) -> tuple[datetime, str]:
    part = {k: v for k, v in found.groupdict().items() if v is not None}
    month, day = part.get("month", part.get("month2")), part.get("day", part.get("day2"))
    if "hour" in part and day is None:
        raise ValueError("a time needs a day")
    zone = part.get("zone", "Z")
    offset = timedelta(0)
    if zone not in ("Z", "z", "UTC"):
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]) if len(zone) > 3 else 0)
        offset = -offset if zone[0] == "-" else offset
    moment = datetime(
        int(part["year"]),
        int(month or 1),
        int(day or 1),
        int(part.get("hour", 0)),
        int(part.get("minute", 0)),
        int(part.get("second", 0)),
        int(part.get("fraction", "0")[:6].ljust(6, "0")),
        tzinfo=timezone(offset),
    ).astimezone(UTC)
    precision = next(
        (p for p in ("second", "minute", "hour") if p in part), "day" if day else "month" if month else "year"
    )
    return moment, precision
