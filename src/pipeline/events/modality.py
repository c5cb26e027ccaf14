"""Whether: actual, future, hypothetical or negated, and who says so.

The walk starts at the trigger and climbs the dependency tree to the top of the sentence. On its way it collects the
effects of cues from ``knowledge/modality.csv``: auxiliaries, adverbs and markers below each verb it passes, and the
governing word above. Scope is the path: a cue in a sister clause has no effect.

Combination, innermost first: an odd number of negations negates; a negation under which something is only possible
stays hypothetical; otherwise hypothetical outranks future, and future outranks actual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pipeline import knowledge
from pipeline.errors import KnowledgeError
from pipeline.events.clauses import has_modal, is_condition, is_own_word, is_reported, is_subjunctive
from pipeline.events.syntax import Syntax
from pipeline.knowledge import classes
from pipeline.text import Modality, Parse

EFFECTS = ("actual", "future", "hypothetical", "negated", "attributed")
SCOPES = ("aux", "neg", "adverb", "mark", "prep", "mod", "infinitive", "clause", "gerund", "object", "subject", "from")
MAX_CLIMB = 12


@dataclass(slots=True)
class Judgement:
    """The effects on the path from a trigger to the top of its sentence, and the verb of saying above it, if any."""

    effects: list[str] = field(default_factory=list)
    said_by: int | None = None

    @property
    def modality(self) -> Modality:
        """The effects combined."""
        negations = self.effects.count("negated")
        if negations % 2:
            return "negated"
        if "hypothetical" in self.effects or negations:
            return "hypothetical"
        return "future" if "future" in self.effects else "actual"


@cache
def cues() -> Mapping[tuple[str, str], str]:
    """(scope, lemma) → effect.

    Raises:
        KnowledgeError: a row has an unknown scope or effect.
    """
    found: dict[tuple[str, str], str] = {}
    for number, row in enumerate(knowledge.table("modality.csv"), start=2):
        if row["scope"] not in SCOPES or row["effect"] not in EFFECTS:
            raise KnowledgeError(
                f"knowledge/modality.csv line {number}: scope '{row['scope']}' or effect '{row['effect']}' is unknown "
                f"(scopes: {', '.join(SCOPES)}; effects: {', '.join(EFFECTS)})"
            )
        for lemma in row["cues"].split():
            found[row["scope"], lemma.replace("_", " ")] = row["effect"]
    return found


def judge(parse: Parse, syntax: Syntax, trigger: int) -> Judgement:
    """Collect the effects on the path from the trigger upwards."""
    found = Judgement()
    at, came_from = trigger, -1
    if parse.pos[trigger] in ("NOUN", "PROPN", "ADJ"):
        _around_noun(parse, trigger, found)
    for _ in range(MAX_CLIMB):
        if parse.pos[at] in ("VERB", "AUX"):
            _around_verb(parse, at, found, came_from)
        up = parse.head[at]
        if up == at:
            break
        if not _step(parse, syntax, at, up, found):
            break
        came_from, at = at, up
    return found


def _effect(scope: str, word: str, found: Judgement) -> bool:
    effect = cues().get((scope, word))
    if effect is None:
        return False
    if effect != "actual":
        found.effects.append(effect)
    return True


def _around_noun(parse: Parse, noun: int, found: Judgement) -> None:
    """What stands before or after a nominal event: "no attack", "a planned visit", "next week's summit"."""
    for c in parse.children[noun]:
        if c < noun:
            if parse.dep[c] in ("det", "neg"):
                _effect("neg", parse.lower[c], found)
            else:
                _effect("mod", parse.lower[c], found) or _effect("mod", parse.lemma[c], found)
                for g in parse.children[c]:
                    if parse.dep[g] in ("amod", "advmod", "npadvmod"):
                        _effect("mod", parse.lower[g], found)
        elif parse.dep[c] == "acl" and parse.tag[c] in ("VBN", "VBG"):
            _effect("mod", parse.lower[c], found)


def _around_verb(parse: Parse, verb: int, found: Judgement, came_from: int) -> None:
    """Auxiliaries, negation, adverbs and conjunctions below one verb, but for the branch that the walk came from."""
    to = infinitive_aux = False
    for c in parse.children[verb]:
        dep, word = parse.dep[c], parse.lower[c]
        if dep in ("aux", "auxpass"):
            to |= word == "to"
            infinitive_aux |= parse.lemma[c] == "be" and dep == "aux" and parse.tag[verb] == "VB"
            if word in ("had", "should", "were") and any(
                parse.dep[g] in ("nsubj", "nsubjpass") and g > c for g in parse.children[verb]
            ):
                found.effects.append("hypothetical")  # "Had they agreed, …", "Should they agree, …"
            elif word in ("would", "'d", "’d"):
                # reported future: "said he would resign"; conditional otherwise
                # who says himself what he will do if … threatens or offers it; another's "would" is only a thought
                iffy = any(is_condition(parse, g) for g in parse.children[verb]) and not is_own_word(parse, verb)
                planned = parse.dep[verb] == "relcl" and ("infinitive", parse.lemma[parse.head[verb]]) in cues()
                reported = planned or is_reported(parse, verb)  # "a bill that would ban the party"
                found.effects.append("future" if reported and not iffy else "hypothetical")
            else:
                _effect("aux", parse.lemma[c] if parse.lemma[c] in ("will", "shall") else word, found)
        elif dep == "neg" or (dep == "preconj" and word == "neither"):
            _effect("neg", word, found)
        elif dep in ("advmod", "npadvmod"):
            if parse.tag[verb] not in ("VBD", "VBN"):  # "was soon released" is done
                _effect("adverb", word, found)
        elif dep == "mark":
            _effect("mark", word, found)
        elif dep == "prep" and _never(parse, c):
            found.effects.append("negated")
        elif dep == "advcl" and is_condition(parse, c) and has_modal(parse, verb) and not is_own_word(parse, verb):
            found.effects.append("hypothetical")  # "will withdraw if …"
    own = any(parse.dep[c] == "nsubj" for c in parse.children[verb])
    if (
        own
        and parse.dep[verb] == "conj"
        and any(parse.lower[c] == "nor" and parse.dep[c] == "cc" for c in parse.children[parse.head[verb]])
    ):
        found.effects.append("negated")  # "nor did the general deploy any soldiers"
    for c in parse.children[verb]:
        if c == came_from:
            continue
        if parse.dep[c] in ("nsubj", "nsubjpass", "dobj") and any(
            (parse.dep[g] in ("det", "neg") and parse.lower[g] in ("no", "neither"))
            or (parse.lower[g] == "not" and parse.lower[g - 1] != "but")
            for g in parse.children[c]
            if g < c
        ):
            found.effects.append("negated")  # "no shots were fired", "not one of them was released"
        elif parse.dep[c] in ("nsubj", "nsubjpass") and (
            parse.lower[c] in classes()["@nobody"] or ("neg", parse.lower[c]) in cues()
        ):
            found.effects.append("negated")  # "nobody was hurt", "neither has agreed"
    if (
        parse.tag[verb] == "VB"
        and parse.dep[verb] in ("ROOT", "ccomp")
        and not any(parse.dep[c] in ("nsubj", "nsubjpass", "aux") for c in parse.children[verb])
    ):
        found.effects.append("hypothetical")  # "Fight them!"
    if is_subjunctive(parse, verb):
        found.effects.append("hypothetical")  # "insists that the king dismiss the minister"
    if to and infinitive_aux:
        found.effects.append("future")  # "is to visit"
    elif to and parse.dep[verb] == "ROOT" and came_from == -1:
        found.effects.append("future")  # headline: "Rubio to visit Mexico"


def _never(parse: Parse, prep: int) -> bool:
    """Whether a phrase says that something never was: "at no time", "on no account"."""
    inner = next((c for c in parse.children[prep] if parse.dep[c] == "pobj"), None)
    if inner is None or parse.lemma[inner] not in classes()["@occasion"]:
        return False
    return any(("neg", parse.lower[c]) in cues() for c in parse.children[inner])


def _step(parse: Parse, syntax: Syntax, at: int, up: int, found: Judgement) -> bool:
    """Take the effect of the governor ``up`` on ``at``; returns whether to climb on."""
    dep, lemma = parse.dep[at], parse.lemma[up]
    verb_above = parse.pos[up] in ("VERB", "AUX", "ADJ")
    if dep == "ccomp":
        if _effect("clause", lemma, found) and found.effects[-1] == "attributed":
            found.effects.pop()
            if found.said_by is None:
                found.said_by = up
        elif parse.pos[up] in ("NOUN", "PROPN"):
            _effect("clause", lemma, found)
        return True
    infinitive = parse.tag[at] in ("VB", "VBN") and syntax.is_infinitive(at)
    if dep in ("xcomp", "oprd", "acomp", "advcl") or (dep in ("acl", "relcl") and infinitive):
        if infinitive:
            _infinitive(parse, at, up, found)
        elif dep != "advcl" and any(parse.tag[t] == "VBG" for t in (at, *parse.children[at]) if t <= at):
            _effect("gerund", lemma, found)  # "avoided visiting", "denied having visited"
        # an adverbial clause reports its own act; what governs the main clause is not said of it
        return dep != "advcl" or infinitive
    own = any(parse.dep[c] in ("nsubj", "nsubjpass") and parse.lower[c] != "that" for c in parse.children[at])
    told = dep == "acl" or (dep == "relcl" and own and ("clause", lemma) in cues())
    if told and any(parse.lower[c] == "that" for c in parse.children[at]):  # "the demand that Chad withdraw"
        _effect("clause", lemma, found)
        if _is_doubted(parse, up):
            found.effects.append("negated")  # "claims that … were rejected", "no evidence that …"
        return False
    if dep in ("acl", "relcl"):
        return False
    if dep == "conj":
        return _inherits(parse, at)
    if dep in ("dobj", "nsubjpass", "attr"):
        if verb_above:
            particles = (f"{lemma} {parse.lower[c]}" for c in parse.children[up] if parse.dep[c] == "prt")
            any(_effect("object", words, found) for words in (*particles, lemma))
        return verb_above
    if dep == "nsubj":
        _effect("subject", lemma, found)
        return verb_above and not _content_verb(parse, up)
    if dep in ("pobj", "pcomp"):
        _effect("prep", parse.lower[up], found)
        return _through_preposition(parse, at, up, found)
    if dep in ("compound", "amod", "poss", "nmod"):
        return dep == "compound"
    return dep in ("prep", "agent", "dative", "prt", "appos")


def _is_doubted(parse: Parse, noun: int) -> bool:
    """Whether what a noun says is denied: it has a "no", or is rejected, denied or false."""
    if any(("neg", parse.lower[c]) in cues() for c in parse.children[noun]):
        return True
    verb = parse.head[noun]
    if parse.dep[noun] in ("dobj", "nsubjpass"):
        return cues().get(("object", parse.lemma[verb])) == "negated"
    states = [parse.lemma[c] for c in parse.children[verb] if parse.dep[c] in ("acomp", "attr")]
    return parse.dep[noun] == "nsubj" and not classes()["@untrue"].isdisjoint(states)


def _infinitive(parse: Parse, at: int, up: int, found: Judgement) -> None:
    """An infinitive is not yet done, unless its governor says otherwise: "managed to", "the first to", "to have"."""
    done = any(parse.lower[c] == "have" and parse.dep[c] == "aux" for c in parse.children[at])
    ranked = any(parse.lower[c] in classes()["@ranking"] for c in (up, *parse.children[up]))
    # "called him to congratulate him", "met to discuss": who called has congratulated
    said = parse.lemma[at] in classes()["@expressing"] and parse.lemma[up] in classes()["@channel"]
    if done or ranked or said:
        return
    with_adverb = (f"{parse.lemma[up]} {parse.lower[c]}" for c in parse.children[up] if parse.dep[c] == "advmod")
    if any(_effect("infinitive", words, found) for words in with_adverb):  # "has yet to ratify"
        return
    if not _effect("infinitive", parse.lemma[up], found):
        found.effects.append("future")


def _content_verb(parse: Parse, verb: int) -> bool:
    """Whether a verb says something new about its subject rather than that it takes place."""
    return ("subject", parse.lemma[verb]) not in cues() and parse.lemma[verb] not in classes()["@taking_place"]


def _inherits(parse: Parse, conjunct: int) -> bool:
    """A coordinated verb shares what governs the first one unless it has a subject of its own."""
    own = any(parse.dep[c] in ("nsubj", "nsubjpass") for c in parse.children[conjunct])
    if own or parse.pos[conjunct] not in ("VERB", "AUX"):
        return not own
    return parse.tag[conjunct] == parse.tag[parse.head[conjunct]]


def _through_preposition(parse: Parse, at: int, prep: int, found: Judgement) -> bool:
    """From the object of a preposition to the word the phrase belongs to: "accused of", "ban on", "prevented from"."""
    owner = parse.head[prep]
    word = f"{parse.lemma[owner]} {parse.lower[prep]}"
    word_effect = _effect("from", word, found)
    if not word_effect and parse.lemma[owner] == "be":  # "is due in Oslo for talks"
        states = [parse.lower[c] for c in parse.children[owner] if parse.dep[c] == "acomp"]
        word_effect = any(_effect("from", f"{state} {parse.lower[prep]}", found) for state in states)
    if word_effect and found.effects and found.effects[-1] == "attributed":  # "accused of bombing": the accuser says so
        found.effects.pop()
        found.said_by = found.said_by if found.said_by is not None else owner
        return False
    if not word_effect and parse.dep[prep] == "prep" and parse.dep[owner] in ("advmod", "prep"):
        _effect("from", f"{parse.lower[owner]} {parse.lower[prep]}", found)  # "ahead of"
        return False
    if parse.pos[owner] not in ("VERB", "AUX"):
        return False
    purpose = parse.lower[prep] in ("for", "on") and parse.lemma[owner] in classes()["@motion"]
    return purpose or parse.lower[prep] in ("with", "during", "at", "by") or word_effect
