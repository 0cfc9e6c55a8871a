"""Rows of the ledger of alerts that have had their time, and a few of them removed.

What says what was told stays as long as the article: without it, an old page that is read again
would be told anew. All that remove something belong in a writer's job. They return how many rows
they removed; fewer than `most` means that no more are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from alerts.alert import EditionAlert, alert_id
from alerts.edition import EditionKey
from alerts.store.rows import alert_from_row, alert_to_row
from crawler.store import Connection, as_text, as_time

_EDITIONS = """
    SELECT paper, day, at FROM editions WHERE due < :before AND EXISTS (
        SELECT 1 FROM editions AS later
        WHERE later.paper = editions.paper AND later.due > editions.due
    ) LIMIT :n
"""
_MESSAGES = "deliveries WHERE closed < :before AND message IS NOT NULL"


def old_decisions(db: Connection, before: datetime) -> int:
    """How many reasons for not telling something are older than this."""

    def decided(number: int) -> datetime | None:
        found = db.execute("SELECT decided FROM decisions WHERE id >= ? LIMIT 1", [number])
        return _time(found.fetchone())

    [(last,)] = db.execute("SELECT max(id) FROM decisions").fetchall()
    end = _first_since(before, decided, last or 0)
    found = db.execute("SELECT count(*) FROM decisions WHERE id < ?", [end])
    return int(found.fetchone()[0])


def drop_decisions(db: Connection, before: datetime, most: int) -> int:
    """Forget the oldest reasons for not telling something."""
    # Rows come with growing numbers, so the oldest need no index on their time.
    return db.execute(
        "DELETE FROM decisions WHERE id < (SELECT min(id) FROM decisions) + ? AND decided < ?",
        [most, as_text(before)],
    ).rowcount


def old_attempts(db: Connection, before: datetime) -> int:
    """How many attempts began before this."""

    def started(number: int) -> datetime | None:
        found = db.execute("SELECT started FROM attempts WHERE id >= ? LIMIT 1", [number])
        return _time(found.fetchone())

    [(last,)] = db.execute("SELECT max(id) FROM attempts").fetchall()
    end = _first_since(before, started, last or 0)
    found = db.execute("SELECT count(*) FROM attempts WHERE id < ?", [end])
    return int(found.fetchone()[0])


def drop_attempts(db: Connection, before: datetime, most: int) -> int:
    """Forget the oldest attempts; their deliveries stay."""
    return db.execute(
        "DELETE FROM attempts WHERE id < (SELECT min(id) FROM attempts) + ? AND started < ? "
        "AND outcome IS NOT NULL",
        [most, as_text(before)],
    ).rowcount


def old_messages(db: Connection, before: datetime) -> int:
    """How many closed deliveries still have the text of their message."""
    found = db.execute(f"SELECT count(*) FROM {_MESSAGES}", {"before": as_text(before)})  # noqa: S608 - our own clause
    return int(found.fetchone()[0])


def drop_messages(db: Connection, before: datetime, most: int) -> int:
    """Forget the texts of messages; that they were sent stays, with when and to whom."""
    return db.execute(
        f"UPDATE deliveries SET message = NULL WHERE seq IN (SELECT seq FROM {_MESSAGES} LIMIT :n)",  # noqa: S608 - our own clause
        {"before": as_text(before), "n": most},
    ).rowcount


def old_editions(db: Connection, before: datetime) -> int:
    """How many editions of morning papers were due before this; the newest of each paper stays."""
    return len(db.rows(_EDITIONS, {"before": as_text(before), "n": -1}))


def drop_editions(db: Connection, before: datetime, most: int) -> int:
    """Forget the oldest editions; that their messages were sent stays, with when and to whom."""
    rows = db.rows(_EDITIONS, {"before": as_text(before), "n": most})
    for row in rows:
        name = alert_id("", "", EditionKey(**row).event)
        for held in db.rows("SELECT * FROM alerts WHERE id = ?", [name]):
            alert = alert_from_row(held)
            if isinstance(alert, EditionAlert):
                bare = replace(alert, edition=replace(alert.edition, sections=(), foreword=""))
                body = alert_to_row(bare)["body"]
                db.execute("UPDATE alerts SET body = ? WHERE id = ?", [body, name])
        for table in ("editions", "edition_edits"):
            db.execute(
                f"DELETE FROM {table} WHERE paper = :paper AND day = :day AND at = :at",  # noqa: S608 - our own names
                row,
            )
    return len(rows)


def drop_seen(db: Connection, before: datetime, most: int) -> int:
    """Forget which stories were seen long ago; those with a star or a note stay."""
    return db.execute(
        "DELETE FROM story_marks WHERE (user, story) IN (SELECT user, story FROM story_marks "
        "WHERE changed < ? AND NOT starred AND note = '' LIMIT ?)",
        [as_text(before), most],
    ).rowcount


def _first_since(before: datetime, time_of: Callable[[int], datetime | None], last: int) -> int:
    """The first number whose row is not older than this; rows come in the order of their times."""
    first, end = 0, last + 1
    while first < end:
        middle = (first + end) // 2
        time = time_of(middle)
        if time is None or time >= before:
            end = middle
        else:
            first = middle + 1
    return first


def _time(row: tuple[str] | None) -> datetime | None:
    return as_time(row[0]) if row else None
