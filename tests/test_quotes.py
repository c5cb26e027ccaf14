"""Quotes: marks, cues, speakers."""

import pytest

from pipeline.annotate import annotate, to_parse
from pipeline.knowledge import table
from pipeline.quotes import find_quotes
from pipeline.quotes.marks import find_marked
from pipeline.text import Mention

PRONOUNS = {"he", "she", "they", "it", "we", "who"}


def mentions_of(parse):
    """Names and pronouns, enough for the quote rules."""
    spans = [(s, e, "name", label) for s, e, label in parse.names]
    spans += [
        (i, i + 1, "pronoun", None) for i, w in enumerate(parse.lower) if w in PRONOUNS and parse.pos[i] == "PRON"
    ]
    found = []
    for s, e, kind, label in sorted(spans):
        first, last = parse.chars(s, e)
        found.append(Mention(s, e, e - 1, first, last, parse.words(s, e), parse.sentence[s], kind, label))
    return found


def read(text):
    parse = to_parse(next(iter(annotate([text]))), text)
    return parse, find_quotes(parse, mentions_of(parse))


def said(text, kind="direct"):
    """(words, cue, speaker) of each quote of one kind."""
    parse, quotes = read(text)
    return [
        (text[q.char_start : q.char_end], q.cue_text, parse.words(*q.speaker) if q.speaker else None)
        for q in quotes
        if q.kind == kind
    ]


def marked(text):
    return [text[m.start : m.end] for m in find_marked(text)]


@pytest.mark.parametrize(
    "text",
    [
        '"The ferry will sail tonight," Harbour Minister Ilse Brandt said.',
        "“The ferry will sail tonight,” Harbour Minister Ilse Brandt said.",
        "‘The ferry will sail tonight,’ Harbour Minister Ilse Brandt said.",
        "'The ferry will sail tonight,' Harbour Minister Ilse Brandt said.",
        "«The ferry will sail tonight,» Harbour Minister Ilse Brandt said.",
        "''The ferry will sail tonight,'' Harbour Minister Ilse Brandt said.",
        '"The ferry will sail tonight," said Ilse Brandt, the harbour minister.',
        'Ilse Brandt said: "The ferry will sail tonight."',
        'Ilse Brandt told reporters:\n\n"The ferry will sail tonight."',
        'According to Ilse Brandt, "The ferry will sail tonight".',
    ],
)
def test_marks_and_cue_positions(text):
    words, _, speaker = said(text)[0]
    assert words.rstrip(".") == "The ferry will sail tonight"
    assert speaker is not None
    assert speaker.endswith("Ilse Brandt")


def test_cue_is_the_word_as_printed():
    assert said('"We are ready to talk," Ilse Brandt SAID on Monday.')[0][1] == "SAID"


def test_apostrophes_are_no_marks():
    assert marked("The workers' leaders don't want the firms' offer, it's the '90s again, rock 'n' roll.") == []
    assert marked("The workers’ leaders don’t want the firms’ offer, it’s the ’90s again.") == []
    assert marked("He said: 'The workers' offer doesn't stand.'") == ["The workers' offer doesn't stand."]
    assert marked("‘I don’t know the players’ names,’ she said.") == ["I don’t know the players’ names,"]


def test_inner_marks_belong_to_the_outer_quote():
    assert marked("\"He told me 'never again' and left,\" she said.") == ["He told me 'never again' and left,"]
    assert marked("‘He told me “never again” and left,’ she said.")[-1].startswith(("He told", "never"))


def test_quote_over_paragraphs_is_one():
    text = "“The dam held all night.\n\n“But the second one broke at dawn,” Omar Reyes said.\n\nRain is expected."
    assert [w for w, _, _ in said(text)] == ["The dam held all night.\n\n“But the second one broke at dawn"]
    assert said(text)[0][2] == "Omar Reyes"


def test_unclosed_quote_ends_with_its_paragraph():
    text = '"The dam held all night and nobody was hurt.\n\nRain is expected on Monday. "We wait," Omar Reyes said.'
    assert marked(text) == ["The dam held all night and nobody was hurt.", "We wait,"]


