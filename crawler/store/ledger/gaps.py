"""Gaps: times in which entries of a source may have been missed, and what its archive gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from crawler.faults.fault import Fault
from crawler.faults.notation import noted, optional_fault
from crawler.frozen import dataclass
from crawler.sources.freshness import ListedEntry
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time, entry_to_json, optional_text, optional_time

# Chosen: after this many failures an archive is given up, since the news in it gets old.
ATTEMPTS = 5

_NOTED_LATER = """(
    SELECT min(since) FROM gaps
    WHERE source = :source AND read IS NULL AND at > :asked AND since >= sources.gap
)"""


@dataclass(frozen=True, slots=True)
class _Span:
    """Between `since` and `at` entries of a source may have come and gone."""

    source: str
    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class OpenGap(_Span):
    """A gap whose archive was not read yet; `error` is why, if that failed."""

    error: Fault | None


@dataclass(frozen=True, slots=True)
class FilledGap(_Span):
    """A gap whose archive was `read` at that time, and gave so many entries."""

    read: datetime
    found: int


Gap = OpenGap | FilledGap


class GapStore:
    """The gaps of all sources; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, source: str, at: datetime, since: datetime) -> None:
        """Write down that a poll found a gap since an earlier one."""
        self._db.execute(
            "INSERT OR IGNORE INTO gaps (source, at, since) VALUES (?, ?, ?)",
            [source, as_text(at), as_text(since)],
        )

    def fill(
        self, source: str, at: datetime, found: Iterable[ListedEntry], *, asked: datetime
    ) -> None:
        """Record that the archive was read: want the pages it gave, and close the open gaps.

        It was `asked` for at that time: a gap that was noted later stays open.
        """
        number = sum(map(partial(self._want, source, at), found))
        self._db.execute(
            """
            UPDATE gaps SET read = :at, found = :found, error = NULL
            WHERE source = :source AND read IS NULL
                AND at <= :asked AND since >= (SELECT gap FROM sources WHERE id = :source)
            """,
            {"source": source, "at": as_text(at), "found": number, "asked": as_text(asked)},
        )
        self._db.execute(
            f"UPDATE sources SET gap = {_NOTED_LATER} WHERE id = :source",  # noqa: S608 - our own clause
            {"source": source, "asked": as_text(asked)},
        )

    def _want(self, source: str, at: datetime, found: ListedEntry) -> int:
        cursor = self._db.execute(
            """
            INSERT INTO pages (key, source, url, entry, first_seen, wanted, due)
            VALUES (:key, :source, :url, :entry, :at, :due, :due) ON CONFLICT (key) DO NOTHING
            """,
            {
                "key": found.key,
                "source": source,
                "url": found.entry.url,
                "entry": entry_to_json(found.entry),
                "at": as_text(at),
                "due": optional_text(found.due),
            },
        )
        return cursor.rowcount

    def unread(self, source: str, fault: Fault, *, asked: datetime) -> None:
        """Record that the archive could not be read; after `ATTEMPTS` times it is given up.

        It was `asked` for at that time: a gap that was noted later is not given up with the others.
        """
        self._db.execute(
            """
            UPDATE gaps SET attempts = attempts + 1, error = :error
            WHERE source = :source AND read IS NULL
                AND at <= :asked AND since >= (SELECT gap FROM sources WHERE id = :source)
            """,
            {"source": source, "error": noted(fault), "asked": as_text(asked)},
        )
        self._db.execute(
            f"""
            UPDATE sources SET gap = {_NOTED_LATER} WHERE id = :source AND :attempts <= (
                SELECT max(attempts) FROM gaps
                WHERE source = :source AND read IS NULL AND at <= :asked AND since >= sources.gap
            )
            """,  # noqa: S608 - our own clause
            {"source": source, "attempts": ATTEMPTS, "asked": as_text(asked)},
        )

    def since(self, moment: datetime) -> list[Gap]:
        """The gaps found since then, oldest first."""
        rows = self._db.rows("SELECT * FROM gaps WHERE at >= ? ORDER BY at", [as_text(moment)])
        return [_gap(row) for row in rows]


def _gap(row: Mapping[str, Any]) -> Gap:
    span = row["source"], as_time(row["at"]), as_time(row["since"])
    if read := optional_time(row["read"]):
        return FilledGap(*span, read, row["found"])
    return OpenGap(*span, optional_fault(row["error"]))
