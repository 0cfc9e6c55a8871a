"""The daemon under a clock that SIGUSR1 sets back by an hour, for the scheduler as well.

Its words: configuration, database, and by how many hours the clock is wrong at the start.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import sys
from pathlib import Path

import apscheduler.schedulers.base

from monitor.context import Context
from monitor.running.daemon import run_daemon


class Shifted(dt.datetime):
    """What the scheduler takes for the time."""

    wrong = dt.timedelta()

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]  # no Self
        return dt.datetime.now(tz) + cls.wrong


def set_back(*_: object) -> None:
    Shifted.wrong -= dt.timedelta(hours=1)


def run(config: str, database: str, hours: str) -> None:
    Shifted.wrong = dt.timedelta(hours=int(hours))
    apscheduler.schedulers.base.datetime = Shifted
    signal.signal(signal.SIGUSR1, set_back)

    def clock() -> dt.datetime:
        return Shifted.now(dt.UTC)

    context = Context(config_dir=Path(config), db=Path(database), clock=clock)
    with context.writer() as writer:
        asyncio.run(run_daemon(context, writer))


if __name__ == "__main__":
    run(*sys.argv[1:])
