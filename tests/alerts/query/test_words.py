"""Words, their parts and the patterns that name them."""

import re
import sys
from unicodedata import normalize

import pytest
from hypothesis import given, strategies as st

from alerts.query.globs import Glob
from alerts.query.parser import parse
from alerts.query.patterns import LONGEST_WORD, ChunkShape, compound_of, pattern_of, shape_of
from crawler.errors import QueryError
from crawler.text.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Syrië", "syrie"),
        ("ÖRGRYTE", "orgryte"),
        ("Straße", "strasse"),
        ("Wałęsa", "walesa"),
        ("Diyarbak\u0131r İstanbul", "diyarbakir istanbul"),
        ("œuvre Ærø", "oeuvre aero"),
        ("\u0133s", "ijs"),
        ("\uff29\uff33", "is"),
        ("½ \ufdfa", "½ \ufdfa"),
        ("a\u037asyrië", "a\u037asyrie"),
    ],
)
def test_case_and_diacritics_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_letter_of_any_script_folds_to_nothing_or_to_more_than_letters() -> None:
    composed = (normalize("NFC", chr(code)) for code in range(sys.maxunicode + 1))

    assert [text for text in composed if text.isalnum() and not fold(text).isalnum()] == []


def test_a_compound_is_read_by_part_and_glued() -> None:
    forms = {form.folded for form in compound_of("anti-IS-coalitie").forms()}

    assert forms == {"anti", "is", "coalitie", "antiis", "iscoalitie", "antiiscoalitie"}


def test_such_a_is_no_sun() -> None:
    assert {form.folded for form in compound_of("Zo'n").forms()} == {"zo", "n"}


def test_what_is_longer_than_any_word_matches_nothing() -> None:
    assert list(compound_of("a" * (LONGEST_WORD + 1)).forms()) == []


def test_the_shortest_reading_counts_alone() -> None:
    assert pattern_of("kalifa*").places("IS-kalifaat-strijders") == [(3, 11)]


@pytest.mark.parametrize(
    ("chunk", "shape"),
    [
        ("IS", ChunkShape.UPPER),
        ("F16", ChunkShape.NONE),
        ("2019", ChunkShape.NONE),
        ("'s", ChunkShape.NONE),
        ("VN-gezant", ChunkShape.OTHER),
        ("de", ChunkShape.OTHER),
        ("D66'ERS", ChunkShape.UPPER),
    ],
)
def test_the_shape_of_a_word_is_that_of_its_letters(chunk: str, shape: ChunkShape) -> None:
    assert shape_of(chunk) is shape


@given(st.text("ab?*", min_size=1, max_size=8), st.text("abc", max_size=10))
def test_globs_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    expected = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")

    assert Glob.of(pattern).matches(text) == bool(re.fullmatch(expected, text))


def test_a_glob_that_would_hang_a_regular_expression_is_answered() -> None:
    assert not Glob.of("*a*a*a*a*a*a*a*a*a*a*b").matches("a" * LONGEST_WORD)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("\u0301", "no letter or digit"),
        ("*\u0301\u0301\u0301*", "too much"),
        ("x\u0323\u0301\u0302\u0303*", "too much"),
        ("=\u0301?", "too much"),
        ("æ" * 150, "a word of 300 letters"),
    ],
)
def test_letters_are_counted_without_marks_and_as_they_are_folded(query: str, what: str) -> None:
    with pytest.raises(QueryError, match=what):
        parse(query)
