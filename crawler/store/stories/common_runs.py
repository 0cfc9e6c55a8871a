"""How often runs of words are counted, kept in memory in step with what is committed."""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime
from weakref import WeakKeyDictionary, ref

from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.records import as_time
from crawler.stories.comparison import Rare
from crawler.stories.document_frequency import CountChange, Frequencies, Sketch, period_of
from crawler.stories.shingles import shingles, words
from crawler.stories.story_text import COMPARED, Runs

TABLES = """
CREATE TABLE story_counts (version INTEGER NOT NULL) STRICT;
INSERT INTO story_counts (version) VALUES (0);

CREATE TABLE story_sketches (
    period INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    cells BLOB NOT NULL
) STRICT;
"""

# What came since the sketches were kept. So they are brought up to date after any end.
_LOG = (
    """
    CREATE TABLE story_count_changes (
        version INTEGER PRIMARY KEY,
        period INTEGER NOT NULL,
        times INTEGER NOT NULL,
        runs BLOB NOT NULL
    ) STRICT
    """,
    "ALTER TABLE story_counts ADD COLUMN kept INTEGER",
)
# To keep the sketches takes 60 ms, to count a change 0.15 ms. Chosen: in a quiet moment they are
# kept once so many changes came, and otherwise once so many came.
_QUIETLY, _AT_LAST = 100, 500

_COUNTED = """
    SELECT story_articles.seen, articles.title, articles.lead, substr(articles.body, 1, ?)
    FROM story_articles JOIN articles ON articles.number = story_articles.article
    WHERE story_articles.indexed AND story_articles.counted
"""


@dataclass(slots=True)
class _Memory:
    """The counts as of `version`, and the changes that come next, if they are committed.

    `changed` has the version of the last change of each week. `kept` is as of which version there
    were counts to read them from: if that is taken back, what is unread of them is gone.
    """

    version: int
    frequencies: Frequencies
    changed: dict[int, int] = field(default_factory=dict)
    pending: list[CountChange] = field(default_factory=list)
    kept: int = 0

    def apply(self, changes: Iterable[CountChange]) -> None:
        """Count these changes, each of which is a version."""
        for change in changes:
            self.version += 1
            self.changed[change.period] = self.version
            self.come_to(change.period)
            self.frequencies.apply([change])

    def come_to(self, week: int) -> None:
        """Forget what was counted before the week that precedes this one."""
        while self.frequencies.period < week:
            self.frequencies.next_week()


@dataclass(frozen=True, slots=True)
class _KeptCells:
    """Reads slices of what is kept of a week, as long as the connection lives."""

    db: ref[Connection]
    week: int

    def __call__(self, slices: Sequence[slice]) -> list[bytes]:
        db = self.db()
        assert db is not None
        with db.raw.blobopen("story_sketches", "cells", self.week, readonly=True) as cells:
            return [_slice(cells, each) for each in slices]


def _slice(cells: sqlite3.Blob, part: slice) -> bytes:
    cells.seek(part.start)
    return cells.read(part.stop - part.start)


# One for each connection that writes, for as long as the connection lives.
_MEMORIES: WeakKeyDictionary[Connection, _Memory] = WeakKeyDictionary()


def move_counts(db: Connection) -> None:
    """Let the kept counts of an older version go on, in cells of a byte; part of a step."""
    for statement in _LOG:
        db.execute(statement)
    version = CountKeeper(db).version()
    kept = db.rows("SELECT * FROM story_sketches WHERE version = ?", [version])
    db.execute("DELETE FROM story_sketches")
    for row in kept:
        counts = array("H", zlib.decompress(row["cells"]))
        cells = zlib.compress(bytes([min(count, 255) for count in counts]), level=1)
        db.insert("story_sketches", row | {"cells": cells})
    if kept or not version:
        db.execute("UPDATE story_counts SET kept = version")


def keep_counts(db: Connection) -> None:
    """Store the counts of common words, as a writer's last job."""
    CountKeeper(db).keep()


