"""The article in a page's tree: the element that holds its paragraphs, and of those the ones that are the article's.

A few passes over the tree and no copies of it, so that a page costs a few milliseconds: furniture goes out by element,
by class and by its heading, the element that holds nearly all running text is found, and its blocks are kept or not by
their links; a standfirst is taken from above it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain, islice

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from pipeline import knowledge

SILENT = ("script", "style", "noscript", "iframe", "svg", "template", "select", "button", "video", "audio", "object")
FURNITURE = (
    "aside",
    "nav",
    "footer",
    "form",
    "figure",
    "figcaption",
    "dialog",
    "label",
    "address",
    "canvas",
    "textarea",
)
CLASSED = ("div", "section", "ul", "ol", "p", "span", "table", "h2", "h3", "h4", "li", "header")
BREAKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "figure", "br", "hr", "pre", "blockquote", "table", "tr", "td"}
    | {"ul", "ol", "li", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
)
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = frozenset({"p", "blockquote", "pre"})
KINDS = HEADINGS | PARAGRAPHS | {"h1", "li", "td"}

OWN = frozenset({"articleBody", "description", "headline"})
"""Properties (schema.org) of an element that is the article's own, whatever its class says."""

_UNSEEN = re.compile(r"clip:\s*rect\(", re.IGNORECASE)
"""The style of words for screen readers only, such as "opens in a new tab" within a link."""

LONG_FORM = 2500  # characters of text in a form: some publishing systems wrap the whole page in one
LONG_PART = 600  # characters of paragraphs in an element named as furniture: then the name misleads
SMALL_SHARE = 0.2  # of the page's paragraphs: the name misleads only above this as well
MANY_HEADINGS, MANY_PARAGRAPHS = 300, 1000  # more are not looked at, so that no page costs the square of its length
PARAGRAPH = 60  # fewest characters of a paragraph that tells where the article is
LOOSE = 80  # the same of text directly in a div
LONG_HEADING = 90  # characters above which a heading is a standfirst or a summary, with or without text below it
STANDFIRST = (60, 400)  # characters of a standfirst: below it is a button or a rubric, above it an article
ENOUGH = 300  # characters of running text: a page with less holds no article that this can find
NEARLY_ALL = 0.95
"""Share of a page's running text that the article's element has. Measured on 251 pages, .80 loses text that stands
apart (body F1 .960, segment F1 .942); .95 does not (.970, .946); .90 and .98 are within .002 of it."""


Block = tuple[str, str, float]
"""The kind of element, the text on one line, and how much of it is links."""


def body(tree: HtmlElement) -> list[str]:
    """The paragraphs of a page's article; empty where none can be told. The tree is taken apart."""
    etree.strip_elements(tree, *SILENT, with_tail=False)
    _drop_furniture(tree)
    holder = _holder(tree)
    return _kept(_standfirst(tree, holder) + _blocks(holder)) if holder is not None else []


@cache
def _named_as_furniture() -> re.Pattern[str]:
    words = "|".join(row["word"] for row in knowledge.table("page_parts.csv"))
    return re.compile(rf"(?:^|[\s_-])(?:{words})(?=$|[\s_-])", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)  # the same classes come again and again on a page and on the next
def is_furniture(name: str) -> bool:
    """Whether a class or id names a part of a page that is not its article."""
    return _named_as_furniture().search(name) is not None


def _drop_furniture(tree: HtmlElement) -> None:
    for element in list(tree.iter(*FURNITURE)):
        if element.getparent() is not None and not _holds_text(element):
            element.drop_tree()
    gone = 0
    limit = max(LONG_PART, SMALL_SHARE * _length(tree, "p"))
    for element in list(tree.iter(*CLASSED)):
        if gone:  # inside of what has just been dropped
            gone -= 1
            continue
        style = element.get("style")
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if (
            ((style and _UNSEEN.search(style)) or (name != " " and is_furniture(name)))
            and element.getparent() is not None
            and element.get("itemprop") not in OWN
            and _has_little_text(element, limit)
        ):
            gone = sum(1 for _ in element.iter(*CLASSED)) - 1
            element.drop_tree()
    for heading in list(islice(tree.iter(*HEADINGS), MANY_HEADINGS)):
        if is_boilerplate(" ".join("".join(heading.itertext()).split())):
            _drop_section(heading, limit)


def _drop_section(heading: HtmlElement, limit: float) -> None:
    """Drop the largest element that begins with a heading such as "More from us" and holds little text."""
    section, parent = heading, heading.getparent()
    while (
        parent is not None
        and parent.tag != "body"
        and not _has_text_before(section)
        and _has_little_text(parent, limit)
    ):
        section, parent = parent, parent.getparent()
    if parent is not None:
        section.drop_tree()


def _has_text_before(element: HtmlElement) -> bool:
    """Whether an element's parent has text before it."""
    before = (text for other in element.itersiblings(preceding=True) for text in (other.tail, *other.itertext()))
    return any(text and not text.isspace() for text in chain((element.getparent().text,), before))


def _holds_text(element: HtmlElement) -> bool:
    """Whether an element of furniture holds the article or a part of it: a form all of it, a figure a table."""
    if element.tag == "form":
        return _length(element, "p", "div") > LONG_FORM
    return element.tag == "figure" and element.find(".//table") is not None


