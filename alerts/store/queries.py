"""Questions that people ask of the ledger: what was sent, what waits, what failed, and why."""

from __future__ import annotations

import json
from datetime import datetime

from alerts.alert import ArticleAlert, Decision, Reason
from alerts.message import Attempt, Delivery, DeliveryState
from alerts.outcome import Shown
from alerts.store.rows import (
    article_alert_from_row,
    attempt_from_row,
    delivery_from_row,
    message_from_text,
)
from crawler.store import Connection, as_text, as_time

# A failed test message does not count: whoever sent it saw the answer, and no news is lost.
_UNDELIVERED = "state IN ('dead', 'expired') AND kind <> 'alert.test'"
_GIVEN_UP = f"state <> 'pending' AND {_UNDELIVERED}"  # as the index deliveries_closed has it


class LedgerReader:
    """Questions that people ask; every method only reads."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def log(self, limit: int, since: datetime | None = None) -> list[Delivery]:
        """The newest deliveries, newest first; with `since` those made then or later."""
        if since:
            # By the times in the index alone: after a clock was set back they do not rise with seq.
            rows = self._db.rows(
                "SELECT * FROM deliveries WHERE seq IN (SELECT seq FROM deliveries "
                "WHERE created >= ? ORDER BY +seq DESC LIMIT ?) ORDER BY seq DESC",
                [as_text(since), limit],
            )
        else:
            rows = self._db.rows(
                "SELECT * FROM deliveries WHERE seq > 0 ORDER BY seq DESC LIMIT ?", [limit]
            )
        return [delivery_from_row(row) for row in rows]

    def pending(self) -> list[Delivery]:
        """The deliveries that still wait, oldest first."""
        rows = self._db.rows("SELECT * FROM deliveries WHERE state = 'pending' ORDER BY +seq", [])
        return [delivery_from_row(row) for row in rows]

    def stories_beside(self, delivery: Delivery) -> int:
        """How many stories wait in other messages of its group, as of a digest in several parts."""
        rows = self._db.rows(
            "SELECT count(DISTINCT alerts.story) AS n FROM deliveries "
            "JOIN delivery_alerts ON delivery_alerts.delivery = deliveries.id "
            "JOIN alerts ON alerts.id = delivery_alerts.alert "
            "WHERE deliveries.state = 'pending' AND deliveries.attempts = 0 "
            "AND deliveries.channel = ? AND deliveries.target = ? "
            'AND deliveries."group" = ? AND deliveries.id <> ?',
            [delivery.channel, delivery.target, delivery.group, delivery.id],
        )
        return int(rows[0]["n"])

    def known_before(self, delivery: Delivery, story: str) -> tuple[str, ...]:
        """The articles of a story that the last message about it to this target knew of."""
        rows = self._db.rows(
            "SELECT deliveries.message FROM alerts "
            "JOIN delivery_alerts ON delivery_alerts.alert = alerts.id "
            "JOIN deliveries ON deliveries.id = delivery_alerts.delivery "
            "WHERE alerts.story = ? AND deliveries.channel = ? AND deliveries.target = ? "
            "AND deliveries.state = 'delivered' AND deliveries.message IS NOT NULL "
            "ORDER BY deliveries.closed DESC LIMIT 1",
            [story, delivery.channel, delivery.target],
        )
        entries = message_from_text(rows[0]["message"]).entries if rows else ()
        return tuple(one.id for entry in entries if entry.story == story for one in entry.articles)

    def due_after(self, delivery: Delivery, now: datetime) -> list[Delivery]:
        """What is due about the same stories after this delivery, and was not tried, in order."""
        rows = self._db.rows(
            "SELECT * FROM deliveries WHERE state = 'pending' AND owner IS NULL AND attempts = 0 "
            "AND kind IN ('alert.story', 'alert.update') AND cause <> 'continued' "
            "AND max(due, grouped_until) <= :now "
            'AND channel = :channel AND target = :target AND "group" = :group AND id <> :id '
            "ORDER BY seq",
            {
                "now": as_text(now),
                "channel": delivery.channel,
                "target": delivery.target,
                "group": delivery.group,
                "id": delivery.id,
            },
        )
        return [delivery_from_row(row) for row in rows]

    def undelivered(self, limit: int) -> list[Delivery]:
        """The deliveries that were given up, newest first."""
        rows = self._db.rows(
            f"SELECT * FROM deliveries WHERE {_GIVEN_UP} ORDER BY closed DESC LIMIT ?",  # noqa: S608 - our own clause
            [limit],
        )
        return [delivery_from_row(row) for row in rows]

    def undelivered_since(self, since: datetime | None) -> int:
        """How many deliveries have been given up since then, or ever."""
        rows = self._db.rows(
            f"SELECT count(*) AS n FROM deliveries WHERE {_GIVEN_UP} AND closed >= ?",  # noqa: S608 - our own clause
            [as_text(since) if since else ""],
        )
        return int(rows[0]["n"])

    def deliveries_of(self, alert: str) -> list[Delivery]:
        """Every delivery that tells this alert, oldest first."""
        rows = self._db.rows(
            "SELECT deliveries.* FROM delivery_alerts JOIN deliveries "
            "ON deliveries.id = delivery WHERE alert = ? ORDER BY seq",
            [alert],
        )
        return [delivery_from_row(row) for row in rows]

    def attempts(self, delivery: str) -> list[Attempt]:
        """Every attempt of this delivery, in order."""
        rows = self._db.rows(
            "SELECT * FROM attempts WHERE delivery = ? ORDER BY number", [delivery]
        )
        return [attempt_from_row(row) for row in rows]

    def shown(self, delivery: str) -> list[Shown]:
        """What this delivery showed of each alert, as far as that is on record."""
        rows = self._db.rows(
            "SELECT alert, shown, announced FROM delivery_alerts "
            "WHERE delivery = ? AND shown IS NOT NULL",
            [delivery],
        )
        return [Shown(row["alert"], row["shown"], row["announced"]) for row in rows]

    def alerts(self) -> list[ArticleAlert]:
        """Every alert about an article, oldest first."""
        rows = self._db.rows("SELECT body FROM alerts WHERE article IS NOT NULL ORDER BY rowid", [])
        return [article_alert_from_row(row) for row in rows]

    def alerts_about(self, article: str) -> list[ArticleAlert]:
        """The alerts about this article, oldest first."""
        rows = self._db.rows("SELECT body FROM alerts WHERE article = ? ORDER BY rowid", [article])
        return [article_alert_from_row(row) for row in rows]

    def decisions(self, article: str) -> list[tuple[datetime, Decision]]:
        """The reasons why something about this article was not told, oldest first."""
        rows = self._db.rows("SELECT * FROM decisions WHERE article = ? ORDER BY id", [article])
        return [
            (
                as_time(row["decided"]),
                Decision(
                    article=row["article"],
                    story=row["story"],
                    rule=row["rule"],
                    reason=Reason(row["reason"]),
                    channel=row["channel"],
                    detail=row["detail"],
                ),
            )
            for row in rows
        ]

    def not_matched_since(self, since: datetime) -> list[str]:
        """The articles with a text that could not be matched since then for a bug, newest first."""
        rows = self._db.rows(
            "SELECT article FROM decisions WHERE reason = 'not-matched' AND decided >= ? "
            "GROUP BY +article ORDER BY max(id) DESC",
            [as_text(since)],
        )
        return [row["article"] for row in rows]

    def pending_count(self) -> int:
        """How many deliveries wait."""
        return sum(self.pending_by_channel().values())

    def pending_by_channel(self) -> dict[str, int]:
        """How many deliveries wait in each channel that has any."""
        rows = self._db.rows(
            "SELECT channel, count(*) AS n FROM deliveries WHERE state = 'pending' "
            "GROUP BY channel ORDER BY channel"
        )
        return {row["channel"]: row["n"] for row in rows}

    def closed_after(self, moment: datetime) -> list[Delivery]:
        """The deliveries that ended after this moment, however they ended, first to end first."""
        ended = [state.value for state in DeliveryState if state is not DeliveryState.PENDING]
        rows = self._db.rows(
            "SELECT * FROM deliveries WHERE state <> 'pending' "
            "AND state IN (SELECT value FROM json_each(?)) AND closed > ? ORDER BY closed",
            [json.dumps(ended), as_text(moment)],
        )
        return [delivery_from_row(row) for row in rows]

    def matches_after(self, match: int) -> tuple[int, dict[str, int]]:
        """The number of the newest match, and how many each rule has after the one numbered so."""
        rows = self._db.rows(
            "SELECT rule, count(*) AS n, max(id) AS last FROM matches WHERE id > ? GROUP BY +rule",
            [match],
        )
        newest = max((row["last"] for row in rows), default=match)
        return newest, {row["rule"]: row["n"] for row in rows}

    def newest_match(self) -> int:
        """The number of the newest match; 0 if there is none."""
        return int(self._db.rows("SELECT coalesce(max(id), 0) AS n FROM matches")[0]["n"])

    def last_delivered(self) -> datetime | None:
        """When a receiver last accepted a message."""
        rows = self._db.rows(
            "SELECT closed FROM deliveries WHERE state <> 'pending' AND state = 'delivered' "
            "ORDER BY closed DESC LIMIT 1",
            [],
        )
        return as_time(rows[0]["closed"]) if rows else None

    def match_count(self, since: datetime) -> int:
        """How many articles have matched a rule since then."""
        rows = self._db.rows(
            "SELECT count(DISTINCT article) AS n FROM matches WHERE found >= ?", [as_text(since)]
        )
        return int(rows[0]["n"])
