"""Rows in and out of a table, and transactions that begin when they are told to."""

from __future__ import annotations

import sqlite3

import pytest

from crawler.store import Connection


@pytest.fixture
def db() -> Connection:
    held = Connection.opened(":memory:")
    held.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT UNIQUE, told INTEGER)")
    return held


def test_a_row_comes_out_by_the_names_of_its_columns(db: Connection) -> None:
    assert db.insert("notes", {"text": "een", "told": True}) == 1
    assert db.insert("notes", {"told": None, "text": "twee"}) == 2

    assert db.rows("SELECT * FROM notes ORDER BY number") == [
        {"number": 1, "text": "een", "told": 1},
        {"number": 2, "text": "twee", "told": None},
    ]
    assert db.rows("SELECT told FROM notes WHERE text = ?", ["een"]) == [{"told": 1}]
    assert db.rows("SELECT told FROM notes WHERE text = :text", {"text": "drie"}) == []


def test_a_row_takes_the_place_of_one_with_its_key(db: Connection) -> None:
    db.insert("notes", {"number": 1, "text": "een", "told": 1})
    db.replace("notes", {"number": 1, "text": "anders"})

    assert db.rows("SELECT * FROM notes") == [{"number": 1, "text": "anders", "told": None}]


def test_a_script_is_a_part_of_the_transaction_around_it(db: Connection) -> None:
    with db.transaction():
        db.executescript(
            """
            CREATE TABLE more (number); -- the first; with a semicolon in a comment
            INSERT INTO more VALUES (';')
            """
        )
        assert db.rows("SELECT * FROM more") == [{"number": ";"}]
        db.execute("ROLLBACK")
        db.execute("BEGIN")

    assert db.rows("SELECT 1 FROM sqlite_master WHERE name = 'more'") == []


def test_a_part_that_fails_leaves_what_came_before_it(db: Connection) -> None:
    def fail() -> None:
        with db.savepoint():
            db.insert("notes", {"text": "twee"})
            db.insert("notes", {"text": "twee"})

    with db.transaction():
        db.insert("notes", {"text": "een"})
        with pytest.raises(sqlite3.IntegrityError):
            fail()

    assert list(db.stream("SELECT text FROM notes")) == [{"text": "een"}]
    assert not db.in_transaction
