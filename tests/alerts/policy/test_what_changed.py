"""Sentences around hits, and the words that a correction changed in them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from alerts.telling.edits import word_edits
from crawler.text.sentences import LONGEST_QUOTE, quote_span, sentence_spans

BODY = (
    "Generaal dr. A. de Vries sprak van winst. In Baghuz viel het kalifaat! Volgt nu vrede?\n"
    "Dat is onzeker"
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_sentences_end_where_a_reader_sees_their_end() -> None:
    assert sentences(BODY) == [
        "Generaal dr. A. de Vries sprak van winst.",
        "In Baghuz viel het kalifaat!",
        "Volgt nu vrede?",
        "Dat is onzeker",
    ]


@given(st.text(alphabet='ab .!?\n"A', max_size=200))
def test_sentences_leave_out_nothing_but_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(alphabet="ab .\nA", min_size=1, max_size=2000), st.data())
def test_a_quote_holds_its_hit_and_is_short(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 40)))

    first, last = quote_span(text, list(sentence_spans(text)), start, end)

    assert 0 <= first <= start < end <= last <= len(text)
    assert last - first <= LONGEST_QUOTE


@given(st.text(alphabet="abc ", max_size=60), st.text(alphabet="abc ", max_size=60))
def test_word_edits_hold_both_texts(before: str, after: str) -> None:
    pieces = word_edits(before, after)

    old = " ".join(text for sign, text in pieces if sign in "=-")
    new = " ".join(text for sign, text in pieces if sign in "=+")
    assert (old.split(), new.split()) == (before.split(), after.split())
