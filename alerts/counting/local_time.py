"""How far local time is from UTC, and since when: SQLite itself knows no time zones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from crawler.store import Connection, as_text

# The years for which changes of the clock are written down; before and after, the nearest counts.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC)
# No zone changes its clock twice within this time.
_STEP = timedelta(days=7)
# What `[schedule] timezone` is unless it says something else.
_USUAL = "Europe/Amsterdam"


def create_local_time(db: Connection) -> None:
    """Create the table, with the clock of the usual zone."""
    columns = "since TEXT PRIMARY KEY, shift TEXT NOT NULL, zone TEXT NOT NULL"
    db.execute(f"CREATE TABLE local_time ({columns}) STRICT, WITHOUT ROWID")
    keep_local_time(db, _USUAL)


def keep_local_time(db: Connection, zone: str) -> None:
    """Let days be those of this zone; a writer's job, which mostly changes nothing."""
    rows = _rows(zone)
    held = db.execute("SELECT since, shift, zone FROM local_time ORDER BY since").fetchall()
    if held != rows:
        db.execute("DELETE FROM local_time")
        db.executemany("INSERT INTO local_time (since, shift, zone) VALUES (?, ?, ?)", rows)


@cache
def _rows(zone: str) -> list[tuple[str, str, str]]:
    return [(since, shift, zone) for since, shift in _shifts(ZoneInfo(zone))]


def _shifts(zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield from when on which shift counts, as SQLite's `date` takes it."""
    shift = _shift(zone, _FIRST)
    yield "", shift
    moment = _FIRST
    while moment < _LAST:
        later = moment + _STEP
        if (next_shift := _shift(zone, later)) != shift:
            shift = next_shift
            yield as_text(_change(zone, moment, later)), shift
        moment = later


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the clock of the zone changes between these two."""
    old = _shift(zone, before)
    while after - before > timedelta(seconds=1):
        between = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (between, after) if _shift(zone, between) == old else (before, between)
    return after


def _shift(zone: ZoneInfo, moment: datetime) -> str:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return f"{offset // timedelta(seconds=1):+d} seconds"
