"""Which reports of one article's sentences are one act, and what an untensed noun leaves to the verbs before it."""

from __future__ import annotations

from pipeline.events import attributes
from pipeline.events.participants import Cast
from pipeline.text import Act

GATHERED = ("time", "place", *attributes.COUNTS, "amount")
"""What an act takes over from a clause that goes on with it, where its own clause is silent."""


def settle_untensed(cast: Cast, acts: list[Act]) -> None:
    """A nominal says that there is an act, not when: "Rubio's trip" after "Rubio will visit Mexico" is the same plan.

    A nominal whose words say nothing of its modality takes that of the nearest earlier report of the same type and
    source in the article, when that is future. A verb in between that reports the act as done ends the search.
    """
    parse = cast.parse
    for i, act in enumerate(acts):
        if parse.pos[act.trigger] != "NOUN" or act.modality != "actual" or not act.sources:
            continue
        host = parse.head[act.trigger]
        if parse.tag[host] == "VBD" and parse.dep[act.trigger] in ("dobj", "nsubjpass"):
            continue  # "held talks", "the visit was made"
        for earlier in reversed(acts[:i]):
            if earlier.event_type == act.event_type and cast.same(earlier.sources, act.sources):
                if earlier.modality == "future":
                    act.modality = "future"
                break


def distinct(cast: Cast, acts: list[Act]) -> list[Act]:
    """One clause, one event of a type for a set of actors.

    A participle or coordinated verb that goes on with the same act adds its targets to it ("attacked a bus, killing
    12 people" is one attack, on the bus and the people); so does a later report with the same actors in a sentence.
    """
    kept: list[Act] = []
    seen: dict[tuple[object, ...], Act] = {}
    for act in acts:
        heads = tuple(sorted(p.head for p in [*act.sources, *act.targets]))
        victims = tuple(p.head for p in act.targets) if act.event_type == "ASSAULT" else ()
        key = (cast.parse.sentence[act.trigger], act.event_type, act.modality, heads, victims)
        same = seen.get(key) if heads else None
        begun = same or next((k for k in kept if _goes_on_with(cast, act, k)), None)
        if begun is None:
            seen[key] = act
            kept.append(act)
            continue
        _gather(cast, begun, act)
    return kept


def _gather(cast: Cast, begun: Act, act: Act) -> None:
    """Add to an act what a later report of it says: further targets, and what is open yet.

    Who was killed takes the place of the place, or of whose it was: "attacked an army post, killing twelve soldiers".
    """
    begun.sources = begun.sources or act.sources
    known = {p.head for p in [*begun.sources, *begun.targets]}
    more = [p for p in act.targets if p.head not in known]
    stays = [p for p in begun.targets if not (cast.is_setting(p.head) or cast.is_attributive(p.head))]
    begun.targets = stays + more if more else begun.targets
    begun.confidence = max(begun.confidence, act.confidence)
    for name in GATHERED:  # "killed four and injured two in Kabul on Monday"
        if getattr(begun, name) is None:
            setattr(begun, name, getattr(act, name))


def _goes_on_with(cast: Cast, act: Act, begun: Act) -> bool:
    """Whether a later report tells more of an act that has begun: by a participle, a conjunct, or its own noun.

    "attacked a bus, killing 12", "two were shot dead and five others hurt", "the air strike killed nine".
    """
    parse = cast.parse
    if act.event_type != begun.event_type or act.modality != begun.modality:
        return False
    if begun.event_type == "ASSAULT" and cast.syntax.agent(act.trigger) == begun.trigger:
        return parse.pos[begun.trigger] == "NOUN" and (act.killed is not None or act.injured is not None)
    if act.sources != begun.sources:
        return False
    if not act.sources:
        return parse.dep[act.trigger] == "conj" and parse.head[act.trigger] == begun.trigger
    at = act.trigger
    while parse.dep[at] in ("advcl", "conj", "xcomp") and parse.head[at] != at:
        at = parse.head[at]
        if at == begun.trigger:
            return parse.dep[act.trigger] != "xcomp"
    return False
