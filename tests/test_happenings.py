"""One happening, many reports."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.happenings import link_events
from schemas import arrow_schema, frame

ENTITIES = {
    "ent-1": ("Mara Lindqvist", "person", "SWE", "GOV"),
    "ent-2": ("Pavel Orlik", "person", "CZE", "GOV"),
    "ent-3": ("Sweden", "country", "SWE", "GOV"),
    "ent-4": ("Czechia", "country", "CZE", "GOV"),
    "ent-5": ("Jana Vesela", "person", "CZE", "GOV"),
}
PLACES = {"place-1": ("Brno", "PPL", "CZE"), "place-2": ("Plzen", "PPL", "CZE"), "place-3": ("Malmo", "PPL", "SWE")}


class World:
    """Tables of a small made-up corpus, written report by report."""

    def __init__(self):
        self.articles, self.mentions, self.actors = [], [], []

    def article(self, name, published=None, text="", source=None, duplicate_of=None):
        at = None if published is None else pd.Timestamp(published, tz="UTC")
        self.articles.append(
            {"article_id": name, "published_at": at, "text": text, "source": source, "duplicate_of": duplicate_of}
        )
        return name

    def report(self, article, event_type="CONSULT", sources=(), targets=(), words="", **more):
        row = next(a for a in self.articles if a["article_id"] == article)
        start = len(row["text"])
        row["text"] += words + " "
        mention = f"{article}-{len(self.mentions)}"
        told = start + max(0, words.find(more.get("trigger_text", "met")))
        precise = more.pop("place_precision", "city" if more.get("place_id") else None)
        self.mentions.append({
            "event_mention_id": mention, "article_id": article, "char_start": start, "char_end": start + len(words),
            "sentence_index": 0, "trigger_text": "met", "trigger_start": told, "trigger_end": told + 3,
            "event_type": event_type, "plover_type": event_type, "quad_class": 1, "goldstein": 2.5, "contexts": [],
            "modality": "actual", "is_historical": False, "date_precision": "none", "rule_id": "r", "confidence": 0.6,
            "place_precision": precise,
            **more,
        })  # fmt: skip
        for role, actors in (("source", sources), ("target", targets)):
            for position, actor in enumerate(actors):
                name, _, country, sector = ENTITIES.get(actor, (actor, None, None, None))
                self.actors.append({
                    "event_mention_id": mention, "role": role, "position": position, "actor_text": name,
                    "entity_id": actor if actor in ENTITIES else None, "country_code": country, "sector_code": sector,
                    "char_start": start, "char_end": start + 1,
                })  # fmt: skip
        return mention

    def link(self, reverse=False):
        def table(name, rows):
            rows = rows[::-1] if reverse else rows
            return frame(name, {c: [r.get(c) for r in rows] for c in arrow_schema(name).names})

        entities = [
            {"entity_id": k, "name": n, "entity_type": t, "country_code": c, "sector_code": s}
            for k, (n, t, c, s) in ENTITIES.items()
        ]
        places = [
            {"place_id": k, "name": n, "feature_code": f, "country_code": c, "latitude": 49.0, "longitude": 16.0}
            for k, (n, f, c) in PLACES.items()
        ]
        mentions = table("event_mentions", self.mentions)
        ids, events = link_events(
            mentions,
            table("event_actors", self.actors),
            table("articles", self.articles),
            table("entities", entities),
            table("places", places),
        )
        assert list(ids.index) == list(mentions.index)
        return dict(zip(mentions["event_mention_id"], ids, strict=True)), events


def day(number):
    return {"date_start": dt.date(2031, 5, number), "date_end": dt.date(2031, 5, number), "date_precision": "day"}


def two(first, second, published=("2031-05-06", "2031-05-07"), **shared):
    """Whether two reports in two articles are one event."""
    world = World()
    a = world.report(world.article("art-1", published[0], source="A"), **{**shared, **first})
    b = world.report(world.article("art-2", published[1], source="B"), **{**shared, **second})
    ids, events = world.link()
    assert len(events) == len(set(ids.values()))
    return ids[a] == ids[b]


TALKS = {"sources": ["ent-1"], "targets": ["ent-2"]}


def test_same_people_same_days_merge_whatever_the_words():
    assert two({"words": "held talks"}, {"words": "sat down together", "trigger_text": "sat"}, **TALKS)


def test_talks_have_no_sides():
    assert two({}, {"sources": ["ent-2", "ent-1"], "targets": []}, **TALKS)


@pytest.mark.parametrize(
    "other",
    [
        {"targets": ["ent-5"]},
        {"modality": "future"},
        {"event_type": "ACCUSE"},
        {"is_historical": True},
    ],
)
def test_what_differs_stays_apart(other):
    assert not two({}, other, **TALKS)


def test_dates_that_do_not_overlap_stay_apart():
    assert not two(day(3), day(5), **TALKS)
    assert two(day(3), {**day(1), "date_end": dt.date(2031, 5, 7), "date_precision": "week"}, **TALKS)


def test_undated_reports_need_near_publication():
    assert not two({}, {}, published=("2031-05-01", "2031-05-12"), **TALKS)
    assert two(day(5), {}, **TALKS)
    assert not two(day(1), {}, **TALKS)


def test_different_towns_stay_apart_and_a_country_holds_its_towns():
    attack = {"event_type": "ASSAULT", "sources": ["ent-1"], "targets": ["ent-2"]}
    assert not two({"place_id": "place-1"}, {"place_id": "place-2"}, **attack)
    assert two({"place_id": "place-1"}, {"place_id": "place-1"}, **attack)


def test_two_countries_alone_are_not_enough():
    shelling = {"event_type": "ASSAULT", "sources": ["ent-3"], "targets": ["ent-4"]}
    assert not two(
        {"words": "shelled a bridge near the mill", "trigger_text": "shelled"},
        {"words": "raided an airfield at dawn", "trigger_text": "raided"},
        **shelling,
    )
    assert two(
        {"words": "shelled a bridge near the mill", "trigger_text": "shelled"},
        {"words": "shelled the bridge at the mill", "trigger_text": "shelled"},
        **shelling,
    )


def test_unnamed_actors_need_much_more():
    bomb = {"event_type": "ASSAULT", "trigger_text": "bombing", "place_id": "place-1"}
    assert not two({"words": "four killed in a bombing"}, {"words": "market bombing leaves ruins"}, **bomb)
    same = {"words": "four people died when a bomb tore through the market hall", "killed": 4, **day(6)}
    assert two(same, same, **bomb)


def test_no_chain_from_day_to_day():
    world = World()
    mentions = [
        world.report(world.article(f"art-{n:02}", f"2031-05-{n:02}"), words="met in the old castle", **TALKS)
        for n in range(1, 20, 2)
    ]
    ids, _ = world.link()
    assert ids[mentions[0]] == ids[mentions[1]]
    assert ids[mentions[0]] != ids[mentions[-1]]


def test_order_of_rows_changes_nothing():
    world = World()
    for n in range(6):
        article = world.article(f"art-{n}", f"2031-05-0{1 + n // 2}", source="ABC"[n % 3])
        world.report(article, words="met for talks on the river", **TALKS)
        world.report(article, "ASSAULT", ["ent-3"], ["ent-4"], "shelled a bridge near the mill", place_id="place-1")
        world.report(article, "PROTEST", ["students"], [], "marched", place_id="place-2")
    ids, events = world.link()
    again, events_again = world.link(reverse=True)
    assert ids == again
    pd.testing.assert_frame_equal(events, events_again)


def test_the_row_says_what_the_reports_say():
    world = World()
    first = world.article("art-1", "2031-05-06", source="Morning Post")
    second = world.article("art-2", "2031-05-07", source="Evening Post")
    world.article("art-3", "2031-05-08", source="Copy Post", duplicate_of="art-2")
    attack = {"event_type": "ASSAULT", "words": "rocket fire hit the town hall of the city"}
    a = world.report(first, sources=["ent-3"], targets=["ent-4"], place_id="place-1", killed=3, **attack, **day(6))
    world.report(first, sources=["ent-3"], targets=["ent-4"], **attack)
    world.report(second, sources=["ent-3"], targets=["ent-4"], killed=5, event_mode="heavy-weapons", **attack)
    ids, events = world.link()
    assert len(events) == 1
    row = events.iloc[0]
    assert (row["killed"], row["mention_count"], row["article_count"], row["outlet_count"]) == (5, 3, 2, 2)
    assert (row["source_name"], row["target_name"], row["source_country"]) == ("Sweden", "Czechia", "SWE")
    assert (row["date_start"], row["date_precision"]) == (dt.date(2031, 5, 6), "day")
    assert (row["place_id"], row["place_country"], row["event_mode"]) == ("place-1", "CZE", "heavy-weapons")
    assert row["confidence"] == pytest.approx(1 - 0.4**2)
    assert row["first_published_at"] == pd.Timestamp("2031-05-06", tz="UTC")
    assert row["superseded_by"] is None
    from pipeline.ids import stable_id

    assert ids[a] == stable_id("evt", a)
    assert len(frame("events", {c: events[c] for c in events})) == 1


def test_no_date_is_invented():
    world = World()
    world.report(world.article("art-1", "2031-05-06"), **TALKS)
    world.report(world.article("art-2", "2031-05-06"), **TALKS)
    _, events = world.link()
    assert events["date_start"].tolist() == [None]
    assert events["date_precision"].tolist() == ["none"]


def test_second_source_of_talks_becomes_target():
    world = World()
    world.report(world.article("art-1"), sources=["ent-1", "ent-2"])
    _, events = world.link()
    assert events.loc[0, ["source_name", "target_name"]].tolist() == ["Mara Lindqvist", "Pavel Orlik"]


def test_no_reports():
    ids, events = World().link()
    assert ids == {}
    assert len(frame("events", {c: events[c] for c in events})) == 0


def test_time_grows_with_the_number_of_reports_only():
    import time

    def seconds(count):
        world = World()
        for n in range(count):
            at = pd.Timestamp("2031-01-01") + pd.Timedelta(hours=6 * (n // 10))
            article = world.article(f"art-{n:05}", at)
            world.report(article, "ASSAULT", ["ent-3"], ["ent-4"], f"shelled depot number{n % 7} near river{n % 11}")
        start = time.process_time()
        world.link()
        return time.process_time() - start

    seconds(100)
    assert seconds(1600) < 12 * seconds(400)


RAID = "Riders burned the tax office of Oberfeld near Lindau"
RAID_AGAIN = "Some two hundred men stormed the post of Oberfeld, not far from Lindau"


def raid(first=RAID, second=RAID_AGAIN, a=None, b=None):
    """Whether two outlets' first sentences on one day, with actors that only a sector is known of, are one event."""
    world = World()
    told = {"event_type": "ASSAULT", "sources": ["riders"], "targets": ["clerks"], **day(6)}
    one = world.report(
        world.article("art-1", "2031-05-06", source="A"), words=first, trigger_text="burned", **told | (a or {})
    )
    other = {"words": second, "trigger_text": "stormed", **told, "targets": ["an office"], **(b or {})}
    two_ = world.report(world.article("art-2", "2031-05-07", source="B"), **other)
    for n in range(3):  # other news of the day
        world.article(f"art-{n + 3}", "2031-05-06", f"The council of Rorschach met in Thal{n} and Goldach{n} again.")
    for actor in world.actors:
        actor["sector_code"] = "UAF" if actor["role"] == "source" else "GOV"
    ids, events = world.link()
    return ids[one] == ids[two_], events


