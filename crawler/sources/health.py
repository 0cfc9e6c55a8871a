"""The health of a source, judged from its polls and pages.

The limits are chosen; no measurement is known. docs/sources.md describes the states.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, HealthFault
from crawler.frozen import dataclass

# One or two failures are normal on the web. Three in a row say something about the source.
FAILURES = 3
# With the growing waits after failures, this many polls take about a day. An outage that lasts a
# day is not one of a single evening.
DEAD_AFTER = 8
DEAD_SINCE = timedelta(days=1)
SLOW = timedelta(seconds=10)
FEWEST_PAGES = 3
# How long a source is usually silent shows after some pauses. Before that, a week without news
# counts as silence.
HABIT_TAKES = 8
SILENCE_WITHOUT_HABIT = timedelta(days=7)
SILENCE = 2.0
LEAST_SILENCE = timedelta(hours=3)
_GONE = 410

# The counters by source and day: one for each place where something can get lost, in order.
COUNTERS = (
    *("polled", "unchanged", "failed", "empty", "incomplete", "gap"),
    *("entries", "dropped", "merged", "new", "wanted", "found"),
    *("fetched", "page_unchanged", "walled", "page_failed", "page_missed", "entry_missed"),
    *("extracted", "stored", "revised", "withdrawn", "live_by_feed"),
)
WALL = "wall:"  # followed by the name of a wall: how many pages were behind it


class Health(StrEnum):
    """The state of a source, best first."""

    OK = "ok"
    SLOW = "slow"
    SILENT = "silent"
    DEGRADED = "degraded"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What is known of a source: its last polls, and the counters of about a day.

    `polled` counts the polls that brought a list. `gaps` counts the gaps that no archive has
    filled. `habit` is from `habitual_silence`; `took` is how long its last answer took.
    """

    since: datetime
    failures: int = 0
    status: int | None = None
    error: Fault | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    habit: timedelta | None = None
    took: timedelta | None = None
    polled: int = 0
    empty: int = 0
    incomplete: int = 0
    gaps: int = 0
    pages: int = 0
    walled: int = 0
    pages_failed: int = 0

    @property
    def cause(self) -> Fault:
        """Why the last poll failed."""
        return self.error or CrawlFault.NO_ANSWER()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A state with its reason, None if there is nothing to say.

    `passed` says that the reason is in the past and nothing can be done about it now.
    """

    health: Health
    reason: Fault | None = None
    passed: bool = False


def source_health(facts: SourceFacts, now: datetime) -> Diagnosis:
    """The worst state that applies to a source, with its reason."""
    return (
        _dead(facts, now)
        or _degraded(facts)
        or _silent(facts)
        or _stumbling(facts)
        or _slow(facts)
        or Diagnosis(Health.OK)
    )


def habitual_silence(times: Sequence[datetime]) -> timedelta | None:
    """The longest pause between two items that is usual, nights included; None if not known yet.

    It is the 95th percentile: one pause in twenty may be longer. `times` are when items were first
    seen, in any order.
    """
    ordered = sorted(set(times))
    pauses = sorted(later - sooner for sooner, later in pairwise(ordered))
    if len(pauses) < HABIT_TAKES:
        return None
    return pauses[(len(pauses) * 19) // 20]


def _dead(facts: SourceFacts, now: datetime) -> Diagnosis | None:
    if facts.failures and facts.status == _GONE:
        return Diagnosis(Health.DEAD, HealthFault.GONE())
    silent = now - (facts.last_success or facts.since)
    if facts.failures >= DEAD_AFTER and silent >= DEAD_SINCE:
        why = HealthFault.NO_ANSWER_FOR(silence=silent.total_seconds(), cause=facts.cause)
        return Diagnosis(Health.DEAD, why)
    return None


def _degraded(facts: SourceFacts) -> Diagnosis | None:
    if facts.failures and facts.last_success is None:
        never = HealthFault.NEVER_READ if facts.status else HealthFault.NEVER_ANSWERED
        reason = never(cause=facts.cause)
    elif facts.failures >= FAILURES:
        reason = HealthFault.FAILED_IN_A_ROW(times=facts.failures, cause=facts.cause)
    elif facts.polled and facts.empty == facts.polled:
        reason = HealthFault.LISTS_NOTHING()
    elif 2 * facts.incomplete > facts.polled:
        reason = HealthFault.LIST_BREAKS_OFF()
    elif facts.pages >= FEWEST_PAGES and 2 * facts.walled > facts.pages:
        reason = HealthFault.WALLED(walled=facts.walled, pages=facts.pages)
    elif facts.pages >= FEWEST_PAGES and 2 * facts.pages_failed > facts.pages:
        reason = HealthFault.PAGES_FAILED(failed=facts.pages_failed, pages=facts.pages)
    elif facts.gaps:
        return Diagnosis(Health.DEGRADED, HealthFault.GAP(), passed=True)
    else:
        return None
    return Diagnosis(Health.DEGRADED, reason)


def _silent(facts: SourceFacts) -> Diagnosis | None:
    """Silence counts only up to the last successful poll, not while nobody asked."""
    if facts.last_success is None:
        return None
    pause = facts.last_success - (facts.last_new or facts.since)
    silence = pause.total_seconds()
    if facts.habit is None:
        limit, reason = SILENCE_WITHOUT_HABIT, HealthFault.NOTHING_NEW(silence=silence)
    else:
        limit, usual = max(SILENCE * facts.habit, LEAST_SILENCE), facts.habit.total_seconds()
        reason = HealthFault.UNUSUALLY_SILENT(silence=silence, usual=usual)
    return Diagnosis(Health.SILENT, reason) if pause > limit else None


def _stumbling(facts: SourceFacts) -> Diagnosis | None:
    """Healthy, but the last poll failed; so its time says nothing about slow answers."""
    if not facts.failures:
        return None
    return Diagnosis(Health.OK, HealthFault.FAILED(times=facts.failures, cause=facts.cause))


def _slow(facts: SourceFacts) -> Diagnosis | None:
    if facts.took is None or facts.took < SLOW:
        return None
    return Diagnosis(Health.SLOW, HealthFault.SLOW(seconds=facts.took.total_seconds()))
