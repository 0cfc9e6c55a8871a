"""The index in which copies find each other, in time that does not grow with the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

# Two shared fingerprints make a candidate; one that more articles have only finds a mould.
SHARED = 2
CROWDED = 200
# The candidates that share most are compared: a copy shares more than the items of its mould.
COMPARED = 8

TABLES = """
CREATE TABLE fingerprints (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;
"""


class FingerprintIndex:
    """Articles, by their numbers, under each of their fingerprints."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, article: int, hashes: Iterable[int]) -> None:
        """Let the article be found by these fingerprints."""
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO fingerprints VALUES (?, ?)", [(one, article) for one in hashes]
        )

    def take(self, article: int, hashes: Iterable[int]) -> None:
        """Let the article no longer be found by these fingerprints."""
        self._db.conn.executemany(
            "DELETE FROM fingerprints WHERE hash = ? AND article = ?",
            [(one, article) for one in hashes],
        )

    def candidates(self, hashes: Sequence[int], *, apart_from: int) -> list[int]:
        """The articles that share most of these fingerprints, most first, of equals the newest."""
        shared = Counter(article for one in hashes for article in self._holders(one))
        del shared[apart_from]
        least = min(SHARED, len(hashes))
        found = [(count, article) for article, count in shared.items() if count >= least]
        return [article for _, article in sorted(found, reverse=True)[:COMPARED]]

    def _holders(self, fingerprint: int) -> list[int]:
        rows = self._db.execute(
            "SELECT article FROM fingerprints WHERE hash = ? LIMIT ?", [fingerprint, CROWDED + 1]
        ).fetchall()
        return [row[0] for row in rows] if len(rows) <= CROWDED else []
