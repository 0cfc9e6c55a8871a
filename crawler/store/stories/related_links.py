"""Stories about one event in other words, linked when the later of them begins."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from crawler.store.connection import Connection
from crawler.store.stories.tellings import tellings
from crawler.stories.comparison import Rare
from crawler.stories.near_duplicates import Compared, Telling, compare_articles
from crawler.stories.related_stories import LEAST_SHARED, SAME_EVENT, Profile, profile, related
from crawler.stories.story_text import StoryText

# Chosen: a term that more stories of these days have does not tell events apart.
CROWDED = 50
# Chosen: the stories that share most terms are compared, as many as copies, and the likest kept.
COMPARED = 8
KEPT = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TABLES = """
CREATE TABLE story_terms (
    period INTEGER NOT NULL,
    term INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (period, term, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE related_stories (
    story TEXT NOT NULL,
    other TEXT NOT NULL,
    likeness REAL NOT NULL,
    PRIMARY KEY (story, other)
) STRICT, WITHOUT ROWID;
"""

# In the order of the terms asked for, by one statement.
_HOLDERS = """
    SELECT (
        SELECT group_concat(article) FROM (
            SELECT article FROM story_terms
            WHERE period = :now - 1 AND term = asked.value LIMIT :most
        )
    ), (
        SELECT group_concat(article) FROM (
            SELECT article FROM story_terms WHERE period = :now AND term = asked.value LIMIT :most
        )
    )
    FROM json_each(:terms) AS asked ORDER BY asked.key
"""


class RelatedIndex:
    """The first articles of stories, by the terms of their title and lead, for a few days."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def link(
        self, number: int, begun: Telling, near: Iterable[Compared], rare: Rare, now: datetime
    ) -> None:
        """Link the story that this article begins with those it is related to.

        `near` are articles that share words with it; others are found by their terms.
        """
        own = _profile(begun.reading)
        hashes = {term: _hash(term) for term in sorted(own.terms)}
        holders = self._holders(hashes, now)
        common = {term for term, articles in holders.items() if len(articles) > CROWDED}
        compared = dict(near)
        for other in tellings(self._db, _sharing(holders, common), now):
            if other not in compared:
                compared[other] = compare_articles(begun, other, rare)
        likenesses: defaultdict[str, float] = defaultdict(float)
        for other, comparison in compared.items():
            like = related(
                own.without(common),
                _profile(other.reading).without(common),
                abs(begun.at - other.at),
                comparison,
            )
            likenesses[other.story] = max(like, likenesses[other.story])
        self._keep(begun.story, likenesses)
        self._put(number, hashes.values(), now)

    def related(self, story: str) -> list[tuple[str, float]]:
        """The few stories that this one is most like, likest first, each with its likeness."""
        rows = self._db.execute(
            "SELECT other, likeness FROM related_stories WHERE story = ? "
            "ORDER BY likeness DESC, other LIMIT ?",
            [story, KEPT],
        )
        return [(row[0], row[1]) for row in rows.fetchall()]

    def _holders(self, hashes: Mapping[str, int], now: datetime) -> dict[str, list[int]]:
        """The articles that have each term, of this period and the last."""
        asked = {"most": CROWDED + 1, "terms": json.dumps([*hashes.values()]), "now": _period(now)}
        held = self._db.execute(_HOLDERS, asked).fetchall()
        return {
            term: [int(one) for articles in row if articles for one in articles.split(",")]
            for term, row in zip(hashes, held, strict=True)
        }

    def _keep(self, story: str, likenesses: dict[str, float]) -> None:
        likest = sorted((-like, other) for other, like in likenesses.items() if like)[:KEPT]
        self._db.executemany(
            "INSERT OR REPLACE INTO related_stories VALUES (?, ?, ?)",
            [
                row
                for like, other in likest
                for row in ((story, other, -like), (other, story, -like))
            ],
        )

    def _put(self, number: int, hashes: Iterable[int], now: datetime) -> None:
        period = _period(now)
        self._db.execute("DELETE FROM story_terms WHERE period < ?", [period - 1])
        self._db.executemany(
            "INSERT OR IGNORE INTO story_terms VALUES (?, ?, ?)",
            [(period, term, number) for term in hashes],
        )


def _sharing(holders: dict[str, list[int]], common: set[str]) -> list[int]:
    shared = Counter(
        article for term, articles in holders.items() if term not in common for article in articles
    )
    enough = [(count, one) for one, count in shared.items() if count >= LEAST_SHARED]
    return [one for _, one in sorted(enough, reverse=True)[:COMPARED]]


@lru_cache(maxsize=128)
def _profile(reading: StoryText) -> Profile:
    return profile(reading.title, reading.lead, reading.body)


def _period(now: datetime) -> int:
    return (now - _EPOCH) // SAME_EVENT


def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), signed=True)
