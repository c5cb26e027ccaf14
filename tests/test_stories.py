"""Articles that report the same happening."""

import random

import pandas as pd

from pipeline.ids import stable_id
from pipeline.stories import group_stories

TOPICS = {
    "dam": "dam burst valley flood village evacuated rescue boats engineers spillway Kirsna water Petrak",
    "vote": "election ballot runoff candidate Almeida Ferro turnout coalition parliament polling stations count",
    "strike": "railway union strike drivers wages Hofbauer trains commuters timetable walkout negotiation stations",
}


def article(name, topic, published, seed=0, **more):
    """An article of one topic: half its words from the topic, half from a common stock."""
    chance = random.Random(f"{name}{seed}")
    common = [f"common{i}" for i in range(60)]
    words = TOPICS[topic].split()
    text = " ".join(chance.choice(words if i % 2 else common) for i in range(160))
    at = None if published is None else pd.Timestamp(published, tz="UTC")
    return {
        "article_id": name,
        "duplicate_of": None,
        "title": " ".join(chance.sample(words, 4)),
        "text": text,
        "source": f"outlet {name[-1]}",
        "published_at": at,
        **more,
    }


def group(rows, events=()):
    articles = pd.DataFrame(rows)
    articles["published_at"] = pd.to_datetime(articles["published_at"], utc=True)
    mentions = pd.DataFrame({"article_id": [], "text": [], "kind": []}, dtype="str")
    event_mentions = pd.DataFrame(list(events), columns=["article_id", "event_id"], dtype="str")
    ids, stories = group_stories(articles, mentions, event_mentions)
    assert list(ids.index) == list(articles.index)
    return dict(zip(articles["article_id"], ids, strict=True)), stories


def corpus():
    return [article(f"{topic}-{n}", topic, f"2031-05-0{n + 1}") for topic in TOPICS for n in range(3)]


def test_topics_are_stories():
    ids, stories = group(corpus())
    assert len(stories) == 3
    for topic in TOPICS:
        assert len({ids[f"{topic}-{n}"] for n in range(3)}) == 1
    assert stories["story_id"].is_monotonic_increasing


def test_id_and_headline_are_the_first_articles():
    rows = corpus()
    ids, stories = group(rows)
    assert ids["dam-2"] == stable_id("sto", "dam-0")
    row = stories.set_index("story_id").loc[ids["dam-0"]]
    assert row["headline"] == rows[0]["title"]
    assert row["first_published_at"] == pd.Timestamp("2031-05-01", tz="UTC")
    assert row["last_published_at"] == pd.Timestamp("2031-05-03", tz="UTC")


def test_order_of_rows_changes_nothing():
    rows = corpus()
    ids, stories = group(rows)
    shuffled = rows[:]
    random.Random(4).shuffle(shuffled)
    again, stories_again = group(shuffled)
    assert ids == again
    pd.testing.assert_frame_equal(stories, stories_again)


def test_the_same_words_years_later_are_another_story():
    ids, _ = group([article("dam-1", "dam", "2031-05-01"), article("dam-2", "dam", "2033-05-01")])
    assert ids["dam-1"] != ids["dam-2"]


def test_a_copy_joins_its_original_and_counts_for_nothing():
    rows = [
        *corpus(),
        article("copy-1", "vote", "2031-05-09", duplicate_of="dam-0"),
        article("copy-2", "vote", "2031-05-09", duplicate_of="copy-1"),
    ]
    ids, stories = group(rows, [("dam-0", "evt-1"), ("dam-1", "evt-1"), ("dam-1", "evt-2")])
    assert ids["copy-1"] == ids["copy-2"] == ids["dam-0"]
    row = stories.set_index("story_id").loc[ids["dam-0"]]
    assert (row["article_count"], row["outlet_count"], row["event_count"]) == (3, 3, 2)


def test_unknown_stays_unknown():
    ids, stories = group([article("a-1", "dam", None, title=None, source=None)])
    assert ids["a-1"] == stable_id("sto", "a-1")
    row = stories.iloc[0]
    assert pd.isna(row["headline"])
    assert pd.isna(row["first_published_at"])
    assert (row["article_count"], row["outlet_count"], row["event_count"]) == (1, 0, 0)


def test_two_articles_alone_can_be_one_story():
    ids, _ = group([article("dam-1", "dam", "2031-05-01"), article("dam-2", "dam", "2031-05-01")])
    assert ids["dam-1"] == ids["dam-2"]
    ids, _ = group([article("dam-1", "dam", "2031-05-01"), article("vote-2", "vote", "2031-05-01")])
    assert ids["dam-1"] != ids["vote-2"]


def test_no_articles():
    _, stories = group([article("a-1", "dam", None)])
    empty, none = group_stories(
        pd.DataFrame(columns=["article_id", "duplicate_of", "title", "text", "source", "published_at"]),
        pd.DataFrame(columns=["article_id", "text", "kind"]),
        pd.DataFrame(columns=["article_id", "event_id"]),
    )
    assert len(empty) == len(none) == 0
    assert list(none.columns) == list(stories.columns)
