"""Deliveries and their attempts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.alert import Alert, EventKind, Reason
from alerts.faults.delivery_fault import delivery_note
from alerts.match import Priority
from alerts.message import Attempt, Cause, Delivery, DeliveryState, Message, Thread
from alerts.outcome import Outcome, Shown
from alerts.policy.placement import LastMessage
from alerts.store.passage_ledger import PassageLedger
from alerts.store.rows import (
    alert_from_row,
    attempt_from_row,
    delivery_from_row,
    delivery_to_row,
    message_from_text,
    message_to_text,
)
from crawler.errors import ClaimLostError
from crawler.faults import Fault
from crawler.frozen import dataclass
from crawler.store import ClaimTable, Connection, WorkClaim, as_text, as_time

# What had no place in one message goes before anything later about the same story. But an urgent
# message does not wait for a rest that is not urgent.
_AFTER_NO_REST = """
    (deliveries.cause = 'continued' OR NOT EXISTS (
        SELECT 1 FROM deliveries AS rest
        JOIN delivery_alerts AS unsaid ON unsaid.delivery = rest.id
        JOIN alerts AS about ON about.id = unsaid.alert
        WHERE rest.state = 'pending' AND rest.cause = 'continued'
          AND rest.channel = deliveries.channel AND rest.target = deliveries.target
          AND (rest.high OR NOT deliveries.high)
          AND about.story IN (
              SELECT alerts.story FROM delivery_alerts JOIN alerts ON alerts.id = alert
              WHERE delivery = deliveries.id
          )
    ))
"""
# The first in its line: nothing older about the same story waits for the same target.
_IS_HEAD = f"""
    NOT EXISTS (
        SELECT 1 FROM deliveries AS earlier
        WHERE earlier.state = 'pending' AND earlier.channel = deliveries.channel
          AND earlier.target = deliveries.target AND earlier."group" = deliveries."group"
          AND earlier.seq < deliveries.seq
    ) AND {_AFTER_NO_REST}
"""  # noqa: S608 - our own clause
_IN_LINE = """
    state = 'pending' AND owner IS NULL AND channel = :channel
    AND target IN (SELECT value FROM json_each(:targets))
    AND (:only = '[]' OR id IN (SELECT value FROM json_each(:only)))
"""
# What a catch-up digest may take over. A message that may have arrived has to be repeated first,
# under its own id: so it stays by itself, and so do the other messages about its story.
_MERGEABLE = f"""
    state = 'pending' AND owner IS NULL AND channel = ? AND target = ? AND grouped_until <= ?
    AND kind IN ('alert.story', 'alert.update')
    AND cause <> 'continued'
    AND NOT EXISTS (
        SELECT 1 FROM deliveries AS doubtful
        WHERE doubtful.state = 'pending' AND doubtful.channel = deliveries.channel
          AND doubtful.target = deliveries.target AND doubtful."group" = deliveries."group"
          AND doubtful.uncertain
    )
    AND {_AFTER_NO_REST}
"""  # noqa: S608 - our own clause


@dataclass(frozen=True, slots=True)
class Line:
    """A channel's recipients, whose next delivery is asked for; `only` limits it to these ids."""

    channel: str
    targets: Sequence[str]
    only: Sequence[str] = ()

    @property
    def values(self) -> dict[str, object]:
        """The values of `_IN_LINE`."""
        return {
            "channel": self.channel,
            "targets": json.dumps(self.targets),
            "only": json.dumps(self.only),
        }


