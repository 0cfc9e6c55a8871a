"""A writer's last job, which saves work for the next process."""

from __future__ import annotations

from crawler.store.archive.words import keep_terms
from crawler.store.connection import Connection
from crawler.store.stories.common_runs import keep_counts


def put_in_order(db: Connection) -> None:
    """Store what the next process, or a search, would otherwise have to work out again."""
    keep_counts(db)
    keep_terms(db)
