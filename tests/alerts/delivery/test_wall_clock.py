"""Quiet hours and digest times by the wall clock, over both changes of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from deliverydesk import AMSTERDAM
from hypothesis import given, strategies as st

from alerts.policy.quiet_hours import QuietHours, instant, last_instant, next_digest, quiet_until

NIGHT = QuietHours(time(22), time(7))
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=AMSTERDAM)  # type: ignore[misc]  # year to minute


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (local(2026, 11, 23, 21, 59), None),
        (local(2026, 11, 23, 22, 0), local(2026, 11, 24, 7, 0)),
        (local(2026, 11, 24, 6, 59), local(2026, 11, 24, 7, 0)),
        (local(2026, 11, 24, 7, 0), None),
        # The night of spring has one hour less, that of autumn one more: 07:00 is 07:00.
        (local(2027, 3, 27, 23, 0), datetime(2027, 3, 28, 5, 0, tzinfo=UTC)),
        (local(2026, 10, 24, 23, 0), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_when_the_local_clock_says_so(
    now: datetime, until: datetime | None
) -> None:
    assert quiet_until(NIGHT, AMSTERDAM, now.astimezone(UTC)) == until


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    lunch = QuietHours(time(12), time(13))

    assert quiet_until(lunch, AMSTERDAM, local(2026, 11, 23, 12, 30)) == local(2026, 11, 23, 13)
    assert quiet_until(lunch, AMSTERDAM, local(2026, 11, 23, 13, 30)) is None
    assert quiet_until(QuietHours(time(8), time(8)), AMSTERDAM, local(2026, 11, 23, 8)) is None
    assert quiet_until(None, AMSTERDAM, local(2026, 11, 23, 8)) is None


def test_a_wall_time_that_spring_skips_is_the_moment_of_the_change() -> None:
    assert instant(SPRING, time(2, 30), AMSTERDAM) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_wall_time_that_autumn_repeats_is_its_first_occurrence() -> None:
    assert instant(AUTUMN, time(2, 30), AMSTERDAM) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_digest_in_the_repeated_hour_goes_once() -> None:
    wall, now, instants = (time(2, 30),), datetime(2026, 10, 24, 12, tzinfo=UTC), []
    for _ in range(3):
        moment = next_digest(wall, AMSTERDAM, now)
        assert moment is not None
        instants.append(moment)
        now = moment

    assert [moment.astimezone(AMSTERDAM).date().day for moment in instants] == [25, 26, 27]


def test_without_digest_times_there_is_no_digest() -> None:
    assert next_digest((), AMSTERDAM, local(2026, 11, 23, 12)) is None


WALL = st.times().map(lambda t: t.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(WALL, MOMENTS)
def test_a_digest_comes_once_each_local_day(wall: time, now: datetime) -> None:
    first = next_digest((wall,), AMSTERDAM, now)
    assert first is not None
    second = next_digest((wall,), AMSTERDAM, first)
    assert second is not None

    days = [moment.astimezone(AMSTERDAM).date() for moment in (first, second)]
    assert now < first <= now + timedelta(hours=25)
    assert days[1] - days[0] == timedelta(days=1)


@given(WALL, MOMENTS)
def test_the_last_instant_is_at_most_a_day_ago(wall: time, now: datetime) -> None:
    moment = last_instant(wall, AMSTERDAM, now)

    assert timedelta() <= now - moment <= timedelta(hours=25)


@given(WALL, WALL, MOMENTS)
def test_quiet_hours_agree_with_the_clock_on_the_wall(
    start: time, end: time, now: datetime
) -> None:
    clock = now.astimezone(AMSTERDAM)
    wall = clock.time()
    inside = start <= wall < end if start < end else start != end and (wall >= start or wall < end)
    near_change = now.astimezone(AMSTERDAM).date() in _days_of_change(clock.year)

    found = quiet_until(QuietHours(start, end), AMSTERDAM, now)

    if not near_change:
        assert (found is not None) == inside
    if found:
        assert now < found <= now + timedelta(hours=25)


def _days_of_change(year: int) -> set[date]:
    days = set()
    for month in (3, 10):
        last = max(
            day
            for day in (date(year, month, number) for number in range(25, 32))
            if day.weekday() == 6
        )
        days |= {last - timedelta(days=1), last, last + timedelta(days=1)}
    return days
