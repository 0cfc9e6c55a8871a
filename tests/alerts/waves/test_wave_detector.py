"""When a wave begins, doubles and ends, and what is usual before it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from alerts.waves import (
    CountedSpan,
    StoryTimes,
    Usual,
    VolumeSetting,
    Wave,
    WavePhase,
    Window,
    after_window,
    all_hours,
    by_chance,
    ended,
    is_timed,
    same_hours,
    usual_of,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
SETTING = VolumeSetting()


def after(wave: Wave | None, stories: int, expected: float, outlets: int = 9) -> WavePhase | None:
    return after_window(wave, Window(NOON, stories, outlets), Usual(expected, 4), SETTING)[1]


def running(told: int) -> Wave:
    return Wave(began=NOON, high=NOON, told=told, peak=told, usual=Usual(0.5, 4))


@pytest.mark.parametrize(
    ("stories", "expected", "outlets", "phase"),
    [
        (8, 0.5, 3, WavePhase.BEGINS),
        (8, 0.5, 2, None),
        (4, 0.0, 3, None),
        (8, 3.0, 3, None),  # fewer than three times the usual
        (6, 2.0, 3, None),  # three times the usual, as happens by chance
        (40, 10.0, 3, WavePhase.BEGINS),
    ],
)
def test_a_wave_has_to_be_high_wide_and_unlikely(
    stories: int, expected: float, outlets: int, phase: WavePhase | None
) -> None:
    assert after(None, stories, expected, outlets) is phase


@pytest.mark.parametrize(("stories", "phase"), [(15, None), (16, WavePhase.DOUBLES)])
def test_a_wave_is_told_again_when_it_has_doubled(stories: int, phase: WavePhase | None) -> None:
    assert after(running(told=8), stories, 0.5) is phase


def test_a_doubling_counts_from_what_was_told_last() -> None:
    window = Window(NOON + HOUR, 16, 9)

    wave, _ = after_window(running(told=8), window, Usual(0.5, 4), SETTING)

    assert wave is not None
    assert after(wave, 31, 0.5) is None
    assert after(wave, 32, 0.5) is WavePhase.DOUBLES


def test_a_wave_ends_when_it_has_not_been_high_for_the_time_of_its_window() -> None:
    assert ended(running(8), SETTING, NOON + HOUR - timedelta(seconds=1)) is None

    over = ended(running(8), SETTING, NOON + 3 * HOUR)

    assert over is not None
    assert over.ended == NOON + HOUR


@pytest.mark.parametrize(
    ("weekly", "expected"),
    [((6, 6, 6, 600), 2.0), ((6, 6, 6, 0), 2.0), ((3, 6, 600), 2.0), ((3, 6), 2.0)],
)
def test_a_wave_or_a_gap_in_the_base_changes_nothing(
    weekly: tuple[int, ...], expected: float
) -> None:
    span = CountedSpan(NOON - 2 * HOUR, NOON + HOUR)

    usual = usual_of(HOUR, [(span, count) for count in weekly], (CountedSpan(LONG_AGO, NOON), 0))

    assert usual == Usual(expected, len(weekly))


def test_what_is_usual_at_night_is_never_less_than_half_of_the_average() -> None:
    nights = [(CountedSpan(NOON - 2 * HOUR, NOON + HOUR), 0)] * 4
    whole = CountedSpan(NOON - 4 * WEEK, NOON)

    assert usual_of(HOUR, nights, (whole, 4 * 7 * 24)).expected == pytest.approx(0.5)


def test_a_young_rule_is_compared_with_its_average_and_says_so() -> None:
    known = NOON - timedelta(days=10)
    week = [(span, 3) for span in same_hours(NOON, HOUR, AMSTERDAM, known)]
    whole = all_hours(NOON, HOUR, known)

    assert len(week) == 1
    assert whole is not None
    usual = usual_of(HOUR, week, (whole, 239))
    assert usual.is_cold
    assert usual.expected == pytest.approx(2.0)


def test_a_rule_of_less_than_a_day_has_no_waves() -> None:
    assert all_hours(NOON, HOUR, NOON - timedelta(hours=24)) is None


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (datetime(2026, 3, 30, 8, tzinfo=AMSTERDAM), datetime(2026, 3, 23, 8, tzinfo=AMSTERDAM)),
        (datetime(2026, 10, 26, 8, tzinfo=AMSTERDAM), datetime(2026, 10, 19, 8, tzinfo=AMSTERDAM)),
        # In this hour the clock of the zone showed the same time twice.
        (
            datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1),
            datetime(2026, 10, 18, 2, 30, tzinfo=AMSTERDAM),
        ),
    ],
)
def test_the_same_hours_are_those_of_the_clock_when_it_was_changed(
    at: datetime, before: datetime
) -> None:
    first = same_hours(at.astimezone(UTC), HOUR, AMSTERDAM, LONG_AGO)[0]

    assert first == CountedSpan(before - 2 * HOUR, before + HOUR)
    assert first.length == 3 * HOUR


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),
    over=st.timedeltas(timedelta(minutes=10), timedelta(hours=24)),
)
def test_every_window_has_four_earlier_ones_of_one_length(at: datetime, over: timedelta) -> None:
    spans = same_hours(at.replace(tzinfo=UTC), over, AMSTERDAM, datetime(2000, 1, 1, tzinfo=UTC))

    assert [span.length for span in spans] == [over + 2 * HOUR] * 4


@given(events=st.integers(1, 200), mean=st.floats(0.01, 100))
def test_chance_is_the_tail_of_poisson_for_events_of_two_stories(events: int, mean: float) -> None:
    rest = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(events))

    assert by_chance(2 * events, 2 * mean) == pytest.approx(1 - rest, abs=1e-9)


@given(stories=st.integers(1, 500), expected=st.floats(0, 200))
def test_one_story_more_is_never_more_likely(stories: int, expected: float) -> None:
    more, fewer = by_chance(stories + 1, expected), by_chance(stories, expected)

    assert 0 <= more <= fewer + 1e-9
    assert fewer <= 1


def test_midnight_to_the_second_is_a_date_without_a_time() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=AMSTERDAM)

    assert not is_timed(midnight, AMSTERDAM)
    assert is_timed(midnight + timedelta(seconds=1), AMSTERDAM)


def test_copies_of_one_story_are_one_story() -> None:
    times = StoryTimes(SETTING, AMSTERDAM, LONG_AGO)
    for number in range(30):
        times.add(NOON + timedelta(minutes=number), "one", f"krant-{number}")

    assert not times.steps


def test_a_wave_of_the_past_begins_doubles_and_ends() -> None:
    times = StoryTimes(SETTING, AMSTERDAM, LONG_AGO)
    for number in range(12):
        times.add(NOON + timedelta(minutes=number), f"s{number}", f"krant-{number % 4}")
    times.end(NOON + 5 * HOUR)

    told = [(step.phase, step.stories) for step in times.steps]
    assert told == [
        (WavePhase.BEGINS, 5),
        (WavePhase.DOUBLES, 10),
        (WavePhase.ENDS, 12),
    ]
    assert times.steps[-1].wave.peak == 12
