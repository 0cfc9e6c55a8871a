"""What each page shows, of a small desk with news and of one without any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import article, open_desk
from page_newsroom import PAGES, RULES, context_in, newsroom_in
from served_page import Visitor, served


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with newsroom_in(tmp_path_factory.mktemp("page")) as visitor:
        yield visitor


def story_of(visitor: Visitor) -> str:
    page = visitor.get("/?outlet=NOS").text
    return page.partition('href="/stories/')[2].partition('"')[0]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_stands_without_any_news(tmp_path: Path, path: str, language: str) -> None:
    open_desk(tmp_path / "nieuws.db").writer.close()
    with served(context_in(tmp_path, web=f'language = "{language}"', rules="")) as visitor:
        page = visitor.get(path)

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_with_news(newsroom: Visitor, path: str) -> None:
    page = newsroom.get(path)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert 'aria-current="page"' in page.text


def test_a_story_is_one_row_with_what_was_found_and_who_was_told(newsroom: Visitor) -> None:
    page = newsroom.get("/?outlet=NOS").text

    assert page.count('class="story"') == 1
    assert "Laatste bolwerk gevallen" in page
    assert "<bdi>Peilpunt</bdi>" in page
    assert "<mark>kalifaat</mark>" in page
    assert "Val van het kalifaat" in page
    assert 'class="chip urgent"' in page


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", 2),
        ("/?rule=kalifaat", 2),
        ("/?rule=-kalifaat", 0),
        ("/?outlet=Peilpunt", 1),
        ("/?outlet=-NOS", 1),
        ("/?told=told", 2),
        ("/?told=-told", 0),
        ("/?since=3d", 2),
        ("/?until=2020-01-01", 0),
        ("/?since=2020-01-01&until=2100-01-01", 2),
        ("/?q=eufraat", 1),
        ("/?q=eufraat&outlet=-NOS", 0),
        ("/?state=changed", 1),
        ("/?before=1", 0),
        ("/?before=nonsense&since=nonsense&rule=nonsense", 0),
    ],
)
def test_every_view_of_the_timeline_is_an_address(
    newsroom: Visitor, address: str, shown: int
) -> None:
    page = newsroom.get(address)

    assert page.status_code == 200
    assert page.text.count('class="story"') == shown


def test_a_story_shows_its_text_its_members_its_versions_and_its_messages(
    newsroom: Visitor,
) -> None:
    page = newsroom.get(f"/stories/{story_of(newsroom)}").text

    assert "<mark>kalifaat</mark> gevallen, melden de Syrische" in page
    assert 'href="https://peilpunt.example/artikel/2" rel="noreferrer noopener nofollow"' in page
    assert "nieuw verhaal" in page
    assert "1..2" in page
    assert re.search(r'aria-label="klopt">✓</span> <bdi>baghuz: .*?in de tekst', page)


def test_a_revision_shows_the_sentence_that_changed(newsroom: Visitor) -> None:
    story = newsroom.get(f"/stories/{story_of(newsroom)}").text
    address = story.partition('href="/articles/')[2].partition('"')[0]

    page = newsroom.get(f"/articles/{address}").text

    assert "<del>Duizenden</del>" in page
    assert "<ins>Tienduizenden</ins>" in page


def test_a_search_takes_plain_words_and_the_language_of_the_rules(newsroom: Visitor) -> None:
    for q in ("vrouwen kinderen", '"vrouwen en kinderen"', "kalif* NOT ander"):
        page = newsroom.get(f"/search?q={q}")
        assert page.text.count('class="story"') == 2, q
    assert "Niets gevonden" in newsroom.get("/search?q=cordoba").text
    fault = newsroom.get("/search?q=a NEAR b")
    assert (fault.status_code, 'role="alert"' in fault.text) == (200, True)


@pytest.mark.parametrize("path", [*PAGES[:-1], "/search?q=kalifaat"])
def test_a_hostile_headline_is_text_and_nothing_else(newsroom: Visitor, path: str) -> None:
    page = newsroom.get(path).text

    assert "<script>" not in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "path", ["/stories/none", "/articles/none", "/articles/none/revisions/1..2", "/nowhere"]
)
def test_what_is_not_there_is_said_to_be_missing(newsroom: Visitor, path: str) -> None:
    assert newsroom.get(path).status_code == 404


def test_a_refused_rule_stands_first_with_its_fault(tmp_path: Path) -> None:
    open_desk(tmp_path / "nieuws.db").writer.close()
    broken = RULES + '[[rule]]\nid = "stuk"\nquery = "a b"\nchannels = ["scherm"]\n'
    with served(context_in(tmp_path, rules=broken)) as visitor:
        page = visitor.get("/rules").text

    assert page.index("Regel stuk is geweigerd") < page.index("Val van het kalifaat")
    assert "geen operator tussen" in page


def test_an_article_leads_to_its_story(newsroom: Visitor) -> None:
    name = article(number=1).id

    answer = newsroom.get(f"/articles/{name}")

    assert answer.status_code == 307
    assert answer.headers["Location"] == f"/stories/{story_of(newsroom)}"


@pytest.mark.parametrize("asked", ["until=9999-12-31", "since=0001-01-01", "since=9999d"])
def test_no_day_is_too_far_away_to_be_asked_for(newsroom: Visitor, asked: str) -> None:
    assert newsroom.get(f"/?{asked}").status_code == 200
