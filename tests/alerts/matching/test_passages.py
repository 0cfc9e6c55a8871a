"""A document as one row: the fast way and the long way give the same."""

import pytest
from awkward import AWKWARD
from hypothesis import given

from alerts.matching.row import BREAK, ODD, Passages, row_of
from crawler.text.folding import fold


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
    ("text", "forms"),
    [
        (
            "anti-IS-coalitie",
            [
                ("antiis", "anti-IS-coalitie"),
                ("antiiscoalitie", "anti-IS-coalitie"),
                ("iscoalitie", "anti-IS-coalitie"),
            ],
        ),
        ("'IS' en \u2018IS\u2019", []),
        ("'IS'-strijders - en - IS'", [("isstrijders", "'IS'-strijders")]),
        ("F-16 " * 3, [("f16", "F-16")] * 3),
        ("-" * 50, []),
        ("a--b", [("ab", "a--b")]),
        ("-a b- '-c'", []),
        ("œuvre Straße", [("oeuvre", "œuvre"), ("strasse", "Straße")]),
    ],
)
def test_words_that_are_joined_or_kept_apart_have_forms(
    text: str, forms: list[tuple[str, str]]
) -> None:
    passages = Passages([text, "", ""])

    assert _forms(passages) == forms


def _forms(passages: Passages) -> list[tuple[str, str]]:
    return [
        (form, passages.spaced[slice(*stretch)])
        for forms, stretches in passages.forms()
        for form, stretch in zip(forms, stretches, strict=True)
    ]


def test_the_forms_of_many_chains_come_in_batches() -> None:
    chain = "-".join("abcdefgh")
    one, many = Passages([chain, "", ""]), Passages([f"{chain} " * 1_000, "", ""])

    assert _forms(many) == _forms(one) * 1_000
    assert max(len(forms) for forms, _ in many.forms()) < 11_000


def test_a_break_stands_between_fields_and_nowhere_else() -> None:
    passages = Passages(["a\0b", "c", "d"])

    assert passages.spaced.split() == [BREAK, "a", "b", BREAK, "c", BREAK, "d", BREAK]


def test_long_rows_of_signs_take_no_longer_than_their_length() -> None:
    for text in ("-" * 1_000_000, "œ" * 1_000_000, "œ-" * 500_000, "a-" * 500_000, "œ " * 500_000):
        passages = Passages([text, "", ""])

        assert sum(len(forms) for forms, _ in passages.forms()) <= 500_000
