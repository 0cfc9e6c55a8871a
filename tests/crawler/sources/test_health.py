"""How a source does: one state, the worst that is true, with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.faults import said
from crawler.sources.health import Diagnosis, Health, SourceFacts, habitual_silence, source_health

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELL = SourceFacts(
    since=NOW - 30 * DAY, last_success=NOW, last_new=NOW - HOUR, habit=8 * HOUR, polled=200
)


def health(**changes: object) -> Diagnosis:
    error = changes.get("error")
    said_so = {"error": said(error)} if isinstance(error, str) else {}
    return source_health(replace(WELL, **(changes | said_so)), NOW)


def test_a_source_that_answers_and_publishes_is_well() -> None:
    assert health() == Diagnosis(Health.OK)


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"failures": 2, "error": "HTTP 503"}, Health.OK, "failed 2x: HTTP 503"),
        (
            {"failures": 1, "error": "no complete answer in time", "took": timedelta(seconds=20)},
            Health.OK,
            "failed 1x: no complete answer in time",
        ),
        (
            {"failures": 1, "error": "connection refused", "last_success": None},
            Health.DEGRADED,
            "never answered: connection refused",
        ),
        (
            {
                "failures": 2,
                "error": "no complete answer in time",
                "last_success": None,
                "took": timedelta(seconds=20),
            },
            Health.DEGRADED,
            "never answered: no complete answer in time",
        ),
        (
            {"failures": 4, "status": 403, "error": "HTTP 403", "last_success": None},
            Health.DEGRADED,
            "never read: HTTP 403",
        ),
        (
            {"failures": 3, "error": "HTTP 503"},
            Health.DEGRADED,
            "failed 3 times in a row: HTTP 503",
        ),
        (
            {"failures": 8, "error": "HTTP 403", "last_success": NOW - 3 * DAY},
            Health.DEAD,
            "no answer for 3 days: HTTP 403",
        ),
        (
            {"failures": 8, "error": "timeout", "last_success": NOW - 3 * HOUR},
            Health.DEGRADED,
            "failed 8 times in a row: timeout",
        ),
        (
            {"failures": 9, "last_success": None, "error": "x"},
            Health.DEAD,
            "no answer for 30 days: x",
        ),
        ({"failures": 1, "status": 410}, Health.DEAD, "the outlet says it is gone (410)"),
        ({"polled": 5, "empty": 5}, Health.DEGRADED, "lists nothing"),
        ({"polled": 5, "empty": 2}, Health.OK, ""),
        ({"polled": 5, "incomplete": 3}, Health.DEGRADED, "its list breaks off"),
        ({"pages": 9, "walled": 8}, Health.DEGRADED, "8 of 9 pages are behind a wall"),
        ({"pages": 9, "pages_failed": 5}, Health.DEGRADED, "5 of 9 pages failed"),
        (
            {"gaps": 1},
            Health.DEGRADED,
            "published more than one poll shows: entries may have been missed",
        ),
        (
            {"last_new": NOW - 17 * HOUR},
            Health.SILENT,
            "nothing new for 17 hours, usually 8 hours at most",
        ),
        ({"last_new": NOW - 15 * HOUR}, Health.OK, ""),
        ({"last_new": NOW - 2 * HOUR, "habit": timedelta(minutes=10)}, Health.OK, ""),
        ({"last_new": NOW - 6 * DAY, "habit": None}, Health.OK, ""),
        ({"last_new": None, "habit": None}, Health.SILENT, "nothing new for 30 days"),
        ({"took": timedelta(seconds=12)}, Health.SLOW, "takes 12 s to answer"),
    ],
)
def test_the_worst_that_is_true_is_said(
    changes: dict[str, object], state: Health, reason: str
) -> None:
    found = health(**changes)

    assert (found.health, str(found.reason or "")) == (state, reason)


def test_a_gap_is_about_what_has_been_and_a_wall_is_not() -> None:
    assert health(gaps=1).passed
    assert not health(gaps=1, pages=9, walled=8).passed


def test_a_time_in_which_nobody_asked_is_no_silence() -> None:
    since_friday = {"last_success": NOW - 3 * DAY, "last_new": NOW - 3 * DAY - HOUR}

    assert health(**since_friday) == Diagnosis(Health.OK)
    assert source_health(SourceFacts(since=NOW - 30 * DAY), NOW).health is Health.OK


def test_one_page_in_a_day_tells_nothing() -> None:
    assert health(pages=1, walled=1) == Diagnosis(Health.OK)


def test_a_source_that_was_added_just_now_is_well() -> None:
    assert source_health(SourceFacts(since=NOW), NOW).health is Health.OK


def test_nights_without_news_are_a_habit() -> None:
    times = [NOW - day * DAY - hour * HOUR for day in range(7) for hour in range(16)]

    assert habitual_silence(times) == 9 * HOUR


def test_a_few_items_are_no_habit() -> None:
    assert habitual_silence([NOW - number * HOUR for number in range(8)]) is None
    assert habitual_silence([NOW] * 50) is None


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)), max_size=40))
def test_a_habit_is_one_of_the_pauses(times: list[datetime]) -> None:
    habit = habitual_silence(times)

    assert habit is None or timedelta() < habit <= max(times) - min(times)
