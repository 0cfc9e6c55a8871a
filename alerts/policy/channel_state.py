"""What a channel remembers between messages: gate, rate, circuit breaker, pause.

All of it is data that outlives a restart. Each function returns the state that follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.alert import Reason
from alerts.outcome import Outcome
from alerts.policy.retry import LONGEST_RETRY_AFTER
from crawler.faults import Fault

# So many failures in a row open the circuit: first for a minute, then twice as long each time.
# These numbers and the waits below are chosen; docs/delivery.md promises them.
FAILURES_TO_OPEN = 5
FIRST_REST = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=30)

# A channel that refused us is probed after these waits, then hourly.
_PROBES = (timedelta(minutes=15), timedelta(hours=1))
_LATER_PROBES = timedelta(hours=1)

_MOST_DOUBLINGS = 16  # far beyond LONGEST_REST; more would make an endless number


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel's memory.

    `gate` is the time that `Retry-After` asked for. `failures` counts failures in a row, `trips`
    how often the circuit opened since the last success, and `rest` says until when it is open.
    `tokens` is what the rate limit allowed at `counted`. `paused` is set since the receiver
    refuses the channel itself.
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
    """What keeps this channel from sending now, or None; of several holds the longest.

    A time further ahead than its kind allows was written before the clock was set back. It counts
    as if it were written now.
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
    """The tokens of the rate limit now, at most one; `rate` new ones come a second."""
    if state.counted is None:
        return 1.0
    passed = (now - state.counted).total_seconds()
    return min(1.0, state.tokens + max(0.0, passed) * rate)


def next_token(state: ChannelState, rate: float, now: datetime) -> datetime | None:
    """When the rate limit lets the next message go; None when at once, or without a limit."""
    if rate <= 0:
        return None
    missing = 1.0 - tokens_at(state, rate, now)
    return now + timedelta(seconds=missing / rate) if missing > 1e-9 else None  # noqa: PLR2004 - rounding of floats


def with_token_taken(state: ChannelState, now: datetime) -> ChannelState:
    """The state after a message began or ended: the whole interval counts from here.

    A token is taken at both ends, so that a slow connection cannot bring two messages closer at
    the receiver than the rate allows.
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
    # The receiver is there; whatever it said was about this message alone.
    state = replace(state, failures=0, trips=0, rest=None)
    if outcome is Outcome.DELIVERED:
        state = replace(state, paused=None, paused_for=None, probes=0, probe=None, delivered=now)
    return state


def with_probe_at_once(state: ChannelState, now: datetime) -> ChannelState:
    """The state at a start: a refused channel may have been mended, so it is tried soon."""
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
        # A probe without an answer says nothing new about the refusal: plan the next one.
        return replace(_paused(state, now, state.paused_for), failures=failures)
    if failures < FAILURES_TO_OPEN:
        return replace(state, failures=failures)
    # After the first time, one failed try opens it again, for twice as long.
    rest = min(FIRST_REST * 2 ** min(state.trips, _MOST_DOUBLINGS), LONGEST_REST)
    return replace(state, failures=failures, trips=state.trips + 1, rest=now + rest)
