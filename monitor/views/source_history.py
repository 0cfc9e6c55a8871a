"""What the database knows about the sources, for commands that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from alerts.policy import Ailment
from crawler.sources import COUNTERS, WALL, Diagnosis, Health, SourceFacts, source_health
from crawler.store import Connection, FactStore, Gap, GapStore, MissedPage, PollStore, SourceState

A_DAY = timedelta(days=1)
# Chosen: what has failed this often in a row is named; one or two failures are common.
FAILURES = 3
GRADES = {Health.DEGRADED: 1, Health.DEAD: 2}


class SourceBook:
    """How every source does now, and what happened to it since a moment (by default a day ago).

    With `only` the pages that were given up are those of one source.
    """

    def __init__(
        self, db: Connection, now: datetime, since: datetime | None = None, *, only: str = ""
    ) -> None:
        self._db, self._now, self._only = db, now, only
        self.since = since or now - A_DAY

    @cached_property
    def states(self) -> dict[str, SourceState]:
        """The stored state of each source's polls, by source."""
        return PollStore(self._db).states()

    @cached_property
    def facts(self) -> dict[str, SourceFacts]:
        """The facts by which each source is judged, by source."""
        return FactStore(self._db).facts(self._now)

    @cached_property
    def health(self) -> dict[str, Diagnosis]:
        """How each source does, by source."""
        return {name: source_health(facts, self._now) for name, facts in self.facts.items()}

    def healths(self) -> dict[str, int]:
        """How many sources are in each state."""
        found = Counter(diagnosis.health for diagnosis in self.health.values())
        return {health.value: found[health] for health in Health}

    @cached_property
    def counters(self) -> dict[str, dict[str, int]]:
        """The counters of each source since then, in whole days of UTC."""
        return PollStore(self._db).counters(self.since)

    def totals(self) -> dict[str, int]:
        """The counters of all sources together."""
        total: Counter[str] = Counter()
        for counts in self.counters.values():
            total.update(counts)
        return counted(total)

    @cached_property
    def gaps(self) -> list[Gap]:
        """The times in which a source may have published more than it showed, oldest first."""
        return GapStore(self._db).since(self.since)

    @cached_property
    def missed(self) -> list[MissedPage]:
        """The pages that were given up, newest first."""
        return FactStore(self._db).missed(self.since, source=self._only)


def is_failing(state: SourceState) -> bool:
    """Whether a source has failed too often in a row, or has never answered without a fault."""
    return state.failures >= FAILURES or (state.failures > 0 and state.last_success is None)


def ailments(facts: Mapping[str, SourceFacts], now: datetime) -> dict[str, Ailment] | None:
    """The sources that do badly, by id; None if all fail at once, as without a network."""
    polled = [each for each in facts.values() if each.failures or each.last_success]
    if len(polled) > 1 and all(each.failures for each in polled):
        return None
    found = {name: source_health(each, now) for name, each in facts.items()}
    return {
        name: Ailment(source=name, grade=GRADES[it.health], reason=it.reason)
        for name, it in found.items()
        if it.health in GRADES and it.reason and not it.passed and not _is_too_soon(facts[name], it)
    }


def _is_too_soon(facts: SourceFacts, diagnosis: Diagnosis) -> bool:
    """Whether a source has failed too few times yet to be told; many do in a first round."""
    new = facts.last_success is None and facts.failures < FAILURES
    return new and diagnosis.health is Health.DEGRADED


def counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Every counter, in a fixed order; 0 where nothing was counted."""
    return {name: counts.get(name, 0) for name in COUNTERS}


def walls(counts: Mapping[str, int]) -> dict[str, int]:
    """How many pages stood behind each wall."""
    return {
        name.removeprefix(WALL): number for name, number in counts.items() if name.startswith(WALL)
    }
