"""Appointments of sources whose `every` has changed in the catalogue."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.model import Source
from crawler.sources.schedule import held_to, longest_interval
from crawler.store.records import as_text, as_time


def keep_to_every(db: Database, source: Source) -> None:
    """Let a source that answers wait no longer than its `every` allows; part of a writer's job.

    Who has failed keeps its appointment: it was asked for (Retry-After), or is the backoff.
    """
    db.execute(
        "UPDATE sources SET interval = min(interval, ?) WHERE id = ?",
        [longest_interval(source.every).total_seconds(), source.id],
    )
    found = db.query(
        "SELECT next_poll, last_poll FROM sources "
        "WHERE id = ? AND failures = 0 AND last_poll IS NOT NULL",
        [source.id],
    )
    for row in list(found):
        due = held_to(source.every, as_time(row["next_poll"]), as_time(row["last_poll"]))
        db.execute("UPDATE sources SET next_poll = ? WHERE id = ?", [as_text(due), source.id])
