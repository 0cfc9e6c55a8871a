"""Connections to the one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from crawler.errors import StoreError
from crawler.store.connection import Connection
from crawler.store.wal import beside

# "NWac": by it, `file` and we tell our database from another program's.
APPLICATION_ID = 0x4E576163
# The last step of the schema. Code that only reads needs it, and does not load the steps.
LATEST_STEP = "m022_quick_stores"
# Chosen: a commit of another process takes far less.
BUSY_TIMEOUT_MS = 10_000
# Of 2, 4 and 8 kB, an article takes least with the first: most are longer than half of a larger
# page, so that each would fill one by itself (tests/crawler/store/archive/test_bytes.py).
PAGE_BYTES = 2048
# Chosen: the write-ahead log is cut back to this size after a checkpoint.
WAL_LIMIT_BYTES = 64 * 1024 * 1024
# Bytes of pages that the writer keeps, and pages of the log after which it copies them into the
# file. An article changes some 80 pages all over the index of stories. Chosen: with SQLite's own
# numbers (2 MB, 1,000 pages), storing one takes a tenth more.
_CACHE_BYTES, _CHECKPOINT_PAGES = 4_000_000, 4_000


_REMEDY = "run `nieuwswacht crawl` first, or name another one with [store] path or --db"
_UPGRADE = "`nieuwswacht deliver` brings it up to date"
_UPGRADE_HISTORY = "`nieuwswacht replay FILE` with one of its files brings it up to date"
# Of an archive that is read beside another one, which is perhaps another desk's.
_OTHER = "name another file with --also"
_UPGRADE_OTHER = "let the Nieuwswacht that writes it run once in this version"


def open_writer(path: Path) -> Connection:
    """The one connection that writes and checkpoints; its schema may still be an older one.

    Raises:
        StoreError: the file is damaged, or another program's, or a restore was interrupted.
    """
    _refuse_odd(path)
    _refuse_half_restored(path)
    with suppress(FileExistsError):  # what it holds is nobody else's business
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        # The writer's thread uses it; it is opened in another one so that faults show at the start.
        db = Connection.opened(str(path))
        _let_wait(db)
        _refuse_foreign(db, path)
        # Both count for a new file alone.
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA journal_mode = WAL")
        # FULL: the record of what was sent to a receiver must survive a power cut.
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
        db.execute(f"PRAGMA cache_size = -{_CACHE_BYTES // 1024}")
        db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        db.execute("PRAGMA foreign_keys = ON")
        # A row that REPLACE removes from a table must also leave its full-text index.
        db.execute("PRAGMA recursive_triggers = ON")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be used as a database: {error}{advice(error)}") from error
    return db


def _let_wait(db: Connection) -> None:
    db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _refuse_odd(path: Path) -> None:
    """Refuse what SQLite would wait for without end, as a pipe, or tell in its own words."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder: name a file in it with [store] path or --db")
    if path.exists() and not path.is_file():
        raise StoreError(f"{path} is no ordinary file: name another one with [store] path or --db")


def draft_of(path: Path) -> Path:
    """Where a backup is made ready that takes the place of this database."""
    return path.with_name(f"{path.name}.restoring")


def _refuse_half_restored(path: Path) -> None:
    """Refuse a database that is not there since a restore was interrupted: a new one is empty."""
    draft = draft_of(path)
    if draft.exists() and not path.exists():
        raise StoreError(
            f"the database {path.absolute()} is not there, since `nieuwswacht restore` was "
            f"interrupted: run it again, or remove {draft} to begin with an empty one"
        )


def _refuse_foreign(db: Connection, path: Path) -> None:
    held = db.execute("PRAGMA application_id").fetchone()[0]
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if held != APPLICATION_ID and tables and "_sqlite_migrations" not in tables:
        raise StoreError(f"{path} is another program's database: choose another file with --db")


def open_reader(path: Path, *, steps: Collection[str] = (), beside: bool = False) -> Connection:
    """A connection that can only read; any number of them may be open beside the writer.

    `steps` are the steps of the schema that the reader needs. `beside` says that it is not the
    archive of this configuration, but one that is read beside it: faults have other remedies then.

    Raises:
        StoreError: there is no database at this path, it is not ours, or a step is missing.
    """
    missing, older = (_OTHER, _UPGRADE_OTHER) if beside else (_REMEDY, _UPGRADE)
    _refuse_half_restored(path)
    if not path.exists():
        raise StoreError(f"the database {path.absolute()} is not there: {missing}")
    _refuse_odd(path)
    try:
        db = _opened_to_read(path)
        _refuse_foreign(db, path)
        if steps:
            _refuse_empty(db, path, missing)
            _refuse_older(db, path, steps, older)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be read as a database: {error}{advice(error)}") from error
    return db


def advice(error: sqlite3.Error) -> str:
    """What to do about such a file, as the end of a sentence; "" if nothing is known to help."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY:
        return ": let this user write the file, and the folder in which it is"
    if code == sqlite3.SQLITE_FULL:
        return ": make room on its disk"
    if code not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return ""
    return (
        ": it is damaged; `nieuwswacht check --db` says more, and `nieuwswacht restore FILE` puts "
        "a backup in its place"
    )


def _opened_to_read(path: Path) -> Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    db = Connection.opened(uri, uri=True, reads_only=True)
    try:
        _let_wait(db)
        db.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        db.close()
        if not _is_untouched(path, error):
            raise
        # Nobody can write beside it, and all of it is in the one file.
        return Connection.opened(f"{uri}&immutable=1", uri=True, reads_only=True)
    return db


def _is_untouched(path: Path, error: sqlite3.OperationalError) -> bool:
    """Whether SQLite only lacks the right to make its files beside a database that is complete."""
    lacks = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    log = beside(path, "-wal")
    return lacks and not (log.exists() and log.stat().st_size)


def _refuse_empty(db: Connection, path: Path, remedy: str) -> None:
    if not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise StoreError(f"the database {path.absolute()} is empty: {remedy}")


def _refuse_older(db: Connection, path: Path, steps: Collection[str], remedy: str) -> None:
    held = {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")}
    if not held >= set(steps):
        if remedy == _UPGRADE and _is_history(db):
            remedy = _UPGRADE_HISTORY
        raise StoreError(f"{path} was written by an older Nieuwswacht: {remedy}")


def _is_history(db: Connection) -> bool:
    """Whether it was filled from files; `deliver` refuses it then."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'history_files'").fetchone())
