"""What several tables share: column types, columns, value lists and bounds.

A column that occurs in one table is described there. Value lists live here only, so that the codebook, the checks and
the Parquet metadata cannot disagree.
"""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
import pyarrow
import pycountry
from pandera.typing.pandas import Series

Text = Series[str]
"""Arrow ``string``; pandas ``str``."""
Count = Series[pd.Int64Dtype]
"""Arrow ``int64``; pandas ``Int64``, so that a missing count is missing and not a float."""
Number = Series[float]
"""Arrow ``double``; missing is NaN in pandas, null in Parquet."""
Flag = Series[bool]
"""Arrow ``bool``; never missing."""
Day = Series[Annotated[pd.ArrowDtype, pyarrow.date32()]]
"""Arrow ``date32``; pandas ``date32[day][pyarrow]``, whose values are ``datetime.date``."""
Instant = Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]]
"""Arrow ``timestamp[us, UTC]``; pandas ``datetime64[us, UTC]``."""
TextList = Series[object]
"""Arrow ``list<string>``; in pandas a list of str in every row, the empty list where there is nothing."""

EVENT_MODES: dict[str, tuple[str, ...]] = {
    "AGREE": (),
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "SUPPORT": (),
    "CONCEDE": (),
    "COOPERATE": (),
    "AID": (),
    "RETREAT": ("withdraw", "release", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "investigate", "allege"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "THREATEN": ("restrict", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        *("seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold", "misinformation"),
        "cyber",
    ),
    "ASSAULT": (
        *("abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives"),
        *("suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional"),
    ),
}
"""PLOVER event type → its modes, in codebook order. ``validation.validate`` takes another map for a custom codebook."""
EVENT_TYPES: tuple[str, ...] = tuple(EVENT_MODES)

QUAD_CLASSES: tuple[int, ...] = (1, 2, 3, 4)
MODALITIES = ("actual", "future", "hypothetical", "negated")
DATE_PRECISIONS = ("day", "week", "month", "quarter", "year", "none")
PUBLISHED_PRECISIONS = ("second", "minute", "hour", "day", "month", "year")
PLACE_PRECISIONS = ("facility", "city", "feature", "admin2", "admin1", "country", "region")
MENTION_KINDS = ("name", "nominal", "pronoun")
QUOTE_KINDS = ("direct", "indirect")
ENTITY_TYPES = ("person", "organisation", "group", "country")
ACTOR_ROLES = ("source", "target")
CODING_STATUSES = ("coded", "dates only", "copy", "superseded", "no model", "failed")
LABELS = (
    *("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"),
    *("DATE", "TIME", "DURATION", "SET", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"),
)
SECTORS: dict[str, str] = {
    "COP": "police, border guards and other law enforcement",
    "GOV": "executive: government, ministries, agencies, central bank",
    "JUD": "courts, judges, prosecutors",
    "LEG": "parliament and its members",
    "MIL": "armed forces of a state",
    "PRM": "paramilitary forces tied to a state",
    "PTY": "political parties and candidates",
    "REB": "armed groups against a state",
    "SPY": "intelligence services",
    "UAF": "armed groups whose side is not known",
    "UNK": "an actor whose sector the text leaves open",
    "AGR": "farmers and agriculture",
    "BUS": "companies, business people, markets",
    "CRM": "criminals and criminal groups",
    "CVL": "civilians, residents, crowds",
    "EDU": "schools, universities, students, teachers",
    "ELI": "elites: former office holders, celebrities, advisers",
    "JRN": "journalists and news outlets",
    "LAB": "workers and trade unions",
    "MED": "hospitals, doctors, health bodies",
    "REF": "refugees, migrants, displaced people",
    "OPP": "political opposition and activists",
    "PRE": "prisoners and detainees",
    "REL": "religious bodies and their officials",
    "SOC": "social and civic organisations",
    "IGO": "international organisations of states",
    "UNO": "United Nations and its agencies",
    "EUR": "European Union and its institutions",
    "NGO": "non-governmental organisations",
    "ISM": "international movements",
    "IMG": "international militant groups",
    "MNC": "multinational companies",
}
"""PLOVER sector code → what it covers, in our words."""
COUNTRIES: frozenset[str] = frozenset(c.alpha_3 for c in pycountry.countries) | {"XKX"}
"""ISO 3166-1 alpha-3, and XKX for Kosovo, which ISO does not list."""


def column(
    title: str,
    description: str,
    *,
    example: object = None,
    unit: str | None = None,
    values: tuple[object, ...] | str | None = None,
    **checks: Any,
) -> Any:
    """Describe one column: the only way a column of the contract is made.

    Args:
        title: a few words, for headings.
        description: what the data cannot say by itself.
        example: a value as printed in the codebook.
        unit: unit of a number, or what an offset counts.
        values: the allowed values (checked), or a text that names the list.
        **checks: arguments of ``pandera.Field``, such as ``nullable``, ``ge`` or ``str_matches``.
    """
    metadata = {"unit": unit, "values": values, "example": example}
    if isinstance(values, tuple):
        checks["isin"] = list(values)
    return pa.Field(title=title, description=description, metadata=metadata, **checks)


def country(subject: str, **more: Any) -> Any:
    """Country of something, ISO 3166 alpha-3."""
    return column(
        f"Country of the {subject}",
        f"ISO 3166 alpha-3 code of the {subject}'s country, XKX for Kosovo. Null for international bodies and wherever "
        "neither the text nor the reference list says; never guessed from the outlet. " + more.pop("caution", ""),
        example="NOR",
        values="ISO 3166 alpha-3 and XKX",
        isin=COUNTRIES,
        nullable=True,
        **more,
    )


def sector(subject: str) -> Any:
    """PLOVER sector of something."""
    return column(
        f"Sector of the {subject}",
        f"PLOVER sector of the {subject}: what it is in public life. Null where unknown; UNK is a coded value, not "
        "null.",
        example="GOV",
        values=tuple(SECTORS),
        nullable=True,
    )


def identifier(subject: str, recipe: str, prefix: str) -> Any:
    """Primary key of a table."""
    return column(
        f"Id of the {subject}",
        f"Primary key: a prefix and 16 hex digits of a SHA-256 over {recipe}. The same source values give the same "
        "id on "
        "every machine and in every version.",
        example=f"{prefix}-5f0c2a9be41d7703",
        str_length={"min_value": 1},
    )


def reference(subject: str, table: str, description: str, *, nullable: bool = True) -> Any:
    """Foreign key to ``<table>``."""
    return column(subject, f"{description} Points to `{table}`.", nullable=nullable, str_length={"min_value": 1})


def article() -> Any:
    """The article that holds the words of a row."""
    return reference(
        "Article",
        "articles",
        "The article that holds the words. Offsets of this row count in its `text`.",
        nullable=False,
    )


def sentence_index() -> Any:
    """Which sentence of the article."""
    return column(
        "Sentence",
        "Number of the sentence in the article, from 0; with `article_id` it names a row of `sentences`. A span that "
        "runs "
        "over a sentence end is counted to the sentence where it begins.",
        example=4,
        unit="sentences",
        ge=0,
    )


def start(subject: str, *, nullable: bool = False) -> Any:
    """First character of a span."""
    return column(
        f"Start of the {subject}",
        f"Where the {subject} begins in `articles.text`, first character included. Python slices count this way; for "
        "SQL's "
        "`substr` add 1. Bytes or UTF-16 units (Java, JavaScript) give other numbers.",
        example=117,
        unit="code points",
        ge=0,
        nullable=nullable,
    )


def end(subject: str, *, nullable: bool = False) -> Any:
    """First character after a span."""
    return column(
        f"End of the {subject}",
        f"Where the {subject} ends in `articles.text`, last character excluded: `text[start:end]` is the {subject}.",
        example=129,
        unit="code points",
        ge=0,
        nullable=nullable,
    )


def event_type() -> Any:
    """The act itself."""
    return column(
        "Event type",
        "The act itself, one of the 16 PLOVER types, whether it happened or not: a planned visit is CONSULT. Read it "
        "together with "
        "`modality`; counting types without it counts things that never happened.",
        example="CONSULT",
        values="the event types below; those of the custom codebook where one is used",
        str_matches=r"^[A-Z][A-Z0-9_-]*$",
    )


def event_mode() -> Any:
    """How the act was done."""
    return column(
        "Event mode",
        "How the act was done, from the modes of its type; null where the type has none or the text does not say. "
        "The same mode word "
        "means different things under different types (`withdraw` is forces under RETREAT, a treaty under SANCTION).",
        example="visit",
        values="the modes of the event type below",
        nullable=True,
    )


def plover_type() -> Any:
    """What a PLOVER coder would print."""
    return column(
        "PLOVER type",
        "The type after the codebook's folding of future and negated acts, for splicing with series that have no "
        "modality: a planned visit is AGREE, a planned attack THREATEN. **A promise and what is promised are two rows, "
        'and folding often gives both the same type**: "promised to visit" is AGREE and AGREE, "threatened to attack" '
        "THREATEN and THREATEN. For splicing count one of them, for instance distinct `article_id`, `sentence_index`, "
        "`plover_type` and source (in `event_actors`) over `event_mentions`. **Hypothetical acts are not folded**: a "
        "possible attack is ASSAULT here, like one that happened; leave them out. Null where PLOVER would print "
        "nothing (a negated REQUEST, ACCUSE, REJECT or THREATEN). Do not mix with `event_type` in one count.",
        example="AGREE",
        values="the event types below",
        str_matches=r"^[A-Z][A-Z0-9_-]*$",
        nullable=True,
    )


def cameo_code() -> Any:
    """CAMEO code beside the PLOVER type."""
    return column(
        "CAMEO code",
        "CAMEO code of the act, for splicing with GDELT, ICEWS and Phoenix. Text, not a number: leading zeros count "
        "(`042`). "
        "Null where no code fits well. It codes the act, not the folding: check `modality` first.",
        example="042",
        str_matches=r"^\d{2,4}[A-Z]?$",
        nullable=True,
    )


def quad_class() -> Any:
    """Cooperation or conflict, words or deeds."""
    return column(
        "Quad class",
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; of `event_type`, so "
        "of the act itself, "
        "whatever its modality: a planned attack is 4. A class, not a scale: do not average it.",
        example=1,
        values=QUAD_CLASSES,
    )


def goldstein() -> Any:
    """Conflict-cooperation score."""
    return column(
        "Goldstein score",
        "Conflict (-10) to cooperation (+10) that the codebook gives the type and mode, whatever the modality. It is "
        "the score of the kind of "
        "act, not a measurement of this one: one death and a hundred score the same.",
        example=4.0,
        unit="Goldstein points",
        ge=-10,
        le=10,
    )


def contexts() -> Any:
    """What the act is about."""
    return column(
        "Contexts",
        "What the act is about, PLOVER's contexts in lower case, sorted; often several, often none (empty list). "
        "Explode before counting.",
        example='["diplomatic", "economic"]',
    )


def modality() -> Any:
    """Whether the act happened."""
    return column(
        "Modality",
        "Whether the text reports the act as done (actual), coming (future), possible (hypothetical) or not done "
        "(negated). "
        "`actual` means that the text says so, not that it is true. Most analyses want `modality = 'actual'`.",
        example="future",
        values=MODALITIES,
    )


def date_start() -> Any:
    """First day of the act."""
    return column(
        "First day",
        "First day on which the act may lie, read from the text and resolved against the publication date. Null "
        "where the text "
        "names no time: fall back on the publication date yourself if you want to, and say so.",
        example="2025-09-01",
        nullable=True,
    )


def date_end() -> Any:
    """Last day of the act."""
    return column(
        "Last day",
        "Last day on which the act may lie, included. Start and end bound our knowledge; the act need not have "
        "lasted from one to the other.",
        example="2025-09-07",
        nullable=True,
    )


def date_precision() -> Any:
    """How exact the dates are."""
    return column(
        "Date precision",
        "How exact the time in the text is; `none` where it names none. Compare days only among rows of precision "
        "`day`.",
        example="week",
        values=DATE_PRECISIONS,
    )


def toll(what: str) -> Any:
    """A number of people."""
    return column(
        what.capitalize(),
        f"Number of people {what} in the act, as the clause says; a range gives its lower end. Null where no number "
        "is printed, which is not 0. "
        "Early reports are revised: see the other reports of the event.",
        example=12,
        unit="people",
        ge=0,
        nullable=True,
    )


def confidence(about: str) -> Any:
    """How sure the coder is."""
    return column(
        "Confidence",
        f"{about} 0.2 is a floor, for kinds of which no case was marked. It says nothing about the truth of the "
        "report.",
        example=0.71,
        unit="share",
        ge=0,
        le=1,
    )


def tally(title: str, description: str, example: int = 3, unit: str = "rows") -> Any:
    """A count that is always known."""
    return column(title, description, example=example, unit=unit, ge=0)


def instant(title: str, description: str) -> Any:
    """A point in time that may be unknown."""
    return column(title, description, example="2025-08-29T14:05:00Z", unit="UTC", nullable=True)


def text(title: str, description: str, example: object = None, *, nullable: bool = True, **more: Any) -> Any:
    """A column of words."""
    return column(title, description, example=example, nullable=nullable, **more)


def first_version() -> Any:
    """Version in which a row first appeared."""
    return text(
        "First version",
        "Version that first held this row. Null until a version is published, so null in the frames of "
        "`pipeline.code`. The only "
        "column that depends on when the pipeline ran.",
        "2025.08.29.1",
        str_matches=r"^\d{4}\.\d{2}\.\d{2}\.\d+$",
    )
