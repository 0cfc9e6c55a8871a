"""When an edition goes: once a local day and time of day, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from deliverydesk import AMSTERDAM
from hypothesis import given, settings, strategies as st
from papers_desk import paper

from alerts.papers.paper_plan import WEEKDAYS, since_when, turn_due, turn_to_come

START = datetime(2026, 3, 20, tzinfo=UTC)


def _days_told(start: datetime, days: int, every: timedelta, *at: time) -> list[str]:
    """The editions of a program that looks each so often."""
    told, after, now = [], start, start
    asked = paper(at=at)
    while now < start + timedelta(days=days):
        if turn := turn_due(asked, AMSTERDAM, after, now):
            told.append(f"{turn.key.day} {turn.key.at}")
            after = turn.due
        now += every
    return told


@pytest.mark.parametrize(
    ("change", "walls"),
    [
        (datetime(2026, 3, 27, tzinfo=UTC), (time(2, 30), time(7))),
        (datetime(2026, 10, 23, tzinfo=UTC), (time(2, 30), time(7))),
    ],
)
def test_each_local_day_has_each_edition_once_over_a_change_of_the_clock(
    change: datetime, walls: tuple[time, ...]
) -> None:
    told = _days_told(change, 5, timedelta(minutes=10), *walls)
    assert len(told) == len(set(told)) == 10
    assert len({each.split()[0] for each in told}) == 5


@settings(max_examples=25)
@given(st.integers(1, 60 * 30), st.integers(0, 10_000))
def test_however_seldom_it_looks_no_edition_goes_twice(minutes: int, begin: int) -> None:
    start = START + timedelta(minutes=begin)
    told = _days_told(start, 12, timedelta(minutes=minutes), time(7), time(17))
    assert len(told) == len(set(told))
    assert told == sorted(told)


def test_of_several_editions_that_were_missed_the_latest_goes() -> None:
    now = datetime(2026, 3, 24, 12, tzinfo=UTC)
    turn = turn_due(paper(), AMSTERDAM, START, now)
    assert turn is not None
    assert turn.key.day == "2026-03-24"


def test_a_paper_of_working_days_goes_on_none_of_the_weekend() -> None:
    told = [
        turn.key.day
        for hour in range(24 * 14)
        if (
            turn := turn_to_come(paper(days=WEEKDAYS[:5]), AMSTERDAM, START + timedelta(hours=hour))
        )
    ]
    assert {datetime.fromisoformat(day).weekday() for day in told} == {0, 1, 2, 3, 4}


def test_an_edition_begins_where_the_last_one_ended() -> None:
    due = START + timedelta(days=1)
    assert since_when(paper(), START, due) == START
    assert since_when(paper(), None, due) == due - timedelta(days=1)
    assert since_when(paper(span=timedelta(hours=12)), START, due) == due - timedelta(hours=12)
