"""Copies of the database: made while it is in use, each whole or not there at all."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import StoreError
from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.database import open_reader

# How the copies in a folder are named after the moment at which they were begun.
_STAMP = "%Y%m%dT%H%M%SZ"
_NAMED = re.compile(r"(?P<of>.+)-(?P<at>\d{8}T\d{6}Z)\.db")

# So that a copy can be opened by itself, in a folder that cannot be written too.
_STANDALONE = "PRAGMA journal_mode = DELETE"


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A copy in a folder, and when it was begun."""

    path: Path
    at: datetime


def back_up(database: Path, target: Path) -> Path:
    """Copy the database, as it is at this moment, to this file; others may read and write it.

    The copy is checked, and on the disk, before it gets its name. It is readable by its owner only.

    Raises:
        StoreError: there is no database or nothing in it, or the copy cannot be written or is
            damaged.
    """
    source = open_reader(database)
    try:
        if is_empty(source):  # its copies would take the place of those that hold something
            raise StoreError(f"the database {database.absolute()} is empty: nothing was copied")
        copy_to(source, target)
    finally:
        source.close()
    return target


def is_empty(db: Connection) -> bool:
    """Whether no table was ever made in this database, as in a file of no bytes."""
    return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def copy_to(source: Connection, target: Path) -> None:
    """The same from a connection that is open already, on which no transaction is open."""
    draft = target.with_name(f".{target.name}.draft")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(draft)) as copy:
            source.raw.backup(copy)
            copy.execute(_STANDALONE)
            damages = damages_of(Connection(copy))
        if damages:
            raise StoreError(f"the copy of the database is damaged: {damages[0]}")
        on_disk(draft)
        draft.replace(target)
        on_disk(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot copy the database to {target}: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def damages_of(db: Connection, *, thorough: bool = False) -> list[str]:
    """What is wrong with the file of this database, in SQLite's words; empty if it is sound.

    `thorough` also compares every index with its table, which takes several times as long.
    """
    try:
        checked = db.execute(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(20)")
        return [said for (said,) in checked if said != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def on_disk(path: Path) -> None:
    """Wait until the file, or the names in the folder, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def dated(folder: Path, database: Path, now: datetime) -> Path:
    """The name of a copy that is begun now, in a folder of copies."""
    return folder / f"{database.stem}-{now.astimezone(UTC):{_STAMP}}.db"


def backups_in(folder: Path, database: Path) -> list[StoredBackup]:
    """The copies of this database in a folder, the newest first; other files are left out."""
    found = (_NAMED.fullmatch(path.name) for path in _files(folder))
    copies = [
        StoredBackup(folder / name[0], datetime.strptime(name["at"], _STAMP).replace(tzinfo=UTC))
        for name in found
        if name and name["of"] == database.stem
    ]
    return sorted(copies, key=lambda copy: copy.at, reverse=True)


def _files(folder: Path) -> Iterable[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return ()


def thin_out(folder: Path, database: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` copies of this database; returns what was removed."""
    old = [copy.path for copy in backups_in(folder, database)[keep:]]
    for path in old:
        path.unlink(missing_ok=True)
    return old
