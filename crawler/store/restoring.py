"""Putting a backup in the place of the database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlite_utils import Migrations

from crawler.errors import StoreError
from crawler.store.backup import copy_to, damages_of, is_empty, on_disk
from crawler.store.connection import Connection
from crawler.store.database import draft_of, open_reader, open_writer
from crawler.store.holder import FileLock
from crawler.store.upgrade import bring_up_to_date


def restore(
    backup: Path,
    database: Path,
    *,
    migrations: Sequence[Migrations],
    prepare: Callable[[Connection], None],
    now: datetime,
) -> Path | None:
    """Put a copy of this backup in the place of the database; the backup stays as it is.

    The copy is brought up to date, and prepared, before it gets the name of the database. What was
    there before is kept beside it; returns where, or None if nothing was there.

    Raises:
        StoreBusyError: an instance is at work on the database.
        StoreError: the backup is damaged, another program's, or of a newer version.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(database)
    draft = draft_of(database)
    try:
        _draft(backup, draft)
        db = open_writer(draft)
        try:
            bring_up_to_date(db, draft, migrations, keep_copy=False)
            with db.transaction():
                prepare(db)
        finally:
            db.close()
        return _put_in_place(draft, database, now)
    finally:
        draft.unlink(missing_ok=True)
        lock.release()


def _draft(backup: Path, draft: Path) -> None:
    for ending in ("-wal", "-shm"):  # of an attempt that was interrupted
        draft.with_name(draft.name + ending).unlink(missing_ok=True)
    source = open_reader(backup)
    try:
        if is_empty(source):
            raise StoreError(f"{backup} is empty, so nothing was changed")
        if damages := damages_of(source):
            raise StoreError(f"{backup} is damaged, so nothing was changed: {damages[0]}")
        copy_to(source, draft)
    finally:
        source.close()


def _put_in_place(draft: Path, database: Path, now: datetime) -> Path | None:
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    held = database.exists()
    if held and os.geteuid() == 0:  # root puts it back for the user of a service
        before = database.stat()
        os.chown(draft, before.st_uid, before.st_gid)
    if held:
        _fold(database)
    # The database first: without its log it is not whole, and nobody opens it while it is away.
    for ending in ("", "-wal", "-shm"):
        part = database.with_name(database.name + ending)
        if part.exists():
            part.replace(kept.with_name(kept.name + ending))
    draft.replace(database)
    on_disk(database.parent)
    return kept if held else None


def _fold(database: Path) -> None:
    """Let the log be a part of the database, so that what is kept of it is one file.

    A damaged one is kept as it is.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
