"""The last day of a source beside a usual one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
HOURS = 24


def usual_day(times: Iterable[datetime], now: datetime) -> tuple[list[int], list[float]]:
    """How many of these fell in each of the last 24 hours, and in the same hour of the days before.

    The second is the mean of the whole days that `times` go back, empty if they are not one.
    """
    last, before = [0] * HOURS, [0] * HOURS
    days = 0
    for time in times:
        age = now - time
        if age < timedelta():
            continue
        hour = HOURS - 1 - (age % _DAY) // _HOUR
        if age < _DAY:
            last[hour] += 1
        else:
            before[hour] += 1
            days = max(days, age // _DAY)
    return last, [number / days for number in before] if days else []
