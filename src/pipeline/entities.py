"""Clusters of all articles → entities: who is the same across articles.

Rules, in this order:

1. Clusters with one ``reference_id``, and country clusters with one country code, are one entity.
2. One type and one normalised name is one entity, unless countries contradict, or (people) the kind of work does:
   both sectors known and of different families, both roles known and without a common word. Null contradicts nothing.
   A cluster without country goes to the first bearer of the name.
3. A longer form joins the shorter ("Ana Maria Sato" → "Ana Sato"), an acronym the long form printed beside it,
   a surname alone the one full name that fits by country and was in the news within :data:`NEAR` days.
   What fits two stays apart.

Ids: ``stable_id("ent", type, name, country)``, where name is the normalised name (or the reference id, or a country's
code). The country is None for the bearer of the name seen first and is filled only for further bearers, so
that an id neither changes when a later article tells the country nor depends on counts or on the order of rows.
It changes only when an article of an earlier date arrives that makes another bearer the first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import pandas as pd

from pipeline.ids import stable_id

NEAR = 60
"""Days between a surname alone and the nearest article with the full name."""
STATE = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY", "PTY", "OPP"})
ARMED = frozenset({"REB", "UAF", "CRM", "INS", "SEP"})
FAR = 10**6
NOT_WORD = re.compile(r"[^\w\s]+")

COLUMNS = (
    *("entity_id", "name", "entity_type", "country_code", "sector_code", "role", "aliases", "reference_id"),
    *("first_seen", "last_seen", "mention_count", "article_count"),
)


@dataclass(slots=True, eq=False)
class _Bearer:
    """One entity in the making: the rows that it holds and what they say."""

    kind: str
    key: str
    rows: list[int] = field(default_factory=list)
    country: str | None = None
    family: str | None = None
    roles: set[str] = field(default_factory=set)
    days: list[int] = field(default_factory=list)
    first: int = FAR
    reference: str | None = None
    into: _Bearer | None = None

    def root(self) -> _Bearer:
        return self if self.into is None else self.into.root()


def normal(name: str) -> str:
    """A name without case, accents, punctuation and leading article: "The São-Paulo Bank" → "sao paulo bank"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    plain = plain.replace("’s ", " ").replace("'s ", " ").replace(".", "").replace("'", "").replace("’", "")
    return " ".join(NOT_WORD.sub(" ", plain).split()).removeprefix("the ")


