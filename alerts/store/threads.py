"""Conversations: which stories a receiver gets in one thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.message import Earlier
from alerts.store.rows import article_alert_from_row, optional_time
from alerts.telling import Receiver
from crawler.frozen import dataclass
from crawler.store import Connection, as_text


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation: the story that began it, and the story in it to which this one is related."""

    thread: str
    related: str


class Threads:
    """The conversations that stories joined; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, receiver: Receiver, story: str) -> Conversation | None:
        """The conversation that this story has joined; None if it has one of its own."""
        rows = self._db.rows(
            "SELECT thread, related FROM threads WHERE story = ? AND channel = ? AND target = ?",
            [story, receiver.channel, receiver.target],
        )
        return Conversation(rows[0]["thread"], rows[0]["related"]) if rows else None

    def put(
        self, receiver: Receiver, story: str, found: Conversation | None, now: datetime
    ) -> None:
        """Let this story join that conversation; with None, it has one of its own."""
        names = [story, receiver.channel, receiver.target]
        if found is None:
            self._db.execute(
                "DELETE FROM threads WHERE story = ? AND channel = ? AND target = ?", names
            )
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO threads VALUES (?, ?, ?, ?, ?, ?)",
                [*names, found.thread, found.related, as_text(now)],
            )

    def stories(self, receiver: Receiver, thread: str) -> Sequence[str]:
        """The stories of the conversation that `thread` began, `thread` included."""
        rows = self._db.rows(
            "SELECT story FROM threads WHERE thread = ? AND channel = ? AND target = ?",
            [thread, receiver.channel, receiver.target],
        )
        return [thread, *(row["story"] for row in rows if row["story"] != thread)]

    def is_heard(self, receiver: Receiver, story: str, since: datetime) -> bool:
        """Whether a passage of this story was told since then, or is owed."""
        rows = self._db.rows(
            "SELECT 1 FROM passages WHERE story = ? AND channel = ? AND target = ? "
            "AND (told >= ? OR state = 'owed') LIMIT 1",
            [story, receiver.channel, receiver.target, as_text(since)],
        )
        return bool(rows)

    def earlier(self, receiver: Receiver, story: str) -> Earlier | None:
        """The headline under which this story was or will be told first, and when that was."""
        rows = self._db.rows(
            """
            SELECT alerts.body, (
                SELECT min(told) FROM passages
                WHERE passages.story = alerts.story AND passages.channel = deliveries.channel
                  AND passages.target = deliveries.target
            ) AS told
            FROM alerts
            JOIN delivery_alerts ON delivery_alerts.alert = alerts.id
            JOIN deliveries ON deliveries.id = delivery_alerts.delivery
            WHERE alerts.story = ? AND alerts.article IS NOT NULL AND deliveries.channel = ?
              AND deliveries.target = ? AND deliveries.state IN ('pending', 'delivered')
            ORDER BY deliveries.state, deliveries.seq, alerts.rowid LIMIT 1
            """,
            [story, receiver.channel, receiver.target],
        )
        if not rows:
            return None
        article = article_alert_from_row(rows[0]).article
        return Earlier(story, article.title or article.url, optional_time(rows[0]["told"]))
