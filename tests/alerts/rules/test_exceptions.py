"""An exception for a passage that a rule should not have found: it holds, and costs no example."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from alerts.document import Document
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook, rule_of
from alerts.rules.exceptions import proposed_exceptions

CONCEPTS = Concepts({"syrie": ["syri*"], "is": ["=IS", '"islamitische staat"']})
PACK = tomllib.loads((Path(__file__).parents[3] / "config" / "rules.toml").read_text("utf-8"))


def rule(text: str, *must_match: str) -> Rule:
    return rule_of(id="r", text=text, concepts=CONCEPTS, must_match=must_match)


def found_by(query: str, text: str) -> bool:
    book = RuleBook.build([rule(query)])
    tried = Document(title=text, outlet="NOS"), Document(body=text, outlet="NOS")
    return any(map(book.match, tried))


@pytest.mark.parametrize(
    ("query", "passage", "kept"),
    [
        ("kalifa*", "Het kalifaat van Cordoba bloeide eeuwenlang.", "Het kalifaat is gevallen"),
        ("kalifa* OR baghuz", "Het kalifaat van Cordoba bloeide.", "Baghuz en het kalifaat"),
        (
            "(kalifa* OR baghuz) AND (@is OR @syrie)",
            "Het kalifaat van Cordoba had met Syrië gebroken.",
            "Het kalifaat in Syrië is gevallen",
        ),
        ("@syrie NOT voetbal", "Restaurant Syriana opent in Utrecht.", "Syrië telt zijn doden"),
        ("=IS", "Een lens van Canon met IS is handig.", "Aanslag van IS"),
        ("(kalifa* AND @syrie)", "Kalifaten in Syrië, een museum.", "Kalifaat in Syrië weg"),
        ("title:kalifa*", "Kalifaat Cordoba: een museum", "Kalifaat gevallen"),
        ("kalifa* NEAR/5 (cordoba OR syrie)", "Kalifaat van Cordoba: museum", "Kalifaat Syrië"),
        ("\n kalifa*\n AND @syrie\n", "Kalifaat en Syrië in het museum", "Kalifaat Syrië"),
        ("kalifa* EXCEPT (kalifa* NEAR/1 nooit)", "Kalifaat in een museum", "Kalifaat weg"),
        ("“islamitische staat” AND outlet:NOS", "De islamitische staat Iran", "Islamitische staat"),
        ("kalifa*", "Kalifaat", "Kalifaat is gevallen"),
    ],
)
def test_the_passage_is_left_alone_and_what_must_match_still_does(
    query: str, passage: str, kept: str
) -> None:
    ways = proposed_exceptions(rule(query, kept), CONCEPTS, passage)

    if passage in kept:
        assert ways == []
        return
    assert ways
    for way in ways:
        assert " EXCEPT (" in way.query
        assert not found_by(way.query, passage)
        assert found_by(way.query, kept)


def test_a_name_of_the_passage_comes_first() -> None:
    ways = proposed_exceptions(
        rule("kalifa*"), CONCEPTS, "Het oude kalifaat van Cordoba bloeide eeuwenlang."
    )

    assert ways[0].query == "kalifa* EXCEPT (kalifaat NEAR/2 cordoba)"
    assert len({way.query for way in ways}) == len(ways) > 1


def test_an_abbreviation_stays_one() -> None:
    ways = proposed_exceptions(rule("=IS"), CONCEPTS, "Een lens van Canon met IS is handig.")

    assert ways[0].query == "=IS EXCEPT (canon NEAR/2 ==IS)"


@pytest.mark.parametrize("table", PACK["rule"], ids=lambda table: table["id"])
def test_rules_of_the_shipped_pack_get_exceptions_that_hold(table: dict[str, object]) -> None:
    concepts = Concepts(PACK["concepts"])
    values = {**table, "text": table["query"]}
    del values["query"]
    held = rule_of(concepts=concepts, **values)  # type: ignore[arg-type]  # as the file has it
    passage = f"Museum Waterhoek toont: {held.must_match[0]}"

    for way in proposed_exceptions(held, concepts, passage, most=2):
        assert " EXCEPT (" in way.query


def test_a_passage_without_words_or_without_hits_gets_none() -> None:
    assert proposed_exceptions(rule("kalifa*"), CONCEPTS, "") == []
    assert proposed_exceptions(rule("kalifa*"), CONCEPTS, "Iets heel anders.") == []
