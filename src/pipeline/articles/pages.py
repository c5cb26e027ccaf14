"""A news page's HTML → its text and what the page says about itself, parsed once.

The fast reading of :mod:`page_body` finds the article of nearly all news pages; where it finds little, trafilatura has
a second look, and the text that the page's own JSON-LD holds a third.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from pipeline.articles.page_body import body, is_boilerplate
from pipeline.articles.page_facts import facts
from pipeline.records import CROWDED

LITTLE = 300
"""Characters of text below which the fast reading is doubted: a brief has as many, and another look takes as long as
four pages."""

FEWEST = 50
"""Characters of text below which a page has a menu, but no article."""

LATEST = "2100-01-01"  # htmldate takes today's date otherwise, and the same page would give other dates on other days

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
"""Bytes that no tree can hold."""

_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for every element: lxml.html's own parser asks Python for it each time, a tenth of a page's cost."""


@dataclass(slots=True, frozen=True)
class Page:
    """What a page holds; None or empty where it says nothing.

    ``published`` is ISO 8601 as exactly as the page states it; ``published_from`` says where: "json-ld", "meta",
    "markup", "url" or "text".
    """

    text: str
    title: str | None
    authors: list[str]
    published: str | None
    published_from: str | None
    url: str | None
    source: str | None
    language: str | None


def extracted(html: str, url: str | None) -> Page | None:
    """The article of a page, or None where there is none to be found."""
    tree = _parsed(html)
    if tree is None:
        return None
    found = facts(tree, url)
    published, published_from = found.published, found.published_from
    if published is None:
        published, published_from = _searched_date(tree, url), "text"
    paragraphs = body(tree)
    length = sum(map(len, paragraphs))
    if found.body is not None and len(found.body) > max(LITTLE, 2 * length):
        paragraphs = [found.body]  # the page shows its text by script, or only the beginning of it
    elif length < LITTLE:
        paragraphs = max(paragraphs, _second_look(html), key=lambda p: sum(map(len, p)))
    if paragraphs and found.title and paragraphs[0].casefold() == found.title.casefold():
        paragraphs = paragraphs[1:]  # the headline is kept apart from the text
    text = "\n\n".join(paragraphs)
    if len(text) < FEWEST:
        return None
    return Page(
        text,
        found.title,
        found.authors,
        published,
        published_from if published is not None else None,
        found.url,
        found.source,
        found.language,
    )


def _parsed(html: str) -> HtmlElement | None:
    """The page's tree, without comments; None where there is no markup, or markup made to stall."""
    data = html.encode("utf-8", "ignore").translate(None, _CONTROLS)
    if CROWDED.search(data) is not None:
        return None
    parser = etree.HTMLParser(  # huge: 2,048 elements within each other, and not 256, as unclosed <font> soon makes
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = etree.fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


def _searched_date(tree: HtmlElement, url: str | None) -> str | None:
    """A day somewhere in the page's text or links, by htmldate."""
    from htmldate import find_date  # slow to import, and few pages need it

    try:
        found = find_date(tree, url=url, original_date=True, extensive_search=False, max_date=LATEST)
    except (ValueError, TypeError, OverflowError, RecursionError, etree.LxmlError):
        return None
    return found if isinstance(found, str) else None


def _second_look(html: str) -> list[str]:
    """The paragraphs that trafilatura finds."""
    import trafilatura  # takes a second to import, and few pages need it

    try:
        found = trafilatura.bare_extraction(html, with_metadata=False, include_comments=False, fast=True)
    except (ValueError, RecursionError):  # markup nested deeper than it goes
        return []
    if found is None or isinstance(found, dict) or found.text is None:
        return []
    return [line for line in found.text.split("\n") if line.strip() and not is_boilerplate(line.strip())]
