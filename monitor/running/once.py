"""One round: poll, fetch, match, deliver, and report."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

from alerts.channel import Channel
from alerts.delivery import DeliveryCounts, carry_out_left, deliver_due
from alerts.matcher import MatchCounts, Matcher
from alerts.policy import ChannelPlan
from alerts.store import AlertStore
from alerts.watch import watch_rules
from crawler.engine import CrawlReport
from crawler.frozen import dataclass
from crawler.store import Connection, PollStore, Writer
from monitor.context import Context
from monitor.running.signals import stop_on_signal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoundReport:
    """The outcome of a round. Its `dead` deliveries are those that this round gave up.

    `stopped` means that a signal ended it.
    """

    crawl: CrawlReport
    matching: MatchCounts
    deliveries: DeliveryCounts
    stopped: bool = False

    @classmethod
    def of_nothing(cls) -> RoundReport:
        """The outcome of a round that had nothing to do, and after which nothing waits."""
        return cls(CrawlReport(), MatchCounts(), DeliveryCounts(0, 0, 0))

    def as_json(self) -> dict[str, Any]:
        """What `crawl --json` writes."""
        crawled = self.crawl.as_json()
        errors = crawled.pop("errors")
        return crawled | {
            "matches": self.matching.matches,
            "not_matched": self.matching.unmatched,
            "alerts": {"queued": self.matching.queued},
            "deliveries": {
                "sent": self.deliveries.sent,
                "pending": self.deliveries.pending,
                "dead": self.deliveries.dead,
            },
            "stopped": self.stopped,
            "errors": errors,
        }

    @property
    def failed(self) -> bool:
        """Whether somebody should look.

        Every source failed, the database refused something, a text could not be matched, or an
        alert was given up.
        """
        crawl = self.crawl
        if self.stopped:
            return False
        untold = self.matching.unmatched > 0 or self.deliveries.dead > 0
        return untold or crawl.unwritten > 0 or 0 < crawl.polled == crawl.sources_failed


def round_now(
    context: Context,
    writer: Writer,
    channels: Sequence[Channel],
    *,
    only: Sequence[str] | None,
    deliver: bool,
) -> RoundReport:
    """Make a round, of these sources `only` if any are named; a signal ends it."""
    crawled, stopped = asyncio.run(crawl_round(context, writer, only))
    sends = deliver and not stopped
    matching, deliveries = alert_round(context, writer, channels, deliver=sends)
    return RoundReport(crawled, matching, deliveries, stopped)


async def crawl_round(
    context: Context, writer: Writer, only: Sequence[str] | None
) -> tuple[CrawlReport, bool]:
    """Poll what is due and fetch its pages; return the report and whether a signal ended it.

    With `only`, poll these sources, whether they are due or not. Scrapy is loaded, for most of a
    second, when there is something to ask.
    """
    plans = [channel.plan for channel in context.senders()]
    await asyncio.wrap_future(writer.submit(lambda db: store_configuration(db, context, plans)))
    due = await asyncio.wrap_future(writer.submit(lambda db: PollStore(db).next_due()))
    if not only and (due is None or due > context.now()):
        return CrawlReport(), False

    from crawler.engine import Crawl

    crawl = Crawl(
        context.polled_sources,
        writer,
        crawl=context.settings.crawl,
        network=context.settings.network,
        evidence=context.settings.evidence,
        clock=context.now,
    )
    with stop_on_signal() as stopped:
        await crawl.start()
        try:
            await crawl.tick(only=only)
            done = [asyncio.create_task(crawl.idle()), asyncio.create_task(stopped.wait())]
            await asyncio.wait(done, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.cancel()
            if stopped.is_set():
                context.progress.print("stopping: what is in hand is finished, in 10 s at most")
        finally:
            await crawl.stop()
        return crawl.report, stopped.is_set()


def do_what_was_left(context: Context, writer: Writer, plans: Sequence[ChannelPlan]) -> None:
    """Carry out what commands have left; what the database refuses stays for the next time."""
    try:
        carry_out_left(writer, plans, context.now)
    except (sqlite3.Error, OSError) as error:
        log.error("requests fault=%s", error)  # noqa: TRY400 - no bug


def alert_round(
    context: Context, writer: Writer, channels: Sequence[Channel], *, deliver: bool
) -> tuple[MatchCounts, DeliveryCounts]:
    """Do what commands have left for this round, match what is new and send what is due."""
    plans = [channel.plan for channel in channels]
    do_what_was_left(context, writer, plans)
    matcher = Matcher(
        writer,
        context.rulebook,
        plans,
        first_run=context.settings.schedule.first_run,
    )
    matching = matcher.catch_up(context.now)
    context.issue_papers(writer, context.rulebook, plans)
    if deliver:
        return matching, deliver_due(writer, channels, clock=context.now)
    pending = writer.run(lambda db: AlertStore(db).reading.pending_count())
    return matching, DeliveryCounts(0, pending, 0)


def store_configuration(db: Connection, context: Context, plans: Sequence[ChannelPlan]) -> None:
    """Store the sources as configured, and that every rule can be read."""
    PollStore(db).sync_sources(context.polled_sources, context.now())
    # The rules were read without a fault before a start, so what was refused before is mended.
    watch_rules(db, plans, {}, context.now())
