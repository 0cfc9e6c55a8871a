"""The daemon: schedule, crawl, match and deliver in one process until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from alerts.delivery import Dispatcher
from alerts.faults import config_note
from alerts.matcher import Matcher
from alerts.policy import Ailment
from alerts.watch import watch, watch_health, watch_rules
from crawler.clock import ClockWatch
from crawler.engine import Crawl
from crawler.errors import StoreError
from crawler.reading import return_gaps
from crawler.store import LONGEST_NOTE, FactStore, PollStore, Writer
from monitor.context import Context
from monitor.evidence import EvidenceThread
from monitor.health import Switch, Vitals, facts_of, unready
from monitor.quiet_round import note_good
from monitor.running.log_reader import LogReader
from monitor.running.once import store_configuration
from monitor.running.rule_reload import (
    AT_THE_START,
    ConfigurationWatch,
    RuleWatch,
    needs_restart,
)
from monitor.running.service_manager import ALIVE, READY, RELOADING, STOPPING, tell
from monitor.running.signals import stop_on_signal
from monitor.running.upkeep import Upkeep
from monitor.views.source_history import ailments
from monitor.web import PageServer, PageState

if TYPE_CHECKING:
    from starlette.types import ASGIApp

log = logging.getLogger(__name__)


class Daemon:
    """The parts of one running instance."""

    def __init__(
        self,
        context: Context,
        writer: Writer,
        on_page: Callable[[PageState], object] = lambda _: None,
    ) -> None:
        channels = context.senders()
        _ = context.papers  # its faults stop a start, as those of the other files do
        self.desk, self.writer = context, writer
        self.plans = [channel.plan for channel in channels]
        self.dispatcher = Dispatcher(writer, channels, clock=context.now)
        first_run = context.settings.schedule.first_run
        self.matcher = Matcher(writer, context.rulebook, self.plans, first_run=first_run)
        self.reader = LogReader(self.matcher, clock=context.now, on_queued=self.wake)
        names = [channel.id for channel in context.channels]
        self.rules = RuleWatch(
            context.config_dir / "rules.toml", context.rulebook, names, context.outlets
        )
        self._refused, self._looking = self.rules.refused, asyncio.Lock()
        self.configuration = ConfigurationWatch(context, self.rules)
        self._fresh: Context | None = None
        self.upkeep = Upkeep(context, writer)
        self.evidence = EvidenceThread(context, writer)
        self.vitals = Vitals(writer, context.now)
        self.page = self._page(on_page)
        self.switch = Switch(context)
        self.crawl = self._crawl_of(context)

    def wake(self) -> None:
        """Look for due deliveries now."""
        self.dispatcher.wake()

    def _page(self, on_page: Callable[[PageState], object]) -> PageServer | None:
        """The page, which is served while this runs; None if the configuration has none."""
        address = self.desk.settings.web.address

        def app(closing: threading.Event) -> ASGIApp:
            from monitor.web import page_app

            return page_app(self.desk, self.vitals, self, closing=closing)

        def told(state: PageState) -> None:
            fault = config_note(state.fault, LONGEST_NOTE) if state.fault else ""
            self.writer.note.page(state.url, fault)
            on_page(state)

        return PageServer(app, address, told=told) if address else None

    def _crawl_of(self, context: Context) -> Crawl:
        return Crawl(
            context.polled_sources,
            self.writer,
            crawl=context.settings.crawl,
            network=context.settings.network,
            evidence=context.settings.evidence,
            clock=context.now,
            on_saved=lambda saved: self._on_new_text() if saved.seq else None,
        )

    def _on_new_text(self) -> None:
        self.reader.wake()
        self.evidence.wake()

    async def start(self) -> None:
        """Begin where an earlier process stopped, however it ended."""
        job = self.writer.submit(lambda db: store_configuration(db, self.desk, self.plans))
        await asyncio.wrap_future(job)
        await self.crawl.start()
        self.dispatcher.start()
        self.reader.start()
        self.evidence.start()
        self.vitals.start()
        if self.page:
            self.page.start()

    async def stop(self) -> None:
        """Finish the work in hand: first the crawl, then matching, then delivery."""
        await self.crawl.stop()
        await asyncio.to_thread(self.reader.stop)
        await asyncio.to_thread(self.evidence.stop)
        await asyncio.to_thread(self.dispatcher.stop)
        if self.page:
            await asyncio.to_thread(self.page.stop)
        self.vitals.stop()

    async def tick(self) -> None:
        """Take up what is due; the due times are in the store."""
        await self.crawl.tick()
        self.writer.note.ticked(self.desk.now())
        tell(ALIVE)
        self.vitals.ticked()

    async def reload(self) -> None:
        """Take up at once what has changed in the files, as SIGHUP asks."""
        tell(RELOADING)
        for _ in range(2):  # a change counts when two looks have seen it
            await self.look_at_files()
        tell(READY)

    async def ping(self) -> None:
        """Say to the dead man's switch that all is well, if it is."""
        problems = unready(await facts_of(self.desk, self.vitals), self.desk.now())
        if problems:
            log.warning("no ping, since %s", "; ".join(problems))
        else:
            await asyncio.to_thread(self.switch.ask)

    async def look_at_files(self) -> None:
        """Work with rules, sources, channels and settings as they are now."""
        async with self._looking:
            if await self._look_at_configuration():
                await self._look_at_rules()

    async def _look_at_configuration(self) -> bool:
        """Take up what has changed; False if that waits for the rules to stop changing."""
        self._fresh = self._fresh or await asyncio.to_thread(self.configuration.look)
        refused = [config_note(fault, LONGEST_NOTE) for fault in self.configuration.refused]
        self.writer.note.refused(refused)
        if (fresh := self._fresh) is None:
            return True
        channels = fresh.senders()
        plans = [channel.plan for channel in channels]
        if not await self._read_rules_with(fresh):
            return False
        # If this fails, everything is as before, and is done again at the next look.
        job = self.writer.submit(
            lambda db: PollStore(db).sync_sources(fresh.polled_sources, fresh.now())
        )
        await asyncio.wrap_future(job)
        late = needs_restart(self.desk, fresh)
        # Whatever else works with this desk, as the page does, goes on with the new files as well.
        self.desk.take(fresh, but=AT_THE_START)
        self.plans, self._fresh = plans, None
        await asyncio.to_thread(self.dispatcher.stop)
        self.dispatcher = Dispatcher(self.writer, channels, clock=fresh.now)
        self.dispatcher.start()
        self.matcher.use(self.rules.book, plans, fresh.settings.schedule.first_run)
        await self.crawl.stop()
        self.crawl = self._crawl_of(fresh)
        await self.crawl.start()
        enabled = sum(source.enabled for source in fresh.sources)
        log.info("configuration_reloaded sources=%d channels=%d", enabled, len(plans))
        if late:
            log.warning("changes of %s count from the next start on", ", ".join(late))
        return True

    async def _read_rules_with(self, fresh: Context) -> bool:
        """Read the rules with new channels; whether none names a channel that is gone.

        If one does, since the rules were changed just now, all is as before until the next look.
        """
        names = [channel.id for channel in fresh.channels]
        self.rules.use(names, fresh.outlets)
        await asyncio.to_thread(self.rules.look)
        if self.rules.channels_named.issubset(names):
            return True
        self.rules.use([plan.id for plan in self.plans], self.desk.outlets)
        self.configuration.look_again()
        self._fresh = None
        return False

    async def _look_at_rules(self) -> None:
        if (book := await asyncio.to_thread(self.rules.look)) is not None:
            self.matcher.use(book, self.plans, self.desk.settings.schedule.first_run)
            self.desk.read_rules_again()
        if (refused := self.rules.refused) == self._refused:
            return
        job = self.writer.submit(lambda db: watch_rules(db, self.plans, refused, self.desk.now()))
        told = await asyncio.wrap_future(job)
        self._refused = refused
        if told:
            self.dispatcher.wake()

    async def watch_sources(self) -> None:
        """Queue heartbeats, and tell of sources that fall silent or come back."""
        job = self.writer.submit(lambda db: watch(db, self.plans, self.desk.now()))
        if await asyncio.wrap_future(job):
            self.dispatcher.wake()

    async def look_at_papers(self) -> None:
        """Queue the morning papers that are due."""
        book, plans = self.rules.book, self.plans
        if await asyncio.to_thread(self.desk.issue_papers, self.writer, book, plans):
            self.dispatcher.wake()

    async def return_memory(self) -> None:
        """Give back what pages in hand have left free, which takes 2 ms."""
        await asyncio.to_thread(return_gaps)

    async def watch_health(self) -> None:
        """Tell of sources that do badly, or well again."""
        now = self.desk.now()
        if (found := await asyncio.to_thread(_ailments, self.desk, now)) is None:
            return
        job = self.writer.submit(lambda db: watch_health(db, self.plans, found, now))
        if await asyncio.wrap_future(job):
            self.dispatcher.wake()


