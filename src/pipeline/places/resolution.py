"""Which place a name means: population, containers, and the article's other places."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from pipeline.places.entry import Entry
from pipeline.places.naming import key

CELL = 2.5  # degrees; neighbours are looked up in 3 × 3 cells, so up to some 270–550 km away


@dataclass(slots=True)
class Name:
    """One name of an article: all its mentions share one sense.

    Attributes:
        entries: what the gazetteer knows under this name, likeliest first.
        weight: how often it is mentioned.
        local: how often it stands where a town does and a country does not ("a Lebanon woman").
        containers: entries that the text itself puts around it ("Paris, Texas").
        holds: rows of entries in which the text puts a place that lies there: the state in "Seattle, Washington".
    """

    name_key: str
    entries: tuple[Entry, ...]
    weight: float = 1.0
    local: float = 0.0
    containers: list[tuple[Entry, ...]] = field(default_factory=list)
    holds: set[int] = field(default_factory=set)


SMALL = 5.0
"""Below this prior (some 100,000 people) a town needs its country to be spoken of."""


def inside(entry: Entry, container: Entry) -> bool:
    """Whether the entry lies in the country or division that the container is."""
    if entry.row == container.row:
        return False
    if container.is_country:
        return bool(container.country) and entry.country == container.country
    if container.feature == "ADM1":
        return entry.country == container.country and entry.admin1 in (container.admin1, key(container.place.name))
    if container.feature == "ADM2":
        return entry.country == container.country and (
            (entry.admin1 == container.admin1 and entry.admin2 == container.admin2 != "") or near(entry, container) < 80
        )
    return near(entry, container) < 120


def near(a: Entry, b: Entry) -> float:
    """Kilometres between two entries, on a sphere."""
    p, q, r, s = map(math.radians, (a.place.latitude, a.place.longitude, b.place.latitude, b.place.longitude))
    h = math.sin((r - p) / 2) ** 2 + math.cos(p) * math.cos(r) * math.sin((s - q) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def narrowed(entries: tuple[Entry, ...], containers: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries inside any of the containers, or () when there are none."""
    return tuple(e for e in entries if any(inside(e, c) for c in containers))


def _cell(entry: Entry) -> tuple[int, int]:
    return round(entry.place.latitude / CELL), round(entry.place.longitude / CELL)


WEIGHT_COUNTRY, WEIGHT_ADMIN1, WEIGHT_ADMIN2, WEIGHT_NEAR, WEIGHT_HOME, WEIGHT_LOCAL = 2.5, 1.6, 3.5, 1.8, 2.5, 3.0
WEIGHT_HOLDS = 3.0
"""What full support of a kind adds to an entry, in powers of ten of population. Chosen on news of the world and local
news together; they say how much evidence makes a town of ten thousand win over a capital."""

FAMOUS, FAMOUS_SAYS, WEIGHT_FAME = 6.3, 0.3, 1.5
"""From this prior on a place is written about everywhere: in an article without words of local news it keeps its name,
and its being named says little about the others' neighbourhood."""

NO_ADJECTIVE = frozenset(
    {"US", "GB", "NZ", "HK", "AE", "MO", "SG", "PR", "GU", "MC", "VA", "XK", "CD", "CG", "CF", "SA"}
)
"""Countries whose bare name stands before nouns ("UK residents"); the others use an adjective there."""


def _ground(name: Name, entry: Entry, home: dict[str, float]) -> float:
    """What the article's own words add to an entry, before other places are asked."""
    value = 0.0
    if entry.row in name.holds:
        value += WEIGHT_HOLDS
    locality = 1 - math.exp(-sum(home.values()) / 2)
    if entry.prior >= FAMOUS:
        value += WEIGHT_FAME * (1 - max(locality, min(1.0, 2 * name.local / max(name.weight, 1.0))))
    if entry.country in home and not entry.is_country:
        value += WEIGHT_HOME * (1 - math.exp(-home[entry.country] / 2))
    if name.local and (entry.is_country or entry.feature in ("CONT", "RGN")) and entry.country not in NO_ADJECTIVE:
        value -= min(1.0, 2 * name.local / max(name.weight, 1.0)) * WEIGHT_LOCAL
    return value


def _beliefs(entries: tuple[Entry, ...], bonus: list[float]) -> list[float]:
    top = max(e.prior + b for e, b in zip(entries, bonus, strict=True))
    raw = [10 ** (1.2 * (e.prior + b - top)) for e, b in zip(entries, bonus, strict=True)]
    total = sum(raw)
    return [r / total for r in raw]


