"""What it means for sources and articles that a backup was put back."""

from __future__ import annotations

from datetime import datetime

from crawler.store.connection import Connection
from crawler.store.records import as_text


def note_restore(db: Connection, now: datetime) -> None:
    """Record that this database was put back now; part of a job, after nothing is claimed any more.

    What happened after the backup was made is not in it, so nobody knows what was told since. The
    next poll of each source counts as its first one, and every page that is still looked at is due
    now: what these bring may have been told already.
    """
    at = as_text(now)
    db.execute("INSERT OR IGNORE INTO restores (at) VALUES (?)", [at])
    db.execute("UPDATE sources SET first_success = NULL")
    db.execute("UPDATE pages SET due = ? WHERE due > ? AND owner IS NULL", [at, at])
