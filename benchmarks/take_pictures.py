"""Takes the pictures of the page in the README and in docs/page.md, from the demonstration.

    python benchmarks/take_pictures.py [FOLDER]

It needs Chromium. Without FOLDER the pictures go where they belong, to docs/pictures.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from monitor.context import Context
from monitor.demo.day import NEWS_AGE, play
from monitor.demo.newsroom.newsroom import Newsroom
from monitor.web import PageServer, page_app

PLACE = Path(__file__).parent.parent / "docs" / "pictures"
WIDE, TALL = {"width": 1200, "height": 760}, {"width": 390, "height": 760}


def main(place: Path) -> None:
    """Play the demonstration, serve the page over it, and take a picture of each main page."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context = Context(config_dir=folder, quiet=True)
        with Newsroom(now=context.now() - NEWS_AGE) as newsroom:
            play(folder, newsroom, context.progress)
        played = Context(config_dir=folder / "config", db=folder / "nieuwswacht.db")
        server = PageServer(lambda closing: page_app(played, closing=closing), ("127.0.0.1", 0))
        server.start()
        try:
            take(server.wait().url, place)
        finally:
            server.stop()


def take(url: str, place: Path) -> None:
    """Take the pictures of the page at this address."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        picture(browser, url, place / "timeline.png")
        picture(browser, url, place / "telephone.png", tall=True)
        picture(browser, url, place / "story.png", click=".story h3 a")
        picture(browser, f"{url}/rules", place / "rule.png", click=".card h2 a")
        picture(browser, f"{url}/sources", place / "sources.png")
        browser.close()


def picture(
    browser: Browser, address: str, file: Path, *, tall: bool = False, click: str = ""
) -> None:
    """One page as it shows at first, or what a click on it leads to."""
    size = TALL if tall else WIDE
    context = browser.new_context(viewport=size, color_scheme="dark" if tall else "light")
    page = context.new_page()
    page.goto(address)
    if click:
        page.locator(click).first.click()
        page.wait_for_load_state()
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE)
