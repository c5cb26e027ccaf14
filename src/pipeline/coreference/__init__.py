"""Mentions of one article that speak of one person, organisation, group or country."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.text import Cluster, Mention, Parse

__all__ = ["cluster"]


def cluster(parse: Parse, mentions: list[Mention], demonym_country: Callable[[str], str | None]) -> list[Cluster]:
    """Group mentions; sets ``Mention.cluster``."""
    types = {"PERSON": "person", "ORG": "organisation", "GPE": "country", "NORP": "group"}
    clusters: list[Cluster] = []
    by_key: dict[tuple[str, str], int] = {}
    for m in mentions:
        if m.kind == "name" and m.label in types:
            key = (m.text.casefold(), types[m.label])
            if key not in by_key:
                by_key[key] = len(clusters)
                clusters.append(Cluster(m.text, types[m.label]))  # type: ignore[arg-type]
            m.cluster = by_key[key]
    return clusters
