"""How often a source brings news, and when it has been silent for unusually long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# What comes in within this time of a source's first article is its backlog. Chosen, as are the
# numbers below.
FIRST_ROUND = timedelta(minutes=30)

# How many of the newest gaps make a habit, and how many it takes at least.
_MOST_GAPS = 50
_FEWEST_GAPS = 10

# A silence is told when it lasts so many times the longest gap, within these bounds: a night
# without news is no fault, and a week without news is worth a look at any source.
_TIMES = 3
_SHORTEST_SILENCE = timedelta(hours=12)
_LONGEST_SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is known of one source.

    `started` is when its first article came in. `gaps` are the newest times between two articles
    since its backlog. `silent` is when people were told that it is silent.
    """

    source: str
    outlet: str
    started: datetime
    latest: datetime
    gaps: tuple[timedelta, ...] = ()
    silent: datetime | None = None


def after_article(habit: Habit, seen: datetime) -> Habit:
    """The habit after another article has come in."""
    gap = seen - habit.latest
    if seen - habit.started <= FIRST_ROUND or gap < timedelta():
        return replace(habit, latest=max(seen, habit.latest))
    return replace(habit, latest=seen, gaps=(*habit.gaps, gap)[-_MOST_GAPS:])


def usual_gap(habit: Habit) -> timedelta | None:
    """The longest of the remembered gaps between two articles; None while there are too few."""
    return max(habit.gaps) if len(habit.gaps) >= _FEWEST_GAPS else None


def is_silent(habit: Habit, now: datetime) -> bool:
    """Whether this source has been silent for longer than its habit explains."""
    gap = usual_gap(habit)
    if gap is None:
        return False
    limit = min(max(_TIMES * gap, _SHORTEST_SILENCE), _LONGEST_SILENCE)
    return now - habit.latest > limit
