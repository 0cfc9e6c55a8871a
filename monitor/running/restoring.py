"""A backup put in the place of the database, with all that follows from it for people."""

from __future__ import annotations

from pathlib import Path

from alerts.delivery import PendingChoice, restore_outbox, take_over
from alerts.store import AlertStore, migrations as alerts_migrations
from crawler.store import Connection, migrations, note_restore, open_reader, restore
from monitor.context import Context


def pending_in(backup: Path) -> int:
    """How many messages were pending when this backup was made."""
    db = open_reader(backup)
    try:
        there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'deliveries'").fetchone()
        return AlertStore(db).reading.pending_count() if there else 0
    finally:
        db.close()


def restore_database(context: Context, backup: Path, choice: PendingChoice) -> Path | None:
    """Put this backup in the place of the database; returns where the old one is, if any.

    What was pending in the backup is sent, held or dropped, and what is read next counts as a first
    round, so that nothing is told twice.
    """
    now = context.now()

    def prepare(db: Connection) -> None:
        take_over(db, now)
        restore_outbox(db, choice, now)
        note_restore(db, now)

    every = [migrations, alerts_migrations]
    return restore(backup, context.database, migrations=every, prepare=prepare, now=now)
