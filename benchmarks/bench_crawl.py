"""The whole crawl beside a bare Scrapy spider, on the same servers and in one run.

    python benchmarks/bench_crawl.py [PAGES] [FEEDS]

Three questions, answered in CPU time (all processes together) and as ratios:

- pages: polls, fetches, extracts and stores PAGES new pages; a bare spider only fetches them;
- idle: a round over FEEDS feeds that have not changed; a bare spider sends the same requests;
- lag: how late the event loop runs while pages are extracted and stored.

Each run is a process of its own. The bare spider is tuned: no extensions, no retries, four items
at once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
import trafilatura
from loadserver import host, pages_of, served
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import Settings
from twisted.internet import asyncioreactor

from crawler.article import Fetch, Source, SourceKind
from crawler.config import CrawlSettings, NetworkSettings
from crawler.engine import Crawl
from crawler.guard import networks
from crawler.resolver import GuardedResolver
from crawler.store import PollStore, Writer, migrations

OUTLETS = 21
LAG_STEP = 0.01
BARE = {
    "USER_AGENT": "bare",
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "CONCURRENT_ITEMS": 4,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "LOGSTATS_INTERVAL": 0,
    "HTTPERROR_ALLOW_ALL": True,
}


def cpu_seconds() -> Counter[str]:
    """User and system time of this process, by thread, and of all that it started."""
    this, spent = psutil.Process(), Counter[str]()
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    for thread in this.threads():
        part = {"MainThread": "loop", "store-writer": "store"}.get(names.get(thread.id, ""), "rest")
        spent[part] += thread.user_time + thread.system_time
    for process in this.children(recursive=True):
        spent["workers"] += sum(process.cpu_times()[:2])
    return spent


async def measured(work: Callable[[], Awaitable[Any]]) -> dict[str, float]:
    """CPU, wall clock and the loop's lag (99th percentile, in milliseconds) of some work."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            due = perf_counter() + LAG_STEP
            await asyncio.sleep(LAG_STEP)
            lags.append(perf_counter() - due)

    watching = asyncio.create_task(watch())
    before, wall = cpu_seconds(), perf_counter()
    await work()
    spent, wall = cpu_seconds() - before, perf_counter() - wall
    watching.cancel()
    lags.sort()
    lag = 1000 * lags[int(len(lags) * 0.99)] if lags else 0.0
    return {"cpu": spent.total(), "wall": wall, "lag": lag, **spent}


class BareSpider(Spider):
    name = "bare"

    async def start(self) -> Any:
        for request in ():
            yield request

    def parse(self, response: Any, **_kwargs: Any) -> None:
        self.crawler.tags[response.url] = response.headers.get("ETag")  # type: ignore[attr-defined]  # ours


async def bare(urls: list[str], rounds: int) -> dict[str, float]:
    """The last of some rounds of conditional requests by a bare spider."""
    asyncioreactor.install(asyncio.get_running_loop())
    # Scrapy's own resolver needs a thread pool that only `reactor.run` starts.
    GuardedResolver(networks(["127.0.0.0/8"]), 10).install_on_reactor()
    crawler = AsyncCrawlerRunner(Settings(BARE)).create_crawler(BareSpider)
    crawler.tags = {}  # type: ignore[attr-defined]  # ours
    started, idle = asyncio.Event(), asyncio.Event()

    def stay() -> None:
        idle.set()
        raise DontCloseSpider

    on_start = started.set
    crawler.signals.connect(on_start, signals.engine_started)
    crawler.signals.connect(stay, signals.spider_idle)
    running = asyncio.create_task(crawler.crawl_async())
    await started.wait()

    async def one_round() -> None:
        idle.clear()
        for url in urls:
            tag = crawler.tags.get(url)  # type: ignore[attr-defined]  # ours
            headers = {"If-None-Match": tag} if tag else {}
            crawler.engine.crawl(Request(url, headers=headers, dont_filter=True))
        await idle.wait()

    for _ in range(rounds - 1):
        await one_round()
    result = await measured(one_round)
    await crawler.stop_async()
    await running
    return result


