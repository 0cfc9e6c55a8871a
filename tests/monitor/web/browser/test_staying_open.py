"""A page that stays open all day: what it counts stays true, and it says when nobody answers."""

from __future__ import annotations

from pathlib import Path

from browser_window import window
from page_newsroom import context_in, desk_at_work, desk_in
from playwright.sync_api import Browser, Page, expect

from monitor.web import PageServer, page_app


def come_back(page: Page) -> None:
    """Let the page do what it does each minute, and when its tab is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_how_much_a_silence_would_hide_is_counted_as_it_is_chosen_and_as_time_goes(
    browser: Browser, tmp_path: Path
) -> None:
    with desk_at_work(tmp_path) as (visitor, desk), window(browser, of=visitor) as reading:
        page = reading.page
        page.goto(f"{visitor.url}/silences?rule=kalifaat")
        counted = page.locator("#would-hide")
        expect(counted).to_contain_text("1 die nu op hun beurt wachten")

        # given a reason half written
        page.locator("input[name=reason]").fill("verga")
        page.locator("select[name=channel]").select_option("scherm")

        # when more waits
        desk.publish("Een ander kalifaat", "Een heel ander stuk over een kalifaat.", number=2)
        desk.match()
        come_back(page)

        expect(counted).to_contain_text("2 die nu op hun beurt wachten")
        expect(page.locator("input[name=reason]")).to_have_value("verga")
        assert reading.complaints == []


def test_a_page_that_nobody_answers_any_more_says_so(browser: Browser, tmp_path: Path) -> None:
    desk_in(tmp_path).writer.close()
    context = context_in(tmp_path)
    server = PageServer(lambda closing: page_app(context, closing=closing), ("127.0.0.1", 0))
    server.start()
    with window(browser) as reading:
        page = reading.page
        page.goto(f"{server.wait().url}/rules")
        health = page.locator("#health")
        expect(health).to_contain_text("er loopt geen bewaking")

        server.stop()
        come_back(page)

        expect(health).to_contain_text("geen verbinding met Nieuwswacht")
