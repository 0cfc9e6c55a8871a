"""The schema of a database, brought up to date with the steps that this version knows."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from sqlite_utils import Database, Migrations

from crawler.errors import StoreError
from crawler.store.backup import copy_to
from crawler.store.connection import Connection
from crawler.store.database import APPLICATION_ID, PAGE_BYTES, advice

log = logging.getLogger(__name__)


def bring_up_to_date(
    db: Connection, path: Path, migrations: Sequence[Migrations], *, keep_copy: bool = True
) -> None:
    """Apply the steps that this database does not have yet, each of them whole or not at all.

    A new database gets all of them or none.

    Before that, with `keep_copy`, a database with something in it is copied to `FILE.before-STEP`,
    named after the first of these steps. A copy that is there stays: its upgrade has failed.

    Raises:
        StoreError: it was written by a newer Nieuwswacht, or cannot be changed.
    """
    try:
        tables = Database(db.raw, execute_plugins=False)
        in_use = _is_in_use(db)
        held = keep_copy and in_use
        refuse_newer(db, path, migrations)
        missing = [step.name for steps in migrations for step in steps.pending(tables)]
        if held and missing:
            _keep_copy(db, path, missing[0])
        # One transaction: to sync forty commits of an empty file takes longer than all else.
        with nullcontext() if in_use else tables.atomic():
            for steps in migrations:
                steps.apply(tables)
        if held and missing:
            _repack(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be used as a database: {error}{advice(error)}") from error


def _is_in_use(db: Connection) -> bool:
    """Whether there are tables; ask before the library makes its own."""
    return bool(db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())


def _keep_copy(db: Connection, path: Path, step: str) -> None:
    copy = path.with_name(f"{path.name}.before-{step}")
    if not copy.exists():
        copy_to(db, copy)
        log.info("copied=%s before=upgrade", copy)


def _repack(db: Connection) -> None:
    """Give a file of an older version the page size and the free pages of a new one.

    It needs as much room again as the file. Without that, the file stays as it is.
    """
    if db.execute("PRAGMA auto_vacuum").fetchone() != (0,):
        return
    try:
        for statement in (
            "PRAGMA journal_mode = DELETE",
            f"PRAGMA page_size = {PAGE_BYTES}",
            "PRAGMA auto_vacuum = INCREMENTAL",
            "VACUUM",
        ):
            db.execute(statement)
    except sqlite3.OperationalError as error:
        log.warning("not_repacked fault=%s", error)
    finally:
        db.execute("PRAGMA journal_mode = WAL")


def refuse_newer(db: Connection, path: Path, migrations: Sequence[Migrations]) -> None:
    """Make sure that this version knows every step of this database; it only reads.

    Raises:
        StoreError: it was written by a newer Nieuwswacht.
    """
    known = {steps.name: {step.name for step in steps._migrations} for steps in migrations}  # noqa: SLF001 - no public list of all
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    held = db.execute("SELECT migration_set, name FROM _sqlite_migrations") if there else ()
    unknown = [name for of, name in held if of in known and name not in known[of]]
    if unknown:
        raise StoreError(
            f"{path} was written by a newer Nieuwswacht (it has {unknown[-1]!r}): upgrade first"
        )
