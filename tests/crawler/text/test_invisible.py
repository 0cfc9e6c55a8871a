"""Characters that nobody sees: what becomes of them wherever text is read, compared or shown."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, strategies as st

from alerts.query.normal import normalise
from alerts.rendering.clean import one_line
from crawler.addresses.links import web_address
from crawler.stories.shingles import words
from crawler.text.comparable import comparable
from crawler.text.invisible import (
    COMMANDING,
    CONTROLS,
    JOINERS,
    LINE_ENDS,
    NO_CHARACTERS,
    SELECTORS,
    TAGS,
    TURNING,
    UNREAD,
    UNWANTED,
    ZERO_WIDTH,
)
from crawler.text.plain import clean
from monitor.views.articles_view import safe

EVERY = [chr(code) for code in range(0x110000)]
TABLES = (CONTROLS, LINE_ENDS, TURNING, ZERO_WIDTH, JOINERS, SELECTORS, TAGS, NO_CHARACTERS)


def among(table: str) -> list[str]:
    return re.findall(f"[{table}]", "".join(EVERY))


WITHOUT_WIDTH = among(ZERO_WIDTH)
TURNERS = among(TURNING)
HIDDEN = [*WITHOUT_WIDTH, *TURNERS, *among(TAGS)[::16]]


def test_no_character_stands_in_two_tables() -> None:
    listed = [char for table in TABLES for char in among(table)]

    assert len(listed) == len(set(listed))


def test_every_control_and_format_character_of_no_script_stands_in_the_table() -> None:
    # given what Unicode calls a control, a format or a separator of lines
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    given = {char for char in EVERY if unicodedata.category(char) in kinds} - {"\t"}

    # then all of it is listed, but for signs that are seen or belong to one script's writing
    left = given - set(among("".join(TABLES)))
    assert {unicodedata.name(char, "").split()[0] for char in left} <= {
        *("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL"),
    }


@pytest.mark.parametrize("char", HIDDEN)
def test_what_is_hidden_in_a_word_changes_it_for_nobody(char: str) -> None:
    # given a word with such a character in it
    word = f"kali{char}faat"

    # then it is read, sent, compared, matched and told from copies as if it were not there
    assert clean(word) == "kalifaat"
    assert one_line(word) == "kalifaat"
    assert comparable(word) == "kalifaat"
    assert words(word) == ["kalifaat"]
    assert normalise(word).text == "kalifaat"
    assert web_address(f"https://krant.example/{word}") == "https://krant.example/kalifaat"


@pytest.mark.parametrize("char", among(JOINERS) + among(SELECTORS)[::16])
def test_spelling_and_drawing_are_kept_where_text_is_shown_and_left_out_where_words_are_compared(
    char: str,
) -> None:
    word = f"kali{char}faat"

    assert clean(word) == one_line(word) == safe(word) == word
    assert words(word) == ["kalifaat"]
    assert normalise(word).text == "kalifaat"


@pytest.mark.parametrize("char", among(COMMANDING)[::7] + TURNERS)
def test_what_a_terminal_would_obey_is_replaced_in_its_place(char: str) -> None:
    assert safe(f"a{char}b") == "a\ufffdb"


def test_lines_and_columns_of_a_terminal_stay() -> None:
    assert safe("een\ttwee\ndrie") == "een\ttwee\ndrie"


@given(st.text())
def test_nothing_unwanted_is_sent(text: str) -> None:
    assert not re.search(f"[{UNWANTED}{LINE_ENDS}]", one_line(text))


@given(st.text())
def test_nothing_that_no_reader_sees_keeps_two_words_apart(text: str) -> None:
    assert not re.search(f"[{UNREAD}]", normalise(text).text)
