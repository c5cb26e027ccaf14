"""A news page's HTML → its text and what the page says about itself, by trafilatura."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Page:
    """What a page holds; None or empty where it says nothing. ``published`` is an ISO 8601 day."""

    text: str
    title: str | None
    authors: list[str]
    published: str | None
    url: str | None
    source: str | None
    language: str | None


def extracted(html: str, url: str | None) -> Page | None:
    """The article of a page, or None where there is none to be found."""
    import trafilatura  # takes a second to import, and most runs read no HTML

    try:
        found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    except (ValueError, RecursionError):  # markup nested deeper than the parser goes
        return None
    if found is None or isinstance(found, dict) or found.text is None or not found.text.strip():
        return None
    names = [n.strip() for n in (found.author or "").split(";") if n.strip()]
    return Page(found.text, found.title, names, found.date, found.url, found.sitename, found.language)
