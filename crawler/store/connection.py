"""One connection to the SQLite file, with what the stores ask of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from crawler.store.records import Row

Parameters = Sequence[object] | Mapping[str, object]


class Connection:
    """A connection on which no transaction begins by itself.

    It reads and writes rows directly. sqlite-utils, which keeps the schema, opens a savepoint for
    each query and looks up the table for each row. That takes three and ten times as long as the
    statement itself, for a dozen statements an article. `raw` is SQLite's own connection, for what
    only that can do. With `reads_only` nobody may write by it.
    """

    def __init__(self, raw: sqlite3.Connection, *, reads_only: bool = False) -> None:
        self.raw, self.reads_only = raw, reads_only

    @classmethod
    def opened(cls, database: str, *, uri: bool = False, reads_only: bool = False) -> Self:
        """A new connection to this file or memory; all threads may use it, but one at a time."""
        raw = sqlite3.connect(database, uri=uri, isolation_level=None, check_same_thread=False)
        return cls(raw, reads_only=reads_only)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.raw.in_transaction

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.raw.execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> sqlite3.Cursor:
        """Run one statement for each of these rows."""
        return self.raw.executemany(sql, rows)

    def executescript(self, script: str) -> None:
        """Run several statements as part of the transaction that is open."""
        statement = ""
        for part in script.split(";"):
            statement += f"{part};"
            if sqlite3.complete_statement(statement):
                self.raw.execute(statement)
                statement = ""

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield the rows of a query one by one, each with the names of its columns."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a query, each with the names of its columns."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def insert(self, table: str, row: Mapping[str, object]) -> int:
        """Insert the row into the table; returns its rowid."""
        cursor = self.execute(_insertion("INSERT", table, tuple(row)), list(row.values()))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def replace(self, table: str, row: Mapping[str, object]) -> None:
        """Insert the row into the table, or replace the one with the same key."""
        self.execute(_insertion("REPLACE", table, tuple(row)), list(row.values()))

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that leaves nothing if it fails.

        All savepoints have the same name: with a new one each time, SQLite would have to compile
        two statements.
        """
        self.raw.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.in_transaction:
                self.raw.execute("ROLLBACK TO part")
                self.raw.execute("RELEASE part")
            raise
        self.raw.execute("RELEASE part")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that takes the write lock at once, so that it cannot fail later for it."""
        self.raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.raw.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.raw.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self.raw.close()


@lru_cache(maxsize=32)
def _insertion(verb: str, table: str, columns: tuple[str, ...]) -> str:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    return f"{verb} INTO {table} ({names}) VALUES ({values})"
