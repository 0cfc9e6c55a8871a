"""Sentences shown with what was found in them."""

import pytest

from alerts.document import Document
from alerts.rules.book import RuleBook, rule_of
from monitor.views.quotes_view import quoted_lines


def _lines(query: str, document: Document, *, marks: bool = True) -> list[str]:
    (match,) = RuleBook.build([rule_of(id="query", text=query)]).match(document)
    return [line.plain for line in quoted_lines(document, match.hits, marks=marks)]


def test_a_sentence_is_shown_once_with_all_its_hits() -> None:
    document = Document(
        title="Wolf bijt schaap", body="Stil.\nDe wolf kwam. Een wolf, een\nschaap."
    )

    assert _lines("wolf AND schaap", document) == [
        "title: «Wolf» bijt «schaap»",
        "body: De «wolf» kwam.",
        "body: Een «wolf», een «schaap».",
    ]


def test_where_there_are_colours_there_are_no_signs() -> None:
    assert _lines("wolf", Document(title="De wolf"), marks=False) == ["title: De wolf"]


def test_a_sentence_that_is_repeated_is_told_once() -> None:
    document = Document(body="De wolf kwam. De schapen vluchtten. De wolf kwam.")

    assert _lines("wolf", document) == ["body: De «wolf» kwam."]


def test_an_endless_sentence_is_cut_around_its_hits() -> None:
    document = Document(body=f"{'bla ' * 300}wolf{' bla' * 300}")

    (line,) = _lines("wolf", document)

    assert line.startswith("body: …bla")
    assert " «wolf» " in line
    assert line.endswith("bla…")


@pytest.mark.parametrize("sign", ["\x1b", "\u202e"])
def test_foreign_text_is_no_command_to_the_terminal(sign: str) -> None:
    (line,) = _lines("wolf", Document(title=f"De {sign}wolf"))

    assert sign not in line
