"""Shapes of the tree that the parser gets wrong, in sentences as it reads them today."""

import pytest

from pipeline import annotate
from pipeline.events import frames
from pipeline.text import Parse


def parsed(text: str) -> Parse:
    return annotate.to_parse(next(annotate.annotate([text])), text)


REPAIRED = [
    ("A delegation of Chad called on the king.", "delegation", "nsubj", "called"),
    ("Three American destroyers were deployed by the Pentagon to waters off Venezuela.", "waters", "pobj", "to"),
    ("Three American destroyers were deployed by the Pentagon to waters off Venezuela.", "to", "prep", "deployed"),
    ("The army restored 454 acres to displaced Tamil farmers on Wednesday.", "farmers", "pobj", "to"),
    ("Rio's military police plan to impose a curfew on teenagers in the slum.", "impose", "xcomp", "plan"),
    ("Turkey lifts travel ban on Iraq.", "Turkey", "nsubj", "lifts"),
    ("Tamil Tigers sink Sri Lankan navy patrol boat off northeastern coast.", "boat", "dobj", "sink"),
    ("On a visit to Chad, President Ruiz praised the army.", "Ruiz", "nsubj", "praised"),
    ("The court has freed on bail two former ministers.", "ministers", "dobj", "freed"),
    ("The ministry had given the Red Cross permission to enter the camp.", "Cross", "dative", "given"),
    (
        "A court sentenced a former minister to life imprisonment on Wednesday for crimes.",
        "minister",
        "dobj",
        "sentenced",
    ),
    ("The envoys urged President Maduro and the opposition to resume their dialogue.", "resume", "xcomp", "urged"),
    ("The arrest by Chad of the opposition leader drew protests.", "of", "prep", "arrest"),
    ("The court convicted the general of fraud.", "of", "prep", "convicted"),
]


@pytest.mark.parametrize(("text", "word", "label", "head"), REPAIRED)
def test_a_broken_shape_is_mended(text: str, word: str, label: str, head: str) -> None:
    parse = parsed(text)
    token = max(i for i, w in enumerate(parse.word) if w == word)
    assert (parse.dep[token], parse.word[parse.head[token]]) == (label, head)


def test_a_name_after_a_preposition_is_no_verb() -> None:
    parse = parsed("The bank extended a loan of 90 million dollars to Cameroon for road maintenance in the north.")
    assert parse.pos[parse.word.index("Cameroon")] == "PROPN"


@pytest.mark.parametrize(
    "text",
    [
        "US Secretary of State Maria Ruiz praised the army.",
        "Facebook investor Sean Otieno sold his shares.",
        "The bank offered the peace plan a chance.",
        "A report by the head of the union was read.",
    ],
)
def test_what_is_whole_stays_as_the_parser_has_it(text: str) -> None:
    doc = next(annotate.annotate([text]))
    parse = annotate.to_parse(doc, text)
    assert [(t.dep_, t.head.i) for t in doc] == list(zip(parse.dep, parse.head, strict=True))


def test_what_is_mended_is_still_a_tree() -> None:
    texts = sorted({text for frame in frames.frames() for text in (frame.example, frame.near_miss)})
    for text, doc in zip(texts, annotate.annotate(texts), strict=True):
        parse = annotate.to_parse(doc, text)
        for token in range(len(parse)):
            at = token
            for _ in range(len(parse)):
                at = parse.head[at]
            assert parse.head[at] == at, text
            assert parse.sentence[at] == parse.sentence[token], text
