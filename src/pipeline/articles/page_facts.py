"""What a page says about itself: JSON-LD, OpenGraph and other meta first, then its headings, its URL, its text.

Publishers fill JSON-LD and OpenGraph in for search engines, so these are right more often than what is printed; the
headline is the exception, since og:title is often shortened or carries the site's name.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from pipeline.articles.page_published import published
from pipeline.articles.page_titles import headline

_BREAK = re.compile(r"</p>|<br\s*/?>|\n", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_TAG = re.compile(r"<[a-zA-Z/][^>]{0,300}>")
_SIGNED = '//@rel[.="author"]/.. | //@itemprop[.="author"]/..'
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ocid|ito|smid|igshid|partner|ncid|ftag|_ga|ref_?(?:src|url)?", re.I
)
_NO_NAME = re.compile(r"https?:|@|^(?:admin|staff|editor|by|none|null|unknown)$|\d{3}", re.I)


@dataclass(slots=True)
class Facts:
    """What a page states; None or empty where it does not.

    Attributes:
        published: ISO 8601, as exactly as stated. published_from: "json-ld", "meta", "markup", "url" or "text".
        body: the article's text as JSON-LD gives it, often without paragraphs.
    """

    title: str | None = None
    authors: list[str] = field(default_factory=list)
    published: str | None = None
    published_from: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None
    body: str | None = None


def facts(tree: HtmlElement, url: str | None) -> Facts:
    """Read the page's facts.

    Args:
        tree: the page as parsed, scripts included.
        url: its address as the record gives it, or None.
    """
    meta = _meta(tree)
    article = _article(tree)
    found = Facts(
        title=_title(tree, meta, article),
        authors=_authors(tree, meta, article),
        url=_address(tree, meta, url),
        source=meta.get("og:site_name") or _name(article.get("publisher")) or meta.get("application-name"),
        language=_language(tree, meta, article),
        body=_body(article.get("articleBody")),
    )
    stated = _text(article.get("datePublished") or article.get("dateCreated"))
    found.published, found.published_from = published(tree, stated, meta, url or found.url, found.language, found.title)
    return found


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Names of meta elements in lower case → their first content that is not blank."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        if len(element.attrib) > 2 and any('"' in name for name in element.attrib):
            continue  # a bare quotation mark has ended the content, and what follows passes for attributes
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _text(element.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _article(tree: HtmlElement) -> dict[str, Any]:
    """The page's own article in its JSON-LD; empty where there is none."""
    best: dict[str, Any] = {}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            content = json.loads(script.text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(content):
            if _worth(node) > _worth(best):
                best = node
    return best


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    """The articles of a JSON-LD document, those in lists of other articles left out."""
    waiting = [content]
    seen = 0
    while waiting and seen < 500:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting[:0] = node
        elif isinstance(node, dict):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(("Article", "Posting", "Report")) for kind in kinds):
                yield node
            if not {"ItemList", "ListItem"} & set(map(str, kinds)):
                waiting.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)


def _worth(node: dict[str, Any]) -> int:
    return sum(key in node for key in ("headline", "datePublished", "author", "articleBody"))


def _text(value: Any) -> str | None:
    """One line of text, or None; a list gives its first."""
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, str):
        return None
    return " ".join(_unescaped(value).split()) or None


def _body(value: Any) -> str | None:
    """Text with its line breaks, without the tags that some publishers leave in."""
    if not isinstance(value, str):
        return None
    return _unescaped(_TAG.sub(" ", _BREAK.sub("\n\n", value))).strip() or None


def _name(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


# ---------------------------------------------------------------- headline


def _title(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> str | None:
    given = (article.get("headline"), meta.get("og:title"), meta.get("twitter:title"), tree.findtext(".//title"))
    return headline(tree, [title for one in given if (title := _text(one))], meta.get("og:site_name"))


def _unescaped(text: str) -> str:
    """Text without entities: scripts hold them as they are, and some publishing systems escape twice."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


# ---------------------------------------------------------------- who and where


def _authors(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> list[str]:
    """Names of the authors, in the page's order."""
    given = article.get("author")
    names = [_name(one) for one in (given if isinstance(given, list) else [given])]
    if not any(names):
        names = [
            meta.get(key) for key in ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator")
        ]
        names = [next((n for n in names if n and not _NO_NAME.search(n)), None)]
    if not any(names):
        marked = tree.xpath(_SIGNED)[:4]
        names = [_text(element.text_content()[:80]) for element in marked]
    found: list[str] = []
    for name in names:
        for part in re.split(r"\s*(?:;|, | and | & )\s*", (name or "")):
            clean = re.sub(r"^by\s+", "", part, flags=re.I).strip()
            if clean and not _NO_NAME.search(clean) and len(clean.split()) <= 6 and clean not in found:
                found.append(clean)
    return found


def _language(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> str | None:
    stated = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    return stated or _text(article.get("inLanguage")) or meta.get("og:locale") or meta.get("content-language")


def _address(tree: HtmlElement, meta: dict[str, str], url: str | None) -> str | None:
    """The page's canonical address, tracking parameters off; one that is a site's front page is none."""
    link = next((e.get("href") for e in tree.iter("link") if e.get("rel") == "canonical" and e.get("href")), None)
    for stated in (link, meta.get("og:url")):
        if stated:
            try:
                full = urljoin(url or "", stated.strip())
                inside = urlsplit(full).path.strip("/")
            except ValueError:
                continue
            if full.startswith(("http://", "https://")) and inside:
                return canonical(full)
    return canonical(url) if url else None


def canonical(url: str) -> str:
    """An address without fragment and tracking parameters, host in lower case."""
    try:
        parts = urlsplit(url.strip())
        kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
        query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
        return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, ""))
    except ValueError:
        return url
