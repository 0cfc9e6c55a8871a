"""What a number is to be read with: how much was stored, and what may be missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from alerts.stats.cells import Cell, Dating, Dimension, StatsQuestion, cell_of
from crawler.store import Connection, as_text, as_time

_END = "~"  # sorts after every time
_HOUR, _MINUTE = 13, 16  # characters of a time
_ONE_DAY = timedelta(days=1)
# The index has them by outlet and time, so that each number is a piece of it. Grouped by day, all
# articles would be sorted.
_BY_DAY = """
    WITH RECURSIVE named (outlet) AS (
        SELECT min(outlet) FROM articles
        UNION ALL
        SELECT (SELECT min(outlet) FROM articles WHERE articles.outlet > named.outlet) FROM named
        WHERE outlet IS NOT NULL
    )
    SELECT days.value ->> 0, named.outlet, (
        SELECT count(*) FROM articles
        WHERE articles.outlet = named.outlet
        AND first_seen >= days.value ->> 1 AND first_seen < days.value ->> 2
    )
    FROM named JOIN json_each(?) AS days WHERE named.outlet IS NOT NULL
"""


def beside(db: Connection, question: StatsQuestion) -> dict[str, dict[Cell, int]]:
    """By cell: the articles stored, those partial, failed polls, gaps and pages missed.

    Polls, gaps and pages are counted by days of UTC. By section they are not known.
    """
    return {
        "stored": _summed(_stored(db, question)),
        "partial": _summed(_partial(db, question)),
    } | {name: _summed(_coverage(db, question, name)) for name in ("failed", "gap", "page_missed")}


def _summed(numbers: Iterable[tuple[Cell, int]]) -> dict[Cell, int]:
    found = Counter[Cell]()
    for cell, number in numbers:
        found[cell] += number
    return dict(+found)


def _bounds(question: StatsQuestion) -> tuple[str, str, str]:
    """Since, until and as of, as the archive writes times."""
    times = ((question.since, ""), (question.until, _END), (question.as_of, _END))
    since, until, as_of = (as_text(moment) if moment else other for moment, other in times)
    return since, until, as_of


def _stored(db: Connection, question: StatsQuestion) -> Iterator[tuple[Cell, int]]:
    if question.dating is Dating.PUBLISHED:
        return _published(db, question)
    if Dimension.SECTION in question.by:
        return _stored_by_section(db, question)
    rows = db.execute(_BY_DAY, [json.dumps(list(_days(db, question)))])
    return (
        (cell_of(question.by, date.fromisoformat(day), outlet), number)
        for day, outlet, number in rows
    )


def _days(db: Connection, question: StatsQuestion) -> Iterator[tuple[str, str, str]]:
    """Yield each local day with articles around it: its name, its first moment and the next one."""
    since, until, as_of = _bounds(question)
    until = min(until, as_of)
    first, last = db.execute("SELECT min(first_seen) FROM articles").fetchone()[0], None
    if first:
        last = db.execute("SELECT max(first_seen) FROM articles").fetchone()[0]
    zone = question.zone
    day = as_time(max(since, first)).astimezone(zone).date() if first else date.max
    while last and (begin := _begin(day, question)) <= min(until, last):
        yield day.isoformat(), max(begin, since), min(_begin(day + _ONE_DAY, question), until)
        day += _ONE_DAY


def _begin(day: date, question: StatsQuestion) -> str:
    return as_text(datetime.combine(day, time.min, question.zone).astimezone(UTC))


def _published(db: Connection, question: StatsQuestion) -> Iterator[tuple[Cell, int]]:
    rows = db.execute(
        "SELECT substr(published, 1, ?) AS part, outlet, coalesce(section, ''), count(*) "
        "FROM articles WHERE published >= ? AND published < ? AND +first_seen < ? "
        "GROUP BY part, outlet, section",
        [_precision(question), *_bounds(question)],
    )
    return _in_cells(question, rows)


def _stored_by_section(db: Connection, question: StatsQuestion) -> Iterator[tuple[Cell, int]]:
    since, until, as_of = _bounds(question)
    rows = db.execute(
        "SELECT substr(first_seen, 1, ?) AS part, outlet, coalesce(section, ''), count(*) "
        "FROM articles WHERE first_seen >= ? AND first_seen < ? GROUP BY part, outlet, section",
        [_precision(question), since, min(until, as_of)],
    )
    return _in_cells(question, rows)


def _partial(db: Connection, question: StatsQuestion) -> Iterator[tuple[Cell, int]]:
    rows = db.execute(
        "SELECT iif(?, first_seen, published) AS at, outlet, coalesce(section, ''), 1 "
        "FROM articles WHERE partial AND at >= ? AND at < ? AND first_seen < ?",
        [question.dating is Dating.STORED, *_bounds(question)],
    )
    return _in_cells(question, rows)


def _in_cells(
    question: StatsQuestion, rows: Iterable[tuple[str, str, str, int]]
) -> Iterator[tuple[Cell, int]]:
    """Yield the cell of each row; the day of each part of time is worked out once."""
    days: dict[str, date] = {}
    zone = question.zone
    for part, outlet, section, count in rows:
        if part not in days:
            days[part] = datetime.fromisoformat(_whole(part)).astimezone(zone).date()
        yield cell_of(question.by, days[part], outlet, section), count


def _whole(part: str) -> str:
    """A part of a time as a whole time of UTC."""
    return f"{part}:00+00:00" if len(part) == _HOUR else f"{part[:_MINUTE]}+00:00"


def _precision(question: StatsQuestion) -> int:
    """How much of a time is needed: where clocks differ by whole hours, its hour is enough."""
    offset = datetime(2026, 1, 1, tzinfo=question.zone).utcoffset() or timedelta()
    return _MINUTE if offset % timedelta(hours=1) else _HOUR


def _coverage(db: Connection, question: StatsQuestion, name: str) -> Iterator[tuple[Cell, int]]:
    if Dimension.SECTION in question.by:
        return
    since, until, as_of = _bounds(question)
    rows = db.execute(
        "SELECT day, sources.outlet, total "
        "FROM counters JOIN sources ON sources.id = counters.source "
        "WHERE day >= ? AND day || 'T00:00:00.000000+00:00' < ? AND name = ?",
        [since[:10], min(until, as_of), name],
    )
    for day, outlet, total in rows:
        yield cell_of(question.by, date.fromisoformat(day), outlet), total
