"""Rules are tested code: their examples."""

import pytest

from alerts.query.parser import Concepts
from alerts.rules.book import rule_of
from alerts.rules.examples import FailedExample, failed_examples

GOOD, BAD = "IS-strijders geven zich over in Baghouz", "WAT IS ER GEBEURD MET HET KALIFAAT"


def _failed(query: str, must: tuple[str, ...] = (), must_not: tuple[str, ...] = ()) -> list[str]:
    concepts = Concepts({"here": ("baghouz", "outlet:NOS")})
    rule = rule_of(
        id="r", text=query, concepts=concepts, must_match=must, must_not_match=must_not,
        outlets=("Trouw",),
    )  # fmt: skip  # one argument a line says no more
    return [example.text for example in failed_examples([rule])[0]]


def test_a_rule_that_keeps_its_word_fails_nothing() -> None:
    assert _failed("=IS AND baghouz", (GOOD,), (BAD,)) == []


def test_a_failed_example_is_named_with_its_place() -> None:
    rule = rule_of(id="r", text="kalifaat", must_match=(BAD, GOOD), must_not_match=(GOOD, BAD))

    assert list(failed_examples([rule])[0]) == [
        FailedExample(
            "must_match", 1, GOOD, {"en": "kalifaat: not found", "nl": "kalifaat: niet gevonden"}
        ),
        FailedExample(
            "must_not_match", 1, BAD, {"en": 'found "KALIFAAT"', "nl": 'vond "KALIFAAT"'}
        ),
    ]


@pytest.mark.parametrize("field", ["title", "body", "text"])
def test_an_example_may_be_a_title_or_a_body(field: str) -> None:
    assert _failed(f"{field}:baghouz", (GOOD,), (BAD,)) == []
    assert _failed(f"{field}:baghouz", (), (GOOD,)) == [GOOD]


@pytest.mark.parametrize(
    "query",
    [
        "baghouz AND outlet:NOS",
        "baghouz NOT outlet:AD",
        "@here",
        "title:(baghouz AND lang:nl)",
        "ATLEAST/1 (baghouz AND lang:nl)",
        "(baghouz AND lang:nl) EXCEPT kalifaat",
        "(is AND lang:nl) NEAR/9 (baghouz AND lang:nl)",
    ],
)
def test_what_an_example_cannot_say_is_left_aside(query: str) -> None:
    assert _failed(query, (GOOD,), (BAD,)) == []
    assert _failed(query, (BAD,), (GOOD,)) == [BAD, GOOD]


def test_a_rule_about_metadata_alone_has_nothing_to_show() -> None:
    assert _failed("outlet:NOS OR lang:nl", (GOOD,), (BAD,)) == []


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("=IS AND kalifaat AND baghouz", "kalifaat: not found"),
        ("baghouz AND (raqqa OR syri*)", "raqqa, syri*: not found"),
        ("baghouz NOT strijders", 'NOT strijders: "strijders" in the title'),
        ("geven NEAR/1 baghouz", "at most 1 word between: both are found, but not so near"),
        (
            "a AND b AND c AND d AND f",
            "a: not found, b: not found, c: not found, d",
        ),
    ],
)
def test_an_example_that_does_not_match_tells_which_part_fails(query: str, why: str) -> None:
    ((failed,),) = failed_examples([rule_of(id="r", text=query, must_match=(GOOD,))])

    assert failed.why.startswith(why)


def test_an_example_that_should_not_match_tells_what_is_found() -> None:
    query = "(=IS AND geven) OR strijders"
    ((failed,),) = failed_examples([rule_of(id="r", text=query, must_not_match=(GOOD,))])

    assert failed.why == 'found "IS", "strijders", "geven"'