class Outbox:
    """The part of the store for the sender; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._claims = ClaimTable(db, "deliveries", "id")
        self._passages = PassageLedger(db)

    def add(self, delivery: Delivery, alerts: Iterable[str]) -> None:
        """Store a new delivery of these alerts."""
        row = delivery_to_row(delivery)
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        self._db.execute(
            f"INSERT INTO deliveries ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
            row,
        )
        self.add_alerts(delivery.id, alerts)

    def add_alerts(self, delivery: str, alerts: Iterable[str]) -> None:
        """Let this delivery tell these alerts."""
        self._db.executemany(
            "INSERT INTO delivery_alerts (delivery, alert) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(delivery, alert) for alert in alerts],
        )

    def remove_alerts(self, delivery: str, alerts: Iterable[str]) -> None:
        """Let this delivery no longer tell these alerts."""
        self._db.executemany(
            "DELETE FROM delivery_alerts WHERE delivery = ? AND alert = ?",
            [(delivery, alert) for alert in alerts],
        )

    def add_shown(self, delivery: str, shown: Iterable[Shown]) -> None:
        """Store what a receiver accepted of each alert of this delivery."""
        self._db.executemany(
            "UPDATE delivery_alerts SET shown = ?, announced = ? WHERE delivery = ? AND alert = ?",
            [(each.passages, each.announced, delivery, each.alert) for each in shown],
        )

    def fix_message(self, message: Message) -> None:
        """Store what the delivery with this id tells, unless that is fixed already."""
        self._db.execute(
            "UPDATE deliveries SET message = coalesce(message, ?) WHERE id = ?",
            [message_to_text(message), message.id],
        )

    def change_message(self, message: Message) -> None:
        """Change what the delivery with this id tells; its receiver has accepted nothing of it."""
        self._db.execute(
            "UPDATE deliveries SET message = ? WHERE id = ?", [message_to_text(message), message.id]
        )

    def joinable(self, channel: str, target: str, kind: str, group: str) -> Delivery | None:
        """The pending delivery of this group that was not tried yet, so that alerts may join it."""
        rows = self._db.rows(
            "SELECT * FROM deliveries WHERE state = 'pending' AND attempts = 0 AND channel = ? "
            'AND target = ? AND kind = ? AND "group" = ? ORDER BY seq DESC LIMIT 1',
            [channel, target, kind, group],
        )
        return delivery_from_row(rows[0]) if rows else None

    def size(self, delivery: str) -> int:
        """How many alerts this delivery tells."""
        rows = self._db.rows(
            "SELECT count(*) AS n FROM delivery_alerts WHERE delivery = ?", [delivery]
        )
        return int(rows[0]["n"])

    def regroup(self, delivery: str, due: datetime, until: datetime, priority: Priority) -> None:
        """Set when a pending delivery goes, until when it waits for more, and its priority."""
        urgent = priority is Priority.HIGH
        self._db.execute(
            "UPDATE deliveries SET due = ?, grouped_until = ?, high = ?, priority = ? WHERE id = ?",
            [as_text(due), as_text(until), urgent, priority.value, delivery],
        )

    def delivery(self, delivery: str) -> Delivery | None:
        """The delivery with this id."""
        rows = self._db.rows("SELECT * FROM deliveries WHERE id = ?", [delivery])
        return delivery_from_row(rows[0]) if rows else None

    def last_message(self, channel: str, target: str, *stories: str) -> LastMessage | None:
        """The latest message to this target about these stories that was sent or will be sent.

        A message that waits by itself until its news is confirmed does not count.
        """
        rows = self._db.rows(
            """
            SELECT deliveries.due, deliveries.state, deliveries.attempts, deliveries.kind,
                   deliveries.cause, deliveries.priority
            FROM alerts
            JOIN delivery_alerts ON delivery_alerts.alert = alerts.id
            JOIN deliveries ON deliveries.id = delivery_alerts.delivery
            WHERE alerts.story IN (SELECT value FROM json_each(?))
              AND deliveries.channel = ? AND deliveries.target = ?
              AND deliveries.state IN ('pending', 'delivered')
              AND NOT (deliveries.state = 'pending' AND deliveries."group" LIKE '%:alr_%')
            ORDER BY deliveries.seq DESC LIMIT 1
            """,
            [json.dumps(stories), channel, target],
        )
        if not rows:
            return None
        row = rows[0]
        is_open = row["state"] == DeliveryState.PENDING and not row["attempts"]
        # Nothing may join a message with what had no place in the one before.
        is_open = is_open and row["cause"] != Cause.CONTINUED
        return LastMessage(
            as_time(row["due"]), is_open, EventKind(row["kind"]), Priority(row["priority"])
        )

    def tests(self, channel: str) -> tuple[str, ...]:
        """The test messages that wait for this channel."""
        rows = self._db.rows(
            "SELECT id FROM deliveries WHERE state = 'pending' AND channel = ? AND kind = ?",
            [channel, EventKind.TEST.value],
        )
        return tuple(row["id"] for row in rows)

    def next_due(
        self, line: Line, now: datetime, *, high_only: bool, flush: bool
    ) -> Delivery | None:
        """The delivery to try now: urgent ones first, then the oldest.

        `flush` does not wait for alerts that might still join.
        """
        rows = self._db.rows(
            f"""
            SELECT * FROM deliveries WHERE {_IN_LINE} AND due <= :now
              AND (:flush OR grouped_until <= :now) AND (high OR NOT :high_only) AND {_IS_HEAD}
            ORDER BY high DESC, seq LIMIT 1
            """,  # noqa: S608 - our own clauses
            line.values | {"now": as_text(now), "flush": flush, "high_only": high_only},
        )
        return delivery_from_row(rows[0]) if rows else None

    def next_instant(self, line: Line, now: datetime) -> datetime | None:
        """When the next delivery that is not due yet becomes due."""
        rows = self._db.rows(
            f"""
            SELECT min(max(due, grouped_until)) AS instant FROM deliveries
            WHERE {_IN_LINE} AND max(due, grouped_until) > :now AND {_IS_HEAD}
            """,  # noqa: S608 - our own clauses
            line.values | {"now": as_text(now)},
        )
        return as_time(rows[0]["instant"]) if rows[0]["instant"] else None

    def outlived(self, channel: str, now: datetime) -> list[Delivery]:
        """Pending deliveries that nobody is sending and whose time to live has ended."""
        rows = self._db.rows(
            "SELECT * FROM deliveries WHERE state = 'pending' AND owner IS NULL AND channel = ? "
            "AND expires <= ? ORDER BY seq",
            [channel, as_text(now)],
        )
        return [delivery_from_row(row) for row in rows]

    def pending_channels(self) -> list[str]:
        """The channels that have a pending delivery."""
        rows = self._db.rows("SELECT DISTINCT channel FROM deliveries WHERE state = 'pending'", [])
        return [row["channel"] for row in rows]

    def mergeable(
        self, channel: str, target: str, now: datetime, limit: int
    ) -> tuple[int, list[Delivery]]:
        """How many deliveries a catch-up digest could take over, and the oldest of them."""
        where = [channel, target, as_text(now)]
        count = self._db.rows(f"SELECT count(*) AS n FROM deliveries WHERE {_MERGEABLE}", where)  # noqa: S608 - our own clause
        rows = self._db.rows(
            f"SELECT * FROM deliveries WHERE {_MERGEABLE} ORDER BY seq LIMIT ?",  # noqa: S608 - our own clause
            [*where, limit],
        )
        return int(count[0]["n"]), [delivery_from_row(row) for row in rows]

    def merge(self, members: Sequence[Delivery], digest: Delivery, now: datetime) -> None:
        """Let one digest tell what these deliveries would have told."""
        self.add(digest, [])
        self.absorb(members, digest.id, now)

    def absorb(self, members: Iterable[Delivery], into: str, now: datetime) -> None:
        """Let another delivery tell what these would have told, and wait as long as they would."""
        for member in members:
            self.add_alerts(into, [alert.id for alert in self.alerts(member.id)])
            self._db.execute(
                "UPDATE deliveries SET state = 'digested', reason = ?, merged_into = ?, closed = ? "
                "WHERE id = ?",
                [Reason.IN_DIGEST.value, into, as_text(now), member.id],
            )
            self._db.execute(
                "UPDATE deliveries SET expires = max(expires, ?) WHERE id = ?",
                [as_text(member.expires), into],
            )
            self._passages.hand_over(member.id, into)

    def alerts(self, delivery: str) -> list[Alert]:
        """The alerts that this delivery tells, oldest first."""
        rows = self._db.rows(
            "SELECT alerts.body FROM delivery_alerts JOIN alerts ON alerts.id = alert "
            "WHERE delivery = ? ORDER BY alerts.rowid",
            [delivery],
        )
        return [alert_from_row(row) for row in rows]

    def message(self, delivery: str) -> Message | None:
        """The message that the first attempt fixed."""
        rows = self._db.rows("SELECT message FROM deliveries WHERE id = ?", [delivery])
        text = rows[0]["message"] if rows else None
        return message_from_text(text) if text else None

    def thread(self, delivery: Delivery) -> Thread | None:
        """The first message that this target got about the same story."""
        rows = self._db.rows(
            'SELECT id, reference FROM deliveries WHERE "group" = ? AND channel = ? '
            "AND target = ? AND id <> ? AND state = 'delivered' ORDER BY seq LIMIT 1",
            [delivery.group.partition(":")[0], delivery.channel, delivery.target, delivery.id],
        )
        return Thread(rows[0]["id"], rows[0]["reference"]) if rows else None

    def begin_attempt(
        self, delivery: Delivery, message: Message, owner: str, now: datetime
    ) -> tuple[Attempt, WorkClaim]:
        """Claim the delivery and record that an attempt begins; the first one fixes the message.

        Raises:
            ClaimLostError: somebody else is sending it.
        """
        claim = self._claims.take(delivery.id, owner, now)
        if claim is None:
            raise ClaimLostError("deliveries", delivery.id, None)
        number = delivery.attempts + 1
        self._db.execute(
            "UPDATE deliveries SET attempts = ?, "
            "message = coalesce(iif(attempts, message, NULL), ?) WHERE id = ?",
            [number, message_to_text(message), delivery.id],
        )
        done = self._db.execute(
            "INSERT INTO attempts (delivery, number, started) VALUES (?, ?, ?)",
            [delivery.id, number, as_text(now)],
        )
        assert done.lastrowid is not None
        attempt = Attempt(id=done.lastrowid, delivery=delivery.id, number=number, started=now)
        return attempt, claim

    def end_attempt(
        self, attempt: int, outcome: Outcome, detail: Fault | None, now: datetime
    ) -> bool:
        """Record how an attempt ended; returns False if its end is on record, which then stays."""
        done = self._db.execute(
            "UPDATE attempts SET outcome = ?, detail = ?, ended = ? "
            "WHERE id = ? AND outcome IS NULL",
            [outcome.value, delivery_note(detail), as_text(now), attempt],
        )
        return bool(done.rowcount)

    def open_attempts(self) -> list[Attempt]:
        """The attempts that have no end on record."""
        rows = self._db.rows("SELECT * FROM attempts WHERE outcome IS NULL ORDER BY id")
        return [attempt_from_row(row) for row in rows]

    def overdue_attempts(self, channel: str, now: datetime) -> list[Attempt]:
        """The attempts over this channel without an end on record whose claim has run out."""
        rows = self._db.rows(
            "SELECT attempts.* FROM attempts JOIN deliveries ON deliveries.id = delivery "
            "WHERE outcome IS NULL AND channel = ? "
            "AND delivery IN (SELECT value FROM json_each(?)) ORDER BY attempts.id",
            [channel, json.dumps(self._claims.run_out(now))],
        )
        return [attempt_from_row(row) for row in rows]

    def take_back(self, delivery: str) -> None:
        """End the claim on this delivery, whoever has it."""
        self._db.execute(
            "UPDATE deliveries SET owner = NULL, lease = NULL WHERE id = ?", [delivery]
        )

    def update(
        self, delivery: Delivery, *, reference: str = "", claim: WorkClaim | None = None
    ) -> None:
        """Store what an attempt, a silence or time has changed, and end the claim.

        If that closes the delivery, its passages count as told, or as not told.

        Raises:
            ClaimLostError: the delivery is claimed, and not by this claim.
        """
        self._claims.check(delivery.id, claim)
        row = delivery_to_row(delivery) | {"reference": reference}
        names = ("state", "due", "plain", "uncertain", "reason", "detail", "closed", "expires")
        changes = ", ".join(f"{name} = :{name}" for name in names)
        self._db.execute(
            f"UPDATE deliveries SET {changes}, owner = NULL, lease = NULL, reference = "  # noqa: S608 - our own names
            "CASE WHEN :reference = '' THEN reference ELSE :reference END WHERE id = :id",
            row,
        )
        self._passages.settle(delivery)

    def reopen(self, delivery: Delivery) -> None:
        """Let a closed delivery go once more."""
        self.update(delivery)
        self._passages.owe_again(delivery.id)
        self._db.execute(
            "UPDATE deliveries SET grouped_until = ? WHERE id = ?",
            [as_text(delivery.grouped_until), delivery.id],
        )
