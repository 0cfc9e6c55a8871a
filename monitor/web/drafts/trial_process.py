"""A backtest of the whole archive in a process of its own, which yields to everything else."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.rules import Backtest, Report, Rule
from alerts.search import by_number, newest_first
from crawler.errors import bug_of
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.context import Context

# Articles read by one statement; chosen: no statement holds back the writer's log for long.
_BATCH = 200
_LOWEST = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOrder:
    """What to try: a draft, perhaps against the rule in force, on this archive."""

    draft: Rule
    held: Rule | None
    config_dir: Path
    database: Path
    timezone: str


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """How many articles were read, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TrialBug:
    """The kind and place of the bug that ended it."""

    bug: str


TrialNews = TrialProgress | TrialBug | Report


def run_trial(pipe: Pipe, order: TrialOrder) -> None:
    """Send the progress, and the report at the end; ends when nobody listens any more."""
    os.nice(_LOWEST)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the daemon, which ends this
    try:
        for news in _trial(order):
            pipe.send(news)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the daemon has gone
    except Exception as error:  # noqa: BLE001 - whoever waits for it is told
        pipe.send(TrialBug(bug_of(error)))


def _trial(order: TrialOrder) -> Iterator[TrialNews]:
    db = Context(config_dir=order.config_dir, db=order.database).reader()
    work = Backtest(order.draft, order.held, timezone=ZoneInfo(order.timezone))
    numbers = newest_first(db)
    waiting = list(numbers)
    for done in range(0, len(waiting), _BATCH):
        yield TrialProgress(done, len(waiting))
        _read(db, work, waiting[done : done + _BATCH])
    db.close()
    yield work.report()


def _read(db: Connection, work: Backtest, numbers: list[int]) -> None:
    for each in by_number(db, numbers):
        work.read(each.number, each.document, each.published, each.story)
