"""Every page, without data, with the demonstration and under hostile titles, for every reader."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from deliverydesk import BAGHUZ
from page_newsroom import HOSTILE, PAGES, context_in, desk_in
from playwright.sync_api import Browser, Page
from served_page import AtWork, Visitor, served

from crawler.clock import utc_now
from monitor.context import Context
from monitor.health import Vitals

pytestmark = pytest.mark.slow

TELEPHONE, DESKTOP = 375, 1280
MORE = (
    *("/trends?days=365&what=articles", "/search?q=kalifaat", "/search?q=kalifat", '/search?q="'),
    *("/?q=kalifaat&told=-told", "/rules/new", "/login", "/stories/none"),
)
# Where one gets by a click: a page, and what to click there.
LINKS = (
    ("/", ".story h3 a"),
    ("/rules", ".card h2 a"),
    ("/sources", "table.sources td a"),
    ("/trends", "table.shares td a"),
)
SOURCES = f"""
[[source]]
id = "nos"
outlet = {HOSTILE!r}
kind = "feed"
url = "https://nos.example/rss"
note = {"lang" * 50!r}
"""


@contextlib.contextmanager
def empty(folder: Path) -> Iterator[Visitor]:
    """A page over an archive in which nothing is."""
    desk_in(folder).writer.close()
    with served(context_in(folder, rules="")) as visitor:
        yield visitor


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[Visitor]:
    """A page over the demonstration, which a process of its own has played."""
    played = [sys.executable, "-m", "monitor", "demo", "--keep", str(folder)]
    subprocess.run(played, check=True, capture_output=True)
    with served(Context(config_dir=folder / "config", db=folder / "nieuwswacht.db")) as visitor:
        yield visitor


@contextlib.contextmanager
def hostile(folder: Path) -> Iterator[Visitor]:
    """A page at which one may change things, over news of three days under hostile titles."""
    desk = desk_in(folder)
    desk.clock.forward(days=-2)
    for number, outlet in enumerate((HOSTILE, "Peilpunt", "lang" * 60)):
        title, text = f"{HOSTILE} {'aaaa' * 40} {number}", f"Kalifaat {HOSTILE} {BAGHUZ[number:]}"
        desk.publish(title, text, number=number, outlet=outlet)
        desk.match()
        desk.clock.forward(minutes=5)
        desk.send()
        desk.publish(title, f"{text} Nog een kalifaat.", number=number, outlet=outlet)
        desk.clock.now = min(utc_now(), desk.clock.forward(days=1))
    desk.match()
    context = context_in(folder)
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    daemon = AtWork(desk.writer, [channel.plan for channel in desk.channels])
    with served(context, Vitals(desk.writer, desk.clock), daemon) as visitor:
        yield visitor.enter(context)
    desk.writer.close()


@contextlib.contextmanager
def reader(browser: Browser, visitor: Visitor, width: int, complaints: list[str]) -> Iterator[Page]:
    """A browser with the visitor's cookies, which writes down what it complains of."""
    dark = "dark" if width == TELEPHONE else "light"
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=dark)
    context.add_cookies(
        [
            {"name": name, "value": value, "url": visitor.url}
            for name, value in visitor.cookies.items()
        ]
    )
    page = context.new_page()
    page.on(
        "console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text)
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    yield page
    context.close()


def addresses(page: Page, visitor: Visitor) -> Iterator[str]:
    """Yield each address, and open it."""
    for path in (*PAGES, *MORE):
        page.goto(visitor.url + path)
        yield path
    for path, link in LINKS:
        page.goto(visitor.url + path)
        if page.locator(link).count():
            page.locator(link).first.click()
            page.wait_for_load_state()
            yield f"{path} {link}"


@pytest.mark.parametrize(
    ("newsroom_of", "widths"),
    [(empty, [DESKTOP]), (demo, [TELEPHONE, DESKTOP]), (hostile, [TELEPHONE])],
)
def test_every_page_can_be_read_by_everybody_and_does_nothing_that_a_title_says(
    browser: Browser,
    tmp_path: Path,
    newsroom_of: Callable[[Path], contextlib.AbstractContextManager[Visitor]],
    widths: list[int],
) -> None:
    complaints: list[str] = []
    found = {}
    with newsroom_of(tmp_path) as visitor:
        for width in widths:
            with reader(browser, visitor, width, complaints) as page:
                for address in addresses(page, visitor):
                    found[address, width] = barriers(page, width)

    assert {address: told for address, told in found.items() if told} == {}
    # The browser itself writes a line about a page that is not there, or for others alone.
    assert [said for said in complaints if not re.search("status of 40[34]", said)] == []


def barriers(page: Page, width: int) -> list[str]:
    """What keeps somebody from reading this page."""
    wide, heads = page.evaluate("document.documentElement.scrollWidth"), page.locator("h1").count()
    told = [f"{wide} pixels wide"] if wide > width else []
    told += [] if heads == 1 else [f"{heads} first headings"]
    return told + [
        f"{each['id']}: {node['html'][:200]}"
        for each in Axe().run(page).response["violations"]
        for node in each["nodes"][:3]
    ]
