"""`=IS`: the organisation, and not the verb in a passage of capitals."""

import pytest
from plain_answers import evaluate

from alerts.document import Document
from alerts.query.parser import parse

NAMED = [
    "IS",
    "Strijders van IS geven zich over.",
    "IS heeft de aanslag opgeëist.",
    "De VN en IS spreken elkaar niet.",
    "'IS' schreef hij op de muur.",
    "Volgens ‘IS’-strijders is het voorbij.",
    "IS-strijders, IS'ers en oud-IS-strijders",
    "De VS bestrijdt IS in Irak.",
    "De SDF heeft IS uit Baghouz verdreven.",
    "IS-STRIJDERS GEVEN ZICH OVER IN BAGHOUZ",
    "ANTI-IS-COALITIE BOMBARDEERT RAQQA",
    "IS'ERS OPGEPAKT IN DEN HAAG",
    "Op 12 mei 2019 verloor IS 300 man.",
]
VERB = [
    "WAT IS ER GEBEURD MET HET KALIFAAT VAN CORDOBA",
    "DIT IS HET NIEUWS",
    "WIE IS DE MOL",
    "HET IS ZOVER",
    "ZO IS HET",
    "IS DIT HET EINDE",
    "WAAR IS HIJ",
    "DAAR IS-IE DAN",
    "WAT IS 'T NUT",
    "2019 IS HET WARMSTE JAAR",
    "WAT IS U OVERKOMEN",
]


@pytest.mark.parametrize("text", NAMED)
def test_the_organisation_is_found(text: str) -> None:
    assert evaluate(parse("=IS"), Document(title=text))


@pytest.mark.parametrize("text", VERB)
def test_the_verb_in_capitals_is_not(text: str) -> None:
    assert evaluate(parse("=IS"), Document(title=text)) is None
    assert evaluate(parse("==IS"), Document(title=text))


@pytest.mark.parametrize("text", VERB)
def test_a_phrase_in_capitals_is_guarded_too(text: str) -> None:
    assert evaluate(parse('="IS"'), Document(title=text)) is None


def test_a_passage_of_capitals_ends_where_its_field_ends() -> None:
    document = Document(title="HET IS", lead="IS is verslagen")

    found = evaluate(parse("=IS"), document)

    assert found is not None
    assert [hit.field for hit in found] == ["lead"]


def test_a_row_of_numbers_is_no_reason_to_read_on_for_ever() -> None:
    assert evaluate(parse("=IS"), Document(body=("1 " * 100 + "IS ") * 2_000))
