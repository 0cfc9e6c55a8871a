"""When the text of an article was last read, changed or not."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from crawler.store.archive.aliases import ARTICLE_OF
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time


class ReadingStore:
    """The latest reading of each article; methods other than `latest` belong in a writer's job.

    It has a table of its own, so that a look does not write the whole article again. A page that
    gives less than is stored (there is a wall now) is no reading. Nor is one that has not changed
    since it gave less.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, article: str, now: datetime) -> None:
        """Record that the stored text of this article was read now."""
        self._db.execute(
            "INSERT OR REPLACE INTO readings (article, at) VALUES (?, ?)", [article, as_text(now)]
        )

    def note_less(self, article: str) -> None:
        """Record that the page of this article gives less than its stored text."""
        self._db.execute("DELETE FROM readings WHERE article = ?", [article])

    def note_unchanged(self, keys: Iterable[str], now: datetime) -> None:
        """Record that the articles with these keys were read now, without a change."""
        self._db.executemany(
            f"UPDATE readings SET at = :now WHERE article = {ARTICLE_OF}",  # noqa: S608 - a constant
            [{"key": key, "now": as_text(now)} for key in keys],
        )

    def note_list_unchanged(self, source: str, now: datetime) -> None:
        """Record that the last list of this source has not changed, nor the texts that it gives."""
        listed = self._db.rows(
            "SELECT entries.key FROM sources JOIN entries ON entries.source = sources.id "
            "WHERE sources.id = ? AND entries.last_seen = sources.listed",
            [source],
        )
        self.note_unchanged((row["key"] for row in listed), now)

    def set_back(self, articles: Collection[str], now: datetime) -> None:
        """Let none of these articles be read after now: the clock was set back."""
        self._db.execute(
            "UPDATE readings SET at = min(at, ?) WHERE article IN (SELECT value FROM json_each(?))",
            [as_text(now), json.dumps(sorted(set(articles)))],
        )

    def is_first_after_restore(self, article: str) -> bool:
        """Whether this article was not read since a backup was put back; ask before `note`."""
        [(first,)] = self._db.execute(
            "SELECT coalesce((SELECT at FROM readings WHERE article = ?), '') "
            "< (SELECT max(at) FROM restores)",
            [article],
        ).fetchall()
        return bool(first)

    def latest(self, articles: Collection[str]) -> dict[str, datetime]:
        """When each of these articles was last read; those that cannot be read are left out."""
        found = self._db.rows(
            "SELECT article, at FROM readings WHERE article IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(articles))],
        )
        return {row["article"]: as_time(row["at"]) for row in found}
