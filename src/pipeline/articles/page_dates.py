"""Dates as pages write them → ISO 8601, as exactly as written and only where there is one way to read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache

from babel.dates import get_month_names

from pipeline import knowledge

EARLIEST = 1990
"""A date in a page's text from before the web is not the page's; in its metadata it is, in a press archive."""

UNSET = frozenset({"1970-01-01", "1969-12-31", "1899-12-30", "1899-12-31", "1900-01-01"})
"""What software writes where it knows no day: zero in Unix time, in spreadsheets and in databases."""

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "tr", "sv", "da", "nb", "cs", "ro", "id", "el")

_ISO = re.compile(
    r"((?:1[5-9]|2\d)\d\d)(?:[-/.]?(\d\d)[-/.]?(\d\d)|[-/](\d\d?)[-/](\d\d?))"
    r"(?:[T ]{1,2}(\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d\d)[-/.](\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?(?!\d)")
_WORDS = re.compile(
    r"(?:(?P<month1>[^\W\d_]{3,12})\.?\s+(?P<day1>\d{1,2})(?:st|nd|rd|th)?,?"
    r"|(?<!\d)(?P<day2>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:del?\s+|of\s+)?(?P<month2>[^\W\d_]{3,12})\.?,?)"
    r"[\s-]+(?:del?\s+)?(?P<year>(?:19|20)\d\d)(?:,?\s+(?P<clock>\d\d:\d\d(?::\d\d)?)\s*(?P<zone>GMT|UTC|Z|[+-]\d{4})?)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")


LONGEST_LINE, OTHER_WORDS = 60, 4
"""Characters of a line that gives the day of its page, and words in it beside the day: "Posted on Friday … at 6 pm"."""

SOON = timedelta(days=7)
"""How long after the day in its metadata an article may come out: they keep the day when it was first saved."""

LATE = 18
"""Hour from which on an article is written for the paper of the next day."""

_WORD = re.compile(r"[^\W\d_]+")


@cache
def _months() -> dict[str, int]:
    """Names of the months and their short forms, in lower case → number (Unicode CLDR, by babel)."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found | {"sept": 9}


def stated(text: str | None) -> str | None:
    """What a page gives as a date, in ISO 8601; None where it is none."""
    if not text:
        return None
    found = _ISO.match(text.strip())
    if found:
        year, month, day, short_month, short_day, clock, zone = found.groups()
        clock = f"0{clock}" if clock and clock[1] == ":" else clock
        return _built(int(year), int(month or short_month), int(day or short_day), clock, zone, earliest=1)
    return printed(text)


def printed(text: str, language: str | None = None) -> str | None:
    """The first date in a line of text.

    Args:
        text: a short line.
        language: of the page; "04/09/2026" is only read where it is known not to be English.
    """
    if _YEAR.search(text) is None:  # a tenth of the time of what follows, and nearly every line of a page
        return None
    found = _DAY.search(text)
    if found:
        return _built(int(found[1]), int(found[2]), int(found[3]), found[4], None)
    for words in _WORDS.finditer(text):
        month = _months().get((words["month1"] or words["month2"]).casefold())
        if month is not None:
            day = int(words["day1"] or words["day2"])
            return _built(int(words["year"]), month, day, words["clock"], words["zone"])
    numbers = _NUMBERS.search(text)
    if numbers is None:
        return None
    first, second, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    if numbers[2] == "." or first > 12 or first == second or (language or "en")[:2].lower() != "en":
        return _built(year, second, first, None, None)
    return _built(year, first, second, None, None) if second > 12 else None


def day_of_line(line: str, language: str | None = None) -> str | None:
    """The day that a line gives as that of its page; None where it says more than that, or tells of an update."""
    line = line.strip()
    if len(line) > LONGEST_LINE or _of_update().search(line):
        return None
    iso = printed(line, language)
    return iso[:10] if iso is not None and len(_WORD.findall(line)) <= OTHER_WORDS + 1 else None


@cache
def _of_update() -> re.Pattern[str]:
    patterns = "|".join(row["pattern"] for row in knowledge.table("page_date_words.csv") if row["kind"] == "updated")
    return re.compile(rf"\b(?:{patterns})\b", re.IGNORECASE)


def is_of_update(words: str) -> bool:
    """Whether words such as the class of an element tell of an update."""
    return _of_update().search(words) is not None


def _built(
    year: int, month: int, day: int, clock: str | None, zone: str | None, earliest: int = EARLIEST
) -> str | None:
    try:
        written = date(year, month, day).isoformat()
    except ValueError:
        return None
    if year < earliest or written in UNSET:
        return None
    if clock is None or (clock.startswith("00:00") and zone in (None, "Z")):
        return written  # midnight is what software writes when it knows the day alone
    zone = {"GMT": "Z", "UTC": "Z"}.get(zone or "", zone or "")
    return f"{written}T{clock}{zone}"


def is_utc(iso: str) -> bool:
    """Whether a date is an instant stated in UTC."""
    return _utc(iso) is not None


def is_night(iso: str) -> bool:
    """Whether an instant in UTC may be the day before, west of Greenwich."""
    moment = _utc(iso)
    return moment is not None and moment.hour < 12


def is_eve(day: str, iso: str) -> bool:
    """Whether a day is that of an instant in UTC west of Greenwich, where it was still the evening before."""
    moment = _utc(iso)
    return moment is not None and moment.hour < 12 and (moment - timedelta(hours=12)).date().isoformat() == day


def is_morrow(day: str, iso: str) -> bool:
    """Whether a day is that of an instant in UTC east of Greenwich, where the next one had begun."""
    moment = _utc(iso)
    return moment is not None and moment.hour >= 10 and (moment + timedelta(hours=14)).date().isoformat() == day


def _utc(iso: str) -> datetime | None:
    """An instant that is stated in UTC; None for days, and for the publisher's own time."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if "T" in iso and moment.utcoffset() == timedelta(0) else None


def is_same_moment(one: str, other: str) -> bool:
    """Whether two stated dates are one instant, to the minute, whatever their zones."""
    try:
        apart = datetime.fromisoformat(one) - datetime.fromisoformat(other)
    except (ValueError, TypeError):  # no dates, or only one of them with a zone
        return False
    return abs(apart) < timedelta(minutes=1)


def is_next_paper(day: str, iso: str) -> bool:
    """Whether a day is that of the paper for which an article was written the evening before."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return False
    return moment.hour >= LATE and (moment + timedelta(days=1)).date().isoformat() == day


def is_soon_after(day: str, iso: str) -> bool:
    """Whether a day lies within a week after a stated date."""
    try:
        apart = date.fromisoformat(day) - datetime.fromisoformat(iso).date()
    except ValueError:
        return False
    return timedelta(0) < apart <= SOON


def is_later_edition(day: str, iso: str) -> bool:
    """Whether a stated date lies months after the day in an address: metadata follow later editions, addresses stay."""
    try:
        return datetime.fromisoformat(iso).date() - date.fromisoformat(day) > timedelta(days=60)
    except ValueError:
        return False


def in_own_day(iso: str) -> str:
    """An instant, or the publisher's day alone where that is another than the day in UTC.

    What an article calls Tuesday is Tuesday where it was written, and every day of ours is one in UTC.
    """
    try:
        moment = datetime.fromisoformat(iso)
        own = moment.date()
        same = moment.tzinfo is None or moment.astimezone(UTC).date() == own
    except (ValueError, OverflowError):
        return iso
    return iso if same else own.isoformat()
