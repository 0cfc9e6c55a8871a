"""Pages that wait to be kept as evidence: they are stored with their article, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from crawler.frozen import dataclass
from crawler.network.exchange import Exchange, exchange_from_bytes, exchange_to_bytes
from crawler.store.connection import Connection
from crawler.store.records import Saved, as_text, as_time

# What becomes of a page. One that nobody wanted stays for a while: a revision may be wanted.
_UNJUDGED, _WANTED, _UNWANTED = 0, 1, 2
# Chosen: rows that one job removes, so that no other job waits for long.
_AT_ONCE = 100
# Chosen: so many go at once if there is no room, so that few go for nothing.
_FEW = 5
# Bytes. Chosen: evidence never takes the last of a disk, which articles and alerts need.
RESERVE = 100_000_000


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page of an article that waits; `exchange` is None if there was no room for its bytes."""

    id: int
    article: str
    revision: int
    seen: datetime
    outlet: str
    key: str
    exchange: Exchange | None


def has_room(folder: Path) -> bool:
    """Whether evidence may take room on the disk of this folder."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize > RESERVE


class HeldPages:
    """The pages that wait; every method is part of a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def hold(
        self,
        saved: Saved,
        pages: Iterable[Exchange],
        now: datetime,
        *,
        all_wanted: bool,
        room: bool,
    ) -> None:
        """Let the pages of a text that was just stored wait; without `room`, their names alone."""
        found = self._db.execute("SELECT number FROM revisions WHERE seq = ?", [saved.seq])
        (revision,) = found.fetchone()
        for page in pages:
            data = exchange_to_bytes(page) if room else None
            self._db.insert(
                "evidence_held",
                {
                    "article": saved.article,
                    "revision": revision,
                    "seq": saved.seq,
                    "seen": as_text(now),
                    "state": _WANTED if all_wanted else _UNJUDGED,
                    "size": len(data or b""),
                    "exchange": data,
                },
            )

    def judge(self, upto: int, matched: Callable[[Collection[str]], Collection[str]]) -> int:
        """Decide about the pages of texts that the rules have read, up to this one of the log.

        All pages of an article that `matched` gives back are wanted, those of earlier texts too.
        Returns how many were.
        """
        rows = self._db.rows(
            "SELECT id, article FROM evidence_held WHERE state = ? AND seq <= ?", [_UNJUDGED, upto]
        )
        if not rows:
            return 0
        found = matched(sorted({row["article"] for row in rows}))
        self._db.executemany(
            "UPDATE evidence_held SET state = ? WHERE article = ?",
            [(_WANTED, article) for article in found],
        )
        others = [row["id"] for row in rows if row["article"] not in found]
        self._db.executemany(
            "UPDATE evidence_held SET state = ? WHERE id = ?",
            [(_UNWANTED, name) for name in others],
        )
        return len(rows) - len(others)

    def want_all(self) -> None:
        """Let all pages be kept that nobody has decided about."""
        self._db.execute("UPDATE evidence_held SET state = ? WHERE state = ?", [_WANTED, _UNJUDGED])

    def wanted(self, most: int, most_bytes: int) -> list[HeldPage]:
        """The oldest pages that are to be kept, at most so many, and one beyond so many bytes."""
        found, size = list[int](), 0
        for name, each in self._db.execute(
            "SELECT id, size FROM evidence_held WHERE state = ? ORDER BY id LIMIT ?",
            [_WANTED, most],
        ):
            found.append(name)
            if (size := size + each) > most_bytes:
                break
        rows = self._db.rows(
            "SELECT evidence_held.id, article, evidence_held.revision, seen, exchange, outlet, key "
            "FROM evidence_held JOIN articles ON articles.id = article "
            "WHERE evidence_held.id IN (SELECT value FROM json_each(?)) ORDER BY evidence_held.id",
            [json.dumps(found)],
        )
        return [
            HeldPage(
                row["id"],
                row["article"],
                row["revision"],
                as_time(row["seen"]),
                row["outlet"],
                row["key"],
                exchange_from_bytes(row["exchange"]) if row["exchange"] else None,
            )
            for row in rows
        ]

    def remove(self, ids: Sequence[int]) -> None:
        """Let these wait no longer."""
        with self._overwriting():
            rows = [(name,) for name in ids]
            self._db.executemany("DELETE FROM evidence_held WHERE id = ?", rows)

    def remove_all(self) -> int:
        """Let nothing wait that is not wanted yet, a few rows at once; returns how many."""
        return self._remove_oldest((_UNJUDGED, _UNWANTED), None, _AT_ONCE)

    def make_room(self, most: int, before: datetime) -> int:
        """Remove what nobody wanted before this, and the oldest beyond so many bytes.

        If that is not enough, of the oldest others only the names stay. Returns how many rows it
        changed; there may be more to do.
        """
        if gone := self._remove_oldest((_UNWANTED,), before, _AT_ONCE):
            return gone
        if self.bytes() <= most:
            return 0
        if gone := self._remove_oldest((_UNWANTED,), None, _FEW):
            return gone
        with self._overwriting():
            emptied = self._db.execute(
                "UPDATE evidence_held SET size = 0, exchange = NULL WHERE id IN (SELECT id FROM "
                "evidence_held WHERE state < ? AND size > 0 ORDER BY state, id LIMIT ?)",
                [_UNWANTED, _FEW],
            )
        return emptied.rowcount

    def _remove_oldest(self, states: Sequence[int], before: datetime | None, most: int) -> int:
        with self._overwriting():
            gone = self._db.execute(
                "DELETE FROM evidence_held WHERE id IN (SELECT id FROM evidence_held "
                "WHERE state IN (SELECT value FROM json_each(?)) AND seen < ? ORDER BY id LIMIT ?)",
                [json.dumps(states), as_text(before) if before else "~", most],
            )
        return gone.rowcount

    @contextmanager
    def _overwriting(self) -> Iterator[None]:
        """While it lasts, what is removed is overwritten: its article may be forgotten later."""
        self._db.execute("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            self._db.execute("PRAGMA secure_delete = OFF")

    def bytes(self) -> int:
        """How many bytes wait."""
        return int(self._db.execute("SELECT bytes FROM evidence_room").fetchone()[0])

    def count(self) -> int:
        """How many pages wait to be kept."""
        found = self._db.execute("SELECT count(*) FROM evidence_held WHERE state = ?", [_WANTED])
        return int(found.fetchone()[0])

    def forget(self, article: str) -> None:
        """Erase the pages of an article that wait."""
        self._db.execute("DELETE FROM evidence_held WHERE article = ?", [article])


_TABLES = (
    """
    CREATE TABLE evidence_held (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article TEXT NOT NULL,
        revision INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        seen TEXT NOT NULL,
        state INTEGER NOT NULL,
        size INTEGER NOT NULL,
        exchange BLOB
    ) STRICT
    """,
    "CREATE INDEX evidence_held_state ON evidence_held (state)",
    "CREATE INDEX evidence_held_article ON evidence_held (article)",
    "CREATE TABLE evidence_room (bytes INTEGER NOT NULL) STRICT",
    "INSERT INTO evidence_room VALUES (0)",
    (
        "CREATE TRIGGER evidence_held_in AFTER INSERT ON evidence_held "
        "BEGIN UPDATE evidence_room SET bytes = bytes + NEW.size; END"
    ),
    (
        "CREATE TRIGGER evidence_held_out AFTER DELETE ON evidence_held "
        "BEGIN UPDATE evidence_room SET bytes = bytes - OLD.size; END"
    ),
    (
        "CREATE TRIGGER evidence_held_emptied AFTER UPDATE OF size ON evidence_held "
        "BEGIN UPDATE evidence_room SET bytes = bytes - OLD.size + NEW.size; END"
    ),
)


def create_held_tables(db: Connection) -> None:
    """Make the table of pages that wait, and the number of their bytes."""
    for statement in _TABLES:
        db.execute(statement)
