"""Rows out of the database and into it, by the shortest way.

`Database.query` of sqlite-utils opens a savepoint around each question, and `Table.insert` looks
the table up and tries out what kind of row it is: three and ten times the work of the statement
itself, for a dozen statements an article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlite_utils import Database

from crawler.store.records import Row


def rows(db: Database, sql: str, parameters: Sequence[object] | Row = ()) -> list[Row]:
    """What a question gives, each row by the names of its columns."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def insert(db: Database, table: str, row: Mapping[str, object]) -> int:
    """Put the row into the table; the number that SQLite knows it by."""
    cursor = db.execute(_insertion("INSERT", table, tuple(row)), list(row.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def replace(db: Database, table: str, row: Mapping[str, object]) -> None:
    """Put the row into the table, in the place of one with the same key."""
    db.execute(_insertion("REPLACE", table, tuple(row)), list(row.values()))


@lru_cache(maxsize=32)
def _insertion(verb: str, table: str, columns: tuple[str, ...]) -> str:
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
