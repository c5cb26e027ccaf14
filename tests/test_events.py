"""Who does what to whom, whether, where and when: one sentence a construction, through every step."""

from pathlib import Path

import pytest

from pipeline.annotate import annotate, to_parse
from pipeline.articles import to_article
from pipeline.document import Reading, read
from pipeline.records import Article, Record
from pipeline.text import Act

SENTENCES = [
    # sentence, event type, modality, sources, targets
    ("Kenya condemned Chad.", "ACCUSE", "actual", ["Kenya"], ["Chad"]),
    ("Chad was condemned by Kenya.", "ACCUSE", "actual", ["Kenya"], ["Chad"]),
    ("Rebels who attacked the village fled.", "ASSAULT", "actual", ["Rebels"], ["the village"]),
    ("Police detained two men accused by Ghana of spying.", "COERCE", "actual", ["Police"], ["two men"]),
    ("The minister accused Chad of bombing a hospital.", "ACCUSE", "actual", ["The minister"], ["Chad"]),
    ("Norway called on Chad to free the journalists.", "REQUEST", "actual", ["Norway"], ["Chad"]),
    ("Peru agreed to supply Bolivia with gas.", "AGREE", "actual", ["Peru"], ["Bolivia"]),
    ("The prime minister of Peru is due to meet the king of Spain.", "CONSULT", "future", ["Peru"], ["Spain"]),
    ("Kenya and Ghana accused Togo of piracy.", "ACCUSE", "actual", ["Kenya", "Ghana"], ["Togo"]),
    ("The army arrested and beat two reporters.", "COERCE", "actual", ["The army"], ["two reporters"]),
    ("The arrest of the editor by police angered the union.", "COERCE", "actual", ["police"], ["the editor"]),
    ("Talks between Kenya and Ghana ended on Friday.", "CONSULT", "actual", ["Kenya", "Ghana"], []),
    ("Turkey held talks with Iraq.", "CONSULT", "actual", ["Turkey"], ["Iraq"]),
    ("The president of Ghana paid a visit to Togo.", "CONSULT", "actual", ["Ghana"], ["Togo"]),
    ("Canada's decision to expel three envoys surprised Peru.", "SANCTION", "future", ["Canada"], ["three envoys"]),
    ("Lebanon condemned an Israeli raid on a port.", "ACCUSE", "actual", ["Lebanon"], ["Israel"]),
    ("The king received his Danish counterpart, Lars Holm.", "CONSULT", "actual", ["Lars Holm"], ["The king"]),
    ("The shutting of the border by Niger angered Benin.", "COERCE", "actual", ["Niger"], ["the border"]),
    ("The pleaders who blocked the road to Oslo were jailed by Norway.", "COERCE", "actual", ["Norway"], ["pleaders"]),
    ("The army command says it has ceased its raids on Chad.", "RETREAT", "actual", ["army command"], ["Chad"]),
    ("We are ready to help Malawi, the minister of Togo said.", "AGREE", "actual", ["minister of Togo"], ["Malawi"]),
    ("Togo cut aid to Chad after the fighting in Mali.", "SANCTION", "actual", ["Togo"], ["Chad"]),
    ("Togo has yet to release the hostages.", "RETREAT", "negated", ["Togo"], ["the hostages"]),
    ("Togo is due to extradite the banker to Chad.", "COOPERATE", "future", ["Togo"], ["Chad"]),
    ("Togo insists that Chad release the hostages.", "RETREAT", "hypothetical", ["Chad"], ["the hostages"]),
    ("Not one of the hostages was released by the rebels.", "RETREAT", "negated", ["the rebels"], ["hostages"]),
    ("The king called the premier to apologise to Chad.", "CONCEDE", "actual", ["The king"], ["Chad"]),
    ("The minister repeated the commitment of the army to help Chad.", "AGREE", "actual", ["minister"], ["Chad"]),
    ("Claims that Togo had attacked Benin were false.", "ASSAULT", "negated", ["Togo"], ["Benin"]),
    ("There is no evidence that Togo attacked Benin.", "ASSAULT", "negated", ["Togo"], ["Benin"]),
    ("The attack on Benin was called off.", "ASSAULT", "negated", [], ["Benin"]),
    ("Togo and Benin accused each other of firing rockets.", "ACCUSE", "actual", ["Togo", "Benin"], ["Benin", "Togo"]),
    ("Protesters clashed with police, and 12 men were arrested.", "COERCE", "actual", [], ["12 men"]),
    ("Togo but not Benin signed the pact.", "SUPPORT", "actual", ["Togo"], []),
    ("The bomb attack in Lima killed twelve soldiers.", "ASSAULT", "actual", [], ["twelve soldiers"]),
    ("Israel bombed Damascus.", "ASSAULT", "actual", ["Israel"], ["Damascus"]),
    ("The bank was fined 40 million euros by Norway.", "SANCTION", "actual", ["Norway"], ["The bank"]),
    ("Kenyan and Ghanaian troops attacked the rebels.", "ASSAULT", "actual", ["Kenyan", "Ghanaian"], ["the rebels"]),
    ("Dozens of soldiers attacked the camp.", "ASSAULT", "actual", ["soldiers"], ["the camp"]),
    ("No attack by the rebels was reported in Togo.", "ASSAULT", "negated", ["the rebels"], []),
    ("The rebels refused to free the hostages.", "REJECT", "actual", ["The rebels"], ["the hostages"]),
    ("Togo denied that it had attacked Benin.", "ASSAULT", "negated", ["Togo"], ["Benin"]),
    ("The army said it had withdrawn its troops from Benin.", "RETREAT", "actual", ["The army"], ["Benin"]),
    ("Togo may impose sanctions on Benin.", "SANCTION", "hypothetical", ["Togo"], ["Benin"]),
    ("Chad threatened to attack Sudan.", "THREATEN", "actual", ["Chad"], ["Sudan"]),
    ("Peru announced a ceasefire with the rebels.", "CONCEDE", "actual", ["Peru"], ["the rebels"]),
    ("Chad will not lift the embargo until Sudan frees the men.", "CONCEDE", "negated", ["Chad"], ["Sudan"]),
    (
        "The union boycotted the vote, citing threats by old party networks.",
        "PROTEST",
        "actual",
        ["union"],
        ["the vote"],
    ),
    ("Doctors walked out, accusing the ministry of neglect.", "PROTEST", "actual", ["Doctors"], ["the ministry"]),
    ("Villagers staged a rally against the Orla dam.", "PROTEST", "actual", ["Villagers"], ["the Orla dam"]),
    ("Miners sewed their lips together in protest at the tax.", "PROTEST", "actual", ["Miners"], ["the tax"]),
    ("The minister condemned the raids, which killed ten people.", "ACCUSE", "actual", ["The minister"], ["the raids"]),
    ("The governor imposed a curfew in the town.", "COERCE", "actual", ["The governor"], ["the town"]),
    ("A judge ordered nine former ministers arrested.", "COERCE", "actual", ["A judge"], ["nine former ministers"]),
    ("The president had two generals arrested.", "COERCE", "actual", ["The president"], ["two generals"]),
    ("Prague and Oslo held war games.", "COOPERATE", "actual", ["Prague", "Oslo"], []),
    ("UK and EU negotiators agreed a trade deal.", "SUPPORT", "actual", ["UK", "EU negotiators"], []),
    ("Ukraine will send a team of experts to Iran.", "AID", "future", ["Ukraine"], ["Iran"]),
    ("Mali announced the deployment of 200 troops to Chad.", "MOBILIZE", "actual", ["Mali"], ["Chad"]),
    ("President Ruiz called the king to thank him.", "CONSULT", "actual", ["Ruiz"], ["the king"]),
    ("President Ruiz called the king to congratulate him.", "SUPPORT", "actual", ["Ruiz"], ["the king"]),
    ("The rebels said they would release two nurses.", "AGREE", "actual", ["The rebels"], ["two nurses"]),
    ("Lawmakers tabled a bill that would sanction Chad.", "SANCTION", "future", ["Lawmakers"], ["Chad"]),
    ("Togo will not accept asylum seekers.", "AID", "negated", ["Togo"], ["asylum seekers"]),
    ("Ivan Petrov, a former oil tycoon, called for talks with Chad.", "REQUEST", "actual", ["Petrov"], ["Chad"]),
    ("On a visit to Chad, President Juan Ruiz praised the army.", "SUPPORT", "actual", ["Ruiz"], ["the army"]),
    ("The speech underlines President Ruiz’s push for peace.", "REQUEST", "actual", ["President Ruiz"], []),
    ("Officials from Thailand and Cambodia held talks on Thursday.", "CONSULT", "actual", ["Thailand", "Cambodia"], []),
    ("Mr Ruiz's critics say he has jailed reporters.", "ACCUSE", "actual", ["critics"], ["he"]),
    (
        "President Ruiz and his aide, Idris Bey, signed six accords between the two countries.",
        "SUPPORT",
        "actual",
        ["Ruiz", "Bey"],
        [],
    ),
    ("The Pentagon sent a carrier to the Gulf to deter Iran.", "MOBILIZE", "actual", ["Pentagon"], ["Iran"]),
    ("Peruvian protesters blocked highways to oust President Rojas.", "PROTEST", "actual", ["protesters"], ["Rojas"]),
    ("France accused the law of hurting charities in Poland.", "ACCUSE", "actual", ["France"], ["law"]),
    (
        "The Omani sultan called the Chadian president to convey his support.",
        "SUPPORT",
        "actual",
        ["sultan"],
        ["president"],
    ),
    (
        "Minister Asha Rao warned that her country would respond if its soldiers were attacked.",
        "THREATEN",
        "actual",
        ["Rao"],
        [],
    ),
    ("Seoul decided against fining the trawler company.", "SANCTION", "negated", ["Seoul"], ["company"]),
    ('"Stop building on our land," the envoy told Israel.', "REQUEST", "actual", ["envoy"], ["Israel"]),
    (
        "Morocco's call for Washington to end its embargo on Mali was unanimous.",
        "REQUEST",
        "actual",
        ["Morocco"],
        ["Washington"],
    ),
    (
        "Chad is willing to withdraw its soldiers from Niger once the UN arrives.",
        "AGREE",
        "actual",
        ["Chad"],
        ["Niger"],
    ),
]


