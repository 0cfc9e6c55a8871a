"""Fills a history, as its own process, and ends it by SIGKILL at a moment that is asked for.

    python killed_replay.py DATABASE FOLDER WORKERS MOMENT

The moment is a number of steps of SQLite, after which it is ended within a statement; 0 is never.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from histories import HOSTS, NOW, history_writer, part_of

from crawler.history import FileToRead, HistoryFile, begin, fill, found_files
from crawler.parts import LocalMap
from crawler.store import Connection

_STEPS = 100  # instructions of SQLite's machine in a step


def kill_after(db: Connection, moment: int) -> None:
    """End this process in the middle of a statement, once so much was done."""
    left = moment

    def look() -> int:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    db.raw.set_progress_handler(look, _STEPS)


def main(db: Path, folder: Path, workers: int, moment: int) -> None:
    with history_writer(db) as writer:
        writer.run(partial(kill_after, moment=moment))
        found = found_files([folder], NOW)
        left = writer.run(partial(begin, found=found, selection={}, sources=HOSTS, now=NOW))
        fill(writer, LocalMap(workers), left, one_by_one, lambda *_: None)


def one_by_one(each: FileToRead) -> HistoryFile:
    """A part that gives each record in a batch, and so in a transaction, of its own."""
    return replace(part_of(each), one_by_one=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
