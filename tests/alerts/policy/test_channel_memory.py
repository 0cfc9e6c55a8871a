"""Gate, rate limit, circuit breaker and pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from alerts.alert import Reason
from alerts.outcome import Outcome
from alerts.policy.channel_state import (
    ChannelState,
    Hold,
    after_outcome,
    hold_of,
    next_token,
    with_probe_at_once,
    with_token_taken,
)
from crawler.faults import said

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRESH = ChannelState(id="desk")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def after(state: ChannelState, *outcomes: Outcome, now: datetime = NOW) -> ChannelState:
    for outcome in outcomes:
        state = after_outcome(state, outcome, now)
    return state


def test_a_new_channel_sends_at_once() -> None:
    assert hold_of(FRESH, 1.0, NOW) is None


def test_the_rate_counts_from_the_end_of_the_last_message() -> None:
    state = with_token_taken(FRESH, NOW)
    state = after_outcome(state, Outcome.DELIVERED, NOW + 3 * SECOND)

    assert hold_of(state, 1.0, NOW + 3.5 * SECOND) == Hold(NOW + 4 * SECOND, Reason.RATE)
    assert hold_of(state, 1.0, NOW + 4 * SECOND) is None
    assert hold_of(state, 0.0, NOW + 3 * SECOND) is None


@given(
    st.lists(st.floats(0, 5), min_size=1, max_size=60),
    st.floats(0.05, 20),
)
def test_messages_are_never_closer_than_the_rate_allows(steps: list[float], rate: float) -> None:
    state, now, sent = FRESH, NOW, []
    for step in steps:
        now += timedelta(seconds=step)
        ready = next_token(state, rate, now)
        if ready is None:
            state = with_token_taken(state, now)
            sent.append(now)

    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert all(gap.total_seconds() >= 1 / rate - 1e-3 for gap in gaps)


def test_a_clock_that_is_set_back_does_not_stop_the_rate_limit_for_an_hour() -> None:
    state = with_token_taken(FRESH, NOW)

    hold = hold_of(state, 1.0, NOW - HOUR)

    assert hold is not None
    assert hold.until == NOW - HOUR + SECOND


def test_five_failures_in_a_row_open_the_circuit_for_a_minute() -> None:
    four = after(FRESH, *[Outcome.NOT_SENT] * 4)
    five = after(four, Outcome.UNKNOWN)

    assert hold_of(four, 0.0, NOW) is None
    assert hold_of(five, 0.0, NOW) == Hold(NOW + MINUTE, Reason.CIRCUIT_OPEN)


def test_each_failure_of_an_open_circuit_doubles_its_rest_up_to_half_an_hour() -> None:
    state, now, rests = after(FRESH, *[Outcome.NOT_SENT] * 5), NOW, []
    for _ in range(7):
        assert state.rest is not None
        rests.append((state.rest - now) // SECOND)
        now = state.rest
        state = after_outcome(state, Outcome.NOT_SENT, now)

    assert rests == [60, 120, 240, 480, 960, 1800, 1800]


def test_a_success_closes_the_circuit_and_forgets() -> None:
    state = after(FRESH, *[Outcome.NOT_SENT] * 7, Outcome.DELIVERED)

    assert (state.failures, state.trips, state.rest) == (0, 0, None)


def test_a_refused_message_or_recipient_is_no_failure_of_the_channel() -> None:
    state = after(FRESH, *[Outcome.MESSAGE_REJECTED, Outcome.RECIPIENT_REJECTED] * 5)

    assert hold_of(state, 0.0, NOW) is None


def test_a_refused_channel_is_probed_after_a_quarter_an_hour_and_then_hourly() -> None:
    state, now, waits = FRESH, NOW, []
    for _ in range(4):
        state = after_outcome(state, Outcome.CHANNEL_REJECTED, now, detail=said("410"))
        assert state.probe is not None
        waits.append((state.probe - now) // MINUTE)
        assert hold_of(state, 0.0, now) == Hold(state.probe, Reason.PAUSED)
        now = state.probe
        assert hold_of(state, 0.0, now) is None

    assert waits == [15, 60, 60, 60]
    assert (state.paused, state.paused_for) == (NOW, said("410"))
    assert after(state, Outcome.DELIVERED, now=now).paused is None


def test_a_probe_without_an_answer_keeps_the_pause() -> None:
    state = after(FRESH, Outcome.CHANNEL_REJECTED, Outcome.NOT_SENT)

    assert state.paused == NOW
    assert state.probe == NOW + HOUR


def test_a_start_tries_a_refused_channel_at_once() -> None:
    refused = after(FRESH, Outcome.CHANNEL_REJECTED)

    assert hold_of(with_probe_at_once(refused, NOW), 0.0, NOW) is None
    assert with_probe_at_once(FRESH, NOW) == FRESH


def test_retry_after_gates_the_whole_channel() -> None:
    state = after_outcome(FRESH, Outcome.NOT_SENT, NOW, retry_after=2 * MINUTE)

    assert hold_of(state, 0.0, NOW) == Hold(NOW + 2 * MINUTE, Reason.RETRY_AFTER)


def test_a_gate_written_before_the_clock_was_set_back_holds_six_hours_at_most() -> None:
    state = after_outcome(FRESH, Outcome.NOT_SENT, NOW, retry_after=HOUR)

    hold = hold_of(state, 0.0, NOW - timedelta(days=2))

    assert hold is not None
    assert hold.until == NOW - timedelta(days=2) + 6 * HOUR


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.floats(0, 90_000)), max_size=40))
def test_no_history_holds_a_channel_for_longer_than_an_hour_without_retry_after(
    history: list[tuple[Outcome, float]],
) -> None:
    state, now = FRESH, NOW
    for outcome, seconds in history:
        state = after_outcome(state, outcome, now)
        now += timedelta(seconds=seconds)

    hold = hold_of(state, 1.0, now)

    assert hold is None or hold.until - now <= HOUR
