"""A file that is no TOML: the likely cause in the words of who wrote it."""

import tomllib

import pytest
from hypothesis import given, strategies as st

from crawler.config.hints import Hint, hint_of
from crawler.faults import advice

SINGLE = "write queries in single quotes: query = '"


def _hint(text: str) -> Hint:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return hint_of(str(caught.value), text)


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ('[[rule]]\nquery = "wolf AND "boze wolf""\n', 2, 'ends at the " before', SINGLE),
        ('[c]\na = ["wolf", "boze "wolf""]\n', 2, 'ends at the " before', SINGLE),
        ("q = 'da'esh'\n", 1, "ends at the ' before", "in double quotes"),
        ("[c]\na = ['da'esh']\n", 2, "ends at the ' before", "in double quotes"),
        ("\nquery = \u2018wolf\u2019\n", 2, "of a word processor", "straight"),
        ("[c]\na = [\u201cwolf\u201d]\n", 2, "of a word processor", "straight"),
        ("query = 'wolf\nid = 'x'\n", 1, "not closed on this line", "the mark it begins with"),
        ('query = "wolf\n', 1, "not closed on this line", "the mark it begins with"),
        ("q = '''wolf\nb = 1\n", 3, "begins with ''' is not closed", "end it with '''"),
        ("id = 'a'\nquery = 'x'\nquery = 'y'\n", 3, 'the key "query" is there already', "one of"),
        ("query = wolf AND vee\n", 1, "text stands in quotes", SINGLE),
        ("query =\n", 1, "nothing stands after", "a value"),
        ("[c]\na = ['x' 'y']\n", 2, "a comma is missing", "['a', 'b']"),
        ("[a]\nb = 1\n[a]\n", 3, "[a] is there already", "under the first one"),
        ("query\n", 1, "Expected '='", "look at column 6"),
    ],
)
def test_a_slip_is_told_with_its_line_cause_and_remedy(
    text: str, line: int, what: str, remedy: str
) -> None:
    hint = _hint(text)

    assert hint.line == line
    assert what in str(hint.fault)
    assert remedy in advice(hint.fault, "en")


@given(st.text(alphabet="ab='\"[],\n \u2018#.*"))
def test_whatever_is_no_toml_has_a_cause_a_remedy_and_a_line_that_is_there(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = hint_of(str(error), text)

        assert str(hint.fault)
        assert advice(hint.fault, "en")
        assert 1 <= hint.line <= text.count("\n") + 1
