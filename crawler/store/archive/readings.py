"""When the text of an article was last read, whether it had changed or not."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from crawler.store.archive.aliases import ARTICLE_OF
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time


class ReadingStore:
    """The latest reading of each article; all but `latest` belongs in a writer's job.

    It stands in a table of its own, or each look would write the whole article again. A page that
    gives less than is held (a wall has come up) is no reading, and neither is a page that says it
    has not changed since it gave less.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, article: str, now: datetime) -> None:
        """Keep that the text that is held of this article was read now."""
        self._db.execute(
            "INSERT OR REPLACE INTO readings (article, at) VALUES (?, ?)", [article, as_text(now)]
        )

    def note_less(self, article: str) -> None:
        """Keep that the page of this article gives less than is held of it."""
        self._db.execute("DELETE FROM readings WHERE article = ?", [article])

    def note_unchanged(self, keys: Iterable[str], now: datetime) -> None:
        """Keep that what stands under these keys was read now, and is what it was."""
        self._db.executemany(
            f"UPDATE readings SET at = :now WHERE article = {ARTICLE_OF}",  # noqa: S608 - a constant
            [{"key": key, "now": as_text(now)} for key in keys],
        )

    def note_list_unchanged(self, source: str, now: datetime) -> None:
        """Keep that the last list of this source, which gives the texts itself, has not changed."""
        listed = self._db.rows(
            "SELECT entries.key FROM sources JOIN entries ON entries.source = sources.id "
            "WHERE sources.id = ? AND entries.last_seen = sources.listed",
            [source],
        )
        self.note_unchanged((row["key"] for row in listed), now)

    def latest(self, articles: Collection[str]) -> dict[str, datetime]:
        """When each of these articles was last read; those that cannot be read are left out."""
        found = self._db.rows(
            "SELECT article, at FROM readings WHERE article IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(articles))],
        )
        return {row["article"]: as_time(row["at"]) for row in found}