def reading(text: str, published: str = "2026-03-06") -> Reading:
    article = to_article(Record({"text": text, "language": "en", "published_at": published}))
    assert isinstance(article, Article), article
    (doc,) = annotate([article.text[article.body_start :]])
    return read(article, to_parse(doc, article.text, article.body_start))


def names(found: Reading, act: Act, role: str) -> list[str]:
    return [found.parse.words(p.start, p.end) for p in (act.sources if role == "source" else act.targets)]


@pytest.mark.parametrize(("sentence", "kind", "modality", "sources", "targets"), SENTENCES, ids=lambda v: str(v)[:48])
def test_who_did_what_to_whom(sentence: str, kind: str, modality: str, sources: list[str], targets: list[str]) -> None:
    found = reading(sentence)
    acts = [a for a in found.acts if a.event_type == kind and a.modality == modality]
    assert acts, [(a.rule_id, a.modality) for a in found.acts]
    told = [(names(found, a, "source"), names(found, a, "target")) for a in acts]
    assert any(
        len(s) == len(sources)
        and all(any(w in name for name in s) for w in sources)
        and all(any(w in name for name in t) for w in targets)
        and (targets or not t)
        for s, t in told
    ), told


def test_an_act_as_subject_hands_over_to_who_is_behind_it() -> None:
    found = reading("Envoy Ruiz will visit Chad. This leg of the tour is meant to press Togo to free the men.")
    (request,) = [a for a in found.acts if a.event_type == "REQUEST"]
    assert names(found, request, "source") == ["Envoy Ruiz"]
    assert names(found, request, "target") == ["Togo"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The striker attacked the goalkeeper and the referee gave Rovers a penalty in the cup final.",
        "The storm killed nine farmers and hit the coast on Monday.",
        "The band released an album on Friday.",
        "Shares fell as investors punished the bank and traders attacked the stock.",
        "In March the shop opened at nine.",
    ],
)
def test_no_event(sentence: str) -> None:
    found = reading(sentence)
    assert [(a.rule_id, a.modality) for a in found.acts] == []


