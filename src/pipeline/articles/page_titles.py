"""The headline of a page, as printed: without the name of the site, a rubric before it or a second line below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from pipeline.articles.cleaning import one_line

_CUT = re.compile(r"\s+[|–—\-»·•:/]+\s+")
_WORD = re.compile(r"\w+")

MOST_PIECES = 12
"""Pieces of text in a heading that are looked at to find the headline among them."""

FEWEST_WORDS = 3
"""Words of a stated title that makes up a part of a heading: fewer may be the rubric."""


def headline(tree: HtmlElement, stated: Sequence[str], site: str | None) -> str | None:
    """The first-rank heading that the page's own titles agree with, else those titles.

    Args:
        tree: the page as parsed.
        stated: titles that the page's metadata give, the surest first.
        site: the name of the site.
    """
    headings = [(element, text) for element in tree.iter("h1") if (text := one_line(element.text_content()))]
    best, most = None, (0.5, 0)
    for element, text in headings:
        agreement = max((_overlap(text, other) for other in stated), default=1.0)
        words = len(text.split()) if stated else 0  # "New pier opens | Pier Post" agrees with the site's name as well
        if (agreement, words) > most:
            best, most = (element, text), (agreement, words)
    if best is not None:
        return _own_part(*best, [*stated, *(_without_site(title, site) for title in stated)])
    if not stated:
        return headings[0][1] if headings else None
    return _without_site(stated[0], site)


def _own_part(heading: HtmlElement, text: str, stated: Sequence[str]) -> str:
    """The pieces of a heading that make up a stated title, where others are a rubric or a second line."""
    titles = {title.casefold() for title in stated if len(title.split()) >= FEWEST_WORDS}
    if text.casefold() in titles:
        return text
    pieces = [line for part in heading.itertext() for piece in part.split("|") if (line := one_line(piece))]
    pieces = list(islice(pieces, MOST_PIECES))
    for first in range(len(pieces)):
        for last in range(len(pieces), first, -1):
            part = " ".join(pieces[first:last])
            if part.casefold() in titles:
                return part
    return text


def _overlap(a: str, b: str) -> float:
    """Share of the shorter title's words that the other has; none when one is a mere word of the other."""
    first, second = set(_WORD.findall(a.casefold())), set(_WORD.findall(b.casefold()))
    if not first or not second or min(len(first), len(second)) < 0.25 * max(len(first), len(second)):
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of the site after its last bar or dash."""
    cuts = list(_CUT.finditer(title))
    if not cuts:
        return title
    last = cuts[-1]
    ending = title[last.end() :]
    named = site is not None and ending.casefold() == site.casefold()
    if (
        named
        or ("|" in last[0] and len(ending.split()) <= 4)
        or (len(ending.split()) <= 3 and last.start() > 2 * len(ending))
    ):
        return title[: last.start()]
    return title
