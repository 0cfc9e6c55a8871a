"""What only has a background or a standing line in common stays apart; true copies do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from story_corpus import START, Piece, as_article, wires
from story_families import Family, background, court, stubs, videos

from crawler.store import ArticleStore
from crawler.stories.shingles import number_of
from crawler.stories.templates import agreement, slots

Save = Callable[..., str]
HOUR = timedelta(hours=1)
WIRES = {wire.slug: wire for wire in wires()}


def stories(save: Save, family: Family, outlets: tuple[str, ...], name: str = "") -> set[str]:
    """The stories of a family's pieces, each brought an hour after the one before."""
    return {
        save(piece, f"{name}{number}", START + number * HOUR, outlets[number % len(outlets)])
        for number, piece in enumerate(family)
    }


def test_three_court_reports_over_one_background_are_three_stories(save: Save) -> None:
    assert len(stories(save, court(), ("De Ochtend",))) == 3


def test_reports_over_one_background_are_related(archive: ArticleStore, save: Save) -> None:
    stories(save, court(), ("De Ochtend",))
    told = archive.story("art_0").id
    assert archive.related_titles(told) != []


@pytest.mark.parametrize("outlets", [("De Ochtend",), ("De Ochtend", "Regiopost")])
@pytest.mark.parametrize("middle", [False, True])
def test_no_event_is_swallowed_by_its_background(
    save: Save, outlets: tuple[str, ...], *, middle: bool
) -> None:
    rng = Random(f"{outlets} {middle}")
    for number in range(40):
        pair = background(rng, middle=middle)
        # Each pair in a fortnight of its own: wires return in several.
        at = START + number * timedelta(days=20)
        first = save(pair[0], f"a{number}", at, outlets[0])
        assert save(pair[1], f"b{number}", at + 3 * HOUR, outlets[-1]) != first


@pytest.mark.parametrize("outlet", ["De Ochtend", "Regiopost"])
def test_two_leads_with_names_of_their_own_over_one_long_background_are_two_stories(
    save: Save, wire: Piece, outlet: str
) -> None:
    vote = replace(
        wire,
        title="Statenlid Wim Roorda wil onderzoek naar bruggen",
        lead="Statenlid Wim Roorda vraagt in Zwolle om een onderzoek naar alle 43 bruggen.",
    )
    ferry = replace(
        wire,
        title="Schipper Anneke Tuin vaart nu ook 's nachts",
        lead="Schipper Anneke Tuin uit Kampen zet elke nacht 25 mensen van de zuivelfabriek over.",
    )
    story = save(vote, "1")
    assert save(ferry, "2", START + HOUR, outlet) != story


def test_a_lead_of_ones_own_with_the_names_of_the_report_makes_no_second_story(
    save: Save, wire: Piece
) -> None:
    story = save(wire, "1")
    again = replace(
        wire,
        title="Dorp maanden lang van de overkant gescheiden",
        lead="Wie van Wijngaarden naar Oudeschans wil, moet tot half november omrijden.",
    )
    assert save(again, "2", START + HOUR, "Regiopost") == story


@pytest.mark.parametrize("family", [stubs, videos])
def test_no_stub_or_film_is_swallowed_by_what_stands_under_all_of_them(
    save: Save, family: Callable[[Random], Family]
) -> None:
    rng = Random(family.__name__)
    for number in range(40):
        one, other = family(rng)
        at = START + number * timedelta(days=20)
        assert save(one, f"a{number}", at) != save(other, f"b{number}", at + HOUR)


SHORT = WIRES["kamp-hol"].with_body(WIRES["kamp-hol"].body[0])


@pytest.mark.parametrize("outlet", ["De Ochtend", "Regiopost"])
@pytest.mark.parametrize(
    ("said", "corrected"),
    [("Syrië", "Irak"), ("Dilshad Ferhan", "Dilshad Karim"), ("340", "430"), ("27", "72")],
)
def test_one_corrected_name_or_number_makes_no_second_story(
    save: Save, outlet: str, said: str, corrected: str
) -> None:
    story = save(SHORT, "1")
    texts = (SHORT.title, SHORT.lead, *SHORT.body)
    title, lead, *body = (text.replace(said, corrected) for text in texts)
    again = replace(SHORT, title=title, lead=lead).with_body(*body)
    assert again != SHORT
    assert save(again, "2", START + 2 * HOUR, outlet) == story


