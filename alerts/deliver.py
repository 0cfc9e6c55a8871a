"""The sender: one thread and one message in flight for each channel."""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from sqlite_utils import Database

from alerts.alert import Reason
from alerts.channels.base import Channel
from alerts.claiming import (
    Claim,
    Moment,
    Sender,
    Wait,
    begin_sending,
    claim,
    give_up_orphans,
    record,
)
from alerts.outcome import DeliveryError, Outcome
from alerts.settling import Result
from alerts.store import AlertStore
from crawler.errors import StoreError

T = TypeVar("T")
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)

# A lane looks again at least this often: the wall clock may have been set.
_LONGEST_SLEEP = timedelta(seconds=60)
# A record that cannot be written (disk full, locked) is tried again after these seconds.
_RECORD_WAITS = (0.05, 0.2, 1.0, 5.0)


class Jobs(Protocol):
    """The one writer of the store."""

    def run(self, job: Callable[[Database], T]) -> T:
        """The job's result, once it is committed."""


def wall_clock() -> datetime:
    """The present time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What one call sent, and what the ledger holds after it."""

    sent: int
    pending: int
    dead: int


@dataclass(kw_only=True, slots=True)
class Lane:
    """One channel's queue: claims, sends, records, one delivery after the other."""

    writer: Jobs
    channel: Channel
    channels: Sequence[Channel]
    clock: Clock = wall_clock
    flush: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    sent: int = 0

    @property
    def _sender(self) -> Sender:
        return Sender(self.channel.plan, [each.plan for each in self.channels])

    def step(self) -> Wait | None:
        """Send one delivery and return None, or return how long there is none to send."""
        now = self.clock()
        claimed = self.writer.run(
            lambda db: claim(AlertStore(db), self._sender, now, flush=self.flush)
        )
        if isinstance(claimed, Wait):
            return claimed
        self._record(claimed, self._attempt(claimed))
        return None

    def drain(self) -> None:
        """Send everything that is due, at the channel's rate, until nothing is or a stop."""
        while not self.stop.is_set():
            wait = self.step()
            if wait is None:
                continue
            if wait.reason is not Reason.RATE or wait.until is None:
                return
            self.stop.wait((wait.until - self.clock()).total_seconds())

    def _attempt(self, claimed: Claim) -> Result:
        try:
            send = self.channel.prepared(claimed.parcel)
        except DeliveryError as error:
            return _result(error)
        except Exception as error:  # noqa: BLE001 - one message's rendering must not stop the others
            detail = f"could not be rendered: {_place(error)}"
            return Result(outcome=Outcome.MESSAGE_REJECTED, detail=detail)
        try:
            receipt = send()
        except DeliveryError as error:
            return _result(error)
        except Exception as error:  # noqa: BLE001 - the attempt may have arrived: it is on record as unknown
            return Result(outcome=Outcome.UNKNOWN, detail=_place(error))
        return Result(outcome=Outcome.DELIVERED, detail=receipt.detail, reference=receipt.reference)

    def _record(self, claimed: Claim, result: Result) -> None:
        """Write the outcome down; where that fails the record is tried again, never the send."""
        message = claimed.parcel.message
        log.info(
            "delivery=%s channel=%s attempt=%d outcome=%s detail=%r",
            message.id,
            self.channel.plan.id,
            claimed.parcel.attempt,
            result.outcome.value,
            result.detail,
        )
        moment = Moment(self.clock(), random.random())  # noqa: S311 - spreads retries, guards nothing
        tries = 0
        while True:
            try:
                self.writer.run(
                    lambda db: record(AlertStore(db), self._sender, claimed, result, moment)
                )
            except sqlite3.Error as error:
                log.error("delivery=%s unrecorded=%s", message.id, error)  # noqa: TRY400 - the error says it all
                wait = _RECORD_WAITS[min(tries, len(_RECORD_WAITS) - 1)]
                tries += 1
                if self.stop.wait(wait):
                    return
            else:
                break
        self.sent += result.outcome is Outcome.DELIVERED


