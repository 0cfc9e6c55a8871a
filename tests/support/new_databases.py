"""The schema of a new database is made once in a process of tests, and copied for those after it.

To make it takes a tenth of a second, as often as there are tests that need a database. The copy is
the same file, byte for byte but for its times. What makes a schema has tests of its own, and every
test of a command starts a process, which makes it itself.
"""

from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest
from sqlite_utils import Database, Migrations

from crawler.store import writer
from crawler.store.connection import Connection
from crawler.store.upgrade import bring_up_to_date

_made = dict[tuple[object, ...], Connection]()


def copy_schemas() -> None:
    """From now on writers in this process copy the schema of a new database that was made once."""
    mock.patch.object(writer, "bring_up_to_date", _bring_up_to_date).start()


def make_schemas(patch: pytest.MonkeyPatch) -> None:
    """For a test that looks at what makes a schema: as long as the patch lasts, none is copied."""
    patch.setattr(writer, "bring_up_to_date", bring_up_to_date)


def _bring_up_to_date(db: Connection, path: Path, migrations: Sequence[Migrations]) -> None:
    if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        bring_up_to_date(db, path, migrations)
        return
    tables = Database(db.raw, execute_plugins=False)
    form = [db.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "auto_vacuum")]
    steps = (*form, *(step.fn for steps in migrations for step in steps.pending(tables)))
    if steps in _made:
        (level,) = db.execute("PRAGMA synchronous").fetchone()
        db.execute("PRAGMA synchronous = OFF")
        _made[steps].raw.backup(db.raw)
        db.execute(f"PRAGMA synchronous = {level}")
        return
    bring_up_to_date(db, path, migrations)
    made = Connection.opened(":memory:")
    db.raw.backup(made.raw)
    _made[steps] = made
