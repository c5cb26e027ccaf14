"""One place under one of its names, and how likely the bare name means it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import pycountry

from pipeline.text import Place

PRIOR_OF_FEATURE = {"PCLI": 9.0, "PCLD": 7.0, "PCLH": 8.5, "CONT": 8.5, "OCN": 7.5, "SEA": 7.0, "RGN": 7.0, "BLDG": 6.0}
"""Priors for features whose fame is not in their population; only of entries that somebody chose."""

ALTERNATE = 2.0
"""What an alternate name costs: foreign spellings of big cities collide with small towns' own names."""
QUARTER = 0.5
"""What a quarter of a town loses to a town of the same size."""
UNKNOWN_SITE = 1.5
"""Prior of a dump's airports, camps and other sites: below any village, for nothing is known of their fame."""


@dataclass(slots=True, frozen=True)
class Entry:
    """One place under one of its names.

    Attributes:
        row: its place in the order of the gazetteer, which breaks ties.
        alternate: the key asked for is only an alternate name of the place.
        admin1, admin2: keys of the first and second level division, "" where there is none.
        prior: how often the name alone means this place, as a logarithm to the base 10.
        built: the entry is of a gazetteer that somebody built; only its population says how well known it is.
    """

    row: int
    place: Place
    feature: str
    country: str
    admin1: str
    admin2: str
    alternate: bool
    prior: float
    built: bool = False

    @property
    def is_country(self) -> bool:
        """A country, dependency or former country."""
        return self.feature[:3] == "PCL"

    @property
    def is_division(self) -> bool:
        """A state, province, county or district."""
        return self.feature[:3] == "ADM"


def prior(feature: str, country: str, population: int, alternate: bool) -> float:
    """The prior of an entry of the shipped gazetteer."""
    if feature in PRIOR_OF_FEATURE:
        return PRIOR_OF_FEATURE[feature]
    if feature == "ADM1":
        value = (
            0.5 + math.log10(population + 300_000)
            if country in ("US", "GB", "CA", "AU")
            else math.log10(population + 100) - 0.6
        )
        value = max(value, 5.5) if population == 0 else value
    elif feature == "ADM2":
        value = math.log10(population + 100) - 1.2 if population else 5.0
    elif feature[:3] == "PPL":
        value = math.log10(population + 100) + (1.0 if feature == "PPLC" else 0.0)
        value = 5.5 if feature == "PPLX" else value
    else:
        value = 6.0
    return value - (ALTERNATE if alternate else 0.0)


def built_prior(feature: str, population: int, alternate: bool) -> float:
    """The prior of a dump's row: its population, for an unknown number counts as 0."""
    value = math.log10(population + 100)
    if feature[:3] == "ADM":
        value -= 0.6 if feature == "ADM1" else 1.2
    elif feature == "PPLX":
        value -= QUARTER
    elif feature[:3] != "PPL" and feature != "STLMT":
        value = UNKNOWN_SITE
    return value - (ALTERNATE if alternate else 0.0)


@cache
def alpha3(country: str) -> str | None:
    """ISO 3166 alpha-3 of an alpha-2 code; Kosovo, which ISO leaves out, is XKX. None for an empty or unknown code."""
    if country == "XK":
        return "XKX"
    known = pycountry.countries.get(alpha_2=country) if country else None
    return str(known.alpha_3) if known else None
