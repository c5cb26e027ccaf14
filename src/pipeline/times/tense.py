"""Where the words around an expression point: back, ahead, or neither known."""

from __future__ import annotations

from typing import Literal

from pipeline.text import Parse
from pipeline.times.lexicon import Lexicon

Direction = Literal["past", "future", "present"]
MAX_CLIMB = 12


class Tenses:
    """The tense of each clause of one article."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.parse = parse
        self._forward = lexicon.words("forward")
        self._to = lexicon.words("forward_verb")
        self._scheduled = lexicon.words("schedule_verb")
        self._planned = lexicon.words("planned_verb")
        self._cue = lexicon.words("forward_cue")
        self._sure = lexicon.words("sure")
        self._endings = tuple(sorted(lexicon.words("future_ending")))
        self._tenses: dict[int, Direction] = {}

    def tense(self, token: int) -> Direction:
        """Where the clause around a token points: back, ahead, or neither known."""
        parse = self.parse
        for before in range(token - 1, token - 4, -1):
            if (
                before >= 0
                and parse.lower[before] in self._cue
                and parse.sentence[before] == parse.sentence[token]
                and parse.lower[before + 1] != "to"
            ):
                return "future"
        if self._endings:
            return self._by_ending(token)
        at, nominal = token, False
        for _ in range(MAX_CLIMB):
            if parse.pos[at] in ("VERB", "AUX"):
                found = self._verb(at, MAX_CLIMB)
                # "is trying to sell under a June accord": only a date of the verb itself makes such a present a plan
                return "present" if nominal and found == "future" and not self._says_future(at) else found
            nominal = nominal or (at != token and parse.pos[at] == "NOUN")
            if parse.head[at] == at:
                break
            at = parse.head[at]
        return "present"

    def _by_ending(self, token: int) -> Direction:
        """Tense without tags: the nearest words of the sentence that end like a verb in the future."""
        parse = self.parse
        for i in range(max(0, token - 8), min(len(parse), token + 9)):
            if (
                len(parse.lower[i]) > 4
                and parse.lower[i].endswith(self._endings)
                and (not parse.sentence or parse.sentence[i] == parse.sentence[token])
            ):
                return "future"
        return "present"

    def _says_future(self, verb: int) -> bool:
        """Whether the future is in the words ("will", "to meet", "plans"), not in a present tense."""
        parse = self.parse
        helpers = [parse.lower[c] for c in parse.children[verb] if c < verb and parse.dep[c] in ("aux", "auxpass")]
        return "to" in helpers or any(h in self._forward for h in helpers) or parse.lemma[verb] in self._planned

    def _verb(self, verb: int, steps: int) -> Direction:
        if verb in self._tenses:
            return self._tenses[verb]
        found = self._read_verb(verb, steps)
        self._tenses[verb] = found
        return found

    def _read_verb(self, verb: int, steps: int) -> Direction:
        parse, tag = self.parse, self.parse.tag[verb]
        helpers = [parse.lower[c] for c in parse.children[verb] if c < verb and parse.dep[c] in ("aux", "auxpass")]
        if any(h in self._forward for h in helpers):
            return "future"
        governor = parse.head[verb]
        climb: Direction | None = None
        if governor != verb and steps:
            top = governor
            while parse.pos[top] not in ("VERB", "AUX") and parse.head[top] != top:
                top = parse.head[top]
            climb = self._verb(top, steps - 1) if parse.pos[top] in ("VERB", "AUX") else None
        if parse.lemma[verb] in self._planned:
            following = parse.lower[verb + 1] if verb + 1 < len(parse) else ""
            if parse.lemma[verb] != "set" or following in ("for", "to"):
                return "future"
        if "to" in helpers:
            if governor != verb and (parse.lemma[governor] in self._to or self._is_to(governor)):
                return "future"
            return climb or ("future" if governor == verb else "present")
        if tag == "VB":
            return "past" if "did" in helpers else climb or "present"
        if tag == "VBD":
            return "past"
        if tag == "VBN":
            return "present" if {"is", "are", "'s", "'re"} & set(helpers) and "been" not in helpers else "past"
        if tag == "VBG":
            if {"is", "are", "am", "'s", "'re", "’s", "’re"} & set(helpers):
                return "future"
            return "past" if {"was", "were", "been"} & set(helpers) else climb or "present"
        return "future" if parse.lemma[verb] in self._scheduled else "present"

    def _is_to(self, governor: int) -> bool:
        """Whether the governor is a "be" that plans: "is to visit", "were not to meet"."""
        parse = self.parse
        return parse.lemma[governor] == "be" and "to" in parse.lower[governor + 1 : governor + 3]

    def loose(self, token: int) -> bool:
        """Whether the tense says little: no word before binds the date, as in "effective June 1", "ended Jan. 31"."""
        parse, before = self.parse, token - 1
        if before < 0 or parse.sentence[before] != parse.sentence[token]:
            return True
        planned = parse.lemma[before] in self._planned or parse.lemma[before] in self._to
        return parse.lower[before] not in self._cue and (parse.tag[before] not in ("VBD", "VBN") or planned)

    def certain(self, token: int) -> bool:
        """Whether the verb of a date is in the future itself: "will strike on May 1", "is set for May 12"."""
        parse, at = self.parse, token
        while parse.head[at] != at and (at == token or parse.pos[at] == "ADP"):
            at = parse.head[at]
        helpers = [parse.lower[c] for c in parse.children[at] if c < at and parse.dep[c] in ("aux", "auxpass")]
        planned = parse.lemma[at] in self._planned and parse.tag[at] == "VBN" and {"is", "are"} & set(helpers)
        return parse.pos[at] in ("VERB", "AUX") and (bool(planned) or any(h in self._sure for h in helpers))

    def of_noun(self, token: int) -> bool:
        """Whether a date hangs on a noun: "announced elections in October"."""
        parse, at = self.parse, token
        while parse.head[at] != at and (at == token or parse.pos[at] == "ADP"):
            at = parse.head[at]
        return at != token and parse.pos[at] in ("NOUN", "PROPN")
