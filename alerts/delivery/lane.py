"""The queue of one channel: claim, send and record one delivery after the other."""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from alerts.alert import Reason
from alerts.channel import Channel
from alerts.delivery.claims import (
    AttemptMoment,
    Claim,
    Scope,
    Sender,
    Wait,
    claim,
    record,
)
from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from alerts.policy.placement import ChannelPlan
from alerts.policy.quiet_hours import next_digest
from alerts.policy.settling import SettledAttempt, sooner
from alerts.store.alert_store import AlertStore
from crawler.clock import SMALL_STEP, utc_now
from crawler.errors import bug_of
from crawler.faults import said
from crawler.frozen import dataclass
from crawler.store import Connection, new_owner

T = TypeVar("T")
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)

# Seconds after which a record is tried again that could not be written (disk full, locked). Chosen:
# a lock ends soon, a full disk does not. A stop waits for the last one at most.
RECORD_WAITS = (0.05, 0.2, 1.0, 5.0)
# What this machine lacks at a moment (files, memory) is no fault of the message. A module that is
# loaded late cannot be loaded if no file can be opened.
_PASSING = (OSError, MemoryError, ImportError, sqlite3.Error)


class Jobs(Protocol):
    """The one writer of the store at `path`."""

    path: Path

    def run(self, job: Callable[[Connection], T]) -> T:
        """The job's result, once it is committed."""


@dataclass(kw_only=True, slots=True)
class Lane:
    """The queue of one channel: claims, sends and records one delivery after the other."""

    writer: Jobs
    channel: Channel
    channels: Sequence[Channel]
    clock: Clock = utc_now
    scope: Scope = field(default_factory=Scope)
    owner: str = field(default_factory=new_owner)
    stop: threading.Event = field(default_factory=threading.Event)
    sent: int = 0
    looked: datetime | None = None

    @property
    def _sender(self) -> Sender:
        plans = [each.plan for each in self.channels]
        return Sender(self.channel.plan, plans, self.owner, self.looked)

    def step(self) -> Wait | None:
        """Send one delivery and return None, or return until when there is none to send."""
        now = self.clock()
        claimed = self.writer.run(lambda db: self._claimed(AlertStore(db), now))
        self.looked = now
        if isinstance(claimed, Wait):
            return claimed
        self._record(claimed, self._attempt(claimed))
        return None

    def _claimed(self, store: AlertStore, now: datetime) -> Claim | Wait:
        """What to do now; nothing waits longer if the clock was set back, be it before a start."""
        if self.looked is None or self.looked - now > SMALL_STEP:
            plan = self.channel.plan
            if step := _mend_clock(store, plan, self.looked or now, now):
                log.warning("channel=%s clock set_back=%s", plan.id, step)
        return claim(store, self._sender, now, self.scope)

    def drain(self) -> None:
        """Send all that is due, at the channel's rate, until nothing is due or `stop` is set."""
        while not self.stop.is_set():
            wait = self.step()
            if wait is None:
                continue
            if wait.reason is not Reason.RATE or wait.until is None:
                return
            self.stop.wait((wait.until - self.clock()).total_seconds())

    def _attempt(self, claimed: Claim) -> SettledAttempt:
        try:
            send = self.channel.prepared(claimed.parcel)
        except DeliveryError as error:
            return _result(error)
        except Exception as error:  # noqa: BLE001 - one message's rendering must not stop the others
            passes = isinstance(error, _PASSING)
            outcome = Outcome.NOT_SENT if passes else Outcome.MESSAGE_REJECTED
            detail = DeliveryFault.UNRENDERED(bug=_logged(error))
            return SettledAttempt(outcome=outcome, detail=detail)
        try:
            receipt = send()
        except DeliveryError as error:
            return _result(error)
        except Exception as error:  # noqa: BLE001 - the attempt may have arrived: it is on record as unknown
            return SettledAttempt(outcome=Outcome.UNKNOWN, detail=said(_logged(error)))
        return SettledAttempt(
            outcome=Outcome.DELIVERED,
            detail=said(receipt.detail) if receipt.detail else None,
            reference=receipt.reference,
            shown=receipt.shown,
        )

    def _record(self, claimed: Claim, result: SettledAttempt) -> None:
        """Record the outcome; if that fails, only the record is tried again, never the message."""
        message = claimed.parcel.message
        log.info(
            "delivery=%s channel=%s attempt=%d outcome=%s detail=%r",
            message.id,
            self.channel.plan.id,
            claimed.parcel.attempt,
            result.outcome.value,
            str(result.detail or ""),
        )
        moment = AttemptMoment(self.clock(), random.random())  # noqa: S311 - spreads retries, guards nothing
        tries = 0
        while True:
            try:
                kept = self.writer.run(
                    lambda db: record(AlertStore(db), self._sender, claimed, result, moment)
                )
            except sqlite3.Error as error:
                log.error("delivery=%s unrecorded=%s", message.id, error)  # noqa: TRY400 - the error says it all
                wait = RECORD_WAITS[min(tries, len(RECORD_WAITS) - 1)]
                tries += 1
                if self.stop.wait(wait):
                    return
            else:
                break
        if not kept:
            log.warning("delivery=%s attempt=%d claim_lost", message.id, claimed.attempt.number)
        self.sent += result.outcome is Outcome.DELIVERED


def _mend_clock(store: AlertStore, plan: ChannelPlan, before: datetime, now: datetime) -> timedelta:
    """Let what waits go sooner by as much as the clock was set back; returns by how much.

    It was if this channel has done something after `now`, or it was `before` at the last look.
    """
    step = max(before, store.channels.latest(plan.id) or before) - now
    if step <= SMALL_STEP:
        return timedelta()
    appointment = next_digest(plan.digest, plan.zone, now)
    mine = [one for one in store.reading.pending() if one.channel == plan.id]
    store.channels.set_back(plan.id, [sooner(one, step, appointment, now) for one in mine], now)
    return step


def _result(error: DeliveryError) -> SettledAttempt:
    return SettledAttempt(outcome=error.outcome, detail=error.detail, retry_after=error.retry_after)


def _logged(error: Exception) -> str:
    bug = bug_of(error)
    log.error("fault=%s", bug)
    return bug
