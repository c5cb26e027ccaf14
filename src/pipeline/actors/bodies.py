"""What a body, group or country is: its name, its descriptions, what it is said to be."""

from __future__ import annotations

from datetime import date

from pipeline.actors.evidence import Evidence, clause_cut, read_words
from pipeline.actors.pieces import INTERNATIONAL
from pipeline.actors.spans import code_span, head_of
from pipeline.actors.strings import code_text
from pipeline.text import Cluster, Mention, Parse


def body_evidence(parse: Parse, cluster: Cluster, mentions: list[Mention], published: date | None) -> list[Evidence]:
    """The readings of what a body, group or country is: its name, its descriptions, what it is said to be."""
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
                code = read_words(parse.words(parse.left[c], clause_cut(parse, c, parse.right[c])), published)
                if code.entity_type in ("group", "organisation"):
                    out.append(Evidence(code, 3, m.start))
        if parse.dep[head] in ("nsubj",) and parse.lemma[parse.head[head]] == "be":
            for c in parse.children[parse.head[head]]:
                if parse.dep[c] == "attr" and parse.pos[c] == "NOUN":
                    code = read_words(parse.words(parse.left[c], clause_cut(parse, c, parse.right[c])), published)
                    if code.entity_type in ("group", "organisation"):
                        out.append(Evidence(code, 2, m.start))
    return out
