"""How long each source is usually silent, so that nobody has to look through its entries anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.sources.health import habitual_silence
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time

# Chosen: two weeks show each day of the week twice.
HABIT_FROM = timedelta(days=14)
# Chosen: a habit of two weeks changes little in an hour.
_LASTS = timedelta(hours=1)


class HabitStore:
    """The habits of all sources; what writes belongs in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def keep(self, source: str, now: datetime) -> None:
        """Work a source's habit out of its entries, unless that was done in the last hour."""
        known = self._db.execute("SELECT at FROM habits WHERE source = ?", [source]).fetchone()
        if known and timedelta() <= now - as_time(known[0]) < _LASTS:
            return
        rows = self._db.execute(
            "SELECT DISTINCT first_seen FROM entries WHERE source = ? AND first_seen >= ?",
            [source, as_text(now - HABIT_FROM)],
        )
        silence = habitual_silence([as_time(seen) for (seen,) in rows])
        self._db.execute(
            "INSERT OR REPLACE INTO habits (source, at, silence) VALUES (?, ?, ?)",
            [source, as_text(now), silence.total_seconds() if silence else None],
        )

    def silences(self, now: datetime) -> dict[str, timedelta]:
        """How long each source that was polled lately is usually silent, where that is known."""
        rows = self._db.rows(
            "SELECT source, silence FROM habits WHERE silence IS NOT NULL AND at >= ?",
            [as_text(now - HABIT_FROM)],
        )
        return {row["source"]: timedelta(seconds=row["silence"]) for row in rows}
