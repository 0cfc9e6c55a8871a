"""How far a history has been filled: its files, what became of their records, what was wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime

from sqlite_utils import Database, Migrations

from crawler.history.history_batch import FilledFile, HistoryBatch, HistoryFault, RecordKind
from crawler.model import Source
from crawler.store import Connection
from crawler.store.records import as_text, as_time
from crawler.warc.warc_record import Position

history_migrations = Migrations("history")

# Faults that are kept of each file. Chosen: the counts have them all.
MOST_FAULTS = 1_000

_TABLES = """
CREATE TABLE history (
    began TEXT NOT NULL,
    selection TEXT NOT NULL
) STRICT;

CREATE TABLE history_files (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dated TEXT NOT NULL,
    size INTEGER NOT NULL,
    at_offset INTEGER NOT NULL DEFAULT 0,
    at_inner INTEGER NOT NULL DEFAULT 0,
    records INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE history_counts (
    file INTEGER NOT NULL REFERENCES history_files (number),
    kind TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (file, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE history_faults (
    file INTEGER NOT NULL REFERENCES history_files (number),
    at_offset INTEGER NOT NULL,
    at_inner INTEGER NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    line INTEGER,
    PRIMARY KEY (file, at_offset, at_inner)
) STRICT, WITHOUT ROWID;
"""


@history_migrations()
def h001_history(db: Database) -> None:
    """What makes an archive a history: the files that it was filled from, and how far."""
    Connection(db.conn).executescript(_TABLES)


class HistoryStore:
    """The tables of a history; methods that write belong into a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def selection(self) -> dict[str, object] | None:
        """With which options it is filled; None if that has not begun."""
        found = self._db.execute("SELECT selection FROM history").fetchone()
        return json.loads(found[0]) if found else None

    def begin(self, selection: Mapping[str, object], now: datetime) -> None:
        """Note with which options it is filled from now on."""
        if self.selection() is None:
            text = json.dumps(selection, sort_keys=True)
            self._db.insert("history", {"began": as_text(now), "selection": text})

    def add_sources(self, sources: Mapping[str, Source], now: datetime) -> None:
        """Make known which outlet each source has; none of them is ever polled here."""
        self._db.executemany(
            "INSERT OR IGNORE INTO sources (id, outlet, url, enabled, added, next_poll) "
            "VALUES (?, ?, ?, 0, ?, ?)",
            [
                (each.id, each.outlet, each.url, as_text(now), as_text(now))
                for each in sources.values()
            ],
        )

    def files(self) -> list[FilledFile]:
        """The files so far, in the order in which they were read."""
        return [
            FilledFile(
                number=row["number"],
                name=row["name"],
                dated=as_time(row["dated"]),
                size=row["size"],
                end=Position(row["at_offset"], row["at_inner"]),
                records=row["records"],
                done=bool(row["done"]),
            )
            for row in self._db.rows("SELECT * FROM history_files ORDER BY number")
        ]

    def add_file(self, name: str, dated: datetime, size: int) -> int:
        """The number of a file that is new, or is known already."""
        self._db.execute(
            "INSERT OR IGNORE INTO history_files (name, dated, size) VALUES (?, ?, ?)",
            [name, as_text(dated), size],
        )
        found = self._db.execute("SELECT number FROM history_files WHERE name = ?", [name])
        return int(found.fetchone()[0])

    def note(self, file: int, batch: HistoryBatch, counts: Counter[RecordKind]) -> None:
        """Move the end of what was read behind this batch, whose records count like this."""
        self._db.execute(
            "UPDATE history_files SET at_offset = ?, at_inner = ?, records = records + ?, done = ? "
            "WHERE number = ?",
            [batch.end.offset, batch.end.inner, counts.total(), batch.done, file],
        )
        self._db.executemany(
            "INSERT INTO history_counts VALUES (?, ?, ?) "
            "ON CONFLICT (file, kind) DO UPDATE SET total = total + excluded.total",
            [(file, kind.value, total) for kind, total in sorted(counts.items())],
        )
        if batch.faults:
            self._note_faults(file, batch.faults)

    def _note_faults(self, file: int, faults: list[HistoryFault]) -> None:
        held = self._db.execute("SELECT count(*) FROM history_faults WHERE file = ?", [file])
        room = max(0, MOST_FAULTS - int(held.fetchone()[0]))
        self._db.executemany(
            "INSERT OR IGNORE INTO history_faults VALUES (?, ?, ?, ?, ?, ?)",
            [
                (file, *astuple(fault.place), fault.kind.value, fault.what, fault.line)
                for fault in faults[:room]
            ],
        )

    def counts(self, file: int | None = None) -> dict[RecordKind, int]:
        """What became of the records of a file, or of all, in the order of `RecordKind`."""
        rows = self._db.rows(
            "SELECT kind, sum(total) AS total FROM history_counts "
            "WHERE :file IS NULL OR file = :file GROUP BY kind",
            {"file": file},
        )
        totals = {row["kind"]: row["total"] for row in rows}
        return {kind: totals[kind] for kind in RecordKind if kind in totals}

    def faults(self, file: int) -> list[HistoryFault]:
        """What was wrong in a file, by its places; at most `MOST_FAULTS`."""
        rows = self._db.rows(
            "SELECT * FROM history_faults WHERE file = ? ORDER BY at_offset, at_inner", [file]
        )
        return [
            HistoryFault(
                Position(row["at_offset"], row["at_inner"]),
                RecordKind(row["kind"]),
                row["what"],
                row["line"],
            )
            for row in rows
        ]
