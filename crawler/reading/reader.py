"""Listings and articles from bytes; work that may be heavy is done in other processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from crawler.errors import PageError, SourceError
from crawler.faults.kinds import CrawlFault
from crawler.feeds.listing import Listing, kind_of
from crawler.feeds.newest import newest
from crawler.feeds.sitemap import parse_sitemap
from crawler.model import Article, FeedEntry, Source, SourceKind
from crawler.reading.pool import WorkerPool, WorkFailedError
from crawler.reading.tasks import (
    Answer,
    PageArticle,
    PageFault,
    PageRead,
    PageWork,
    PollWork,
    Unchanged,
)
from crawler.sources.retries import status_fault
from crawler.text.decoding import MAX_BYTES, is_packed

if TYPE_CHECKING:
    from crawler.pages.walls import Wall

# Chosen: the strict parser needs a few milliseconds for a feed this small. All else goes to a
# worker process.
READ_HERE_BYTES = 256 * 1024
# Chosen: a news sitemap has at most 1,000 entries. Of a longer list, the newest are enough.
MOST_ENTRIES = 5_000
_NO_PAGE = ("image/", "video/", "audio/", "application/pdf", "application/zip")


class Reader:
    """Reads answers. Pages, and lists that are large or broken, are read in a worker process.

    `limit` is the most bytes that a list may have, unpacked.
    """

    def __init__(
        self, pool: WorkerPool, clock: Callable[[], datetime], *, limit: int = MAX_BYTES
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._limit = limit

    def now(self) -> datetime:
        """The time by which this reader reads."""
        return self._clock()

    async def listing(self, work: PollWork, answer: Answer) -> Listing:
        """What a source lists.

        Raises:
            SourceError: it cannot be read, or not in time.
        """
        try:
            listing = await self._whole_listing(work.source, answer)
        except SourceError as error:
            if not answer.cut:
                raise
            raise SourceError(error.source, answer.cut_by, url=answer.url) from error
        if answer.cut and listing.fault is None:
            return replace(listing, fault=answer.cut_by)
        return listing

    async def _whole_listing(self, source: Source, answer: Answer) -> Listing:
        now = self._clock()
        if source.kind is SourceKind.FEED and len(answer.body) <= READ_HERE_BYTES:
            listing = _strict_feed(answer, source, now)
            if listing is not None:
                return listing
        try:
            return await self._pool.run_for(
                source.id, len(answer.body), read_listing, answer, source, now, self._limit
            )
        except WorkFailedError as error:
            raise SourceError(source.id, error.what, url=answer.url) from error

    async def archive(self, work: PollWork, answer: Answer) -> Listing:
        """What the archive of a source lists, of whatever kind it is.

        Raises:
            SourceError: it cannot be read, or not in time.
        """
        if not answer.ok:
            raise SourceError(work.source.id, status_fault(answer.status), url=answer.url)
        kind = kind_of(answer.body, answer.content_type)
        if kind is None:
            raise SourceError(work.source.id, CrawlFault.EMPTY_ARCHIVE(), url=answer.url)
        source = replace(work.source, kind=kind, url=answer.url)
        return await self.listing(replace(work, source=source), answer)

    async def page(
        self, source: Source, entry: FeedEntry, answer: Answer, *, before: str | None = None
    ) -> PageRead:
        """What a page gives; the same bytes as `before`, by their hash, are not read again."""
        body_hash = hash_of(answer)
        if answer.ok and body_hash == before:
            return Unchanged()
        try:
            size, now = len(answer.body), self._clock()
            answer = replace(answer, exchanges=())  # no reader needs it
            return await self._pool.run_for(
                source.id, size, read_page, answer, entry, source, now, body_hash
            )
        except WorkFailedError as error:
            return PageFault(what=error.what, again=error.again)

    def entry(self, work: PageWork) -> Article | None:
        """The article as far as the feed gives it; None without a title."""
        from crawler.pages.extract import article_from_entry

        try:
            return article_from_entry(work.page.entry, work.source, self._clock())
        except PageError:
            return None


def hash_of(answer: Answer) -> str:
    """The hash of the bytes of an answer, by which they are known again."""
    return blake2b(answer.body, digest_size=16).hexdigest()


def _strict_feed(answer: Answer, source: Source, now: datetime) -> Listing | None:
    """The feed if it is sound; None if it needs mending, which may take long."""
    if is_packed(answer.body):  # unpacked, it may be far larger
        return None
    try:
        return _listing(answer, source, now, strict=True)
    except SourceError:
        return None


def read_listing(answer: Answer, source: Source, now: datetime, limit: int = MAX_BYTES) -> Listing:
    """What this answer lists, sound or broken; at most the `MOST_ENTRIES` newest entries.

    Raises:
        SourceError: there is no list in it.
    """
    try:
        listing = _listing(answer, source, now, limit=limit)
    except SourceError as error:
        if wall := _wall(answer, source.url):
            what = CrawlFault.WALL(name=wall.value)
            raise SourceError(source.id, what, url=answer.url) from error
        raise
    return _newest(listing)


def _newest(listing: Listing) -> Listing:
    if len(listing.entries) <= MOST_ENTRIES:
        return listing
    kept = newest(listing.entries, lambda entry: entry.modified or entry.published, MOST_ENTRIES)
    return replace(
        listing,
        entries=tuple(kept),
        fault=CrawlFault.CUT_ENTRIES(most=MOST_ENTRIES),
        dropped=listing.dropped + len(listing.entries) - MOST_ENTRIES,
    )


def _listing(
    answer: Answer, source: Source, now: datetime, *, strict: bool = False, limit: int = MAX_BYTES
) -> Listing:
    match source.kind:
        case SourceKind.FEED:
            return _feed(answer, source, now, strict=strict, limit=limit)
        case SourceKind.NEWS_SITEMAP:
            return parse_sitemap(
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                source=source.id,
                now=now,
                limit=limit,
                cut=answer.cut,
            )
        case SourceKind.SECTION:
            return _section(answer, source, now, limit=limit)


def _feed(answer: Answer, source: Source, now: datetime, *, strict: bool, limit: int) -> Listing:
    from crawler.feeds.feed import parse_feed

    return parse_feed(
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        source=source.id,
        now=now,
        limit=limit,
        language=source.language,
        strict=strict,
    )


def _section(answer: Answer, source: Source, now: datetime, *, limit: int) -> Listing:
    from crawler.feeds.section import parse_section

    if source.selectors is None:
        raise SourceError(source.id, CrawlFault.NO_SELECTORS(), url=answer.url)
    return parse_section(
        answer.body,
        source.selectors,
        url=answer.url,
        content_type=answer.content_type,
        source=source.id,
        now=now,
        limit=limit,
    )


def read_page(
    answer: Answer, entry: FeedEntry, source: Source, now: datetime, body_hash: str
) -> PageArticle | PageFault:
    """The article in this answer, or why there is none."""
    from crawler.pages.extract import extract_page
    from crawler.pages.several_pages import joined_pages

    wall = _wall(answer, entry.url)
    if fault := _no_page(answer, wall):
        return fault
    try:
        page = extract_page(
            answer.body,
            url=answer.url,
            entry=entry,
            source=source,
            now=now,
            content_type=answer.content_type,
            walled=wall is not None,
        )
    except PageError as error:
        return PageFault(what=error.what, status=answer.status)
    return PageArticle(
        article=joined_pages([page]),
        body_hash=body_hash,
        wall=wall.value if wall else "",
        more=page if page.next_page else None,
        refrains=page.refrains,
    )


def _no_page(answer: Answer, wall: Wall | None) -> PageFault | None:
    from crawler.pages.walls import Treatment, treatment

    status, done = answer.status, treatment(wall) if wall else Treatment.EXTRACT
    if wall and done is not Treatment.EXTRACT:
        again = done is Treatment.LATER
        return PageFault(
            what=CrawlFault.WALL(name=wall.value), status=status, wall=wall.value, again=again
        )
    if not answer.ok:
        return PageFault(what=status_fault(status), status=status, again=True)
    if not answer.body:
        return PageFault(what=CrawlFault.EMPTY_PAGE(), status=status, again=True)
    if answer.content_type.lower().startswith(_NO_PAGE):
        what = CrawlFault.NO_PAGE(content_type=answer.content_type[:60])
        return PageFault(what=what, status=status)
    return None


def _wall(answer: Answer, requested: str) -> Wall | None:
    from crawler.pages.walls import Page, wall_of

    page = Page(
        url=answer.url,
        body=answer.body,
        status=answer.status,
        headers=answer.headers,
        requested_url=requested,
    )
    return wall_of(page)
