"""A separate article that corrects an earlier one of its outlet belongs to the story of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from story_corpus import START, Piece

from crawler.stories.rectifications import is_rectification

DAY = timedelta(days=1)
Save = Callable[..., str]

WRONG = Piece(
    slug="manbij",
    title="Twaalf doden bij aanslag op markt in Manbij",
    lead="Bij een aanslag op een markt in Manbij zijn volgens de politie twaalf mensen gedood.",
    body=("De bom stond in een kar met meloenen. Burgemeester Hamid Oso spreekt van een ramp.",),
)
OTHER = Piece(
    slug="kobane",
    title="Markt in Kobane na jaren weer open",
    lead="In Kobane is de markt geopend die in de oorlog was verwoest.",
    body=("Burgemeester Rojin Demir knipte een lint door.",),
)


def rectification(title: str, text: str) -> Piece:
    return Piece(slug="rectificatie", title=title, lead=text, body=())


@pytest.mark.parametrize(
    "title",
    [
        "Rectificatie: aanslag Manbij",
        "Rectificatie aanslag Manbij",
        "RECTIFICATIE",
        "Correctie (2): aanslag Manbij",
        "Correctie - aanslag Manbij",
        "Correctie",
        "Correctie (12 mei 2026): aanslag Manbij",
        "Correction 3 Oct. 2026: attack in Manbij",
    ],
)
def test_a_headline_says_that_its_article_corrects_another(title: str) -> None:
    assert is_rectification(title)


@pytest.mark.parametrize(
    "title",
    [
        "Correctie op de huizenmarkt zet door",
        "Correctie 12 procent: huizenmarkt zet door",
        "Omroep plaatst rectificatie",
        "Correct!",
    ],
)
def test_a_headline_about_corrections_is_none(title: str) -> None:
    assert not is_rectification(title)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Rectificatie: aanslag Manbij",
            "Bij de aanslag op de markt vielen geen twaalf maar negen doden.",
        ),
        (
            "Rectificatie",
            "In het artikel 'Twaalf doden bij aanslag op markt in Manbij' moet staan: negen doden.",
        ),
        (
            "Correctie: Hamid Oso is geen burgemeester",
            "Hamid Oso, burgemeester in ons bericht over Manbij, is de plaatsvervanger.",
        ),
    ],
)
def test_a_rectification_joins_the_story_of_what_its_outlet_had_wrong(
    save: Save, title: str, text: str
) -> None:
    other = save(OTHER, "other", START, outlet="Regiopost")
    wrong = save(WRONG, "wrong", START, outlet="Regiopost")
    assert other != wrong
    assert save(rectification(title, text), "right", START + DAY, outlet="Regiopost") == wrong


def test_it_joins_the_story_of_a_wire_that_its_outlet_copied(save: Save) -> None:
    wire = save(WRONG, "wire", START, outlet="De Ochtend")
    assert save(WRONG, "copy", START, outlet="Regiopost") == wire
    right = rectification("Rectificatie: aanslag Manbij", "Er vielen negen doden.")
    assert save(right, "right", START + DAY, outlet="Regiopost") == wire


def test_a_rectification_of_another_outlet_is_a_story_of_its_own(save: Save) -> None:
    wrong = save(WRONG, "wrong", START, outlet="Regiopost")
    right = rectification("Rectificatie: aanslag Manbij", "Er vielen negen doden.")
    assert save(right, "right", START + DAY, outlet="De Ochtend") != wrong


def test_a_rectification_of_what_nobody_knows_is_a_story_of_its_own(save: Save) -> None:
    wrong = save(WRONG, "wrong", START, outlet="Regiopost")
    right = rectification("Rectificatie: brand in Goes", "De brand in Goes was in de Langestraat.")
    assert save(right, "right", START + DAY, outlet="Regiopost") != wrong


def test_an_article_that_corrects_nothing_is_not_joined_by_its_subject(save: Save) -> None:
    wrong = save(WRONG, "wrong", START, outlet="Regiopost")
    more = rectification("Aanslag Manbij: stad rouwt", "Manbij rouwt om de doden van de markt.")
    assert save(more, "more", START + DAY, outlet="Regiopost") != wrong
