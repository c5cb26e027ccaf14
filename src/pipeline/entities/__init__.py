"""Clusters of all articles → entities: who is the same across articles.

Rules, in this order:

1. Clusters with one ``reference_id``, of whatever type, and country clusters with one country code are one entity.
2. One type and one normalised name is one entity, unless countries contradict, or (people) the kind of work does:
   both sectors known and of different families, both roles known and without a common word. Null contradicts nothing.
   A cluster without country goes to the first bearer of the name.
3. A longer form joins the shorter ("Ana Maria Sato" → "Ana Sato"), an acronym the long form printed beside it,
   a surname alone the one full name that fits by country and was in the news within 60 days. What fits two stays apart.

Ids: ``stable_id("ent", type, name, country)``, where name is the normalised name (or the reference id, a
country's among them). The country is None for the bearer of the name seen first and is filled only for further
bearers, so that an id neither changes when a later article tells the country nor depends on counts or on the order of
rows. It changes only when an article of an earlier date arrives that makes another bearer the first.
"""

from __future__ import annotations

from pipeline.entities.known import known_at
from pipeline.entities.linking import link

__all__ = ["known_at", "link"]
