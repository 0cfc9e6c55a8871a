"""The index in which copies find each other, in time that does not grow with the archive."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from crawler.store.connection import Connection

# An article that shares so many fingerprints is a candidate. Measured: of 152 summaries and their
# reports, made of the held-out texts, 2 share fewer.
SHARED = 2
# Chosen: a fingerprint that more articles have is that of a mould or a notice, and its list is
# long.
CROWDED = 200
# Chosen: the candidates that share most are compared. A copy shares more than the items of its
# mould, and what a comparison costs bounds what storing an article costs.
COMPARED = 8

TABLES = """
CREATE TABLE fingerprints (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;
"""

# The fingerprints of each article in the index: to work them out again takes its text.
HELD = """
CREATE TABLE fingerprinted (article INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT
"""

# One statement for all: nobody has most fingerprints of a new text, and asking for each costs more
# than finding that out. To find that out first takes a quarter less.
_HOLDERS = """
    SELECT (
        SELECT group_concat(article)
        FROM (SELECT article FROM fingerprints WHERE hash = asked.value LIMIT ?)
    )
    FROM json_each(?) AS asked WHERE EXISTS (SELECT 1 FROM fingerprints WHERE hash = asked.value)
"""


class FingerprintIndex:
    """Articles, by their numbers, under each of their fingerprints."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, article: int, hashes: Collection[int]) -> None:
        """Let the article be found by these fingerprints."""
        if not hashes:
            return
        rows = ", ".join(["(?, ?)"] * len(hashes))
        values = [value for one in hashes for value in (one, article)]
        self._db.execute(f"INSERT OR IGNORE INTO fingerprints VALUES {rows}", values)  # noqa: S608 - question marks
        self._db.execute(
            "INSERT OR REPLACE INTO fingerprinted VALUES (?, ?)",
            [article, array("q", hashes).tobytes()],
        )

    def take(self, article: int) -> bool:
        """Let the article no longer be found; whether it was known by what."""
        found = self._db.execute("SELECT hashes FROM fingerprinted WHERE article = ?", [article])
        row = found.fetchone()
        if row is None:
            return False
        self.take_each(article, array("q", row[0]))
        self._db.execute("DELETE FROM fingerprinted WHERE article = ?", [article])
        return True

    def take_each(self, article: int, hashes: Iterable[int]) -> None:
        """Let the article no longer be found by these fingerprints, as an older version put it."""
        self._db.executemany(
            "DELETE FROM fingerprints WHERE hash = ? AND article = ?",
            [(one, article) for one in hashes],
        )

    def candidates(self, hashes: Sequence[int], *, apart_from: int) -> list[int]:
        """Of those that share fingerprints with it, as many as are compared."""
        return self.sharing(hashes, apart_from=apart_from)[:COMPARED]

    def sharing(self, hashes: Sequence[int], *, apart_from: int) -> list[int]:
        """The articles that share these fingerprints, by how many, most first; then the newest."""
        shared = self._shared(hashes)
        del shared[apart_from]
        least = min(SHARED, len(hashes))
        found = [(count, article) for article, count in shared.items() if count >= least]
        return [article for _, article in sorted(found, reverse=True)]

    def _shared(self, hashes: Sequence[int]) -> Counter[int]:
        """How many of these fingerprints each article has; crowded ones do not count."""
        held = self._db.execute(_HOLDERS, [CROWDED + 1, json.dumps(hashes)]).fetchall()
        holders = [articles.split(",") for (articles,) in held]
        return Counter(
            int(one) for articles in holders if len(articles) <= CROWDED for one in articles
        )
