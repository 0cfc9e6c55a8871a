"""The store behind the spider: each thing learned is one job of the writer."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from crawler.config.files import Keep
from crawler.engine.outcomes import Listed, next_try, poll_with_fault, poll_without_news
from crawler.engine.report import CUT_OFF, CrawlReport
from crawler.engine.transactions import (
    Recorded,
    record_archive,
    record_article,
    record_failure,
    record_listing,
    record_unchanged,
    record_unchanged_list,
)
from crawler.errors import ClaimLostError, StoreError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import KnownSitemap
from crawler.reading.tasks import (
    Answer,
    ArchiveSpan,
    ClaimedPoll,
    EntryArticle,
    FoundArticle,
    PageFault,
    PageWork,
    PollWork,
    Work,
)
from crawler.store.connection import Connection
from crawler.store.evidence.held_pages import HeldPages, has_room
from crawler.store.ledger.gaps import GapStore
from crawler.store.ledger.polls import PollStore
from crawler.store.ledger.robots_answers import RobotsStore
from crawler.store.records import Saved, WorkClaim
from crawler.store.writer import Writer

T = TypeVar("T")
_PROXY = frozenset({CrawlFault.PROXY_UNREACHED, CrawlFault.PROXY_LOGIN})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Functions that are called on the loop: `saved` and `wanted` once something is durable.

    `done` is called when a poll or a page has ended, whether that could be written or not.
    """

    saved: Callable[[Saved], None]
    wanted: Callable[[], None]
    done: Callable[[Work], None]


