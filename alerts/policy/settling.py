"""What becomes of a delivery after an attempt, in a silence, or at the end of its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.alert import EventKind, Reason
from alerts.faults.delivery_fault import DeliveryFault
from alerts.message import Cause, Delivery, DeliveryState
from alerts.outcome import Outcome, Shown
from alerts.policy.placement import ChannelPlan, expiry
from alerts.policy.retry import next_attempt, time_to_live
from crawler.faults import Fault
from crawler.frozen import dataclass

_SOON = timedelta(minutes=1)  # chosen: no harm is done by such a wait
# Chosen: twice an hour, since whoever sends from cron may do so once an hour.
_LOOKS_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledAttempt:
    """How an attempt ended, what the receiver answered, and what it was shown."""

    outcome: Outcome
    detail: Fault | None = None
    reference: str = ""
    retry_after: timedelta | None = None
    shown: tuple[Shown, ...] = ()


def settled(
    delivery: Delivery, result: SettledAttempt, plan: ChannelPlan, now: datetime, jitter: float
) -> Delivery:
    """The delivery after an attempt with this result; its `attempts` already count it."""
    delivery = replace(delivery, detail=result.detail)
    if result.outcome is Outcome.DELIVERED:
        return closed(delivery, DeliveryState.DELIVERED, None, now)
    if delivery.kind is EventKind.TEST:
        return failed_test(delivery, result.detail, now)
    return _refused(delivery, result.outcome, plan, now, jitter)


def _refused(
    delivery: Delivery, outcome: Outcome, plan: ChannelPlan, now: datetime, jitter: float
) -> Delivery:
    match outcome:
        case Outcome.NOT_SENT | Outcome.UNKNOWN:
            uncertain = delivery.uncertain or outcome is Outcome.UNKNOWN
            return _later(replace(delivery, uncertain=uncertain), plan, now, jitter)
        case Outcome.CHANNEL_REJECTED:
            # It stays pending: the pause of the channel holds it, and it may be the next probe.
            return replace(delivery, due=now, reason=Reason.PAUSED)
        case Outcome.RECIPIENT_REJECTED:
            return closed(delivery, DeliveryState.DEAD, Reason.RECIPIENT_REJECTED, now)
        case _:
            if delivery.plain:
                return closed(delivery, DeliveryState.DEAD, Reason.MESSAGE_REJECTED, now)
            return replace(delivery, plain=True, due=now, reason=Reason.MESSAGE_REJECTED)


def _later(delivery: Delivery, plan: ChannelPlan, now: datetime, jitter: float) -> Delivery:
    due = next_attempt(
        plan.schedule,
        attempts=delivery.attempts,
        now=now,
        expires=expiry(delivery, plan),
        jitter=jitter,
    )
    if due is None:
        return closed(delivery, DeliveryState.EXPIRED, Reason.EXPIRED, now)
    return replace(delivery, due=due, reason=Reason.BACKOFF)


def failed_test(delivery: Delivery, detail: Fault | None, now: datetime) -> Delivery:
    """The delivery of a test message that was not accepted; it is final and is not tried again."""
    return closed(replace(delivery, detail=detail), DeliveryState.DEAD, Reason.TEST_FAILED, now)


def interrupted(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery after an attempt with an unknown end; due again now, unless it is a test."""
    if delivery.kind is EventKind.TEST:
        return failed_test(delivery, DeliveryFault.INTERRUPTED(), now)
    return replace(delivery, due=now, uncertain=True, reason=Reason.BACKOFF)


def closed(
    delivery: Delivery, state: DeliveryState, reason: Reason | None, now: datetime
) -> Delivery:
    """The delivery in a final state."""
    return replace(delivery, state=state, reason=reason, closed=now)


def hastened(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery after people asked not to wait for its next try."""
    return replace(delivery, due=min(delivery.due, now))


def replayed(delivery: Delivery, plan_life: timedelta, now: datetime) -> Delivery:
    """The delivery after people asked to send it again; its id stays."""
    return replace(
        delivery,
        state=DeliveryState.PENDING,
        due=now,
        grouped_until=now,
        expires=now + plan_life,
        plain=False,
        reason=None,
        closed=None,
    )


def living_anew(
    delivery: Delivery, plan: ChannelPlan, looked: datetime | None, now: datetime
) -> Delivery | None:
    """A delivery with a new time to live, since its own ended without a sender; None if it did not.

    The sender had not `looked` for long as it ended: the machine was off or asleep. What has no
    receiver any more, and a test message, end all the same.
    """
    ended = expiry(delivery, plan)
    if ended > now or delivery.kind is EventKind.TEST or delivery.target not in plan.targets:
        return None
    if looked is not None and looked > ended - _LOOKS_WITHIN:
        return None
    return replace(delivery, expires=now + time_to_live(plan.schedule, delivery.priority))


def sooner(
    delivery: Delivery, step: timedelta, appointment: datetime | None, now: datetime
) -> Delivery:
    """The delivery that waits, after the clock was set back to `now` by this step.

    It is due after the time that it still had to wait. A digest that was not tried keeps its time
    of day, which is at the latest its channel's next `appointment`. So does what is due soon: it
    may have been queued since, for the half minute in which it can be called off.
    """
    kept = appointment is not None and delivery.cause is Cause.DIGEST and not delivery.attempts
    soon = delivery.due - now <= _SOON
    due = delivery.due if soon else delivery.due - step
    due = min(delivery.due, appointment) if kept and appointment else due
    until = min(delivery.grouped_until, due) if kept else max(delivery.grouped_until - step, due)
    return replace(
        delivery,
        created=min(delivery.created, now),
        due=due,
        grouped_until=until,
        expires=delivery.expires - (delivery.due - due),
    )
