"""What is remembered about sources and heartbeats, so that people are told only once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts.faults import config_fault_in, config_note
from alerts.policy.source_notices import LastNotice, RefusedRule
from alerts.policy.source_rhythm import Habit
from alerts.store.rows import Row, optional_text, optional_time
from crawler.store import Connection, as_text, as_time

# The name of the whole file in its row; a single rule has a slash and its id after it.
_RULES = "rules"


class Watches:
    """How often sources bring news, what was told about them, and when heartbeats were sent."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def habit(self, source: str) -> Habit | None:
        """How often this source brings news; None before its first article."""
        rows = self._db.rows("SELECT * FROM source_habits WHERE source = ?", [source])
        return _habit(rows[0]) if rows else None

    def habits(self) -> list[Habit]:
        """How often each source brings news."""
        return [_habit(row) for row in self._db.rows("SELECT * FROM source_habits", [])]

    def put(self, habit: Habit) -> None:
        """Store how often a source brings news."""
        gaps = json.dumps([round(gap.total_seconds()) for gap in habit.gaps])
        self._db.execute(
            "INSERT OR REPLACE INTO source_habits VALUES (?, ?, ?, ?, ?, ?)",
            [
                habit.source,
                habit.outlet,
                as_text(habit.started),
                as_text(habit.latest),
                gaps,
                optional_text(habit.silent),
            ],
        )

    def told(self) -> dict[str, LastNotice]:
        """What people were last told about sources with problems, by source."""
        rows = self._db.rows("SELECT * FROM source_ailments", [])
        return {
            row["source"]: LastNotice(
                source=row["source"], grade=row["grade"], at=as_time(row["at"])
            )
            for row in rows
        }

    def tell(self, told: LastNotice) -> None:
        """Store what people were told about a source."""
        self._db.execute(
            "INSERT OR REPLACE INTO source_ailments VALUES (?, ?, ?)",
            [told.source, told.grade, as_text(told.at)],
        )

    def refusals(self) -> list[RefusedRule]:
        """The refused rules, or the refused file, in the order in which they were stored."""
        there = "SELECT 1 FROM sqlite_master WHERE name = 'refused_rules'"
        if not self._db.rows(there):
            return []  # a reader may see a database that was not upgraded yet
        return [
            RefusedRule(
                row["file"].removeprefix(_RULES).removeprefix("/"),
                as_time(row["since"]),
                tuple(map(config_fault_in, row["fault"].split("\n"))),
            )
            for row in self._db.rows("SELECT * FROM refused_rules ORDER BY rowid", [])
        ]

    def set_refusals(self, refusals: Iterable[RefusedRule]) -> None:
        """Store these as the only refused rules."""
        self._db.execute("DELETE FROM refused_rules")
        for refusal in refusals:
            place = f"{_RULES}/{refusal.rule}" if refusal.rule else _RULES
            self._db.execute(
                "INSERT INTO refused_rules VALUES (?, ?, ?)",
                [place, as_text(refusal.since), "\n".join(map(config_note, refusal.faults))],
            )

    def heartbeat(self, channel: str) -> tuple[datetime, int] | None:
        """When this channel last got a heartbeat, and how far the log had been read."""
        rows = self._db.rows("SELECT * FROM heartbeats WHERE channel = ?", [channel])
        return (as_time(rows[0]["told"]), rows[0]["seq"]) if rows else None

    def set_heartbeat(self, channel: str, told: datetime, seq: int) -> None:
        """Record that this channel got a heartbeat."""
        self._db.execute(
            "INSERT OR REPLACE INTO heartbeats VALUES (?, ?, ?)", [channel, as_text(told), seq]
        )


def _habit(row: Row) -> Habit:
    return Habit(
        source=row["source"],
        outlet=row["outlet"],
        started=as_time(row["started"]),
        latest=as_time(row["latest"]),
        gaps=tuple(timedelta(seconds=gap) for gap in json.loads(row["gaps"])),
        silent=optional_time(row["silent"]),
    )
