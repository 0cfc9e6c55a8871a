"""What a whole crawl costs, compared with a bare Scrapy spider, on the same servers in one run.

    python benchmarks/bench_crawl.py [PAGES] [FEEDS] [TURNS]

Three questions, answered in CPU time (all processes together) and as ratios:

- pages: polls, fetches, extracts and stores new pages; a bare spider only fetches them;
- idle: a round over FEEDS feeds that have not changed; a bare spider sends the same requests;
- lag: how late the event loop runs while pages are extracted and stored.

Each run is a process of its own. The bare spider is tuned: no extensions, no retries, four items
at once. All are warm, like a program that has run for months: one in seven of the PAGES warms up.
Two runs of one program differ by a tenth, and by more while others use the machine. So each number
is the median of TURNS turns, and in each turn all programs are measured, one after the other.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import statistics
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
from usage import helped

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine.crawl import Crawl
from crawler.model import Fetch, Source, SourceKind
from crawler.network.guard import networks
from crawler.network.resolver import GuardedResolver
from crawler.store import PollStore, Writer, migrations

OUTLETS = 21
WARM = 3  # of these
PARTS = ("loop", "workers", "store", "rest")
THREADS = {"MainThread": "loop", "store-writer": "store", "log-reader": "matching"}
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
    """User and system time in seconds of this process, by thread, and of all its children."""
    this, spent = psutil.Process(), Counter[str]()
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    for thread in this.threads():
        part = THREADS.get(names.get(thread.id, ""), "rest")
        spent[part] += thread.user_time + thread.system_time
    for process in this.children(recursive=True):
        spent["workers"] += sum(process.cpu_times()[:4])  # also of their children that have ended
    return spent


async def measured(work: Callable[[], Awaitable[Any]]) -> dict[str, float]:
    """CPU and wall time of some work, and the loop's lag (99th percentile, milliseconds)."""
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


async def bare(
    warm: list[str],
    urls: list[str],
    spider: type[BareSpider] = BareSpider,
    after: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """The cost of conditional requests by a bare spider, after requests that warm it up.

    What is to be done `after` them counts too.
    """
    asyncioreactor.install(asyncio.get_running_loop())
    # Scrapy's own resolver needs a thread pool that only `reactor.run` starts.
    GuardedResolver(networks(["127.0.0.0/8"]), 10).install_on_reactor()
    crawler = AsyncCrawlerRunner(Settings(BARE)).create_crawler(spider)
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

    async def ask(asked: list[str]) -> None:
        idle.clear()
        for url in asked:
            tag = crawler.tags.get(url)  # type: ignore[attr-defined]  # ours
            headers = {"If-None-Match": tag} if tag else {}
            crawler.engine.crawl(Request(url, headers=headers, dont_filter=True))
        await idle.wait()
        await asyncio.to_thread(after)

    await ask(warm)
    result = await measured(lambda: ask(urls))
    await crawler.stop_async()
    await running
    return result


async def whole(port: int, outlets: int, *, idle: bool) -> dict[str, float]:
    """The cost of a round of the whole pipeline, warm: with new pages, or `idle` without news."""
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
        await crawl.round(only=None if idle else [source.id for source in sources[:WARM]])
        ahead += timedelta(hours=2 * idle)
        result = await measured(crawl.round)
        report = crawl.report
        await crawl.stop()
    assert not report.errors, report.errors[:3]
    return result | {"new": report.new, "unchanged": report.unchanged}


def run(what: str, *words: object, module: str = "bench_crawl") -> dict[str, float]:
    """The numbers of one part (`what`) of a benchmark, measured in another process."""
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}; {module}.measure()", what, *map(str, words)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure() -> None:
    """Print the numbers of the part that the command line asks for."""
    logging.basicConfig(level=logging.WARNING)
    json.dump(part(sys.argv[1], *map(int, sys.argv[2:])), sys.stdout)


def part(what: str, port: int, outlets: int, pages: int) -> dict[str, float]:
    """Measure one part, in the process that was started for it."""
    if what == "bare-pages":
        roots = [f"http://{host(number)}:{port}/artikel/" for number in range(outlets)]
        urls = [f"{root}{n}" for root in roots for n in range(pages)]
        return asyncio.run(bare(urls[: WARM * pages], urls[WARM * pages :]))
    if what == "bare-idle":
        feeds = [f"http://{host(number)}:{port}/feed" for number in range(outlets)]
        return asyncio.run(bare(feeds, feeds))
    if what == "pages":
        return asyncio.run(whole(port, outlets, idle=False))
    if what == "idle":
        return asyncio.run(whole(port, outlets, idle=True))
    samples = pages_of(120)
    for sample in samples[:20]:
        trafilatura.bare_extraction(sample, include_comments=False)
    began = resource.getrusage(resource.RUSAGE_SELF)
    for sample in samples:
        trafilatura.bare_extraction(sample, include_comments=False)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": (ended.ru_utime - began.ru_utime) / len(samples)}


def turn_of_pages(each: int) -> dict[str, float]:
    """Milliseconds a page of each program, measured one after the other."""
    with served(OUTLETS, each) as port:
        fetched, stored = run("bare-pages", port, OUTLETS, each), run("pages", port, OUTLETS, each)
    pages = (OUTLETS - WARM) * each
    assert stored["new"] == OUTLETS * each
    parts = {part: 1000 * stored.get(part, 0) / pages for part in PARTS}
    found = {
        "bare Scrapy: fetched": 1000 * fetched["cpu"] / pages,
        "whole: read and stored": 1000 * stored["cpu"] / pages,
        **{f"  of which {part}": spent for part, spent in parts.items()},
        "trafilatura alone": 1000 * run("trafilatura", 0, 1, each)["cpu"],
    }
    allowed = 1.1 * found["trafilatura alone"] + 3 * found["bare Scrapy: fetched"]
    return found | {
        "whole / (1.1 trafilatura + 3 bare)": found["whole: read and stored"] / allowed,
        "pages in a second": pages / stored["wall"],
        "loop lag, 99th percentile": stored["lag"],
    }


def turn_of_feeds(feeds: int) -> dict[str, float]:
    """Milliseconds of each program for a feed that has not changed."""
    with served(feeds, 1) as port:
        asked, idle = run("bare-idle", port, feeds, 1), run("idle", port, feeds, 1)
    assert idle["unchanged"] == feeds
    return {
        "bare Scrapy": 1000 * asked["cpu"] / feeds,
        "whole": 1000 * idle["cpu"] / feeds,
        "whole / bare (to reach: 1.2)": idle["cpu"] / asked["cpu"],
        "loop lag, 99th percentile": idle["lag"],
    }


def main() -> None:
    pages, feeds, turns = (
        int(word) for word in (*sys.argv[1:], *(840, 1000, 3)[len(sys.argv) - 1 :])
    )
    # With fewer there would be nothing to measure.
    each, feeds = max(1, pages // OUTLETS), max(OUTLETS, feeds)
    print(f"{(OUTLETS - WARM) * each} new pages, CPU ms each: the median of {turns} turns, and all")
    show([turn_of_pages(each) for _ in range(turns)])
    print(f"{feeds} feeds without news, CPU ms each")
    show([turn_of_feeds(feeds) for _ in range(turns)])


def show(turns: list[dict[str, float]]) -> None:
    for name in turns[0]:
        found = [turn[name] for turn in turns]
        each = " ".join(f"{number:.2f}" for number in found)
        print(f"  {name:40}{statistics.median(found):8.2f}   ({each})", flush=True)


if __name__ == "__main__":
    helped(__doc__)
    main()
