"""The spider's tasks, their results, and the recorder that gets the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import Article, KnownSitemap, Source, Validators
from crawler.network.exchange import Exchange
from crawler.network.politeness import RobotsCache
from crawler.pages.several_pages import ArticlePart
from crawler.store.records import FollowingPage, SourceState, WantedPage, WorkClaim

OK = 200
PARTIAL_CONTENT = 206
# RFC 9110, 15.3.4: changed by a proxy on the way; RFC 3229, 10.4.1: a feed's new items alone.
_READ = frozenset({OK, 203, PARTIAL_CONTENT, 226})
NOT_MODIFIED = 304
# Characters. Chosen: real validators are far shorter, and each is stored and sent again.
_LONGEST_VALIDATOR = 1_000
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class PollWork:
    """A source to poll, with what is known from its earlier polls."""

    source: Source
    state: SourceState


@dataclass(frozen=True, slots=True)
class ClaimedPoll(PollWork):
    """A source to poll for the store, by the right of this claim."""

    claim: WorkClaim


@dataclass(frozen=True, slots=True)
class PageWork:
    """A page to fetch for a source, by the right of the page's claim."""

    source: Source
    page: WantedPage

    @property
    def claim(self) -> WorkClaim:
        """By what right the page is fetched."""
        return self.page.claim


Work = ClaimedPoll | PageWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, at the address where redirects ended; header names in lower case.

    `redirected` says that this is not the address asked, `conditional` that validators were sent
    to it. `wait` is how long its host asked to be left alone. `took` is how long the answer took,
    with redirects but without politeness. `moved` is the address to use from now on, "" if that is
    the one asked. `cut` says that the body broke off, `late` that it did because the time was over.
    `exchanges` is what the wire brought, if that is wanted.
    """

    url: str
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: timedelta | None = None
    took: timedelta | None = None
    redirected: bool = False
    moved: str = ""
    conditional: bool = True
    cut: bool = False
    late: bool = False
    exchanges: tuple[Exchange, ...] = ()

    @property
    def cut_by(self) -> Fault:
        """Why the body is not whole, if it is `cut`."""
        return CrawlFault.TIMEOUT() if self.late else CrawlFault.BROKEN_OFF()

    @property
    def ok(self) -> bool:
        """Whether the server gave what it was asked for."""
        return self.status in _READ

    @property
    def content_type(self) -> str:
        """The `Content-Type` header, "" if there is none."""
        return self.headers.get("content-type", "")

    @property
    def validators(self) -> Validators:
        """What makes the next request conditional; values that are no valid header are left out."""
        etag, date = self._validator("etag"), self._validator("last-modified")
        return Validators(etag, date, self.url if self.redirected and (etag or date) else None)

    def _validator(self, name: str) -> str | None:
        value = self.headers.get(name, "")
        sound = value.isprintable() and value.isascii() and len(value) <= _LONGEST_VALIDATOR
        return value if value and sound else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """Why a page gave no article; `wall` names the wall before it, "" if there is none.

    `again` says that asking another time may help.
    """

    what: Fault
    status: int = 0
    wall: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArticle:
    """The article of a page; `wall` names the wall in the middle of it, "" if there is none.

    `body_hash` is of the bytes as received. `more` is the same page as it is joined with the next
    ones, None if there are none. `refrains` are the paragraphs that are no part of the article if
    others of its outlet have them too.
    """

    article: Article
    body_hash: str
    wall: str = ""
    more: ArticlePart | None = None
    refrains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page has not changed since the last time."""


PageRead = PageArticle | PageFault | Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedArticle:
    """The article of a page on its way to the store, with the validators for the next request.

    `following` are the pages over which it goes on. `exchanges` are all of its pages as received,
    if that is wanted.
    """

    work: PageWork
    read: PageArticle
    validators: Validators
    following: tuple[FollowingPage, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArticle:
    """The article from the feed, if its page gave none, on its way to the store.

    `missed` says why the page gave none, `again` when it is asked for once more (None: never).
    `exchanges` are the pages that came after all, or in part.
    """

    work: PageWork
    article: Article
    missed: PageFault
    again: datetime | None
    exchanges: tuple[Exchange, ...] = ()


FoundArticle = FetchedArticle | EntryArticle


@dataclass(frozen=True, slots=True)
class ArchiveSpan:
    """Since when the archive of a source may have what its lists did not show, as known at `at`."""

    since: datetime
    at: datetime


class Recorder(RobotsCache, Protocol):
    """What the spider tells its results to: the store, in a crawl."""

    async def listed(
        self, work: ClaimedPoll, answer: Answer, listing: Listing
    ) -> ArchiveSpan | None:
        """A source listed these entries; returns since when its archive is to be read, or None."""

    async def unchanged(
        self,
        work: ClaimedPoll,
        answer: Answer,
        sitemaps: Mapping[str, KnownSitemap] | None = None,
    ) -> ArchiveSpan | None:
        """A source has nothing new; returns since when its archive is to be read, or None."""

    async def archived(self, work: PollWork, listing: Listing, span: ArchiveSpan) -> None:
        """The archive of a source lists these entries; those of this span are wanted."""

    async def archive_unread(self, work: PollWork, fault: Fault, span: ArchiveSpan) -> None:
        """The archive of a source could not be read."""

    async def poll_failed(self, work: ClaimedPoll, answer: Answer, fault: Fault) -> None:
        """A source could not be read; `answer.status` is 0 if no answer came."""

    async def page_unchanged(self, work: PageWork, answer: Answer) -> None:
        """A page has not changed."""

    def next_attempt(self, work: PageWork, answer: Answer) -> datetime | None:
        """When a page that failed is asked for again; None if it is given up."""

    async def page_failed(self, work: PageWork, fault: PageFault, again: datetime | None) -> None:
        """A page gave nothing. It is asked for `again` at that time; with None it is given up."""


def moved_for_good(hops: Sequence[str], statuses: Sequence[object]) -> str:
    """The address to use from now on, "" if it is the one asked (RFC 9110, 15.4: 301 and 308).

    `hops` are the addresses in order, the one asked first; `statuses` are those of the redirects
    from each to the next. After a temporary redirect, later permanent ones do not count.
    """
    moved = ""
    for address, status in zip(hops[1:], statuses, strict=False):
        if status not in _FOR_GOOD:
            break
        moved = address
    return moved if moved != hops[0] else ""
