"""The write-ahead log beside the database: how large it is, and who keeps it so large."""

from __future__ import annotations

import os
from pathlib import Path

# Where SQLite's readers lock the file beside the log, from which to which byte: the five marks of
# https://sqlite.org/walformat.html, 2.2.1.
_FIRST_MARK, _LAST_MARK = 123, 127
_LOCKS, _PROCESSES = Path("/proc/locks"), Path("/proc")


def beside(database: Path, ending: str) -> Path:
    """The file of this database with this ending.

    It stands where a link leads to, as those of SQLite do, so that each name of a database has it.
    """
    file = Path(os.path.realpath(database))  # which says nothing of links in a circle
    return file.with_name(file.name + ending)


def wal_bytes(database: Path) -> int:
    """The size of the log, 0 if there is none."""
    log = beside(database, "-wal")
    return log.stat().st_size if log.exists() else 0


def readers_of(database: Path) -> list[str]:
    """The processes that read this database now, as `name (pid)`; none where nobody can tell."""
    try:
        inode = beside(database, "-shm").stat().st_ino
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return []
    pids = {pid for line in lines if (pid := _reader_in(line, inode))}
    return [f"{_name_of(pid)} ({pid})" for pid in sorted(pids)]


def _reader_in(line: str, inode: int) -> int:
    """The process that a line of /proc/locks says to read the file; 0 if it says something else."""
    fields = line.split()
    if "->" in fields or "READ" not in fields or not fields[-3].endswith(f":{inode}"):
        return 0
    first, last = fields[-2:]
    within = int(first) >= _FIRST_MARK and last != "EOF" and int(last) <= _LAST_MARK
    return int(fields[-4]) if within else 0


def _name_of(pid: int) -> str:
    try:
        return (_PROCESSES / str(pid) / "comm").read_text().strip()
    except OSError:
        return "?"