class StoreRecorder:
    """Writes down what the spider learns, and counts it in `report`.

    What cannot be written (a full disk) is logged and counts as a failure, and its claim is kept in
    `lost`: the crawl gives it back, and the work is done again. What another owner has claimed in
    the meantime is logged, and left to that owner.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Callable[[], datetime],
        hooks: Hooks,
        *,
        keep: Keep | None = None,
    ) -> None:
        self._writer, self._keep = writer, keep
        self._clock = clock
        self._hooks = hooks
        self.report = CrawlReport()
        self.lost: set[WorkClaim] = set()

    async def listed(
        self, work: ClaimedPoll, answer: Answer, listing: Listing
    ) -> ArchiveSpan | None:
        """Write down the entries, the pages wanted and the validators as one change.

        Returns since when the archive of the source is to be read, None if it is not.
        """
        now, jitter = self._clock(), _jitter()

        def job(db: Connection) -> Recorded:
            return record_listing(db, Listed(work, answer, listing), now, jitter)

        recorded = await self._ended(job, work)
        self.report.polled += 1
        self.report.cut_off = 0
        if recorded is None:
            return None
        self.report.entries += len(recorded.listed)
        if listing.fault:
            self.report.fault(work.source.id, answer.url, listing.fault)
        self._tell_recorded(work, recorded)
        log.info(
            "poll source=%s entries=%d wanted=%d saved=%d%s%s",
            *(work.source.id, len(recorded.listed), recorded.wanted, len(recorded.saved)),
            f" gap_since={recorded.gap:%Y-%m-%dT%H:%M:%SZ}" if recorded.gap else "",
            f" fault={str(listing.fault)!r}" if listing.fault else "",
        )
        return _span(work, work.state.gap or recorded.gap, now)

    async def unchanged(
        self,
        work: ClaimedPoll,
        answer: Answer,
        sitemaps: Mapping[str, KnownSitemap] | None = None,
    ) -> ArchiveSpan | None:
        """Write down that there is nothing new.

        Returns since when the archive of the source is to be read, None if it is not.
        """
        now, jitter = self._clock(), _jitter()
        without_news = poll_without_news(work, answer, now=now, jitter=jitter)
        poll = replace(without_news, sitemaps=sitemaps)

        def job(db: Connection) -> bool:
            record_unchanged_list(db, work, poll)
            return True

        recorded = await self._ended(job, work)
        self.report.polled += 1
        self.report.cut_off = 0
        if recorded is None:
            return None
        self.report.unchanged += 1
        log.debug("poll source=%s unchanged", work.source.id)
        return _span(work, work.state.gap, now)

    async def archived(self, work: PollWork, listing: Listing, span: ArchiveSpan) -> None:
        """Write down the entries of the archive that the source had not shown; want their pages."""
        now = self._clock()

        def job(db: Connection) -> Recorded:
            return record_archive(db, work.source, listing, span, now)

        recorded = await self._written(job, work.source.id)
        if recorded is not None:
            self._tell_recorded(work, recorded)
            log.info("archive source=%s found=%d", work.source.id, len(recorded.listed))

    async def archive_unread(self, work: PollWork, fault: Fault, span: ArchiveSpan) -> None:
        """Write down why the archive could not be read; the next poll tries again."""
        source = work.source.id
        await self._written(lambda db: GapStore(db).unread(source, fault, asked=span.at), source)
        self.report.fault(
            work.source.id, work.source.archive or "", CrawlFault.ARCHIVE(cause=fault)
        )
        log.warning("archive source=%s fault=%r", work.source.id, str(fault))

    async def poll_failed(self, work: ClaimedPoll, answer: Answer, fault: Fault) -> None:
        """Write down the fault; the source is asked less often, and what is known of it stays."""
        now, jitter = self._clock(), _jitter()
        poll = poll_with_fault(work, answer, fault, now=now, jitter=jitter)
        await self._ended(lambda db: PollStore(db).record_poll(poll), work)
        self.report.polled += 1
        # If it could not be written, it is counted already.
        self.report.sources_failed += work.claim not in self.lost
        self.report.fault(work.source.id, answer.url, fault)
        self.report.poll_failed(_obstacle(fault))
        if self.report.cut_off < CUT_OFF:
            log.warning("poll source=%s fault=%r url=%s", work.source.id, str(fault), answer.url)
        elif self.report.cut_off == CUT_OFF:
            log.warning("%s; more of this is not logged", self.report.obstacle)

    async def save(self, item: FoundArticle) -> None:
        """Write down an article and the outcome of fetching its page, as one change.

        The bytes of its pages, if they are wanted, are part of it.
        """
        now = self._clock()

        def job(db: Connection) -> tuple[Saved | None]:
            saved = record_article(db, item, now)
            if saved and saved.seq and item.exchanges:
                self._hold(db, saved, item, now)
            return (saved,)

        # In a tuple, since None means that it could not be written and is done again.
        stored = await self._ended(job, item.work)
        if stored is not None:
            self._tell_page_in(item, *stored)

    def _hold(self, db: Connection, saved: Saved, item: FoundArticle, now: datetime) -> None:
        all_wanted, room = self._keep is Keep.ALL, has_room(self._writer.path.parent)
        HeldPages(db).hold(saved, item.exchanges, now, all_wanted=all_wanted, room=room)

    async def page_unchanged(self, work: PageWork, answer: Answer) -> None:
        """Write down that the page has not changed."""
        now = self._clock()
        await self._ended(lambda db: record_unchanged(db, work, answer.validators, now), work)
        self.report.fetched += 1
        self.report.known += 1

    def next_attempt(self, work: PageWork, answer: Answer) -> datetime | None:
        """When a page that failed is asked for again; None if it is given up."""
        return next_try(work.page, answer, self._clock())

    async def page_failed(self, work: PageWork, fault: PageFault, again: datetime | None) -> None:
        """Write down the fault; without `again` the page is given up."""
        now = self._clock()
        await self._ended(lambda db: record_failure(db, work, fault, again, now), work)
        self._tell_page_failed(work, fault)

    async def robots(self) -> Mapping[str, tuple[bytes, timedelta]]:
        """The stored robots.txt by site, and how much longer each is valid."""
        now = self._clock()
        held = await self._written(lambda db: RobotsStore(db).held(now), "robots.txt") or {}
        return {site: (rules, until - now) for site, (rules, until) in held.items()}

    async def robots_read(self, site: str, rules: bytes, lifetime: timedelta) -> None:
        """Keep a site's robots.txt, so that a restart need not ask for it."""
        now = self._clock()
        await self._written(
            lambda db: RobotsStore(db).keep(site, rules, until=now + lifetime, now=now),
            "robots.txt",
        )

    async def _ended(self, job: Callable[[Connection], T], work: Work) -> T | None:
        """The result of a job that writes how this work ended; then it is no longer in hand."""
        try:
            return await self._written(job, work.source.id, work.claim)
        finally:
            self._hooks.done(work)

    async def _written(
        self, job: Callable[[Connection], T], source: str, claim: WorkClaim | None = None
    ) -> T | None:
        about = f"{claim.table} of {source}" if claim else source
        try:
            return await asyncio.wrap_future(self._writer.submit(job, about=about))
        except ClaimLostError as error:
            log.warning("claim_lost source=%s error=%s", source, error)
        except (sqlite3.Error, StoreError) as error:
            log.error("store source=%s error=%s", source, error)  # noqa: TRY400 - a full disk, no bug
            self._note_unwritten(source, claim, error)
        return None

    def _note_unwritten(self, source: str, claim: WorkClaim | None, error: Exception) -> None:
        self.report.unwritten += 1
        self.report.fault(source, "", CrawlFault.NOT_WRITTEN(error=str(error)))
        if claim:
            self.lost.add(claim)
            self.report.sources_failed += claim.table == "sources"

    def _tell_recorded(self, work: PollWork, recorded: Recorded) -> None:
        for saved in recorded.saved:
            self._tell_saved(saved)
        for error in recorded.missed.values():
            self.report.fault(work.source.id, error.url, error.what)
        if recorded.wanted:
            self._hooks.wanted()

    def _tell_page_in(self, item: FoundArticle, saved: Saved | None) -> None:
        if isinstance(item, EntryArticle):
            self._tell_page_failed(item.work, item.missed)
        else:
            self.report.fetched += 1
        if saved is not None:
            self._tell_saved(saved)

    def _tell_saved(self, saved: Saved) -> None:
        self.report.saved(saved)
        self._hooks.saved(saved)

    def _tell_page_failed(self, work: PageWork, fault: PageFault) -> None:
        self.report.pages_failed += 1
        self.report.fault(work.source.id, work.page.url, fault.what)
        log.warning(
            "page source=%s fault=%r url=%s", work.source.id, str(fault.what), work.page.url
        )


def _obstacle(fault: Fault) -> str:
    """What would keep all other sources from their hosts too; "" if it is this one's affair."""
    cause = fault["cause"] if fault.kind is CrawlFault.ROBOTS_UNREAD else fault
    if not isinstance(cause, Fault):
        return ""
    if cause.kind is CrawlFault.HOST_UNKNOWN:
        return "no host has an address: is there a network?"
    return str(cause) if cause.kind in _PROXY else ""


def _span(work: PollWork, since: datetime | None, now: datetime) -> ArchiveSpan | None:
    return ArchiveSpan(since, now) if since and work.source.archive else None


def _jitter() -> float:
    """A random number from 0 to 1, which spreads polls that would come together."""
    return random.random()  # noqa: S311 - hides nothing
