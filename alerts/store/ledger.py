"""What was found and decided: cursor, matches, alerts, named reasons, silences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from alerts.alert import Alert, Decision
from alerts.match import Match
from alerts.policy.silences import Silence
from alerts.store.rows import (
    Row,
    alert_from_row,
    alert_to_row,
    match_from_row,
    match_to_row,
    silence_from_row,
    silence_to_row,
)
from crawler.model import LogCursor, LogRecord
from crawler.store import Connection, as_text

# The name under which the matcher's place in the article log is kept.
READER = "alerts"


class Ledger:
    """The matcher's side of the store; methods that write belong into a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def cursor(self, reader: str) -> LogCursor:
        """How far this reader of the article log has come."""
        rows = self._db.rows("SELECT * FROM cursors WHERE reader = ?", [reader])
        if not rows:
            return LogCursor()
        # A reader may see a table from before single records were remembered.
        return LogCursor(rows[0]["seq"], frozenset(json.loads(rows[0].get("seen", "[]"))))

    def advance(self, reader: str, cursor: LogCursor, now: datetime) -> None:
        """Remember how far this reader has come."""
        self._db.execute(
            "INSERT INTO cursors (reader, seq, seen, updated) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (reader) DO UPDATE "
            "SET seq = excluded.seq, seen = excluded.seen, updated = excluded.updated",
            [reader, cursor.seq, json.dumps(sorted(cursor.seen)), as_text(now)],
        )

    def add_matches(self, record: LogRecord, matches: Iterable[Match], now: datetime) -> int:
        """Keep these matches of one text; how many were new."""
        added = 0
        for match in matches:
            row = match_to_row(match) | {
                "article": record.article.id,
                "revision": record.revision.number,
                "story": record.story.id,
                "found": as_text(now),
            }
            added += self._insert("matches", row)
        return added

    def add_alert(self, alert: Alert) -> bool:
        """Keep this alert; False when the same event was kept before."""
        return bool(self._insert("alerts", alert_to_row(alert)))

    def add_decision(self, decision: Decision, revision: int, now: datetime) -> None:
        """Keep a named "no"; of several about the same text the first stays."""
        self._insert(
            "decisions",
            {
                "article": decision.article,
                "revision": revision,
                "story": decision.story,
                "rule": decision.rule,
                "channel": decision.channel,
                "reason": decision.reason.value,
                "detail": decision.detail,
                "decided": as_text(now),
            },
        )

    def told(self, story: str) -> set[str]:
        """The rules for which this story has alerted."""
        rows = self._db.rows(
            "SELECT DISTINCT rule FROM alerts WHERE story = ? AND article IS NOT NULL", [story]
        )
        return {row["rule"] for row in rows}

    def has_moved(self, record: LogRecord) -> bool:
        """Whether the last text of this article that matched was a part of another story."""
        rows = self._db.rows(
            "SELECT story FROM matches WHERE article = ? AND revision < ? "
            "ORDER BY revision DESC LIMIT 1",
            [record.article.id, record.revision.number],
        )
        return bool(rows) and rows[0]["story"] != record.story.id

    def matches(self, article: str) -> list[Match]:
        """The matches of this article's newest text that has any."""
        rows = self._db.rows(
            "SELECT * FROM matches WHERE article = :article AND revision = "
            "(SELECT max(revision) FROM matches WHERE article = :article) ORDER BY rule",
            {"article": article},
        )
        return [match_from_row(row) for row in rows]

    def matches_then(self, article: str, revision: int) -> list[Match]:
        """The matches of one revision of this article."""
        rows = self._db.rows(
            "SELECT * FROM matches WHERE article = ? AND revision = ? ORDER BY rule",
            [article, revision],
        )
        return [match_from_row(row) for row in rows]

    def alert(self, alert: str) -> Alert | None:
        """The alert with this id."""
        rows = self._db.rows("SELECT body FROM alerts WHERE id = ?", [alert])
        return alert_from_row(rows[0]) if rows else None

    def silences(self, now: datetime) -> list[Silence]:
        """Silences that are in force or still to come."""
        rows = self._db.rows(
            "SELECT * FROM silences WHERE ends > ? ORDER BY starts, id", [as_text(now)]
        )
        return [silence_from_row(row) for row in rows]

    def add_silence(self, silence: Silence) -> None:
        """Begin a silence."""
        self._insert("silences", silence_to_row(silence))

    def end_silence(self, silence: str, now: datetime) -> bool:
        """End a silence before its time; False when there is none with this id to end."""
        ended = self._db.execute(
            "UPDATE silences SET ends = :now WHERE id = :id AND ends > :now",
            {"id": silence, "now": as_text(now)},
        )
        return bool(ended.rowcount)

    def _insert(self, table: str, row: Row) -> int:
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        done = self._db.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
            row,
        )
        return max(0, done.rowcount)
