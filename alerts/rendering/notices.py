"""News about Nieuwswacht itself, in the language of the channel that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.alert import EventKind, Notice, NoticeAlert, Reason, RuleRef, alert_id
from alerts.match import Priority
from alerts.message import Delivery, DeliveryState
from alerts.policy.channel_state import ChannelState
from alerts.policy.placement import ChannelPlan
from alerts.rendering.phrases import phrases_of
from crawler.faults import worded

_OURSELVES = RuleRef("", "Nieuwswacht")


def health_alert(event: str, notice: Notice, now: datetime) -> NoticeAlert:
    """An alert about Nieuwswacht itself; `event` makes it unique."""
    return NoticeAlert(
        id=alert_id("", "", event),
        kind=EventKind.HEALTH,
        rule=_OURSELVES,
        story="",
        event=event,
        created=now,
        notice=notice,
    )


def check_alert(plan: ChannelPlan, now: datetime) -> NoticeAlert:
    """The test message of a channel; urgent, so that nothing holds it."""
    words = phrases_of(plan.language)
    event = f"test:{plan.id}:{now.isoformat()}"
    return NoticeAlert(
        id=alert_id("", "", event),
        kind=EventKind.TEST,
        rule=RuleRef("", "Nieuwswacht", Priority.HIGH),
        story="",
        event=event,
        created=now,
        notice=Notice(words.test_subject, (words.test_line,)),
    )


def other_channel(
    failed: str, plans: Iterable[ChannelPlan], states: Mapping[str, ChannelState]
) -> ChannelPlan | None:
    """The channel to use instead of `failed`: if possible one that works and that people read."""
    others = [plan for plan in plans if plan.id != failed]

    def trouble(plan: ChannelPlan) -> tuple[bool, bool, int]:
        state = states.get(plan.id, ChannelState(id=plan.id))
        return state.paused is not None, not plan.people, state.failures

    return min(others, key=trouble, default=None)


def tellers(
    given_up: Delivery, plans: Sequence[ChannelPlan], states: Mapping[str, ChannelState]
) -> list[ChannelPlan]:
    """The channels that say that this delivery was given up.

    That is another one, and the same one for its own readers, when it works again. An address that
    does not exist concerns those of the same channel only if there is no other.
    """
    other = other_channel(given_up.channel, plans, states)
    if given_up.reason is not Reason.RECIPIENT_REJECTED:
        return [*([other] if other else []), *(one for one in plans if one.id == given_up.channel)]
    if other:
        return [other]
    return [
        replace(one, targets=left)
        for one in plans
        if one.id == given_up.channel
        and (left := tuple(target for target in one.targets if target != given_up.target))
    ]


def undelivered(
    delivery: Delivery, titles: Iterable[str], teller: ChannelPlan, others: Sequence[Delivery] = ()
) -> Notice:
    """The notice that a delivery was given up, with its address and its headlines.

    `others` told the same to other addresses of the channel, or still will.
    """
    words = phrases_of(teller.language)
    reason = delivery.reason.value if delivery.reason else delivery.state.value
    reason = words.reasons.get(reason, reason)
    if delivery.detail:
        reason = f"{reason}: {worded(delivery.detail, teller.language)}"
    lines = [words.undelivered_line.format(title=title, reason=reason) for title in titles]
    for state, line in (
        (DeliveryState.DELIVERED, words.delivered_to),
        (DeliveryState.PENDING, words.pending_to),
    ):
        targets = dict.fromkeys(one.target for one in others if one.state is state)
        lines += [line.format(", ".join(targets))] if targets else []
    where = f"{delivery.channel} ({delivery.target})" if delivery.target else delivery.channel
    return Notice(words.undelivered.format(where), tuple(lines))


def refused(state: ChannelState, teller: ChannelPlan) -> Notice:
    """The notice that a receiver refuses the channel itself."""
    words = phrases_of(teller.language)
    heard = worded(state.paused_for, teller.language) if state.paused_for else "?"
    said = words.paused_line.format(heard)
    return Notice(words.paused.format(state.id), (said,))
