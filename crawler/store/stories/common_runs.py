"""How often runs of words are counted, kept in memory in step with what is committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from crawler.store.connection import Connection
from crawler.store.records import as_time
from crawler.stories.document_frequency import CountChange, Frequencies, Sketch, period_of
from crawler.stories.shingles import shingles, words
from crawler.stories.story_text import COMPARED

TABLES = """
CREATE TABLE story_counts (version INTEGER NOT NULL) STRICT;
INSERT INTO story_counts VALUES (0);

CREATE TABLE story_sketches (
    period INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    cells BLOB NOT NULL
) STRICT;
"""

_COUNTED = """
    SELECT story_articles.seen, articles.title, articles.lead, substr(articles.body, 1, ?)
    FROM story_articles JOIN articles ON articles.number = story_articles.article
    WHERE story_articles.indexed AND story_articles.counted
"""


@dataclass(slots=True)
class _Memory:
    """The counts as of `version`, and the changes of the one after it, if that is committed."""

    version: int
    frequencies: Frequencies
    pending: list[CountChange] = field(default_factory=list)


# One for each connection that writes, for as long as the connection lives.
_MEMORIES: WeakKeyDictionary[Connection, _Memory] = WeakKeyDictionary()


def keep_counts(db: Connection) -> None:
    """Store the counts of common words, as a writer's last job; else they are counted anew."""
    CountKeeper(db).keep()


class CountKeeper:
    """The counts that belong to the database as it stands.

    Each change raises a version in the database. It is applied to the counts when the next question
    finds that version there, so that a job that was rolled back leaves no trace. If the versions do
    not fit in any other way, after a crash for example, everything is counted anew.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db

    def frequencies(self, now: datetime) -> Frequencies:
        """The counts of this week and the last, of everything stored so far."""
        memory = self._in_step()
        if memory is None:
            version = self._version()
            memory = _MEMORIES[self._db] = _Memory(version, self._restored(version, now))
        return self._in_week(memory, now)

    def _in_step(self) -> _Memory | None:
        """What is remembered, if it can be brought to the database's version."""
        memory, version = _MEMORIES.get(self._db), self._version()
        if memory is None:
            return None
        if version == memory.version + 1:
            memory.frequencies.apply(memory.pending)
            memory.version = version
        memory.pending = []
        return memory if version == memory.version else None

    def _in_week(self, memory: _Memory, now: datetime) -> Frequencies:
        week = period_of(now)
        if week == memory.frequencies.period + 1:
            memory.frequencies.next_week()
        elif week != memory.frequencies.period:
            memory.frequencies = self._counted(now)
        return memory.frequencies

    def record(self, changes: Sequence[CountChange], now: datetime) -> None:
        """Count these when the next question finds that the transaction has succeeded."""
        self.frequencies(now)
        self._db.execute("UPDATE story_counts SET version = version + 1")
        _MEMORIES[self._db].pending = list(changes)

    def keep(self) -> None:
        """Store the counts, so that the next process need not count anew; nothing if unchanged."""
        memory = self._in_step()
        kept = self._db.execute("SELECT max(version) FROM story_sketches").fetchone()[0]
        if memory is None or kept == memory.version:
            return
        held = memory.frequencies
        self._db.execute("DELETE FROM story_sketches")
        for period, sketch in ((held.period, held.current), (held.period - 1, held.previous)):
            self._db.execute(
                "INSERT INTO story_sketches VALUES (?, ?, ?)",
                [period, memory.version, sketch.packed()],
            )

    def _version(self) -> int:
        return int(self._db.execute("SELECT version FROM story_counts").fetchone()[0])

    def _restored(self, version: int, now: datetime) -> Frequencies:
        kept = {
            row["period"]: row["cells"]
            for row in self._db.rows("SELECT * FROM story_sketches WHERE version = ?", [version])
        }
        if not kept:
            return self._counted(now)
        week = max(kept)
        return Frequencies(week, Sketch(kept[week]), Sketch(kept.get(week - 1)))

    def _counted(self, now: datetime) -> Frequencies:
        frequencies = Frequencies(period_of(now))
        for seen, *texts in self._db.execute(_COUNTED, [COMPARED]):
            runs = shingles(words("\n\n".join(texts)))
            frequencies.apply([CountChange(period_of(as_time(seen)), runs)])
        return frequencies