def _result(error: DeliveryError) -> Result:
    return Result(outcome=error.outcome, detail=error.detail, retry_after=error.retry_after)


def _place(error: Exception) -> str:
    """The kind and place of a fault, without its text: that may hold an address with secrets."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    log.error("fault=%s%s", type(error).__name__, place)
    return f"{type(error).__name__}{place}"


def deliver_due(
    writer: Jobs,
    channels: Sequence[Channel],
    *,
    clock: Clock = wall_clock,
    flush: bool = True,
    stop: threading.Event | None = None,
) -> DeliveryCounts:
    """Send what is due, once, all channels side by side.

    `flush` does not wait for alerts that might still join a message: a command has seen all there
    is. Not to be called while a `Dispatcher` runs on the same database.
    """
    _start_sending(writer, channels, clock())
    lanes = [
        Lane(
            writer=writer,
            channel=channel,
            channels=channels,
            clock=clock,
            flush=flush,
            stop=stop or threading.Event(),
        )
        for channel in channels
    ]
    # Twice: a lane may have been done when another one's failure gave it something to tell.
    for _ in range(2 if lanes else 0):
        with ThreadPoolExecutor(len(lanes), thread_name_prefix="deliver") as pool:
            list(pool.map(Lane.drain, lanes))
    counts = writer.run(lambda db: AlertStore(db).reading.counts())
    return DeliveryCounts(
        sum(lane.sent for lane in lanes), counts["pending"], counts["dead"] + counts["expired"]
    )


def _start_sending(writer: Jobs, channels: Sequence[Channel], now: datetime) -> None:
    plans = [channel.plan for channel in channels]
    interrupted = writer.run(lambda db: begin_sending(AlertStore(db), plans, now))
    if interrupted:
        log.warning("interrupted_attempts=%d", interrupted)
    writer.run(lambda db: give_up_orphans(AlertStore(db), plans, now))


class Dispatcher:
    """The daemon's sender: a thread for each channel, so that no receiver delays another."""

    def __init__(
        self, writer: Jobs, channels: Sequence[Channel], *, clock: Clock = wall_clock
    ) -> None:
        self._writer, self._channels, self._clock = writer, channels, clock
        self._stop = threading.Event()
        self._bells = [threading.Event() for _ in channels]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to send; what an earlier process left open goes first."""
        _start_sending(self._writer, self._channels, self._clock())
        for channel, bell in zip(self._channels, self._bells, strict=True):
            lane = Lane(
                writer=self._writer,
                channel=channel,
                channels=self._channels,
                clock=self._clock,
                stop=self._stop,
            )
            name = f"deliver-{channel.plan.id}"
            thread = threading.Thread(target=self._work, args=(lane, bell), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """Something was queued: look now."""
        for bell in self._bells:
            bell.set()

    def stop(self, timeout: float = 8.0) -> bool:
        """Let the messages in hand finish; False when one was still under way after `timeout`.

        Such a message is on record as begun, and goes again at the next start.
        """
        self._stop.set()
        self.wake()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, lane: Lane, bell: threading.Event) -> None:
        while not self._stop.is_set():
            bell.clear()
            try:
                wait = lane.step()
            except (sqlite3.Error, StoreError) as error:
                if not self._stop.is_set():
                    log.error("channel=%s store=%s", lane.channel.plan.id, error)  # noqa: TRY400 - the error says it all
                wait = Wait(self._clock() + timedelta(seconds=_RECORD_WAITS[-1]))
            if wait is None:
                continue
            if wait.until is None or wait.until - self._clock() > _LONGEST_SLEEP:
                bell.wait(_LONGEST_SLEEP.total_seconds())
            else:
                bell.wait(max(0.0, (wait.until - self._clock()).total_seconds()))
