"""How exactly an entry says where."""

from __future__ import annotations

from typing import Literal

from pipeline.text import Place

Word = Literal["city", "admin1", "admin2", "country", "region", "facility", "feature"]

_REGIONS = frozenset({"CONT", "RGN", "RGNE", "AREA", "ZN", "ISLS"})
_FACILITIES = frozenset({"BLDG", "ST", "SQR", "AIRP", "AIRB", "PRK", "MALL", "SCH", "UNIV", "HSP", "STDM", "PRN", "PS"})


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
    if code in _REGIONS:
        return "region"
    return "facility" if code in _FACILITIES else "feature"
