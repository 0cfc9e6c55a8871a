"""One connection to the SQLite file, with what the stores ask of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Self

from crawler.store.records import Row

Parameters = Sequence[object] | Mapping[str, object]


class Connection:
    """A connection on which no transaction begins by itself.

    Rows come out of it and go into it by the shortest way. sqlite-utils, which keeps the schema,
    opens a savepoint around each question and looks a table up for each row: three and ten times
    the work of the statement itself, for a dozen statements an article. `raw` is for what SQLite's
    own connection alone can do.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw

    @classmethod
    def opened(cls, database: str, *, uri: bool = False) -> Self:
        """A new connection to this file or memory; any thread may use it, one at a time."""
        return cls(
            sqlite3.connect(database, uri=uri, isolation_level=None, check_same_thread=False)
        )

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
        """Run several statements as a part of the transaction that is open."""
        statement = ""
        for part in script.split(";"):
            statement += f"{part};"
            if sqlite3.complete_statement(statement):
                self.raw.execute(statement)
                statement = ""

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield what a question gives one by one, each row by the names of its columns."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """All that a question gives, each row by the names of its columns."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def insert(self, table: str, row: Mapping[str, object]) -> int:
        """Put the row into the table; the number that SQLite knows it by."""
        cursor = self.execute(_insertion("INSERT", table, tuple(row)), list(row.values()))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def replace(self, table: str, row: Mapping[str, object]) -> None:
        """Put the row into the table, in the place of one with the same key."""
        self.execute(_insertion("REPLACE", table, tuple(row)), list(row.values()))

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that leaves nothing when it fails.

        All have one name: for another one each time, SQLite would compile two statements.
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
        """A transaction with the write lock from its beginning, so that it cannot fail half-way."""
        self.raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.raw.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.raw.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.raw.close()


@lru_cache(maxsize=32)
def _insertion(verb: str, table: str, columns: tuple[str, ...]) -> str:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    return f"{verb} INTO {table} ({names}) VALUES ({values})"
