"""All of it: triggers → frames → participants → modality → acts, and which of them are events at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from pipeline import knowledge
from pipeline.events import attributes
from pipeline.events.frames import EventType, Frame, event_types, frames_of_noun, implied, index
from pipeline.events.merging import distinct, settle_untensed
from pipeline.events.modality import Judgement, judge
from pipeline.events.participants import Cast
from pipeline.events.parties import Parties
from pipeline.events.phrases import noun_phrase
from pipeline.events.slots import Slots
from pipeline.knowledge import classes
from pipeline.text import Act, Mention, Parse, Participant, Place, Time

NO_EVENT = ("aux", "auxpass", "amod")
"""Auxiliaries, and participles that describe: "the detained journalists", "US-backed fighters"."""
BACKGROUND = timedelta(days=365)
FACTIVE = ("ACCUSE", "SUPPORT")
VIOLENT = ("ASSAULT", "COERCE", "PROTEST", "MOBILIZE")
"""Types that are kept without any actor when they have a count or place: "four killed in a bombing" (rule 7)."""


def event_type(name: str, mode: str | None) -> EventType:
    """The codebook entry of an event type and mode."""
    return event_types()[name, mode]


def plover_type(act: Act) -> str:
    """What a PLOVER coder would print: future and negated acts folded as the codebook says.

    An eased restriction that is negated has no type of its own: the codebook leaves the act's own type where it folds
    to nothing.
    """
    entry = event_types()[act.event_type, None]
    if act.modality == "future":
        return entry.folds_future or act.event_type
    if act.modality == "negated":
        return entry.folds_negated or act.event_type
    return act.event_type


@cache
def _off_topic() -> Mapping[str, str]:
    return {w: row["domain"] for row in knowledge.table("domains.csv") for w in row["words"].split()}


def off_topic_sentences(parse: Parse, named: Collection[int] = ()) -> list[bool]:
    """Sentences of sports, market, weather or entertainment language, which make no event (coding rule 8).

    A sentence is out when it holds three words of one such domain, or one where the article holds several; an article
    that is full of them is out as a whole. Words inside names ("Tokyo Stock Exchange") do not count: ``named`` holds
    their tokens.
    """
    words = _off_topic()
    per_sentence: list[dict[str, int]] = [{} for _ in parse.sentences]
    totals: dict[str, int] = {}
    for token, lemma in enumerate(parse.lemma):
        if (domain := words.get(lemma)) is not None and token not in named:
            here = per_sentence[parse.sentence[token]]
            here[domain] = here.get(domain, 0) + 1
            totals[domain] = totals.get(domain, 0) + 1
    several = {d for d, n in totals.items() if n >= 5 and n * 60 >= len(parse)}
    full = any(n >= 8 and n * 30 >= len(parse) for n in totals.values())
    return [full or any(n >= 3 or d in several for d, n in here.items()) for here in per_sentence]


def find_acts(
    parse: Parse,
    mentions: list[Mention],
    times: Sequence[Time] = (),
    places: Mapping[int, Place] | None = None,
    countries: Sequence[str | None] = (),
    published: date | None = None,
) -> list[Act]:
    """Every report of an event in one parse, in the order of the triggers.

    Args:
        parse: the article.
        mentions: its mentions; participants are chosen among them.
        times: time expressions; ``Act.time`` is an index into them.
        places: places of mentions; ``Act.place`` is an index into ``mentions``.
        countries: the country of each cluster of mentions, where known.
        published: the article's day, from which an act of more than a year before is background.
    """
    cast = Cast(parse, mentions, countries)
    setting = attributes.Setting(parse, mentions, times, places or {})
    named = _inside_names(parse, mentions)
    off_topic = off_topic_sentences(parse, named)
    inside_names = named | {t for time in times for t in range(time.start, time.end)}
    catalogue = index()
    acts: list[Act] = []
    consumed: set[int] = set()
    for sentence, (first, last) in enumerate(parse.sentences):
        if off_topic[sentence]:
            continue
        found: list[tuple[int, Frame, Slots]] = []
        for token in range(first, last):
            frames = catalogue.get((parse.lemma[token], parse.pos[token]), ())
            deverbal = frames_of_noun(parse.lemma[token]) if parse.pos[token] == "NOUN" else ()
            if not (frames or deverbal) or token in inside_names or parse.dep[token] in NO_EVENT:
                continue
            if parse.dep[token] == "compound" and parse.lemma[parse.head[token]] not in classes()["@carrier"]:
                continue  # "protest leaders", "attack helicopters"
            slots = Slots(cast, token)
            frame = next((f for f in frames if slots.fires(f)), None)
            if frame is None and deverbal:
                slots = Slots(cast, token, deverbal=True)
                frame = next((f for f in deverbal if slots.fires(f)), None)
            if frame is not None and frame.event_type:
                found.append((token, frame, slots))
        verbs = {t: f for t, f, s in found if s.verbal}
        for token, frame, slots in found:
            span = slots.span(frame) or (token, token + 1)
            if token in consumed or (not slots.verbal and _is_content(cast, span, frame, verbs)):
                continue
            consumed.update(range(*span))
            others = {t for t, f, _ in found if f.event_type != frame.event_type}
            act = _act(cast, setting, slots, frame, token, span, acts, others)
            if act is not None:
                acts += [act, *_implied(act, frame, slots)]
    settle_untensed(cast, acts)
    for act in acts:
        end = times[act.time].date_end if act.time is not None else None
        act.is_historical = published is not None and end is not None and end < published - BACKGROUND
    return distinct(cast, acts)


def _inside_names(parse: Parse, mentions: list[Mention]) -> set[int]:
    """Tokens of names, whose words are no triggers ("Sanctions Committee"), but for names of events ("Lima Summit")."""
    return {
        t
        for m in mentions
        if m.kind == "name"
        and m.start >= 0
        and m.label in ("PERSON", "ORG", "GPE", "FAC", "LOC", "LAW", "WORK_OF_ART", "PRODUCT")
        for t in range(m.start, m.end)
    }


def _is_content(cast: Cast, span: tuple[int, int], frame: Frame, verbs: Mapping[int, Frame]) -> bool:
    """Whether a nominal is what a coded verb is about ("called for talks", "lifted sanctions").

    What is praised or condemned has happened and is an act of its own; so is violence that is protested (rule 6).
    """
    parse = cast.parse
    noun = next((t for t in range(*span) if not span[0] <= parse.head[t] < span[1]), span[0])
    verb = Slots(cast, noun).light_verb()
    if verb is None or verb not in verbs or parse.dep[noun] == "nsubj":
        return False
    about = verbs[verb].event_type
    if about in FACTIVE or (about == "PROTEST" and frame.event_type in ("ASSAULT", "COERCE")):
        return False
    if parse.dep[noun] in ("pobj", "pcomp"):  # "called for talks": only what the verb's own frame asks for
        return any(parse.lower[parse.head[noun]] in c.slots for c in verbs[verb].conditions if c.wanted)
    return True


def _act(
    cast: Cast,
    setting: attributes.Setting,
    slots: Slots,
    frame: Frame,
    token: int,
    span: tuple[int, int],
    before: Sequence[Act],
    others: Collection[int],
) -> Act | None:
    parse = cast.parse
    parties = Parties(slots, frame)
    sources = parties.sources() or (_behind(cast, token, before) if slots.verbal and not frame.source else [])
    targets = [_beside(q, span) for q in parties.targets(sources)]
    judgement = judge(parse, cast.syntax, token)
    modality = judgement.modality
    if frame.event_type in ("REQUEST", "ACCUSE", "REJECT", "THREATEN") and modality == "negated":
        return None  # a demand that was not made is no act (folding table)
    first, last = _clause(parse, token, slots)
    counted = attributes.counts(parse, cast.syntax, token, others) if modality == "actual" else {}
    reaches = frame.mode == "visit" or frame.event_type in ("ASSAULT", "MOBILIZE")
    place = setting.place(token, targets if reaches else ())
    known = any(cast.is_named(q.head) or parse.lower[q.head] not in classes()["@unnamed"] for q in (*sources, *targets))
    if not known and not (frame.event_type in VIOLENT and (counted or place is not None)):
        return None  # "somebody criticised us", which is not the US
    return Act(
        trigger=token,
        trigger_start=span[0],
        trigger_end=span[1],
        clause_start=first,
        clause_end=last,
        event_type=frame.event_type,
        event_mode=frame.mode,
        cameo_code=frame.cameo_code,
        modality=modality,
        is_historical=False,
        sources=sources,
        targets=targets,
        attributed_to=_speaker(cast, judgement, token, sources),
        time=setting.time(token),
        place=place,
        contexts=sorted({*frame.contexts, *setting.contexts(first, last)}),
        killed=counted.get("killed"),
        injured=counted.get("injured"),
        arrested=counted.get("arrested"),
        displaced=counted.get("displaced"),
        amount=attributes.amount(parse, first, last),
        rule_id=frame.rule_id,
        confidence=_confidence(slots, sources, targets, modality),
    )


def _implied(act: Act, frame: Frame, slots: Slots) -> list[Act]:
    """What the act is besides: a conviction with prison is an arrest, too (coding rule 5)."""
    return [
        replace(
            act,
            event_type=row.event_type,
            event_mode=row.mode,
            cameo_code=row.cameo_code,
            rule_id=f"{row.event_type}{'/' + row.mode if row.mode else ''}<{frame.rule_id}",
        )
        for row in implied().get((frame.event_type, frame.mode), ())
        if all(slots.holds(c) for c in row.conditions)
    ]


def _beside(party: Participant, span: tuple[int, int]) -> Participant:
    """The party without words of the trigger: "shot dead [six officers]"."""
    inside = party.start < span[1] <= party.head
    return Participant(party.head, span[1], party.end) if inside else party


def _behind(cast: Cast, verb: int, before: Sequence[Act]) -> list[Participant]:
    """Who is behind a subject that is itself an act: "this leg of the tour" is Rubio's when the tour was his.

    The subject names an act that an earlier report in the article has already told, by a noun that can mean its type.
    """
    parse, agent = cast.parse, cast.syntax.agent(verb)
    if agent is None or parse.pos[agent] != "NOUN" or cast.is_actor(agent):
        return []
    if not any(parse.dep[c] == "poss" or parse.lower[c] in classes()["@definite"] for c in parse.children[agent]):
        return []  # "two bombs exploded" are none that have been told of
    words = (t for t in range(*noun_phrase(parse, agent)) if parse.pos[t] == "NOUN")
    types = {f.event_type for t in words for f in index().get((parse.lemma[t], "NOUN"), ()) if not f.words}
    return next((act.sources for act in reversed(before) if act.event_type in types and act.sources), [])


def _speaker(cast: Cast, judgement: Judgement, trigger: int, sources: list[Participant]) -> Participant | None:
    """Who says so: the subject of the verb of saying above, or whom "according to" names."""
    if judgement.said_by is not None:
        head = cast.syntax.agent(judgement.said_by)
    else:
        verbs = (trigger, *attributes.attachments(cast.parse, trigger)[1:])
        words = (c for verb in verbs for c in cast.parse.children[verb] if cast.parse.lower[c] == "according")
        head = next((h for c in words for word, h in cast.syntax.prepositions(c) if word == "to"), None)
    found = cast.at(head)
    return found[0] if found and found[0] not in sources else None


def _clause(parse: Parse, token: int, slots: Slots) -> tuple[int, int]:
    """Token range of the clause: the trigger's subtree, or that of its light verb, without punctuation at the ends."""
    verb = slots.light_verb() if not slots.verbal else token
    head = token if verb is None else verb
    first, last = parse.left[head], parse.right[head]
    while first < token and parse.pos[first] in ("PUNCT", "SPACE"):
        first += 1
    while last > token + 1 and parse.pos[last - 1] in ("PUNCT", "SPACE"):
        last -= 1
    return min(first, token), max(last, token + 1)


def _confidence(slots: Slots, sources: list[Participant], targets: list[Participant], modality: str) -> float:
    """How often such a report was right on development gold: ``knowledge/confidence.csv``."""
    trigger = "verb" if slots.verbal or slots.adjectival else "noun"
    actors = "both" if sources and targets else "source" if sources else "target" if targets else "none"
    return _confidences()[trigger, actors, modality]


@cache
def _confidences() -> Mapping[tuple[str, str, str], float]:
    return {
        (r["trigger"], r["actors"], r["modality"]): float(r["confidence"]) for r in knowledge.table("confidence.csv")
    }
