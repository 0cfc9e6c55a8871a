"""Alerts into deliveries: which message each becomes a part of, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.alert import Alert, Decision, EventKind, Reason, delivery_id
from alerts.match import Priority
from alerts.message import Delivery, DeliveryState
from alerts.policy.placement import (
    ChannelPlan,
    Placement,
    joined_until,
    notice_placement,
    placement,
    summary_placement,
)
from alerts.policy.settling import closed
from alerts.policy.silences import Silence, silence_over
from alerts.store.alert_store import AlertStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Queueing:
    """The present circumstances of queueing: time, silences, and whether this is a backlog."""

    now: datetime
    silences: Sequence[Silence] = ()
    summary: bool = False


def queue(
    store: AlertStore, alert: Alert, plans: Iterable[ChannelPlan], circumstances: Queueing
) -> int:
    """Queue an alert in these channels; in how many. Belongs into a writer's job."""
    if not store.ledger.add_alert(alert):
        return 0
    return sum(_queue_in(store, alert, plan, circumstances) for plan in plans)


def _queue_in(store: AlertStore, alert: Alert, plan: ChannelPlan, circumstances: Queueing) -> bool:
    place = _place(store, alert, plan, circumstances)
    now = circumstances.now
    if isinstance(place, Reason):
        _decide_against(store, alert, plan, place, now)
        return False
    silence = silence_over(circumstances.silences, alert, plan.id, now)
    for target in plan.targets:
        if silence:
            delivery = begun(alert, plan.id, target, place, now)
            store.outbox.add(
                closed(delivery, DeliveryState.SILENCED, Reason.SILENCED, now), [alert.id]
            )
        else:
            _join_or_begin(store, alert, plan, target, place)
    return silence is None


def _place(
    store: AlertStore, alert: Alert, plan: ChannelPlan, circumstances: Queueing
) -> Placement | Reason:
    if alert.kind in {EventKind.HEALTH, EventKind.TEST}:
        return notice_placement(alert, plan, circumstances.now)
    if circumstances.summary and plan.people:
        return summary_placement(alert, plan, circumstances.now)
    last = store.outbox.last_message(plan.id, alert.story)
    return placement(alert, plan, last, circumstances.now)


def _decide_against(
    store: AlertStore, alert: Alert, plan: ChannelPlan, reason: Reason, now: datetime
) -> None:
    decision = Decision(
        article=alert.article.id if alert.article else "",
        story=alert.story,
        rule=alert.rule.id,
        channel=plan.id,
        reason=reason,
    )
    store.ledger.add_decision(decision, alert.revision, now)


def _join_or_begin(
    store: AlertStore, alert: Alert, plan: ChannelPlan, target: str, place: Placement
) -> None:
    pending = store.outbox.joinable(plan.id, target, place.kind.value, place.group)
    if pending is None or store.outbox.size(pending.id) >= plan.capacity:
        delivery = begun(alert, plan.id, target, place, alert.created)
        store.outbox.add(delivery, [alert.id])
        return
    high = Priority.HIGH in {pending.priority, alert.rule.priority}
    store.outbox.add_alerts(pending.id, [alert.id])
    store.outbox.regroup(
        pending.id,
        joined_until(pending, place),
        Priority.HIGH if high else pending.priority,
    )


def begun(alert: Alert, channel: str, target: str, place: Placement, now: datetime) -> Delivery:
    """A new delivery whose first alert this is."""
    return Delivery(
        id=delivery_id(channel, target, alert.id, place.group),
        channel=channel,
        target=target,
        kind=place.kind,
        group=place.group,
        priority=alert.rule.priority,
        state=DeliveryState.PENDING,
        created=now,
        due=place.due,
        grouped_until=place.grouped_until,
        expires=place.expires,
        cause=place.cause,
    )
