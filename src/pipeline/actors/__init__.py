"""Who an actor is: the country and the PLOVER sector of any name, noun phrase or cluster of mentions.

Roles are read from the article's words first; the shipped lists of bodies and office holders are the prior.
"""

from pipeline.actors.homes import Home
from pipeline.actors.lands import Lands, placed, read_lands
from pipeline.actors.roles import code_clusters
from pipeline.actors.spans import code_actor, code_span, hosts, is_actor_noun, label_people, noun_sector

__all__ = [
    "Home",
    "Lands",
    "code_actor",
    "code_clusters",
    "code_span",
    "hosts",
    "is_actor_noun",
    "label_people",
    "noun_sector",
    "placed",
    "read_lands",
]