class CountKeeper:
    """The counts that belong to the database as it stands.

    Each change raises a version in the database, and is logged there until the counts are kept. It
    is applied to the counts when the next question finds that version there, so that a job that was
    rolled back leaves no trace. If the versions do not fit in any other way, the kept counts are
    brought up to date from the log. If nothing is kept, everything is counted anew.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db

    def frequencies(self, now: datetime) -> Frequencies:
        """The counts of this week and the last, of everything stored so far."""
        memory, week = self._memory(), period_of(now)
        if memory is not None:
            memory.come_to(week)
        if memory is None or memory.frequencies.period != week:  # or the clock was set back
            version = self.version()
            memory = _Memory(version, self._counted(now), {week: version, week - 1: version})
            _MEMORIES[self._db] = memory
        return memory.frequencies

    def rare_at(self, now: datetime) -> Rare:
        """Gives those of some runs that few have; the counts are looked up once that is asked."""
        return lambda runs, most: self.frequencies(now).rare(runs, most)

    def rare_by_now(self, then: datetime) -> Rare:
        """The same as counted by now, for what was stored then."""

        def rare(runs: Runs, most: int) -> Runs:
            memory = self._memory()
            return (memory.frequencies if memory else self.frequencies(then)).rare(runs, most)

        return rare

    def _memory(self) -> _Memory | None:
        """The counts of the database as it stands; None if everything is to be counted anew."""
        memory = self._in_step(self._versions()) or self._restored()
        if memory is not None:
            _MEMORIES[self._db] = memory
        return memory

    def _in_step(self, stored: tuple[int, int | None]) -> _Memory | None:
        """What is remembered, if it can be brought to the versions that are `stored`."""
        memory = _MEMORIES.pop(self._db, None)
        if memory is None:
            return None
        (version, kept), pending = stored, memory.pending
        memory.pending = []
        if version == memory.version + len(pending):
            memory.apply(pending)
        if version != memory.version or (kept or 0) < memory.kept:
            return None
        _MEMORIES[self._db] = memory
        return memory

    def record(self, changes: Sequence[CountChange]) -> None:
        """Count these when the next question finds that the transaction has succeeded."""
        if not changes:
            return
        version, kept = self._versions()
        if version - (kept or 0) >= _AT_LAST:
            self.keep()
            _, kept = self._versions()
        if (memory := self._in_step((version, kept))) is not None:
            memory.pending = list(changes)
        rows = [
            (version + nth, change.period, change.times, array("Q", change.runs).tobytes())
            for nth, change in enumerate(changes, start=1)
        ]
        if kept is not None:
            self._db.executemany("INSERT INTO story_count_changes VALUES (?, ?, ?, ?)", rows)
        self._db.execute("UPDATE story_counts SET version = version + ?", [len(changes)])

    def keep(self) -> None:
        """Store the counts, so that the log is no longer needed; nothing if unchanged."""
        version, kept = self._versions()
        memory = self._memory() if version != kept else None
        if memory is None:
            return
        held = memory.frequencies
        sketches = {held.period: held.current, held.period - 1: held.previous}
        stored = dict(self._db.execute("SELECT period, version FROM story_sketches").fetchall())
        for period in stored.keys() - sketches.keys():
            self._db.execute("DELETE FROM story_sketches WHERE period = ?", [period])
        for period, sketch in sketches.items():
            changed = memory.changed.get(period)
            if changed is not None and changed != stored.get(period):
                row = {"period": period, "version": changed, "cells": sketch.packed()}
                self._db.replace("story_sketches", row)
        self._db.execute("DELETE FROM story_count_changes WHERE version <= ?", [version])
        self._db.execute("UPDATE story_counts SET kept = ?", [version])

    def rest(self) -> None:
        """Do in a quiet moment what would otherwise take its time when an article is stored."""
        version, kept = self._versions()
        if kept is not None and version > kept:
            self._memory()
            if version - kept >= _QUIETLY:
                self.keep()

    def version(self) -> int:
        """How many changes were counted."""
        return self._versions()[0]

    def _versions(self) -> tuple[int, int | None]:
        """How many changes were counted, and how many before the counts were kept."""
        found: tuple[int, int | None]
        found = self._db.execute("SELECT version, kept FROM story_counts").fetchone()
        return found

    def _restored(self) -> _Memory | None:
        """The kept counts with what came since; None if they cannot be brought up to date."""
        version, kept = self._versions()
        if kept is None:
            return None
        rows = dict(self._db.execute("SELECT period, version FROM story_sketches").fetchall())
        [(logged, first)] = self._db.execute(
            "SELECT count(*), min(period) FROM story_count_changes WHERE version > ?", [kept]
        )
        if logged != version - kept or not (rows or logged):
            return None
        week = max(rows, default=first)
        this, last = (
            Sketch(_KeptCells(ref(self._db), at)) if at in rows else Sketch()
            for at in (week, week - 1)
        )
        memory = _Memory(kept, Frequencies(week, this, last), rows, kept=kept)
        log = self._db.execute(
            "SELECT period, times, runs FROM story_count_changes WHERE version > ? "
            "ORDER BY version",
            [kept],
        )
        memory.apply(
            CountChange(period, frozenset(array("Q", runs)), times) for period, times, runs in log
        )
        return memory

    def _counted(self, now: datetime) -> Frequencies:
        frequencies = Frequencies(period_of(now))
        for seen, *texts in self._db.execute(_COUNTED, [COMPARED]):
            runs = shingles(words("\n\n".join(texts)))
            frequencies.apply([CountChange(period_of(as_time(seen)), runs)])
        return frequencies
