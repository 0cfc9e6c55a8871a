"""The sender's transactions: what to send next, and what an attempt has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.alert import (
    Alert,
    ArticleAlert,
    Decision,
    EventKind,
    Reason,
    delivery_id,
)
from alerts.delivery.composing import composed
from alerts.delivery.continuing import parted, record_shown
from alerts.delivery.queueing import Queueing, queue, tell_undelivered
from alerts.delivery.shown_passages import shown_in
from alerts.faults.delivery_fault import DeliveryFault
from alerts.match import Priority
from alerts.message import Attempt, Cause, Delivery, DeliveryState, Parcel
from alerts.outcome import Outcome
from alerts.policy.channel_state import (
    Hold,
    after_outcome,
    hold_of,
    with_probe_at_once,
    with_token_taken,
    works_again,
)
from alerts.policy.placement import (
    ChannelPlan,
    expiry,
    is_backlog_to_digest,
)
from alerts.policy.quiet_hours import quiet_until
from alerts.policy.settling import SettledAttempt, closed, interrupted, living_anew, settled
from alerts.policy.silences import silence_over
from alerts.rendering.notices import health_alert, other_channel, refused
from alerts.store.alert_store import AlertStore
from alerts.store.outbox import Line
from crawler.faults import Fault
from crawler.frozen import dataclass
from crawler.store import WorkClaim

# These reasons hold a channel, but not its test messages. A wait that the receiver asked for holds
# both.
_NOT_FOR_TESTS = {Reason.CIRCUIT_OPEN, Reason.PAUSED, Reason.QUIET_HOURS}


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery to try now; its attempt is on record, and `right` is the claim on it."""

    attempt: Attempt
    right: WorkClaim
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Wait:
    """There is nothing to send before `until`; None means until something is queued."""

    until: datetime | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of one channel: its plan, all plans, who claims, and when it looked last."""

    plan: ChannelPlan
    plans: Sequence[ChannelPlan]
    owner: str
    looked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which deliveries a sender sends.

    With `flush` it does not wait for alerts that might still join a message. `only` limits it to
    these deliveries; if empty, it sends all.
    """

    flush: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptMoment:
    """The present time, and a random number from 0 to 1 that spreads the next attempt."""

    now: datetime
    chance: float


def claim(store: AlertStore, sender: Sender, now: datetime, scope: Scope) -> Claim | Wait:
    """The next delivery, its attempt on record; or until when there is none."""
    plan = sender.plan
    _take_over_overdue(store, plan, now)
    _renew(store, sender, now)
    give_up_outlived(store, plan, sender.plans, now)
    state = store.channels.get(plan.id)
    hold = hold_of(state, plan.rate, now)
    quiet = quiet_until(plan.quiet, plan.zone, now)
    if not hold and quiet and plan.quiet and plan.quiet.hold_high:
        hold = Hold(quiet, Reason.QUIET_HOURS)
    if hold:
        # People use a test message to try a channel that is held for a fault.
        tests = store.outbox.tests(plan.id) if hold.reason in _NOT_FOR_TESTS else ()
        if not tests:
            return Wait(hold.until, hold.reason)
        scope = replace(scope, only=tests)
    elif plan.people and not (quiet or state.failures or state.paused):
        _merge_backlog(store, plan, now)
    while delivery := store.outbox.next_due(
        Line(plan.id, plan.targets, scope.only),
        now,
        high_only=quiet is not None,
        flush=scope.flush,
    ):
        if plan.people and not scope.only:
            _gather(store, delivery, plan, now)
            delivery = store.outbox.delivery(delivery.id) or delivery
        alerts, reason = _told_now(store, delivery, now)
        if alerts:
            store.channels.put(with_token_taken(state, now))
            return _begun(store, delivery, alerts, sender, now)
        store.outbox.update(closed(delivery, DeliveryState.SILENCED, reason, now))
    following = store.outbox.next_instant(Line(plan.id, plan.targets, scope.only), now)
    return Wait(min((t for t in (quiet, following) if t), default=None))


def _begun(
    store: AlertStore, delivery: Delivery, alerts: Sequence[Alert], sender: Sender, now: datetime
) -> Claim:
    message = store.outbox.message(delivery.id) or composed(store, delivery, alerts, sender.plan)
    if not delivery.attempts:
        message = message.of(alerts) if message.entries else message
    attempt, right = store.outbox.begin_attempt(delivery, message, sender.owner, now)
    parcel = Parcel(
        message=message,
        target=delivery.target,
        attempt=attempt.number,
        now=now,
        plain=delivery.plain,
    )
    return Claim(attempt, right, parcel)


