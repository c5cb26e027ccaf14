"""Which rows of a dump a gazetteer takes."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.errors import UsageError
from pipeline.knowledge import table

CLASSES = "AHLPRSTUV"


def choice(asked: str | None = None) -> Callable[[str, str], bool]:
    """A test for feature class and code.

    Args:
        asked: classes and codes with commas between, e.g. "P,A,AIRP"; None is the choice of
            ``knowledge/place_features.csv``: towns and villages, divisions, and the sites that news speaks of.

    Raises:
        UsageError: something asked for is neither a class nor looks like a code.
    """
    if asked is None:
        codes = frozenset(row["feature_code"] for row in table("place_features.csv") if row["built"] == "yes")
        return lambda _, code: code in codes
    parts = frozenset(part.strip().upper() for part in asked.split(","))
    for part in sorted(parts):
        if not part.isalnum() or (len(part) == 1 and part not in CLASSES) or not 1 <= len(part) <= 6:
            raise UsageError(
                f"--features '{asked}': '{part}' is no feature (allowed: the classes {', '.join(CLASSES)} and GeoNames'"
                " feature codes such as PPL or AIRP)"
            )
    return lambda kind, code: kind in parts or code in parts