def test_first_sentences_of_one_story_merge_though_nobody_is_named():
    merged, events = raid()
    assert merged
    assert events["outlet_count"].tolist() == [2]


@pytest.mark.parametrize(
    "more",
    [
        {"second": "Some two hundred men stormed the post of Altstadt, not far from Thusis"},  # another story
        {"b": day(7)},  # another day
        {"b": {"date_start": None, "date_end": None, "date_precision": "none"}},  # no day at all
        {"b": {"sentence_index": 9}},  # background
        {"a": {"killed": 4}, "b": {"killed": 30}},  # another toll
        {"a": {"place_id": "place-1"}, "b": {"place_id": "place-2"}},  # another town
        {"b": {"event_mode": "abduct"}, "a": {"event_mode": "firearms"}},  # another act
    ],
)
def test_what_a_story_does_not_hold_together(more):
    assert not raid(**more)[0]


def test_an_armed_group_is_no_army():
    world = World()
    fight = {"event_type": "ASSAULT", "words": "killed thirty at the bridge", "trigger_text": "killed", **day(6)}
    a = world.report(world.article("art-1", "2031-05-06"), sources=["riders"], place_id="place-1", **fight)
    b = world.report(world.article("art-2", "2031-05-06"), sources=["the army"], place_id="place-1", **fight)
    world.actors[0]["sector_code"], world.actors[1]["sector_code"] = "UAF", "MIL"
    ids, _ = world.link()
    assert ids[a] != ids[b]