def test_a_toll_a_day_and_a_place_belong_to_the_clause() -> None:
    found = reading("Gunmen attacked a bus near Kisumu on Wednesday, killing at least 12 people and wounding 30.")
    attack = next(a for a in found.acts if a.rule_id.startswith("ASSAULT:attack"))
    assert (attack.killed, attack.injured) == (12, 30)
    assert attack.time is not None
    assert str(found.times[attack.time].date_start) == "2026-03-04"
    assert attack.place is not None
    assert found.mentions[attack.place].text == "Kisumu"


def test_according_to_is_an_attribution() -> None:
    found = reading("According to Ukraine, Russia shelled Kherson.")
    (attack,) = found.acts
    assert attack.attributed_to is not None
    assert found.parse.words(attack.attributed_to.start, attack.attributed_to.end) == "Ukraine"


TOLLS = [
    # sentence, and what the first act that counts anybody counts
    ("Two policemen were shot dead and five others hurt in clashes near Lima.", {"killed": 2, "injured": 5}),
    ("The raid killed a woman and her two children.", {"killed": 3}),
    ("A suicide bomber killed four people and injured a dozen more.", {"killed": 4, "injured": 12}),
    ("The army killed three rebels and destroyed a tank.", {"killed": 3}),
    ("Not one of the five men was killed by the army.", {}),
    ("The army may kill the ten rebels.", {}),
    ("The fighting displaced some 40,000 people and left 120 dead.", {"displaced": 40_000}),
    ("The attack by rebels left 120 dead.", {"killed": 120}),
    ("The raid left 120 villagers dead.", {"killed": 120}),
    ("Nine villagers died in a raid by rebels.", {"killed": 9}),
]


