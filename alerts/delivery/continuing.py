"""What a message had no place for: on record with its delivery, and told by the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.alert import EventKind, delivery_id
from alerts.message import Cause, Delivery, DeliveryState, Message, Thread
from alerts.policy.placement import ChannelPlan
from alerts.policy.retry import time_to_live
from alerts.policy.settling import SettledAttempt
from alerts.rendering.passages import continuation
from alerts.store.alert_store import AlertStore


def record_shown(
    store: AlertStore,
    delivery: Delivery,
    message: Message,
    result: SettledAttempt,
    plan: ChannelPlan,
) -> None:
    """Keep what an accepted message showed, and queue what it left to the next one.

    In the transaction of its outcome: either both are kept or neither. The next delivery has an
    id of its own that follows from this one's, so that a repeat queues nothing new.
    """
    store.outbox.add_shown(delivery.id, result.shown)
    rest = continuation(message, result.shown) if result.shown else None
    now = delivery.closed
    if rest is None or now is None:
        return
    following = _following(delivery, rest, plan, now)
    single = rest.kind is not EventKind.DIGEST
    thread = message.thread or Thread(delivery.id, result.reference)
    told = [alert.id for alert in rest.alerts]
    store.outbox.add(following, told)
    store.passages.hand_on(delivery.id, following.id, _passages(rest))
    store.outbox.fix_message(
        replace(
            rest,
            id=following.id,
            kind=following.kind,
            created=now,
            thread=thread if single else None,
        )
    )
    shown = {each.alert for each in result.shown}
    store.outbox.remove_alerts(delivery.id, [name for name in told if name not in shown])


def _passages(message: Message) -> set[str]:
    """The keys of what this message tells."""
    quoted = {one.passage for alert in message.alerts for one in alert.quotes}
    edited = {one.passage for alert in message.alerts if alert.change for one in alert.change.edits}
    return quoted | edited


def _following(delivery: Delivery, rest: Message, plan: ChannelPlan, now: datetime) -> Delivery:
    """The delivery of the rest: due at once, in a line of its own, never joined by others."""
    group = f"after:{delivery.id}"
    return replace(
        delivery,
        id=delivery_id(delivery.channel, delivery.target, rest.alerts[0].id, group),
        kind=EventKind.DIGEST if rest.kind is EventKind.DIGEST else EventKind.UPDATE,
        group=group,
        state=DeliveryState.PENDING,
        created=now,
        due=now,
        grouped_until=now,
        expires=now + time_to_live(plan.schedule, delivery.priority),
        attempts=0,
        plain=False,
        uncertain=False,
        cause=Cause.CONTINUED,
        reason=None,
        detail=None,
        closed=None,
    )