def link(local: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Link the clusters of articles to entities.

    Args:
        local: one row per article cluster: ``article_id, cluster, name, entity_type, country_code, sector_code, role,
            reference_id, aliases, mention_count, published_at``.

    Returns:
        The entity id of each row (index of ``local``), and the entities by id. The order of the rows does not matter.
    """
    rows = _Rows(local)
    bearers = _bearers(rows)
    _join_variants(rows, bearers)
    ids = [""] * len(local)
    roots: dict[int, _Bearer] = {}
    for b in bearers:
        root = b.root()
        roots[id(root)] = root
        if root is not b:
            root.rows += b.rows
    named: dict[str, _Bearer] = {}
    for root in sorted(roots.values(), key=lambda b: (b.kind, b.key, b.first, b.country or "", b.family or "")):
        identity = stable_id("ent", root.kind, root.key, None)
        if identity in named:
            identity = stable_id("ent", root.kind, root.key, root.country)
        if identity in named:
            identity = stable_id("ent", root.kind, root.key, f"{root.country or ''}/{root.family or ''}")
        if identity in named:
            named[identity].rows += root.rows
        else:
            named[identity] = root
        for i in root.rows:
            ids[i] = identity
    table = pd.DataFrame(
        [_entity(rows, identity, named[identity]) for identity in sorted(named)],
        columns=list(COLUMNS),
    )
    for column in ("first_seen", "last_seen"):
        table[column] = pd.to_datetime(table[column], utc=True).astype("datetime64[us, UTC]")
    for column in ("name", "entity_type", "country_code", "sector_code", "role", "reference_id"):
        table[column] = table[column].astype("string")
    for column in ("mention_count", "article_count"):
        table[column] = table[column].astype("Int64")
    return pd.Series(ids, index=local.index, name="entity_id", dtype="object"), table


def known_at(local: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """What each article could know of its entities: what it says itself, else the latest said until its date.

    A country is also taken from later articles, for it does not change with an office; a sector and a role are not.
    Where an article has no date, everything counts as earlier.

    Args:
        local: the clusters of all articles, as for :func:`link`.
        ids: their entity ids, as :func:`link` returns them.

    Returns:
        Columns ``country_code``, ``sector_code`` and ``role``, one row per cluster (index of ``local``); None where
        nobody said it.
    """
    rows = _Rows(local)
    groups: dict[str, list[int]] = {}
    for i in rows.order:
        groups.setdefault(str(ids.iloc[i]), []).append(i)
    out: dict[str, list[str | None]] = {}
    for column, said, timeless in (
        ("country_code", rows.country, True),
        ("sector_code", rows.sector, False),
        ("role", rows.role, False),
    ):
        filled = list(said)
        for members in groups.values():
            _fill_forward(members, said, filled, rows.day, timeless)
        out[column] = filled
    return pd.DataFrame(out, index=local.index, dtype="object")


def _fill_forward(
    members: list[int], said: list[str | None], filled: list[str | None], day: list[int], timeless: bool
) -> None:
    """Fill the gaps of one entity's rows (by date) with the latest value of the same day or before."""
    value: str | None = None
    at = 0
    for i in members:
        while at < len(members) and (day[members[at]] <= day[i]):
            value = said[members[at]] or value
            at += 1
        if filled[i] is None:
            filled[i] = value
    if timeless:
        first = next((said[i] for i in members if said[i]), None)
        for i in members:
            filled[i] = filled[i] or first


class _Rows:
    """The columns as plain lists; missing values are None."""

    def __init__(self, local: pd.DataFrame) -> None:
        def column(name: str) -> list[str | None]:
            values = local[name].astype("object")
            return [v if isinstance(v, str) and v else None for v in values]

        self.article = [str(v) for v in local["article_id"]]
        self.name = [str(v) for v in local["name"]]
        self.kind = [str(v) for v in local["entity_type"]]
        self.country, self.sector = column("country_code"), column("sector_code")
        self.role, self.reference = column("role"), column("reference_id")
        self.aliases = [
            sorted(map(str, v)) if v is not None and not isinstance(v, float) else [] for v in local["aliases"]
        ]
        self.mentions = [int(v) for v in local["mention_count"]]
        when = pd.to_datetime(local["published_at"], utc=True).astype("datetime64[us, UTC]")
        self.when = [None if pd.isna(v) else v for v in when]
        self.day = [FAR if v is None else v.toordinal() for v in self.when]
        known = {n: normal(n) or n for n in set(self.name)}
        self.key = [known[n] for n in self.name]
        self.order = sorted(
            range(len(self.name)),
            key=lambda i: (
                self.day[i],
                self.article[i],
                self.key[i],
                self.kind[i],
                self.country[i] or "~",
                self.name[i],
            ),
        )


def _family(sector: str | None) -> str | None:
    if sector is None:
        return None
    return "state" if sector in STATE else "armed" if sector in ARMED else "civil"


def _words(role: str | None) -> set[str]:
    return {w for w in normal(role).split() if len(w) > 2} if role else set()


def _bearers(rows: _Rows) -> list[_Bearer]:
    """Rules 1 and 2. Rows with evidence come first, so that a row without any finds all bearers of its name."""
    by_key: dict[tuple[str, str], list[_Bearer]] = {}
    by_reference: dict[tuple[str, str], _Bearer] = {}
    found: list[_Bearer] = []

    def new(kind: str, key: str) -> _Bearer:
        bearer = _Bearer(kind, key)
        found.append(bearer)
        return bearer

    def take(bearer: _Bearer, i: int) -> None:
        bearer.rows.append(i)
        bearer.country = bearer.country or rows.country[i]
        bearer.family = bearer.family or _family(rows.sector[i])
        bearer.roles |= _words(rows.role[i])
        bearer.days.append(rows.day[i])
        bearer.first = min(bearer.first, rows.day[i])

    later: list[int] = []
    for i in rows.order:
        kind, reference, country = rows.kind[i], rows.reference[i], rows.country[i]
        anchor = reference or (country if kind == "country" else None)
        if anchor:
            bearer = by_reference.get((kind, anchor))
            if bearer is None:
                bearer = by_reference[kind, anchor] = new(kind, anchor)
                bearer.reference = anchor
            if bearer not in by_key.setdefault((kind, rows.key[i]), []):
                by_key[kind, rows.key[i]].append(bearer)
            take(bearer, i)
        else:
            later.append(i)
    # Rows that know their country and work decide how many bearers a name has; the others follow.
    later.sort(key=lambda i: (rows.country[i] is None, rows.sector[i] is None or rows.role[i] is None))
    for i in later:
        key = rows.kind[i], rows.key[i]
        fits = [b for b in by_key.get(key, ()) if _compatible(rows, b, i)]
        if fits:
            bearer = min(
                fits, key=lambda b: (b.country != rows.country[i], b.reference is None, b.first, b.country or "")
            )
        else:
            bearer = new(*key)
            by_key.setdefault(key, []).append(bearer)
        take(bearer, i)
    return found


def _compatible(rows: _Rows, b: _Bearer, i: int) -> bool:
    country = rows.country[i]
    if country and b.country and country != b.country:
        return False
    if b.kind != "person":
        return True
    if " " not in rows.key[i] and b.reference is None and country != b.country:
        return False  # a surname alone is settled by rule 3
    family, roles = _family(rows.sector[i]), _words(rows.role[i])
    clash = family and b.family and family != b.family and roles and b.roles and not roles & b.roles
    return not clash


def _join_variants(rows: _Rows, bearers: list[_Bearer]) -> None:
    """Rule 3: forms of a name that differ, when exactly one longer or fuller name fits."""
    people: dict[str, dict[int, _Bearer]] = {}
    short_forms: dict[str, dict[int, _Bearer]] = {}
    by_name: dict[tuple[str, str], list[_Bearer]] = {}
    keys = {id(b): sorted({rows.key[i] for i in b.rows}) for b in bearers}
    for b in bearers:
        for key in keys[id(b)]:
            by_name.setdefault((b.kind, key), []).append(b)
            parts = key.split()
            if b.kind == "person" and len(parts) > 1:
                for part in {parts[-1], parts[0]}:
                    people.setdefault(part, {})[id(b)] = b
        if b.kind == "organisation":
            for alias in sorted({a for i in b.rows for a in rows.aliases[i]}):
                if alias.isupper() and len(alias) > 1:
                    short_forms.setdefault(normal(alias), {})[id(b)] = b
    for b in bearers:
        fits: list[_Bearer] = []
        parts = b.key.split()
        if b.reference:
            continue
        if b.kind == "person" and len(parts) == 1:
            fits = [o for o in people.get(b.key, {}).values() if _agree(b, o) and _near(b, o)]
            surnames = [o for o in fits if any(k.split()[-1] == b.key for k in keys[id(o)])]
            fits = surnames or fits
            if not fits and b.country is None:
                fits = [o for o in by_name["person", b.key] if o is not b and o.into is None and _agree(b, o)]
        elif b.kind == "person" and len(parts) > 2:
            fits = [o for o in by_name.get(("person", f"{parts[0]} {parts[-1]}"), ()) if _agree(b, o)]
        elif b.kind == "organisation" and len(parts) == 1:
            fits = [o for o in short_forms.get(b.key, {}).values() if o is not b and _agree(b, o)]
        fits = [o for o in fits if o is not b and o.root() is not b]
        if len({id(o.root()) for o in fits}) == 1:
            b.into = fits[0].root()


def _agree(a: _Bearer, b: _Bearer) -> bool:
    if a.country and b.country and a.country != b.country:
        return False
    return not (a.family and b.family and a.family != b.family and a.roles and b.roles and not a.roles & b.roles)


def _near(a: _Bearer, b: _Bearer) -> bool:
    """Whether all articles of a surname lie near the articles with the full name; undated articles are near to all."""
    known = [d for d in b.days if d < FAR]
    dated = [d for d in a.days if d < FAR]
    if not known or not dated:
        return True
    return min(known) - NEAR <= min(dated) and max(dated) <= max(known) + NEAR


def _entity(rows: _Rows, identity: str, b: _Bearer) -> tuple[object, ...]:
    members = sorted(b.rows, key=lambda i: (rows.day[i], rows.article[i], rows.key[i], rows.name[i]))
    counts: dict[str, int] = {}
    for i in members:
        counts[rows.name[i]] = counts.get(rows.name[i], 0) + rows.mentions[i]
    full = [n for n in counts if " " in n] if b.kind == "person" else []
    name = min(full or counts, key=lambda n: (-counts[n], -len(n), n))
    names = {a for i in members for a in rows.aliases[i]} | set(counts)
    dated = [w for i in members if (w := rows.when[i]) is not None]

    def latest(values: list[str | None]) -> str | None:
        return next((v for i in reversed(members) if (v := values[i]) is not None), None)

    return (
        *(identity, name, b.kind, latest(rows.country), latest(rows.sector), latest(rows.role)),
        *(sorted(names - {name}), latest(rows.reference)),
        *(min(dated, default=None), max(dated, default=None)),
        *(sum(rows.mentions[i] for i in members), len({rows.article[i] for i in members})),
    )
