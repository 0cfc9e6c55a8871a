"""Rows of the ledger that have had their time: how many there are, and a few of them removed.

All that remove something belong in a writer's job. They return how many rows they removed; fewer
than `most` means that no more are there.
"""

from __future__ import annotations

from datetime import datetime

from crawler.store.connection import Connection
from crawler.store.records import as_text

# An entry of a source's last list stays, or it would be news again once the list changes.
_ENTRIES = """
    entries WHERE last_seen < :before
    AND last_seen < (SELECT listed FROM sources WHERE sources.id = entries.source)
"""
# A page whose entry is known stays, or it would be fetched again with the next list.
_PAGES = """
    pages WHERE wanted IS NULL AND due IS NULL AND owner IS NULL AND first_seen < :before
    AND coalesce(last_fetched, first_seen) < :before
    AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.key = pages.key)
"""


def old_entries(db: Connection, before: datetime) -> int:
    """How many entries no list has had since then."""
    found = db.execute(f"SELECT count(*) FROM {_ENTRIES}", {"before": as_text(before)})  # noqa: S608 - our own clause
    return int(found.fetchone()[0])


def drop_entries(db: Connection, before: datetime, most: int) -> int:
    """Forget entries that no list has had since then."""
    return db.execute(
        f"DELETE FROM entries WHERE (source, key) IN (SELECT source, key FROM {_ENTRIES} LIMIT :n)",  # noqa: S608 - our own clause
        {"before": as_text(before), "n": most},
    ).rowcount


def old_pages(db: Connection, before: datetime) -> int:
    """How many pages nobody has listed or fetched since then; none is wanted."""
    found = db.execute(f"SELECT count(*) FROM {_PAGES}", {"before": as_text(before)})  # noqa: S608 - our own clause
    return int(found.fetchone()[0])


def drop_pages(db: Connection, before: datetime, most: int) -> int:
    """Forget pages that nobody has listed or fetched since then."""
    keys = db.execute(
        f"SELECT key FROM {_PAGES} ORDER BY first_seen LIMIT :n",  # noqa: S608 - our own clause
        {"before": as_text(before), "n": most},
    ).fetchall()
    db.executemany("DELETE FROM live_pages WHERE key = ?", keys)
    db.executemany("DELETE FROM pages WHERE key = ?", keys)
    return len(keys)


def drop_counters(db: Connection, before: datetime, most: int) -> int:
    """Forget the counters of the days before this one."""
    return db.execute(
        "DELETE FROM counters WHERE (day, source, name) IN "
        "(SELECT day, source, name FROM counters WHERE day < ? ORDER BY day LIMIT ?)",
        [as_text(before)[:10], most],
    ).rowcount