def _ailments(context: Context, now: datetime) -> dict[str, Ailment] | None:
    db = context.reader()
    try:
        return ailments(FactStore(db).facts(now), now)
    finally:
        db.close()


async def run_daemon(
    context: Context, writer: Writer, *, on_page: Callable[[PageState], object] = lambda _: None
) -> bool:
    """Work until a signal comes, then finish the work in hand.

    `on_page` hears where the page is. Returns whether every part of it was running until then.
    """
    daemon = Daemon(context, writer, on_page)
    note_good(context, writer)
    with stop_on_signal() as stopped, _stop_on_dead_thread(stopped) as dead:
        writer.note.daemon(context.now())
        await daemon.start()
        with _scheduled(daemon), _reload_on_hangup(daemon):
            enabled = sum(source.enabled for source in context.sources)
            log.info("started sources=%d rules=%d", enabled, len(context.rulebook))
            tell(READY)
            await stopped.wait()
        tell(STOPPING)
        log.info("stopping")
        await daemon.stop()
    if not dead:
        writer.note.ended()
    log.info("stopped")
    return not dead


@contextlib.contextmanager
def _scheduled(daemon: Daemon) -> Iterator[None]:
    # After a block or a sleep a single tick, however late, sees all that is due.
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    tick = outliving_the_store(daemon.tick)
    scheduler.add_job(tick, "interval", seconds=1, next_run_time=daemon.desk.now())
    for job, seconds in (
        (daemon.look_at_files, 2),
        (daemon.look_at_papers, 10),
        (daemon.return_memory, 10),
        (daemon.watch_sources, 60),
        (daemon.watch_health, 300),
        (daemon.upkeep.look, 60),
    ):
        scheduler.add_job(outliving_the_store(job), "interval", seconds=seconds)
    if daemon.switch:
        every = daemon.desk.settings.health.every.total_seconds()
        scheduler.add_job(daemon.ping, "interval", seconds=every)
    scheduler.start()
    watching = asyncio.create_task(_keep_time(scheduler, daemon.desk.now))
    try:
        yield
    finally:
        watching.cancel()
        scheduler.shutdown(wait=False)


