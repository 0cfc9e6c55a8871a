"""A round that finds nothing to do is recognised by the next one without being made again.

After a round that found nothing, the note beside the archive says so, with the state of its files.
As long as neither they nor the configuration nor the program change, and no time has come at
which something is due, another round would find the same.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import StoreError
from monitor.settled import keep_note

if TYPE_CHECKING:
    from crawler.store import Connection, Writer
    from monitor.context import Context

# Chosen: should a time at which something is due ever be missing here, it comes this much later.
_LONGEST = timedelta(hours=1)
# The clock by which files are dated moves on in less, so a later change has another date.
_TICK = 0.02
# Chosen: with less room, a round says what it cannot write.
_ROOM = 16_000_000


def report_before(context: Context) -> dict[str, Any] | None:
    """The report that this round would make, if it is the one of before; None in any doubt."""
    begun = context.beginning
    if not begun.is_settled or "round" not in begun.note:
        return None
    from crawler.store import FileLock

    try:
        lock = FileLock(begun.database)
    except StoreError:
        return None
    try:
        return _report_of(begun.note["round"], begun.database, context.now())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    finally:
        lock.release()


def _report_of(found: Mapping[str, Any], database: Path, now: datetime) -> dict[str, Any] | None:
    since, until = (datetime.fromisoformat(found[name]) for name in ("at", "until"))
    writable = os.access(database, os.W_OK) and os.access(database.parent, os.W_OK)
    room = os.statvfs(database)
    if not (since <= now < until and writable and room.f_bavail * room.f_frsize > _ROOM):
        return None
    state = _state(database)
    if found["archive"] != state or any(map(_is_coarse, state)):
        return None
    if Path(found["absent"]).exists() or any(Path(found["requests"]).glob("*.json")):
        return None
    report: dict[str, Any] = found["report"]
    return report


def close_round(
    context: Context, writer: Writer, *, begun: datetime, report: Mapping[str, Any] | None
) -> None:
    """Close the archive after the round that had begun then, and note that all is good.

    With a `report` this round found nothing to do; it is noted if nothing waits for the next one.
    """
    note = _note_of(context)
    if note is None:
        return
    found = None if report is None else _round_of(context, writer, begun, report)

    def keep() -> None:
        if found is not None and writer.fault is None:
            state = _state(writer.path)
            time.sleep(_TICK)
            keep_note(writer.path, note | {"round": found | {"archive": state}})
        else:
            keep_note(writer.path, note)

    writer.close(then=keep)


def note_good(context: Context, writer: Writer) -> None:
    """Note that the configuration is good, which a daemon has found that goes on with it."""
    if note := _note_of(context):
        keep_note(writer.path, note)


def _note_of(context: Context) -> dict[str, Any] | None:
    """What the note says of a configuration that was found good; None if it may have changed."""
    begun = context.beginning
    if not begun.holds():
        return None
    return {"good": begun.fingerprint, "salt": begun.salt}


def _round_of(
    context: Context, writer: Writer, begun: datetime, report: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What the note says of a round that found nothing; None if something waits."""
    from alerts.delivery import folder_of
    from monitor.evidence import evidence_folder

    absent, now = evidence_folder(context).absolute(), context.now()
    try:
        # What became due while the round was made, it may have looked for before.
        until = writer.run(lambda db: quiet_until(db, context, begun))
    except sqlite3.Error:  # whoever needs what cannot be read will say so
        return None
    if absent.exists() or until is None or until <= now:
        return None
    return {
        "at": now.isoformat(),
        "until": until.isoformat(),
        "absent": str(absent),
        "requests": str(folder_of(writer.path)),
        "report": report,
    }


def quiet_until(db: Connection, context: Context, now: datetime) -> datetime | None:
    """Until when no time comes at which a round has work; None if something waits already."""
    from alerts.papers import turn_to_come
    from alerts.store import AlertStore
    from alerts.wave_log import WaveStore
    from crawler.store import HeldPages, KeptPages, PollStore

    store = AlertStore(db)
    waits = (
        store.reading.pending_count()
        or store.unconfirmed.since()
        or WaveStore(db).running()
        or HeldPages(db).count()
        or KeptPages(db).newest()
        or any(store.channels.get(channel.id).paused for channel in context.channels)
    )
    if waits:
        return None
    turns = [turn_to_come(paper, context.zone, now) for paper in context.papers]
    dues = [PollStore(db).next_due(), *(turn.due for turn in turns if turn)]
    return min([now + _LONGEST, *filter(None, dues)])


def _state(database: Path) -> list[list[int] | None]:
    """What changes when anybody writes to the archive: the dates of its files."""
    from crawler.store import beside

    return [_facts(database), _facts(beside(database, "-wal"))]


def _facts(path: Path) -> list[int] | None:
    """None for a file that is not there, or that has nothing in it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if found.st_size == 0:
        return None
    return [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _is_coarse(facts: list[int] | None) -> bool:
    """Whether the file is dated by whole seconds, so that another change may have its date."""
    return facts is not None and facts[2] % 1_000_000_000 == 0
