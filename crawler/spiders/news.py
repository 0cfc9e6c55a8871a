"""The one spider: asks sources what is new, and pages for their text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.article import FeedEntry, Source, SourceKind, Validators
from crawler.errors import NieuwswachtError, SourceError
from crawler.faults import fault_of, lasting, wait_of
from crawler.pool import WorkerPool
from crawler.ports import Books, Readers
from crawler.reading import Reading
from crawler.refusals import StoppedError
from crawler.store.records import SourceState
from crawler.work import (
    NOT_MODIFIED,
    OK,
    Answer,
    FetchedArticle,
    Listing,
    PageWork,
    PollWork,
    Work,
)

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

POLLS_FIRST = 10
MOST_SITEMAPS = 5
_FEED_TYPES = (
    "application/rss+xml,application/atom+xml,application/feed+json;q=0.9,"
    "application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5"
)
_SITEMAP_TYPES = "application/xml,text/xml;q=0.9,*/*;q=0.5"
_ACCEPT = {SourceKind.FEED: _FEED_TYPES, SourceKind.NEWS_SITEMAP: _SITEMAP_TYPES}


class NewsSpider(Spider):
    """Lives as long as the crawl: work comes in by `poll` and `fetch`, not from `start`.

    By itself, `scrapy crawl news -a url=ADDRESS` shows what the feed at that address lists.
    """

    name = "news"

    def __init__(
        self, readers: Readers | None = None, books: Books | None = None, url: str = ""
    ) -> None:
        super().__init__()
        self._readers = readers or Reading(WorkerPool(), lambda: datetime.now(UTC))
        self.books = books
        self.stopping = False
        self._shown = url

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the one feed that is to be shown, if any."""
        if self._shown:
            yield Request(self._shown, self.show, headers={"Accept": _FEED_TYPES})

    async def show(self, response: Response) -> list[FeedEntry]:
        """What a feed lists, as items."""
        source = Source(
            id="shown",
            outlet="shown",
            kind=SourceKind.FEED,
            url=response.url,
            every=timedelta(minutes=5),
        )
        state = SourceState(id=source.id, validators=Validators(), next_poll=datetime.now(UTC))
        listing = await self._readers.listing(PollWork(source, state), answer_of(response))
        return list(listing.entries)

    def poll(self, work: PollWork) -> None:
        """Ask a source what is new."""
        request = self._request(work, work.source.url, self.read_listing, work.state.validators)
        self.crawler.engine.crawl(request)

    def fetch(self, work: PageWork) -> None:
        """Ask for a page; `ValueError` when its address is none."""
        request = self._request(work, work.page.url, self.read_page, work.page.validators)
        self.crawler.engine.crawl(request)

    def _request(
        self, work: Work, url: str, callback: Callable[..., Any], validators: Validators
    ) -> Request:
        headers = {
            "Accept": _ACCEPT.get(work.source.kind) if isinstance(work, PollWork) else None,
            "If-None-Match": validators.etag,
            "If-Modified-Since": validators.last_modified,
        }
        request = Request(
            url,
            callback=callback,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            cb_kwargs={"work": work},
            dont_filter=True,
        )
        if isinstance(work, PollWork):
            request.priority = POLLS_FIRST
            request.meta["download_maxsize"] = self.settings.getint("FEED_MAXSIZE")
        return request

    async def read_listing(self, response: Response, work: PollWork) -> None:
        """Take in what a source answered."""
        answer, books = answer_of(response), self._kept()
        if answer.status == NOT_MODIFIED and work.state.validators:
            await books.unchanged(work, answer)
        elif answer.status != OK:
            await books.poll_failed(work, answer, f"HTTP {answer.status}")
        else:
            try:
                listing = await self._listing(work, answer)
            except NieuwswachtError as error:
                await books.poll_failed(work, answer, fault_of(error))
            else:
                await books.listed(work, answer, listing)

    async def _listing(self, work: PollWork, answer: Answer) -> Listing:
        """What the answer lists, together with the sitemaps that it names."""
        listing = await self._readers.listing(work, answer)
        if not listing.index:
            return listing
        entries, faults = list(listing.entries), [listing.fault]
        waiting, asked = list(listing.children), {answer.url}
        while waiting and len(asked) <= MOST_SITEMAPS:
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            try:
                child = await self._child(work, url)
            except Exception as error:  # noqa: BLE001 - whatever it is, this sitemap did not come
                faults.append(f"{url}: {fault_of(error)}")
            else:
                entries += child.entries
                waiting += child.children
        fault = "; ".join(filter(None, faults))
        return replace(listing, entries=tuple(entries), complete=not fault, fault=fault)

    async def _child(self, work: PollWork, url: str) -> Listing:
        request = self._request(work, url, self.read_listing, Validators())
        answer = answer_of(await self.crawler.engine.download_async(request))
        if answer.status != OK:
            raise SourceError(work.source.id, f"HTTP {answer.status}", url=url)
        return await self._readers.listing(work, answer)

    async def read_page(self, response: Response, work: PageWork) -> FetchedArticle | None:
        """The article that a page gave, for the pipeline to store."""
        answer, books = answer_of(response), self._kept()
        if answer.status == NOT_MODIFIED and work.page.validators:
            await books.page_unchanged(work, answer)
            return None
        read = await self._readers.page(work, answer)
        if read.unchanged:
            await books.page_unchanged(work, answer)
            return None
        if read.article is None:
            return await self._unread(work, answer, read.fault, again=read.again)
        return FetchedArticle(
            work=work,
            article=read.article,
            validators=answer.validators,
            body_hash=read.body_hash,
        )

    async def failed(self, failure: Failure) -> FetchedArticle | None:
        """Take in that no answer came."""
        request, error = failure.request, failure.value  # type: ignore[attr-defined]  # Scrapy's
        if error is None or isinstance(error, StoppedError):
            return None
        work: Work = request.cb_kwargs["work"]
        answer = Answer(url=request.url, status=0, wait=wait_of(error))
        if isinstance(work, PollWork):
            await self._kept().poll_failed(work, answer, fault_of(error))
            return None
        return await self._unread(work, answer, fault_of(error), again=not lasting(error))

    async def _unread(
        self, work: PageWork, answer: Answer, fault: str, *, again: bool
    ) -> FetchedArticle | None:
        """Ask for the page again, or make do with what the feed gave of the article."""
        books = self._kept()
        at = books.next_attempt(work, answer) if again else None
        if at is not None:
            await books.page_later(work, fault, at)
        elif article := self._readers.entry(work):
            return FetchedArticle(work=work, article=article, missed=fault)
        else:
            await books.page_missed(work, fault)
        return None

    def _kept(self) -> Books:
        assert self.books is not None
        return self.books


def answer_of(response: Response) -> Answer:
    """The answer without Scrapy around it."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    wait = response.request.meta.get("retry_after") if response.request else None
    return Answer(
        url=response.url, status=response.status, body=response.body, headers=headers, wait=wait
    )
