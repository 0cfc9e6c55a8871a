"""Quiet hours and digest times: wall-clock rules turned into instants.

The wall clock skips an hour in spring and repeats one in autumn, so instants are compared in UTC. A
wall time that does not exist counts as the moment of the change. A wall time that exists twice
counts as its first occurrence. So each rule acts once on each local day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.frozen import dataclass

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` up to `end` on each local day, over midnight if `end` is before `start`.

    `high` says whether urgent alerts are held as well.
    """

    start: time
    end: time
    hold_high: bool = False


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which this local day's clock shows `wall` for the first time."""
    local = datetime.combine(day, wall, tzinfo=zone)
    there = local.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    return _change_before(there, zone)


def _change_before(moment: datetime, zone: ZoneInfo) -> datetime:
    """The change of the clock in the day before `moment`; a skipped time counts as this moment."""
    late, early = moment, moment - _DAY
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def quiet_until(quiet: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours at `now` end; None if there are none at `now`."""
    if quiet is None or quiet.start == quiet.end:
        return None
    for start, end in _windows(quiet, zone, now):
        if start <= now < end:
            return end
    return None


def _windows(
    quiet: QuietHours, zone: ZoneInfo, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        last = day + _DAY if quiet.end <= quiet.start else day
        yield instant(day, quiet.start, zone), instant(last, quiet.end, zone)


def next_digest(times: Sequence[time], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first digest time after `now`; None if there are no digest times."""
    today = now.astimezone(zone).date()
    instants = (instant(today + days * _DAY, wall, zone) for days in (0, 1, 2) for wall in times)
    return min((moment for moment in instants if moment > now), default=None)


def last_instant(wall: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The last instant up to `now` at which the local clock showed `wall`."""
    today = now.astimezone(zone).date()
    instants = (instant(today - days * _DAY, wall, zone) for days in (0, 1, 2))
    return max(moment for moment in instants if moment <= now)
