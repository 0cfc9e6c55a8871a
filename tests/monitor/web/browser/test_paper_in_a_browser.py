"""The morning paper in a real browser: on a telephone, without script, and on A4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_window import window
from paper_page import paper_page
from playwright.sync_api import Browser, expect
from served_page import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with paper_page(tmp_path_factory.mktemp("papers")) as (visitor, _, _):
        yield visitor


def test_an_editor_without_script_moves_drops_and_undoes(browser: Browser, editor: Visitor) -> None:
    with window(browser, width=375, script=False, of=editor) as opened:
        page = opened.page
        page.goto(f"{editor.url}/reviews/ochtend")
        titles = page.locator(".item h3")
        expect(titles).to_have_text(["Derde kalifaat", "Tweede kalifaat", "Eerste kalifaat"])
        assert opened.width_of_content() <= 375
        page.get_by_role("button", name="Lager").first.click()
        expect(titles).to_have_text(["Tweede kalifaat", "Derde kalifaat", "Eerste kalifaat"])
        page.get_by_role("button", name="Laat weg").first.click()
        expect(titles).to_have_text(["Derde kalifaat", "Eerste kalifaat"])
        page.get_by_role("button", name="Ongedaan maken").click()
        expect(titles).to_have_count(3)
        assert opened.complaints == []


def test_it_prints_on_a4_without_forms_and_with_its_addresses(
    browser: Browser, editor: Visitor, tmp_path: Path
) -> None:
    with window(browser, of=editor) as opened:
        page = opened.page
        page.goto(f"{editor.url}/reviews/ochtend")
        assert Axe().run(page).violations_count == 0
        page.emulate_media(media="print")
        expect(page.locator(".item .address").first).to_be_visible()
        for hidden in ("header.top", ".item .do", ".editor", ".note"):
            expect(page.locator(hidden).first).to_be_hidden()
        file = tmp_path / "krant.pdf"
        page.pdf(path=file, prefer_css_page_size=True)
        assert b"/MediaBox [0 0 594.9" in file.read_bytes()
