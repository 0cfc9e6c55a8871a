"""Rows in and out of a table."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from crawler.store.sql import insert, replace, rows


@pytest.fixture
def db() -> Database:
    held = Database(memory=True)
    held.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT UNIQUE, told INTEGER)")
    return held


def test_a_row_comes_out_by_the_names_of_its_columns(db: Database) -> None:
    assert insert(db, "notes", {"text": "een", "told": True}) == 1
    assert insert(db, "notes", {"told": None, "text": "twee"}) == 2

    assert rows(db, "SELECT * FROM notes ORDER BY number") == [
        {"number": 1, "text": "een", "told": 1},
        {"number": 2, "text": "twee", "told": None},
    ]
    assert rows(db, "SELECT told FROM notes WHERE text = ?", ["een"]) == [{"told": 1}]
    assert rows(db, "SELECT told FROM notes WHERE text = :text", {"text": "drie"}) == []


def test_a_row_takes_the_place_of_one_with_its_key(db: Database) -> None:
    insert(db, "notes", {"number": 1, "text": "een", "told": 1})
    replace(db, "notes", {"number": 1, "text": "anders"})

    assert rows(db, "SELECT * FROM notes") == [{"number": 1, "text": "anders", "told": None}]
