"""What channels and watches remember between messages."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from alerts.channel_state import ChannelState
from alerts.store.rows import Row, channel_state_from_row, channel_state_to_row
from crawler.store import as_text, as_time


class ChannelStates:
    """Gate, rate, circuit breaker and pause of each channel; what was told about sources."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, channel: str) -> ChannelState:
        """What this channel remembers; a new channel remembers nothing."""
        rows = self._rows("SELECT * FROM channels WHERE id = ?", [channel])
        return channel_state_from_row(rows[0]) if rows else ChannelState(id=channel)

    def all(self) -> list[ChannelState]:
        """What every channel remembers that has sent anything."""
        return [channel_state_from_row(row) for row in self._rows("SELECT * FROM channels", [])]

    def put(self, state: ChannelState) -> None:
        """Keep what a channel remembers."""
        row = channel_state_to_row(state)
        values = ", ".join(f":{name}" for name in row)
        self._db.execute(
            f"INSERT OR REPLACE INTO channels ({', '.join(row)}) VALUES ({values})",  # noqa: S608 - our own names
            row,
        )

    def heartbeat(self, channel: str) -> datetime | None:
        """When this channel was last told a heartbeat."""
        rows = self._rows("SELECT told FROM heartbeats WHERE channel = ?", [channel])
        return as_time(rows[0]["told"]) if rows else None

    def set_heartbeat(self, channel: str, told: datetime) -> None:
        """Keep that this channel was told a heartbeat."""
        self._db.execute(
            "INSERT OR REPLACE INTO heartbeats VALUES (?, ?)", [channel, as_text(told)]
        )

    def silent_sources(self) -> dict[str, datetime]:
        """The sources that people were told are silent, each with its last sign of life."""
        rows = self._rows("SELECT source, since FROM silent_sources", [])
        return {row["source"]: as_time(row["since"]) for row in rows}

    def set_silent(self, source: str, since: datetime, now: datetime) -> None:
        """Keep that people were told about this silent source."""
        self._db.execute(
            "INSERT OR REPLACE INTO silent_sources VALUES (?, ?, ?)",
            [source, as_text(since), as_text(now)],
        )

    def set_back(self, source: str) -> None:
        """Keep that people were told that this source is back."""
        self._db.execute("DELETE FROM silent_sources WHERE source = ?", [source])

    def _rows(self, sql: str, parameters: list[object]) -> list[Row]:
        return list(self._db.query(sql, parameters))
