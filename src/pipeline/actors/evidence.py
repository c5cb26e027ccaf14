"""The words beside a cluster's mentions that say who it is: titles, possessors, appositions, copulas, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline import knowledge
from pipeline.actors.lands import Lands
from pipeline.actors.spans import code_span, head_of
from pipeline.actors.strings import code_text
from pipeline.actors.title_spans import GENITIVE, LONGEST_TITLE, TITLE_POS, title_inside, title_start
from pipeline.text import ActorCode, Mention, Parse

_WORDS: dict[str, list[str]] = knowledge.document("actor_words.yml")
BE_LIKE = frozenset({"be", "become", "remain"})
NAMED_AS = frozenset(_WORDS["naming"])
LEADING = frozenset(_WORDS["leading"])
SERVING, POST = frozenset(_WORDS["serving"]), frozenset(_WORDS["post"])
AFTER_OFFICE = frozenset((",", ".", ";", ")", *_WORDS["after_office"]))


@dataclass(slots=True, frozen=True)
class Context:
    """What the whole article says to every reading.

    Attributes:
        published: its date.
        lands: where its places lie.
        owners: token → the cluster that it belongs to, named or not.
    """

    published: date | None
    lands: Lands
    owners: Mapping[int, int]


@dataclass(slots=True, frozen=True)
class Evidence:
    """One reading of who a cluster is: its code, how directly the words say it (higher: surer), where they stand."""

    code: ActorCode
    weight: int
    position: int
    owner: int = -1  # cluster whose possessive stands before the office: "Trump's adviser"


def person_evidence(
    parse: Parse, mentions: list[Mention], at: dict[int, int], context: Context, use_reference: bool
) -> list[Evidence]:
    """Every reading of who a person is, over all mentions of the cluster."""
    out: list[Evidence] = []
    for m in mentions:
        if m.start < 0:
            continue
        if m.kind == "nominal":
            code = code_span(parse, m.start, m.end, context.published, True, context.lands)
            out.append(Evidence(code, 2, m.start, _possessor(parse, m.head, context.owners, m.cluster)))
        elif m.kind == "name":
            out += _beside(parse, m, at, context)
        out += _predicated(parse, m, context)
    return [e for e in out if e.code.country_code or e.code.sector_code or e.code.role]


def _possessor(parse: Parse, noun: int, at: Mapping[int, int], own: int) -> int:
    """Cluster in whose possession a noun stands: that of "its" in "its minister"; -1 for none."""
    return next((at[c] for c in parse.children[noun] if parse.dep[c] == "poss" and at.get(c, own) != own), -1)


def read_words(parse: Parse, first: int, last: int, context: Context) -> ActorCode:
    """Code the tokens ``first .. last`` of a running text, without the list of office holders."""
    code = code_text(parse.words(first, last), context.published, False, True)
    return context.lands.settle(code, parse, first, last, context.published)


def _beside(parse: Parse, m: Mention, at: dict[int, int], context: Context) -> list[Evidence]:
    """Titles and possessors before a name, appositions on either side."""
    out: list[Evidence] = []
    own = m.cluster
    first, title_end = title_start(parse, m.start, own, at), m.start
    inner = title_inside(parse, m)
    if inner > m.start:
        first, title_end = title_start(parse, m.start, own, at), inner
    if first < title_end:
        owner = next((at[i] for i in range(first, title_end) if i in at and at[i] != own), -1)
        owned = any(parse.lower[i] in ("'s", "’s") for i in range(first, title_end))
        code = read_words(parse, first, title_end, context)
        if parse.lower[title_end - 1] in GENITIVE:  # Mexico's Sheinbaum: the possessor gives the country only
            code = ActorCode(code.country_code, code.sector_code if code.entity_type == "organisation" else None)
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
            out += _description(parse, c, parse.left[c], m, at, context)
        elif parse.dep[c] == "relcl" and c >= m.end and parse.lemma[c] in LEADING:
            out += _leads(parse, c, context)
        elif parse.lower[c] == "of" and c == m.end and c + 1 < len(parse):  # "President Lena Marsh of Kenya"
            land = read_words(parse, c + 1, max(c + 2, clause_cut(parse, c, parse.right[c])), context)
            if land.entity_type == "country" or any(g in context.lands.at for g in parse.children[c]):
                out.append(Evidence(ActorCode(land.country_code), 3, m.start))
    if not out or all(e.code.role is None for e in out):
        out += _after_comma(parse, m, at, context)
    governor = parse.head[head]
    if parse.dep[head] == "appos" and parse.pos[governor] in ("NOUN", "PROPN") and governor < m.start:
        last = m.start
        while last > governor + 1 and parse.lower[last - 1] in (",", "(", "-", "–", ":"):
            last -= 1
        if governor not in at or at[governor] == own:
            code = read_words(parse, max(parse.left[governor], last - LONGEST_TITLE * 2), last, context)
            if code.entity_type in ("person", None) and (code.role or code.country_code):
                out.append(Evidence(code, 3, m.start, _possessor(parse, governor, context.owners, own)))
    return out


def _description(
    parse: Parse, node: int, start: int, m: Mention, at: dict[int, int], context: Context
) -> list[Evidence]:
    """An apposition: "Rubio, the US secretary of state,"."""
    end = clause_cut(parse, node, parse.right[node])
    if node in at and at[node] != m.cluster and parse.pos[node] == "PROPN":
        return []
    code = read_words(parse, start, end, context)
    if code.entity_type in ("person", None) and (code.role or code.country_code or code.sector_code):
        owner = next((at[i] for i in range(start, node) if i in at and at[i] != m.cluster), -1)
        owned = any(parse.lower[i] in ("'s", "’s") for i in range(start, node))
        return [Evidence(code, 3, m.start, owner if owned else _possessor(parse, node, context.owners, m.cluster))]
    return []


def _after_comma(parse: Parse, m: Mention, at: dict[int, int], context: Context) -> list[Evidence]:
    """The same where the parser saw none: a comma, a noun phrase with an office in it, a comma or full stop."""
    last = parse.sentences[parse.sentence[m.start]][1]
    i = m.end
    if i >= last or parse.lower[i] != ",":
        return []
    start = i + 1
    j = start
    while (
        j < last
        and j - start < LONGEST_TITLE * 2
        and (parse.pos[j] in TITLE_POS or parse.pos[j] in ("DET", "ADP") or parse.lower[j] in ("'s", "’s"))
    ):
        j += 1
    if j == start or j >= last or parse.lower[j] not in AFTER_OFFICE:
        return []
    if parse.pos[start] == "ADP" or any(
        at.get(k, m.cluster) != m.cluster and parse.pos[k] == "PROPN" and k == start for k in range(start, j)
    ):
        lead = read_words(parse, start, j, context)
        if lead.role is None:
            return []
    code = read_words(parse, start, j, context)
    if code.role is None or code.entity_type != "person":
        return []
    return [Evidence(code, 2, m.start)]


def _leads(parse: Parse, verb: int, context: Context) -> list[Evidence]:
    """ "who leads the Ruritanian opposition": country and sector of what is led."""
    out: list[Evidence] = []
    for c in parse.children[verb]:
        if parse.dep[c] == "dobj":
            code = read_words(parse, parse.left[c], clause_cut(parse, c, parse.right[c]), context)
            out.append(Evidence(ActorCode(code.country_code, code.sector_code), 2, verb))
    return out


def clause_cut(parse: Parse, node: int, end: int) -> int:
    """Cut a phrase where a clause or another apposition begins."""
    for i in range(node + 1, end):
        if parse.dep[i] in ("relcl", "advcl", "acl", "appos") and parse.left[i] > node:
            end = min(end, parse.left[i])
        elif parse.word[i] in ";:—(" or parse.lower[i] == "who":
            end = min(end, i)
    while end > node + 1 and parse.pos[end - 1] in ("PUNCT", "CCONJ"):
        end -= 1
    return end


def _predicated(parse: Parse, m: Mention, context: Context) -> list[Evidence]:
    """Copulas and naming verbs: "Noboa is president of Ecuador", "was elected president", "serves as minister"."""
    head = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
    dep, verb = parse.dep[head], parse.head[head]
    if dep in ("compound", "nmod") and verb >= m.end:
        return _chosen(parse, m, verb, context)
    if dep not in ("nsubj", "nsubjpass", "dobj", "poss"):
        return []
    lemma = parse.lemma[verb]
    nodes: list[int] = []
    if dep == "nsubj" and lemma in BE_LIKE and parse.lower[verb] not in ("was", "were", "been"):
        nodes = [c for c in parse.children[verb] if parse.dep[c] in ("attr", "oprd")]
        if any(
            parse.dep[c] in ("neg", "aux") for c in parse.children[verb] if parse.lower[c] not in ("has", "have", "had")
        ):
            nodes = []
    elif dep in ("nsubjpass", "dobj") and lemma in NAMED_AS:
        nodes = [c for c in parse.children[verb] if parse.dep[c] in ("oprd", "attr")]
        nodes += _as_phrases(parse, verb)
        if any(parse.dep[c] == "neg" for c in parse.children[verb]):
            nodes = []
    elif (dep in ("nsubj", "nsubjpass") and lemma in SERVING) or (dep == "poss" and lemma in POST):
        nodes = _as_phrases(parse, verb)
    out: list[Evidence] = []
    for node in nodes:
        for part in [node, *(c for c in parse.children[node] if parse.dep[c] == "conj")]:
            start = parse.left[part]
            end = clause_cut(parse, part, parse.right[part])
            for c in parse.children[part]:
                if parse.dep[c] == "conj":
                    end = min(end, parse.left[c])
            while end > part + 1 and parse.pos[end - 1] in ("PUNCT", "CCONJ"):
                end -= 1
            code = read_words(parse, start, end, context)
            if code.entity_type == "person" and code.role:
                out.append(Evidence(code, 3 if m.kind == "name" else 2, m.start))
    return out


def _chosen(parse: Parse, m: Mention, office: int, context: Context) -> list[Evidence]:
    """ "Kenyans elected Otieno president", where the parser takes name and office for one phrase."""
    verb = parse.head[office]
    if parse.dep[office] not in ("dobj", "oprd", "attr") or parse.lemma[verb] not in NAMED_AS:
        return []
    if any(parse.dep[c] in ("neg", "aux") and parse.tag[c] in ("RB", "MD", "TO") for c in parse.children[verb]):
        return []
    code = read_words(parse, m.end, clause_cut(parse, office, parse.right[office]), context)
    if code.entity_type != "person" or not code.role:
        return []
    if code.country_code is None:
        voters = next((c for c in parse.children[verb] if parse.dep[c] == "nsubj"), None)
        if voters is not None:
            land = read_words(parse, parse.left[voters], parse.right[voters], context).country_code
            code = replace(code, country_code=land)
    return [Evidence(code, 3 if m.kind == "name" else 2, m.start)]


def _as_phrases(parse: Parse, node: int) -> list[int]:
    return [
        g
        for c in parse.children[node]
        if parse.lower[c] in ("as", "in") and parse.dep[c] == "prep"
        for k in parse.children[c]
        for g in ([k] if parse.dep[k] == "pobj" else [h for h in parse.children[k] if parse.dep[h] == "pobj"])
    ]
