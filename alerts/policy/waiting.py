"""Why a pending delivery has not been sent yet."""

from __future__ import annotations

from datetime import datetime

from alerts.alert import Reason
from alerts.message import Cause, Delivery
from alerts.policy.channel_state import ChannelState, hold_of
from alerts.policy.placement import ChannelPlan, is_held_by_quiet_hours
from alerts.policy.quiet_hours import quiet_until
from alerts.policy.silences import Silence
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a delivery waits, and until when, if that is known."""

    reason: Reason
    until: datetime | None = None


def silenced(delivery: Delivery, silence: Silence | None) -> Waiting | None:
    """Why a delivery will not be sent: it is due before the end of the silence that covers it.

    None if it will be sent. A delivery that was tried may have arrived, so it goes on.
    """
    turn = max(delivery.due, delivery.grouped_until)
    if silence is None or delivery.attempts or turn >= silence.ends:
        return None
    return Waiting(Reason.SILENCED, silence.ends)


def waiting_for(
    delivery: Delivery,
    plan: ChannelPlan | None,
    state: ChannelState,
    now: datetime,
    *,
    is_first: bool,
) -> Waiting | None:
    """What this delivery waits for; None if it may go now.

    `plan` is None if the channel is not configured. `is_first` means that no older message about
    the same story waits for the same target.
    """
    if plan is None or delivery.target not in plan.targets:
        return Waiting(Reason.NO_CHANNEL, delivery.expires)
    hold = hold_of(state, plan.rate, now)
    if hold:
        return Waiting(hold.reason, hold.until)
    if not is_first:
        return Waiting(Reason.ORDER)
    if max(delivery.due, delivery.grouped_until) > now:
        reason = _planned(delivery) if delivery.due > now else Reason.GROUPING
        return Waiting(reason, max(delivery.due, delivery.grouped_until))
    quiet = quiet_until(plan.quiet, plan.zone, now)
    if quiet and is_held_by_quiet_hours(delivery.priority, plan):
        return Waiting(Reason.QUIET_HOURS, quiet)
    return None


def _planned(delivery: Delivery) -> Reason:
    if delivery.attempts:
        return Reason.BACKOFF
    return Reason.DIGEST if delivery.cause is Cause.DIGEST else Reason.GROUPING
