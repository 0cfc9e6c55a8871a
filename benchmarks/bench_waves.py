"""How well waves are found in simulated years of news, and how often one is told that is none.

python benchmarks/bench_waves.py [--years 3] [--seeds 3]

The years come from `tests/alerts/waves/news_years.py`, which knows the specification alone. The
thresholds of the detector were set with other seeds.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "alerts" / "waves")]

from news_years import AMSTERDAM, Score, Subject, score, years_of  # noqa: E402 - the path is above

from alerts.waves import StoryTimes, VolumeSetting, WavePhase  # noqa: E402 - the path is above

FIRST_SEED = 100


def main() -> None:
    """Print a row for each subject."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    print("| stories a day | waves | found within the hour | false a month | ms an article |")
    print("|---|---|---|---|---|")
    for a_day in (0.5, 2, 8, 30, 100):
        total, articles, took = Score(0, 0, 0, 0.0), 0, 0.0
        for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
            years = years_of(Subject(a_day=a_day, years=asked.years), seed)
            times = StoryTimes(VolumeSetting(), AMSTERDAM, years.begins)
            began = time.perf_counter()
            for one in years.sightings:
                times.add(one.at, one.story, one.outlet)
            times.end(years.ends)
            took += time.perf_counter() - began
            articles += len(years.sightings)
            begun = (step.at for step in times.steps if step.phase is WavePhase.BEGINS)
            total += score(years, begun)
        share, false = total.found / total.planted, total.false / total.months
        took_each = 1e3 * took / articles
        print(f"| {a_day} | {total.planted} | {share:.3f} | {false:.2f} | {took_each:.3f} |")


if __name__ == "__main__":
    main()
