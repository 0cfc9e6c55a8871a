"""What a channel remembers between messages: wait, rate, circuit breaker, pause.

All of it is stored, so it survives a restart. Each function returns the next state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.alert import Reason
from alerts.outcome import Outcome
from alerts.policy.retry import LONGEST_RETRY_AFTER
from crawler.faults import Fault
from crawler.frozen import dataclass

# This many failures in a row open the circuit: first for a minute, then twice as long each time.
# These numbers and the waits below are chosen, and docs/delivery.md promises them.
FAILURES_TO_OPEN = 5
FIRST_REST = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=30)

# A channel whose receiver refuses it is tried after these waits, and then once an hour.
_PROBES = (timedelta(minutes=15), timedelta(hours=1))
_LATER_PROBES = timedelta(hours=1)

# Chosen: one failure may be of its message alone, which would be tried again for each that goes.
_OUTAGE = 2

_MOST_DOUBLINGS = 16  # far beyond LONGEST_REST; the limit keeps the number small


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What one channel remembers.

    `gate` is the end of the wait that `Retry-After` asked for. `failures` counts failures in a row,
    `trips` how often the circuit has opened since the last success. `rest` is when an open circuit
    closes. `tokens` is what the rate limit allowed at the time `counted`. `paused` is since when
    the receiver refuses the channel itself.
    """

    id: str
    gate: datetime | None = None
    failures: int = 0
    trips: int = 0
    rest: datetime | None = None
    tokens: float = 1.0
    counted: datetime | None = None
    paused: datetime | None = None
    paused_for: Fault | None = None
    probes: int = 0
    probe: datetime | None = None
    delivered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The channel sends nothing before `until`, because of `reason`."""

    until: datetime
    reason: Reason


def hold_of(state: ChannelState, rate: float, now: datetime) -> Hold | None:
    """What keeps this channel from sending now, the longest hold of several; None if nothing.

    If a time is further away than its kind allows, the clock was set back since it was stored. Then
    it counts as if it were stored now.
    """
    holds = [
        _hold(state.gate, LONGEST_RETRY_AFTER, Reason.RETRY_AFTER, now),
        _hold(state.rest, LONGEST_REST, Reason.CIRCUIT_OPEN, now),
        _hold(state.probe if state.paused else None, _LATER_PROBES, Reason.PAUSED, now),
        _hold(next_token(state, rate, now), timedelta.max, Reason.RATE, now),
    ]
    return max((hold for hold in holds if hold), key=lambda hold: hold.until, default=None)


def _hold(until: datetime | None, longest: timedelta, reason: Reason, now: datetime) -> Hold | None:
    if until is None or until <= now:
        return None
    if until - now > longest:
        until = now + longest
    return Hold(until, reason)


def tokens_at(state: ChannelState, rate: float, now: datetime) -> float:
    """The tokens of the rate limit now, at most one; `rate` is in tokens a second."""
    if state.counted is None:
        return 1.0
    passed = (now - state.counted).total_seconds()
    return min(1.0, state.tokens + max(0.0, passed) * rate)


def next_token(state: ChannelState, rate: float, now: datetime) -> datetime | None:
    """When the rate limit allows the next message; None if now, or if there is no limit."""
    if rate <= 0:
        return None
    missing = 1.0 - tokens_at(state, rate, now)
    return now + timedelta(seconds=missing / rate) if missing > 1e-9 else None  # noqa: PLR2004 - rounding of floats


def with_token_taken(state: ChannelState, now: datetime) -> ChannelState:
    """The state after a message began or ended; the interval of the rate starts again here.

    A token is taken at both moments. So two messages never arrive closer together than the rate
    allows, even over a slow connection.
    """
    return replace(state, tokens=0.0, counted=now)


def after_outcome(
    state: ChannelState,
    outcome: Outcome,
    now: datetime,
    *,
    detail: Fault | None = None,
    retry_after: timedelta | None = None,
) -> ChannelState:
    """The state after an attempt ended in this way."""
    state = with_token_taken(state, now)
    if retry_after is not None:
        state = replace(state, gate=now + retry_after)
    if outcome is Outcome.CHANNEL_REJECTED:
        return _paused(state, now, detail)
    if outcome in {Outcome.NOT_SENT, Outcome.UNKNOWN}:
        return _failed(state, now)
    # The receiver answered, and its answer is only about this message.
    state = replace(state, failures=0, trips=0, rest=None)
    if outcome is Outcome.DELIVERED:
        state = replace(state, paused=None, paused_for=None, probes=0, probe=None, delivered=now)
    return state


def works_again(before: ChannelState, after: ChannelState) -> bool:
    """Whether an outage has ended, so that what failed in it need not wait any longer."""
    out = before.failures >= _OUTAGE or before.paused is not None
    return out and not after.failures and after.paused is None


def with_probe_at_once(state: ChannelState, now: datetime) -> ChannelState:
    """The state at a start: a refused channel may have been repaired, so it is tried at once."""
    return replace(state, probe=now) if state.paused else state


def _paused(state: ChannelState, now: datetime, detail: Fault | None) -> ChannelState:
    wait = _PROBES[state.probes] if state.probes < len(_PROBES) else _LATER_PROBES
    return replace(
        state,
        paused=state.paused or now,
        paused_for=detail,
        probes=state.probes + 1,
        probe=now + wait,
        failures=0,
        rest=None,
    )


def _failed(state: ChannelState, now: datetime) -> ChannelState:
    failures = state.failures + 1
    if state.paused:
        # A try without an answer says nothing new about the refusal, so the next try is planned.
        return replace(_paused(state, now, state.paused_for), failures=failures)
    if failures < FAILURES_TO_OPEN:
        return replace(state, failures=failures)
    # After the first time, a single failed try opens the circuit again, for twice as long.
    rest = min(FIRST_REST * 2 ** min(state.trips, _MOST_DOUBLINGS), LONGEST_REST)
    return replace(state, failures=failures, trips=state.trips + 1, rest=now + rest)
