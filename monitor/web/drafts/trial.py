"""The one backtest that is under way, or was the last."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import threading
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess

from alerts.rules import Report, Rule
from crawler.frozen import dataclass
from monitor.context import Context
from monitor.web.drafts.draft_form import DraftForm
from monitor.web.drafts.trial_process import (
    TrialBug,
    TrialNews,
    TrialOrder,
    TrialProgress,
    run_trial,
)

log = logging.getLogger(__name__)

# Seconds between two looks at whether it is to end; chosen: far below what a stop may take.
_LOOK = 0.25


class TrialState(StrEnum):
    """What became of a backtest."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A backtest: of which draft, for whom, how far it is, and what it found."""

    rule: Rule
    held: Rule | None
    form: DraftForm
    user: str
    begun: datetime
    state: TrialState = TrialState.RUNNING
    done: int = 0
    total: int = 0
    report: Report | None = None
    bug: str = ""


class Trials:
    """Runs one backtest at a time; it ends when the page does."""

    def __init__(self, context: Context, closing: threading.Event) -> None:
        self._context, self._closing = context, closing
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self.last: Trial | None = None

    @property
    def is_running(self) -> bool:
        """Whether one is under way."""
        return self.last is not None and self.last.state is TrialState.RUNNING

    def start(self, rule: Rule, held: Rule | None, form: DraftForm, user: str) -> bool:
        """Begin a backtest; False if another one is under way. `form` is what it is about."""
        if self.is_running or self._closing.is_set():
            return False
        begun = self._context.now()
        self.last = Trial(rule=rule, held=held, form=form, user=user, begun=begun)
        self._cancelled.clear()
        self._thread = threading.Thread(target=self._work, name="backtest", daemon=True)
        self._thread.start()
        return True

    def cancel(self) -> None:
        """End the one that is under way."""
        self._cancelled.set()
        self.wait()

    def wait(self) -> None:
        """Until none is under way."""
        if self._thread:
            self._thread.join()

    def _work(self) -> None:
        assert self.last is not None
        order = TrialOrder(
            draft=self.last.rule,
            held=self.last.held,
            config_dir=self._context.config_dir,
            database=self._context.database,
            timezone=self._context.settings.schedule.timezone,
        )
        # A fresh process: a fork of one with threads may hang.
        apart = multiprocessing.get_context("spawn")
        here, there = apart.Pipe(duplex=False)
        child = apart.Process(target=run_trial, args=(there, order), name="backtest", daemon=True)
        try:
            child.start()
            there.close()
            self._follow(here)
        except Exception as error:  # a machine without room for another process
            log.exception("backtest ended")
            self._end(TrialState.FAILED, bug=str(error))
        finally:
            _finish(child)
            here.close()

    def _follow(self, pipe: Pipe) -> None:
        """Take the news of the process until it is done, or is to end."""
        while not (self._closing.is_set() or self._cancelled.is_set()):
            if not pipe.poll(_LOOK):
                continue
            try:
                news = pipe.recv()
            except EOFError:
                self._end(TrialState.FAILED, bug="")
                return
            if self._is_last(news):
                return
        self._end(TrialState.CANCELLED)

    def _is_last(self, news: TrialNews) -> bool:
        assert self.last is not None
        match news:
            case TrialProgress():
                self.last = replace(self.last, done=news.done, total=news.total)
                return False
            case TrialBug():
                self._end(TrialState.FAILED, bug=news.bug)
            case Report():
                self.last = replace(self.last, state=TrialState.DONE, report=news)
        return True

    def _end(self, state: TrialState, bug: str = "") -> None:
        assert self.last is not None
        self.last = replace(self.last, state=state, bug=bug)


def _finish(child: BaseProcess) -> None:
    """End the process, if it has begun and is not over."""
    with contextlib.suppress(ValueError, AssertionError):
        if child.pid is not None:
            child.kill()
            child.join()
            child.close()
