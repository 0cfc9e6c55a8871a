"""Lines that may stand on every page of an outlet, with a few of the articles that have them."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b

from crawler.store.connection import Connection
from crawler.store.records import as_text

MOST_LINES = 1_000  # of an outlet; chosen: pages have a few, and old ones go


class RefrainStore:
    """What is known of such lines; both methods belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, outlet: str, line: str, article: str, now: datetime, *, several: int) -> int:
        """How many other articles of the outlet have this line; this one is among them from now on.

        No more than `several` are counted.
        """
        digest = blake2b(line.encode(), digest_size=8).digest()
        found = self._db.execute(
            "SELECT articles FROM refrains WHERE outlet = ? AND line = ?", [outlet, digest]
        ).fetchone()
        known: list[str] = json.loads(found[0]) if found else []
        others = [other for other in known if other != article]
        kept = known if len(others) >= several or len(others) < len(known) else [*known, article]
        self._db.execute(
            "INSERT INTO refrains (outlet, line, articles, seen) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (outlet, line) "
            "DO UPDATE SET articles = excluded.articles, seen = excluded.seen",
            [outlet, digest, json.dumps(kept), as_text(now)],
        )
        return len(others)

    def keep_newest(self, outlet: str) -> None:
        """Forget the lines of this outlet that were not seen for longest, if there are many."""
        self._db.execute(
            "DELETE FROM refrains WHERE outlet = :outlet AND seen < (SELECT seen FROM refrains "
            "WHERE outlet = :outlet ORDER BY seen DESC LIMIT 1 OFFSET :most)",
            {"outlet": outlet, "most": MOST_LINES - 1},
        )