def test_inches_are_no_quote():
    assert marked('A 12" pipe and a 9" pipe burst.') == []


def test_broken_quote_gives_both_parts_with_one_speaker():
    found = said('"The road is open," Omar Reyes said. "Trucks may pass from noon."')
    assert found == [
        ("The road is open", "said", "Omar Reyes"),
        ("Trucks may pass from noon.", None, "Omar Reyes"),
    ]


def test_quote_that_stands_alone_takes_the_last_speaker():
    found = said('Omar Reyes said that the road was open.\n\n"Trucks may pass from noon and buses from two."')
    assert found == [("Trucks may pass from noon and buses from two.", None, "Omar Reyes")]


def test_speakers_alternate_after_a_question():
    text = (
        '"Where were the guards that night?" Omar Reyes asked.\n\n"They slept in the tower," Ilse Brandt said.\n\n'
        '"And who gave them leave to sleep?"\n\n"Nobody ever gave them any leave."'
    )
    assert [s for _, _, s in said(text)] == ["Omar Reyes", "Ilse Brandt", "Omar Reyes", "Ilse Brandt"]


def test_pronoun_speaker_keeps_its_own_words():
    assert said('Ilse Brandt spoke first. "We have to leave the island," she said.')[0][2] == "she"


@pytest.mark.parametrize(
    "text",
    [
        'The so-called "smart" pumps failed.',
        'She has read "The Long Road Home" twice.',
        'The word "harbour" is on the sign.',
    ],
)
def test_scare_quotes_and_titles_are_no_quotes(text):
    assert said(text) == []


def test_fragment_with_a_cue_is_a_quote():
    assert said('Ilse Brandt called the dam "a clear danger to the valley".') == [
        ("a clear danger to the valley", "called", "Ilse Brandt")
    ]


def test_words_not_yet_spoken_are_the_reporters_source():
    found = said('An aide said that Ilse Brandt would describe the dam as a "clear danger to the whole valley".')
    assert [(w, s) for w, _, s in found] == [("clear danger to the whole valley", "An aide")]


def test_indirect_with_that_without_and_behind():
    assert said("Omar Reyes said that the road was open.", "indirect") == [
        ("that the road was open", "said", "Omar Reyes")
    ]
    assert said("The road was open, Omar Reyes said.", "indirect") == [("The road was open", "said", "Omar Reyes")]
    assert said("The road was open on Monday, according to Omar Reyes.", "indirect") == [
        ("The road was open on Monday", "according to", "Omar Reyes")
    ]


def test_mixed_gives_the_clause_and_the_fragment():
    text = 'Omar Reyes said the road was "a death trap for trucks" after the storm.'
    assert ("a death trap for trucks", "said", "Omar Reyes") in said(text)
    assert [w for w, _, _ in said(text, "indirect")] == ['the road was "a death trap for trucks" after the storm']


def test_transcript_turns_name_their_speakers():
    text = '"BRANDT: Is the dam safe?\n\n"REYES: It is safe for now."'
    assert said(text) == [("Is the dam safe?", None, "BRANDT"), ("It is safe for now.", None, "REYES")]


def test_offsets_after_a_dateline_and_order():
    text = 'PORT ELLA (Wire) - "The road is open," Omar Reyes said. He said that trucks may pass.'
    start = text.index('"')
    parse = to_parse(next(iter(annotate([text[start:]]))), text, start)
    quotes = find_quotes(parse, mentions_of(parse))
    assert text[quotes[0].char_start : quotes[0].char_end] == "The road is open"
    assert quotes == sorted(quotes, key=lambda q: (q.char_start, q.char_end))


def test_empty_text():
    parse = to_parse(next(iter(annotate([""]))), "")
    assert find_quotes(parse, []) == []


def reads(row, text, doc):
    """Whether the cue of a row of speech_verbs.csv gives a quote; of one that says nothing, whether any does."""
    parse = to_parse(doc, text)
    lemmas = {parse.word[i]: parse.lemma[i] for i in range(len(parse))}
    found = find_quotes(parse, mentions_of(parse))
    if row["takes"] == "nothing":
        return not found
    return any(q.cue_text and lemmas.get(q.cue_text.split()[0]) == row["lemma"] and q.speaker for q in found)


