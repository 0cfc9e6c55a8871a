"""The robots.txt of each site while it is valid, so that a restart need not fetch it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time


class RobotsStore:
    """Rules by site (scheme and authority); `keep` belongs in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def held(self, now: datetime) -> Mapping[str, tuple[bytes, datetime]]:
        """The rules that are valid now, and until when, by site."""
        rows = self._db.rows("SELECT * FROM robots WHERE until > ?", [as_text(now)])
        return {row["site"]: (row["rules"], as_time(row["until"])) for row in rows}

    def keep(self, site: str, rules: bytes, *, until: datetime, now: datetime) -> None:
        """Store these rules, valid until then, and forget all that are no longer valid."""
        self._db.execute("DELETE FROM robots WHERE until <= ?", [as_text(now)])
        self._db.execute(
            "INSERT OR REPLACE INTO robots (site, rules, until) VALUES (?, ?, ?)",
            [site, rules, as_text(until)],
        )
