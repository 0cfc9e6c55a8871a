"""The pages in a real browser: on a phone, in the dark, without script, under hostile headlines."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_window import window
from page_newsroom import PAGES, context_in, desk_in
from playwright.sync_api import Browser, expect
from served_page import Visitor, served


def test_no_page_scrolls_sideways_on_a_phone_or_lets_a_hostile_headline_do_anything(
    browser: Browser, newsroom: Visitor
) -> None:
    with window(browser, width=375) as phone:
        for path in (*PAGES, "/search?q=kalifaat"):
            phone.page.goto(newsroom.url + path)
            assert phone.width_of_content() <= 375, path
            expect(phone.page.locator("h1")).to_have_count(1)

        assert phone.complaints == []


def test_the_timeline_is_filtered_and_read_without_script(
    browser: Browser, newsroom: Visitor
) -> None:
    with window(browser, script=False) as plain:
        page = plain.page
        page.goto(newsroom.url)
        expect(page.locator(".story")).to_have_count(2)

        page.locator("input[name=q]").fill("eufraat NOT ander")
        page.locator("form.filters button").click()
        expect(page.locator(".story")).to_have_count(1)
        assert "q=eufraat" in page.url

        page.locator(".story h3 a").click()
        expect(page.locator("article h1")).to_contain_text("Laatste bolwerk gevallen")
        expect(page.locator("mark").first).to_be_visible()

        assert plain.complaints == []


def test_news_is_a_bar_that_is_clicked_and_nothing_moves_before(
    browser: Browser, tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    desk.publish("Laatste bolwerk gevallen", number=1)
    desk.match()
    with served(context_in(tmp_path)) as visitor, window(browser) as reading:
        page = reading.page
        page.goto(visitor.url)
        expect(page.locator(".story")).to_have_count(1)
        # A deferred one that comes late comes after htmx has begun, which then hears of nothing.
        expect(page.locator("script[src*=vendor][defer]")).to_have_count(0)

        desk.publish("Een ander kalifaat", "Een heel ander stuk over een kalifaat.", number=2)
        desk.match()
        expect(page.locator("a.news")).to_have_text("1 verhaal is nieuw of bijgewerkt")
        expect(page.locator(".story")).to_have_count(1)
        page.locator("a.news").click()
        expect(page.locator(".story")).to_have_count(2)
        expect(page.locator("a.news")).to_have_count(0)

        assert reading.complaints == []
    desk.writer.close()


@pytest.mark.slow
def test_the_first_tab_stop_leads_past_the_menu(browser: Browser, newsroom: Visitor) -> None:
    with window(browser) as keyboard:
        for path in PAGES:
            keyboard.page.goto(newsroom.url + path)
            if path != "/search":  # there one can type at once
                keyboard.page.keyboard.press("Tab")
                expect(keyboard.page.locator(".skip")).to_be_focused()
