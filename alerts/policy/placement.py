"""Which message an alert joins, and when that message may go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.alert import Alert, EditionAlert, EventKind, VolumeAlert
from alerts.match import Priority
from alerts.message import Cause, Delivery
from alerts.policy.quiet_hours import QuietHours, next_digest, quiet_until
from alerts.policy.retry import Schedule, time_to_live
from crawler.frozen import dataclass

# Chosen, as are the numbers below: the summary of a backlog goes when nothing has come for two
# minutes, and after a quarter of an hour at the latest.
SUMMARY_WAIT = timedelta(minutes=2)
LONGEST_SUMMARY_WAIT = timedelta(minutes=15)

# After an outage, more pending messages than this become a digest if the oldest is older than that.
MANY_PENDING = 20
OLD_PENDING = timedelta(minutes=30)

# Somebody at a terminal waits for the answer to a test message, and not for longer than this.
TEST_LIFE = timedelta(minutes=10)

# Chosen: a notice says why news did not come, so it waits until its channel works again.
NOTICE_LIFE = timedelta(days=30)

# A message that would expire in quiet hours may still go for this long after them.
_GRACE = timedelta(hours=1)

# A passage that is gone, or an earlier wording that is back, is told when two readings this far
# apart have shown it. Chosen: headlines that an outlet tries out change within minutes, and a
# sentence that somebody moves by hand is back within half an hour.
GONE_FOR = timedelta(minutes=30)
_BACK_FOR = timedelta(minutes=10)

HEALTH_GROUP = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """What the deciders know of a channel.

    `targets` are its recipients, or a single empty name if its kind has none. `capacity` is how
    many alerts a digest holds. With `related`, related stories are one conversation. `people` is
    false for a machine, which gets each story alone. `rate` is in messages a second; 0 means no
    limit.
    """

    id: str
    zone: ZoneInfo
    targets: tuple[str, ...] = ("",)
    schedule: Schedule = Schedule.CHAT
    digest: tuple[time, ...] = ()
    quiet: QuietHours | None = None
    group_wait: timedelta = timedelta(seconds=20)
    group_interval: timedelta = timedelta(minutes=15)
    urgent_group_interval: timedelta = timedelta(minutes=2)
    related: bool = True
    rate: float = 0.0
    capacity: int = 40
    people: bool = True
    heartbeat: time | None = None
    language: str = "nl"

    def interval(self, priority: Priority) -> timedelta:
        """The least time between two messages about one story."""
        return self.urgent_group_interval if priority is Priority.HIGH else self.group_interval


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The latest message of a conversation in a channel; `open` if alerts may still join it.

    `thread` is the story that began the conversation, if the story of the alert has joined one.
    """

    due: datetime
    open: bool
    kind: EventKind = EventKind.STORY
    priority: Priority = Priority.NORMAL
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The message for an alert: the alert joins it if it waits and was not tried, or begins it."""

    kind: EventKind
    group: str
    due: datetime
    grouped_until: datetime
    expires: datetime
    cause: Cause = Cause.NONE


def placement(
    alert: Alert, plan: ChannelPlan, last: LastMessage | None, now: datetime
) -> Placement:
    """Where this alert goes in this channel.

    `last` is the latest message to the same target about the same story, or in the conversation
    that the story joins; None if there is none.
    """
    if plan.digest and alert.rule.priority is not Priority.HIGH:
        moment = next_digest(plan.digest, plan.zone, now) or now
        group = f"digest:{moment.isoformat()}"
        return _placed(alert, plan, EventKind.DIGEST, group, moment, moment, Cause.DIGEST)
    wait = timedelta() if alert.rule.priority is Priority.HIGH else plan.group_wait
    kind, group, due = alert.kind, alert.story, now
    if last is not None and last.thread:
        # The first message about a related story counts as an update in the conversation.
        joins = last.open and last.kind is kind is EventKind.STORY
        kind, group = kind if joins else EventKind.UPDATE, last.thread
    if kind is EventKind.UPDATE and last is not None:
        due = max(now, _turn(alert.rule.priority, plan, last, now))
    return _placed(alert, plan, kind, group, due, max(due, now + wait))


def _turn(priority: Priority, plan: ChannelPlan, last: LastMessage, now: datetime) -> datetime:
    """When the update after `last` goes; if `last` is an update that still waits, when it goes."""
    interval = plan.interval(priority)
    if last.open and last.kind is EventKind.DIGEST:
        return now
    if not (last.open and last.kind is EventKind.UPDATE):
        return last.due + interval
    # The alert joins it, and its time stays. Only an urgent alert makes it go earlier.
    return last.due - max(timedelta(), plan.interval(last.priority) - interval)


def back_for(priority: Priority, plan: ChannelPlan) -> timedelta:
    """How long an earlier wording has to be back before it is told."""
    if priority is Priority.HIGH:
        return min(_BACK_FOR, plan.urgent_group_interval)
    return _BACK_FOR


def _placed(  # noqa: PLR0913, PLR0917 - the parts of a placement
    alert: Alert,
    plan: ChannelPlan,
    kind: EventKind,
    group: str,
    due: datetime,
    grouped_until: datetime,
    cause: Cause = Cause.NONE,
) -> Placement:
    life = time_to_live(plan.schedule, alert.rule.priority)
    return Placement(
        kind=kind,
        group=group,
        due=due,
        grouped_until=grouped_until,
        expires=max(due, grouped_until) + life,
        cause=cause,
    )


def summary_placement(alert: Alert, plan: ChannelPlan, now: datetime, cause: Cause) -> Placement:
    """Where an alert about a backlog goes: into one summary for each cause."""
    return _placed(alert, plan, EventKind.DIGEST, cause.value, now, now + SUMMARY_WAIT, cause)


def notice_placement(alert: Alert, plan: ChannelPlan, now: datetime) -> Placement:
    """Where a notice about Nieuwswacht itself goes; a short wait puts notices together.

    An edition of a paper goes at once and alone; editions of one paper stay in order. News of one
    wave waits for no more than other alerts do, and goes together where it is held.
    """
    if isinstance(alert, EditionAlert):
        group = f"review:{alert.edition.key.paper}"
        return _placed(alert, plan, alert.kind, group, now, now)
    if isinstance(alert, VolumeAlert):
        wait = timedelta() if alert.rule.priority is Priority.HIGH else plan.group_wait
        return _placed(alert, plan, alert.kind, alert.group, now, now + wait)
    if alert.kind is EventKind.TEST:
        at_once = _placed(alert, plan, alert.kind, alert.id, now, now)
        return replace(at_once, expires=now + TEST_LIFE)
    place = _placed(alert, plan, alert.kind, HEALTH_GROUP, now, now + plan.group_wait)
    return replace(place, expires=now + NOTICE_LIFE)


def joined_until(pending: Delivery, joining: Placement) -> datetime:
    """Until when a pending message waits for more alerts after one has joined it."""
    if pending.cause.is_backlog:
        latest = pending.created + LONGEST_SUMMARY_WAIT
        return min(max(pending.grouped_until, joining.grouped_until), latest)
    return min(pending.grouped_until, joining.grouped_until)


def is_backlog_to_digest(pending: int, oldest: datetime | None, now: datetime) -> bool:
    """Whether a digest is better for people, because too many messages have waited too long."""
    return pending > MANY_PENDING and oldest is not None and now - oldest > OLD_PENDING


def is_held_by_quiet_hours(priority: Priority, plan: ChannelPlan) -> bool:
    """Whether quiet hours hold a message of this priority in this channel."""
    return plan.quiet is not None and (priority is not Priority.HIGH or plan.quiet.hold_high)


def expiry(delivery: Delivery, plan: ChannelPlan) -> datetime:
    """When a message is given up; not before the end of quiet hours that hold it."""
    if not is_held_by_quiet_hours(delivery.priority, plan):
        return delivery.expires
    end = quiet_until(plan.quiet, plan.zone, delivery.expires)
    return end + _GRACE if end else delivery.expires
