"""Pages → articles: what a page says about itself, its text without its furniture, and pages made to do harm."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import articles
from pipeline.articles.page_body import is_boilerplate, is_furniture
from pipeline.articles.page_dates import day_of_line, in_own_day, is_of_update, printed, stated
from pipeline.articles.page_facts import canonical, facts
from pipeline.articles.pages import extracted
from pipeline.knowledge import table
from pipeline.records import Article, Record, Reject

PARAGRAPHS = [
    "The harbour master of Mombasa opened the new pier on Tuesday after two years of work on the quay.",
    "Fishing crews had complained that the old one was rotten, and the county council paid for its replacement.",
    "The first ferry from Likoni will dock there next week, officials said, and traders hope for more visitors.",
    "Boat owners will pay a fee of 200 shillings a day, which the council has promised to spend on lights and nets.",
    "Asha Mwangi, who sells fish at the gate, said that she had waited for this day since the storm of 2019.",
    "The ministry of transport did not say when the second pier, which was promised at the same time, will follow.",
]
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def page(
    head: str = "", body: str = f"<article><h1>New pier opens in Mombasa</h1>{STORY}</article>", **html: str
) -> str:
    attributes = "".join(f' {k}="{v}"' for k, v in html.items())
    return f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>"


def made(html: str, **fields: object) -> Article:
    found = articles.to_article(Record({"html": html, **fields}))
    assert isinstance(found, Article), found
    return found


def json_ld(**fields: object) -> str:
    content = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **fields})
    return f'<script type="application/ld+json">{content}</script>'


# ---------------------------------------------------------------- what a page says about itself


def test_json_ld_comes_first() -> None:
    head = json_ld(
        headline="New pier opens in Mombasa",
        datePublished="2026-09-03T10:15:00+03:00",
        author=[{"@type": "Person", "name": "Asha Njeri"}, {"@type": "Person", "name": "Ben Otieno"}],
        publisher={"@type": "Organization", "name": "Pier Post"},
        inLanguage="en-GB",
    )
    head += '<meta property="article:published_time" content="2026-09-05"><meta name="author" content="Desk Robot">'
    head += '<link rel="canonical" href="https://Pier.example/a/17?utm_source=x&id=3#top">'
    article = made(page(head), url="https://pier.example/a/17?utm_campaign=y")
    assert (article.title, article.source, article.language) == ("New pier opens in Mombasa", "Pier Post", "en")
    assert article.authors == ["Asha Njeri", "Ben Otieno"]
    assert (article.published_at, article.published_precision) == (datetime(2026, 9, 3, 7, 15, tzinfo=UTC), "second")
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_an_article_in_a_graph_is_found_and_one_in_a_list_is_not() -> None:
    other = {"@type": "NewsArticle", "headline": "Other news", "datePublished": "2020-01-01"}
    own = {"@type": ["Article"], "headline": "New pier opens", "datePublished": "2026-09-03"}
    graph = {"@graph": [{"@type": "ItemList", "itemListElement": [other]}, {"@type": "WebPage", "mainEntity": own}]}
    tree = lxml.html.document_fromstring(page(f'<script type="application/ld+json">{json.dumps(graph)}</script>'))
    assert facts(tree, None).published == "2026-09-03"


@pytest.mark.parametrize(
    ("head", "body", "url", "published", "where"),
    [
        ('<meta name="pubdate" content="2026/09/03">', "", None, "2026-09-03", "meta"),
        ("", '<time datetime="2026-09-03T10:15Z">today</time>', None, "2026-09-03T10:15Z", "markup"),
        ("", '<span itemprop="datePublished">Sept. 3, 2026</span>', None, "2026-09-03", "markup"),
        ("", "", "https://pier.example/2026/09/03/pier", "2026-09-03", "url"),
        ("", "", "https://pier.example/2026/9/3/pier", "2026-09-03", "url"),
        ("", '<p class="post-date">3 de septiembre de 2026</p>', None, "2026-09-03", "text"),
        ("", "<h1>Pier</h1><p>Mombasa, 3. September 2026</p>", None, "2026-09-03", "text"),
        ('<meta name="date" content="0001-01-01T00:00:00">', "", None, None, None),
        # the evening of the day in the address, west of Greenwich
        (
            '<meta name="date" content="2026-09-04T02:10:00Z">',
            "",
            "https://p.example/2026/09/03/x",
            "2026-09-03",
            "url",
        ),
        # a later edition
        (
            '<meta name="date" content="2026-09-04T12:10:00Z">',
            "",
            "https://p.example/2024/09/03/x",
            "2024-09-03",
            "url",
        ),
        # the morning of the day in the address, east of Greenwich
        (
            '<meta name="date" content="2026-09-02T22:10:00Z">',
            "",
            "https://p.example/2026/09/03/x",
            "2026-09-03",
            "url",
        ),
        # the instant in the publisher's zone stands in the text
        (
            '<meta name="date" content="2026-09-04T02:10:00Z">',
            '<time datetime="2026-09-03T22:10:00-04:00">3 Sept</time>',
            None,
            "2026-09-03",
            "meta",
        ),
        # the day printed below the headline is the evening before
        (
            '<meta name="date" content="2026-09-04T02:10:00Z">',
            "<h1>Pier</h1><div><b>By Asha Njeri</b><span>September 3, 2026</span></div>",
            None,
            "2026-09-03",
            "text",
        ),
        # another article's day says nothing
        (
            '<meta name="date" content="2026-09-04T02:10:00Z">',
            "<h1>Pier</h1><span>September 1, 2026</span>",
            None,
            "2026-09-04T02:10:00Z",
            "meta",
        ),
        # saved on one day, and out on another
        (
            '<meta name="date" content="2026-09-03T09:10:00Z">',
            "<h1>Pier</h1><span>Monday, 7 September 2026</span>",
            None,
            "2026-09-07",
            "text",
        ),
        # above the headline, in words around it or after a byline
        (
            '<meta name="date" content="2026-09-03T21:00:00-05:00">',
            "<header><p>4 Sept 2026 - 2:00 a. m.</p><h1>Pier</h1></header>",
            None,
            "2026-09-04",
            "text",
        ),
        (
            '<meta name="date" content="2026-09-03">',
            "<h1>Pier</h1><p><b>By Asha Njeri</b> | Posted on 4 September 2026</p>",
            None,
            "2026-09-04",
            "text",
        ),
        # not the day of an update, of another article or in a sentence
        (
            '<meta name="date" content="2026-09-03">',
            '<h1>Pier</h1><p>Updated 4 September 2026</p><time class="updated">5 September 2026</time>',
            None,
            "2026-09-03",
            "meta",
        ),
        (
            '<meta name="date" content="2026-09-03">',
            "<h1>Pier</h1><p>The ferry sails from 4 September 2026 on, crews say.</p>",
            None,
            "2026-09-03",
            "meta",
        ),
        (
            '<meta name="date" content="2026-09-03">',
            "<h1>Pier</h1><span>19 September 2026</span>",
            None,
            "2026-09-03",
            "meta",
        ),
        (
            '<meta name="date" content="2026-09-03">',
            '<h1>Pier</h1><div class="related-stories"><ul><li>5 September 2026</li></ul></div>',
            None,
            "2026-09-03",
            "meta",
        ),
        # a time below the headline comes before that of a teaser above it
        (
            "",
            '<a><time datetime="2026-09-09">9 Sept</time></a><h1>Pier</h1><time datetime="2026-09-03">Thu</time>',
            None,
            "2026-09-03",
            "markup",
        ),
        # without metadata the day beside the headline comes before those of other articles
        (
            "",
            '<p class="date">1 September 2026</p><h1>Pier</h1><p>3 September 2026</p>',
            None,
            "2026-09-03",
            "text",
        ),
        # written in the evening for the paper of the next day
        (
            '<title>Pier - 4 September 2026 - Pier Post</title><meta name="date" content="2026-09-03T23:35:00">',
            "",
            None,
            "2026-09-04",
            "text",
        ),
        (
            '<title>Pier - 4 September 2026 - Pier Post</title><meta name="date" content="2026-09-03T11:35:00">',
            "",
            None,
            "2026-09-03T11:35:00",
            "meta",
        ),
        # a press archive's page; what software writes where it knows no day
        ('<meta name="date" content="1934-09-03">', "", None, "1934-09-03", "meta"),
        (
            '<meta name="date" content="1970-01-01T00:00:00Z"><meta name="dc.date" content="2026-09-03">',
            "",
            None,
            "2026-09-03",
            "meta",
        ),
        # another day in UTC than where it was written
        ('<meta name="date" content="2026-09-03T22:10:00-05:00">', "", None, "2026-09-03", "meta"),
    ],
)
def test_when_a_page_says_it_was_published(
    head: str, body: str, url: str | None, published: str | None, where: str | None
) -> None:
    found = facts(lxml.html.document_fromstring(page(head, body + "<p>.", lang="en-KE")), url)
    assert (found.published, found.published_from) == (published, where)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-09-03T10:15:30.123Z", "2026-09-03T10:15:30Z"),
        ("2026-09-03T00:00:00Z", "2026-09-03"),
        ("Thu, 03 Sep 2026 10:15:00 GMT", "2026-09-03T10:15:00Z"),
        ("September 3rd, 2026", "2026-09-03"),
        ("03.09.2026", "2026-09-03"),
        ("03/09/2026", None),  # two readings
        ("23/09/2026", "2026-09-23"),
        ("2026-13-03", None),
        ("2026-9-3 9:17:36", "2026-09-03T09:17:36"),
        ("2026-09-03T4:10:00", "2026-09-03T04:10:00"),
        ("3 Smarch 2026", None),
        ("1789-07-14", "1789-07-14"),  # doubted where it is used
        ("14 July 1989", None),
        ("1899-12-30T00:00:00", None),
        ("", None),
    ],
)
def test_dates_of_pages(text: str, iso: str | None) -> None:
    assert stated(text) == iso


def test_a_date_in_figures_is_read_where_the_language_settles_it() -> None:
    assert printed("Publicado el 03/09/2026", "es") == "2026-09-03"
    assert printed("Published 03/09/2026", "en") is None


def test_the_publishers_day_is_kept() -> None:
    assert in_own_day("2026-09-03T22:10:00-05:00") == "2026-09-03"
    assert in_own_day("2026-09-03T12:10:00-05:00") == "2026-09-03T12:10:00-05:00"
    assert made(page('<meta name="date" content="2026-09-03T22:10:00-05:00">')).published_precision == "day"


@pytest.mark.parametrize(
    ("stated", "retrieved_at", "check"),
    [
        ("1875-03-02", None, "too_early"),
        ("2062-09-03T10:00:00Z", "2026-09-03T10:00:00Z", "future"),
        ("2026-09-05", "2026-09-03T10:00:00Z", "future"),
        ("2026-09-04", "2026-09-03T10:00:00Z", None),  # the day had begun in the Pacific
        ("2062-09-03", None, None),  # nothing tells when the page was read
        ("2126-09-03", None, "future"),
    ],
)
def test_a_day_that_cannot_be_is_doubted_and_not_used(stated: str, retrieved_at: str | None, check: str | None) -> None:
    for html in (page(f'<meta name="date" content="{stated}">'), page()):
        given = {} if stated in html else {"published_at": stated}
        found = articles.to_article(Record({"html": html, "retrieved_at": retrieved_at, **given}, "a.html"))
        assert isinstance(found, Article)
        assert (found.published_at is None) == (check is not None)
        assert [(d.check, d.column, d.value, d.raw_path) for d in found.doubts] == (
            [(check, "published_at", stated, "a.html")] if check else []
        )
        assert all(d.reason.startswith(f"a.html: published_at '{stated}' lies ") for d in found.doubts)


def test_a_page_gives_the_day_where_the_records_is_doubted() -> None:
    article = made(page('<meta name="date" content="2026-09-03">'), published_at="1826-09-03")
    assert article.published_at == datetime(2026, 9, 3, tzinfo=UTC)
    assert [d.value for d in article.doubts] == ["1826-09-03"]


def test_doubts_are_among_the_rejects_and_the_article_among_the_articles() -> None:
    tables = pipeline.code([{"text": "The harbour master opened the pier.", "published_at": "1826-09-03"}])
    assert len(tables["articles"]) == 1
    assert tables["rejects"][["table", "check", "value"]].to_numpy().tolist() == [
        ["articles", "too_early", "1826-09-03"]
    ]


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>New pier opens | Pier Post</title>", "<h1>Pier Post</h1><h1>New pier opens</h1>", "New pier opens"),
        ('<meta property="og:title" content="New pier opens - Pier Post"><meta property="og:site_name" '
         'content="Pier Post">', "", "New pier opens"),
        ("<title>Ferry - a life at sea that took them all round the cape</title>", "",
         "Ferry - a life at sea that took them all round the cape"),
        ("<title>Pier reopens today, crews say | News</title>", "<h1>Pier reopens today, crews say</h1>",
         "Pier reopens today, crews say"),
        ("", "<h1>  Only a\n heading </h1>", "Only a heading"),
        (json_ld(headline="Pier&#8217;s opening costs R&amp;D &pound;2m; AT&T pays"), "",
         "Pier’s opening costs R&D £2m; AT&T pays"),
        ("<title>New pier opens on the coast of Mombasa - Pier Post</title>",
         "<h1><span>Coast</span>New pier opens on the coast of Mombasa</h1>", "New pier opens on the coast of Mombasa"),
        ("<title>New pier opens</title>", "<h1>New pier opens <small>Crews have waited two years</small></h1>",
         "New pier opens"),
        ("<title>New pier opens | Pier Post</title>", "<h1>Local News | New pier opens</h1>", "New pier opens"),
        ('<meta property="og:title" content="Mayor calls the pier "rotten"" /><title>Mayor calls the pier "rotten"'
         "</title>", "", 'Mayor calls the pier "rotten"'),
        ("", "", None),
    ],
)  # fmt: skip
def test_headlines(head: str, body: str, title: str | None) -> None:
    assert facts(lxml.html.document_fromstring(page(head, body + "<p>.")), None).title == title


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://Pier.example/a?utm_source=x&id=3&fbclid=y#top", "https://pier.example/a?id=3"),
        ("https://pier.example/a?b=%C3%A9&b=2", "https://pier.example/a?b=%C3%A9&b=2"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_canonical_addresses(url: str, clean: str) -> None:
    assert canonical(url) == clean


# ---------------------------------------------------------------- the text


def test_furniture_is_left_out() -> None:
    body = f"""<nav><a href="/">Home</a></nav><header class="top-banner"><p>Pier Post, since 1931.</p></header>
    <main><h1>New pier opens in Mombasa</h1><div class="share-bar"><p>Share this</p></div>{STORY}
    <figure><img src="a.jpg"><figcaption>The pier on Tuesday.</figcaption></figure>
    <p>Read more: <a href="/2">Ferry sinks off Lamu</a></p><p>Photo: Asha Njeri/Pier Post</p>
    <h2>Related stories</h2><ul><li><a href="/3">Fishing quotas rise for the third year</a></li></ul>
    <p>Sign up for our daily newsletter and never miss a story.</p><p>© 2026 Pier Post</p></main>
    <aside><p>{PARAGRAPHS[0]} {PARAGRAPHS[1]}</p></aside><footer><p>Member of the press council.</p></footer>
    <script>var story = "no words";</script>"""
    assert made(page(body=body)).text == "\n\n".join(PARAGRAPHS)


def test_headings_and_lists_of_the_article_stay() -> None:
    points = "<li>Two hundred shillings a day for each boat</li><li>Free for the fishing crews of the old town</li>"
    text = made(page(body=f"<div>{STORY}<h2>What it costs</h2><ul>{points}</ul>{STORY}<h3>Empty</h3></div>")).text
    assert "What it costs\n\nTwo hundred shillings a day for each boat\n\nFree for" in text
    assert "Empty" not in text


LEAD = "Two years of work on the quay of Mombasa are over, and the first ferry docks next week."


@pytest.mark.parametrize(
    "above",
    [
        f"<header><h1>New pier</h1><p>{LEAD}</p><p>By Asha Njeri</p></header>",
        f"<div><h1>New pier</h1></div><div><h2>{LEAD}</h2></div>",
        f"<h1>Pier Post</h1><p>{PARAGRAPHS[1]}</p><h1>New pier</h1><span>3 September</span><div>{LEAD}</div>",
    ],
)
def test_a_standfirst_above_the_article_is_its_first_paragraph(above: str) -> None:
    body = f"{above}<div class=body>{STORY * 8}</div>"
    assert made(page(body=body)).text == "\n\n".join([LEAD, *PARAGRAPHS * 8])


@pytest.mark.parametrize("line", ["By Asha Njeri and Ben Otieno", f'<a href="/2">{LEAD}</a>', "Photo: " + LEAD])
def test_other_lines_above_the_article_are_none(line: str) -> None:
    body = f"<header><h1>New pier</h1><p>{line}</p></header><div class=body>{STORY}</div>"
    assert made(page(body=body)).text == "\n\n".join(PARAGRAPHS)


def test_a_section_goes_with_its_heading() -> None:
    teasers = "".join(f"<div><h3>Ferry {i}</h3><p>{PARAGRAPHS[i][:90]}</p></div>" for i in range(3))
    section = f"<div><div><h2>More from <i>Pier Post</i></h2></div>{teasers}</div>"
    story = f"<div>{STORY * 4}</div>"
    assert made(page(body=f"<main>{story}{section}</main>")).text == "\n\n".join(PARAGRAPHS * 4)
    inside = f"<div>{STORY}<h2>Read more</h2>{STORY}</div>"  # not the beginning of anything: only the line goes
    assert made(page(body=inside)).text == "\n\n".join(PARAGRAPHS * 2)


def test_parts_that_only_look_like_furniture_stay() -> None:
    behind = "".join(f'<p class="paywall">{p}</p>' for p in PARAGRAPHS)
    assert made(page(body=f"<div>{behind}</div>")).text == "\n\n".join(PARAGRAPHS)
    table = "<figure><table><tr><td>Boats</td><td>Two hundred shillings</td></tr></table></figure>"
    assert made(page(body=f"<div>{STORY}{table}</div>")).text.endswith("Boats\n\nTwo hundred shillings")
    wide = f'<p class="hidden-xs">{LEAD}</p><p class="teaser" itemprop="description">{LEAD}</p>'
    assert made(page(body=f"<div>{wide}{STORY}</div>")).text == "\n\n".join([LEAD, LEAD, *PARAGRAPHS])


def test_words_for_screen_readers_are_left_out() -> None:
    span = '<span style="border:0;clip:rect(0 0 0 0);width:1px">, opens new tab</span>'
    text = made(page(body=f'<div>{STORY}<p>The <a href="/q">quay{span}</a> was rotten for many years.</p></div>')).text
    assert text.endswith("The quay was rotten for many years.")


def test_paragraphs_without_their_element_are_found() -> None:
    body = "<div id=story>" + "".join(f"<div>{p}</div>" for p in PARAGRAPHS) + "</div>"
    assert made(page(body=f"<div>Menu</div>{body}<div>Imprint</div>")).text == "\n\n".join(PARAGRAPHS)
    breaks = "<br><br>".join(PARAGRAPHS)
    assert made(page(body=f"<table><tr><td>{breaks}</td></tr></table>")).text == "\n\n".join(PARAGRAPHS)


def test_a_page_that_loads_its_text_by_script_gives_that_of_its_json_ld() -> None:
    text = "\n".join(PARAGRAPHS * 3)
    article = made(page(json_ld(headline="New pier", articleBody=text), "<div id=app><p>Loading</p></div>"))
    assert article.text.startswith(PARAGRAPHS[0] + "\n\n" + PARAGRAPHS[1])


def test_a_page_without_an_article_is_rejected() -> None:
    for html in (page(body="<nav><a href=/>Home</a></nav>"), "<p>", "<html>", "no markup" * 0 + "<>", "<!-- -->"):
        found = articles.to_article(Record({"html": html}, "a.html"))
        assert isinstance(found, Reject), html
        assert found.reason == "a.html: html holds no article text"


@pytest.mark.parametrize("row", table("page_lines.csv"), ids=lambda r: r["example"][:30])
def test_lines_by_their_examples(row: dict[str, str]) -> None:
    assert is_boilerplate(row["example"])
    assert not is_boilerplate(row["near_miss"])


@pytest.mark.parametrize("row", table("page_date_words.csv"), ids=lambda r: r["example"])
def test_words_of_an_update_by_their_examples(row: dict[str, str]) -> None:
    assert is_of_update(row["example"])
    assert day_of_line(row["example"]) is None
    assert day_of_line(row["near_miss"]) == "2026-05-06"


@pytest.mark.parametrize("row", table("page_parts.csv"), ids=lambda r: r["word"])
def test_parts_by_their_examples(row: dict[str, str]) -> None:
    assert is_furniture(row["example"])


@pytest.mark.parametrize(
    "name", ["article-body", "story", "post-content", "main", "entry-content", "headline", "shadow"]
)
def test_names_of_the_article_are_no_furniture(name: str) -> None:
    assert not is_furniture(name)


# ---------------------------------------------------------------- pages made to do harm


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + STORY,
        "<p>" + "<b>" * 50_000 + PARAGRAPHS[0],
        "<a href='" + "x" * 1_500_000 + "'>" + STORY,
        json_ld() + '<script type="application/ld+json">' + "[" * 200_000 + "</script>" + STORY,
        '<script type="application/ld+json">{"@type": "Article", "author": {"name": {"a": 1}}}</script>' + STORY,
        "<p class='" + "ad-" * 50_000 + "'>" + STORY,
        "<p>" + "(photo" * 30_000,
        "<title>" + "| " * 100_000 + "</title>" + STORY,
        "<h1>" + "new " * 50_000 + "</h1><title>" + "old " * 50_000 + "</title>" + STORY,
        "<table>" * 5_000 + STORY,
        '<meta name="date" content="9999-99-99T99:99:99+99:99">' + STORY,
        '<meta name="date" content="2026-09-03T24:61:00+99:00">' + STORY,
        '<link rel="canonical" href="http://[::1">' + STORY,
        "\x00\x01\ufffe" + STORY,
        "<?xml version='1.0' encoding='utf-7'?>" + STORY,
        STORY + "<div><p></p><h2>Related</h2></div>" * 20_000,
        "<h1>Pier</h1>" + "<div>" * 200 + "<p></p><h2>Related</h2>" * 20_000 + STORY,
        "<h1>Pier</h1>" + "<p>Lamu</p>" * 10_000 + "<time datetime='2026-09-03T01:00Z'>" * 20_000,
        "<p>" + "By Asha Njeri " * 20 + "</p>" + "".join(f"<p>{c * 319}</p>" for c in "a/© ¡x(") * 500,
    ],
    ids=range(19),
)
def test_a_hostile_page_is_read_or_rejected_soon(html: str) -> None:
    began = time.process_time()
    found = articles.to_article(Record({"html": html}, "a.html"))
    assert isinstance(found, Article | Reject)
    assert time.process_time() - began < 6


PIECES = [
    "<p>",
    "</p>",
    "<div class='share'>",
    "</div>",
    "<article>",
    "<table>",
    "<td>",
    "<script>",
    "<!--",
    "-->",
    "<h1>",
]
PIECES += [
    PARAGRAPHS[0],
    "&amp;&#0;",
    "<meta name='date' content='",
    "'>",
    json_ld(headline="x"),
    "<time datetime=",
    "<svg>",
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join))
def test_any_markup_is_read_or_rejected(html: str) -> None:
    found = articles.to_article(Record({"html": html}))
    assert isinstance(found, Article | Reject)
    if isinstance(found, Article):
        assert found.text.strip()
        assert found.text.encode()


def test_the_language_of_a_page_is_that_of_its_text() -> None:
    """Publishing systems write lang="en" whatever the text."""
    spanish = "El capitán del puerto de Guayaquil anunció el martes que el muelle nuevo se abrirá la próxima semana."
    other = "Los pescadores habían dicho que el viejo estaba podrido, y el municipio pagó la obra con sus impuestos."
    body = f"<article><h1>Reabre el muelle</h1>{f'<p>{spanish}</p><p>{other}</p>' * 3}</article>"
    found = made(page(body=body, lang="en-US"))
    assert (found.language, found.coding_status) == ("es", "no model")
    assert made(page(lang="es")).language == "en"
    assert made(page(body=body, lang="en-US"), language="pt").language == "pt"  # what the record says counts


def test_a_page_with_an_impossible_zone_is_an_undated_article() -> None:
    assert made(page('<meta name="date" content="2026-09-03T10:15:00+99:00">')).published_at is None


def test_the_same_page_gives_the_same_article() -> None:
    html = page("<title>New pier</title>")
    assert extracted(html, None) == extracted(html, None)