def test_different_means_of_one_attack_merge_where_actors_day_and_place_agree():
    attack = {"event_type": "ASSAULT", "sources": ["ent-1"], "targets": ["ent-4"], "place_id": "place-1", **day(6)}
    guns, bombs = {"event_mode": "firearms"}, {"event_mode": "explosives"}
    assert two(guns, bombs, **attack)
    assert not two(guns, {"event_mode": "abduct"}, **attack)
    assert not two(guns, bombs, **{**attack, "place_id": None})
    assert not two(guns, bombs, **{**attack, "date_start": None})
    assert not two({"event_mode": "seize"}, {"event_mode": "arrest"}, **{**attack, "event_type": "COERCE"})


def test_a_tour_and_a_meeting_on_it_stay_apart():
    tour = {"event_mode": "visit", "date_start": dt.date(2031, 5, 5), "date_end": dt.date(2031, 5, 11)}
    tour["date_precision"] = "week"
    assert not two(tour, day(5), **TALKS)
    assert not two(tour, {}, **TALKS)
    assert two({"event_mode": "visit", **day(5)}, day(5), **TALKS)
    assert two(tour, tour, **TALKS)


def echo(words, earlier=(), **more):
    """Whether a noun later in an article means what its first sentence tells of; ``earlier``: other acts before it."""
    world = World()
    article = world.article("art-1", "2031-05-07", source="A")
    told = {"words": "Riders shot two clerks in Brno", "trigger_text": "shot", "place_id": "place-1", **day(6)}
    first = world.report(article, "ASSAULT", ["riders"], ["clerks"], **told)
    for act in earlier:
        world.report(article, "ASSAULT", ["bandits"], ["a miller"], **act)
    noun = {"trigger_text": "attack", "rule_id": "ASSAULT:attack.n", "sources": [], "targets": [], **more}
    again = world.report(article, "ASSAULT", words=words, **noun)
    ids, _ = world.link()
    return ids[first] == ids[again]


