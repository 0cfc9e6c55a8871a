"""What a crawl does, with real servers and a real store: each outlet here is a promise."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hostile import Site, Visit, page, rss
from rounds import Told, crawled

PARAGRAPHS = (
    "De waterschappen maken zich zorgen over de dijken langs de rivier, zegt de dijkgraaf.",
    "Volgens hem is er de komende jaren veel geld nodig om het land droog te houden.",
    "De minister praat er volgende week over met de provincies en met de gemeenten.",
)


def article(name: str) -> bytes:
    return page(f"{name} krijgt nieuwe dijk", *(f"{text} ({name})" for text in PARAGRAPHS))


@dataclass
class Outlet:
    """A paper on a port of its own; `odd` answers some paths in its own way."""

    name: str
    pages: tuple[str, ...] = ("/a",)
    robots: tuple[int, bytes] = (404, b"")
    odd: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    site: Site = field(init=False)

    def open(self) -> Site:
        self.site = Site(self.serve)
        return self.site

    def listed(self) -> bytes:
        return rss(
            *(
                (self.site.root + path, f"{self.name} krijgt nieuwe dijk", "Lead")
                for path in self.pages
            )
        )

    def serve(self, visit: Visit) -> None:
        if visit.path in self.odd:
            self.odd[visit.path](visit, self)
        elif visit.path == "/robots.txt":
            visit.answer(self.robots[1], self.robots[0], "text/plain")
        elif visit.path == "/feed":
            self.conditional(visit, self.listed(), "application/rss+xml")
        elif visit.path in self.pages:
            self.conditional(visit, article(f"{self.name}{visit.path}"), "text/html")
        else:
            visit.answer(b"no", 404)

    def conditional(self, visit: Visit, body: bytes, kind: str) -> None:
        tag = f'"{visit.path}-{len(body)}"'
        if visit.headers.get("if-none-match") == tag:
            visit.send(f"HTTP/1.1 304 X\r\nETag: {tag}\r\n\r\n".encode())
        else:
            visit.answer(body, kind=kind, headers={"ETag": tag})

    def asked(self, path: str) -> list[Visit]:
        return [visit for visit in self.site.visits if visit.path == path]


def busy_once(visit: Visit, outlet: Outlet) -> None:
    if len(outlet.asked(visit.path)) == 1:
        visit.answer(b"moment", 503)
    else:
        visit.answer(article(outlet.name))


def resting(visit: Visit, _outlet: Outlet) -> None:
    visit.answer(b"rust", 429, headers={"Retry-After": "600"})


def consent(visit: Visit, _outlet: Outlet) -> None:
    visit.answer(page("DPG Media Privacy Gate", "Wij vragen toestemming"))


def elsewhere(visit: Visit, outlet: Outlet) -> None:
    target = outlet.source["elsewhere"]
    visit.answer(status=302, headers={"Location": target, "Set-Cookie": "lezer=1; Path=/"})


def index(visit: Visit, outlet: Outlet) -> None:
    names = ("/index.xml", "/news.xml.gz", "/news.xml.gz", "http://ander.example/s.xml")
    listed = "".join(
        f"<sitemap><loc>{name if '//' in name else outlet.site.root + name}</loc></sitemap>"
        for name in names
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    visit.answer(f'<sitemapindex xmlns="{space}">{listed}</sitemapindex>'.encode(), kind="text/xml")


def sitemap(visit: Visit, outlet: Outlet) -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    listed = "".join(f"<url><loc>{outlet.site.root}{path}</loc></url>" for path in outlet.pages)
    body = gzip.compress(f'<urlset xmlns="{space}">{listed}</urlset>'.encode())
    visit.answer(body, kind="application/gzip")


def section(visit: Visit, outlet: Outlet) -> None:
    links = "".join(f'<li class="item"><a href="{path}">Kop</a></li>' for path in outlet.pages)
    visit.answer(f"<html><body><ul>{links}</ul></body></html>".encode())


def outlets() -> list[Outlet]:
    everything = b"User-agent: *\nDisallow: /\n"
    some = b"User-agent: nieuwswacht\nDisallow: /geheim\n"
    return [
        Outlet("sound", pages=("/a", "/b", "/c")),
        Outlet("secret", pages=("/geheim/a", "/open"), robots=(200, some)),
        Outlet("closed", robots=(200, everything)),
        Outlet("unreachable", robots=(503, b"")),
        Outlet("busy", odd={"/a": busy_once}),
        Outlet(
            "resting",
            pages=tuple(f"/{n}" for n in range(8)),
            odd={f"/{n}": resting for n in range(8)},
        ),
        Outlet("walled", odd={"/a": consent}),
        Outlet("gone", odd={"/a": lambda visit, _: visit.answer(b"weg", 410)}),
        Outlet(
            "paper", odd={"/a": lambda visit, _: visit.answer(b"%PDF-", kind="application/pdf")}
        ),
        Outlet("moved", odd={"/a": elsewhere}),
        Outlet("entries", source={"fetch": "entry"}),
        Outlet(
            "sitemap",
            pages=("/a", "/b"),
            odd={"/index.xml": index, "/news.xml.gz": sitemap},
            source={"kind": "news-sitemap", "path": "/index.xml"},
        ),
        Outlet(
            "section",
            odd={"/lijst": section},
            source={"kind": "section", "path": "/lijst", "selectors": {"item": ".item"}},
        ),
    ]


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
    found = articles_of(world, "sound")

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


def test_a_redirect_takes_no_cookie_referer_or_credentials_along(world: World) -> None:
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


def test_private_addresses_are_reached_only_when_they_are_opened(tmp_path: Path) -> None:
    outlet = Outlet("sound")
    with outlet.open() as site:
        told = crawled(tmp_path, [{"id": "sound", "url": site.url()}], allow=())

    assert site.visits == []
    assert told.states["sound"]["error"] == "its address may not be reached: loopback"


def test_what_is_in_hand_is_finished_when_the_crawl_stops_and_the_rest_is_done_next_time(
    tmp_path: Path,
) -> None:
    names = tuple(f"/{number}" for number in range(12))

    def slow(visit: Visit, outlet: Outlet) -> None:
        visit.over.wait(0.2)
        visit.answer(article(outlet.name + visit.path))

    outlet = Outlet("slow", pages=names, odd=dict.fromkeys(names, slow))
    with outlet.open() as site:
        sources = [{"id": "slow", "url": site.url()}]
        stopped = crawled(tmp_path, sources, stop_with=2, crawl={"timeout": "20s"})
        asked = {path for path in site.paths() if path in names}
        resumed = crawled(tmp_path, sources, crawl={"timeout": "20s"})

    assert 0 < len(stopped.articles) == len(asked) < len(names)
    assert all(not each["claimed"] and each["attempts"] == 0 for each in stopped.pages)
    assert len(resumed.articles) == len(names)
    assert sorted(path for path in site.paths() if path in names) == sorted(names)


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    robots = (200, b"User-agent: *\nCrawl-delay: 0.4\n")
    outlet = Outlet("calm", pages=("/a", "/b", "/c"), robots=robots)
    with outlet.open() as site:
        told = crawled(tmp_path, [{"id": "calm", "url": site.url()}])

    times = [visit.at for visit in site.visits if visit.path != "/robots.txt"]
    assert len(told.articles) == 3
    assert all(later - earlier > 0.39 for earlier, later in pairwise(times))


def test_what_a_full_disk_refused_is_done_when_there_is_room(tmp_path: Path) -> None:
    def long(visit: Visit, _outlet: Outlet) -> None:
        text = (f"{PARAGRAPHS[number % 3]} ({visit.path} {number})" for number in range(200))
        visit.answer(page(f"Dossier {visit.path}", *text))

    outlet = Outlet("krant", pages=("/a", "/b"), odd={"/a": long, "/b": long})
    with outlet.open() as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}], rounds=2, full_first=True)

    first, second = told.rounds
    assert "store source=krant" in told.log
    assert (first["pages"]["fetched"], first["articles"]["new"]) == (0, 0)
    assert (second["pages"]["fetched"], second["articles"]["new"]) == (2, 2)
    assert all(not each["claimed"] for each in told.pages)
