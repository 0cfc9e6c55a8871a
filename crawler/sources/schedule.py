"""When a source is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.frozen import dataclass
from crawler.model import Source

HOUR = timedelta(hours=1)

# Chosen, as are the other limits here. An idle source is asked at a quarter of the pace, but at
# least once an hour unless its `every` is longer.
IDLEST = 4
LONGEST_IDLE = HOUR
# At half the pace if it costs nothing: a source that was looked into and that answers with 304.
CHEAP_IDLEST = 2
_TRUSTED = frozenset({"A", "B"})
SPEED_UP, SLOW_DOWN = 0.5, 1.25

LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_RETRY_AFTER = timedelta(hours=6)
# Spreads polls that come together, as those of a first run. 10,000 hosts in one burst cost 34.9 s
# of CPU, spread over the interval 13.8 s (docs/decisions/0001); the share itself is chosen.
JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a publisher says about polling, in HTTP headers and in elements of the feed.

    `retry_after` is from RFC 9110, 10.2.3, `max_age` from RFC 9111, 5.2.2.1, `ttl` and
    `skip_hours` (hours of the day in UTC) from RSS 2.0.
    """

    retry_after: timedelta | None = None
    max_age: timedelta | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Paces:
    """The shortest and the longest time between two polls of a source that answers."""

    every: timedelta
    longest: timedelta


def paces_of(source: Source, *, cheap: bool) -> Paces:
    """Between what times a source is asked.

    `cheap` says that it can answer that nothing has changed: a 304 costs nobody anything.
    """
    every, at_most = source.every, source.at_most
    if at_most is not None:
        return Paces(every, max(every, at_most))
    idlest = CHEAP_IDLEST if cheap and source.confidence in _TRUSTED else IDLEST
    return Paces(every, max(every, min(idlest * every, LONGEST_IDLE)))


def interval_after(paces: Paces, interval: timedelta | None, *, lively: bool) -> timedelta:
    """The new time between two polls: shorter after news, longer without; `every` is the floor."""
    held = interval or paces.every
    changed = held * (SPEED_UP if lively else SLOW_DOWN)
    return min(max(changed, paces.every), paces.longest)


def next_poll(
    now: datetime, paces: Paces, interval: timedelta, advice: Advice, jitter: float
) -> datetime:
    """When to ask again after an answer; `jitter` is a number from 0 to 1.

    A publisher's wish for fewer polls counts up to the interval of an idle source. `Retry-After`
    counts up to `LONGEST_RETRY_AFTER`.
    """
    wished = max(advice.max_age or interval, advice.ttl or interval, interval)
    wait = min(wished, paces.longest) * (1 + JITTER * jitter)
    return _outside(advice.skip_hours, now + max(wait, _retry_after(advice)))


def poll_after_failure(
    now: datetime, every: timedelta, failures: int, advice: Advice, jitter: float
) -> datetime:
    """When to ask again after `failures` failures in a row (this one included)."""
    backoff = min(every * float(1 << min(failures, 20)), LONGEST_BACKOFF)
    wait = max(backoff, every) * (1 + JITTER * (2 * jitter - 1))
    return now + max(wait, _retry_after(advice))


def held_to(paces: Paces, appointment: datetime, last_poll: datetime, now: datetime) -> datetime:
    """The time of the next poll, made sooner if `every` has become shorter since it was set.

    A time within `every` from now stays: the source may have been asked without a trace of the
    answer. So does one on the full hour: the feed's `skipHours` may have moved the poll to it.
    """
    if appointment <= now + paces.every or appointment == _full_hour(appointment):
        return appointment
    return min(appointment, last_poll + paces.longest * (1 + JITTER))


def _full_hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _retry_after(advice: Advice) -> timedelta:
    return min(advice.retry_after or timedelta(), LONGEST_RETRY_AFTER)


def _outside(skip_hours: frozenset[int], due: datetime) -> datetime:
    """The same time, or the next full hour that is not to be skipped."""
    for _ in range(24):
        if due.hour not in skip_hours:
            return due
        due = _full_hour(due) + HOUR
    return due