def resolve(names: list[Name], home: dict[str, float] | None = None) -> dict[str, Entry]:
    """Pick an entry for every name, jointly.

    Two rounds: beliefs from fame and containers first; then each name hears, from the other names' beliefs, which
    countries, divisions and neighbourhoods the article is about.

    Args:
        names: the article's names, each once.
        home: country → how many words of its local news the article has.
    """
    home = home or {}
    pools: list[tuple[Entry, ...]] = []
    for name in names:
        pool = name.entries
        for container in name.containers:
            pool = narrowed(pool, container) or pool
        pools.append(pool)
    ground = [[_ground(name, e, home) for e in pool] for name, pool in zip(names, pools, strict=True)]
    bonus = [list(row) for row in ground]
    for _ in range(2):
        beliefs = [_beliefs(p, b) for p, b in zip(pools, bonus, strict=True)]
        countries: dict[str, list[tuple[int, float]]] = {}
        divisions: dict[tuple[str, str], list[tuple[int, float]]] = {}
        counties: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
        cells: dict[tuple[int, int], dict[int, float]] = {}
        totals = 0.0
        for i, (pool, belief) in enumerate(zip(pools, beliefs, strict=True)):
            weight = min(names[i].weight, 3.0) ** 0.5
            totals += weight
            by_country: dict[str, float] = {}
            by_division: dict[tuple[str, str], float] = {}
            by_county: dict[tuple[str, str, str], float] = {}
            for entry, b in zip(pool, belief, strict=True):
                if b < 0.01:
                    continue
                by_country[entry.country] = by_country.get(entry.country, 0.0) + b * weight
                if entry.feature[:3] == "PPL" and entry.prior >= FAMOUS:
                    b *= FAMOUS_SAYS
                if entry.admin1:
                    d = entry.country, entry.admin1
                    by_division[d] = by_division.get(d, 0.0) + b * weight
                    if entry.admin2:
                        c = entry.country, entry.admin1, entry.admin2
                        by_county[c] = by_county.get(c, 0.0) + b * weight
                if not entry.is_country and entry.feature != "ADM1":
                    y, x = _cell(entry)
                    for dy in (-1, 0, 1):
                        for dx in (-1, 0, 1):
                            slot = cells.setdefault((y + dy, x + dx), {})
                            slot[i] = max(slot.get(i, 0.0), b * weight)
            for where, value in by_country.items():
                countries.setdefault(where, []).append((i, value))
            for d, value in by_division.items():
                divisions.setdefault(d, []).append((i, value))
            for c, value in by_county.items():
                counties.setdefault(c, []).append((i, value))
        if totals == 0:
            break
        for i, pool in enumerate(pools):
            if len(pool) < 2:
                continue
            rest = max(totals - min(names[i].weight, 3.0) ** 0.5, 1.0)
            scores = bonus[i]
            for k, entry in enumerate(pool):
                c_sum = sum(v for j, v in countries.get(entry.country, ()) if j != i) if entry.country else 0.0
                c_share = c_sum / rest
                d_sum = (
                    sum(v for j, v in divisions.get((entry.country, entry.admin1), ()) if j != i)
                    if entry.admin1
                    else 0.0
                )
                a_sum = 0.0
                if entry.admin2:
                    where2 = entry.country, entry.admin1, entry.admin2
                    a_sum = sum(v for j, v in counties.get(where2, ()) if j != i)
                n_sum = 0.0
                if not entry.is_country:
                    n_sum = sum(v for j, v in cells.get(_cell(entry), {}).items() if j != i)
                scores[k] = (
                    ground[i][k]
                    + WEIGHT_COUNTRY * c_share * (1 - math.exp(-c_sum))
                    + WEIGHT_ADMIN1 * (1 - math.exp(-d_sum))
                    + WEIGHT_ADMIN2 * (1 - math.exp(-a_sum))
                    + WEIGHT_NEAR * (1 - math.exp(-n_sum))
                )
    out: dict[str, Entry] = {}
    for name, pool, extra in zip(names, pools, bonus, strict=True):
        if pool:
            best = min(range(len(pool)), key=lambda k: (-(pool[k].prior + extra[k]), pool[k].row))
            out[name.name_key] = pool[best]
    for name in names:
        if name.name_key in out and not name.containers and _is_stray(out[name.name_key], out, home):
            del out[name.name_key]
    return out


def _is_stray(entry: Entry, chosen: dict[str, Entry], home: dict[str, float]) -> bool:
    """Whether it is a small town of a country that nothing else in the article speaks of, while others share one.

    Such a name is more likely a quarter or village that the gazetteer lacks.
    """
    if entry.feature != "PPL" or entry.prior >= SMALL or entry.country in home:
        return False
    countries = [e.country for e in chosen.values() if e.country and e.row != entry.row]
    return entry.country not in countries and bool(countries) and max(map(countries.count, countries)) >= 2
