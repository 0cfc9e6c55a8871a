"""What had no place in a message: it is recorded, and the next message tells it."""

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
from alerts.telling import key_of

# Messages of several stories; what has no place in them goes in a digest.
_OF_SEVERAL = {EventKind.DIGEST, EventKind.VOLUME}
_SEVERAL = 2


def record_shown(
    store: AlertStore,
    delivery: Delivery,
    message: Message,
    result: SettledAttempt,
    plan: ChannelPlan,
) -> None:
    """Record what an accepted message showed, and queue what had no place in it.

    Call it in the transaction of the outcome, so that both are stored or neither is. The id of the
    next delivery is derived from this one's, so that a repeat queues nothing new.
    """
    if message.edition:
        shown = {(each.alert, key) for each in result.shown for key in each.keys}
        store.passages.tell_in_paper(delivery, shown)
        return
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
    # Messages of an older version have no keys of passages.
    if all(key for _, key in _keys(message)):
        store.passages.tell_by_link(delivery.id, shown)
    counted = {stories[each.alert] for each in result.shown}
    for entry in message.entries:
        if entry.story in counted:
            named = [one for one in entry.articles if one.id in entry.named]
            headlines = {one.id: key_of(one.title) for one in named}
            store.passages.tell_named(delivery, entry.story, headlines)


def _continued(
    store: AlertStore, delivery: Delivery, rest: Message, thread: Thread, plan: ChannelPlan
) -> str:
    """Queue the rest of a message; returns the id of the delivery that tells it."""
    assert delivery.closed is not None
    following = _following(delivery, rest, plan, delivery.closed)
    single = rest.kind not in _OF_SEVERAL
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
    """The delivery; if it was refused for good with several stories, it is open for the first.

    The receiver may refuse only one of several stories of a conversation. So the first goes once
    more, and the others go in a message of their own.
    """
    if delivery.reason is not Reason.MESSAGE_REJECTED or not delivery.closed:
        return delivery
    if delivery.kind is EventKind.VOLUME and message.entries:
        # What the wave took over goes as it would have gone without the wave.
        rest = replace(message, waves=())
        following = _following(delivery, rest, plan, delivery.closed)
        _hand_on(store, delivery, following, rest)
        store.outbox.fix_message(replace(rest, id=following.id, kind=following.kind))
        return delivery
    if delivery.kind in _OF_SEVERAL or len(message.entries) < _SEVERAL:
        return delivery
    now, rest = delivery.closed, replace(message, entries=message.entries[1:])
    following = replace(
        _following(delivery, rest, plan, now), group=delivery.group, cause=Cause.NONE
    )
    _hand_on(store, delivery, following, rest)
    store.outbox.change_message(replace(message, entries=message.entries[:1]))
    return replace(delivery, state=DeliveryState.PENDING, plain=False, due=now, closed=None)


def _hand_on(store: AlertStore, delivery: Delivery, following: Delivery, rest: Message) -> None:
    told = [alert.id for alert in rest.alerts]
    store.outbox.add(following, told)
    store.passages.hand_on(delivery.id, following.id, _keys(rest))
    store.outbox.remove_alerts(delivery.id, told)


def _keys(message: Message) -> set[tuple[str, str]]:
    """The passages that this message tells, each named by its story and its key."""
    quoted = {(alert.story, one.passage) for alert in message.alerts for one in alert.quotes}
    edited = {(alert.story, one.passage) for alert in message.alerts for one in alert.edits}
    return quoted | edited


def _following(delivery: Delivery, rest: Message, plan: ChannelPlan, now: datetime) -> Delivery:
    """The delivery of the rest: due at once, in a line of its own; no other alert joins it."""
    group = f"after:{delivery.id}"
    return replace(
        delivery,
        id=delivery_id(delivery.channel, delivery.target, rest.alerts[0].id, group),
        kind=EventKind.DIGEST if rest.kind in _OF_SEVERAL else EventKind.UPDATE,
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
