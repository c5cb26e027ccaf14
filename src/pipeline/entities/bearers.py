"""The bearers of each name: rules 1 to 3 of :mod:`pipeline.entities`."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.entities.rows import FAR, Rows, normal

NEAR = 60
"""Days between a surname alone and the nearest article with the full name."""
STATE = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY", "PTY", "OPP"})
ARMED = frozenset({"REB", "UAF", "CRM", "PRM"})


@dataclass(slots=True, eq=False)
class Bearer:
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
    into: Bearer | None = None

    def root(self) -> Bearer:
        """The bearer that this one was joined to, at last."""
        return self if self.into is None else self.into.root()


def _family(sector: str | None) -> str | None:
    if sector is None:
        return None
    return "state" if sector in STATE else "armed" if sector in ARMED else "civil"


def _words(role: str | None) -> set[str]:
    return {w for w in normal(role).split() if len(w) > 2} if role else set()


def find_bearers(rows: Rows) -> list[Bearer]:
    """Rules 1 and 2. Rows with evidence come first, so that a row without any finds all bearers of its name."""
    by_key: dict[tuple[str, str], list[Bearer]] = {}
    by_reference: dict[str, Bearer] = {}
    found: list[Bearer] = []

    def new(kind: str, key: str) -> Bearer:
        bearer = Bearer(kind, key)
        found.append(bearer)
        return bearer

    def take(bearer: Bearer, i: int) -> None:
        bearer.rows.append(i)
        bearer.country = bearer.country or rows.country[i]
        bearer.family = bearer.family or _family(rows.sector[i])
        bearer.roles |= _words(rows.role[i])
        bearer.days.append(rows.day[i])
        bearer.first = min(bearer.first, rows.day[i])

    later: list[int] = []
    for i in rows.order:
        kind, reference, country = rows.kind[i], rows.reference[i], rows.country[i]
        anchor = reference or (f"country/{country}" if kind == "country" and country else None)
        if anchor:
            bearer = by_reference.get(anchor)
            if bearer is None:
                bearer = by_reference[anchor] = new(kind, anchor)
                bearer.reference = anchor
            if bearer not in by_key.setdefault((bearer.kind, rows.key[i]), []):
                by_key[bearer.kind, rows.key[i]].append(bearer)
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


def _compatible(rows: Rows, b: Bearer, i: int) -> bool:
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


def join_variants(rows: Rows, bearers: list[Bearer]) -> None:
    """Rule 3: forms of a name that differ, when exactly one longer or fuller name fits."""
    people: dict[str, dict[int, Bearer]] = {}
    short_forms: dict[str, dict[int, Bearer]] = {}
    by_name: dict[tuple[str, str], list[Bearer]] = {}
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
        fits: list[Bearer] = []
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


def _agree(a: Bearer, b: Bearer) -> bool:
    if a.country and b.country and a.country != b.country:
        return False
    return not (a.family and b.family and a.family != b.family and a.roles and b.roles and not a.roles & b.roles)


def _near(a: Bearer, b: Bearer) -> bool:
    """Whether all articles of a surname lie near the articles with the full name; undated articles are near to all."""
    known = [d for d in b.days if d < FAR]
    dated = [d for d in a.days if d < FAR]
    if not known or not dated:
        return True
    return min(known) - NEAR <= min(dated) and max(dated) <= max(known) + NEAR
