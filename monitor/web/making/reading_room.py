"""The archive as the page reads it: one connection that only reads, and a deadline."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from crawler.errors import NieuwswachtError
from crawler.store import Connection

T = TypeVar("T")
log = logging.getLogger(__name__)

# Seconds that a part of a page may read. Chosen: nobody waits longer for a page.
DEADLINE = 1.0
# SQLite looks at the time after this many of its steps: some ten times a millisecond.
_STEPS = 1_000


class TooSlowError(NieuwswachtError):
    """A part of a page took longer than its deadline; the rest of the page can be shown."""


class ReadingRoom:
    """The archive for one thread: the connection is opened when it is needed first."""

    def __init__(self, open_reader: Callable[[], Connection]) -> None:
        self._open = open_reader
        self._db: Connection | None = None

    @contextlib.contextmanager
    def within(self, seconds: float = DEADLINE) -> Iterator[Connection]:
        """The connection, on which a statement fails with `TooSlowError` after these seconds."""
        db = self._db = self._db or self._open()
        ends = time.monotonic() + seconds
        db.raw.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        try:
            yield db
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooSlowError(f"it took longer than {seconds:g} s") from error
            raise
        finally:
            db.raw.set_progress_handler(None, 0)

    def part(self, read: Callable[[Connection], T]) -> T | None:
        """What is read for one part of a page; None if it took longer than its deadline."""
        try:
            with self.within() as db:
                return read(db)
        except TooSlowError as error:
            log.warning("page slow=%s", error)
            return None

    def close(self) -> None:
        """Close the connection."""
        if self._db:
            self._db.close()
            self._db = None
