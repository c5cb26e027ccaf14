"""Who the people and bodies of an article are, read from the article's own words first.

For each cluster of mentions the words beside its names are read: titles, possessors, appositions, copulas, "who leads"
clauses and the definite descriptions among its mentions. Each reading is an :class:`Evidence`; the most specific one
gives sector and role, the first one that names a country gives the country. What the words leave open is filled from
context (the place in the clause, the owner of an office) and only then from the shipped reference list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline import knowledge
from pipeline.actors.bodies import body_evidence
from pipeline.actors.entries import tokens
from pipeline.actors.evidence import Context, Evidence, person_evidence
from pipeline.actors.homes import NATIONAL_OFFICES, Home, take_home_country
from pipeline.actors.lands import Lands
from pipeline.actors.lexicon import lexicon
from pipeline.actors.matching import holder, holds
from pipeline.actors.pieces import INTERNATIONAL
from pipeline.actors.spans import NOWHERE, head_of, is_lent
from pipeline.actors.strings import code_text
from pipeline.text import ActorCode, Cluster, Mention, Parse

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")


def code_clusters(
    parse: Parse,
    mentions: list[Mention],
    clusters: list[Cluster],
    published: date | None,
    use_reference: bool = True,
    lands: Lands = NOWHERE,
) -> Home:
    """Set ``code`` of every cluster: country, sector, role as printed, entity type and reference id.

    Args:
        parse: the article.
        mentions: its mentions; ``Mention.cluster`` is an index into ``clusters``.
        clusters: changed in place.
        published: the article's date; decides which office holders of the reference list are in office.
        use_reference: False leaves the list of office holders out, so that only the article's words speak.
        lands: where the article's places lie.

    Returns:
        The article's home country, for descriptions that are no cluster.
    """
    owners = {
        i: m.cluster
        for m in mentions
        if m.start >= 0 and m.cluster >= 0 and (clusters[m.cluster].named or m.text.lower() != "their")
        for i in range(m.start, m.end)
    }
    context, home = Context(published, lands, owners), Home(parse, mentions, lands)
    members: list[list[Mention]] = [[] for _ in clusters]
    for mention in mentions:
        if 0 <= mention.cluster < len(clusters):
            members[mention.cluster].append(mention)
    at = {
        i: m.cluster
        for m in mentions
        if m.start >= 0 and m.cluster >= 0 and clusters[m.cluster].named
        for i in range(m.start, m.end)
    }
    found: list[list[Evidence]] = []
    for index, cluster in enumerate(clusters):
        if cluster.entity_type == "person":
            evidence = person_evidence(parse, members[index], at, context, use_reference)
        else:
            evidence = body_evidence(parse, cluster, index, members[index], context)
        found.append(evidence)
        code = _merge(cluster, evidence)
        if cluster.entity_type == "person" and code.country_code is None:
            code = _with_country(code, _place_of_title(parse, members[index], code))
        cluster.code = code
    _share_through_owners(clusters, found)
    if use_reference:
        for cluster in clusters:
            if cluster.entity_type == "person":
                cluster.code = _with_reference(cluster, published)
    take_home_country(clusters, home)
    for cluster in clusters:
        if cluster.of:
            cluster.code = _through_owners(cluster, clusters)
    return home


def _through_owners(cluster: Cluster, clusters: list[Cluster]) -> ActorCode:
    """The code of a description through the clusters that it belongs to or is made of.

    "The administration" has its president's country and its own sector; "they" for two people what both share.
    """
    own, parts = cluster.code, [clusters[n].code for n in cluster.of]
    countries = {c.country_code for c in parts}
    sectors = {c.sector_code for c in parts}
    country = own.country_code if len(parts) == 1 else None  # the name of several is not read as that of one
    if country is None and own.sector_code not in INTERNATIONAL and len(countries) == 1:
        country = countries.pop()
    sector = own.sector_code or (sectors.pop() if len(parts) > 1 and len(sectors) == 1 else None)
    return ActorCode(country, sector, own.entity_type or cluster.entity_type, own.role, own.reference_id)


def _merge(cluster: Cluster, evidence: list[Evidence]) -> ActorCode:
    """Country from the surest first reading; sector and role from the most specific one that names an office."""
    if not evidence:
        return ActorCode(entity_type=cluster.entity_type)
    ordered = sorted(evidence, key=lambda e: (-e.weight, e.position))
    national = [e for e in ordered if e.code.sector_code not in INTERNATIONAL]
    country = next((e.code.country_code for e in national if e.code.country_code), None)
    offices = [e for e in ordered if e.code.role]
    reference = next((e.code.reference_id for e in ordered if e.code.reference_id and e.code.role is None), None)
    if offices:
        lively = [e for e in offices if e.code.sector_code != "ELI"] or offices
        best = max(
            lively,
            key=lambda e: (
                e.weight >= 3,
                e.code.sector_code is not None,
                _specific(e.code.role),
                e.weight,
                -e.position,
            ),
        )
        sector, role = best.code.sector_code, best.code.role
        if sector is None:
            sector = next((e.code.sector_code for e in ordered if e.code.sector_code), None)
        if sector in INTERNATIONAL and best.code.country_code is None:
            country = None
    else:
        sector, role = next((e.code.sector_code for e in ordered if e.code.sector_code), None), None
    if cluster.entity_type != "person":
        role = None
    return _as_listed(ActorCode(country, sector, cluster.entity_type, role, reference))


def _as_listed(code: ActorCode) -> ActorCode:
    """The code with the type that its reference has, whatever the recogniser took the name for.

    A people ("Kenyans") and a capital that speaks for its government are not the country itself.
    """
    kind, listed = code.entity_type, (code.reference_id or "").partition("/")[0]
    if not listed:
        return code
    if kind == "person" or (listed == "country" and kind != "country"):
        return replace(code, reference_id=None)
    if listed == "person":
        return replace(code, entity_type="person")
    return code if listed == "country" else replace(code, entity_type="organisation")


VAGUE = frozenset(_WORDS["vague_offices"])


def _specific(role: str | None) -> int:
    """How much a printed office says: "Secretary of State" more than "Secretary", "president" than "leader"."""
    if not role:
        return 0
    words = role.lower().split()
    return min(len(words), 3) if words[-1] not in VAGUE else min(len(words), 2) - 1


def _with_country(code: ActorCode, country: str | None) -> ActorCode:
    if country is None:
        return code
    return ActorCode(country, code.sector_code, code.entity_type, code.role, code.reference_id)


def _place_of_title(parse: Parse, mentions: list[Mention], code: ActorCode) -> str | None:
    """The country in whose places the clause happens, for a national office printed without a country.

    Climbs from the name to the verbs and nouns that govern it; the first of them with prepositional phrases of exactly
    one country decides: "In Mexico City … meet with President Sheinbaum", "to Ecuador for talks with President Noboa".
    """
    if not code.role or code.sector_code in INTERNATIONAL or not code.role.lower().endswith(NATIONAL_OFFICES):
        return None
    for m in mentions:
        if m.start < 0 or m.kind != "name":
            continue
        node = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
        if parse.dep[node] in ("nsubj", "nsubjpass", "poss"):
            continue  # the one who travels or acts need not be at home
        for _ in range(8):
            above = parse.head[node]
            if above == node:
                break
            countries: set[str] = set()
            for c in parse.children[above]:
                if (
                    parse.dep[c] == "prep"
                    and parse.lower[c] in ("in", "to", "at", "into")
                    and not parse.left[c] <= m.start < parse.right[c]
                ):
                    for p in parse.children[c]:
                        if parse.dep[p] == "pobj" and (land := _land(parse, p)):
                            countries.add(land)
            if len(countries) == 1:
                return countries.pop()
            if countries:
                break
            node = above
    return None


def _land(parse: Parse, node: int) -> str | None:
    """Country of a place name headed by ``node``."""
    if parse.pos[node] != "PROPN":
        return None
    first = node
    while first - 1 >= 0 and parse.dep[first - 1] == "compound" and parse.head[first - 1] == node:
        first -= 1
    code = code_text(parse.words(first, node + 1), None, False)
    return code.country_code if code.entity_type in ("country", None) else None


def _share_through_owners(clusters: list[Cluster], found: list[list[Evidence]]) -> None:
    """ "Trump's adviser": owner of an office and its holder are of one country when only one of them is known."""
    for _ in range(2):
        for index, evidence in enumerate(found):
            for item in evidence:
                if item.owner < 0:
                    continue
                mine, theirs = clusters[index].code, clusters[item.owner].code
                if clusters[item.owner].entity_type == "organisation" and mine.role and mine.role == item.code.role:
                    mine = clusters[index].code = _with_sector(mine, theirs)
                if mine.country_code is None and theirs.country_code and mine.sector_code not in INTERNATIONAL:
                    clusters[index].code = _with_country(mine, theirs.country_code)
                elif (
                    clusters[item.owner].entity_type == "person"
                    and theirs.country_code is None
                    and mine.country_code
                    and theirs.sector_code not in INTERNATIONAL
                ):
                    clusters[item.owner].code = _with_country(theirs, mine.country_code)


def _with_sector(code: ActorCode, body: ActorCode) -> ActorCode:
    """The sector of the body whose director, leader or spokesman somebody is; those of the UN are of no country."""
    if body.sector_code is None or not is_lent(code.role or ""):
        return code
    country = None if body.sector_code in INTERNATIONAL else code.country_code
    return ActorCode(country, body.sector_code, code.entity_type, code.role, code.reference_id)


def _with_reference(cluster: Cluster, published: date | None) -> ActorCode:
    """Fill what the words left open from the list of office holders; what they say stands."""
    code = cluster.code
    lex = lexicon()
    for name in sorted({cluster.name, *cluster.aliases}, key=lambda n: (-len(n.split()), n)):
        key = " ".join(t.key for t in tokens(name) if t.key != "'s")
        entries = lex.holders.get(key)
        if not entries:
            continue
        if len(cluster.name.split()) > 1:  # a full name is printed, so a family name alone proves nothing
            entries = tuple(e for e in entries if not e.surname)
        else:  # "Clinton" with nobody of that name in office may be anybody
            entries = tuple(e for e in entries if holds(e, published))
        known = holder(entries, published) if entries else None
        if known is None:
            continue
        entry, sector = known
        if code.country_code and entry.country and code.country_code != entry.country:
            continue
        return ActorCode(
            code.country_code or (None if code.sector_code in INTERNATIONAL else entry.country),
            code.sector_code or sector,
            "person",
            code.role,
            entry.reference_id,
        )
    return code
