"""The one spider: asks sources what is new, and pages for their text."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from w3lib.http import basic_auth_header

from crawler.clock import utc_now
from crawler.errors import NieuwswachtError, SourceError, StoppedError
from crawler.feeds.listing import Listing
from crawler.model import FeedEntry, Source, SourceKind, Validators
from crawler.network.conditional import is_conditional, make_conditional
from crawler.network.download import CUT, LATE
from crawler.network.faults import fault_of, lasting, wait_of
from crawler.network.proxied import VIA
from crawler.network.received import WANTED, exchanges_of
from crawler.pages.several_pages import ArticlePart, joined_pages
from crawler.reading.next_pages import NextPages, PagesRead
from crawler.reading.pool import WorkerPool
from crawler.reading.reader import Reader
from crawler.reading.sitemap_index import IndexReader
from crawler.reading.tasks import (
    NOT_MODIFIED,
    PARTIAL_CONTENT,
    Answer,
    ArchiveSpan,
    ClaimedPoll,
    EntryArticle,
    FetchedArticle,
    FoundArticle,
    PageArticle,
    PageFault,
    PageRead,
    PageWork,
    PollWork,
    Recorder,
    Unchanged,
    Work,
    moved_for_good,
)
from crawler.sources.retries import status_fault
from crawler.store.records import SourceState
from crawler.text.scrub import Scrubber, secrets_of_login

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

# Chosen: above the 0 of a page, so that lists are requested before pages.
POLLS_FIRST = 10
_FEED_TYPES = (
    "application/rss+xml,application/atom+xml,application/feed+json;q=0.9,"
    "application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5"
)
_SITEMAP_TYPES = "application/xml,text/xml;q=0.9,*/*;q=0.5"
_RANGE = re.compile(r"bytes 0-(\d{1,18})/(\d{1,18})")  # RFC 9110, 14.4
_ACCEPT = {SourceKind.FEED: _FEED_TYPES, SourceKind.NEWS_SITEMAP: _SITEMAP_TYPES}


class NewsSpider(Spider):
    """Lives as long as the crawl: it gets its work through `poll` and `fetch`, not from `start`.

    Outside of a crawl, `scrapy crawl news -a url=ADDRESS` shows what the feed there lists.
    """

    name = "news"

    def __init__(
        self, reader: Reader | None = None, recorder: Recorder | None = None, url: str = ""
    ) -> None:
        super().__init__()
        self._reader = reader or Reader(WorkerPool(), utc_now)
        self.recorder = recorder
        self.stopping = False
        self.transfers: set[asyncio.Timeout] = set()
        self._shown = url

    def drop_transfers(self) -> int:
        """End all transfers with a `StoppedError`; returns how many there were."""
        now = asyncio.get_running_loop().time()
        for transfer in self.transfers:
            transfer.reschedule(now)
        return len(self.transfers)

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
        state = SourceState(id=source.id, validators=Validators(), next_poll=utc_now())
        listing = await self._reader.listing(PollWork(source, state), answer_of(response))
        return list(listing.entries)

    def poll(self, work: ClaimedPoll) -> None:
        """Ask a source what is new."""
        request = self._list_request(work.source, work.source.url, work.state.validators)
        self._begin(request, self.read_listing, work)

    def fetch(self, work: PageWork) -> None:
        """Ask for a page.

        Raises:
            ValueError: its address is no web address.
        """
        request = _page_request(work.source, work.page.url, work.page.validators)
        self._begin(request, self.read_page, work)

    def _begin(self, request: Request, callback: Callable[..., Any], work: Work) -> None:
        request.callback, request.errback = callback, self.failed
        request.cb_kwargs["work"] = work
        self.crawler.engine.crawl(request)

    def _list_request(self, source: Source, url: str, validators: Validators) -> Request:
        request = _request(source, url, validators, accept=_ACCEPT.get(source.kind, ""))
        request.priority = POLLS_FIRST
        _authorise(request, source)
        request.meta["download_maxsize"] = self.settings.getint("FEED_MAXSIZE")
        return request

    async def read_listing(self, response: Response, work: ClaimedPoll) -> None:
        """Record what a source answered, and read its archive if that is needed."""
        answer, recorder, span = _discreet(answer_of(response), work.source), self._kept(), None
        if answer.status == NOT_MODIFIED and answer.conditional:
            span = await recorder.unchanged(work, answer)
        elif not answer.ok:
            await recorder.poll_failed(work, answer, status_fault(answer.status))
        else:
            try:
                listing = await self.listing(work, answer)
            except StoppedError:
                return
            except NieuwswachtError as error:
                await recorder.poll_failed(work, answer, fault_of(error))
            else:
                span = await self._taken(work, answer, listing)
        if span is not None:
            await self._read_archive(work, span)

    async def _taken(
        self, work: ClaimedPoll, answer: Answer, listing: Listing
    ) -> ArchiveSpan | None:
        if listing.unchanged:
            return await self._kept().unchanged(work, answer, listing.sitemaps)
        return await self._kept().listed(work, answer, listing)

    async def ask(
        self, source: Source, url: str = "", validators: Validators | None = None
    ) -> Answer:
        """The answer of a source, or of another list of its outlet."""
        asked = self._list_request(source, url or source.url, validators or Validators())
        return _discreet(await self._answer(asked), source)

    async def ask_page(
        self, source: Source, url: str, validators: Validators | None = None
    ) -> Answer:
        """The answer of a page."""
        return await self._answer(_page_request(source, url, validators or Validators()))

    async def _answer(self, request: Request) -> Answer:
        response = await self.crawler.engine.download_async(request)
        return answer_of(response, at=self._reader.now())

    async def listing(self, work: PollWork, answer: Answer) -> Listing:
        """What the answer lists, together with the sitemaps that it names.

        Raises:
            SourceError: it cannot be read.
        """
        return await self._with_sitemaps(work, answer, await self._reader.listing(work, answer))

    async def _with_sitemaps(self, work: PollWork, answer: Answer, listing: Listing) -> Listing:
        if not listing.index:
            return listing
        asked = partial(self.ask, work.source)
        return await IndexReader(work, self._reader, asked).listing(answer, listing)

    async def _read_archive(self, work: PollWork, span: ArchiveSpan) -> None:
        """Look for entries shown between polls; if it fails, the next poll tries again."""
        recorder = self._kept()
        try:
            answer = await self.ask(work.source, work.source.archive or "")
            listing = await self._archive(work, answer)
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the archive did not come
            await recorder.archive_unread(work, fault_of(error), span)
        else:
            await recorder.archived(work, listing, span)

    async def _archive(self, work: PollWork, answer: Answer) -> Listing:
        listing = await self._reader.archive(work, answer)
        if listing.index:  # it names sitemaps, whatever the kind of its source
            source = replace(work.source, kind=SourceKind.NEWS_SITEMAP)
            listing = await self._with_sitemaps(replace(work, source=source), answer, listing)
        if listing.fault and not listing.entries:
            raise SourceError(work.source.id, listing.fault, url=answer.url)
        return listing

    async def read_page(self, response: Response, work: PageWork) -> FoundArticle | None:
        """The article that a page gave, for the pipeline to store."""
        try:
            return await self._article(work, answer_of(response, at=self._reader.now()))
        except StoppedError:
            return None

    async def _article(self, work: PageWork, answer: Answer) -> FoundArticle | None:
        next_pages = NextPages(work, self._reader, partial(self.ask_page, work.source))
        read = await self._page(work, answer)
        if isinstance(read, Unchanged) and not await next_pages.unchanged():
            answer, read = await next_pages.first_again()
        match read:
            case PageArticle() as page if answer.cut:
                return self._cut(work, answer, page)
            case PageArticle(more=ArticlePart() as first) as page:
                return self._joined(work, answer, page, await next_pages.read(first))
            case PageArticle() as page:
                return FetchedArticle(
                    work=work, read=page, validators=answer.validators, exchanges=answer.exchanges
                )
            case PageFault() as fault:
                return await self._unread(work, answer, fault)
            case Unchanged():
                await self._kept().page_unchanged(work, answer)
                return None

    def _joined(
        self, work: PageWork, answer: Answer, page: PageArticle, found: PagesRead
    ) -> FoundArticle:
        """The article of this page and the next ones; it is asked for again if one failed.

        They are stored together or not at all.
        """
        article, exchanges = joined_pages(found.pages), answer.exchanges + found.exchanges
        if found.fault is not None and found.fault.again:
            again = self._kept().next_attempt(work, answer)
            return EntryArticle(
                work=work, article=article, missed=found.fault, again=again, exchanges=exchanges
            )
        refrains = tuple(line for part in found.pages for line in part.refrains)
        return FetchedArticle(
            work=work,
            read=PageArticle(article=article, body_hash=page.body_hash, refrains=refrains),
            validators=answer.validators,
            following=found.following,
            exchanges=exchanges,
        )

    def _cut(self, work: PageWork, answer: Answer, page: PageArticle) -> EntryArticle:
        """The article as far as its page came; the page is asked for again."""
        fault = PageFault(what=answer.cut_by, status=answer.status, again=True)
        return EntryArticle(
            work=work,
            article=replace(page.article, partial=True),
            missed=fault,
            again=self._kept().next_attempt(work, answer),
            exchanges=answer.exchanges,
        )

    async def _page(self, work: PageWork, answer: Answer) -> PageRead:
        if answer.status == NOT_MODIFIED and answer.conditional:
            return Unchanged()
        page = work.page
        return await self._reader.page(work.source, page.entry, answer, before=page.body_hash)

    async def failed(self, failure: Failure) -> EntryArticle | None:
        """Record that no answer came."""
        request, error = failure.request, failure.value  # type: ignore[attr-defined]  # Scrapy's
        if error is None or isinstance(error, StoppedError):
            return None
        work: Work = request.cb_kwargs["work"]
        took = timedelta(seconds=request.meta.get("took", 0))
        answer = Answer(url=request.url, status=0, wait=wait_of(error), took=took)
        if isinstance(work, ClaimedPoll):
            await self._kept().poll_failed(work, answer, fault_of(error))
            return None
        fault = PageFault(what=fault_of(error), again=not lasting(error))
        return await self._unread(work, answer, fault)

    async def _unread(
        self, work: PageWork, answer: Answer, fault: PageFault
    ) -> EntryArticle | None:
        """Record that the page gave no article, or give the article as far as the feed has it.

        An article does not wait for a page that keeps failing: its text is added when the page
        comes.
        """
        recorder = self._kept()
        at = recorder.next_attempt(work, answer) if fault.again else None
        article = self._reader.entry(work) if at is None or work.page.stays_away else None
        if article is not None:
            return EntryArticle(work=work, article=article, missed=fault, again=at)
        await recorder.page_failed(work, fault, at)
        return None

    def _kept(self) -> Recorder:
        assert self.recorder is not None
        return self.recorder


def _request(source: Source, url: str, validators: Validators, accept: str = "") -> Request:
    headers = {"Accept": accept} if accept else None
    request = Request(url, headers=headers, dont_filter=True)
    request.meta[VIA] = source.proxy or ""
    request.meta["validators"] = replace(validators, url=validators.url or request.url)
    make_conditional(request)
    return request


def _page_request(source: Source, url: str, validators: Validators) -> Request:
    request = _request(source, url, validators)
    request.meta[WANTED] = True
    return request


def answer_of(response: Response, *, at: datetime | None = None) -> Answer:
    """The answer without Scrapy around it, which came in `at` this moment."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    request = response.request
    meta = request.meta if request else {}
    ranged = headers.get("content-range", "")
    cut = CUT in response.flags or (response.status == PARTIAL_CONTENT and _is_part(ranged))
    return Answer(
        url=response.url,
        status=response.status,
        body=response.body,
        headers=headers,
        wait=meta.get("retry_after"),
        took=timedelta(seconds=meta.get("took", 0)),
        redirected="redirect_urls" in meta,
        moved=moved_for_good(
            [*meta.get("redirect_urls", ()), response.url], meta.get("redirect_reasons", ())
        ),
        conditional=request is not None and is_conditional(request),
        cut=cut,
        late=LATE in response.flags,
        exchanges=exchanges_of(request, at, cut=cut) if request and at else (),
    )


def _discreet(answer: Answer, source: Source) -> Answer:
    """The answer without the password of its source, which some servers repeat."""
    if not source.auth:
        return answer
    user, _, password = source.auth.partition(":")
    scrubber = Scrubber(secrets_of_login(user, password))
    return replace(
        answer,
        url=scrubber(answer.url),
        moved=scrubber(answer.moved),
        body=scrubber.of_bytes(answer.body),
        headers={name: scrubber(value) for name, value in answer.headers.items()},
    )


def _is_part(content_range: str) -> bool:
    """Whether the answer is only a part of the page, although nobody asked for a range."""
    found = _RANGE.fullmatch(content_range)
    return found is None or int(found[1]) + 1 < int(found[2])


def _authorise(request: Request, source: Source) -> None:
    """Add the user and password of a source, if the request goes to its own host.

    Scrapy takes them out of a redirect to another host.
    """
    own = urlsplit(source.url)
    asked = urlsplit(request.url)
    if source.auth and (asked.scheme, asked.netloc) == (own.scheme, own.netloc):
        user, _, password = source.auth.partition(":")
        request.headers["Authorization"] = basic_auth_header(user, password, encoding="utf-8")
