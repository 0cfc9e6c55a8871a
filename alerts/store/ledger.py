"""What was found and decided: cursor, matches, alerts, reasons for no alert, silences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from alerts.alert import Alert, ArticleAlert, Decision, Reason
from alerts.match import Match
from alerts.policy.silences import Silence
from alerts.store.rows import (
    Row,
    alert_from_row,
    alert_to_row,
    article_alert_from_row,
    match_from_row,
    match_to_row,
    silence_from_row,
    silence_to_row,
)
from alerts.trends import MatchDays
from crawler.model import LogCursor, LogRecord
from crawler.store import Connection, as_text

# The name under which the matcher's position in the article log is stored.
READER = "alerts"

_COVERED = """
    (:channel = '' OR channel = :channel)
    AND (:rule = '' OR EXISTS (SELECT 1 FROM json_each(rules) WHERE value = :rule))
"""


class Ledger:
    """The part of the store for the matcher; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def cursor(self, reader: str) -> LogCursor:
        """How far this reader has read the article log."""
        rows = self._db.rows("SELECT * FROM cursors WHERE reader = ?", [reader])
        if not rows:
            return LogCursor()
        # A reader may see a table of an older version, which did not remember single records.
        return LogCursor(rows[0]["seq"], frozenset(json.loads(rows[0].get("seen", "[]"))))

    def advance(self, reader: str, cursor: LogCursor, now: datetime) -> None:
        """Remember how far this reader has read."""
        self._db.execute(
            "INSERT INTO cursors (reader, seq, seen, updated) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (reader) DO UPDATE "
            "SET seq = excluded.seq, seen = excluded.seen, updated = excluded.updated",
            [reader, cursor.seq, json.dumps(sorted(cursor.seen)), as_text(now)],
        )

    def add_matches(self, record: LogRecord, matches: Iterable[Match], now: datetime) -> int:
        """Store these matches of one text; returns how many were new."""
        matches = list(matches)
        article, story, days = record.article.id, record.story.id, MatchDays(self._db)
        if all(days.knows(article, match.rule, story) for match in matches):
            return self._add_matches(record, matches, now)
        with days.kept(article, [story]):
            return self._add_matches(record, matches, now)

    def _add_matches(self, record: LogRecord, matches: Iterable[Match], now: datetime) -> int:
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
        """Store this alert; returns False if the same event was stored before."""
        return bool(self._insert("alerts", alert_to_row(alert)))

    def add_decision(self, decision: Decision, revision: int, now: datetime) -> None:
        """Store why something is not told; of several reasons for one text, the first stays."""
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

    def drop_read_once(self, article: str, rules: Iterable[str]) -> None:
        """Forget that these rules waited for a second reading of this article."""
        self._db.executemany(
            "DELETE FROM decisions WHERE article = ? AND rule = ? AND reason = ?",
            [(article, rule, Reason.READ_ONCE.value) for rule in rules],
        )

    def told(self, story: str) -> set[str]:
        """The rules for which there is an alert about this story."""
        rows = self._db.rows(
            "SELECT DISTINCT rule FROM alerts WHERE story = ? AND article IS NOT NULL", [story]
        )
        return {row["rule"] for row in rows}

    def has_moved(self, record: LogRecord) -> bool:
        """Whether this article belonged to another story when it last matched."""
        rows = self._db.rows(
            "SELECT story FROM matches WHERE article = ? AND revision < ? "
            "ORDER BY revision DESC LIMIT 1",
            [record.article.id, record.revision.number],
        )
        return bool(rows) and rows[0]["story"] != record.story.id

    def matches(self, article: str) -> list[Match]:
        """The matches of the newest text of this article that has matches."""
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

    def first_alert(self, rule: str, story: str) -> ArticleAlert | None:
        """The first alert of this rule about this story."""
        rows = self._db.rows(
            "SELECT body FROM alerts WHERE story = ? AND rule = ? AND article IS NOT NULL "
            "ORDER BY rowid LIMIT 1",
            [story, rule],
        )
        return article_alert_from_row(rows[0]) if rows else None

    def silences(self, now: datetime) -> list[Silence]:
        """The silences that are in force or begin later."""
        rows = self._db.rows(
            "SELECT * FROM silences WHERE ends > ? ORDER BY starts, id", [as_text(now)]
        )
        return [silence_from_row(row) for row in rows]

    def add_silence(self, silence: Silence) -> None:
        """Store a silence."""
        self._insert("silences", silence_to_row(silence))

    def end_silence(self, silence: str, now: datetime) -> bool:
        """End a silence early; returns False if no silence with this id could be ended."""
        ended = self._db.execute(
            "UPDATE silences SET ends = :now WHERE id = :id AND ends > :now",
            {"id": silence, "now": as_text(now)},
        )
        return bool(ended.rowcount)

    def resume_silence(self, silence: Silence) -> None:
        """Let a silence that was ended early end when it was to end."""
        self._db.execute(
            "UPDATE silences SET ends = ? WHERE id = ?", [as_text(silence.ends), silence.id]
        )

    def hidden_by(self, silence: Silence) -> int:
        """How many stories were not told, or not wholly, while and where this silence covers."""
        rows = self._db.rows(
            "SELECT count(DISTINCT story) AS n FROM passages WHERE state = 'untold' "  # noqa: S608 - our own clause
            f"AND decided >= :starts AND decided < :ends AND reason = 'silenced' AND {_COVERED}",
            silence_to_row(silence),
        )
        return int(rows[0]["n"])

    def told_since(self, since: datetime, rule: str, channel: str) -> int:
        """How many stories were told since then that a silence of this kind would have hidden."""
        rows = self._db.rows(
            "SELECT count(DISTINCT story) AS n FROM passages "  # noqa: S608 - our own clause
            f"WHERE decided >= :since AND state IN ('told', 'by link') AND {_COVERED}",
            {"since": as_text(since), "rule": rule, "channel": channel},
        )
        return int(rows[0]["n"])

    def owed_now(self, rule: str, channel: str) -> int:
        """How many stories wait to be told that a silence of this kind would hide."""
        rows = self._db.rows(
            "SELECT count(DISTINCT story) AS n FROM passages "  # noqa: S608 - our own clause
            f"WHERE decided IS NULL AND state = 'owed' AND {_COVERED}",
            {"rule": rule, "channel": channel},
        )
        return int(rows[0]["n"])

    def _insert(self, table: str, row: Row) -> int:
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        done = self._db.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
            row,
        )
        return max(0, done.rowcount)
