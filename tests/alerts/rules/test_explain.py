"""Why a rule matches or not, in words."""

import making
import pytest
from hypothesis import given
from plain_answers import evaluate

from alerts.document import Document
from alerts.query.parser import Concepts
from alerts.rules.book import rule_of
from alerts.rules.explanation import Part, explain
from monitor.views.why_view import part_as_json, part_lines

CONCEPTS = {
    "is": ["=IS", "daesh"],
    "syrie": ["syri* EXCEPT syriza*"],
    "val": ["sirte", "(raqqa OR rakka) NEAR/1 valt"],
}
ARTICLE = Document(
    title="Val van Baghouz",
    body="IS-strijders geven zich over. Het kalifaat in Syrië is voorbij, en Syriza zwijgt.",
    outlet="NOS",
)


def lines_of(part: Part) -> list[str]:
    return list(part_lines(part_as_json(part)))


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("baghouz", ['+ baghouz: "Baghouz" in the title']),
        ("raqqa", ["- raqqa: not found"]),
        (
            "body:baghouz",
            ['- in body: baghouz: not here, though elsewhere: "Baghouz" in the title'],
        ),
        ("outlet:AD", ['- outlet:AD: the outlet is "NOS"']),
        (
            "kalifaat AND raqqa NOT baghouz",
            [
                "- all of these, of which 2 fail",
                '  + kalifaat: "kalifaat" in the body',
                "  - raqqa: not found",
                '  - NOT baghouz: "Baghouz" in the title',
            ],
        ),
        (
            "raqqa OR kalifaat",
            [
                "+ one of these is enough",
                '  + kalifaat: "kalifaat" in the body',
                "  - raqqa: not found",
            ],
        ),
        (
            "raqqa OR rakka OR @val",
            ["- none of these is found", "  - raqqa, rakka, @val: not found"],
        ),
        ("author:jan", ["- author:jan: the author is not known"]),
        (
            "kalifaat NOT (raqqa OR outlet:NOS)",
            [
                "- all of these, of which 1 fails",
                '  + kalifaat: "kalifaat" in the body',
                "  - NOT (raqqa OR outlet:NOS): found",
                '    + outlet:NOS: the outlet is "NOS"',
                "    - raqqa: not found",
            ],
        ),
        ("@is", ['+ @is: "IS" in the body']),
        (
            "@is AND @syrie",
            ["+ all of these", '  + @is: "IS" in the body', '  + @syrie: "Syrië" in the body'],
        ),
        (
            "=IS NEAR/2 kalifaat",
            [
                "- at most 2 words between: both are found, but not so near",
                '  + =IS: "IS" in the body',
                '  + kalifaat: "kalifaat" in the body',
            ],
        ),
        (
            "syriza EXCEPT (syri* OR x)",
            [
                '- not as part of syri* OR x: found only as part of "Syrië" in the body, '
                '"Syriza" in the body',
                '  + syriza: "Syriza" in the body',
            ],
        ),
        (
            "ATLEAST/3 syri*",
            [
                "- at least 3 times: found too few times",
                '  + syri*: "Syrië" in the body, "Syriza" in the body',
            ],
        ),
    ],
)
def test_each_part_says_why(query: str, lines: list[str]) -> None:
    part = explain(rule_of(id="r", text=query, concepts=Concepts(CONCEPTS)), ARTICLE)

    assert lines_of(part) == lines


def test_capitals_are_named_as_the_reason() -> None:
    part = explain(rule_of(id="r", text="=IS"), Document(title="WAT IS ER GEBEURD"))

    assert "passages of capitals" in part.words
    assert not part.fits


@pytest.mark.parametrize(
    ("title", "why"),
    [
        (
            "WAT IS ER GEBEURD",
            "    - =IS: stands only in passages of capitals, where it may be another word",
        ),
        (
            "Een Canon IS",
            '  - not as part of @is-not: found only as part of "Canon IS" in the title',
        ),
    ],
)
def test_a_concept_tells_of_what_is_there_and_does_not_count(title: str, why: str) -> None:
    concepts = {"is": ["=IS EXCEPT @is-not", "daesh"], "is-not": ['"canon is"']}

    part = explain(rule_of(id="r", text="@is", concepts=Concepts(concepts)), Document(title=title))

    lines = lines_of(part)
    assert lines[0] == "- @is: what there is of it does not count"
    assert why in lines
    assert "daesh" not in str(lines)


def test_a_hit_over_two_lines_is_told_on_one() -> None:
    part = explain(rule_of(id="r", text='"val van"'), Document(body="De val\n  van Baghouz"))

    assert part.words == '"val van": "val van" in the body'


def test_a_rule_for_other_outlets_says_so() -> None:
    part = explain(rule_of(id="r", text="baghouz", outlets=("AD", "Trouw")), ARTICLE)

    assert part.words == 'only for AD, Trouw; this is from "NOS"'


@given(making.SEEDS)
def test_an_explanation_says_what_the_evaluator_says(rng: making.random.Random) -> None:
    rule = rule_of(id="r", text=making.query(rng), concepts=Concepts(making.CONCEPTS))
    document = making.document(rng)

    part = explain(rule, document)

    assert part.fits == (evaluate(rule.query, document) is not None)
    assert all(lines_of(part))
