"""Pages that are due, handed out so that no source delays another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from crawler.store.connection import Connection
from crawler.store.records import WantedPage, as_text, wanted_page_from_row

_DUE = """
    SELECT * FROM (
        SELECT *, row_number() OVER (
            PARTITION BY source ORDER BY wanted IS NULL, due
        ) AS place
        FROM pages
        WHERE due <= :now AND claimed IS NULL
            AND source NOT IN (SELECT value FROM json_each(:full))
            AND (:among IS NULL OR source IN (SELECT value FROM json_each(:among)))
    )
    WHERE place <= :each ORDER BY wanted IS NULL, due LIMIT :limit
"""


class PageQueue:
    """The queue of due pages; methods that write belong into a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def claim(
        self,
        now: datetime,
        limit: int,
        *,
        each: int,
        full: Sequence[str] = (),
        among: Sequence[str] | None = None,
    ) -> list[WantedPage]:
        """Take pages that are due, longest due first, of one source at most `each`.

        Wanted pages come before those to look at again. Sources in `full` get none; `among` takes
        pages of these sources alone.
        """
        due = self._db.rows(
            _DUE,
            {
                "now": as_text(now),
                "full": json.dumps(full),
                "among": None if among is None else json.dumps(among),
                "each": each,
                "limit": limit,
            },
        )
        self._db.executemany(
            "UPDATE pages SET claimed = ? WHERE key = ?",
            [(as_text(now), row["key"]) for row in due],
        )
        return [wanted_page_from_row(row) for row in due]

    def give_up(self, key: str, reason: str, now: datetime) -> None:
        """What was listed gave no article, and there is no page to ask."""
        self._db.execute(
            "UPDATE pages SET missed = ?, error = ? WHERE key = ?", [as_text(now), reason, key]
        )
