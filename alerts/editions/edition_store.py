"""The editions that went, what an editor changed of the next, and since when each paper exists."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from alerts.edition import ArchivePosition, Edition, EditionEdits, EditionKey
from crawler.frozen import dataclass
from crawler.store import Connection, as_text, as_time

_TABLES = (
    "CREATE TABLE papers (id TEXT PRIMARY KEY, began TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE editions (
        paper TEXT NOT NULL,
        day TEXT NOT NULL,
        at TEXT NOT NULL,
        due TEXT NOT NULL,
        until TEXT NOT NULL,
        made TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (paper, day, at)
    ) STRICT
    """,
    "CREATE INDEX editions_due ON editions (paper, due)",
    """
    CREATE TABLE edition_edits (
        paper TEXT NOT NULL,
        day TEXT NOT NULL,
        at TEXT NOT NULL,
        body TEXT NOT NULL,
        changed TEXT NOT NULL,
        PRIMARY KEY (paper, day, at)
    ) STRICT
    """,
)


def create_editions(db: Connection) -> None:
    """Make the tables; a step of the schema."""
    for statement in _TABLES:
        db.execute(statement)


@cache
def _editions() -> TypeAdapter[Edition]:
    return TypeAdapter(Edition)


@cache
def _edits() -> TypeAdapter[EditionEdits]:
    return TypeAdapter(EditionEdits)


@dataclass(frozen=True, slots=True)
class LastEdition:
    """The edition that went last: when it was due, up to when it told, and its stories.

    `position` is how far the archive had come then.
    """

    due: datetime
    until: datetime
    stories: tuple[str, ...]
    position: ArchivePosition | None


class EditionStore:
    """Editions in the archive; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def began(self, paper: str) -> datetime | None:
        """Since when this paper exists; None before its first look."""
        rows = self._db.rows("SELECT began FROM papers WHERE id = ?", [paper])
        return as_time(rows[0]["began"]) if rows else None

    def begin(self, paper: str, now: datetime) -> None:
        """Record that this paper exists from now on: what was due before is not made up for."""
        self._db.execute(
            "INSERT INTO papers (id, began) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [paper, as_text(now)],
        )

    def last(self, paper: str) -> LastEdition | None:
        """The edition of this paper that went last."""
        rows = self._db.rows(
            "SELECT body FROM editions WHERE paper = ? ORDER BY due DESC LIMIT 1",
            [paper],
        )
        if not rows:
            return None
        edition = _editions().validate_json(rows[0]["body"])
        stories = tuple(one.story for one in edition.stories)
        return LastEdition(edition.due, edition.until, stories, edition.position)

    def add(self, edition: Edition, now: datetime) -> bool:
        """Store an edition that goes; returns False if it went before."""
        key = edition.key
        done = self._db.execute(
            "INSERT INTO editions (paper, day, at, due, until, made, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                *(key.paper, key.day, key.at),
                *(as_text(edition.due), as_text(edition.until), as_text(now)),
                _editions().dump_json(edition, exclude_defaults=True).decode(),
            ],
        )
        return done.rowcount > 0

    def edition(self, key: EditionKey) -> Edition | None:
        """The edition as it went; None if it did not."""
        rows = self._db.rows(
            "SELECT body FROM editions WHERE paper = ? AND day = ? AND at = ?",
            [key.paper, key.day, key.at],
        )
        return _editions().validate_json(rows[0]["body"]) if rows else None

    def newest(self, paper: str, limit: int) -> list[Edition]:
        """The newest editions of a paper, newest first."""
        rows = self._db.rows(
            "SELECT body FROM editions WHERE paper = ? ORDER BY due DESC LIMIT ?", [paper, limit]
        )
        return [_editions().validate_json(row["body"]) for row in rows]

    def begin_anew(self, now: datetime) -> None:
        """Let every paper begin again at this moment."""
        self._db.execute("UPDATE papers SET began = ?", [as_text(now)])

    def forget(self, stories: Collection[str]) -> list[Edition]:
        """Take these stories out of all editions, and what editors wrote; returns what is left.

        What an editor wrote may quote them, so nothing of it is kept.
        """
        changed = []
        for row in self._db.rows("SELECT paper, day, at, body FROM editions"):
            edition = _editions().validate_json(row["body"])
            if (less := edition.without(stories)) != edition:
                changed.append(replace(less, foreword=""))
        for edition in changed:
            body = _editions().dump_json(edition, exclude_defaults=True).decode()
            self._db.execute(
                "UPDATE editions SET body = ? WHERE paper = ? AND day = ? AND at = ?",
                [body, edition.key.paper, edition.key.day, edition.key.at],
            )
        self._db.execute(
            "DELETE FROM edition_edits WHERE EXISTS "
            "(SELECT 1 FROM json_each(?) AS story WHERE instr(body, story.value))",
            [json.dumps(list(stories))],
        )
        return changed

    def edits(self, key: EditionKey) -> EditionEdits:
        """What an editor has changed of an edition that has still to go."""
        rows = self._db.rows(
            "SELECT body FROM edition_edits WHERE paper = ? AND day = ? AND at = ?",
            [key.paper, key.day, key.at],
        )
        return _edits().validate_json(rows[0]["body"]) if rows else EditionEdits()

    def put_edits(self, key: EditionKey, edits: EditionEdits, now: datetime) -> None:
        """Store what an editor has changed, in place of what was changed before."""
        self._db.execute(
            "INSERT INTO edition_edits (paper, day, at, body, changed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (paper, day, at) DO UPDATE SET body = excluded.body, "
            "changed = excluded.changed",
            [
                *(key.paper, key.day, key.at),
                *(_edits().dump_json(edits, exclude_defaults=True).decode(), as_text(now)),
            ],
        )
