"""The spider in its Scrapy engine, on the running loop, open until it is closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import Settings
from scrapy.utils.reactor import is_reactor_installed
from twisted.internet import asyncioreactor
from twisted.logger import STDLibLogObserver, globalLogBeginner

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine.open_files import file_room
from crawler.frozen import dataclass
from crawler.reading.reader import Reader
from crawler.reading.tasks import Recorder, Work
from crawler.spiders.news import NewsSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

# Seconds. Chosen: a dropped transfer ends at once, and if one does not, nobody waits longer for it.
DROP_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class OpenSpider:
    """A spider at work; `ended` is done when its engine has closed."""

    crawler: Crawler
    ended: asyncio.Task[None]

    @property
    def spider(self) -> NewsSpider:
        """The spider itself."""
        assert isinstance(self.crawler.spider, NewsSpider)
        return self.crawler.spider

    async def close(self, within: timedelta) -> int:
        """Finish transfers and readings; returns how many transfers were dropped.

        What is not done in time is dropped. It does not count as a failure of its source.
        """
        ending = asyncio.create_task(self._end())
        await asyncio.wait([ending], timeout=within.total_seconds())
        dropped = 0
        if not ending.done():
            dropped = self.spider.drop_transfers()
            await asyncio.wait([ending], timeout=DROP_WITHIN)
        if ending.done():
            ending.result()
        return dropped

    async def _end(self) -> None:
        await self.crawler.stop_async()
        await self.ended


async def open_spider(
    settings: Settings,
    *,
    reader: Reader,
    recorder: Recorder | None = None,
    on_idle: Callable[[], None] = lambda: None,
    on_bug: Callable[[Work], None] = lambda _: None,
) -> OpenSpider:
    """The spider, ready for work; it sends no request before there is any.

    A process can open one after another, all on the same loop. `on_idle` is called whenever nothing
    is left to do, `on_bug` with work that a bug in the spider has ended.
    """
    _install_reactor()
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(NewsSpider)
    started = asyncio.Event()
    on_start = started.set

    def stay_open() -> None:
        on_idle()
        raise DontCloseSpider

    crawler.signals.connect(on_start, signals.engine_started, weak=False)
    crawler.signals.connect(stay_open, signals.spider_idle, weak=False)
    crawler.signals.connect(_work_to(on_bug), signals.spider_error, weak=False)
    crawling = runner.crawl(crawler, reader=reader, recorder=recorder)
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait((crawling, waiting), return_when=asyncio.FIRST_COMPLETED)
    if not started.is_set():
        waiting.cancel()
        await crawling
        raise RuntimeError("the crawl did not start")
    return OpenSpider(crawler, crawling)


def _work_to(on_bug: Callable[[Work], None]) -> Callable[[Response | Failure], None]:
    """A receiver of `spider_error` that hands on the work of the request."""

    def report(response: Response | Failure) -> None:
        # Scrapy sets it on a failure too.
        request: Request | None = getattr(response, "request", None)
        if request and (work := request.cb_kwargs.get("work")):
            on_bug(work)

    return report


def scrapy_settings(
    crawl: CrawlSettings, network: NetworkSettings, sources: int = 1, *, evidence: bool = False
) -> Settings:
    """The project's settings with a user's laid over them, as far as files may be open."""
    room = file_room(crawl, sources)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(
        {
            "USER_AGENT": crawl.user_agent,
            "ROBOTSTXT_OBEY": crawl.obey_robots,
            "DOWNLOAD_MAXSIZE": crawl.max_page_bytes,
            "FEED_MAXSIZE": crawl.max_feed_bytes,
            "DOWNLOAD_DELAY": crawl.delay.total_seconds(),
            "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.per_host,
            "CONCURRENT_TRANSFERS": room.transfers,
            "CONCURRENT_LOOKUPS": room.lookups,
            "KEEP_CONNECTIONS": room.keeps_connections,
            "DOWNLOAD_TIMEOUT": crawl.timeout.total_seconds(),
            "NETWORK_ALLOW": [str(allowed) for allowed in network.allow],
            "NETWORK_PROXY": network.proxy_address,
            "KEEP_EVIDENCE": evidence,
        },
        priority="cmdline",
    )
    return settings


def _install_reactor() -> None:
    """Make Twisted use the running loop; it keeps one loop for the life of a process."""
    loop = asyncio.get_running_loop()
    if not is_reactor_installed():
        asyncioreactor.install(loop)  # type: ignore[no-untyped-call]  # Twisted
        # Twisted logs errors that the spider already handles as failed requests.
        logging.getLogger("twisted").setLevel(logging.CRITICAL + 1)
        observers = [STDLibLogObserver("twisted")]
        globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)  # type: ignore[arg-type]  # zope
        return
    from twisted.internet import reactor

    if getattr(reactor, "_asyncioEventloop", None) is not loop:
        raise RuntimeError("a process can crawl on one asyncio loop only")