def test_all_numbers_brought_up_to_date_make_no_second_story(save: Save) -> None:
    def raised(text: str) -> str:
        return re.sub(r"(?<![\w.,])\d+", lambda number: str(int(number[0]) + 2), text)

    for number, wire in enumerate(WIRES.values()):
        later = replace(wire, title=raised(wire.title), lead=raised(wire.lead))
        later = later.with_body(*map(raised, wire.body))
        story = save(wire, f"a{number}")
        assert save(later, f"b{number}", START + 5 * HOUR, "Regiopost") == story


def test_a_copy_of_a_day_later_joins(save: Save, wire: Piece) -> None:
    story = save(wire, "1")
    corrected = replace(wire, lead=wire.lead.replace("negen", "elf"))
    shortened = corrected.with_body(*wire.body[:2])
    assert save(shortened, "2", START + 30 * HOUR, "Regiopost") == story


def test_a_summary_and_its_report_find_each_other_whichever_comes_first(save: Save) -> None:
    for number, wire in enumerate(WIRES.values()):
        at = START + number * HOUR
        summary = wire.with_body()
        texts = (wire, summary) if number % 2 else (summary, wire)
        first = save(texts[0], f"a{number}", at)
        assert save(texts[1], f"b{number}", at + HOUR, "Regiopost") == first


@pytest.mark.parametrize("length", [8, 20])
@pytest.mark.parametrize("headed_alike", [True, False])
def test_a_stub_before_a_wall_and_the_whole_at_another_outlet_are_one_story(
    save: Save, length: int, *, headed_alike: bool
) -> None:
    for number, wire in enumerate(WIRES.values()):
        at = START + number * timedelta(days=20)
        shown = " ".join(" ".join(wire.paragraphs).split()[:length])
        title = wire.title if headed_alike else " ".join(wire.lead.split()[:5])
        stub = replace(wire, title=title, lead=f"{shown}...").with_body()
        texts = (stub, wire) if number % 2 else (wire, stub)
        first = save(texts[0], f"a{number}", at)
        assert save(texts[1], f"b{number}", at + 3 * HOUR, "Regiopost") == first


def test_house_styles_write_one_number_and_one_name_differently() -> None:
    one = (
        "Volgens de VS zijn eenentwintig strijders van IS en 2.250 burgers om 19:42 uur vertrokken."
    )
    other = (
        "Volgens de Verenigde Staten zijn 21 strijders van Islamitische Staat en 2250 burgers "
        "om 19.42 uur vertrokken."
    )
    assert agreement(slots(one), slots(other)).differing == 0
    assert number_of("drieënnegentig") == "93"


def test_a_summary_joins_its_story_when_its_page_comes(archive: ArticleStore, wire: Piece) -> None:
    """However late, and however little the summary had in common with the report."""
    told = archive.save(as_article(wire, "1"), now=START)
    teaser = replace(wire, title="Brug dicht", lead="Forenzen zijn boos.").with_body()
    entry = replace(as_article(teaser, "2", outlet="Regiopost"), partial=True)
    summary = archive.save(entry, now=START + HOUR)
    assert summary.story != told.story

    page = replace(as_article(wire, "2", outlet="Regiopost"), first_seen=START + HOUR)
    completed = archive.save(page, now=START + timedelta(days=6))
    assert (completed.story, completed.story_new) == (told.story, False)


def test_a_completed_text_that_nobody_else_brought_keeps_its_story(
    archive: ArticleStore, wire: Piece
) -> None:
    teaser = replace(wire, title="Brug dicht", lead="Forenzen zijn boos.").with_body()
    summary = archive.save(replace(as_article(teaser, "1"), partial=True), now=START)
    completed = archive.save(as_article(wire, "1"), now=START + HOUR)
    assert (completed.story, completed.story_new) == (summary.story, False)
