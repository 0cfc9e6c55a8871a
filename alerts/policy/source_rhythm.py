"""How often a source brings news, and when it has been silent for too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crawler.frozen import dataclass

# Chosen, as are the numbers below: articles within this time of the first one of a source are its
# backlog.
FIRST_ROUND = timedelta(minutes=30)

# How many of the newest gaps make a habit, and the least number that makes one.
_MOST_GAPS = 50
_FEWEST_GAPS = 10

# A silence is reported when it lasts this many times the longest gap, within these bounds. A night
# without news is no fault; after a week without news, people should look at any source.
_TIMES = 3
_SHORTEST_SILENCE = timedelta(hours=12)
_LONGEST_SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How often one source brings news.

    `started` is when its first article came in. `gaps` are the newest times between two articles
    after its backlog. `silent` is when people were told that it is silent.
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
    """The longest remembered gap between two articles; None if too few are known."""
    return max(habit.gaps) if len(habit.gaps) >= _FEWEST_GAPS else None


def is_silent(habit: Habit, now: datetime) -> bool:
    """Whether this source is silent for longer than its habit explains."""
    gap = usual_gap(habit)
    if gap is None:
        return False
    limit = min(max(_TIMES * gap, _SHORTEST_SILENCE), _LONGEST_SILENCE)
    return now - habit.latest > limit
