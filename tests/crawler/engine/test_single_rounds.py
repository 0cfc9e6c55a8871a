"""What a crawl does when it is stopped, held back, or has nowhere to write."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hostile import Visit, page
from outlets import PARAGRAPHS, Outlet, article
from rounds import crawled

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine import scrapy_settings


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_reached_only_when_they_are_opened(tmp_path: Path, host: str) -> None:
    outlet = Outlet("sound")
    with outlet.open() as site:
        url = f"http://{host}:{site.port}/feed"
        told = crawled(tmp_path, [{"id": "sound", "url": url}], allow=())

    assert site.visits == []
    said = "its address may not be reached: loopback; [network] allow opens a range"
    assert told.states["sound"]["error"] == said


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
    robots = (200, b"User-agent: *\nCrawl-delay: 0.8\n")
    outlet = Outlet("calm", pages=("/a", "/b", "/c"), robots=robots)
    with outlet.open() as site:
        told = crawled(tmp_path, [{"id": "calm", "url": site.url()}])

    times = [visit.at for visit in site.visits if visit.path != "/robots.txt"]
    assert len(told.articles) == 3
    # Half of it: on a busy machine a request may be noticed late.
    assert all(later - earlier > 0.4 for earlier, later in pairwise(times))


def test_what_a_full_disk_refused_is_done_when_there_is_room(tmp_path: Path) -> None:
    def long(visit: Visit, _outlet: Outlet) -> None:
        text = (f"{PARAGRAPHS[number % 3]} ({visit.path} {number})" for number in range(200))
        visit.answer(page(f"Dossier {visit.path}", *text))

    outlet = Outlet("krant", pages=("/a", "/b"), odd={"/a": long, "/b": long})
    with outlet.open() as site:
        source = {"id": "krant", "url": site.url()}
        told = crawled(tmp_path, [source], rounds=2, full_first=True, hours_between=1)

    first, second = told.rounds
    assert "store source=krant" in told.log
    assert (first["pages"]["fetched"], first["articles"]["new"]) == (0, 0)
    assert (second["pages"]["fetched"], second["articles"]["new"]) == (2, 2)
    assert all(not each["claimed"] for each in told.pages)


@pytest.mark.parametrize(
    ("refuses", "asked_again"),
    [("UPDATE OF last_poll ON sources", "/feed"), ("INSERT ON articles", "/a")],
)
def test_an_outlet_is_not_asked_over_and_over_while_the_database_refuses_what_it_answers(
    tmp_path: Path, refuses: str, asked_again: str
) -> None:
    # given a database that refuses either polls or articles
    outlet = Outlet("krant", pages=("/a",))
    with outlet.open() as site:
        source = {"id": "krant", "url": site.url("/feed")}

        # when there is a round each moment, and one after a restart
        told = crawled(tmp_path, [source], rounds=10, refuses=refuses)
        again = crawled(tmp_path, [source], rounds=2, refuses=refuses)

    # then it is asked once all the same, and nobody is told that all is well
    assert site.paths().count(asked_again) == 1
    assert told.errors == {
        "krant": "our database refuses to store it: database disk image is malformed"
    }
    assert told.report["unwritten"] == 1
    assert told.report["sources"]["failed"] == (asked_again == "/feed")
    assert again.report["sources"]["polled"] == 0


def test_no_extension_is_named_but_that_of_scrapys_own_commands() -> None:
    settings = scrapy_settings(CrawlSettings(), NetworkSettings())

    named = settings.getwithbase("EXTENSIONS")

    assert dict(named) == {"scrapy.extensions.feedexport.FeedExporter": 0}


@pytest.mark.parametrize("allow", ["127.0.0.0/8", ""])
def test_scrapys_own_commands_work_and_are_guarded(tmp_path: Path, allow: str) -> None:
    items, outlet = tmp_path / "items.jsonl", Outlet("krant", pages=("/a", "/b"))
    with outlet.open() as site:
        words = ["crawl", "news", "-a", f"url={site.url()}", "-O", str(items)]
        settings = ["-s", f"NETWORK_ALLOW={allow}", "-s", "DOWNLOAD_DELAY=0"]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words, *settings],
            capture_output=True,
            check=False,
            cwd=Path(__file__).parents[3],
        )

    titles = [json.loads(line)["title"] for line in items.read_text().splitlines()]
    assert titles == ["krant krijgt nieuwe dijk"] * (2 if allow else 0)
    assert bool(site.visits) == bool(allow)
    assert allow or b"may not be reached: loopback" in done.stderr
