"""Mentions of one article that speak of one person, organisation, group or country.

Names first (:mod:`pipeline.coreference.names`), then descriptions and pronouns from left to right
(:mod:`pipeline.coreference.anaphora`). What is torn between two antecedents stays without a cluster.

What is a cluster: people, organisations, countries (by name; the adjective "Kenyan" is none), peoples and members as
nouns ("Kenyans", "Democrats") are groups; a city or state that acts ("Washington believes") is an organisation, for it
stands for who governs there. "The administration" without a name goes to the president or premier whose it is.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.coreference.anaphora import resolve
from pipeline.coreference.names import group_names
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
        Clusters in order of their first mention.
    """
    for m in mentions:
        m.cluster = -1
    names = lexicon().countries

    def country_of(text: str) -> str | None:
        return demonym_country(text) or names.get(text.lower())

    referents = group_names(parse, mentions, country_of)
    resolve(parse, mentions, referents, country_of)
    clusters = []
    for r in referents:
        clusters.append(Cluster(r.name, r.kind, sorted(r.names - {r.name}), gender=r.gender))
    return clusters