def test_a_definite_noun_tells_again_of_the_act_before_it():
    assert echo("The attack shook the valley")
    assert echo("That brazen attack shook the valley")
    assert echo("Tuesday's attack shook the valley", **day(6))
    assert echo("The attack by the riders shook the valley", sources=["riders"])


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("An attack shook the valley", {}),
        ("The army will attack at noon", {"rule_id": "ASSAULT:attack.v"}),
        ("The attack of last week shook the valley", day(1)),
        ("The attack in Malmo shook the valley", {"place_id": "place-3"}),
        ("The attack on a school shook the valley", {"targets": ["a school"]}),
        ("The attack may come again", {"modality": "hypothetical"}),
    ],
)
def test_another_act_is_no_echo(words, more):
    assert not echo(words, **more)


def test_a_noun_that_may_mean_two_acts_means_neither():
    robbed = {"words": "Bandits robbed a miller", "trigger_text": "robbed"}
    assert not echo("The attack shook the valley", [robbed])
    assert echo("The shot shook the valley", [robbed], trigger_text="shot")


def test_an_echo_keeps_no_other_report_away():
    world = World()
    attack = {"event_type": "ASSAULT", "sources": ["ent-1"], "targets": ["ent-2"], "trigger_text": "shot", **day(6)}
    article = world.article("art-1", "2031-05-06", source="A")
    a = world.report(article, words="shot at the ferry", **attack)
    for _ in range(4):
        world.report(article, "ASSAULT", words="The attack was long", trigger_text="attack", rule_id="ASSAULT:attack.n")
    b = world.report(world.article("art-2", "2031-05-07", source="B"), words="opened fire", **attack)
    ids, events = world.link()
    assert ids[a] == ids[b]
    assert len(events) == 1
