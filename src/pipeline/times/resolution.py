"""What an expression means at its place: the tense of its verb, the publication date, the dates before it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pipeline.text import Parse
from pipeline.times.calendar import add_months, holiday, interval, shifted, valid_date
from pipeline.times.lexicon import Lexicon

Direction = Literal["past", "future", "present"]
MAX_CLIMB = 12
NEAR_DAYS = (
    75  # without tense, a day of the month is taken to lie ahead only when it is at most this far ahead and nearer
)
TIE_DAYS = 60  # a day of the month is the nearest one; only where both are about as far does the tense choose
FORERUN_DAYS = 7  # a past tense may stand beside a date shortly after a publication date that is a few days off
REACH = 2  # "three days later" counts from a date of its own sentence or of so many before it
RANK = {"D": 0, "W": 1, "F": 1, "N": 1, "M": 2, "Q": 3}  # of units, the finest first; years count from anything
NEAR_HOLIDAY = 10  # a past tense may tell of a feast that is days away


class Context:
    """The state of one article while its expressions are read from left to right.

    Attributes:
        published: publication date, or None.
        day: the last day mentioned; ``mentioned``: the first day of the last date mentioned, of whatever length.
        sentence: number of the sentence that is being read.
        quarter: year and number of the last quarter mentioned.
        unit: the unit of the last reporting period mentioned: Q or Y. "A year earlier" compares like with like.
    """

    def __init__(self, parse: Parse, published: date | None, lexicon: Lexicon) -> None:
        self.parse = parse
        self.published = published
        self.day: date | None = None
        self.mentioned: date | None = None
        self.sentence = 0
        self._dates: list[tuple[int, int, date]] = []  # sentence, rank of precision and first day of each date read
        self.quarter: tuple[int, int] | None = None
        self.unit = "Y"
        self.compared = False  # whether the expression just read only compares ("a year earlier"): it moves no anchor
        self._forward = lexicon.words("forward")
        self._to = lexicon.words("forward_verb")
        self._scheduled = lexicon.words("schedule_verb")
        self._planned = lexicon.words("planned_verb")
        self._cue = lexicon.words("forward_cue")
        self._endings = tuple(sorted(lexicon.words("future_ending")))
        self._weekdays: dict[int, date] = {}
        self._tenses: dict[int, Direction] = {}

    def note(self, value: str | None) -> None:
        """Remember a date for the expressions after it."""
        start, _, precision = interval(value)
        compared, self.compared = self.compared, False
        if value is None or start is None or compared:
            return
        self.mentioned = start
        rank = {"day": 0, "week": 1, "month": 2, "quarter": 3}.get(precision)
        if rank is not None:
            self._dates.append((self.sentence, rank, start))
        if precision == "day":
            self.day = start
            self._weekdays[start.weekday()] = start
        if len(value) == 7 and value[5] == "Q":
            self.unit = "Q"
            forecast = self.published is not None and start > self.published
            comparison = self.quarter is not None and self.quarter[1] == int(value[6]) and self.quarter[0] >= start.year
            if not forecast and not comparison:
                self.quarter = start.year, int(value[6])
        elif precision == "year":
            self.unit = "Y" if self.quarter is None or self.quarter[0] != start.year else self.unit

    def anchor(self, mentioned: bool, unit: str = "Y") -> date | None:
        """The day that a relative expression counts from: the last date mentioned, or publication.

        Units below the year count from a date that is as precise and stands near: the narrative may have moved on since.
        Without one nobody knows where "three days later" is.

        Args:
            mentioned: whether the expression counts from what was told ("later"), not from publication ("ago").
            unit: what is counted, as in :func:`pipeline.times.calendar.shifted`.
        """
        if not mentioned:
            return self.published
        if unit not in RANK:
            return self.mentioned or self.published
        for sentence, rank, start in reversed(self._dates):
            if self.sentence - sentence > REACH:
                break
            if rank <= RANK[unit]:
                return start
        return None

    def told(self, value: str | None, token: int) -> str | None:
        """A value counted from what was told; None where a past tense tells of it and publication came before it."""
        start = interval(value)[0]
        ahead = start is not None and self.published is not None and start > self.published
        return None if ahead and self.tense(token) == "past" else value

    def same_sentence(self) -> bool:
        """Whether a day was named earlier in the sentence."""
        return any(sentence == self.sentence and rank == 0 for sentence, rank, _ in self._dates[-3:])

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

    def weekday(self, number: int, token: int, offset: int | None, mentioned: bool) -> date | None:
        """The day that a weekday's name means.

        Args:
            number: 0 for Monday.
            token: where it stands, for the tense.
            offset: -1 for "last", 1 for "next", 0 for "this", None for the bare name.
            mentioned: count from the last date mentioned ("the previous Friday").
        """
        base = self._weekdays.get(number, self.anchor(mentioned)) if mentioned else self.published
        if base is None:
            return None
        back, ahead = (base.weekday() - number) % 7, (number - base.weekday()) % 7
        if offset is None:
            return base + timedelta(ahead) if self.tense(token) == "future" else base - timedelta(back)
        if offset < 0:
            return base - timedelta(back or 7)
        return base + timedelta((ahead or 7) if offset else ahead)

    def year_of_month(self, month: int, token: int, offset: int | None, day: int | None = None) -> int | None:
        """The year of a month, or of a day in it, that is named without one."""
        base = self.published
        dated, day = day is not None, 15 if day is None else day
        if base is None:
            return None
        if offset is not None:
            if offset < 0:
                return base.year - (month >= base.month)
            return base.year + (month <= base.month) if offset else base.year
        tense = self.tense(token)
        if dated:
            return base.year + self._nearest_day(base, month, day, tense, TIE_DAYS if self._loose(token) else 365)
        if tense == "future":
            return base.year + (month < base.month)
        if tense == "past" and not self._of_noun(token):
            here = valid_date(base.year, month, min(day, 28))
            soon = here is not None and 0 < (here - base).days <= FORERUN_DAYS
            return base.year - (month > base.month and not soon)
        return base.year + self._nearest(base, month, day)

    def _loose(self, token: int) -> bool:
        """Whether the tense says little: unlike "effective June 1" and "the year ended Jan. 31" no word before binds it."""
        parse, before = self.parse, token - 1
        if before < 0 or parse.sentence[before] != parse.sentence[token]:
            return True
        planned = parse.lemma[before] in self._planned or parse.lemma[before] in self._to
        return parse.lower[before] not in self._cue and (parse.tag[before] not in ("VBD", "VBN") or planned)

    def _of_noun(self, token: int) -> bool:
        """Whether a date hangs on a noun: "announced elections in October"."""
        parse, at = self.parse, token
        while parse.head[at] != at and (at == token or parse.pos[at] == "ADP"):
            at = parse.head[at]
        return at != token and parse.pos[at] in ("NOUN", "PROPN")

    @staticmethod
    def _nearest_day(base: date, month: int, day: int, tense: Direction, tie: int) -> int:
        """How many years to add so that a day of the year comes nearest: news names the year of any other.

        A past verb says little: "invited them to talks on Oct. 8". Where the way back and the way ahead differ by no
        more than ``tie`` days, the tense chooses.
        """
        days = {add: valid_date(base.year + add, month, min(day, 28)) for add in (-1, 0, 1)}
        back = max((d, add) for add, d in days.items() if d is not None and d <= base)
        ahead = min((d, add) for add, d in days.items() if d is not None and d > base)
        far = (ahead[0] - base).days - (base - back[0]).days
        if abs(far) <= tie and tense != "present":
            return ahead[1] if tense == "future" else back[1]
        return ahead[1] if far < 0 else back[1]

    @staticmethod
    def _nearest(base: date, month: int, day: int) -> int:
        """How many years to add so that a day of the year comes near: ahead only when nearer than back."""
        here = valid_date(base.year, month, min(day, 28)) or base
        if here > base:
            return 0 if (here - base).days <= NEAR_DAYS else -1
        later = valid_date(base.year + 1, month, min(day, 28)) or base
        return 1 if (later - base).days <= NEAR_DAYS and (later - base).days < (base - here).days else 0

    def year_of_holiday(self, rule: str, token: int, offset: int | None) -> int | None:
        """The year of a holiday that is named without one."""
        base = self.published
        if base is None:
            return None
        here = holiday(rule, base.year)
        if offset == 0:
            return base.year
        ahead = offset == 1 if offset is not None else self.tense(token) == "future"
        if ahead:
            return base.year + (here < base)
        if offset is None and self.tense(token) == "present" and 0 <= (here - base).days <= NEAR_DAYS:
            return base.year
        return base.year - (here > base + timedelta(NEAR_HOLIDAY if offset is None else 0))

    def season(self, code: str, token: int, offset: int | None) -> str | None:
        """The value of a season that is named without a year."""
        base = self.published
        if base is None:
            return None
        here = interval(f"{base.year}-{code}")
        assert here[0] is not None and here[1] is not None
        year = base.year
        if code == "WI" and base.month < 3 and offset != 1:
            year -= 1  # the winter that is running began last year
        if offset == -1:
            year = base.year if here[1] < base else base.year - 1
            if code == "WI" and base.month < 3:
                year = base.year - 2
        elif offset == 1:
            year = base.year + (here[0] <= base)
        elif offset is None:
            ahead = here[0] > base
            if code != "WI" and ahead and self.tense(token) == "past":
                year -= 1
            elif here[1] < base and self.tense(token) == "future":
                year += 1
        return f"{year}-{code}"

    def quarter_of(self, number: int, token: int, year: int | None) -> str | None:
        """The value of the n-th quarter; without a year the last one begun, or the next if the verb looks ahead."""
        if year is None:
            if self.published is None:
                return None
            year, now = self.published.year, (self.published.month + 2) // 3
            ahead = self.tense(token) == "future" and (now - number) % 4 != 1  # firms report on the quarter just over
            year += (number < now) if ahead else -(number > now)
        return f"{year}-Q{number}"

    def last_quarter(self, years: int = 0) -> str | None:
        """The quarter last mentioned, or the one before publication; ``years`` later."""
        if self.quarter is not None:
            return f"{self.quarter[0] + years}-Q{self.quarter[1]}"
        if self.published is None:
            return None
        year, month = add_months(self.published, -3)
        return f"{year + years}-Q{(month + 2) // 3}"

    def years_before(self, count: int, mentioned: bool) -> str | None:
        """ "A year ago", "two years earlier": a quarter when quarters are being compared, else a year."""
        self.compared = mentioned and count == -1
        if abs(count) == 1 and self.unit == "Q" and self.quarter is not None:
            return self.last_quarter(count)
        base = self.anchor(mentioned)
        return shifted(base, count, "Y") if base else None
