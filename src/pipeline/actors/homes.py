"""The home country of an article, and the offices and institutions that are of it when nothing else is printed.

Every name of a country, demonym and city in the text is a vote. Home is the country of the dateline when the text
bears it out, else the one that leads clearly. Where two countries compete nobody takes a country from here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cached_property

from pipeline import knowledge
from pipeline.actors.lands import Lands, of_country
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
PARTISAN = frozenset({"PTY", "OPP"})
AWAY = frozenset({"to", "from", "for", "into", "toward", "towards", "with", "against"})
"""Prepositions of visits and dealings: the country after them is as likely abroad."""
FOREIGN = re.compile(r"[A-Z]\w+(ian|ean|ese|ish)\b ")
AFTER_DATELINE = re.compile(r"\s*,\s*(\w[\w .]*?)\s*(?=[,(—–-])")


class Home:
    """Which country an article is at home in; counted when first asked."""

    def __init__(self, parse: Parse, mentions: list[Mention], lands: Lands) -> None:
        self._parse, self._mentions, self._lands = parse, mentions, lands

    @cached_property
    def _counted(self) -> tuple[Counter[str], set[str], str | None]:
        votes, named = _votes(self._parse, self._mentions, self._lands)
        return votes, named, _dateline(self._parse, self._mentions)

    def votes(self, country: str | None) -> int:
        """How often the text names a country."""
        return self._counted[0][country or ""]

    def country(self, national: bool, taken: Collection[str | None] = ()) -> str | None:
        """The home country, or None where two compete.

        Args:
            national: asked for a national office or body, which may have a country even where others are spoken of.
            taken: countries that are out of the question.
        """
        votes, named, dateline = self._counted
        left = Counter({c: n for c, n in votes.items() if c not in taken})
        return _home(left, named, None if dateline in taken else dateline, national)

    def of_places(self) -> str | None:
        """The country in which all towns and regions of the article lie, or nearly all, if they are more than one.

        Home for a mayor or a court, though aid from two other countries may arrive.
        """
        printed = sorted(self._lands.printed.items(), key=lambda p: (-len(p[1]), p[0]))
        if not printed or len(printed[0][1]) < 2 or (len(printed) > 1 and len(printed[0][1]) < 3 * len(printed[1][1])):
            return None
        votes, _, dateline = self._counted
        first = printed[0][0]
        leads = all(votes[first] >= n for n in votes.values())  # a Namibian runner in three towns of Britain
        return first if leads and dateline in (None, first) else None

    def of_description(self, start: int, end: int, code: ActorCode) -> str | None:
        """Home for an office or body of the state that is printed without any name: "the army", "police", "the mayor".

        Args:
            start, end: tokens of the description.
            code: what is known of it.
        """
        if code.country_code or code.sector_code not in STATE_SECTORS:
            return None
        words = self._parse.lower[start:end]
        bare = all(self._parse.word[t].islower() for t in range(start + 1, end))
        if not bare or (words[0] != "the" and words != ["police"]) or "NUM" in self._parse.pos[start:end]:
            return None
        if words[-1] in NATIONAL_BODIES and not LOCAL & set(words):
            return self.country(True)
        return self.country(False) or self.of_places()


def take_home_country(clusters: list[Cluster], home: Home) -> None:
    """Give the article's home country to national offices and bodies that are printed nowhere with a country.

    Mayors, judges, parties and other local offices and bodies take it only when the article speaks of hardly any other
    country.
    """
    for cluster in clusters:
        if _is_namesake(cluster):
            mine, country = home.votes(cluster.code.country_code), home.country(True)
            if not mine or (country and home.votes(country) >= 3 * mine):  # the article is not of that country
                cluster.code = of_country(cluster.code, country)
    wanting = [c for c in clusters if c.code.country_code is None and _may_take(c)]
    rivals = Counter(_office(c) for c in wanting)
    for cluster in wanting:
        office = _office(cluster)
        if office and rivals[office] > 1:
            continue  # two presidents without a country: a meeting, not a home
        taken = {c.code.country_code for c in clusters if office and c.code.country_code and _office(c) == office}
        country = home.country(_is_national(cluster), taken)
        if country is None and cluster.code.sector_code in STATE_SECTORS and not _is_national(cluster):
            country = home.of_places()
        cluster.code = of_country(cluster.code, country)


def _office(cluster: Cluster) -> str:
    """The office of which a country has one holder, or an empty text: "prime minister"."""
    role = (cluster.code.role or "").lower()
    return role if cluster.named and cluster.entity_type == "person" and role in TOP_OFFICES else ""


def _may_take(cluster: Cluster) -> bool:
    code = cluster.code
    if cluster.entity_type == "person" and (
        cluster.named or (_is_national(cluster) and cluster.name.lower().startswith("the "))
    ):
        role = (code.role or "").lower()
        if FOREIGN.match(code.role or ""):
            return False  # "Ruritanian Foreign Minister": a country is printed, though no list has it
        return bool(role) and code.sector_code not in INTERNATIONAL and not cluster.of and not role.endswith(SENT)
    if cluster.named:
        return cluster.entity_type == "organisation" and code.sector_code in STATE_SECTORS | PARTISAN
    return code.sector_code in STATE_SECTORS and not cluster.of and _is_national(cluster)


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


def _votes(parse: Parse, mentions: list[Mention], lands: Lands) -> tuple[Counter[str], set[str]]:
    """How often the text names each country, and those that it names by more than one city.

    Its name or demonym counts 2, before an official or institution 4, a place in it 1; in the first sentence twice.
    """
    votes: Counter[str] = Counter()
    named = {country for country, names in lands.printed.items() if len(names) > 1}
    for m in mentions:
        if m.kind != "name" or m.start < 0 or m.label not in ("GPE", "NORP", "LOC", "ORG"):
            continue
        code = code_text(m.text, None, False, True)
        weight = 2 if code.entity_type in ("country", "group") and code.sector_code != "GOV" else 1
        country = code.country_code if weight == 2 else lands.at.get(m.head, code.country_code)
        if country is None or (m.label == "ORG" and code.sector_code is not None):
            continue
        before = parse.lower[m.start - 1] if m.start else ""
        if weight == 2:
            named.add(country)
        if before in AWAY:
            weight -= 1
        above = parse.lemma[parse.head[m.head]]
        if (
            parse.dep[m.head] in ("poss", "amod", "compound")
            and above not in SENT
            and noun_sector(above) in STATE_SECTORS
        ):
            weight += 2  # its institutions and officials: "Peru's government", "Thai police"
            named.add(country)
        elif before == "in" and weight == 2:
            weight = 1
        votes[country] += 2 * weight if m.sentence == 0 and before not in AWAY else weight
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

    A country of which only one city is named is home only by the dateline, for cities have namesakes.
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
