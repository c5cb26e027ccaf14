"""Who wrote an article, printed in it: "By Asha Njeri" above the text, "AFP contributed to this report." below it.

Such lines are facts about the article and no part of it: they are taken out of the text, and with them what
:func:`pipeline.articles.page_body.is_boilerplate` knows of pages, for archives are made from pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pipeline import knowledge
from pipeline.articles.datelines import Dateline, dateline, is_agency
from pipeline.articles.page_body import is_boilerplate

TOP, BOTTOM = 4, 4
"""Paragraphs from the start among which a byline stands, and from the end among which a closing credit does."""

FEWEST = 3
"""Paragraphs of a text below which every one of them is taken for the article: briefs and single sentences."""

LONGEST = 160  # characters of a credit
INLINE = 12  # words among which a byline before a dateline ends

_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_UPPER}[\w.'’-]*(?: (?:(?:de|del|da|dos|du|la|van|von|der|den|bin|al|el|y) )*{_UPPER}[\w.'’-]*){{0,3}}"
_BYLINE = re.compile(
    rf"(?:By|BY|Por|POR):? (?P<names>{_NAME}(?:(?:, and |, | and | AND | & | y ){_NAME}){{0,4}})"
    r"(?:(?:,| ?[|/•·–—]| -) ?(?P<rest>[^.!?]{0,60}))?"
)
_BETWEEN = re.compile(r", and |, | and | AND | & | y ")


@dataclass(slots=True)
class Credits:
    """What the lines around a text say: names of authors as printed, and the agency that it comes from."""

    authors: list[str]
    agency: str | None = None


def credited(text: str, page: bool) -> tuple[str, Credits]:
    """A text without its credits and boilerplate lines, and what the credits say.

    Args:
        text: cleaned; paragraphs are joined by a blank line.
        page: its boilerplate is out already.
    """
    found = Credits([])
    paragraphs = text.split("\n\n")
    if len(paragraphs) < FEWEST:
        return text, found
    kept: list[str] = []
    last = len(paragraphs) - BOTTOM
    for i, line in enumerate(paragraphs):
        credit = len(line) <= LONGEST and (
            (i < TOP and _is_byline(line, found)) or (i >= last and i > 0 and _is_closing(line, found))
        )
        if not credit and (page or not is_boilerplate(line.removeprefix("(").removesuffix(")"))):
            kept.append(line)
    if not kept:
        return text, Credits([])
    return ("\n\n".join(kept) if len(kept) < len(paragraphs) else text), found


def byline_and_dateline(text: str, published_at: datetime | None, start: int) -> tuple[Credits, Dateline | None]:
    """The dateline that a body begins with, behind a byline on the same line if there is one.

    A byline within a paragraph ends nowhere that could be told, but where a dateline begins: "By Asha Njeri MOMBASA,
    Sept. 1 (Wire) - ".
    """
    found = Credits([])
    if text.startswith(("By ", "BY "), start):
        ends = [m.start() for m in re.finditer(" ", text[start : start + LONGEST])][1:INLINE]
        for end in ends:
            place = dateline(text, published_at, start + end + 1)
            upper = place is not None and place.place.partition(",")[0].isupper()  # "Wire Writer MOMBASA" is not
            if place is not None and upper and _is_byline(text[start : start + end], found):
                found.agency = place.agency or found.agency
                return found, place
    place = dateline(text, published_at, start)
    return Credits([], place.agency if place else None), place


def after_headline(text: str, title: str | None) -> int:
    """Where a text goes on after a first paragraph that repeats its headline; 0 where it does not."""
    first, blank, rest = text.partition("\n\n")
    same = title is not None and rest and first.casefold() == title.casefold()
    return len(first) + len(blank) if same else 0


def _is_byline(line: str, found: Credits) -> bool:
    """Whether a line is a byline; notes whom it names."""
    if is_agency(line.strip(" ().")):
        found.agency = found.agency or line.strip(" ().")
        return True
    match = _BYLINE.fullmatch(line.strip())
    if match is None:
        return False
    named = False
    names = _BETWEEN.split(match["names"])
    for printed in [*names, *filter(None, [match["rest"]])]:
        words = printed.split()
        employer = next((" ".join(words[:n]) for n in range(len(words), 0, -1) if is_agency(" ".join(words[:n]))), None)
        role = _role().fullmatch(printed) is not None
        person = printed in names and len(words) > 1 and employer is None and not role
        if employer is not None:
            found.agency = found.agency or employer
        if person or (employer == printed and not found.authors):
            found.authors.append(printed.title() if person and printed.isupper() else printed)
        named = named or person or role or employer is not None
    return named


def _is_closing(line: str, found: Credits) -> bool:
    """Whether a line is a closing credit: who contributed, or an agency by itself."""
    if is_agency(line.strip(" ().")):
        found.agency = found.agency or line.strip(" ().")
        return True
    for pattern in _closing():
        match = pattern.fullmatch(line)
        if match is not None:
            agency = next((a for a in _BETWEEN.split(match["by"]) if is_agency(a)), None)
            found.agency = found.agency or agency
            return agency is not None or "contributed" in line
    return False


@cache
def _closing() -> tuple[re.Pattern[str], ...]:
    rows = knowledge.table("credits.csv")
    return tuple(re.compile(row["pattern"], re.IGNORECASE) for row in rows if row["kind"] == "closing")


@cache
def _role() -> re.Pattern[str]:
    rows = knowledge.table("credits.csv")
    return re.compile("|".join(row["pattern"] for row in rows if row["kind"] == "role"), re.IGNORECASE)
