"""Connections to the one SQLite file, and the lock that keeps a second writer away."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database, Migrations

from crawler.errors import StoreBusyError, StoreError

# "NWac": lets `file` and us tell our database from another program's.
APPLICATION_ID = 0x4E576163
BUSY_TIMEOUT_MS = 10_000
# The write-ahead log is cut back to this after a checkpoint.
WAL_LIMIT_BYTES = 64 * 1024 * 1024


class FileLock:
    """An exclusive lock on the database's side file; the system drops it when the process ends."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot write beside {database}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise StoreBusyError(
                f"another Nieuwswacht holds {database}: stop it, or choose another file with --db"
            ) from error

    def release(self) -> None:
        """Let the next instance in."""
        os.close(self._file)


def open_writer(path: Path, migrations: Sequence[Migrations]) -> Database:
    """The one connection that writes and checkpoints, with the schema brought up to date.

    Raises:
        StoreError: the file is damaged, another program's, or written by a newer Nieuwswacht.
    """
    try:
        # Its thread is the writer's; it is opened elsewhere so that faults show at start.
        connection = sqlite3.connect(path, check_same_thread=False)
        return _prepared(connection, path, migrations)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be used as a database: {error}") from error


def _prepared(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migrations]
) -> Database:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    db = Database(connection, execute_plugins=False)
    _refuse_foreign(db, path)
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: what a receiver has been told must survive a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    connection.execute("PRAGMA foreign_keys = ON")
    for migration_set in migrations:
        _refuse_newer(db, path, migration_set)
        migration_set.apply(db)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return db


def _refuse_foreign(db: Database, path: Path) -> None:
    held = db.execute("PRAGMA application_id").fetchone()[0]
    empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if held != APPLICATION_ID and not empty and not db["_sqlite_migrations"].exists():
        raise StoreError(f"{path} is another program's database: choose another file with --db")


def _refuse_newer(db: Database, path: Path, migration_set: Migrations) -> None:
    known = {migration.name for migration in migration_set.pending(db)}
    known |= {migration.name for migration in migration_set._migrations}  # noqa: SLF001 - no public list of all
    unknown = [done.name for done in migration_set.applied(db) if done.name not in known]
    if unknown:
        raise StoreError(
            f"{path} was written by a newer Nieuwswacht (it has {unknown[-1]!r}): upgrade first"
        )


def open_reader(path: Path) -> Database:
    """A connection that can only read; any number of them may be open beside the writer.

    Raises:
        StoreError: there is no database at this path, or it is not ours.
    """
    if not path.exists():
        raise StoreError(f"there is no database at {path}: run `nieuwswacht crawl` first")
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        db = Database(connection, execute_plugins=False)
        _refuse_foreign(db, path)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be read as a database: {error}") from error
    return db


@contextlib.contextmanager
def savepoint(db: Database) -> Iterator[None]:
    """A part of a transaction that leaves nothing when it fails.

    `Database.atomic` names each of its own, and SQLite then compiles two statements for each.
    """
    db.conn.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK TO part")
            db.conn.execute("RELEASE part")
        raise
    db.conn.execute("RELEASE part")


@contextlib.contextmanager
def immediate(db: Database) -> Iterator[None]:
    """A transaction that takes the write lock at its beginning, so that it cannot fail half-way."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
