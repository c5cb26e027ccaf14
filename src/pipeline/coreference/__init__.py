"""Mentions of one article that speak of one person, organisation, group or country.

Names first (:mod:`pipeline.coreference.names`), then descriptions and pronouns from left to right
(:mod:`pipeline.coreference.anaphora`). What is torn between two antecedents stays without a cluster.

What is a cluster: people, organisations, countries (by name; the adjective "Kenyan" is none), peoples and members as
nouns ("Kenyans", "Democrats") are groups; a city or state that acts ("Washington believes") is an organisation, for it
stands for who governs there. A description without a name ("the ministry", "rebels") is a cluster with ``named``
False when the article speaks of it again; so is "they" for names joined by "and". "The administration" after a
president is such a cluster, ``of`` the president.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.coreference.anaphora import resolve
from pipeline.coreference.names import group_names
from pipeline.coreference.referents import Referent
from pipeline.knowledge.name_lexicon import lexicon
from pipeline.text import Cluster, Mention, Parse

__all__ = ["cluster"]


def cluster(parse: Parse, mentions: list[Mention], demonym_country: Callable[[str], str | None]) -> list[Cluster]:
    """Group the mentions of an article; sets ``Mention.cluster`` to an index of the result, or to -1.

    Args:
        parse: the article's parse.
        mentions: sorted by position, as ``mentions.find_mentions`` returns them.
        demonym_country: ISO code of a country's name, adjective or people ("Kenyan"), or None.

    Returns:
        Clusters with a name in order of their first mention, then those without.
    """
    for m in mentions:
        m.cluster = -1
    names = lexicon().countries

    def country_of(text: str) -> str | None:
        return demonym_country(text) or names.get(text.lower())

    referents = group_names(parse, mentions, country_of)
    nominals = resolve(parse, mentions, referents, country_of)
    clusters = [Cluster(r.name, r.kind, sorted(r.names - {r.name}), gender=r.gender) for r in referents]
    at = {m.head: m.cluster for m in mentions if m.head >= 0 and m.cluster >= 0}
    for r in nominals:
        r.of = r.of or _possessor(parse, r, at)
        if len(r.mentions) < 2 and not (r.of and r.mentions):
            continue
        for m in r.mentions:
            m.cluster = len(clusters)
        clusters.append(Cluster(" ".join(r.name.split()), r.kind, gender=r.gender, named=False, of=r.of))
    return clusters


def _possessor(parse: Parse, referent: Referent, at: dict[int, int]) -> tuple[int, ...]:
    """The cluster in whose possession a description first stands: "Its government"."""
    if not referent.mentions:
        return ()
    owners = (at[c] for c in parse.children[referent.mentions[0].head] if parse.dep[c] == "poss" and c in at)
    return tuple(owners)[:1]
