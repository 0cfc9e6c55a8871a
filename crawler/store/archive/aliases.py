"""Further keys of an article, for the other addresses that it has or had."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from crawler.model import Article
from crawler.store.connection import Connection
from crawler.store.records import as_text
from crawler.stories.revisions import text_hash

# Chosen: some feeds give all items the same guid, which then says nothing. So only a few are tried.
_MOST_OF_ONE_NAME = 3


# The id of the article with this key, its own or a further one.
ARTICLE_OF = """coalesce(
    (SELECT id FROM articles WHERE key = :key), (SELECT article FROM aliases WHERE key = :key)
)"""


# By an index each; `live_pages` knows a page before it has an article.
_HELD = """
    SELECT value FROM json_each(:keys) AS asked
    WHERE EXISTS (SELECT 1 FROM articles WHERE key = asked.value)
        OR EXISTS (SELECT 1 FROM aliases WHERE key = asked.value)
        OR EXISTS (SELECT 1 FROM live_pages WHERE key = asked.value)
    UNION ALL SELECT value FROM json_each(:guids) AS asked
    WHERE EXISTS (SELECT 1 FROM pages WHERE guid = asked.value)
    UNION ALL SELECT value FROM json_each(:digests) AS asked
    WHERE EXISTS (SELECT 1 FROM articles WHERE text_hash = asked.value)
"""


class AliasStore:
    """Keys that lead to an article with another key; `add` and `move` belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def article_of(self, key: str) -> str | None:
        """The id of the article with this key, its own or a further one."""
        found: tuple[str | None] = self._db.execute(f"SELECT {ARTICLE_OF}", {"key": key}).fetchone()
        return found[0]

    def names_held(
        self, *, keys: Collection[str], guids: Collection[str], digests: Collection[str]
    ) -> set[str]:
        """Those of these keys, ids in lists, and digests of words by which an article may be held.

        An article of which nothing is among them is a new one, at its first address.
        """
        asked = {"keys": keys, "guids": guids, "digests": digests}
        asked_for = {name: json.dumps([*values]) for name, values in asked.items()}
        return {name for (name,) in self._db.execute(_HELD, asked_for)}

    def add(self, key: str, article_id: str) -> None:
        """Let this key lead to the article too."""
        self._db.execute(
            "INSERT OR IGNORE INTO aliases (key, article) VALUES (?, ?)", [key, article_id]
        )

    def move(self, article: Article, article_id: str) -> None:
        """Give a stored article the address of this one: its key and its links lead there."""
        self.add(article.key, article_id)
        self._db.execute("UPDATE articles SET url = ? WHERE id = ?", [article.url, article_id])

    def twin(self, article: Article, since: datetime) -> str | None:
        """The id of an article with the same words and outlet that was first seen since then."""
        found: tuple[str] | None = self._db.execute(
            "SELECT id FROM articles WHERE text_hash = ? AND outlet = ? AND first_seen >= ? "
            "ORDER BY number LIMIT 1",
            [
                text_hash(article.title, article.lead, article.body),
                article.outlet,
                as_text(since),
            ],
        ).fetchone()
        return found[0] if found else None

    def under_guid(self, guid: str, source: str) -> list[str]:
        """The keys of the latest few pages to which this source gave this guid, latest first."""
        rows = self._db.execute(
            "SELECT key FROM pages WHERE guid = ? AND source = ? ORDER BY first_seen DESC LIMIT ?",
            [guid, source, _MOST_OF_ONE_NAME],
        )
        return [row[0] for row in rows.fetchall()]
