"""What the database knows about the sources, for commands that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from crawler.sources import COUNTERS, WALL, Diagnosis, Health, SourceFacts, source_health
from crawler.store import Connection, FactStore, Gap, GapStore, MissedPage, PollStore, SourceState

A_DAY = timedelta(days=1)


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


def counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Every counter, in a fixed order; 0 where nothing was counted."""
    return {name: counts.get(name, 0) for name in COUNTERS}


def walls(counts: Mapping[str, int]) -> dict[str, int]:
    """How many pages stood behind each wall."""
    return {
        name.removeprefix(WALL): number for name, number in counts.items() if name.startswith(WALL)
    }
