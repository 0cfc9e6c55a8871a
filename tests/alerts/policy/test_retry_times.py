"""When a delivery is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, strategies as st

from alerts.match import Priority
from alerts.policy.retry import (
    LAST_CALL,
    Schedule,
    next_attempt,
    time_to_live,
    wait_after,
)
from alerts.transport.http import HttpAnswer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SECONDS = {
    Schedule.CHAT: [5, 30, 120, 300, 900, 1800, 3600, 3600, 3600],
    Schedule.WEBHOOK: [5, 300, 1800, *(n * 3600 for n in (2, 5, 10, 14, 20, 24))],
    Schedule.MAIL: [60, 300, 900, 1800, 3600, 3600],
}


@pytest.mark.parametrize("schedule", Schedule)
def test_waits_follow_the_schedule_of_the_kind_of_channel(schedule: Schedule) -> None:
    waits = [wait_after(schedule, attempts, 0.5) for attempts in range(1, 10)]

    expected = SECONDS[schedule]
    assert [wait.total_seconds() for wait in waits[: len(expected)]] == pytest.approx(expected)


@given(st.sampled_from(Schedule), st.integers(1, 10**6), st.floats(0, 1))
def test_jitter_stays_within_a_fifth(schedule: Schedule, attempts: int, jitter: float) -> None:
    middle = wait_after(schedule, attempts, 0.5)

    assert 0.799 * middle <= wait_after(schedule, attempts, jitter) <= 1.201 * middle


def test_time_to_live_depends_on_kind_and_urgency() -> None:
    assert time_to_live(Schedule.CHAT, Priority.HIGH) == 6 * HOUR
    assert time_to_live(Schedule.MAIL, Priority.NORMAL) == 24 * HOUR
    assert time_to_live(Schedule.CHAT, Priority.LOW) == 24 * HOUR
    assert {time_to_live(Schedule.WEBHOOK, priority) for priority in Priority} == {76 * HOUR}


@given(
    st.sampled_from(Schedule),
    st.integers(1, 100),
    st.timedeltas(-HOUR, 100 * HOUR),
    st.floats(0, 1),
)
def test_the_next_attempt_is_later_and_in_time_or_there_is_none(
    schedule: Schedule, attempts: int, life: timedelta, jitter: float
) -> None:
    expires = NOW + life

    due = next_attempt(schedule, attempts=attempts, now=NOW, expires=expires, jitter=jitter)

    if due is None:
        assert life <= LAST_CALL
    else:
        assert NOW < due <= expires - LAST_CALL


def test_a_wait_beyond_the_time_to_live_is_cut_to_one_last_try() -> None:
    expires = NOW + 10 * MINUTE

    due = next_attempt(Schedule.CHAT, attempts=6, now=NOW, expires=expires, jitter=0.5)

    assert due == expires - LAST_CALL


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("86400", 6 * HOUR),
        ("9" * 400, 6 * HOUR),
        (format_datetime(NOW + timedelta(days=3), usegmt=True), 6 * HOUR),
        (format_datetime(NOW - MINUTE, usegmt=True), None),
        ("soon", None),
    ],
)
def test_a_receiver_is_waited_for_six_hours_at_most(asked: str, wait: timedelta | None) -> None:
    assert HttpAnswer(429, "", {"Retry-After": asked}).retry_after(NOW) == wait


def test_a_receiver_that_asks_for_nothing_is_not_waited_for() -> None:
    assert HttpAnswer(429, "", {}).retry_after(NOW) is None


@given(st.text())
def test_no_retry_after_holds_a_channel_longer_than_six_hours(value: str) -> None:
    wait = HttpAnswer(429, "", {"Retry-After": value}).retry_after(NOW)

    assert wait is None or timedelta() <= wait <= 6 * HOUR
