"""Pages on any screen: zoomed in, in the dark, and without a word to anybody else."""

from __future__ import annotations

from urllib.parse import urlsplit

from browser_window import window
from page_newsroom import PAGES
from playwright.sync_api import Browser, expect
from served_page import Visitor

ALL = (*PAGES, "/search?q=kalifaat", "/rules/kalifaat", "/keys")
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def test_a_page_asks_nobody_else_for_anything_and_interrupts_with_news_alone(
    browser: Browser, newsroom: Visitor
) -> None:
    asked, spoken = set[str | None](), {}
    with window(browser) as reading:
        page = reading.page
        page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
        for path in ALL:
            page.goto(newsroom.url + path)
            spoken[path] = page.locator("[aria-live]").count()
        page.goto(newsroom.url)
        page.locator(".story h3 a").first.click()
        expect(page.locator("article h1")).to_be_visible()

    assert asked == {"127.0.0.1"}
    assert {path for path, regions in spoken.items() if regions} == {"/"}


def test_at_twice_the_size_no_page_scrolls_sideways(browser: Browser, newsroom: Visitor) -> None:
    # A window of 1280 pixels that shows everything twice as large has room for 640.
    with window(browser, width=640) as zoomed:
        for path in ALL:
            zoomed.page.goto(newsroom.url + path)
            assert zoomed.width_of_content() <= 640, path


def test_a_reader_who_prefers_the_dark_gets_it(browser: Browser, newsroom: Visitor) -> None:
    shown = []
    for width in (1280, 375):  # by day, and in the dark
        with window(browser, width=width) as reading:
            reading.page.goto(newsroom.url)
            shown.append(reading.page.evaluate(BACKGROUND))

    assert shown == ["rgb(251, 250, 247)", "rgb(22, 23, 20)"]
