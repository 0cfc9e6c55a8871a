"""When a delivery is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, repeat

from alerts.match import Priority

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)

JITTER = 0.2  # chosen: deliveries that failed together are not tried again together

# Chosen: the last try comes this long before the end of the time to live.
LAST_CALL = _MINUTE

# Chosen: a receiver cannot hold a channel for longer, whatever it asks for.
LONGEST_RETRY_AFTER = 6 * _HOUR


class Schedule(StrEnum):
    """Which waits between attempts a kind of channel uses."""

    CHAT = "chat"
    WEBHOOK = "webhook"
    MAIL = "mail"


# Waits before the second, third, ... attempt. Those of chat and mail are chosen; they end in hourly
# tries. Those of the webhook are recommended by Standard Webhooks 1.0.0; all of them fit into its
# time to live of 76 hours.
_WAITS = {
    Schedule.CHAT: (5 * _SECOND, 30 * _SECOND, *(n * _MINUTE for n in (2, 5, 15, 30))),
    Schedule.WEBHOOK: (
        5 * _SECOND,
        5 * _MINUTE,
        30 * _MINUTE,
        *(n * _HOUR for n in (2, 5, 10, 14, 20, 24)),
    ),
    Schedule.MAIL: tuple(n * _MINUTE for n in (1, 5, 15, 30)),
}
_LAST_WAIT = {Schedule.CHAT: _HOUR, Schedule.WEBHOOK: 24 * _HOUR, Schedule.MAIL: _HOUR}


def time_to_live(schedule: Schedule, priority: Priority) -> timedelta:
    """How long after its first due time a delivery is still worth sending.

    Chosen for chat and mail; a webhook has time for all its waits.
    """
    if schedule is Schedule.WEBHOOK:
        return 76 * _HOUR
    return 6 * _HOUR if priority is Priority.HIGH else 24 * _HOUR


def wait_after(schedule: Schedule, attempts: int, jitter: float) -> timedelta:
    """The wait after this many attempts; `jitter` from 0 to 1 spreads it by ±20 %."""
    waits = chain(_WAITS[schedule], repeat(_LAST_WAIT[schedule]))
    for _ in range(min(attempts, len(_WAITS[schedule]) + 1) - 1):
        next(waits)
    return next(waits) * (1 - JITTER + 2 * JITTER * jitter)


def next_attempt(
    schedule: Schedule, *, attempts: int, now: datetime, expires: datetime, jitter: float
) -> datetime | None:
    """When to try again after `attempts` failed ones; None if the time to live is over.

    A wait that would end after the time to live is cut: the last try comes just before its end.
    """
    last = expires - LAST_CALL
    if now >= last:
        return None
    return min(now + wait_after(schedule, attempts, jitter), last)
