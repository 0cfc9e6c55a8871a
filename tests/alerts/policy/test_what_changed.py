"""Sentences around hits, and what a correction changed in them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from alerts.match import Hit
from alerts.policy.changes import (
    MOST_EDITS,
    MarkedText,
    change_between,
    is_another_text,
    word_edits,
)
from crawler.text.sentences import LONGEST_QUOTE, quote_span, sentence_spans

BODY = (
    "Generaal dr. A. de Vries sprak van winst. In Baghuz viel het kalifaat! Volgt nu vrede?\n"
    "Dat is onzeker"
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def hit(text: str, word: str, field: str = "body") -> Hit:
    at = text.index(word)
    return Hit(field, at, at + len(word), word)


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


def test_a_changed_sentence_with_a_hit_is_shown_before_and_after() -> None:
    after = BODY.replace("viel het kalifaat", "wankelt het kalifaat")

    change = change_between(
        MarkedText("Kop", "Lead", BODY, (hit(BODY, "kalifaat"),)),
        MarkedText("Kop", "Lead", after, (hit(after, "kalifaat"),)),
        2,
    )

    assert change is not None
    (edit,) = change.edits
    assert (edit.before, edit.after) == (
        "In Baghuz viel het kalifaat!",
        "In Baghuz wankelt het kalifaat!",
    )


def test_white_space_and_other_sentences_are_no_change() -> None:
    after = BODY.replace("onzeker", "zeker").replace("  ", " ").replace("viel het", "viel  het")

    before = MarkedText("Kop", "Lead", BODY, (hit(BODY, "kalifaat"),))

    assert (
        change_between(before, MarkedText("Kop ", "Lead", after, (hit(after, "kalifaat"),)), 2)
        is None
    )


def test_a_sentence_moved_elsewhere_is_no_change() -> None:
    moved = "In Baghuz viel het kalifaat! " + BODY.replace("In Baghuz viel het kalifaat! ", "")

    before = MarkedText("Kop", "", BODY, (hit(BODY, "kalifaat"),))

    assert (
        change_between(before, MarkedText("Kop", "", moved, (hit(moved, "kalifaat"),)), 2) is None
    )


def test_another_house_style_is_no_change() -> None:
    # given a sentence with a hit whose quotation marks and dashes are set otherwise later
    old = MarkedText('"Val" van IS', "", 'IS zei: "nee" - nooit.', (Hit("body", 0, 2, "IS"),))
    new = MarkedText("„Val” van IS", "", "IS zei: „nee” – nooit.", (Hit("body", 0, 2, "IS"),))

    assert change_between(old, new, 2) is None
    assert not is_another_text(old.body, new.body)


def test_a_sentence_that_still_stands_elsewhere_is_not_gone() -> None:
    once, other = "In Baghuz viel het kalifaat.", "Dat meldt de SDF."
    twice = f"{once} {other} {once}"

    before = MarkedText("Kop", "", twice, (hit(twice, "kalifaat"),))

    assert change_between(before, MarkedText("Kop", "", f"{once} {other}", before.hits), 2) is None


def test_a_title_that_is_a_date_changes_with_it() -> None:
    change = change_between(MarkedText("3 maart", "", ""), MarkedText("4 maart", "", ""), 2)

    assert change is not None


def test_title_and_lead_count_also_without_hits() -> None:
    change = change_between(MarkedText("Val", "Gisteren", ""), MarkedText("Slag", "Vandaag", ""), 3)

    assert change is not None
    assert [(edit.field, edit.before, edit.after) for edit in change.edits] == [
        ("title", "Val", "Slag"),
        ("lead", "Gisteren", "Vandaag"),
    ]
    assert change.revision == 3


def test_a_rewritten_article_makes_a_short_list_in_short_time() -> None:
    old = " ".join(f"Zin {n} noemt het kalifaat met vele woorden." for n in range(3000))
    new = " ".join(f"Regel {n} over het kalifaat van toen en nu." for n in range(3000))
    hits = tuple(Hit("body", at, at + 8, "kalifaat") for at in _places(old, "kalifaat"))
    newer = tuple(Hit("body", at, at + 8, "kalifaat") for at in _places(new, "kalifaat"))

    change = change_between(MarkedText("a", "", old, hits), MarkedText("a", "", new, newer), 2)

    assert change is not None
    assert len(change.edits) == MOST_EDITS


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


@given(st.text(alphabet="abc ", max_size=60), st.text(alphabet="abc ", max_size=60))
def test_word_edits_hold_both_texts(before: str, after: str) -> None:
    pieces = word_edits(before, after)

    old = " ".join(text for sign, text in pieces if sign in "=-")
    new = " ".join(text for sign, text in pieces if sign in "=+")
    assert (old.split(), new.split()) == (before.split(), after.split())
