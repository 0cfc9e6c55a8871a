"""Changing things in a real browser: by keys without a move, and without any script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_window import window
from deliverydesk import Desk, failing
from page_newsroom import desk_at_work
from playwright.sync_api import Browser, Locator, Page, expect
from served_page import Visitor

from alerts.outcome import Outcome


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk]]:
    """A page that may change things, over three stories."""
    with desk_at_work(tmp_path) as (visitor, desk):
        desk.publish("Een ander kalifaat", "Een heel ander stuk over een kalifaat.", number=2)
        desk.publish("Kamer over kalifaat", "De Kamer debatteert over het kalifaat.", number=3)
        desk.match()
        yield visitor, desk


def headlines(page: Page) -> list[str]:
    return page.locator(".story h3").all_inner_texts()


def toast(page: Page) -> Locator:
    return page.locator("form.toast")


def test_by_keys_a_row_changes_in_its_place_and_each_change_is_undone(
    browser: Browser, at_work: tuple[Visitor, Desk]
) -> None:
    visitor, _ = at_work
    with window(browser, of=visitor) as desk_window:
        page = desk_window.page
        page.goto(f"{visitor.url}/?mark=unseen")
        before, keys = headlines(page), page.keyboard

        # when the second story is starred and marked as seen by keys
        for key in "jjs":
            keys.press(key)
        row = page.locator(".story.here")
        expect(row.locator("h3")).to_have_text(before[1])
        expect(row.locator("[data-key=s]")).to_have_attribute("aria-pressed", "true")
        keys.press("m")
        expect(page.locator(".story.here.seen h3")).to_have_text(before[1])

        # then nothing has moved, and `u` takes the last change back
        assert headlines(page) == before
        assert page.url.endswith("/?mark=unseen")
        keys.press("u")
        expect(toast(page)).to_contain_text("Teruggedraaid")
        expect(page.locator(".story.seen")).to_have_count(0)
        expect(row.locator("[data-key=s]")).to_have_attribute("aria-pressed", "true")

        # and all that the page shows is marked at once, still without a move
        page.locator("form.all button").click()
        expect(page.locator(".story.seen")).to_have_count(3)
        assert headlines(page) == before
        page.reload()
        expect(page.locator(".story")).to_have_count(0)
        assert desk_window.complaints == []


@pytest.mark.slow
def test_keys_are_listed_silent_in_a_field_and_turned_off_by_one_switch(
    browser: Browser, at_work: tuple[Visitor, Desk]
) -> None:
    visitor, _ = at_work
    with window(browser, of=visitor) as desk_window:
        page = desk_window.page
        page.goto(visitor.url)
        keys = page.keyboard
        keys.press("/")
        keys.type("js?")
        expect(page.locator("input[name=q]")).to_have_value("js?")
        expect(page.locator(".story.here")).to_have_count(0)
        page.locator("input[name=q]").blur()

        keys.press("?")
        expect(page.locator("dialog dt")).to_have_count(15)
        page.locator("dialog [data-switch]").uncheck()
        keys.press("Escape")
        keys.press("j")
        keys.press("?")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator(".story.here")).to_have_count(0)

        page.locator("footer a").click()
        page.locator("main [data-switch]").check()
        for places in (("g", "r", "/rules"), ("g", "d", "/deliveries"), ("g", "s", "/sources")):
            keys.press(places[0])
            keys.press(places[1])
            page.wait_for_url(f"**{places[2]}")
        keys.press("g")
        keys.press("t")
        expect(page.locator(".story")).to_have_count(3)
        keys.press("j")
        keys.press("w")
        page.wait_for_url("**/stories/*#why")
        assert desk_window.complaints == []


def test_a_review_shows_one_story_at_a_time_until_all_have_been_seen(
    browser: Browser, at_work: tuple[Visitor, Desk]
) -> None:
    visitor, desk = at_work
    with window(browser, of=visitor) as desk_window:
        page, keys = desk_window.page, desk_window.page.keyboard
        page.goto(visitor.url)
        titles = headlines(page)
        page.locator(".title a").click()
        heading = page.locator("h1")
        expect(heading).to_have_text(titles[0])

        # when one goes on, back, and decides
        keys.press("j")
        expect(heading).to_have_text(titles[1])
        keys.press("k")
        expect(heading).to_have_text(titles[0])
        keys.press("m")
        expect(heading).to_have_text(titles[1])
        expect(page.locator(".progress")).to_contain_text("1 van 3")
        keys.press("s")
        expect(page.locator("[data-key=s]")).to_have_attribute("aria-pressed", "true")
        expect(heading).to_have_text(titles[1])

        # then news begins no story within it, and the end is said
        desk.publish("Proces", "De rechtbank doet in mei uitspraak over het kalifaat.", number=4)
        desk.match()
        keys.press("m")
        expect(heading).to_have_text(titles[2])
        expect(page.locator(".progress")).to_contain_text("2 van 3")
        keys.press("m")
        expect(heading).to_have_text("Alles hiervan is gezien")
        keys.press("u")
        expect(page.locator(".progress")).to_contain_text("2 van 3")
        assert desk_window.complaints == []


@pytest.mark.slow
def test_every_form_works_without_script(browser: Browser, at_work: tuple[Visitor, Desk]) -> None:
    visitor, _ = at_work
    with window(browser, of=visitor, script=False) as plain:
        page = plain.page

        def said(words: str) -> None:
            expect(toast(page)).to_contain_text(words)

        # marks on the timeline, each with its way back
        page.goto(visitor.url)
        first = page.locator(".story").first
        first.locator("[data-key=s]").click()
        said("Met ster.")
        toast(page).locator("button").click()
        said("Teruggedraaid.")
        first.locator("[data-key=m]").click()
        said("Gezien.")
        page.locator("form.all button").click()
        said("3 verhalen gezien.")
        toast(page).locator("button").click()
        expect(page.locator(".story.seen")).to_have_count(1)

        # a note, and a review
        page.locator(".title a").click()
        page.get_by_role("button", name="Gezien, volgende").click()
        said("Gezien.")
        page.goto(visitor.url)
        first.locator("h3 a").click()
        page.locator("textarea").fill("Bel de woordvoerder")
        page.get_by_role("button", name="Bewaar notitie").click()
        said("Notitie bewaard.")
        expect(page.locator("textarea")).to_have_value("Bel de woordvoerder")

        # a silence from the story, with how much it hides
        page.locator("[data-key=x]").click()
        expect(page.locator("select[name=rule]")).to_have_value("kalifaat")
        expect(page.locator("form.panel")).to_contain_text("die nu op hun beurt wachten")
        page.get_by_role("button", name="Toon hoeveel").click()
        page.locator("input[name=reason]").fill("vergadering")
        page.locator("select[name=for]").select_option("4h")
        page.get_by_role("button", name="Houd stil").click()
        said("Stil tot ")
        page.goto(f"{visitor.url}/silences")
        page.get_by_role("button", name="Beëindig").click()
        said("De stilte is voorbij.")

        assert plain.complaints == []


@pytest.mark.slow
def test_messages_are_sent_again_without_script(
    browser: Browser, at_work: tuple[Visitor, Desk]
) -> None:
    visitor, desk = at_work
    desk.channels[0].script = [failing(Outcome.MESSAGE_REJECTED)] * 2
    desk.clock.forward(minutes=5)
    desk.send()
    with window(browser, of=visitor, script=False) as plain:
        page = plain.page
        page.goto(f"{visitor.url}/deliveries?state=dead")
        page.get_by_role("button", name="Opnieuw").first.click()
        expect(toast(page)).to_contain_text("Gaat over een halve minuut uit")
        toast(page).locator("button").click()
        page.goto(f"{visitor.url}/untold")
        page.get_by_role("button", name="Alsnog melden").first.click()
        expect(toast(page)).to_contain_text("Gaat over een halve minuut uit")
        page.goto(f"{visitor.url}/deliveries")
        page.get_by_role("button", name="Stuur een proefbericht").click()
        expect(toast(page)).to_contain_text("Het proefbericht is onderweg")

        assert plain.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [375, 1280])
def test_what_can_be_changed_is_for_every_reader(
    browser: Browser, at_work: tuple[Visitor, Desk], width: int
) -> None:
    visitor, _ = at_work
    visitor.send("/silences", rule="kalifaat", channel="", reason="oefening", **{"for": "1h"})
    paths = ("/", "/review", "/silences", "/deliveries", "/untold", "/keys")
    with window(browser, width=width, of=visitor) as reading:
        for path in paths:
            reading.page.goto(visitor.url + path)
            expect(toast(reading.page)).to_be_visible()
            assert reading.width_of_content() <= width, path
            expect(reading.page.locator("h1")).to_have_count(1)
            found = Axe().run(reading.page)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"

        assert reading.complaints == []
