"""Sentences of Dutch text, for whoever needs them: quotes, differences, messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from alerts.document import Document
from alerts.match import Hit, Match
from alerts.telling import passages_of, sentences_of
from alerts.telling.edits import edits_between
from crawler.stories.diff import sentence_diff, sentences
from crawler.text.sentences import LONGEST_QUOTE, quote_span, sentence_spans
from monitor.views.quotes_view import quoted_lines

BEGINS = " | "
CASES = [
    line
    for line in (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
TITLES = ("Volgens mw. Jansen en dhr. De Vries is dat onjuist.", "Dat zei jhr. Van Rijn.")
TEXT = " ".join(TITLES)
AT = TEXT.index("Vries")
HIT = Hit("body", AT, AT + 5, "Vries")


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("case", CASES)
def test_dutch_is_cut_where_a_reader_would(case: str) -> None:
    assert cut(case.replace(BEGINS, " ")) == case.split(BEGINS)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("De Kamer stemt over de pensioenwet,\ndie 300.000 ouderen raakt.", 1),
        ("De Kamer stemt over de\n\npensioenwet.", 1),
        ("De Kamer stemt over de \n \n pensioenwet.", 1),
        ("De Kamer stemt over\nde wet, en\ndaarna over geld.", 1),
        ("Op de lijst,\nDe Kamer stemt.", 2),
        ("appels\nperen\nbananen", 3),
        ("De Kamer stemt.\ndaarna is er koffie.", 2),
        ("Brand in Goes\neen man gewond", 2),
        ("Nog niets over de,\n12 gewonden", 2),
    ],
)
def test_a_line_ends_a_sentence_unless_it_is_unfinished_and_the_next_goes_on(
    text: str, number: int
) -> None:
    assert len(cut(text)) == number


def test_a_difference_has_the_same_sentences() -> None:
    for case in CASES:
        assert sentences(case.replace(BEGINS, " ")) == case.split(BEGINS)


def test_an_alert_quotes_past_the_titles_of_people() -> None:
    start, end = quote_span(TEXT, list(sentence_spans(TEXT)), HIT.start, HIT.end)

    assert TEXT[start:end] == TITLES[0]


def test_commands_quote_past_the_titles_of_people() -> None:
    (line,) = quoted_lines(Document(body=TEXT), [HIT], marks=False)

    assert line.plain == f"body: {TITLES[0]}"


def test_a_difference_shows_the_sentence_past_the_titles_of_people() -> None:
    (change,) = sentence_diff(TEXT, TEXT.replace("onjuist", "juist"))

    assert (change.old, change.new) == (TITLES[0], TITLES[0].replace("onjuist", "juist"))


def test_a_correction_tells_the_sentence_past_the_titles_of_people() -> None:
    texts = [sentences_of("", "", text) for text in (TEXT, TEXT.replace("onjuist", "juist"))]
    passages = [passages_of(text, [Match("regel", "", (HIT,))]) for text in texts]

    (edit,) = edits_between(*texts, *passages).changed.values()

    assert (edit.old, edit.new) == (TITLES[0], TITLES[0].replace("onjuist", "juist"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_a_sentence_whatever_ends_the_line(line_end: str) -> None:
    assert cut(f"Val van mr.{line_end}en toen") == ["Val van mr.", "en toen"]


@given(st.text(alphabet="ab .!?\"'„”()\nABé1-…", max_size=200))
def test_nothing_is_left_out_but_space(text: str) -> None:
    spans = list(sentence_spans(text))

    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "unit",
    [
        ". ",
        ".",
        "?!",
        '."',
        "mr. ",
        "A. ",
        "((.",
        ". '",
        ".\u2028",
        "1.",
        " . –",
        "\n",
        "x",
    ],
)
def test_a_megabyte_without_sense_is_cut_without_loss(unit: str) -> None:
    text = unit * (1_000_000 // len(unit)) + "a"

    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_a_quote_of_a_megabyte_of_full_stops_is_short() -> None:
    text = "." * 500_000 + "IS" + "." * 500_000

    start, end = quote_span(text, list(sentence_spans(text)), 500_000, 500_002)

    assert "IS" in text[start:end]
    assert end - start <= LONGEST_QUOTE
