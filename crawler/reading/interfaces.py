"""What the spider needs of the rest: somebody who reads, and somebody who keeps the books."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from crawler.feeds.listing import Listing
from crawler.model import Article
from crawler.network.politeness import RobotsCache
from crawler.reading.tasks import Answer, PageFault, PageRead, PageWork, PollWork


class Readers(Protocol):
    """Who makes sense of bytes."""

    async def listing(self, work: PollWork, answer: Answer) -> Listing:
        """What a source lists; `NieuwswachtError` when that cannot be read."""

    async def archive(self, work: PollWork, answer: Answer) -> Listing:
        """What the archive of a source lists; `NieuwswachtError` when that cannot be read."""

    def sitemaps_to_read(
        self, work: PollWork, index: Listing, path: Collection[str]
    ) -> tuple[str, ...]:
        """Those of an index that are worth a request; `path` are the addresses on the way there."""

    async def page(self, work: PageWork, answer: Answer) -> PageRead:
        """What a page gives."""

    def entry(self, work: PageWork) -> Article | None:
        """What the feed alone gives of an article, if that is anything."""


class Recorder(RobotsCache, Protocol):
    """Who keeps what is learned, and knows the time."""

    async def listed(self, work: PollWork, answer: Answer, listing: Listing) -> datetime | None:
        """A source listed these entries; since when its archive is to be read, if it is."""

    async def unchanged(self, work: PollWork, answer: Answer) -> datetime | None:
        """A source has nothing new; since when its archive is (still) to be read, if it is."""

    async def archived(self, work: PollWork, listing: Listing, since: datetime) -> None:
        """The archive of a source lists these entries; wanted are those of this time."""

    async def archive_unread(self, work: PollWork, fault: str) -> None:
        """The archive of a source could not be read."""

    async def poll_failed(self, work: PollWork, answer: Answer, fault: str) -> None:
        """A source could not be read; `answer.status` is 0 when no answer came."""

    async def page_unchanged(self, work: PageWork, answer: Answer) -> None:
        """A page says the same as before."""

    def next_attempt(self, work: PageWork, answer: Answer) -> datetime | None:
        """When a page that failed is asked for again; None when it is given up."""

    async def page_later(self, work: PageWork, fault: PageFault, at: datetime) -> None:
        """A page gave nothing and is asked for again."""

    async def page_missed(self, work: PageWork, fault: PageFault) -> None:
        """A page gave nothing and is given up."""
