"""Places: which names are places, and which place a name means.

:func:`propose_places` offers names that the model's recogniser missed; :func:`find_places` resolves the article's name
mentions to gazetteer entries; :func:`resolve_dateline` does so for a dateline; :func:`precision` says how exactly an
entry tells where. :func:`use_gazetteer` adds a gazetteer that somebody built.
"""

from __future__ import annotations

from pipeline.places.built import built_gazetteer, gazetteer_version, use_gazetteer
from pipeline.places.finding import find_places, resolve_dateline
from pipeline.places.precision import precision
from pipeline.places.proposing import propose_places

__all__ = [
    "built_gazetteer",
    "find_places",
    "gazetteer_version",
    "precision",
    "propose_places",
    "resolve_dateline",
    "use_gazetteer",
]
