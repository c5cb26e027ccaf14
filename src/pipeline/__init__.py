"""News articles in, analysis-ready event tables out: who did what to whom, where and when.

    tables = pipeline.code(records)                      # dicts in, pandas.DataFrames out; no disk, no Prefect
    release = pipeline.open_release("output")            # a published version: release.table("events")
    pipeline.code_actor("Norway's central bank", date="2015-01-01")

These three are loaded when first used, so that ``import pipeline`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.actors import code_actor
    from pipeline.api import code
    from pipeline.release import open_release

__all__ = ["code", "code_actor", "open_release"]

_HOME = {"code": "pipeline.api", "code_actor": "pipeline.actors", "open_release": "pipeline.release"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'pipeline' has no attribute '{name}' (it has: {', '.join(__all__)})")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