async def _keep_time(scheduler: AsyncIOScheduler, clock: Callable[[], datetime]) -> None:
    """Start the jobs anew when the clock is set back: they would wait for the time they had."""
    watch = ClockWatch(clock)
    while True:
        await asyncio.sleep(1)
        if watch.set_back():
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock())


def outliving_the_store(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """The job, which is done again later if the store fails; a lasting fault is logged once.

    That it is cancelled is no fault.
    """
    failed = False

    async def guarded() -> None:
        nonlocal failed
        try:
            await job()
        except asyncio.CancelledError:
            # At a stop the scheduler does this to what is in hand, and would log it as a bug.
            log.debug("cancelled job=%s", job.__name__)
        except (sqlite3.Error, StoreError) as error:
            if not failed:
                log.error("store job=%s error=%s", job.__name__, error)  # noqa: TRY400 - a full disk, no bug
            failed = True
        else:
            failed = False

    return guarded


@contextlib.contextmanager
def _reload_on_hangup(daemon: Daemon) -> Iterator[None]:
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def reload() -> None:
        task = loop.create_task(daemon.reload())
        tasks.add(task)  # the loop itself holds a task too weakly
        task.add_done_callback(tasks.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


@contextlib.contextmanager
def _stop_on_dead_thread(stopped: asyncio.Event) -> Iterator[list[str]]:
    """Stop when a bug ends one of our threads, so that the program never runs without a part."""
    loop, dead = asyncio.get_running_loop(), list[str]()
    before = threading.excepthook

    def note(args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "?"
        dead.append(name)
        error = args.exc_value or args.exc_type()
        log.critical("thread=%s died", name, exc_info=error)
        loop.call_soon_threadsafe(stopped.set)

    threading.excepthook = note
    try:
        yield dead
    finally:
        threading.excepthook = before
