"""The crawl: Scrapy with one long-lived spider on the running loop, fed from the store."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.core.scheduler import Scheduler
from twisted.python.failure import Failure

from crawler.clock import ClockWatch, utc_now
from crawler.config.files import CrawlSettings, EvidenceSettings, NetworkSettings
from crawler.engine.recorder import Hooks, StoreRecorder
from crawler.engine.report import CrawlReport
from crawler.engine.session import OpenSpider, open_spider, scrapy_settings
from crawler.errors import StoppedError, StoreError
from crawler.faults.kinds import CrawlFault
from crawler.model import Source
from crawler.reading.memory import return_freed_memory, return_gaps
from crawler.reading.pool import WorkerPool
from crawler.reading.reader import Reader
from crawler.reading.tasks import ClaimedPoll, PageFault, PageWork, Work
from crawler.spiders.news import NewsSpider
from crawler.store.claims import LEASE, new_owner
from crawler.store.ledger.pages import PageQueue
from crawler.store.ledger.polls import PollStore
from crawler.store.records import DueSource, Saved, WantedPage, WorkClaim
from crawler.store.writer import Writer

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine

    from crawler.store.connection import Connection

log = logging.getLogger(__name__)

# Chosen: at most this much is claimed at once. The rest waits in the store, also over a restart.
IN_HAND = 400
PAGES_OF_ONE_SOURCE = 8
# Chosen: this many requests are handed over before the loop may catch up. After hundreds at once,
# everything else would wait. A pause takes `PAUSE` seconds.
BURST = 16
PAUSE = 0.02
MOST_PAUSES = 25
# Docker kills a process ten seconds after it has asked it to stop. Two remain for everything else.
STOP_WITHIN = timedelta(seconds=8)
RENEW_EVERY = LEASE / 5
# Chosen: a page that was asked for and whose outcome could not be written is left alone for as long
# as one that failed for the first time.
PAGE_HELD = timedelta(minutes=1)


class Crawl:
    """Polls sources and fetches pages until it is stopped; the results are in the store.

    `start` it on a running asyncio loop, call `tick` whenever something may be due, and `stop` it.
    The store must hold the same sources as `sources` (`PollStore.sync_sources`). A process can run
    one crawl after another, all on the same loop. Each claims its work under an `owner` of its own.
    """

    def __init__(  # noqa: PLR0913 - parts and settings, each by name
        self,
        sources: Iterable[Source],
        writer: Writer,
        *,
        crawl: CrawlSettings | None = None,
        network: NetworkSettings | None = None,
        evidence: EvidenceSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        on_saved: Callable[[Saved], None] = lambda _: None,
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._writer = writer
        self.owner = new_owner()
        self._crawl = crawl or CrawlSettings()
        self._network = network or NetworkSettings()
        self._clock = clock
        self._clock_watch, self._set_back = ClockWatch(clock), timedelta()
        hooks = Hooks(saved=on_saved, wanted=self._wake_feeder, done=self._done)
        self._evidence = evidence or EvidenceSettings()
        self._recorder = StoreRecorder(writer, clock, hooks, keep=self._evidence.keep)
        self._pool = WorkerPool(self._crawl.workers)
        self._claims: set[WorkClaim] = set()  # in hand
        self._pages: Counter[str] = Counter()  # in hand, by source
        self._among: Sequence[str] | None = None
        self._wake, self._quiet = asyncio.Event(), asyncio.Event()
        self._more = False  # more sources are due than could be taken up
        self._stopping = False
        self._taking = 0  # how many are taking up work at this moment
        self._taken = asyncio.Event()  # set while nobody is
        self._taken.set()
        self._open: OpenSpider | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def report(self) -> CrawlReport:
        """What this crawl has done so far."""
        return self._recorder.report

    async def start(self) -> None:
        """Open the spider. It sends no request before there is work."""
        return_freed_memory()
        keeps = self._evidence.keep is not None
        settings = scrapy_settings(self._crawl, self._network, len(self._sources), evidence=keeps)
        self._open = await open_spider(
            settings,
            reader=Reader(self._pool, self._clock, limit=self._crawl.max_feed_bytes),
            recorder=self._recorder,
            on_idle=self._settle,
            on_bug=self._let_go,
        )
        self._tasks = [asyncio.create_task(run()) for run in (self._feed, self._keep_claims)]
        self._quiet.set()
        # What is loaded now stays. Each collection that walks it would stop the loop for a tenth
        # of a second.
        gc.collect()
        gc.freeze()
        return_gaps()

    async def tick(self, *, only: Sequence[str] | None = None) -> int:
        """Take up what is due, or with `only` these sources, due or not; the number of requests.

        At most `IN_HAND` requests are in hand at the same time.
        """
        now, room = self._clock(), IN_HAND - self._in_hand()
        if self._stopping or room <= 0:
            return 0
        with self._taking_up():
            self._among = only
            await self._give_back_lost()
            await self._mend_due_times(now)
            due, pages = await self._claimed(now, room, only)
            self._more = only is None and len(due) == room
            await self.poll(due)
            await self.fetch(pages)
        return len(due) + len(pages)

    async def _claimed(
        self, now: datetime, room: int, only: Sequence[str] | None
    ) -> tuple[list[DueSource], list[WantedPage]]:
        def job(db: Connection) -> tuple[list[DueSource], list[WantedPage]]:
            polls = PollStore(db)
            due = polls.claim_due_sources(self.owner, now, room, only=only)
            left = room - len(due)
            if only is not None:
                queue = PageQueue(db)
                pages = queue.claim(self.owner, now, left, each=left, among=only, at_once=True)
            else:
                pages = self._claimed_pages(db, now, left)
            self._hold(db, due, pages, now)
            return due, pages

        due, pages = await asyncio.wrap_future(self._writer.submit(job))
        self._claims.update(each.claim for each in due)
        self._claims.update(page.claim for page in pages)
        return due, pages

    def _hold(
        self, db: Connection, due: Sequence[DueSource], pages: Sequence[WantedPage], now: datetime
    ) -> None:
        """Let nothing be asked too soon again, even if what comes of it is not written down."""
        known = self._sources
        polls = [
            (each.claim, now + known[each.state.id].every) for each in due if each.state.id in known
        ]
        PollStore(db).hold([*polls, *((page.claim, now + PAGE_HELD) for page in pages)])

    async def round(self, *, only: Sequence[str] | None = None) -> None:
        """Do all that is due now, or all of these sources, with the pages that they list."""
        await self.tick(only=only)
        await self.idle()

    async def poll(self, due: Sequence[DueSource]) -> None:
        """Ask these sources what is new; they are claimed already."""
        for number, each in enumerate(due, 1):
            if self._stopping:
                return
            source = self._sources.get(each.state.id)
            if source is None:
                self._claims.discard(each.claim)
                continue
            self._quiet.clear()
            self._spider.poll(ClaimedPoll(source, each.state, each.claim))
            await _breathe(number)

    async def fetch(self, pages: Sequence[WantedPage]) -> None:
        """Fetch these pages; they are claimed already."""
        for number, page in enumerate(pages, 1):
            if self._stopping:
                return
            source = self._sources.get(page.source)
            if source is None:
                self._claims.discard(page.claim)
                continue
            work = PageWork(source, page)
            self._quiet.clear()
            self._pages[page.source] += 1
            try:
                self._spider.fetch(work)
            except ValueError:  # no request can be made for this address
                nowhere = PageFault(what=CrawlFault.NO_WEB_ADDRESS())
                await self._recorder.page_failed(work, nowhere, None)
            await _breathe(number)

    async def idle(self) -> None:
        """Wait until nothing is in hand and nothing more is due."""
        await self._quiet.wait()

    async def stop(self, timeout: timedelta = STOP_WITHIN) -> None:  # noqa: ASYNC109 - a total
        """Finish what is being transferred, read and stored; give back what has not begun.

        What is not finished in time is dropped. It stays wanted in the store.
        """
        if self._stopping or self._open is None:
            return
        self._stopping = True
        self._spider.stopping = True
        for task in self._tasks:
            task.cancel()
        self._drop_waiting()
        if dropped := await self._open.close(timeout):
            log.warning("stopped dropped=%d", dropped)
        await self._pool.close()
        await self._taken.wait()  # what was being claimed as the end came is given back as well
        await self._release_all()
        self._quiet.set()

    async def _release_all(self) -> None:
        """Give everything back; what is still in hand has not been done, and is due as before."""
        unfinished = tuple(self._claims)
        job = self._writer.submit(lambda db: PollStore(db).release_claims(self.owner, unfinished))
        await asyncio.wrap_future(job)

    def _drop_waiting(self) -> None:
        """Take back the requests that politeness still holds in their hosts' queues."""
        for slot in self._engine.downloader.slots.values():
            while slot.queue:
                request, waiting = slot.queue.popleft()
                waiting.errback(Failure(StoppedError(request.url)))  # type: ignore[no-untyped-call]  # Twisted

    async def _feed(self) -> None:
        """Take up wanted pages whenever there is room for them."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                with self._taking_up():
                    if self._more:
                        await self.tick()
                    else:
                        await self._take_pages()
            except (sqlite3.Error, StoreError) as error:
                log.error("store error=%s", error)  # noqa: TRY400 - a full disk is no bug

    @contextlib.contextmanager
    def _taking_up(self) -> Iterator[None]:
        """While work is claimed and handed over, an idle spider does not mean that all is done."""
        self._taking += 1
        self._taken.clear()
        try:
            yield
        finally:
            self._taking -= 1
            if not self._taking:
                self._taken.set()
            self._settle()

    async def _take_pages(self) -> None:
        now, room = self._clock(), IN_HAND - self._in_hand()
        if room > 0:

            def job(db: Connection) -> list[WantedPage]:
                pages = self._claimed_pages(db, now, room)
                self._hold(db, (), pages, now)
                return pages

            pages = await asyncio.wrap_future(self._writer.submit(job))
            self._claims.update(page.claim for page in pages)
            await self.fetch(pages)

    def _claimed_pages(self, db: Connection, now: datetime, room: int) -> list[WantedPage]:
        among = self._among
        full = {name for name, pages in self._pages.items() if pages >= PAGES_OF_ONE_SOURCE}
        if among is None:
            full |= {source.id for source in self._sources.values() if not source.enabled}
        return PageQueue(db).claim(
            self.owner, now, room, each=PAGES_OF_ONE_SOURCE, full=sorted(full), among=among
        )

    async def _give_back_lost(self) -> None:
        """Free the claims on work whose result could not be written."""
        if lost := set(self._recorder.lost):
            job = self._writer.submit(lambda db: PollStore(db).give_back(lost))
            await asyncio.wrap_future(job)
            self._recorder.lost -= lost

    async def _mend_due_times(self, now: datetime) -> None:
        self._set_back += self._clock_watch.set_back()
        if step := self._set_back:
            log.warning("clock set_back=%s", step)
            job = self._writer.submit(lambda db: PollStore(db).set_back(step, now))
            await asyncio.wrap_future(job)
            self._set_back -= step

    async def _keep_claims(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY.total_seconds())
            try:
                await self.renew_claims()
            except (sqlite3.Error, StoreError) as error:
                log.error("store error=%s", error)  # noqa: TRY400 - a full disk is no bug

    async def renew_claims(self) -> None:
        """Renew the claims in hand; it is called every `RENEW_EVERY` from the start on.

        Requests may wait longer than a lease for the politeness of a host. A claim that is no
        longer in hand, because something went wrong, is free when its lease has run out.
        """
        now, in_hand = self._clock(), tuple(self._claims)
        job = self._writer.submit(lambda db: PollStore(db).renew_claims(self.owner, in_hand, now))
        await asyncio.wrap_future(job)

    def _done(self, work: Work) -> None:
        self._claims.discard(work.claim)
        if isinstance(work, ClaimedPoll):
            return
        self._pages[work.source.id] -= 1
        if self._pages[work.source.id] in {0, PAGES_OF_ONE_SOURCE // 2}:
            self._wake_feeder()

    def _let_go(self, work: Work) -> None:
        """Work that a bug has ended is no longer in hand, and free when its lease has run out.

        It is not freed before: a bug that comes each time would ask the outlet without a pause.
        """
        if work.claim in self._claims:
            self._done(work)

    def _wake_feeder(self) -> None:
        if not self._stopping:
            self._wake.set()

    def _settle(self) -> None:
        if self._open is None:
            return
        if self._wake.is_set() or self._taking or not self._engine.spider_is_idle():
            return
        self._pages.clear()
        self._claims.clear()
        if self._more:
            self._wake_feeder()
        else:
            self._quiet.set()

    def _in_hand(self) -> int:
        engine = self._engine
        slot, scheduler = engine.scraper.slot, engine.scheduler
        reading = len(slot.active) + len(slot.queue) if slot else 0
        waiting = len(scheduler) if isinstance(scheduler, Scheduler) else 0
        return waiting + len(engine.downloader.active) + reading

    @property
    def _engine(self) -> ExecutionEngine:
        assert self._open is not None
        return self._open.crawler.engine

    @property
    def _spider(self) -> NewsSpider:
        assert self._open is not None
        return self._open.spider


async def _breathe(number: int) -> None:
    """After a burst, wait until the loop is on time again, but at most `MOST_PAUSES` pauses."""
    if number % BURST:
        return
    loop = asyncio.get_running_loop()
    for _ in range(MOST_PAUSES):
        due = loop.time() + PAUSE
        await asyncio.sleep(PAUSE)
        if loop.time() - due < PAUSE:
            return