def _gather(store: AlertStore, delivery: Delivery, plan: ChannelPlan, now: datetime) -> None:
    """Let a message that was held also tell what has become due about its stories meanwhile.

    It stops at what takes something back that a first alert has to tell before. A first alert of
    a rule about a story that was told before shows no differences, so it goes alone.
    """
    first = delivery.kind is EventKind.STORY
    fixed = delivery.attempts or delivery.cause is Cause.CONTINUED
    if fixed or not (first or delivery.kind is EventKind.UPDATE):
        return
    if first and store.outbox.thread(delivery):
        return
    for later in store.reading.due_after(delivery, now):
        both = store.outbox.size(delivery.id) + store.outbox.size(later.id)
        takes_back = first and store.passages.gone_by(later.id)
        if both > plan.capacity or takes_back:
            return
        store.outbox.absorb([later], delivery.id, now)


def _told_now(
    store: AlertStore, delivery: Delivery, now: datetime
) -> tuple[list[Alert], Reason | None]:
    """What a delivery tells, or why it tells nothing; an attempt fixes what it tells."""
    alerts = store.outbox.alerts(delivery.id)
    if delivery.attempts:
        return alerts, None
    silences = store.ledger.silences(now)
    silenced = [one for one in alerts if silence_over(silences, one, delivery.channel, now)]
    audible = [one for one in alerts if one not in silenced]
    for alert in silenced:
        if isinstance(alert, ArticleAlert):
            no = Decision(
                article=alert.article.id,
                story=alert.story,
                rule=alert.rule.id,
                channel=delivery.channel,
                reason=Reason.SILENCED,
            )
            store.ledger.add_decision(no, alert.revision, now)
    if not audible:
        return [], Reason.SILENCED
    return shown_in(store, delivery, audible, silenced, now), Reason.HITS_UNCHANGED


def _merge_backlog(store: AlertStore, plan: ChannelPlan, now: datetime) -> None:
    for target in plan.targets:
        count, members = store.outbox.mergeable(plan.id, target, now, plan.capacity)
        oldest = members[0].created if members else None
        if not is_backlog_to_digest(count, oldest, now):
            continue
        _gather_each(store, plan, target, count, now)
        _, members = store.outbox.mergeable(plan.id, target, now, plan.capacity)
        group = f"catch-up:{members[0].id}"
        held = quiet_until(plan.quiet, plan.zone, members[0].created)
        cause = Cause.AFTER_QUIET if held else Cause.CATCH_UP
        while members:
            store.outbox.merge(members, _catching_up(members, group, cause, now), now)
            _, members = store.outbox.mergeable(plan.id, target, now, plan.capacity)


def _gather_each(
    store: AlertStore, plan: ChannelPlan, target: str, count: int, now: datetime
) -> None:
    """Let each story of a backlog be in one digest, whatever came about it."""
    _, waiting = store.outbox.mergeable(plan.id, target, now, count)
    for one in waiting:
        delivery = store.outbox.delivery(one.id)
        if delivery and delivery.state is DeliveryState.PENDING:
            _gather(store, delivery, plan, now)


def _catching_up(members: Sequence[Delivery], group: str, cause: Cause, now: datetime) -> Delivery:
    """The digest that tells what these deliveries would have told."""
    urgent = any(member.priority is Priority.HIGH for member in members)
    first = members[0]
    return replace(
        first,
        id=delivery_id(first.channel, first.target, first.id, Cause.CATCH_UP),
        kind=EventKind.DIGEST,
        group=group,
        priority=Priority.HIGH if urgent else Priority.NORMAL,
        created=now,
        due=now,
        grouped_until=now,
        expires=max(member.expires for member in members),
        attempts=0,
        plain=False,
        cause=cause,
        reason=None,
    )


