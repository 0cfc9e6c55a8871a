"""What channels remember between messages."""

from __future__ import annotations

from alerts.policy.channel_state import ChannelState
from alerts.store.rows import channel_state_from_row, channel_state_to_row
from crawler.store import Connection


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

    def put(self, state: ChannelState) -> None:
        """Store what a channel remembers."""
        row = channel_state_to_row(state)
        values = ", ".join(f":{name}" for name in row)
        self._db.execute(
            f"INSERT OR REPLACE INTO channels ({', '.join(row)}) VALUES ({values})",  # noqa: S608 - our own names
            row,
        )
