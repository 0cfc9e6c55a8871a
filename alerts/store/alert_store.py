"""The ledger of alerts, in the same SQLite file as the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from alerts.alert import Reason
from alerts.match import Match
from alerts.message import Delivery
from alerts.policy.channel_state import ChannelState
from alerts.store.rows import channel_state_from_row, channel_state_to_row, optional_time
from crawler.store import Connection, as_text, as_time

if TYPE_CHECKING:
    from alerts.store.ledger import Ledger
    from alerts.store.outbox import Outbox
    from alerts.store.passage_ledger import PassageLedger
    from alerts.store.queries import LedgerReader
    from alerts.store.threads import Threads
    from alerts.store.unconfirmed_changes import UnconfirmedChanges
    from alerts.store.watches import Watches

_LATEST_ATTEMPTS = 1000  # chosen: more than others begin between two tries of a refused channel


class ChannelStates:
    """What each channel remembers: wait, rate, circuit breaker and pause."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def get(self, channel: str) -> ChannelState:
        """What this channel remembers; a new channel remembers nothing."""
        rows = self._db.rows("SELECT * FROM channels WHERE id = ?", [channel])
        return channel_state_from_row(rows[0]) if rows else ChannelState(id=channel)

    def all(self) -> list[ChannelState]:
        """What the channels remember that have sent anything."""
        return [channel_state_from_row(row) for row in self._db.rows("SELECT * FROM channels", [])]

    def by_id(self) -> dict[str, ChannelState]:
        """The same, by channel."""
        return {state.id: state for state in self.all()}

    def put(self, state: ChannelState) -> None:
        """Store what a channel remembers."""
        row = channel_state_to_row(state)
        values = ", ".join(f":{name}" for name in row)
        self._db.execute(
            f"INSERT OR REPLACE INTO channels ({', '.join(row)}) VALUES ({values})",  # noqa: S608 - our own names
            row,
        )

    def latest(self, channel: str) -> datetime | None:
        """When a message of this channel that waits was queued, or one began or ended, at last."""
        rows = self._db.rows(
            "SELECT max(created) AS at FROM deliveries WHERE state = 'pending' AND channel = ?",
            [channel],
        )
        moments = optional_time(rows[0]["at"]), self.get(channel).counted
        return max((moment for moment in moments if moment), default=None)

    def tried(self, channel: str) -> datetime | None:
        """When a message over this channel began at last, if few have over others since."""
        rows = self._db.rows(
            """
            SELECT started FROM attempts JOIN deliveries ON deliveries.id = delivery
            WHERE attempts.id > (SELECT max(id) FROM attempts) - ? AND channel = ?
            ORDER BY attempts.id DESC LIMIT 1
            """,
            [_LATEST_ATTEMPTS, channel],
        )
        return as_time(rows[0]["started"]) if rows else None

    def set_back(self, channel: str, waiting: Iterable[Delivery], now: datetime) -> None:
        """Store when these go that wait, after the clock was set back; nothing is of later than it.

        The messages that went before count as gone by now, so that none waits for their time.
        """
        self._db.executemany(
            "UPDATE deliveries SET created = ?, due = ?, grouped_until = ?, expires = ? "
            "WHERE id = ?",
            [
                (*map(as_text, (one.created, one.due, one.grouped_until, one.expires)), one.id)
                for one in waiting
            ],
        )
        self._db.execute(
            "UPDATE deliveries SET due = min(due, :now) "
            "WHERE state <> 'pending' AND state = 'delivered' AND closed > :now "
            "AND channel = :channel",
            {"now": as_text(now), "channel": channel},
        )
        state = self.get(channel)
        if state.counted and state.counted > now:
            self.put(replace(state, counted=now))

    def hasten(self, channel: str, now: datetime) -> None:
        """Let go now what failed, waits for another try and is not being sent."""
        self._db.execute(
            "UPDATE deliveries SET due = :now WHERE state = 'pending' AND owner IS NULL "
            "AND channel = :channel AND reason = :failed AND due > :now",
            {"now": as_text(now), "channel": channel, "failed": Reason.BACKOFF.value},
        )


class AlertStore:
    """The parts of the store over one connection; each is loaded when it is asked for.

    The matcher uses `ledger`. The sender uses `outbox` and `channels`. `passages` knows what each
    receiver has heard, `threads` in which conversation, and `unconfirmed` what has to be read twice
    before it is told. `watches` remembers sources and heartbeats. `reading` answers people.
    Methods that write belong in a writer's job.
    """

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.channels = ChannelStates(db)

    @cached_property
    def ledger(self) -> Ledger:
        """What was found and decided."""
        from alerts.store.ledger import Ledger

        return Ledger(self.db)

    @cached_property
    def outbox(self) -> Outbox:
        """What is owed."""
        from alerts.store.outbox import Outbox

        return Outbox(self.db)

    @cached_property
    def passages(self) -> PassageLedger:
        """What each receiver has heard."""
        from alerts.store.passage_ledger import PassageLedger

        return PassageLedger(self.db)

    @cached_property
    def threads(self) -> Threads:
        """In which conversation a receiver hears it."""
        from alerts.store.threads import Threads

        return Threads(self.db)

    @cached_property
    def unconfirmed(self) -> UnconfirmedChanges:
        """What has to be read twice before it is told."""
        from alerts.store.unconfirmed_changes import UnconfirmedChanges

        return UnconfirmedChanges(self.db)

    @cached_property
    def watches(self) -> Watches:
        """What is remembered about sources and heartbeats."""
        from alerts.store.watches import Watches

        return Watches(self.db)

    @cached_property
    def reading(self) -> LedgerReader:
        """What people ask."""
        from alerts.store.queries import LedgerReader

        return LedgerReader(self.db)

    def matches_of(self, article: str) -> list[Match]:
        """The matches of the newest text of this article that has matches."""
        return self.ledger.matches(article)
