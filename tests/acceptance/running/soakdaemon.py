"""The daemon, which takes orders on its standard input: a clock that steps, a disk that is full.

`clock SECONDS` sets the clock forward or back; `full` lets the database grow no more, `room` again.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import sqlite3
import sys
import threading
from pathlib import Path

import apscheduler.schedulers.base
from clockdaemon import Shifted

from crawler.store import Connection, Writer
from monitor.context import Context
from monitor.running.daemon import run_daemon
from monitor.running.logs import configure_logging


def obey(writer: Writer) -> None:
    for line in sys.stdin:
        order, _, word = line.strip().partition(" ")
        if order == "clock":
            Shifted.wrong += dt.timedelta(seconds=int(word))
        else:
            limit(writer, full=order == "full")


def limit(writer: Writer, *, full: bool) -> None:
    """Let SQLite refuse to grow the file, as on a full disk, or let it grow again."""

    def job(db: Connection) -> None:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages if full else 2**30}")

    # What waits with it may be too much for the full disk, and its commit fails.
    with contextlib.suppress(sqlite3.Error):
        writer.run(job)


def run() -> None:
    """Run with the words of the command: the folder of the configuration, and the database.

    Called by `python -c`: a script would be loaded by each worker process too, with all it needs.
    """
    config, database = sys.argv[1:]
    configure_logging(logging.INFO)
    apscheduler.schedulers.base.datetime = Shifted
    context = Context(config_dir=Path(config), db=Path(database), clock=lambda: Shifted.now(dt.UTC))
    with context.writer() as writer:
        threading.Thread(target=obey, args=(writer,), daemon=True).start()
        asyncio.run(run_daemon(context, writer))
