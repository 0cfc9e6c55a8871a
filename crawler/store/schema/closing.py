"""What a writer leaves to the process after it."""

from __future__ import annotations

from crawler.store.archive.words import keep_terms
from crawler.store.connection import Connection
from crawler.store.stories.common_runs import keep_counts


def put_in_order(db: Connection) -> None:
    """Store as a writer's last job what the next process had to work out anew, or a search."""
    keep_counts(db)
    keep_terms(db)
