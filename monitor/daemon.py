"""The daemon: schedule, crawl, match and deliver in one process until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlite_utils import Database

from alerts.deliver import Dispatcher
from alerts.matching import Matcher
from alerts.watch import watch as watch_sources
from crawler.engine import Crawl
from crawler.store import PollStore, Writer
from monitor.desk import Desk
from monitor.reader import LogReader
from monitor.reload import RuleWatch

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run_daemon(desk: Desk, writer: Writer) -> None:
    """Work until a signal comes; then finish the work in hand and return."""
    sources, channels, rulebook = desk.sources, desk.senders(), desk.rulebook
    plans = [channel.plan for channel in channels]
    dispatcher = Dispatcher(writer, channels)
    matcher = Matcher(
        writer,
        rulebook,
        plans,
        first_run=desk.settings.schedule.first_run,
    )
    reader = LogReader(matcher, clock=desk.now, on_queued=dispatcher.wake)
    watch = RuleWatch(desk.config_dir / "rules.toml", [channel.id for channel in desk.channels])
    crawl = Crawl(
        sources,
        writer,
        crawl=desk.settings.crawl,
        network=desk.settings.network,
        on_saved=lambda saved: reader.wake() if saved.seq else None,
    )

    def tend() -> None:
        if writer.run(lambda db: watch_sources(db, plans, desk.now())):
            dispatcher.wake()

    await asyncio.wrap_future(writer.submit(lambda db: take_over(db, desk)))
    with stop_on_signal() as stopped:
        await crawl.start()
        dispatcher.start()
        reader.start()
        with _scheduled(crawl, watch, matcher, tend):
            enabled = sum(source.enabled for source in sources)
            log.info(
                "started sources=%d rules=%d channels=%d", enabled, len(rulebook), len(channels)
            )
            await stopped.wait()
        log.info("stopping")
        await crawl.stop()
        await asyncio.to_thread(reader.stop)
        await asyncio.to_thread(dispatcher.stop)
    log.info("stopped")


def take_over(db: Database, desk: Desk) -> None:
    """Begin where an earlier process ended, however it did."""
    polls = PollStore(db)
    polls.release_claims()
    polls.sync_sources(desk.sources, desk.now())


@contextlib.contextmanager
def _scheduled(
    crawl: Crawl, rules: RuleWatch, matcher: Matcher, tend: Callable[[], None]
) -> Iterator[None]:
    """What is due is looked up every second; when it is due, the store knows."""

    async def look() -> None:
        if (book := await asyncio.to_thread(rules.look)) is not None:
            matcher.use(book)

    async def tick() -> None:
        await crawl.tick()

    async def tended() -> None:
        await asyncio.to_thread(tend)

    # No grace and no heap of missed ticks: after a block or a sleep one tick sees all that is due.
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(tick, "interval", seconds=1, next_run_time=datetime.now(UTC))
    scheduler.add_job(look, "interval", seconds=2)
    scheduler.add_job(tended, "interval", seconds=60)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


@contextlib.contextmanager
def stop_on_signal() -> Iterator[asyncio.Event]:
    """An event that SIGTERM or Ctrl-C sets; a second signal changes nothing."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
