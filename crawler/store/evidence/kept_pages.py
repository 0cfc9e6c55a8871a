"""Where in the web archives each page was kept, and how far their chain is known here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.records import as_text


class DayState(StrEnum):
    """Whether a day is written to, has ended, or was removed because it had its time."""

    OPEN = "open"
    ENDED = "ended"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day of the chain as it is known here: its lines, and the link of the last one."""

    day: str
    lines: int
    head: str
    state: DayState = DayState.OPEN
    stamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page that was kept: line `n` of a day, and the lines of its other records after it."""

    day: str
    n: int
    article: str
    revision: int
    seen: str
    url: str
    record: str
    payload: str


class KeptPages:
    """The index of what was kept; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(self, pages: Iterable[KeptPage]) -> None:
        """Note where these pages were kept; to note one twice changes nothing."""
        for page in pages:
            fields = {name: getattr(page, name) for name in KeptPage.__dataclass_fields__}
            self._db.replace("evidence_kept", fields)

    def of_articles(self, articles: Collection[str]) -> list[KeptPage]:
        """The pages of these articles that were kept, in the order of the chain."""
        rows = self._db.rows(
            "SELECT * FROM evidence_kept WHERE article IN (SELECT value FROM json_each(?)) "
            "ORDER BY day, n",
            [json.dumps(sorted(articles))],
        )
        return [KeptPage(**row) for row in rows]

    def with_bytes(self, payload: str) -> list[KeptPage]:
        """The pages with these bytes, by their digest, in the order of the chain."""
        rows = self._db.rows(
            "SELECT * FROM evidence_kept WHERE payload = ? ORDER BY day, n", [payload]
        )
        return [KeptPage(**row) for row in rows]

    def has(self, day: str, n: int) -> bool:
        """Whether a page is known in this line of a day."""
        found = self._db.execute("SELECT 1 FROM evidence_kept WHERE day = ? AND n = ?", [day, n])
        return found.fetchone() is not None

    def days(self) -> dict[str, KnownDay]:
        """All days that are known, those that were removed too, in order."""
        rows = self._db.rows("SELECT * FROM evidence_days ORDER BY day")
        return {
            row["day"]: KnownDay(
                row["day"], row["lines"], row["head"], DayState(row["state"]), bool(row["stamped"])
            )
            for row in rows
        }

    def newest(self) -> KnownDay | None:
        """The newest day that is known, None if nothing was kept yet."""
        found = self._db.execute("SELECT max(day) FROM evidence_days").fetchone()[0]
        return self.days()[found] if found else None

    def note_day(self, day: KnownDay) -> None:
        """Note how far the chain of a day goes."""
        self._db.replace(
            "evidence_days",
            {
                "day": day.day,
                "lines": day.lines,
                "head": day.head,
                "state": day.state.value,
                "stamped": day.stamped,
            },
        )

    def note_stamp(self, day: str) -> None:
        """Note that an authority has stamped a day."""
        self._db.execute("UPDATE evidence_days SET stamped = 1 WHERE day = ?", [day])

    def drop_day(self, day: str) -> None:
        """Note that a day was removed, with all that was kept on it."""
        self._db.execute("DELETE FROM evidence_kept WHERE day = ?", [day])
        self._db.execute("UPDATE evidence_days SET state = 'dropped' WHERE day = ?", [day])

    def drop_after(self, day: str, n: int) -> None:
        """Take out what is said to stand behind this line."""
        self._db.execute("DELETE FROM evidence_kept WHERE day = ? AND n > ?", [day, n])
        self._db.execute("DELETE FROM evidence_kept WHERE day > ?", [day])
        self._db.execute("DELETE FROM evidence_days WHERE day > ?", [day])

    def to_forget(self) -> Mapping[str, str]:
        """The articles that are still to be erased from the archives, and since when."""
        rows = self._db.rows("SELECT article, at FROM evidence_to_forget")
        return {row["article"]: row["at"] for row in rows}

    def forget(self, article: str, now: datetime) -> None:
        """Let an article be erased from the archives, if something of it may be there.

        What still waits may have been written already, by a process that had not noted it yet.
        """
        found = self._db.execute(
            "SELECT 1 FROM evidence_kept WHERE article = ? "
            "UNION ALL SELECT 1 FROM evidence_held WHERE article = ?",
            [article, article],
        )
        if found.fetchone():
            self._db.replace("evidence_to_forget", {"article": article, "at": as_text(now)})

    def gone(self) -> set[str]:
        """The articles that were ever forgotten."""
        return {article for (article,) in self._db.execute("SELECT article FROM forgotten")}

    def forgotten(self, article: str) -> None:
        """Note that an article was erased from the archives."""
        self._db.execute("DELETE FROM evidence_kept WHERE article = ?", [article])
        self._db.execute("DELETE FROM evidence_to_forget WHERE article = ?", [article])


_TABLES = (
    """
    CREATE TABLE evidence_kept (
        day TEXT NOT NULL,
        n INTEGER NOT NULL,
        article TEXT NOT NULL,
        revision INTEGER NOT NULL,
        seen TEXT NOT NULL,
        url TEXT NOT NULL,
        record TEXT NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (day, n)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX evidence_kept_article ON evidence_kept (article)",
    "CREATE INDEX evidence_kept_payload ON evidence_kept (payload)",
    """
    CREATE TABLE evidence_days (
        day TEXT PRIMARY KEY,
        lines INTEGER NOT NULL,
        head TEXT NOT NULL,
        state TEXT NOT NULL,
        stamped INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    (
        "CREATE TABLE evidence_to_forget (article TEXT PRIMARY KEY, at TEXT NOT NULL) "
        "STRICT, WITHOUT ROWID"
    ),
)


def create_kept_tables(db: Connection) -> None:
    """Make the index of what was kept, the known days, and what is to be forgotten."""
    for statement in _TABLES:
        db.execute(statement)
