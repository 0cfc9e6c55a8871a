"""A document as one row: the fast way and the long way give the same."""

import pytest
from hypothesis import given
from test_text import AWKWARD

from alerts.passages import BREAK, ODD, Passages, row_of
from alerts.words import fold


@given(AWKWARD, AWKWARD)
def test_the_tables_give_what_the_long_way_gives(one: str, other: str) -> None:
    passages, row = Passages([one, other, ""]), row_of([one, other, ""])

    assert passages.spaced == row.spaced
    assert (passages.begins, passages.edits) == (row.begins, row.edits)


@given(AWKWARD)
def test_the_folded_row_holds_each_word_in_its_place(text: str) -> None:
    passages = Passages([text, "", ""])
    kept_apart = dict(passages.odd)
    place = 0

    for chunk in passages.spaced.split(" "):
        folded = passages.folded[place : place + len(chunk)]
        if place in kept_apart:
            assert kept_apart[place] == chunk
            assert set(folded) <= {ODD, "'", "-"}
        else:
            assert folded == fold(chunk)
        place += len(chunk) + 1


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("anti-IS-coalitie", ["anti-is-coalitie"]),
        ("'IS' en \u2018IS\u2019", []),
        ("'IS'-strijders - en - IS'", ["'is'-strijders"]),
        ("F-16 " * 3, ["f-16"] * 3),
        ("-" * 50, []),
        ("a--b", ["a--b"]),
    ],
)
def test_joined_words_are_found(text: str, chunks: list[str]) -> None:
    passages = Passages([text, "", ""])

    assert [passages.folded[start:end] for start, end, _ in passages.joined()] == chunks


def test_a_break_stands_between_fields_and_nowhere_else() -> None:
    passages = Passages(["a\0b", "c", "d"])

    assert passages.spaced.split() == [BREAK, "a", "b", BREAK, "c", BREAK, "d", BREAK]


def test_long_rows_of_signs_take_no_longer_than_their_length() -> None:
    for text in ("-" * 1_000_000, "œ" * 1_000_000, "œ-" * 500_000, "a-" * 500_000, "œ " * 500_000):
        passages = Passages([text, "", ""])

        assert len(list(passages.joined())) <= 1
