"""Waves in simulated years: found within the hour, and hardly ever where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from news_years import AMSTERDAM, Score, Subject, Years, score, years_of

from alerts.waves import StoryTimes, VolumeSetting, WavePhase

SEEDS = (11, 12)


def score_of(years: Years) -> Score:
    times = StoryTimes(VolumeSetting(), AMSTERDAM, years.begins)
    for one in years.sightings:
        times.add(one.at, one.story, one.outlet)
    times.end(years.ends)
    return score(years, (step.at for step in times.steps if step.phase is WavePhase.BEGINS))


@pytest.mark.slow
@pytest.mark.parametrize("stories_a_day", [0.5, 2, 8, 30])
def test_waves_are_found_within_the_hour_and_hardly_any_is_false(stories_a_day: float) -> None:
    first, second = (score_of(years_of(Subject(a_day=stories_a_day), seed)) for seed in SEEDS)
    both = first + second

    assert both.planted > 50
    assert both.found >= 0.95 * both.planted
    assert both.false <= both.months


@pytest.mark.slow
def test_an_agency_whose_stories_stand_everywhere_makes_no_more_waves() -> None:
    years = years_of(Subject(a_day=8, waves_a_year=0, years=2), 13)
    everywhere = tuple(
        replace(one, outlet=f"{one.outlet}-{edition}")
        for one in years.sightings
        for edition in range(4)
    )

    alone, copied = score_of(years), score_of(replace(years, sightings=everywhere))

    assert copied.false <= max(alone.false, years.months)