async def whole(port: int, outlets: int, *, idle: bool) -> dict[str, float]:
    """A round of the whole pipeline, warm: of all but one outlet's new pages, or without news."""
    ahead = timedelta()
    sources = [
        Source(
            id=f"s{number}",
            outlet=f"Krant {number}",
            kind=SourceKind.FEED,
            url=f"http://{host(number)}:{port}/feed",
            every=timedelta(minutes=5),
            fetch=Fetch.ENTRY if idle else Fetch.PAGE,
        )
        for number in range(outlets)
    ]

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    with (
        tempfile.TemporaryDirectory() as directory,
        Writer(Path(directory) / "bench.db", migrations=[migrations]) as writer,
    ):
        writer.run(lambda db: PollStore(db).sync_sources(sources, clock()))
        crawl = Crawl(
            sources,
            writer,
            crawl=CrawlSettings(delay="0s", per_host=8, concurrency=64),
            network=NetworkSettings(allow=["127.0.0.0/8"]),
            clock=clock,
        )
        await crawl.start()
        await crawl.round(only=None if idle else ["s0"])
        ahead += timedelta(hours=2 * idle)
        result = await measured(crawl.round)
        report = crawl.report
        await crawl.stop()
    assert not report.errors, report.errors[:3]
    return result | {"new": report.new, "unchanged": report.unchanged}


def run(what: str, *words: object) -> dict[str, float]:
    """This script in another process, as `what`."""
    done = subprocess.run(
        [sys.executable, __file__, what, *map(str, words)],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def part(what: str, port: int, outlets: int, pages: int) -> dict[str, float]:
    """What runs in a process of its own."""
    if what == "bare-pages":
        roots = [f"http://{host(number)}:{port}/artikel/" for number in range(1, outlets)]
        return asyncio.run(bare([f"{root}{n}" for root in roots for n in range(pages)], 1))
    if what == "bare-idle":
        return asyncio.run(
            bare([f"http://{host(number)}:{port}/feed" for number in range(outlets)], 2)
        )
    if what == "pages":
        return asyncio.run(whole(port, outlets, idle=False))
    if what == "idle":
        return asyncio.run(whole(port, outlets, idle=True))
    samples = pages_of(60)
    trafilatura.extract(samples[0])
    began = resource.getrusage(resource.RUSAGE_SELF)
    for sample in samples:
        trafilatura.bare_extraction(sample, include_comments=False)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": (ended.ru_utime - began.ru_utime) / len(samples)}


def main() -> None:
    pages, feeds = (int(word) for word in (*sys.argv[1:], 420, 1000)[:2])
    each = pages // OUTLETS
    pages -= each  # the first outlet's warm the whole pipeline up
    with served(OUTLETS, each) as port:
        fetched, stored = run("bare-pages", port, OUTLETS, each), run("pages", port, OUTLETS, each)
    extraction = run("trafilatura", 0, 1, each)
    with served(feeds, 1) as port:
        asked, idle = run("bare-idle", port, feeds, 1), run("idle", port, feeds, 1)
    assert idle["unchanged"] == feeds
    per_page = {"bare Scrapy: fetched": fetched, "whole: read and stored": stored}
    allowed = 1.1 * extraction["cpu"] + 3 * fetched["cpu"] / pages
    print(f"{pages} new pages, CPU time each and pages in a second")
    for name, each_of in per_page.items():
        print(f"  {name:42}{1000 * each_of['cpu'] / pages:8.2f} ms{pages / each_of['wall']:8.0f}")
    for part_of in ("loop", "workers", "store", "rest"):
        print(f"    {'of which ' + part_of:40}{1000 * stored.get(part_of, 0) / pages:8.2f} ms")
    print(f"  {'trafilatura alone':42}{1000 * extraction['cpu']:8.2f} ms")
    print(f"  {'whole / (1.1 trafilatura + 3 bare)':42}{stored['cpu'] / pages / allowed:8.2f}")
    print(f"  {'loop lag, 99th percentile':42}{stored['lag']:8.1f} ms")
    print(f"{feeds} feeds without news, CPU time each")
    for name, each_of in {"bare Scrapy": asked, "whole": idle}.items():
        print(f"  {name:42}{1000 * each_of['cpu'] / feeds:8.2f} ms")
    print(f"  {'whole / bare (to reach: 1.2)':42}{idle['cpu'] / asked['cpu']:8.2f}")
    print(f"  {'loop lag, 99th percentile':42}{idle['lag']:8.1f} ms")


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        json.dump(part(sys.argv[1], *map(int, sys.argv[2:])), sys.stdout)
    else:
        main()
