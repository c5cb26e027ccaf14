"""The parsed text and what is marked in it: the types that every step shares.

Offsets named ``char_*`` are half-open, in code points of ``articles.text``. Ranges named ``start``/``end`` are
half-open token ranges of one :class:`Parse`. A step takes these types and returns them; no step imports another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["name", "nominal", "pronoun"]
Precision = Literal["day", "week", "month", "quarter", "year", "none"]
Modality = Literal["actual", "future", "hypothetical", "negated"]


@dataclass(slots=True)
class Parse:
    """One article's parse as plain lists: element i of each list describes token i.

    Plain lists are several times faster to walk than spaCy tokens and pickle without the model.

    Attributes:
        text: ``articles.text``; token offsets point into it.
        start, end: character offsets of each token, half-open.
        word: the token as printed. ``lower``: the same in lower case.
        lemma: dictionary form in lower case.
        pos: Universal POS tag. ``tag``: Penn Treebank tag. ``dep``: ClearNLP dependency label (nsubj, dobj, pobj …).
        head: index of the governing token; the root of a sentence governs itself.
        children: indices of the dependents, ascending.
        left, right: the token's subtree spans tokens ``left[i] .. right[i]`` (``right`` exclusive).
        sentence: sentence index of each token.
        sentences: token range of each sentence.
        names: ``(start, end, label)`` token ranges found by the model's named entity recogniser, OntoNotes labels.
    """

    text: str
    start: list[int]
    end: list[int]
    word: list[str]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    children: list[list[int]]
    left: list[int]
    right: list[int]
    sentence: list[int]
    sentences: list[tuple[int, int]]
    names: list[tuple[int, int, str]]

    def __len__(self) -> int:
        return len(self.word)

    def chars(self, start: int, end: int) -> tuple[int, int]:
        """Character offsets of the tokens ``start .. end`` (end exclusive)."""
        return self.start[start], self.end[end - 1]

    def words(self, start: int, end: int) -> str:
        """The text of the tokens ``start .. end`` as printed."""
        return self.text[self.start[start] : self.end[end - 1]]


@dataclass(slots=True)
class Mention:
    """A span that names something.

    Attributes:
        start, end: token range; both -1 for a name in the dateline, which is not parsed.
        head: the syntactic head token of the span, or -1.
        char_start, char_end: the same span in characters.
        text: ``articles.text[char_start:char_end]``.
        sentence: sentence index.
        kind: name ("Daniel Noboa"), nominal ("the Ecuadorean leader") or pronoun ("she").
        label: OntoNotes label, or None for a nominal or pronoun of unknown class.
        cluster: index of the article's cluster of mentions of one person, organisation, group or country; -1 for none.
    """

    start: int
    end: int
    head: int
    char_start: int
    char_end: int
    text: str
    sentence: int
    kind: Kind
    label: str | None
    cluster: int = -1


@dataclass(slots=True, frozen=True)
class Time:
    """A time expression with its TIMEX3 value and, on the calendar, its first and last day (both inclusive).

    ``value`` is None when the expression needs a publication date that the article does not have.
    """

    start: int
    end: int
    label: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str | None
    date_start: date | None = None
    date_end: date | None = None
    precision: Precision = "none"


@dataclass(slots=True, frozen=True)
class Place:
    """A gazetteer entry: ``place_id`` is ``place-<geonames id>``, ``feature_code`` GeoNames' (PCLI, ADM1, PPL …).

    ``geonames_id`` is None for regions that the packaged gazetteer has without a number; their id is made of country,
    feature, first-order division and name.
    """

    place_id: str
    name: str
    feature_code: str
    admin1_name: str | None
    country_code: str | None
    latitude: float
    longitude: float
    population: int | None
    geonames_id: int | None


@dataclass(slots=True, frozen=True)
class Quote:
    """What somebody said: the words without the quotation marks, in characters, and who says it.

    ``speaker`` is the token range of the speaker as printed nearest the quote (a name, nominal or pronoun), or None.
    """

    char_start: int
    char_end: int
    sentence: int
    kind: Literal["direct", "indirect"]
    cue_text: str | None
    speaker: tuple[int, int] | None


@dataclass(slots=True, frozen=True)
class ActorCode:
    """PLOVER actor code: ISO 3166 alpha-3 country (plus XKX) and PLOVER sector; None where the text does not say."""

    country_code: str | None = None
    sector_code: str | None = None
    entity_type: Literal["person", "organisation", "group", "country"] | None = None
    role: str | None = None
    reference_id: str | None = None


@dataclass(slots=True)
class Cluster:
    """The mentions in one article of one person, organisation, group or country.

    Attributes:
        name: the fullest name printed.
        entity_type: person, organisation, group or country.
        aliases: other printed names, sorted.
        code: actor code read from the article's words and, failing that, from the reference list.
        gender: "f" or "m" when name, title or pronoun say so; None otherwise.
        named: False for a description that no name goes with ("the ministry … it"); it becomes no entity.
        of: clusters to which an unnamed one belongs ("the administration" of the president), or of which it is made.
    """

    name: str
    entity_type: Literal["person", "organisation", "group", "country"]
    aliases: list[str] = field(default_factory=list)
    code: ActorCode = ActorCode()
    gender: str | None = None
    named: bool = True
    of: tuple[int, ...] = ()


@dataclass(slots=True, frozen=True)
class Participant:
    """One actor of an act: the token that heads it, and the range of its noun phrase without relative clauses."""

    head: int
    start: int
    end: int


@dataclass(slots=True)
class Act:
    """What one clause says: one report of an event. All positions are tokens of the article's parse."""

    trigger: int
    trigger_start: int
    trigger_end: int
    clause_start: int
    clause_end: int
    event_type: str
    event_mode: str | None
    cameo_code: str | None
    modality: Modality
    is_historical: bool
    sources: list[Participant]
    targets: list[Participant]
    attributed_to: Participant | None
    time: int | None
    place: int | None
    contexts: list[str]
    killed: int | None
    injured: int | None
    arrested: int | None
    displaced: int | None
    amount: str | None
    rule_id: str
    confidence: float
