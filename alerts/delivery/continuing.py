"""What a message had no place for: on record with its delivery, and told by the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.alert import EventKind, Reason, delivery_id
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
    if not result.shown:
        return
    store.outbox.add_shown(delivery.id, result.shown)
    stories = {alert.id: alert.story for alert in message.alerts}
    shown = {(stories[each.alert], key) for each in result.shown for key in each.keys}
    if rest := continuation(message, result.shown):
        thread = message.thread or Thread(delivery.id, result.reference)
        following = _continued(store, delivery, rest, thread, plan)
        store.passages.hand_on(delivery.id, following, _keys(rest) - shown)
        left = {alert.id for alert in rest.alerts} - {each.alert for each in result.shown}
        store.outbox.remove_alerts(delivery.id, left)
    # What was stored before passages were kept has no keys.
    if all(key for _, key in _keys(message)):
        store.passages.tell_by_link(delivery.id, shown)
    counted = {stories[each.alert] for each in result.shown}
    for entry in message.entries:
        if entry.story in counted:
            store.passages.tell_named(delivery, entry.story, entry.named)


def _continued(
    store: AlertStore, delivery: Delivery, rest: Message, thread: Thread, plan: ChannelPlan
) -> str:
    """Queue what one message left to the next one; the id of the delivery that tells it."""
    assert delivery.closed is not None
    following = _following(delivery, rest, plan, delivery.closed)
    single = rest.kind is not EventKind.DIGEST
    store.outbox.add(following, [alert.id for alert in rest.alerts])
    store.outbox.fix_message(
        replace(
            rest,
            id=following.id,
            kind=following.kind,
            created=following.created,
            thread=thread if single else None,
        )
    )
    return following.id


def parted(store: AlertStore, delivery: Delivery, message: Message, plan: ChannelPlan) -> Delivery:
    """The delivery after its message was refused for good, or of its first story alone.

    Of several stories of a conversation one may be what the receiver does not take. The first goes
    once more, the others in a message of their own.
    """
    several = delivery.kind is not EventKind.DIGEST and len(message.entries) > 1
    if delivery.reason is not Reason.MESSAGE_REJECTED or not delivery.closed or not several:
        return delivery
    now, rest = delivery.closed, replace(message, entries=message.entries[1:])
    following = replace(
        _following(delivery, rest, plan, now), group=delivery.group, cause=Cause.NONE
    )
    told = [alert.id for alert in rest.alerts]
    store.outbox.add(following, told)
    store.passages.hand_on(delivery.id, following.id, _keys(rest))
    store.outbox.remove_alerts(delivery.id, told)
    store.outbox.change_message(replace(message, entries=message.entries[:1]))
    return replace(delivery, state=DeliveryState.PENDING, plain=False, due=now, closed=None)


def _keys(message: Message) -> set[tuple[str, str]]:
    """The passages that this message tells, each as its story and its key."""
    quoted = {(alert.story, one.passage) for alert in message.alerts for one in alert.quotes}
    changed = [alert for alert in message.alerts if alert.change]
    return quoted | {
        (alert.story, one.passage)
        for alert in changed
        for one in (alert.change.edits if alert.change else ())
    }


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