def test_every_cue_fires_on_its_example_and_not_on_its_near_miss():
    rows = table("speech_verbs.csv")
    assert len({(r["lemma"], r["pos"], r["takes"]) for r in rows}) == len(rows)
    for column, expected in (("example", True), ("near_miss", False)):
        docs = annotate(r[column] for r in rows)
        wrong = [r[column] for r, doc in zip(rows, docs, strict=True) if reads(r, r[column], doc) is not expected]
        assert wrong == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ilse Brandt offered to mediate, which the dockers rejected, as they have always done.", "to mediate"),
        (
            "Ilse Brandt offered to mediate between the two guilds, which the dockers rejected.",
            "to mediate between the two guilds",
        ),
        (
            "Ilse Brandt denied that her clerks had taken money, as the dockers claim.",
            "that her clerks had taken money",
        ),
        (
            "Ilse Brandt promised that the thieves would be hunted down, and announced a curfew.",
            "that the thieves would be hunted down",
        ),
        # what belongs to the words stays
        (
            "Ilse Brandt said that the toll would rise, which would hurt bakers.",
            "that the toll would rise, which would hurt bakers",
        ),
        (
            "Ilse Brandt promised to free the men who were held at the port.",
            "to free the men who were held at the port",
        ),
        (
            "Ilse Brandt said that the ferry would sail, and that the port would open.",
            "that the ferry would sail, and that the port would open",
        ),
    ],
)
def test_reported_words_end_where_the_reporter_goes_on(text, words):
    assert [w for w, _, _ in said(text, "indirect")] == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"We heard a bang," said Omar Reyes, a baker. "Nobody helped us."', "Nobody helped us."),
        ('"The dam failed us," Omar Reyes told the paper.\n\n"My boat sank."', "My boat sank."),
    ],
)
def test_short_sentence_goes_on_with_the_quote_before_it(text, words):
    assert (words, None, "Omar Reyes") in said(text)


def test_short_words_that_go_on_with_nothing_are_no_quote():
    assert [w for w, _, _ in said('"We heard a bang," said Omar Reyes. His ship is the "Red Boat."')] == [
        "We heard a bang"
    ]


@pytest.mark.parametrize(
    ("text", "words", "cue"),
    [
        ("Omar Reyes demanded the release of the men on Monday.", "the release of the men", "demanded"),
        ("Omar Reyes called for a truce between the guilds.", "a truce between the guilds", "called for"),
        ("Omar Reyes warned of a flood in the valley.", "a flood in the valley", "warned of"),
    ],
)
def test_noun_phrases_are_reported_too(text, words, cue):
    assert [w for w, _, _ in said(text, "indirect")] == [words]
    assert said(text, "indirect")[0][2] == "Omar Reyes"
    assert said(text, "indirect")[0][1].startswith(cue)


def test_object_that_is_partly_in_quotation_marks_is_reported() -> None:
    text = 'Omar Reyes claimed a "cruel and cowardly misuse" of the fund.'
    assert [w for w, _, _ in said(text, "indirect")] == ['a "cruel and cowardly misuse" of the fund']


@pytest.mark.parametrize(
    "text",
    [
        "Omar Reyes did not demand the release of the men.",
        "Omar Reyes may announce the closure of the port.",
        "The closure of the port was announced.",
        "Omar Reyes repeated the accusation.",
        "Omar Reyes praised the elders.",
        "Omar Reyes condemned the sanctions.",
        "Omar Reyes denied any part in the raid.",
        "Omar Reyes dismissed the commander.",
        "Omar Reyes urged Ilse Brandt.",
        "No group has claimed the raid on the port.",
        "The report does not say who will police the towns.",
        "Omar Reyes refused to say why the port was closed.",
        "Omar Reyes did not confirm or deny that the port was closed.",
        "Nobody at the port said that it was closed.",
        "Omar Reyes did not make the claim that the port was closed.",
        "The storm threatened the closure of the port.",
    ],
)
def test_what_nobody_has_said_is_not_reported(text):
    assert said(text, "indirect") == []
