from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.model import Source, SourceKind
from crawler.sources.schedule import (
    JITTER,
    Advice,
    Paces,
    held_to,
    interval_after,
    next_poll,
    paces_of,
    poll_after_failure,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FIVE = 5 * MINUTE
PACES = Paces(FIVE, 4 * FIVE)

everies = st.timedeltas(timedelta(seconds=1), timedelta(days=2))
jitters = st.floats(0, 1)


def source(every: timedelta = FIVE, **changes: object) -> Source:
    fields = {"id": "k", "outlet": "K", "kind": SourceKind.FEED, "url": "https://k.example/"}
    return Source(**(fields | {"every": every} | changes))


@pytest.mark.parametrize(
    ("given", "cheap", "longest"),
    [
        ({"confidence": "A"}, True, 10 * MINUTE),
        ({"confidence": "B"}, True, 10 * MINUTE),
        ({"confidence": "C"}, True, 20 * MINUTE),
        ({}, True, 20 * MINUTE),
        ({"confidence": "A"}, False, 20 * MINUTE),
        ({"confidence": "A", "every": 40 * MINUTE}, True, HOUR),
        ({"confidence": "A", "every": 3 * HOUR}, True, 3 * HOUR),
        ({"confidence": "A", "at_most": 5 * MINUTE}, False, 5 * MINUTE),
        ({"at_most": 2 * HOUR}, True, 2 * HOUR),
        ({"at_most": MINUTE}, True, 5 * MINUTE),
    ],
)
def test_a_source_that_is_trusted_and_answers_304_is_asked_at_half_its_pace_at_least(
    given: dict[str, object],
    cheap: bool,  # noqa: FBT001 - a case, not a switch
    longest: timedelta,
) -> None:
    assert paces_of(source(**given), cheap=cheap).longest == longest


def test_an_idle_source_slows_down_to_its_cap_and_a_lively_one_returns_to_its_floor() -> None:
    interval = FIVE
    for _ in range(20):
        interval = interval_after(PACES, interval, lively=False)
    assert interval == 4 * FIVE

    for _ in range(3):
        interval = interval_after(PACES, interval, lively=True)
    assert interval == FIVE


@given(everies, st.none() | everies, st.booleans(), jitters)
def test_a_source_is_never_asked_sooner_than_its_floor(every, interval, lively, jitter) -> None:
    paces = paces_of(source(every), cheap=False)
    new = interval_after(paces, interval, lively=lively)
    due = next_poll(NOW, paces, new, Advice(), jitter)

    assert every <= new <= paces.longest
    assert NOW + every <= due <= NOW + 1.1 * paces.longest + timedelta(microseconds=1)


@given(everies, st.integers(1, 10_000), jitters)
def test_failures_wait_longer_but_never_longer_than_hours_or_the_floor(every, failures, jitter):
    wait = poll_after_failure(NOW, every, failures, Advice(), jitter) - NOW

    assert 0.9 * every <= wait <= 1.1 * max(every, 6 * HOUR) + timedelta(microseconds=1)


def test_each_failure_doubles_the_wait() -> None:
    waits = [poll_after_failure(NOW, FIVE, count, Advice(), 0.5) - NOW for count in (1, 2, 3, 50)]

    assert waits == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 6 * HOUR]


@pytest.mark.parametrize(
    ("asked", "heard"), [(30 * MINUTE, 30 * MINUTE), (timedelta(days=40), 6 * HOUR)]
)
def test_retry_after_is_heard_for_six_hours_at_most(asked, heard) -> None:
    advice = Advice(retry_after=asked)

    assert next_poll(NOW, PACES, FIVE, advice, 0) == NOW + heard
    assert poll_after_failure(NOW, FIVE, 1, advice, 0) == NOW + heard


@pytest.mark.parametrize("advice", [Advice(max_age=15 * MINUTE), Advice(ttl=15 * MINUTE)])
def test_a_publishers_wish_for_less_is_heard(advice) -> None:
    assert next_poll(NOW, PACES, FIVE, advice, 0) == NOW + 15 * MINUTE


def test_a_publishers_wish_for_a_day_does_not_make_us_a_day_late() -> None:
    assert next_poll(NOW, PACES, FIVE, Advice(ttl=timedelta(days=1)), 0) == NOW + 20 * MINUTE


def test_hours_to_skip_are_skipped() -> None:
    night = Advice(skip_hours=frozenset({12, 13}))

    assert next_poll(NOW, PACES, FIVE, night, 0) == NOW + 2 * HOUR


def test_a_feed_that_wants_to_be_skipped_at_all_hours_is_asked_a_day_later_at_most() -> None:
    always = Advice(skip_hours=frozenset(range(24)))

    assert next_poll(NOW, PACES, FIVE, always, 0) <= NOW + timedelta(days=1)


def test_an_appointment_is_held_to_an_every_that_became_shorter() -> None:
    seconds = timedelta(seconds=20)

    shorter, longer = Paces(seconds, 4 * seconds), Paces(2 * HOUR, 2 * HOUR)

    assert held_to(shorter, NOW + 20 * MINUTE, NOW, NOW) == NOW + 4 * seconds * (1 + JITTER)
    assert held_to(longer, NOW + 20 * MINUTE, NOW, NOW) == NOW + 20 * MINUTE


def test_a_source_that_was_asked_without_a_trace_is_not_asked_again_within_its_every() -> None:
    last_poll, asked = NOW - 5 * HOUR, NOW

    assert held_to(PACES, asked + FIVE, last_poll, now=asked + MINUTE) == asked + FIVE


def test_an_appointment_after_skipped_hours_stands() -> None:
    advice = Advice(skip_hours=frozenset(range(12, 18)))
    due = next_poll(NOW, PACES, FIVE, advice, 0.5)

    assert held_to(PACES, due, NOW, NOW) == due == NOW + 6 * HOUR


@given(everies, st.none() | everies, st.booleans(), jitters)
def test_an_appointment_under_the_same_every_stands(every, interval, lively, jitter) -> None:
    paces = paces_of(source(every), cheap=False)
    new = interval_after(paces, interval, lively=lively)
    due = next_poll(NOW, paces, new, Advice(), jitter)

    assert held_to(paces, due, NOW, NOW) == due