def _has_little_text(element: HtmlElement, limit: float) -> bool:
    """Whether an element's paragraphs have fewer characters than that; one of very many paragraphs has not."""
    length = 0
    for number, part in enumerate(element.iter("p")):
        length += len("".join(part.itertext()))
        if length >= limit or number > MANY_PARAGRAPHS:
            return False
    return True


def _length(element: HtmlElement, *tags: str) -> int:
    return sum(len("".join(part.itertext())) for part in element.iter(*tags))


def _holder(tree: HtmlElement) -> HtmlElement | None:
    """The innermost element with nearly all of the page's running text, or None where there is too little of it."""
    direct: dict[HtmlElement | None, int] = {}  # by parent, since paragraphs are many and their parents few
    weight: dict[HtmlElement, int] = {}
    total = 0
    for element in tree.iter("p", "blockquote", "pre", "div", "td", "li", "span", "dd", "section", "article"):
        if element.tag in PARAGRAPHS:
            length = len(" ".join("".join(element.itertext()).split()))
            if length < PARAGRAPH:
                continue
            length -= 2 * sum(len(text) for link in element.iter("a") for text in link.itertext())
        else:
            length = len(element.text.strip()) if element.text else 0
            for child in element:
                if child.tail:
                    length += len(child.tail.strip())
            if length < LOOSE:
                continue
        if length <= 0:
            continue
        total += length
        parent = element.getparent()
        direct[parent] = direct.get(parent, 0) + length
    if total < ENOUGH:
        return None
    for parent, length in direct.items():
        above = parent
        while above is not None:
            weight[above] = weight.get(above, 0) + length
            above = above.getparent()
    holder = tree
    while True:
        best = max((child for child in holder if child in weight), key=weight.__getitem__, default=None)
        if best is None or weight[best] < NEARLY_ALL * total or best.tag in ("ul", "ol", "li", "tr", "tbody", "p"):
            return holder
        holder = best


def _standfirst(tree: HtmlElement, holder: HtmlElement) -> list[Block]:
    """The standfirst where it stands apart: the first running text between the headline and the article's element."""
    if holder.find(".//h1") is not None or next(tree.iter("h1"), None) is None:
        return []
    between: list[Block] = []
    for element in (holder, *holder.iterancestors()):
        for sibling in element.itersiblings(preceding=True):
            blocks = _blocks(sibling)
            headlines = [i for i, (kind, _, _) in enumerate(blocks) if kind == "h1"]
            between[:0] = blocks[headlines[-1] + 1 :] if headlines else blocks
            if headlines:
                return [("p", text, linked) for _, text, linked in between if _is_standfirst(text, linked)][:1]
    return []


def _is_standfirst(text: str, linked: float) -> bool:
    return STANDFIRST[0] <= len(text) <= STANDFIRST[1] and linked < 0.3 and not is_boilerplate(text)


def _blocks(holder: HtmlElement) -> list[Block]:
    """The blocks of text in order."""
    found: list[Block] = []
    parts: list[str] = []
    linked = 0
    links = 0
    kinds = ["div"]

    def close() -> None:
        nonlocal linked
        text = " ".join("".join(parts).split())
        if text:
            found.append((kinds[-1], text, linked / len(text)))
        parts.clear()
        linked = 0

    for event, element in etree.iterwalk(holder, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in BREAKS:
                close()
                kinds.append(tag if tag in KINDS else kinds[-1] if kinds[-1] in ("li", "td", "blockquote") else "div")
            links += tag == "a"
            text = element.text
        else:
            links -= tag == "a"
            if tag in BREAKS:
                close()
                kinds.pop()
            text = element.tail if element is not holder else None
        if text:
            parts.append(text)
            if links:
                linked += len(text)
    close()
    return found


def _kept(blocks: list[Block]) -> list[str]:
    """Texts of the blocks that are the article's: not mostly links, and headings only above something that is kept."""
    kept: list[tuple[str, str]] = []
    for kind, text, linked in blocks:
        if kind in HEADINGS and len(text) > LONG_HEADING:
            kind = "p"
        if kind in HEADINGS:
            good = linked < 0.5 and len(text) > 2
        elif kind in PARAGRAPHS:
            good = linked < 0.6 or (len(text) > 120 and linked < 0.8)
        elif kind == "li":
            good = linked < 0.3 and len(text) > 20
        elif kind == "td":
            good = linked < 0.2 and len(text) > 2
        else:
            good = kind != "h1" and linked < 0.3 and len(text) > 40
        if good and not is_boilerplate(text):
            kept.append((kind, text))
    return [
        text
        for i, (kind, text) in enumerate(kept)
        if kind not in HEADINGS or (i + 1 < len(kept) and kept[i + 1][0] not in HEADINGS)
    ]


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in knowledge.table("page_lines.csv")), re.IGNORECASE)


LONGEST_LINE = 320
"""Characters above which a line is no boilerplate, whatever it begins with."""


def is_boilerplate(line: str) -> bool:
    """Whether a line of a page is a share button, a "Read more", a caption, a copyright or a newsletter box."""
    return len(line) <= LONGEST_LINE and _boilerplate().fullmatch(line) is not None