def record(
    store: AlertStore, sender: Sender, claimed: Claim, result: SettledAttempt, moment: AttemptMoment
) -> bool:
    """Record how an attempt ended, and everything that follows from it.

    Returns False and records nothing if the end of this attempt is on record already: this is a
    repeat, or somebody else has taken the delivery over.
    """
    now, attempt = moment.now, claimed.attempt
    delivery = store.outbox.delivery(attempt.delivery)
    ended = store.outbox.end_attempt(attempt.id, result.outcome, result.detail, now)
    if delivery is None or not ended:
        return False
    delivery = living_anew(delivery, sender.plan, sender.looked, now) or delivery
    after = settled(delivery, result, sender.plan, now, moment.chance)
    after = parted(store, after, claimed.parcel.message, sender.plan)
    store.outbox.update(after, reference=result.reference, claim=claimed.right)
    if after.state is DeliveryState.DELIVERED:
        record_shown(store, after, claimed.parcel.message, result, sender.plan)
    before = store.channels.get(sender.plan.id)
    state = after_outcome(
        before, result.outcome, now, detail=result.detail, retry_after=result.retry_after
    )
    store.channels.put(state)
    if works_again(before, state):
        store.channels.hasten(sender.plan.id, now)
    if state.paused and not before.paused:
        teller = other_channel(sender.plan.id, sender.plans, store.channels.by_id())
        if teller:
            event = f"paused:{state.id}:{state.paused.isoformat()}"
            notice = health_alert(event, refused(state, teller), now)
            queue(store, notice, [teller], Queueing(now=now))
    if after.state in {DeliveryState.DEAD, DeliveryState.EXPIRED}:
        tell_undelivered(store, after, sender.plans, now)
    return True


def _renew(store: AlertStore, sender: Sender, now: datetime) -> None:
    """Let those live anew whose time to live ended while nothing ran.

    At a start that is told of the untried alone: whoever sends an hour apart is no machine off.
    """
    outlived, looked = store.outbox.outlived(sender.plan.id, now), sender.looked
    if outlived and looked is None:
        outlived = [one for one in outlived if not one.attempts]
        looked = store.channels.tried(sender.plan.id)
    for delivery in outlived:
        if renewed := living_anew(delivery, sender.plan, looked, now):
            store.outbox.update(renewed)


def give_up_outlived(
    store: AlertStore, plan: ChannelPlan, plans: Sequence[ChannelPlan], now: datetime
) -> int:
    """Close deliveries whose time to live has ended, and tell people; returns how many."""
    outlived = [one for one in store.outbox.outlived(plan.id, now) if expiry(one, plan) <= now]
    for delivery in outlived:
        expired = closed(delivery, DeliveryState.EXPIRED, Reason.EXPIRED, now)
        store.outbox.update(expired)
        tell_undelivered(store, expired, plans, now)
    return len(outlived)


def end_interrupted(store: AlertStore, now: datetime) -> int:
    """Let attempts whose end is not on record go again; returns how many.

    Use it when a `Writer` opens: it holds the lock on the database, so all earlier senders are
    gone. A sender that begins later takes over only attempts whose claim has run out.
    """
    attempts = store.outbox.open_attempts()
    for attempt in attempts:
        _take_over(store, attempt, DeliveryFault.INTERRUPTED(), now)
    return len(attempts)


def begin_sending(store: AlertStore, plans: Sequence[ChannelPlan], now: datetime) -> None:
    """Begin: try refused channels soon, and give up old deliveries of channels that are gone."""
    for plan in plans:
        state = store.channels.get(plan.id)
        if state.paused:
            store.channels.put(with_probe_at_once(state, now))
    give_up_orphans(store, plans, now)


def _take_over_overdue(store: AlertStore, plan: ChannelPlan, now: datetime) -> None:
    for attempt in store.outbox.overdue_attempts(plan.id, now):
        _take_over(store, attempt, DeliveryFault.UNREPORTED(), now)


def _take_over(store: AlertStore, attempt: Attempt, detail: Fault, now: datetime) -> None:
    store.outbox.end_attempt(attempt.id, Outcome.UNKNOWN, detail, now)
    store.outbox.take_back(attempt.delivery)
    delivery = store.outbox.delivery(attempt.delivery)
    if delivery and delivery.state is DeliveryState.PENDING:
        store.outbox.update(interrupted(delivery, now))
        # The receiver may have got that message a moment ago, so the rate counts from now.
        store.channels.put(with_token_taken(store.channels.get(delivery.channel), now))


def give_up_orphans(store: AlertStore, plans: Sequence[ChannelPlan], now: datetime) -> int:
    """Close expired deliveries of channels that are not configured; returns how many."""
    configured = {plan.id for plan in plans}
    orphans = [name for name in store.outbox.pending_channels() if name not in configured]
    return sum(
        give_up_outlived(store, ChannelPlan(id=name, zone=ZoneInfo("UTC")), plans, now)
        for name in orphans
    )