@pytest.mark.parametrize(("sentence", "tolls"), TOLLS, ids=lambda v: str(v)[:48])
def test_tolls(sentence: str, tolls: dict[str, int]) -> None:
    names = ("killed", "injured", "arrested", "displaced")
    found = [{n: getattr(act, n) for n in names if getattr(act, n) is not None} for act in reading(sentence).acts]
    assert [t for t in found if t][:1] == ([tolls] if tolls else [])


def test_a_clause_that_goes_on_gives_its_day_and_place() -> None:
    found = reading("Gunmen killed four people and injured two in Kabul on 3 May 2020.")
    (attack,) = found.acts
    assert attack.time is not None
    assert found.times[attack.time].value == "2020-05-03"


def test_a_sum_is_kept_with_its_currency() -> None:
    found = reading("Japan pledged $5 million in aid to Nepal.")
    assert "USD 5000000" in [a.amount for a in found.acts]


def test_what_is_long_past_is_background() -> None:
    found = reading("Chad attacked Sudan in May 1998. Chad attacked Sudan on Monday.")
    assert [a.is_historical for a in found.acts] == [True, False]


def test_a_later_noun_does_not_turn_a_plan_into_a_deed() -> None:
    found = reading(
        "Foreign Minister Ana Ruiz will visit Kenya next week. The visit by Ruiz to Kenya is her third trip."
    )
    assert {a.modality for a in found.acts if a.event_type == "CONSULT"} == {"future"}


@pytest.mark.parametrize("name", ["cup-final.txt", "shares-slide.txt"])
def test_the_sports_and_the_market_piece_of_the_sample_yield_no_event(name: str) -> None:
    text = (Path(__file__).parents[1] / "raw" / "sample" / name).read_text("utf-8")
    assert [(a.rule_id, a.modality) for a in reading(text).acts] == []
