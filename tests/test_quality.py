"""The quality page: whole, self-contained, true to the tables, the same every time, and fine when there is nothing."""

from html.parser import HTMLParser

import pandas as pd
import pytest
from test_validation import VALID, frames

import schemas
from pipeline.quality import quality_html

MANIFEST = {"version": "2025.08.29.1", "schema_version": "1.0.0", "raw": [{}, {}]}
VOID = {"meta", "br", "link", "img"}


class Page(HTMLParser):
    """Collects tags, checks that they nest, and keeps the text of table rows."""

    def __init__(self, html):
        super().__init__()
        self.open, self.ids, self.addresses, self.rows = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "id" in told:
            self.ids.append(told["id"])
        self.addresses += [
            v for k, v in attrs if k in ("src", "href", "xlink:href", "srcset") and not v.startswith("#")
        ]
        if tag == "tr":
            self.rows.append([])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and self.open and self.open[-1] in ("td", "th"):
            self.rows[-1].append(data)


@pytest.fixture(scope="module")
def tables():
    return frames(VALID)


@pytest.fixture(scope="module")
def html(tables):
    return quality_html(tables, MANIFEST)


def test_it_asks_no_other_host_and_is_well_formed(html):
    page = Page(html)
    assert page.addresses == []
    assert "url(http" not in html and "@import" not in html and "<script" not in html
    assert len(page.ids) == len(set(page.ids))


def test_the_figures_are_those_of_the_tables(html, tables):
    rows = {tuple(row) for row in Page(html).rows}
    for name, frame in tables.items():
        assert any(row[:2] == (name, f"{len(frame):,}") for row in rows if len(row) == 4), name
    assert ("CONSULT", "actual", "1") in rows
    assert ("AID", "future", "1") in rows  # the superseded twin is not counted
    assert ("actors without a country", "event_actors.country_code", "3", "60.0%") in rows
    assert ("Ada Moreno", "person", "ECU", "GOV", "1", "0", "1") in rows
    assert ("articles", "json", "–", "1", "broken line") in rows
    assert ("copy", "1") in rows


def test_it_draws_types_and_months(html):
    assert html.count("<svg") == 2
    assert "2025-03" in html


def test_the_same_tables_give_the_same_bytes(html, tables):
    assert quality_html(tables, MANIFEST) == html


def test_it_is_fine_when_empty():
    empty = {name: schemas.empty(name) for name in schemas.TABLES}
    for html in (quality_html(empty, {}), quality_html({}, {})):
        Page(html)
        assert "There is no event in this version." in html
        assert "Nothing was left out." in html


def test_words_of_the_articles_cannot_break_the_page(tables):
    entities = tables["entities"].copy()
    entities["name"] = pd.Series(["<script>alert(1)</script>", "a & b"], dtype=entities["name"].dtype)
    html = quality_html({**tables, "entities": entities}, {"version": "<i>1"})
    assert "<script" not in html and "&lt;script&gt;" in html and "<i>1" not in html


def test_old_dates_do_not_stretch_the_drawing(tables):
    events = tables["events"].copy()
    old = pd.Series([pd.Timestamp("1914-07-28").date()] * len(events), dtype=events["date_start"].dtype)
    html = quality_html({**tables, "events": events.assign(date_start=old)}, MANIFEST)
    assert "4 dates lie outside 2021-04 to 2026-03" in html
    assert "1914" not in html
    html = quality_html({**tables, "events": events.assign(date_start=old)[:1]}, MANIFEST)
    assert "1 date lies outside 2021-04 to 2026-03" in html


def test_one_is_one_and_what_is_counted_is_said(html, tables):
    assert "<li><b>1</b><span>row left out</span></li>" in html
    assert f"<li><b>{len(tables['event_mentions'])}</b><span>reports of events</span></li>" in html
    assert "A promise and what is promised are two rows" in html
    assert "Events of every modality are counted" in html
