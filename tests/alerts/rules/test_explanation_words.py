"""An explanation in each language: the same parts, in its words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter

import making
from hypothesis import given

from alerts.document import Document
from alerts.query import Concepts
from alerts.rules import Part, explain, rule_of

ARTICLE = Document(title="Val van Baghouz", body="Het kalifaat is voorbij.", outlet="NOS")


def words_in(language: str) -> Mapping[str, str]:
    data = files("alerts.rules").joinpath(f"{language}.toml").read_text("utf-8")
    return dict(tomllib.loads(data)["explanation"])


def shape_of(part: Part) -> tuple[object, ...]:
    return part.fits, part.absent, tuple(map(shape_of, part.parts))


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    english, dutch = words_in("en"), words_in("nl")

    assert english.keys() == dutch.keys()
    for name, text in english.items():
        places = {field for _, field, *_ in Formatter().parse(text) if field}
        assert places == {field for _, field, *_ in Formatter().parse(dutch[name]) if field}


@given(making.SEEDS)
def test_a_language_changes_nothing_but_the_words(rng: making.random.Random) -> None:
    rule = rule_of(id="r", text=making.query(rng), concepts=Concepts(making.CONCEPTS))
    document = making.document(rng)

    assert shape_of(explain(rule, document)) == shape_of(explain(rule, document, "nl"))


def test_a_desk_reads_it_in_dutch() -> None:
    rule = rule_of(id="val", text="kalifaat AND title:raqqa NOT (baghouz NEAR/2 val)")

    part = explain(rule, ARTICLE, "nl")

    assert part.words == "al deze, waarvan er 2 niet kloppen"
    assert [each.words for each in part.parts] == [
        'kalifaat: "kalifaat" in de tekst',
        "in kop: raqqa: niet gevonden",
        "NOT (baghouz NEAR/2 val): gevonden",
    ]
