"""The index in which copies find each other, in time that does not grow with the archive."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

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

# One statement for all: nobody has most fingerprints of a new text, and asking for each costs more
# than finding that out.
_HOLDERS = """
    SELECT (
        SELECT group_concat(article)
        FROM (SELECT article FROM fingerprints WHERE hash = asked.value LIMIT ?)
    )
    FROM json_each(?) AS asked
"""


class FingerprintIndex:
    """Articles, by their numbers, under each of their fingerprints."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, article: int, hashes: Iterable[int]) -> None:
        """Let the article be found by these fingerprints."""
        self._db.executemany(
            "INSERT OR IGNORE INTO fingerprints VALUES (?, ?)", [(one, article) for one in hashes]
        )

    def take(self, article: int, hashes: Iterable[int]) -> None:
        """Let the article no longer be found by these fingerprints."""
        self._db.executemany(
            "DELETE FROM fingerprints WHERE hash = ? AND article = ?",
            [(one, article) for one in hashes],
        )

    def candidates(self, hashes: Sequence[int], *, apart_from: int) -> list[int]:
        """The articles that share most of these fingerprints, most first; of equals the newest."""
        shared = self._shared(hashes)
        del shared[apart_from]
        least = min(SHARED, len(hashes))
        found = [(count, article) for article, count in shared.items() if count >= least]
        return [article for _, article in sorted(found, reverse=True)[:COMPARED]]

    def _shared(self, hashes: Sequence[int]) -> Counter[int]:
        """How many of these fingerprints each article has; crowded ones do not count."""
        held = self._db.execute(_HOLDERS, [CROWDED + 1, json.dumps(hashes)]).fetchall()
        holders = [articles.split(",") for (articles,) in held if articles]
        return Counter(
            int(one) for articles in holders if len(articles) <= CROWDED for one in articles
        )
