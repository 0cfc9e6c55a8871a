"""Old rows of every kind, removed a few at a time; how long each is kept is configured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Self

from alerts.keeping import (
    drop_attempts,
    drop_decisions,
    drop_editions,
    drop_messages,
    drop_seen,
    old_attempts,
    old_decisions,
    old_editions,
    old_messages,
)
from crawler.config import StoreSettings
from crawler.frozen import dataclass
from crawler.store import (
    Connection,
    drop_articles,
    drop_counters,
    drop_entries,
    drop_pages,
    old_articles,
    old_entries,
    old_pages,
)

# Chosen: rows in one job, so that no other job waits for long.
AT_ONCE = 200
# One row for each source, counter and day. Chosen: longer than a year, for a look back.
_COUNTERS = timedelta(days=400)
# That a story was seen. Chosen: nobody pages back through a year on the timeline.
_SEEN = timedelta(days=400)

_Drop = Callable[[Connection, datetime, int], int]
# Entries before pages: a page stays as long as its entry is known.
_DROPS: Mapping[str, _Drop] = {
    "entries": drop_entries,
    "pages": drop_pages,
    "counters": drop_counters,
    "decisions": drop_decisions,
    "attempts": drop_attempts,
    "messages": drop_messages,
    "editions": drop_editions,
    "articles": drop_articles,
    "seen": drop_seen,
}
_COUNTS: Mapping[str, Callable[[Connection, datetime], int]] = {
    "entries": old_entries,
    "pages": old_pages,
    "decisions": old_decisions,
    "attempts": old_attempts,
    "messages": old_messages,
    "editions": old_editions,
    "articles": old_articles,
}
# A morning paper is a message.
_AS = {"editions": "messages"}


@dataclass
class Pruning:
    """What has had its time at one moment, and how much of it was removed; None stays for ever."""

    before: Mapping[str, datetime | None]
    removed: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, settings: StoreSettings, now: datetime) -> Self:
        """What these settings no longer keep now."""
        kept = {name: getattr(settings, f"keep_{_AS.get(name, name)}") for name in _COUNTS}
        kept |= {"counters": _COUNTERS, "seen": _SEEN}
        return cls({name: None if span is None else now - span for name, span in kept.items()})

    def step(self, db: Connection) -> bool:
        """Remove a few rows of the first kind that has some; False if there are none left.

        Part of a writer's job.
        """
        for name, drop in _DROPS.items():
            before = self.before[name]
            removed = 0 if before is None else drop(db, before, AT_ONCE)
            if removed:
                self.removed[name] += removed
                return True
        return False

    def counts(self, db: Connection) -> dict[str, int]:
        """How many rows of each kind would go now; pages of entries that would go are not in it."""
        return {
            name: 0 if (before := self.before[name]) is None else count(db, before)
            for name, count in _COUNTS.items()
        }
