"""Rules written in a real browser, with script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_window import window
from deliverydesk import Desk
from page_newsroom import HOSTILE, desk_at_work
from playwright.sync_api import Browser, expect
from served_page import Visitor


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[tuple[Visitor, Desk, Path]]:
    """A desk at work with two stories more, of which one has a hostile title."""
    with desk_at_work(tmp_path) as (visitor, desk):
        desk.publish(
            "Wolf bijt schaap", "Een wolf is gezien bij het kalifaat van Cordoba.", number=2
        )
        desk.publish(HOSTILE, f"Een wolf {HOSTILE}.", number=3)
        desk.match()
        yield visitor, desk, tmp_path / "rules.toml"


def test_what_a_rule_finds_is_shown_while_it_is_typed_and_a_saved_one_is_undone_with_a_click(
    browser: Browser, at_work: tuple[Visitor, Desk, Path]
) -> None:
    visitor, _, path = at_work
    before = path.read_bytes()
    with window(browser, of=visitor) as opened:
        page = opened.page
        page.goto(f"{visitor.url}/rules")
        page.get_by_role("link", name="Nieuwe regel").click()

        # when somebody types a query, its fault stands at its place
        page.locator("#query").press_sequentially("wolf schaap")
        expect(page.locator("#fault-query")).to_contain_text("geen operator tussen")
        expect(page.locator("mark.wrong")).to_have_text("schaap")

        # and once it is mended, what it finds
        page.locator("#query").fill("wolf AND schaap")
        expect(page.locator("#fault-query .fault")).to_have_count(0)
        expect(page.locator("#preview .found li")).to_have_count(1)
        expect(page.locator("#preview")).to_contain_text("1 stuk")
        page.locator("#name").fill("Wolven en schapen")
        page.locator("textarea[name=must_match]").first.fill("Lam alleen")
        expect(page.locator("#fault-must_match")).to_contain_text("de regel vindt")
        page.locator("textarea[name=must_match]").first.fill("Wolf bijt schaap")
        expect(page.locator("#fault-must_match .fault")).to_have_count(0)

        # then it is saved and undone
        page.get_by_role("button", name="Bewaar").click()
        expect(page.locator(".toast")).to_contain_text("Wolven en schapen")
        assert b'id = "wolven-en-schapen"' in path.read_bytes()
        page.get_by_role("button", name="Ongedaan maken").click()
        expect(page.locator(".toast")).to_contain_text("Teruggedraaid")
        assert path.read_bytes() == before
        assert opened.complaints == []


@pytest.mark.slow
def test_a_rule_is_written_tried_and_saved_without_script(
    browser: Browser, at_work: tuple[Visitor, Desk, Path]
) -> None:
    visitor, _, path = at_work
    with window(browser, of=visitor, script=False) as plain:
        page = plain.page
        page.goto(f"{visitor.url}/rules/kalifaat/edit")
        page.locator("#query").fill("kalifa* AND\n(cordoba OR baghuz")
        page.get_by_role("button", name="Probeer", exact=True).click()
        expect(page.locator("#fault-query")).to_contain_text("dit haakje is niet gesloten")
        page.locator("#query").fill("kalifa* AND\n(cordoba OR baghuz)")
        page.get_by_role("button", name="Probeer", exact=True).click()
        expect(page.locator("#preview")).to_contain_text("2 stukken")
        page.get_by_role("button", name="Bewaar").click()
        expect(page.locator(".toast")).to_contain_text("bewaard")
        assert "query = '''\nkalifa* AND\n(cordoba OR baghuz)\n'''" in path.read_text("utf-8")
        page.get_by_role("button", name="Ongedaan maken").click()
        assert 'query = "kalifa* OR baghuz"' in path.read_text("utf-8")


@pytest.mark.slow
def test_a_story_that_is_not_relevant_changes_its_rule(
    browser: Browser, at_work: tuple[Visitor, Desk, Path]
) -> None:
    visitor, _, path = at_work
    with window(browser, of=visitor, script=False) as plain:
        page = plain.page
        page.goto(f"{visitor.url}/?q=cordoba")
        page.locator(".story h3 a").click()
        page.locator(".unwanted a").click()
        expect(page.locator("#query")).to_have_value(re.compile(r"EXCEPT \(.*cordoba.*\)"))
        expect(page.locator("#preview")).to_contain_text("1 eraf")
        page.get_by_role("button", name="Bewaar").click()
        expect(page.locator(".toast")).to_be_visible()
        text = path.read_text("utf-8")
        assert "EXCEPT (" in text
        assert '"Een wolf is gezien bij het kalifaat van Cordoba."' in text


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_a_draft_is_tried_on_the_whole_archive_and_written_on(
    browser: Browser, at_work: tuple[Visitor, Desk, Path], *, script: bool
) -> None:
    visitor, _, _ = at_work
    with window(browser, of=visitor, script=script) as opened:
        page = opened.page
        page.goto(f"{visitor.url}/rules/kalifaat/edit")
        page.locator("#query").fill("wolf")
        page.get_by_role("button", name="hele archief").click()
        expect(page.locator("#trial")).to_contain_text(
            "Treffers: 2 van 3 artikelen", timeout=30_000
        )
        page.get_by_role("button", name="Verder met de regel").click()
        expect(page.locator("#query")).to_have_value("wolf")
        assert opened.complaints == []


@pytest.mark.slow
def test_the_editor_fits_a_phone_and_a_hostile_title_does_nothing_there(
    browser: Browser, at_work: tuple[Visitor, Desk, Path]
) -> None:
    visitor, _, _ = at_work
    with window(browser, of=visitor, width=375) as phone:
        page = phone.page
        page.goto(f"{visitor.url}/rules/new")
        page.locator("#query").fill("wolf")
        expect(page.locator("#preview .found li")).to_have_count(2)
        assert phone.width_of_content() <= 375
        page.goto(f"{visitor.url}/rules/kalifaat/edit")
        assert phone.width_of_content() <= 375
        page.goto(f"{visitor.url}/backtest")
        assert phone.width_of_content() <= 375
        assert phone.complaints == []
