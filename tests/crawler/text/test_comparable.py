"""Text as it is compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from crawler.text.comparable import comparable

# One form for each mark, letter by letter: what `comparable` gives by a shorter way.
MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", None),
    }
)


@pytest.mark.parametrize(
    "line",
    ["12 doden", "Om 14.30 uur viel de stad.", "Dinsdag", "Update: stad ingenomen", "In mei 2019"],
)
def test_a_short_line_that_says_something_counts(line: str) -> None:
    assert comparable(line) != ""


@given(st.text())
def test_comparable_text_is_its_own_or_a_stamp(text: str) -> None:
    assert comparable(comparable(text)) in {comparable(text), ""}


@given(st.text(st.sampled_from("aZ `'\u2018\u201d\u2013\u00ad\ufeff\u00e9e\u0301\ufb01\n")))
def test_marks_have_one_form_in_any_text(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text.translate(MARKS))
    assert comparable(text) == comparable(folded) == " ".join(folded.split())
