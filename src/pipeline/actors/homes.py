"""The home country of an article, and the offices and institutions that are of it when nothing else is printed.

Every name of a country, demonym and city in the text is a vote. Home is the country of the dateline when the text
bears it out, else the one that leads clearly. Where two countries compete nobody takes a country from here.
"""

from __future__ import annotations

import re
from collections import Counter

from pipeline import knowledge
from pipeline.actors.pieces import INTERNATIONAL
from pipeline.actors.spans import noun_sector
from pipeline.actors.strings import code_text
from pipeline.text import ActorCode, Cluster, Mention, Parse

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
TOP_OFFICES = tuple(_WORDS["top_offices"])
NATIONAL_OFFICES = (*TOP_OFFICES, *_WORDS["national_offices"])
NATIONAL_BODIES = frozenset(_WORDS["national_bodies"])
SENT = tuple(_WORDS["sent_abroad"])
LOCAL = frozenset(_WORDS["local"])
STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
AWAY = frozenset({"to", "from", "for", "into", "toward", "towards", "with", "against"})
"""Prepositions of visits and dealings: the country after them is as likely abroad."""
FOREIGN = re.compile(r"[A-Z]\w+(ian|ean|ese|ish)\b ")
AFTER_DATELINE = re.compile(r"\s*,\s*(\w[\w .]*?)\s*(?=[,(—–-])")


def take_home_country(parse: Parse, mentions: list[Mention], clusters: list[Cluster]) -> None:
    """Give the article's home country to national offices and bodies that are printed nowhere with a country.

    Mayors, judges and other local offices take it only when the article speaks of hardly any other country.
    """
    wanting = [c for c in clusters if c.code.country_code is None and _may_take(c)]
    doubtful = [c for c in clusters if _is_namesake(c)]
    if not wanting and not doubtful:
        return
    votes, named = _votes(parse, mentions)
    dateline = _dateline(parse, mentions)
    for cluster in doubtful:
        mine = votes[cluster.code.country_code or ""]
        home = _home(votes, named, dateline, True)
        if not mine or (home and votes[home] >= 3 * mine):  # the article is not of that country
            cluster.code = _coded(cluster, home)
    rivals = Counter(_office(c) for c in wanting)
    for cluster in wanting:
        office = _office(cluster)
        if office and rivals[office] > 1:
            continue  # two presidents without a country: a meeting, not a home
        taken = {c.code.country_code for c in clusters if office and c.code.country_code and _office(c) == office}
        left = Counter({c: n for c, n in votes.items() if c not in taken})
        home = _home(left, named, None if dateline in taken else dateline, _is_national(cluster))
        if home:
            cluster.code = _coded(cluster, home)


def _office(cluster: Cluster) -> str:
    """The office of which a country has one holder, or an empty text: "prime minister"."""
    role = (cluster.code.role or "").lower()
    return role if cluster.named and cluster.entity_type == "person" and role in TOP_OFFICES else ""


def _coded(cluster: Cluster, country: str | None) -> ActorCode:
    code = cluster.code
    return ActorCode(
        country, code.sector_code, code.entity_type, code.role, None if country is None else code.reference_id
    )


def _may_take(cluster: Cluster) -> bool:
    code = cluster.code
    if cluster.entity_type == "person" and (
        cluster.named or (_is_national(cluster) and cluster.name.lower().startswith("the "))
    ):
        role = (code.role or "").lower()
        if FOREIGN.match(code.role or ""):
            return False  # "Ruritanian Foreign Minister": a country is printed, though no list has it
        return bool(role) and code.sector_code not in INTERNATIONAL and not cluster.of and not role.endswith(SENT)
    return code.sector_code in STATE_SECTORS and not cluster.named and not cluster.of and _is_national(cluster)


def _is_national(cluster: Cluster) -> bool:
    if cluster.entity_type == "person":
        words = (cluster.code.role or "").lower()
        state = cluster.code.sector_code in STATE_SECTORS
        return (
            state
            and words.endswith(NATIONAL_OFFICES)
            and words not in ("governor", "speaker", "chief")
            and not LOCAL & set(words.split())
        )
    words_ = cluster.name.lower().split()
    return bool(words_) and words_[0] == "the" and words_[-1] in NATIONAL_BODIES and not LOCAL & set(words_)


def _is_namesake(cluster: Cluster) -> bool:
    """Whether a body is known by a name that any country's may bear: "Congress", "the Supreme Court"."""
    return (
        cluster.named
        and cluster.entity_type == "organisation"
        and cluster.code.sector_code in ("LEG", "JUD")
        and cluster.code.country_code is not None
        and cluster.name.lower().split()[-1] in NATIONAL_BODIES
    )


def _votes(parse: Parse, mentions: list[Mention]) -> tuple[Counter[str], set[str]]:
    """How often the text names each country, and those that it names by more than a city.

    Its name or demonym counts 2, before an official or institution 4, a city in it 1; in the first sentence twice.
    """
    votes: Counter[str] = Counter()
    named: set[str] = set()
    for m in mentions:
        if m.kind != "name" or m.start < 0 or m.label not in ("GPE", "NORP", "LOC", "ORG"):
            continue
        code = code_text(m.text, None, False, True)
        if code.country_code is None or (m.label == "ORG" and code.sector_code is not None):
            continue
        before = parse.lower[m.start - 1] if m.start else ""
        weight = 2 if code.entity_type in ("country", "group") and code.sector_code != "GOV" else 1
        if weight == 2:
            named.add(code.country_code)
        if before in AWAY:
            weight -= 1
        if (
            parse.dep[m.head] in ("poss", "amod", "compound")
            and noun_sector(parse.lemma[parse.head[m.head]]) in STATE_SECTORS
        ):
            weight += 2  # its institutions and officials: "Peru's government", "Thai police"
            named.add(code.country_code)
        elif before == "in" and weight == 2:
            weight = 1
        votes[code.country_code] += 2 * weight if m.sentence == 0 and before not in AWAY else weight
    return votes, named


def _dateline(parse: Parse, mentions: list[Mention]) -> str | None:
    """Country of the place before the body, with what follows its comma: "AMMAN, Jordan"."""
    for m in mentions:
        if m.start < 0:
            more = AFTER_DATELINE.match(parse.text, m.char_end)
            for text in ([more.group(1)] if more else []) + [m.text]:
                code = code_text(text.title() if text.isupper() else text, None, False)
                if code.country_code:
                    return code.country_code
    return None


def _home(votes: Counter[str], named: set[str], dateline: str | None, national: bool) -> str | None:
    """The country that leads: twice the next for a national office, three times for others.

    A country of which only cities are named is home only by the dateline, for cities have namesakes.
    """
    ranked = sorted(((n, c) for c, n in votes.items() if n > 0), key=lambda v: (-v[0], v[1]))
    if dateline and (not ranked or (national and votes[dateline] and 2 * votes[dateline] >= ranked[0][0])):
        return dateline
    if not ranked or ranked[0][0] < 2 or (len(ranked) > 1 and ranked[0][0] < (2 if national else 3) * ranked[1][0]):
        return None
    first = ranked[0][1]
    if first != dateline and first not in named:
        return None
    return first if national or dateline in (None, first) else None
