"""What a body, group or country is: its name, its descriptions, what it is said to be."""

from __future__ import annotations

from pipeline.actors.evidence import Context, Evidence, clause_cut, read_words
from pipeline.actors.lands import of_country
from pipeline.actors.pieces import INTERNATIONAL
from pipeline.actors.spans import code_span, head_of
from pipeline.actors.strings import code_text
from pipeline.text import ActorCode, Cluster, Mention, Parse


def body_evidence(
    parse: Parse, cluster: Cluster, number: int, mentions: list[Mention], context: Context
) -> list[Evidence]:
    """The readings of what a body, group or country is: its name, its descriptions, what it is said to be.

    ``number``: that of the cluster. A body that is called after its place is of that place's country.
    """
    out: list[Evidence] = []
    seat = context.lands.seat.get(number)
    for name in [cluster.name, *cluster.aliases]:
        code = code_text(name, context.published, False)
        if code.country_code or code.sector_code:
            out.append(Evidence(of_country(code, seat) if seat and code.reference_id is None else code, 5, -1))
            break
    if seat and not out:
        out.append(Evidence(ActorCode(seat), 5, -1))
    if out and (out[0].code.country_code or out[0].code.sector_code in INTERNATIONAL) and out[0].code.sector_code:
        return out
    if cluster.entity_type == "country":
        return out
    for m in mentions:
        if m.start < 0 or m.kind == "pronoun":
            continue
        code = code_span(parse, m.start, m.end, context.published, True, context.lands)
        listed = out[0].code.reference_id if out else None
        other = listed is not None and code.reference_id not in (None, listed)  # "RSF" after the long form of another
        if (code.country_code or code.sector_code) and not other:
            out.append(Evidence(code, 3 if m.kind == "name" else 2, m.start))
        head = m.head if m.head >= 0 else head_of(parse, m.start, m.end)
        for c in parse.children[head]:
            if parse.dep[c] == "appos" and c >= m.end and parse.pos[c] == "NOUN":
                code = read_words(parse, parse.left[c], clause_cut(parse, c, parse.right[c]), context)
                if code.entity_type in ("group", "organisation"):
                    out.append(Evidence(code, 3, m.start))
        if parse.dep[head] in ("nsubj",) and parse.lemma[parse.head[head]] == "be":
            for c in parse.children[parse.head[head]]:
                if parse.dep[c] == "attr" and parse.pos[c] == "NOUN":
                    code = read_words(parse, parse.left[c], clause_cut(parse, c, parse.right[c]), context)
                    if code.entity_type in ("group", "organisation"):
                        out.append(Evidence(code, 2, m.start))
    return out
