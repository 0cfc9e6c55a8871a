"""Puts alerts into deliveries: each joins a message or begins one, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.alert import (
    Alert,
    ArticleAlert,
    EditionAlert,
    EventKind,
    NoticeAlert,
    Reason,
    VolumeAlert,
    delivery_id,
)
from alerts.match import Priority
from alerts.message import Cause, Delivery, DeliveryState
from alerts.policy.placement import (
    ChannelPlan,
    Placement,
    joined_until,
    notice_placement,
)
from alerts.policy.settling import closed
from alerts.policy.silences import Silence, silence_over
from alerts.rendering.notices import health_alert, tellers, undelivered
from alerts.store.alert_store import AlertStore
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Queueing:
    """What queueing depends on: the time, the silences, and what is hidden or summed up.

    `summary` is why the news goes in one summary, if it does. `hidden` is the reason if nothing may
    be told now.
    """

    now: datetime
    silences: Sequence[Silence] = ()
    summary: Cause = Cause.NONE
    hidden: Reason | None = None


def queue(
    store: AlertStore,
    notice: NoticeAlert | EditionAlert | VolumeAlert,
    plans: Iterable[ChannelPlan],
    circumstances: Queueing,
) -> int:
    """Queue what is no article: a notice, a paper, a wave; returns in how many channels.

    A writer's job.
    """
    if not store.ledger.add_alert(notice):
        return 0
    return sum(_queue_in(store, notice, plan, circumstances) for plan in plans)


def _queue_in(
    store: AlertStore,
    notice: NoticeAlert | EditionAlert | VolumeAlert,
    plan: ChannelPlan,
    around: Queueing,
) -> bool:
    place = notice_placement(notice, plan, around.now)
    silence = silence_over(around.silences, notice, plan.id, around.now)
    for target in plan.targets:
        if silence:
            keep_closed(store, begun(notice, plan.id, target, place, around.now), [notice])
        else:
            join_or_begin(store, [notice], plan, target, place)
    return silence is None


def keep_closed(
    store: AlertStore,
    delivery: Delivery,
    alerts: Iterable[Alert],
    reason: Reason = Reason.SILENCED,
) -> None:
    """Store a closed delivery, which goes only if people ask for it."""
    ended = closed(delivery, DeliveryState.SILENCED, reason, delivery.created)
    store.outbox.add(ended, [alert.id for alert in alerts])


def join_or_begin(
    store: AlertStore, alerts: Sequence[Alert], plan: ChannelPlan, target: str, place: Placement
) -> str:
    """Put these alerts into a delivery; the first one decides how it goes. Returns its id."""
    names, leading = [alert.id for alert in alerts], alerts[0]
    pending = store.outbox.joinable(plan.id, target, place.kind.value, place.group)
    if pending is None or store.outbox.size(pending.id) >= plan.capacity:
        delivery = begun(leading, plan.id, target, place, leading.created)
        store.outbox.add(delivery, names)
        return delivery.id
    high = Priority.HIGH in {pending.priority, leading.rule.priority}
    store.outbox.add_alerts(pending.id, names)
    store.outbox.regroup(
        pending.id,
        min(pending.due, place.due),
        joined_until(pending, place),
        Priority.HIGH if high else pending.priority,
    )
    return pending.id


def begun(alert: Alert, channel: str, target: str, place: Placement, now: datetime) -> Delivery:
    """A new delivery with this as its first alert."""
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


def tell_undelivered(
    store: AlertStore, delivery: Delivery, plans: Sequence[ChannelPlan], now: datetime
) -> None:
    """Tell people that this delivery was given up, if need be when its channel works again.

    Of an address that does not exist they hear once for a story, not with each of its messages; the
    other addresses of its channel, which got them, once a day.
    """
    if delivery.kind in {EventKind.HEALTH, EventKind.TEST}:
        return
    held = store.outbox.alerts(delivery.id)
    alerts = [alert for alert in held if isinstance(alert, ArticleAlert)]
    papers = [alert.edition.name for alert in held if isinstance(alert, EditionAlert)]
    papers += [alert.rule.name for alert in held if isinstance(alert, VolumeAlert)]
    links = (f"{alert.article.title}, {alert.article.url}" for alert in alerts)
    titles = dict.fromkeys([*papers, *links])
    others = [
        one
        for alert in alerts
        for one in store.reading.deliveries_of(alert.id)
        if one.channel == delivery.channel and one.target != delivery.target
    ]
    for teller in tellers(delivery, plans, store.channels.by_id()):
        event = f"undelivered:{delivery.id}"
        if delivery.reason is Reason.RECIPIENT_REJECTED:
            here, stories = teller.id == delivery.channel, sorted({one.story for one in alerts})
            once = [f"{now:%Y-%m-%d}"] if here else stories
            event = ":".join(("unknown", delivery.channel, delivery.target, *once))
        notice = undelivered(delivery, titles, teller, others)
        told = health_alert(f"{event}:{teller.id}", notice, now)
        queue(store, told, [teller], Queueing(now=now))
