"""Invented years of news about one subject, with waves that are known: the oracle of the detector.

It knows the specification alone: stories of several outlets in a rhythm of day and week, in bursts,
slowly growing, fewer on holidays and none while nothing was read; and now and then a wave.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OUTLETS = tuple(f"krant-{number}" for number in range(12))

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# How much of a day's news comes in each hour of it: the night, the morning, the afternoon.
_HOURS = (
    *(0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 1.1, 1.6, 1.7, 1.6, 1.5, 1.5),
    *(1.4, 1.4, 1.5, 1.5, 1.6, 1.5, 1.2, 1.1, 1.0, 0.9, 0.7, 0.4),
)
_WEEKEND, _HOLIDAY = 0.55, 0.4
_HOLIDAYS = ((1, 1), (4, 27), (5, 5), (12, 25), (12, 26), (12, 31))
# A subject has 15 % more news each year.
_GROWTH = 0.15
# Of ten events three bring more than one story: two or three, in their own words, within hours.
_MORE = 0.3


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article of a story: when it came, and at which outlet."""

    at: datetime
    story: str
    outlet: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A wave that is known: when it begins and ends, and how many stories it brings in an hour."""

    begins: datetime
    ends: datetime
    an_hour: float


@dataclass(frozen=True, slots=True)
class Years:
    """All articles in order of time, and the waves among them."""

    begins: datetime
    ends: datetime
    sightings: tuple[Sighting, ...]
    planted: tuple[Planted, ...]

    @property
    def months(self) -> float:
        """How many months of 30 days these are."""
        return (self.ends - self.begins) / (30 * _DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule finds: stories a day, how many waves a year, and how much is missing."""

    a_day: float
    waves_a_year: int = 10
    outages_a_year: int = 6
    years: int = 3


def years_of(subject: Subject, seed: int) -> Years:
    """Years of news about this subject; the same seed gives the same years."""
    chance = random.Random(seed)
    begins = datetime(2021, 3, 1, tzinfo=UTC)
    ends = begins + subject.years * 365 * _DAY
    planted = _planted(subject, begins, chance)
    firsts = [*_usual(subject, begins, ends, chance), *_of_waves(planted, chance)]
    gaps = [
        _gap(begins + chance.random() * (ends - begins), chance)
        for _ in range(subject.outages_a_year * subject.years)
    ]
    planted = [each for each in planted if not any(_touch(each, gap) for gap in gaps)]
    seen = (
        sighting
        for number, at in enumerate(sorted(firsts))
        for sighting in _copies(f"story-{number}", at, chance)
    )
    read = [one for one in seen if not any(start <= one.at < end for start, end in gaps)]
    return Years(begins, ends, tuple(sorted(read, key=lambda one: one.at)), tuple(planted))


def usual_rate(subject: Subject, at: datetime, begins: datetime) -> float:
    """How many stories an hour are usual at this time."""
    local = at.astimezone(AMSTERDAM)
    rate = subject.a_day / 24 * _HOURS[local.hour]
    if (local.month, local.day) in _HOLIDAYS:
        rate *= _HOLIDAY
    elif local.weekday() >= 5:
        rate *= _WEEKEND
    return rate * (1 + _GROWTH * ((at - begins) / (365 * _DAY)))


def _usual(
    subject: Subject, begins: datetime, ends: datetime, chance: random.Random
) -> Iterator[datetime]:
    """Yield when the usual stories come: events at random, some with several stories."""
    hour = begins
    stories_of_an_event = 1 + _MORE * 1.5
    while hour < ends:
        for _ in range(_number(usual_rate(subject, hour, begins) / stories_of_an_event, chance)):
            first = hour + chance.random() * _HOUR
            yield first
            if chance.random() < _MORE:
                for _ in range(chance.choice((1, 2))):
                    yield first + chance.expovariate(1 / 2.0) * _HOUR
        hour += _HOUR


def _planted(subject: Subject, begins: datetime, chance: random.Random) -> list[Planted]:
    """Waves at random, one of three exactly a week after another: it has that one in its base."""
    waves: list[Planted] = []
    apart = 365 * _DAY / max(1, subject.waves_a_year)
    for number in range(subject.waves_a_year * subject.years):
        start = begins + 45 * _DAY + number * apart + chance.random() * (apart - 10 * _DAY)
        local = start.astimezone(AMSTERDAM).replace(hour=chance.choice((3, 7, 9, 11, 14, 17, 20)))
        start = local.astimezone(UTC)
        if number % 3 == 2 and waves:
            start = waves[-1].begins + 7 * _DAY
        if start > begins + subject.years * 365 * _DAY - 2 * _DAY:
            break
        # A wave is what nobody overlooks: eight times the usual, and twelve stories in an hour.
        usual = max(
            usual_rate(subject, start + part * _HOUR, begins) for part in (0, 0.5, 1, 1.5, 2)
        )
        hours = chance.uniform(2, 8)
        an_hour = max(12.0, 8 * usual) * chance.uniform(1, 2)
        waves.append(Planted(start, start + hours * _HOUR, an_hour))
    return waves


def _of_waves(planted: list[Planted], chance: random.Random) -> Iterator[datetime]:
    """Yield when the stories of waves come: the most of them at first."""
    for wave in planted:
        length = wave.ends - wave.begins
        hours = length / _HOUR
        for _ in range(_number(wave.an_hour * hours * 0.8, chance)):
            yield wave.begins + length * chance.random() ** 1.3


def _copies(story: str, at: datetime, chance: random.Random) -> Iterator[Sighting]:
    """Yield a story at its outlet, and its copies at others: mostly none, now and then at all."""
    outlets = chance.sample(OUTLETS, len(OUTLETS))
    # A story of a news agency stands everywhere within minutes; it is one story.
    copies = len(OUTLETS) - 1 if chance.random() < 0.08 else _number(0.5, chance)
    first = Sighting(at, story, outlets[0])
    yield first
    for outlet in outlets[1 : copies + 1]:
        later = at + chance.expovariate(1 / 20) * timedelta(minutes=1)
        yield replace(first, at=later, outlet=outlet)


def _gap(start: datetime, chance: random.Random) -> tuple[datetime, datetime]:
    return start, start + chance.uniform(1, 30) * _HOUR


def _touch(wave: Planted, gap: tuple[datetime, datetime]) -> bool:
    return gap[0] < wave.ends and wave.begins - _HOUR < gap[1]


def _number(mean: float, chance: random.Random) -> int:
    """A number from Poisson's distribution."""
    limit, number, product = math.exp(-min(mean, 500.0)), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number


@dataclass(frozen=True, slots=True)
class Score:
    """How many waves there were, how many were found within the hour, and how many were none."""

    planted: int
    found: int
    false: int
    months: float

    def __add__(self, other: Score) -> Score:
        return Score(
            self.planted + other.planted,
            self.found + other.found,
            self.false + other.false,
            self.months + other.months,
        )


def score(years: Years, begun: Iterable[datetime]) -> Score:
    """How well these beginnings of waves agree with the waves that are known."""
    told = list(begun)
    found = sum(
        any(wave.begins <= at <= wave.begins + _HOUR for at in told) for wave in years.planted
    )
    # A wave that is over still stands in the window of an hour.
    false = sum(
        not any(wave.begins <= at <= wave.ends + _HOUR for wave in years.planted) for at in told
    )
    return Score(len(years.planted), found, false, years.months)
