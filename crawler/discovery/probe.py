"""Looks at sources with the spider, guard, robots.txt and politeness of a crawl, but no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.discovery.look import (
    Answered,
    ArticlePage,
    FailedLook,
    FaultyPage,
    ListLook,
    Look,
    PageLook,
    Robots,
    entry_to_try,
)
from crawler.discovery.site import EVERY, Site, site_of, sitemaps_in_robots
from crawler.engine.session import OpenSpider, open_spider, scrapy_settings
from crawler.errors import RefusedError, SourceError
from crawler.faults.fault import FaultKind
from crawler.faults.kinds import CrawlFault
from crawler.feeds.listing import kind_of
from crawler.feeds.section import FoundFeed
from crawler.model import FeedEntry, Fetch, Source, SourceKind, Validators
from crawler.network.faults import fault_of
from crawler.reading.pool import WorkerPool, WorkFailedError
from crawler.reading.reader import Reader
from crawler.reading.tasks import (
    PageArticle,
    PageFault,
    PageRead,
    PollWork,
    Unchanged,
)
from crawler.sources.retries import status_fault
from crawler.store.records import SourceState

# Chosen: a person waits for it. Transfers that are not finished by then are dropped.
_CLOSE_WITHIN = timedelta(seconds=5)
_MOST_PAGES_OF_FEEDS = 2  # chosen: a site has one page with its feeds
_MOST_ON_THE_WAY = 4  # chosen: pages that send their readers on
_ROBOTS: dict[FaultKind, Robots] = {
    CrawlFault.ROBOTS_FORBID: Robots.FORBIDDEN,
    CrawlFault.ROBOTS_UNREAD: Robots.NO_ANSWER,
}


class Prober:
    """Asks what sources say now. Use it in an `async with`, on a running asyncio loop."""

    def __init__(
        self, crawl: CrawlSettings, network: NetworkSettings, clock: Callable[[], datetime]
    ) -> None:
        self._crawl, self._network, self._clock = crawl, network, clock
        self._pool = WorkerPool(crawl.workers)
        self._reader = Reader(self._pool, clock, limit=crawl.max_feed_bytes)
        self._opened: OpenSpider | None = None

    async def __aenter__(self) -> Self:
        settings = scrapy_settings(self._crawl, self._network)
        self._opened = await open_spider(settings, reader=self._reader)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        opened = self._open
        opened.spider.stopping = True
        try:
            await opened.close(_CLOSE_WITHIN)
        finally:
            await self._pool.close()

    async def look(self, source: Source, *, page: bool = True) -> Look:
        """What a source lists, and with `page` also what the page of its newest item gives.

        A source with `fetch = "entry"` is not asked for pages. Faults are in the look, not raised.
        """
        seen = await self._list_of(source)
        if not page or isinstance(seen, FailedLook) or source.fetch is Fetch.ENTRY:
            return seen
        entry = entry_to_try(seen.entries)
        return await self._with_page(seen, entry) if entry else seen

    async def site(self, url: str) -> Site:
        """What stands at this address: a list, or a page that may name some.

        A page that sends its readers to another at once is followed there.

        Raises:
            SourceError: no answer came, or it cannot be read.
        """
        site, seen = await self._site(url), {url}
        while site.leads_to and site.leads_to not in seen and len(seen) < _MOST_ON_THE_WAY:
            seen.add(site.leads_to)
            site = await self._site(site.leads_to)
        return site

    async def beyond(self, site: Site, looks: Sequence[Look]) -> Site:
        """The site with what it names elsewhere, where none of these looks found news.

        These are the feeds on pages to which it links as feeds, and the sitemaps of its robots.txt.
        """
        feeds: list[FoundFeed] = []
        for url in [look.source.url for look in looks if _is_page(look)][:_MOST_PAGES_OF_FEEDS]:
            with suppress(SourceError):
                feeds += (await self.site(url)).feeds
        source = Source(id="new", outlet="", kind=SourceKind.FEED, url=site.url, every=EVERY)
        sitemaps = site.sitemaps or await self._named_sitemaps(source, site.url)
        named = tuple(replace(feed, declared=False) for feed in feeds)
        return replace(site, feeds=named, sitemaps=sitemaps)

    async def _site(self, url: str) -> Site:
        source = Source(id=url, outlet=url, kind=SourceKind.FEED, url=url, every=EVERY)
        try:
            answer = await self._open.spider.ask(source)
        except Exception as error:
            raise SourceError(url, fault_of(error)) from error
        if not answer.ok:
            raise SourceError(url, status_fault(answer.status))
        try:
            site = await self._pool.run(
                site_of,
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                link_header=answer.headers.get("link", ""),
            )
        except WorkFailedError as error:
            raise SourceError(url, error.what) from error
        if site.leads_to:
            return site
        if site.kind is SourceKind.SECTION and not any(feed.declared for feed in site.feeds):
            return replace(site, sitemaps=await self._named_sitemaps(source, answer.url))
        return site

    async def _named_sitemaps(self, source: Source, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt names; none if it cannot be had."""
        try:
            answer = await self._open.spider.ask_page(source, urljoin(url, "/robots.txt"))
        except Exception:  # noqa: BLE001 - it was worth a try
            return ()
        return sitemaps_in_robots(answer.body, answer.url) if answer.ok else ()

    async def _list_of(self, source: Source) -> Look:
        robots = self._robots()
        try:
            answer = await self._open.spider.ask(source)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is to be told
            refusal = _refusal(error) or robots
            return FailedLook(source=source, fault=fault_of(error), robots=refusal)
        answered = Answered(
            url=answer.url,
            status=answer.status,
            took=answer.took,
            moved=answer.moved,
            kind=kind_of(answer.body, answer.content_type),
        )
        if not answer.ok:
            fault = status_fault(answer.status)
            return FailedLook(source=source, fault=fault, answered=answered, robots=robots)
        try:
            listing = await self._open.spider.listing(self._work(source), answer)
        except Exception as error:  # noqa: BLE001 - as above
            fault = fault_of(error)
            return FailedLook(source=source, fault=fault, answered=answered, robots=robots)
        return ListLook(
            source=source,
            answered=answered,
            robots=robots,
            title=listing.title,
            entries=listing.entries,
            dropped=listing.dropped,
            unread_dates=listing.unread_dates,
            note=listing.fault,
        )

    async def _with_page(self, seen: ListLook, entry: FeedEntry) -> ListLook:
        try:
            answer = await self._open.spider.ask_page(seen.source, entry.url)
            read = await self._reader.page(seen.source, entry, answer)
        except Exception as error:  # noqa: BLE001 - as above
            page = FaultyPage(entry.url, fault_of(error))
            forbidden = _refusal(error) is Robots.FORBIDDEN
            robots = Robots.PAGES_FORBIDDEN if forbidden else seen.robots
            return replace(seen, page=page, robots=robots)
        return replace(seen, page=_look_at(answer.url, read))

    def _work(self, source: Source) -> PollWork:
        now = self._clock()
        return PollWork(source, SourceState(id=source.id, validators=Validators(), next_poll=now))

    def _robots(self) -> Robots:
        return Robots.ALLOWED if self._crawl.obey_robots else Robots.NOT_ASKED

    @property
    def _open(self) -> OpenSpider:
        assert self._opened is not None
        return self._opened


def _is_page(look: Look) -> bool:
    """Whether a page came where a list was looked for."""
    answered = look.answered
    return answered is not None and answered.ok and answered.kind is SourceKind.SECTION


def _look_at(url: str, read: PageRead) -> PageLook:
    match read:
        case PageArticle(article=article, wall=wall):
            return ArticlePage(url, len(article.body.split()), wall, mild=article.mild)
        case PageFault(what=fault, wall=wall):
            return FaultyPage(url, fault, wall)
        case Unchanged():  # impossible: the page was never read before
            return ArticlePage(url, words=0)


def _refusal(error: BaseException) -> Robots | None:
    return _ROBOTS.get(error.what.kind) if isinstance(error, RefusedError) else None
