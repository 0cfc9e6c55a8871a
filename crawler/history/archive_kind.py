"""Whether an archive is a history or that of a desk: neither is ever taken for the other."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import StoreError
from crawler.store import Connection, open_reader


def is_history(db: Connection) -> bool:
    """Whether this archive is a history: filled from files, with their dates as its clock."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'history_files'").fetchone())


def refuse_history(db: Connection, path: Path) -> None:
    """Make sure that this is an archive in which one may crawl and tell.

    Raises:
        StoreError: it is a history.
    """
    if is_history(db):
        raise StoreError(
            f"{path} is a history, filled by `replay` or `import`: nothing is polled, told or "
            "removed there. Name another database with [store] path or --db"
        )


def refuse_archive(path: Path) -> None:
    """Make sure that a history may be made or filled here.

    It may where there are no tables yet: a run was killed, or is making them at this moment.

    Raises:
        StoreError: it is another kind of archive.
    """
    if not path.exists() or not path.stat().st_size:
        return
    db = open_reader(path)
    try:
        tables = db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if tables and not is_history(db):
            raise StoreError(
                f"{path} is an archive that is no history: name a new file with --db, since the "
                "past must not come between what is crawled"
            )
    finally:
        db.close()
