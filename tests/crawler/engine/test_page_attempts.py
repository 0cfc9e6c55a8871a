"""When a page that failed is asked for again, and when it counts as taken down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.sources.retries import is_withdrawn, next_attempt, status_fault

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def waits(status: int, *, held: bool = False) -> list[float]:
    found, attempts = [], 0
    while (at := next_attempt(attempts, NOW, status=status, held=held)) is not None:
        found.append((at - NOW) / MINUTE)
        attempts += 1
    return found


def test_a_server_that_fails_is_asked_again_for_two_days() -> None:
    assert waits(503) == [1, 5, 20, 60, 180, 360, 720, 1440]


def test_a_page_that_is_not_there_yet_is_asked_for_again_and_one_that_is_gone_is_not() -> None:
    assert waits(404) == [1, 5, 20]
    assert waits(410) == []


def test_a_page_that_was_there_gets_time_to_come_back() -> None:
    assert waits(404, held=True)[0] == 30


@given(st.integers(0, 5), st.timedeltas(timedelta(), timedelta(hours=6)))
def test_what_the_host_asks_for_is_never_cut_short(attempts: int, wait: timedelta) -> None:
    at = next_attempt(attempts, NOW, status=429, wait=wait)

    assert at is not None
    assert at >= NOW + wait


@pytest.mark.parametrize(
    ("status", "before", "held", "withdrawn"),
    [
        (410, None, True, True),
        (410, None, False, True),
        (404, None, True, False),
        (404, 503, True, False),
        (404, 404, True, True),
        (404, 404, False, False),  # the feed may have misnamed it from the beginning
        (503, 404, True, False),
        (403, 403, True, False),
        (0, 404, True, False),
    ],
)
def test_taken_down_is_what_says_so_or_is_not_there_twice(
    status: int,
    before: int | None,
    held: bool,  # noqa: FBT001 - a table
    withdrawn: bool,  # noqa: FBT001 - a table
) -> None:
    fault = status_fault(before) if before else None

    assert is_withdrawn(status, fault, held=held) is withdrawn
