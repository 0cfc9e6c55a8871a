"""What the spider is given to do, what comes of it, and whom it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crawler.faults.fault import Fault
from crawler.feeds.listing import Listing
from crawler.model import Article, Source, Validators
from crawler.network.politeness import RobotsCache
from crawler.store.records import SourceState, WantedPage

OK = 200
NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 1_000
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class PollWork:
    """A source to ask, with what is known from its earlier polls."""

    source: Source
    state: SourceState


@dataclass(frozen=True, slots=True)
class PageWork:
    """A page to fetch for a source."""

    source: Source
    page: WantedPage


Work = PollWork | PageWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, at the address where redirects ended; header names in small letters.

    `redirected` says that it is not the address asked, `conditional` that validators went there.
    `wait` is how long its host asked to be left alone, `took` how long the answer took, redirects
    included and politeness not. `moved` is the address to use from now on, "" where that is the one
    asked.
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

    @property
    def content_type(self) -> str:
        """What the server says that it sent, "" where it says nothing."""
        return self.headers.get("content-type", "")

    @property
    def validators(self) -> Validators:
        """What makes the next request conditional; what no request could carry is left out."""
        etag, date = self._validator("etag"), self._validator("last-modified")
        return Validators(etag, date, self.url if self.redirected and (etag or date) else None)

    def _validator(self, name: str) -> str | None:
        value = self.headers.get(name, "")
        sound = value.isprintable() and value.isascii() and len(value) <= _LONGEST_VALIDATOR
        return value if value and sound else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """Why a page gave no article: `wall` names what stood before it.

    `again` says that asking another time may help.
    """

    what: Fault
    status: int = 0
    wall: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArticle:
    """The article of a page; `wall` names what stood in the middle of it.

    `body_hash` is of the bytes as received.
    """

    article: Article
    body_hash: str
    wall: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page says what it said the last time."""


PageRead = PageArticle | PageFault | Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedArticle:
    """The article of a page on its way to the store, with what makes the next request cheap."""

    work: PageWork
    read: PageArticle
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArticle:
    """What the feed gives of an article whose page gave none, on its way to the store.

    `missed` says why the page gave none, `again` when it is asked for once more.
    """

    work: PageWork
    article: Article
    missed: PageFault
    again: datetime | None


FoundArticle = FetchedArticle | EntryArticle


class Recorder(RobotsCache, Protocol):
    """Who keeps what is learned, and knows the time."""

    async def listed(self, work: PollWork, answer: Answer, listing: Listing) -> datetime | None:
        """A source listed these entries; since when its archive is to be read, if it is."""

    async def unchanged(self, work: PollWork, answer: Answer) -> datetime | None:
        """A source has nothing new; since when its archive is (still) to be read, if it is."""

    async def archived(self, work: PollWork, listing: Listing, since: datetime) -> None:
        """The archive of a source lists these entries; wanted are those of this time."""

    async def archive_unread(self, work: PollWork, fault: Fault) -> None:
        """The archive of a source could not be read."""

    async def poll_failed(self, work: PollWork, answer: Answer, fault: Fault) -> None:
        """A source could not be read; `answer.status` is 0 when no answer came."""

    async def page_unchanged(self, work: PageWork, answer: Answer) -> None:
        """A page says the same as before."""

    def next_attempt(self, work: PageWork, answer: Answer) -> datetime | None:
        """When a page that failed is asked for again; None when it is given up."""

    async def page_failed(self, work: PageWork, fault: PageFault, again: datetime | None) -> None:
        """A page gave nothing, and is asked for `again` or given up."""


def moved_for_good(hops: Sequence[str], statuses: Sequence[object]) -> str:
    """The address to use from now on, "" for the one asked.

    `hops` are the addresses in order, the one asked first; `statuses` say what led from each to the
    next. Behind a redirect that holds for today nothing holds for good.
    """
    moved = ""
    for address, status in zip(hops[1:], statuses, strict=False):
        if status not in _FOR_GOOD:
            break
        moved = address
    return moved
