"""How exactly an entry says where."""

from __future__ import annotations

from functools import cache
from typing import Literal, cast, get_args

from pipeline.errors import KnowledgeError
from pipeline.knowledge import table
from pipeline.text import Place

Word = Literal["city", "admin1", "admin2", "country", "region", "facility", "feature"]


def precision(place: Place) -> Word:
    """One word for the kind of entry, from its GeoNames feature code.

    ``country`` and ``region`` carry a centroid: do not map them as points.
    """
    code = place.feature_code
    if code.startswith("PPL"):
        return "city"
    if code.startswith("PCL"):
        return "country"
    if code.startswith("ADM1"):
        return "admin1"
    if code.startswith("ADM"):
        return "admin2"
    return _words().get(code, "feature")


@cache
def _words() -> dict[str, Word]:
    """Feature code → word, of ``knowledge/place_features.csv``.

    Raises:
        KnowledgeError: a row has another word.
    """
    found: dict[str, Word] = {}
    for row in table("place_features.csv"):
        if row["precision"] not in get_args(Word):
            raise KnowledgeError(
                f"knowledge/place_features.csv: {row['feature_code']} has precision '{row['precision']}'"
                f" (allowed: {', '.join(get_args(Word))})"
            )
        found[row["feature_code"]] = cast("Word", row["precision"])
    return found
