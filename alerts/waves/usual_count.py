"""How many stories are usual at an hour: those of the same hours of the last four weeks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from statistics import mean, median

from alerts.waves.wave import LEAST_WEEKS, CountedSpan, Usual

WEEKS = 4
# The window of an earlier week is wider by this on both sides: one hour of a rule that finds one
# story a day says nothing. Measured: without it, simulated years have three times the false waves.
_AROUND = timedelta(hours=1)
# The average is that of all hours, of which the busiest have about twice as much.
_BUSIEST = 2.0
# A wave at night is no wave for what would be usual by day: half of the average is the least.
_LEAST = 0.5
# An event often brings two stories or three in other words, within hours. Measured on simulated
# years, where one event brings 1.45: counted one by one there are ten to forty times as many false
# waves.
_OF_AN_EVENT = 2.0
# A rule younger than this has no average.
_LEAST_KNOWN = timedelta(days=1)


def is_timed(published: datetime, zone: tzinfo) -> bool:
    """Whether this is the time of a publication: midnight to the second is a date without one."""
    return published.astimezone(zone).time() != time.min


def same_hours(at: datetime, over: timedelta, zone: tzinfo, known: datetime) -> list[CountedSpan]:
    """The same hours of the last four weeks by the clock of the zone, of those that are known.

    `known` is from when on the stories of the rule are known.
    """
    local = at.astimezone(zone)
    ends = (
        (local - timedelta(weeks=week)).astimezone(UTC).astimezone(at.tzinfo or UTC)
        for week in range(1, WEEKS + 1)
    )
    spans = (CountedSpan(end - over - _AROUND, end + _AROUND) for end in ends)
    return [span for span in spans if span.start >= known]


def all_hours(at: datetime, over: timedelta, known: datetime) -> CountedSpan | None:
    """The last four weeks before the window, as far as they are known; None if that is too short.

    Its average stands in for the same hours as long as these are not known.
    """
    span = CountedSpan(max(known, at - timedelta(weeks=WEEKS)), at - over)
    return span if span.length >= _LEAST_KNOWN else None


def usual_of(
    over: timedelta, weekly: Sequence[tuple[CountedSpan, int]], whole: tuple[CountedSpan, int]
) -> Usual:
    """What is usual, from how many stories came in the same hours, and in all hours.

    Of four weeks the lowest and the highest do not count, so that neither a wave nor a gap in one
    of them does; of three the middle one counts, of two the higher.
    """
    average = _rate(over, *whole)
    rates = sorted(_rate(over, *each) for each in weekly)
    if len(rates) < LEAST_WEEKS:
        return Usual(average * _BUSIEST, len(rates))
    same = max(rates) if len(rates) == LEAST_WEEKS else _middle(rates)
    return Usual(max(same, average * _LEAST), len(rates))


def _middle(rates: Sequence[float]) -> float:
    return mean(rates[1:-1]) if len(rates) == WEEKS else median(rates)


def _rate(over: timedelta, span: CountedSpan, stories: int) -> float:
    return stories * (over / span.length)


def by_chance(stories: int, expected: float) -> float:
    """How likely at least so many stories are by chance, if so many are expected.

    The tail of Poisson's distribution for events, each of which brings `_OF_AN_EVENT` stories; half
    an event counts by the gamma function.
    """
    count, mean_count = stories / _OF_AN_EVENT, expected / _OF_AN_EVENT
    if count <= 0:
        return 1.0
    if mean_count <= 0:
        return 0.0
    # The terms are added from this one on: one minus the rest would lose what is small.
    term = math.exp(count * math.log(mean_count) - mean_count - math.lgamma(count + 1))
    total, number = 0.0, count
    while term > total * 1e-12:
        total += term
        number += 1
        term *= mean_count / number
    return min(1.0, total)
