"""Who the people and bodies of an article are, read from the article's own words first.

For each cluster of mentions the words beside its names are read: titles, possessors, appositions, copulas, "who leads"
clauses and the definite descriptions among its mentions. Each reading is an :class:`Evidence`; the most specific one
gives sector and role, the first one that names a country gives the country. What the words leave open is filled from
context (the place in the clause, the owner of an office) and only then from the shipped reference list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from pipeline.actors.lexicon import lexicon, tokens
from pipeline.actors.spans import code_span, head_of
from pipeline.actors.strings import INTERNATIONAL, code_text, find, holder
from pipeline.text import ActorCode, Cluster, Mention, Parse

TITLE_POS = frozenset({"NOUN", "PROPN", "ADJ", "PART", "NUM"})
BE_LIKE = frozenset({"be", "become", "remain"})
NAMED_AS = frozenset({"elect", "appoint", "name", "inaugurate", "reelect", "re-elect", "nominate", "install", "choose"})
LEADING = frozenset({"lead", "head", "chair", "rule", "govern", "run", "command", "direct", "found"})
LONGEST_TITLE = 12
TOP_OFFICES = ("president", "prime minister", "premier", "chancellor", "king", "queen", "emperor", "emir", "sultan", "pope")
NATIONAL_OFFICES = (*TOP_OFFICES, "minister", "secretary", "general", "chief", "justice", "speaker", "ambassador", "governor")


@dataclass(slots=True, frozen=True)
class Evidence:
    """One reading of who a cluster is: its code, how directly the words say it (higher is surer) and where they stand."""

    code: ActorCode
    weight: int
    position: int
    owner: int = -1  # cluster whose possessive stands before the office: "Trump's adviser"


def code_clusters(
    parse: Parse,
    mentions: list[Mention],
    clusters: list[Cluster],
    published: date | None,
    use_reference: bool = True,
) -> None:
    """Set ``code`` of every cluster: country, sector, role as printed, entity type and reference id.

    Args:
        parse: the article.
        mentions: its mentions; ``Mention.cluster`` is an index into ``clusters``.
        clusters: changed in place.
        published: the article's date; decides which office holders of the reference list are in office.
        use_reference: False leaves the list of office holders out, so that only the article's words speak.
    """
    members: list[list[Mention]] = [[] for _ in clusters]
    for mention in mentions:
        if 0 <= mention.cluster < len(clusters):
            members[mention.cluster].append(mention)
    at = {i: m.cluster for m in mentions if m.start >= 0 and m.cluster >= 0 for i in range(m.start, m.end)}
    found: list[list[Evidence]] = []
    for index, cluster in enumerate(clusters):
        if cluster.entity_type == "person":
            evidence = _person_evidence(parse, members[index], at, published, use_reference)
        else:
            evidence = _body_evidence(parse, cluster, members[index], published)
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
    _home_country(parse, mentions, clusters, published, use_reference)


# ---------------------------------------------------------------- reading the words beside a name


def _person_evidence(
    parse: Parse, mentions: list[Mention], at: dict[int, int], published: date | None, use_reference: bool
) -> list[Evidence]:
    out: list[Evidence] = []
    for m in mentions:
        if m.start < 0:
            continue
        if m.kind == "nominal":
            code = code_span(parse, m.start, m.end, published)
            out.append(Evidence(code, 2, m.start))
        elif m.kind == "name":
            out += _beside(parse, m, at, published)
        out += _predicated(parse, m, published)
    return [e for e in out if e.code.country_code or e.code.sector_code or e.code.role]


def _read(text: str, published: date | None) -> ActorCode:
    return code_text(text, published, False)


def _beside(parse: Parse, m: Mention, at: dict[int, int], published: date | None) -> list[Evidence]:
    """Titles and possessors before a name, appositions on either side."""
    out: list[Evidence] = []
    own = m.cluster
    first, title_end = _title_start(parse, m.start, own, at), m.start
    inner = _title_inside(parse, m)
    if inner > m.start:
        first, title_end = _title_start(parse, m.start, own, at), inner
    if first < title_end:
        owner = next((at[i] for i in range(first, title_end) if i in at and at[i] != own), -1)
        owned = any(parse.lower[i] in ("'s", "’s") for i in range(first, title_end))
        code = _read(parse.words(first, title_end), published)
        if parse.lower[title_end - 1] in ("'s", "’s", "'", "’"):  # Mexico's Sheinbaum: the possessor gives the country only
            code = ActorCode(code.country_code)
            out.append(Evidence(code, 4, m.start, owner))
        elif code.role or code.sector_code or code.country_code:
            if code.entity_type == "group":
                code = ActorCode(code.country_code, code.sector_code)
            elif code.role is None and code.entity_type in ("organisation", "country"):
                code = ActorCode(code.country_code, code.sector_code if code.entity_type == "organisation" else None)
            out.append(Evidence(code, 4, m.start, owner if owned else -1))
    head = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
    for c in parse.children[head]:
        if parse.dep[c] == "appos" and c >= m.end and parse.pos[c] in ("NOUN", "PROPN"):
            out += _description(parse, c, parse.left[c], m, at, published)
        elif parse.dep[c] == "relcl" and c >= m.end and parse.lemma[c] in LEADING:
            out += _leads(parse, c, published)
    if not out or all(e.code.role is None for e in out):
        out += _after_comma(parse, m, at, published)
    governor = parse.head[head]
    if parse.dep[head] == "appos" and parse.pos[governor] in ("NOUN", "PROPN") and governor < m.start:
        last = m.start
        while last > governor + 1 and parse.lower[last - 1] in (",", "(", "-", "–", ":"):
            last -= 1
        if governor not in at or at[governor] == own:
            code = _read(parse.words(max(parse.left[governor], last - LONGEST_TITLE * 2), last), published)
            if code.entity_type in ("person", None) and (code.role or code.country_code):
                out.append(Evidence(code, 3, m.start))
    return out


def _title_start(parse: Parse, start: int, own: int, at: dict[int, int]) -> int:
    """First token of the run of title words that ends right before a name: "US Secretary of State", "Mexico's"."""
    begin = parse.sentences[parse.sentence[start]][0]
    i = start
    while i > begin and start - i < LONGEST_TITLE:
        previous = i - 1
        pos, low = parse.pos[previous], parse.lower[previous]
        if low in ("'s", "’s", "'", "’", "-") or pos in TITLE_POS:
            i = previous
            continue
        if low == "of" and i < start and previous > begin and parse.pos[previous - 1] in ("NOUN", "PROPN"):
            i = previous
            continue
        if low in ("for", "and", "to") and i < start and parse.pos[previous - 1] in ("NOUN", "PROPN") and parse.dep[i] != "pobj":
            break
        if low in ("the", "a", "an") and i < start and parse.lower[previous - 1] == "of":
            i = previous
            continue
        break
    while i < start and (parse.pos[i] in ("PART", "PUNCT") or parse.lower[i] in ("'s", "’s", "of", "-")):
        i += 1
    return i


def _title_inside(parse: Parse, m: Mention) -> int:
    """End of a title that the model took into the name ("President Xi Jinping" as one span); m.start when there is none."""
    if m.end - m.start < 2 or m.label not in ("PERSON", None):
        return m.start
    words = tokens(parse.words(m.start, m.end - 1))
    if not words or not words[0].text[0].isupper():
        return m.start
    matches = find(words, lexicon(), False, False, False)
    if matches and matches[0].start == 0 and matches[0].kind == "noun" and matches[0].noun and matches[0].noun.noun == "person":
        if parse.lower[m.start] in ("prince", "king", "queen", "pope", "princess") and m.end - m.start == 2:
            return m.start + 1
        return m.start + matches[0].end
    return m.start


def _description(
    parse: Parse, node: int, start: int, m: Mention, at: dict[int, int], published: date | None
) -> list[Evidence]:
    """An apposition: "Rubio, the US secretary of state,"."""
    end = _clause_cut(parse, node, parse.right[node])
    if node in at and at[node] != m.cluster and parse.pos[node] == "PROPN":
        return []
    code = _read(parse.words(start, end), published)
    if code.entity_type in ("person", None) and (code.role or code.country_code or code.sector_code):
        owner = next((at[i] for i in range(start, node) if i in at and at[i] != m.cluster), -1)
        owned = any(parse.lower[i] in ("'s", "’s") for i in range(start, node))
        return [Evidence(code, 3, m.start, owner if owned else -1)]
    return []


def _after_comma(parse: Parse, m: Mention, at: dict[int, int], published: date | None) -> list[Evidence]:
    """The same where the parser saw no apposition: a comma, a phrase of nouns with an office in it, a comma or full stop."""
    last = parse.sentences[parse.sentence[m.start]][1]
    i = m.end
    if i >= last or parse.lower[i] != ",":
        return []
    start = i + 1
    j = start
    while j < last and j - start < LONGEST_TITLE * 2 and (
        parse.pos[j] in TITLE_POS or parse.pos[j] in ("DET", "ADP") or parse.lower[j] in ("'s", "’s")
    ):
        j += 1
    if j == start or j >= last or parse.lower[j] not in (",", ".", ";", "who", "said", "says", "told", ")"):
        return []
    if parse.pos[start] == "ADP" or any(at.get(k, m.cluster) != m.cluster and parse.pos[k] == "PROPN" and k == start for k in range(start, j)):
        lead = _read(parse.words(start, j), published)
        if lead.role is None:
            return []
    code = _read(parse.words(start, j), published)
    if code.role is None or code.entity_type != "person":
        return []
    return [Evidence(code, 2, m.start)]


def _leads(parse: Parse, verb: int, published: date | None) -> list[Evidence]:
    """ "who leads the Ruritanian opposition": country and sector of what is led."""
    out: list[Evidence] = []
    for c in parse.children[verb]:
        if parse.dep[c] == "dobj":
            code = _read(parse.words(parse.left[c], _clause_cut(parse, c, parse.right[c])), published)
            out.append(Evidence(ActorCode(code.country_code, code.sector_code), 2, verb))
    return out


def _clause_cut(parse: Parse, node: int, end: int) -> int:
    """Cut a phrase where a clause or another apposition begins."""
    for i in range(node + 1, end):
        if parse.dep[i] in ("relcl", "advcl", "acl", "appos") and parse.left[i] > node:
            end = min(end, parse.left[i])
        elif parse.word[i] in ";:—(" or parse.lower[i] == "who":
            end = min(end, i)
    while end > node + 1 and parse.pos[end - 1] in ("PUNCT", "CCONJ"):
        end -= 1
    return end


def _predicated(parse: Parse, m: Mention, published: date | None) -> list[Evidence]:
    """Copulas and naming verbs: "Noboa is president of Ecuador", "was elected president", "serves as foreign minister"."""
    head = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
    dep, verb = parse.dep[head], parse.head[head]
    if dep not in ("nsubj", "nsubjpass", "dobj", "poss"):
        return []
    lemma = parse.lemma[verb]
    nodes: list[int] = []
    if dep == "nsubj" and lemma in BE_LIKE and parse.lower[verb] not in ("was", "were", "been"):
        nodes = [c for c in parse.children[verb] if parse.dep[c] in ("attr", "oprd")]
        if any(parse.dep[c] in ("neg", "aux") for c in parse.children[verb] if parse.lower[c] not in ("has", "have", "had")):
            nodes = []
    elif dep in ("nsubjpass", "dobj") and lemma in NAMED_AS:
        nodes = [c for c in parse.children[verb] if parse.dep[c] in ("oprd", "attr")]
        nodes += _as_phrases(parse, verb)
        if any(parse.dep[c] == "neg" for c in parse.children[verb]):
            nodes = []
    elif dep in ("nsubj", "nsubjpass") and lemma in ("serve", "swear", "work", "act"):
        nodes = _as_phrases(parse, verb)
    elif dep == "poss" and lemma in ("role", "position", "post", "job", "tenure"):
        nodes = _as_phrases(parse, verb)
    out: list[Evidence] = []
    for node in nodes:
        for part in [node, *(c for c in parse.children[node] if parse.dep[c] == "conj")]:
            start = parse.left[part]
            end = _clause_cut(parse, part, parse.right[part])
            for c in parse.children[part]:
                if parse.dep[c] == "conj":
                    end = min(end, parse.left[c])
            while end > part + 1 and parse.pos[end - 1] in ("PUNCT", "CCONJ"):
                end -= 1
            code = _read(parse.words(start, end), published)
            if code.entity_type == "person" and code.role:
                out.append(Evidence(code, 3 if m.kind == "name" else 2, m.start))
    return out


def _as_phrases(parse: Parse, node: int) -> list[int]:
    return [
        g
        for c in parse.children[node]
        if parse.lower[c] in ("as", "in") and parse.dep[c] == "prep"
        for k in parse.children[c]
        for g in ([k] if parse.dep[k] == "pobj" else [h for h in parse.children[k] if parse.dep[h] == "pobj"])
    ]


# ---------------------------------------------------------------- bodies, groups, countries


def _body_evidence(parse: Parse, cluster: Cluster, mentions: list[Mention], published: date | None) -> list[Evidence]:
    out: list[Evidence] = []
    for name in [cluster.name, *cluster.aliases]:
        code = code_text(name, published, False)
        if code.country_code or code.sector_code:
            out.append(Evidence(code, 5, -1))
            break
    if out and (out[0].code.country_code or out[0].code.sector_code in INTERNATIONAL) and out[0].code.sector_code:
        return out
    if cluster.entity_type == "country":
        return out
    for m in mentions:
        if m.start < 0 or m.kind == "pronoun":
            continue
        code = code_span(parse, m.start, m.end, published)
        if code.country_code or code.sector_code:
            out.append(Evidence(code, 3 if m.kind == "name" else 2, m.start))
        head = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
        for c in parse.children[head]:
            if parse.dep[c] == "appos" and c >= m.end and parse.pos[c] == "NOUN":
                code = _read(parse.words(parse.left[c], _clause_cut(parse, c, parse.right[c])), published)
                if code.entity_type in ("group", "organisation"):
                    out.append(Evidence(code, 3, m.start))
        if parse.dep[head] in ("nsubj",) and parse.lemma[parse.head[head]] == "be":
            for c in parse.children[parse.head[head]]:
                if parse.dep[c] == "attr" and parse.pos[c] == "NOUN":
                    code = _read(parse.words(parse.left[c], _clause_cut(parse, c, parse.right[c])), published)
                    if code.entity_type in ("group", "organisation"):
                        out.append(Evidence(code, 2, m.start))
    return out


# ---------------------------------------------------------------- putting the readings together


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
        best = max(lively, key=lambda e: (e.weight >= 3, e.code.sector_code is not None, _specific(e.code.role), e.weight, -e.position))
        sector, role = best.code.sector_code, best.code.role
        if sector is None:
            sector = next((e.code.sector_code for e in ordered if e.code.sector_code), None)
        if sector in INTERNATIONAL and best.code.country_code is None:
            country = None
    else:
        sector, role = next((e.code.sector_code for e in ordered if e.code.sector_code), None), None
    return ActorCode(country, sector, cluster.entity_type, role, reference if cluster.entity_type != "person" else None)


VAGUE = frozenset({"leader", "official", "diplomat", "politician", "secretary", "minister", "chief", "head", "aide", "envoy"})


def _specific(role: str | None) -> int:
    """How much an office as printed says: "Secretary of State" more than "Secretary", "president" more than "leader"."""
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
    one country decides. "In Mexico City, … meet with President Sheinbaum", "proceed to Ecuador for talks with President Noboa".
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
                if parse.dep[c] == "prep" and parse.lower[c] in ("in", "to", "at", "into") and not parse.left[c] <= m.start < parse.right[c]:
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
                if item.owner < 0 or clusters[item.owner].entity_type != "person":
                    continue
                mine, theirs = clusters[index].code, clusters[item.owner].code
                if mine.country_code is None and theirs.country_code and mine.sector_code not in INTERNATIONAL:
                    clusters[index].code = _with_country(mine, theirs.country_code)
                elif theirs.country_code is None and mine.country_code and theirs.sector_code not in INTERNATIONAL:
                    clusters[item.owner].code = _with_country(theirs, mine.country_code)


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


def _home_country(
    parse: Parse, mentions: list[Mention], clusters: list[Cluster], published: date | None, use_reference: bool
) -> None:
    """A national office printed nowhere with a country belongs to the country whose offices the article names most.

    Only when that country has at least three such mentions and twice as many as the next, and no other person of the
    article holds the same top office there.
    """
    wanting = [
        c
        for c in clusters
        if c.entity_type == "person" and c.code.country_code is None and c.code.role
        and c.code.sector_code in ("GOV", "MIL", "LEG", "JUD")
        and c.code.role.lower().endswith(NATIONAL_OFFICES)
    ]
    if not wanting:
        return
    votes: Counter[str] = Counter()
    for i, low in enumerate(parse.lower):
        if parse.pos[i] not in ("PROPN", "ADJ") or not parse.word[i][0].isupper():
            continue
        code = code_text(parse.word[i], published, False)
        if code.country_code is None or code.entity_type != "country":
            continue
        h = parse.head[i]
        if (parse.dep[i] in ("amod", "compound", "nmod") and h > i and parse.pos[h] in ("NOUN", "PROPN")) or (
            code.sector_code == "GOV" and parse.dep[i] in ("nsubj", "pobj") and low != parse.word[i] and parse.lower[h] not in ("in", "to", "from")
        ):
            votes[code.country_code] += 1
    for cluster in clusters:
        if cluster.entity_type == "person" and cluster.code.country_code:
            votes[cluster.code.country_code] += 0
    ranked = sorted(votes.items(), key=lambda v: (-v[1], v[0]))
    if not ranked or ranked[0][1] < 3 or len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]:
        return
    home = ranked[0][0]
    taken = {
        office
        for c in clusters
        if c.code.country_code == home and c.code.role
        for office in TOP_OFFICES
        if c.code.role.lower() == office
    }
    for cluster in wanting:
        if (cluster.code.role or "").lower() not in taken:
            cluster.code = _with_country(cluster.code, home)
