"""The sender: one thread and one message in flight for each channel."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from alerts.channel import Channel
from alerts.delivery.claims import (
    Scope,
    Wait,
    begin_sending,
    end_interrupted,
    give_up_orphans,
)
from alerts.delivery.lane import RECORD_WAITS, Clock, Jobs, Lane
from alerts.delivery.requests import carry_out, left, set_aside
from alerts.policy.placement import ChannelPlan
from alerts.store.alert_store import AlertStore
from crawler.clock import utc_now
from crawler.errors import StoreError
from crawler.frozen import dataclass
from crawler.store import Connection, PollStore, new_owner

log = logging.getLogger(__name__)

# A command runs after all alerts are queued, so it does not wait for others to join a message.
AT_ONCE = Scope(flush=True)

# Chosen: a lane looks again at least this often, because the wall clock may have been set.
_LONGEST_SLEEP = timedelta(seconds=60)
# Chosen: somebody at a terminal waits for the answer.
_REQUESTS_EVERY = timedelta(seconds=2)
# Chosen: a delivery whose channel is gone has waited for hours when it is given up.
_ORPHANS_EVERY = timedelta(minutes=10)
# Docker kills a process ten seconds after it has asked it to stop. Two remain for everything else.
STOP_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many deliveries one call sent and gave up, and how many are still pending."""

    sent: int
    pending: int
    dead: int


def deliver_due(
    writer: Jobs,
    channels: Sequence[Channel],
    *,
    clock: Clock = utc_now,
    scope: Scope = AT_ONCE,
    stop: threading.Event | None = None,
) -> DeliveryCounts:
    """Send what is due, once, all channels at the same time.

    Deliveries that another sender on the same writer has begun are left to it.
    """
    before, owner = _given_up(writer), new_owner()
    _start_sending(writer, channels, clock())
    lanes = [
        Lane(
            writer=writer,
            channel=channel,
            channels=channels,
            clock=clock,
            scope=scope,
            owner=owner,
            stop=stop or threading.Event(),
        )
        for channel in channels
    ]
    # Twice, because the failure of one lane may queue a notice in another that was done.
    for _ in range(2 if lanes else 0):
        with ThreadPoolExecutor(len(lanes), thread_name_prefix="deliver") as pool:
            list(pool.map(Lane.drain, lanes))
    return DeliveryCounts(
        sum(lane.sent for lane in lanes),
        writer.run(lambda db: AlertStore(db).reading.pending_count()),
        _given_up(writer) - before,
    )


def _given_up(writer: Jobs) -> int:
    return writer.run(lambda db: AlertStore(db).reading.undelivered_since(None))


def carry_out_left(writer: Jobs, plans: Sequence[ChannelPlan], clock: Clock) -> int:
    """Do what commands have left for the process with the database; returns how much it was.

    What cannot be done is logged and set aside (`.failed`), so that it keeps nothing else waiting.
    """
    requests = left(writer.path)
    for path, request in requests:
        now = clock()
        try:
            done = writer.run(lambda db: carry_out(db, request, plans, now))  # noqa: B023 - runs before the next turn
        except (sqlite3.OperationalError, StoreError):  # of the database: it can be done later
            raise
        except Exception:
            log.exception("request=%s cannot be carried out", path.name)
            set_aside(path)
            continue
        path.unlink(missing_ok=True)
        log.info("request=%s touched=%s", path.name, ",".join(done))
    return len(requests)


def take_over(db: Connection, now: datetime) -> None:
    """Free what earlier processes were fetching or sending; the `opening` of a `Writer`."""
    PollStore(db).take_over()
    if interrupted := end_interrupted(AlertStore(db), now):
        log.warning("interrupted_attempts=%d", interrupted)


def _start_sending(writer: Jobs, channels: Sequence[Channel], now: datetime) -> None:
    plans = [channel.plan for channel in channels]
    writer.run(lambda db: begin_sending(AlertStore(db), plans, now))


class Dispatcher:
    """The sender of the daemon: one thread for each channel, so that no receiver delays another.

    One more thread carries out the requests that commands leave.
    """

    def __init__(
        self, writer: Jobs, channels: Sequence[Channel], *, clock: Clock = utc_now
    ) -> None:
        self._writer, self._channels, self._clock = writer, channels, clock
        self._plans = [channel.plan for channel in channels]
        self._stop = threading.Event()
        self._bells = [threading.Event() for _ in channels]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to send; a refused channel is tried at once.

        What commands have left is done before: a silence among it covers what waits.
        """
        owner = new_owner()
        self._do_what_was_left()
        _start_sending(self._writer, self._channels, self._clock())
        for channel, bell in zip(self._channels, self._bells, strict=True):
            lane = Lane(
                writer=self._writer,
                channel=channel,
                channels=self._channels,
                clock=self._clock,
                owner=owner,
                stop=self._stop,
            )
            self._begin(f"deliver-{channel.plan.id}", partial(self._send, lane, bell))
        self._begin("deliver-requests", self._tend)

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def wake(self) -> None:
        """Look for due deliveries now, because something was queued."""
        for bell in self._bells:
            bell.set()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """Wait for messages under way; returns False if one has not ended after `timeout` seconds.

        Such a message is on record as begun, and goes again at the next start.
        """
        self._stop.set()
        self.wake()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _send(self, lane: Lane, bell: threading.Event) -> None:
        while not self._stop.is_set():
            bell.clear()
            wait = self._step(lane)
            if wait is None:
                continue
            span = wait.until - self._clock() if wait.until else _LONGEST_SLEEP
            bell.wait(max(0.0, min(span, _LONGEST_SLEEP).total_seconds()))

    def _step(self, lane: Lane) -> Wait | None:
        try:
            return lane.step()
        except (sqlite3.Error, StoreError) as error:
            self._say(lane.channel.plan.id, error)
            return Wait(self._clock() + timedelta(seconds=RECORD_WAITS[-1]))

    def _tend(self) -> None:
        """Carry out requests as they come, and give up old deliveries of channels that are gone."""
        orphans = time.monotonic() + _ORPHANS_EVERY.total_seconds()
        while not self._stop.wait(_REQUESTS_EVERY.total_seconds()):
            try:
                if self._do_what_was_left():
                    self.wake()
                if time.monotonic() > orphans:
                    orphans = time.monotonic() + _ORPHANS_EVERY.total_seconds()
                    self._give_up_orphans()
            except (sqlite3.Error, StoreError) as error:
                self._say("orphans", error)

    def _do_what_was_left(self) -> int:
        try:
            return carry_out_left(self._writer, self._plans, self._clock)
        except (sqlite3.Error, StoreError, OSError) as error:
            self._say("requests", error)
            return 0

    def _give_up_orphans(self) -> None:
        now = self._clock()
        self._writer.run(lambda db: give_up_orphans(AlertStore(db), self._plans, now))

    def _say(self, what: str, error: Exception) -> None:
        if not self._stop.is_set():
            log.error("lane=%s fault=%s", what, error)
