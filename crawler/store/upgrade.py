"""The schema of a database, brought up to date with the steps that this version knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database, Migrations

from crawler.errors import StoreError
from crawler.store.connection import Connection
from crawler.store.database import APPLICATION_ID


def bring_up_to_date(db: Connection, path: Path, migrations: Sequence[Migrations]) -> None:
    """Apply the steps that this database does not have yet, each of them whole or not at all.

    Raises:
        StoreError: it was written by a newer Nieuwswacht, or cannot be changed.
    """
    try:
        tables = Database(db.raw, execute_plugins=False)
        for steps in migrations:
            _refuse_newer(tables, path, steps)
            steps.apply(tables)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be used as a database: {error}") from error


def _refuse_newer(tables: Database, path: Path, steps: Migrations) -> None:
    known = {step.name for step in steps.pending(tables)}
    known |= {step.name for step in steps._migrations}  # noqa: SLF001 - no public list of all
    unknown = [done.name for done in steps.applied(tables) if done.name not in known]
    if unknown:
        raise StoreError(
            f"{path} was written by a newer Nieuwswacht (it has {unknown[-1]!r}): upgrade first"
        )
