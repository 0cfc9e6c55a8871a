"""What the API asks of the archive: one page of rows after another, each found by an index."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from crawler.store import Connection

_BIGGEST = 2**62
_KEY = ("decided", "story", "channel", "target", "passage")


class UnknownPlaceError(ValueError):
    """A page cannot begin there: nothing has this name."""


def articles_before(db: Connection, before: str, outlet: str, limit: int) -> list[str]:
    """The ids of the newest articles that were stored before this one, of one outlet or of all."""
    seen, number = "9999", _BIGGEST
    if before:
        row = db.execute("SELECT first_seen, number FROM articles WHERE id = ?", [before])
        seen, number = _found(row.fetchone())
    if outlet:
        rows = db.execute(
            "SELECT id FROM articles WHERE outlet = ? AND (first_seen, number) < (?, ?) "
            "ORDER BY first_seen DESC, number DESC LIMIT ?",
            [outlet, seen, number, limit],
        )
    else:
        rows = db.execute(
            "SELECT id FROM articles WHERE number < ? ORDER BY number DESC LIMIT ?",
            [number, limit],
        )
    return [name for (name,) in rows]


def deliveries_before(db: Connection, before: str, limit: int) -> list[dict[str, Any]]:
    """The rows of the newest deliveries that were queued before this one."""
    last = _BIGGEST
    if before:
        (last,) = _found(db.execute("SELECT seq FROM deliveries WHERE id = ?", [before]).fetchone())
    return db.rows(
        "SELECT * FROM deliveries WHERE seq < ? ORDER BY seq DESC LIMIT ?", [last, limit]
    )


def untold_before(db: Connection, before: str, limit: int) -> list[dict[str, Any]]:
    """The rows of the newest passages that were not told, after the one with this key."""
    return db.rows(
        "SELECT * FROM passages WHERE state = 'untold' "
        "AND (decided, story, channel, target, passage) < (?, ?, ?, ?, ?) "
        "ORDER BY decided DESC, story DESC, channel DESC, target DESC, passage DESC LIMIT ?",
        [*(_key_in(before) if before else ["9999", "", "", "", ""]), limit],
    )


def key_of(passage: dict[str, Any]) -> str:
    """Where the next page begins after this passage; it means nothing to anybody else."""
    return base64.urlsafe_b64encode(json.dumps([passage[name] for name in _KEY]).encode()).decode()


def _key_in(text: str) -> list[str]:
    try:
        key = json.loads(base64.urlsafe_b64decode(text))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, list) or list(map(type, key)) != [str] * len(_KEY):
        raise UnknownPlaceError
    return key


def _found(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    if row is None:
        raise UnknownPlaceError
    return row
