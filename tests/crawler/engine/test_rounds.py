"""What a crawl does, with real servers and a real store: two rounds over many papers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from outlets import PARAGRAPHS, Outlet, outlets
from rounds import Told, crawled


@dataclass
class World:
    told: Told
    outlets: dict[str, Outlet]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two rounds, an hour apart."""
    with contextlib.ExitStack() as stack:
        all_of_them = {outlet.name: outlet for outlet in outlets()}
        for outlet in all_of_them.values():
            stack.enter_context(outlet.open())
        host = all_of_them["sound"].site
        all_of_them["moved"].source["elsewhere"] = host.url("/a")
        sources = []
        for name, outlet in all_of_them.items():
            given = {key: value for key, value in outlet.source.items() if key != "elsewhere"}
            url = outlet.site.url(given.pop("path", "/feed"))
            sources.append({"id": name, "outlet": name, "url": url, **given})
        directory = tmp_path_factory.mktemp("rounds")
        yield World(crawled(directory, sources, rounds=2, hours_between=1), all_of_them)


def pages_of(world: World, name: str) -> list[dict[str, Any]]:
    return [each for each in world.told.pages if each["source"] == name]


def articles_of(world: World, name: str) -> list[dict[str, Any]]:
    return [each for each in world.told.articles if each["source"] == name]


def test_articles_are_read_from_their_pages(world: World) -> None:
    # Another outlet leads to one of them, and may be read first.
    root = world.outlets["sound"].site.root
    found = [each for each in world.told.articles if each["url"].startswith(root)]

    assert len(found) == 3
    assert all(not each["partial"] and PARAGRAPHS[2] in each["body"] for each in found)


def test_robots_txt_is_asked_once_and_first(world: World) -> None:
    paths = world.outlets["sound"].site.paths()

    assert paths[:2] == ["/robots.txt", "/feed"]
    assert paths.count("/robots.txt") == 1


def test_a_poll_and_a_later_look_at_a_young_page_are_conditional(world: World) -> None:
    sound = world.outlets["sound"]

    assert "if-none-match" not in sound.asked("/b")[0].headers
    assert sound.asked("/b")[1].headers["if-none-match"].startswith('"/b-')
    assert sound.asked("/feed")[1].headers["if-none-match"].startswith('"/feed-')
    assert world.told.rounds[1]["sources"]["unchanged"] >= 1


def test_a_page_that_robots_txt_forbids_is_never_asked_for_and_its_entry_stands_in(
    world: World,
) -> None:
    asked = world.outlets["secret"].site.paths()
    partial = {
        each["url"].rpartition("/")[2]: each["partial"] for each in articles_of(world, "secret")
    }

    assert "/geheim/a" not in asked
    assert partial == {"a": True, "open": False}
    assert {each["error"] for each in pages_of(world, "secret")} == {None, "robots.txt forbids it"}


def test_a_feed_that_robots_txt_forbids_is_never_asked_for(world: World) -> None:
    assert set(world.outlets["closed"].site.paths()) == {"/robots.txt"}
    assert world.told.states["closed"]["error"] == "robots.txt forbids it"


def test_a_host_whose_robots_txt_fails_is_left_alone_for_now(world: World) -> None:
    assert set(world.outlets["unreachable"].site.paths()) == {"/robots.txt"}
    assert world.told.states["unreachable"]["error"] == "robots.txt: HTTP 503"
    assert world.told.states["unreachable"]["failures"] == 2


def test_a_page_that_failed_is_fetched_later_although_the_feed_says_304(world: World) -> None:
    busy = world.outlets["busy"]

    assert [visit.headers.get("if-none-match", "") for visit in busy.asked("/feed")][1]
    assert len(busy.asked("/a")) == 2
    assert [each["partial"] for each in articles_of(world, "busy")] == [False]


def test_a_host_that_asks_us_to_wait_is_not_asked_for_its_other_pages(world: World) -> None:
    pages = pages_of(world, "resting")

    asked = [path for path in world.outlets["resting"].site.paths() if path.strip("/").isdigit()]
    assert 1 <= len(asked) <= 2
    assert all(each["wanted"] and not each["claimed"] for each in pages)
    assert {each["error"] for each in pages} == {"its host asks us to wait"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("walled", "wall: dpg-consent"),
        ("gone", "HTTP 410"),
        ("paper", "no page but application/pdf"),
    ],
)
def test_an_article_whose_page_gives_nothing_is_stored_from_its_entry_and_counted_as_missed(
    world: World, name: str, reason: str
) -> None:
    (stored,) = articles_of(world, name)
    (missed,) = pages_of(world, name)

    assert stored["title"] == f"{name} krijgt nieuwe dijk"
    assert stored["partial"]
    assert (missed["error"], missed["wanted"]) == (reason, 0)
    assert missed["missed"]
    assert world.told.errors[name] == reason


def test_a_redirect_takes_no_cookie_referer_or_credentials_along(world: World) -> None:  # case 16
    targets = world.outlets["sound"].asked("/a")

    told = {name for visit in targets for name in visit.headers}
    assert len(targets) >= 2
    assert not told & {"cookie", "referer", "authorization", "proxy-authorization"}


def test_a_source_of_entries_asks_for_no_page(world: World) -> None:
    assert set(world.outlets["entries"].site.paths()) == {"/robots.txt", "/feed"}
    assert [each["title"] for each in articles_of(world, "entries")] == [
        "entries krijgt nieuwe dijk"
    ]


def test_a_sitemap_index_is_followed_to_its_own_sitemaps_once(world: World) -> None:
    paths = world.outlets["sitemap"].site.paths()

    assert len(articles_of(world, "sitemap")) == 2
    assert paths.count("/news.xml.gz") == 2  # once in each round
    assert paths.count("/index.xml") == 2


def test_a_section_page_is_read_by_its_selectors(world: World) -> None:
    assert [each["url"] for each in articles_of(world, "section")] == [
        world.outlets["section"].site.url("/a")
    ]


def test_the_report_counts_what_came_of_it(world: World) -> None:
    first, second = world.told.rounds

    assert first["sources"]["polled"] == 13
    assert first["articles"]["revised"] == second["articles"]["revised"] == 0
    assert second["articles"]["new"] == first["articles"]["new"] + 1  # the busy outlet's
    assert len(world.told.articles) == second["articles"]["new"]
