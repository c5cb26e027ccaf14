"""The clusters of all articles as plain lists, in a fixed order, and names as they are compared."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

FAR = 10**6
"""The day of an article without a date."""
NOT_WORD = re.compile(r"[^\w\s]+")


def normal(name: str) -> str:
    """A name without case, accents, punctuation and leading article: "The São-Paulo Bank" → "sao paulo bank"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    plain = plain.replace("’s ", " ").replace("'s ", " ").replace(".", "").replace("'", "").replace("’", "")
    return " ".join(NOT_WORD.sub(" ", plain).split()).removeprefix("the ")


class Rows:
    """The columns as plain lists; missing values are None."""

    def __init__(self, local: pd.DataFrame) -> None:
        def column(name: str) -> list[str | None]:
            values = local[name].astype("object")
            return [v if isinstance(v, str) and v else None for v in values]

        self.article = [str(v) for v in local["article_id"]]
        self.name = [str(v) for v in local["name"]]
        self.kind = [str(v) for v in local["entity_type"]]
        self.country, self.sector = column("country_code"), column("sector_code")
        self.role, self.reference = column("role"), column("reference_id")
        self.aliases = [
            sorted(map(str, v)) if v is not None and not isinstance(v, float) else [] for v in local["aliases"]
        ]
        self.mentions = [int(v) for v in local["mention_count"]]
        when = pd.to_datetime(local["published_at"], utc=True).astype("datetime64[us, UTC]")
        self.when = [None if pd.isna(v) else v for v in when]
        self.day = [FAR if v is None else v.toordinal() for v in self.when]
        known = {n: normal(n) or n for n in set(self.name)}
        self.key = [known[n] for n in self.name]
        self.order = sorted(
            range(len(self.name)),
            key=lambda i: (
                self.day[i],
                self.article[i],
                self.key[i],
                self.kind[i],
                self.country[i] or "~",
                self.name[i],
            ),
        )
