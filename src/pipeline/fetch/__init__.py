"""Feeds and the pages they list → one new raw file: the only room that asks other machines.

    from pipeline.fetch import Manner, fetch
    fetched = fetch(["https://news.example/rss"], Path("raw"), Manner(contact="desk@example.org"))

``<raw>/fetched/fetch-<UTC time>.warc.gz`` is written whole or not at all, and never again; :mod:`pipeline.raw.warc`
reads it. What is remembered between runs lies in ``<raw>/.fetch``, which the readers pass over.

Loaded when first used, so that the command line starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.fetch.run import fetch
    from pipeline.fetch.terms import Fetched, Manner, Outcome

__all__ = ["Fetched", "Manner", "Outcome", "fetch"]

_HOME = {"fetch": "run", "Fetched": "terms", "Manner": "terms", "Outcome": "terms"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'pipeline.fetch' has no attribute '{name}' (it has: {', '.join(__all__)})")
    return getattr(import_module(f"pipeline.fetch.{_HOME[name]}"), name)
