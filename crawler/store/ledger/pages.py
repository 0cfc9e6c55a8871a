"""The queue of pages that are due, from which no source can crowd out another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crawler.faults.fault import Fault
from crawler.faults.notation import noted
from crawler.sources.freshness import NamedBefore
from crawler.store.claims import ClaimTable
from crawler.store.connection import Connection
from crawler.store.records import (
    Row,
    WantedPage,
    WorkClaim,
    as_text,
    as_time,
    entry_from_json,
    optional_time,
    wanted_page_from_row,
)

# Chosen: after that many addresses of one article the brake is at its longest (120 min / 5 * 6).
_MOST_NAMED = 144
_RANKED = """
    SELECT * FROM (
        SELECT *, row_number() OVER (
            PARTITION BY source ORDER BY wanted IS NULL, due
        ) AS place
        FROM pages WHERE
"""
_FREE = """
            AND owner IS NULL
            AND source NOT IN (SELECT value FROM json_each(:full))
            AND (:among IS NULL OR source IN (SELECT value FROM json_each(:among)))
    )
    WHERE place <= :each ORDER BY wanted IS NULL, due LIMIT :limit
"""
_DUE = _RANKED + "due <= :now" + _FREE
_WANTED = _RANKED + "wanted IS NOT NULL AND source IN (SELECT value FROM json_each(:among))" + _FREE  # noqa: S608 - our own clauses


class PageQueue:
    """The queue of due pages; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._claims = ClaimTable(db, "pages", "key")

    def claim(  # noqa: PLR0913 - who, when, how many and which, by name
        self,
        owner: str,
        now: datetime,
        limit: int,
        *,
        each: int,
        full: Sequence[str] = (),
        among: Sequence[str] | None = None,
        at_once: bool = False,
    ) -> list[WantedPage]:
        """Claim pages that are due, longest due first, at most `each` of one source.

        Wanted pages come before those to look at again. Sources in `full` get none. With `among`
        only these sources get pages, and with `at_once` also pages that are wanted but not due.
        """
        self._claims.free_expired(owner, now)
        found = self._db.rows(
            _WANTED if at_once else _DUE,
            {
                "now": as_text(now),
                "full": json.dumps(full),
                "among": None if among is None else json.dumps(among),
                "each": each,
                "limit": limit,
            },
        )
        return [
            wanted_page_from_row(row, _as_it_was(claim, row))
            for row in found
            if (claim := self._claims.take(row["key"], owner, now))
        ]

    def named_before(self, source: str, guid: str) -> list[NamedBefore]:
        """The latest addresses under which this source listed this id."""
        found = self._db.rows(
            "SELECT key, first_seen, entry FROM pages WHERE guid = ? AND source = ? "
            "ORDER BY first_seen DESC LIMIT ?",
            [guid, source, _MOST_NAMED],
        )
        return [
            NamedBefore(row["key"], as_time(row["first_seen"]), entry_from_json(row["entry"]))
            for row in found
        ]

    def is_followed(self, *keys: str) -> bool:
        """Whether the page of an article with one of these keys was read, and will be again."""
        found = self._db.execute(
            "SELECT 1 FROM pages WHERE key IN (SELECT value FROM json_each(?)) "
            "AND fetches > 0 AND (due IS NOT NULL OR owner IS NOT NULL) LIMIT 1",
            [json.dumps(keys)],
        )
        return found.fetchone() is not None

    def give_up(self, key: str, fault: Fault, now: datetime) -> None:
        """Record that an entry gave no article and has no page to ask.

        A page that somebody has claimed is left to that owner, who writes what came of it.
        """
        self._db.execute(
            "UPDATE pages SET missed = ?, error = ? WHERE key = ? AND owner IS NULL",
            [as_text(now), noted(fault), key],
        )


def _as_it_was(claim: WorkClaim, row: Row) -> WorkClaim:
    """The claim with what stood in the row before it."""
    return replace(claim, wanted=optional_time(row["wanted"]), due=optional_time(row["due"]))
