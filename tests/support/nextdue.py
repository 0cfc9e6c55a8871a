"""When a crawl has something to do again: what a clock of the test is put forward to."""

from __future__ import annotations

from datetime import datetime

from crawler.store import Connection


def next_due(db: Connection) -> datetime | None:
    """When the next source or page is due, if any is."""
    (row,) = db.rows(
        """
        SELECT min(due) AS due FROM (
            SELECT min(next_poll) AS due FROM sources WHERE enabled AND owner IS NULL
            UNION ALL
            SELECT min(due) FROM pages WHERE due IS NOT NULL AND owner IS NULL
        )
        """
    )
    return datetime.fromisoformat(row["due"]) if row["due"] else None
