"""What a writer leaves to the process after it."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.store.counts import keep_counts
from crawler.store.terms import keep_terms


def put_in_order(db: Database) -> None:
    """Store as a writer's last job what the next process had to work out anew, or a search."""
    keep_counts(db)
    keep_terms(db)
