"""The thread that reads the article log while the daemon runs."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime

from alerts.matcher import Matcher
from crawler.errors import StoreError

log = logging.getLogger(__name__)

# Seconds. Chosen: it looks at least this often, even if nothing wakes it up.
_LONGEST_WAIT = 30.0


class LogReader:
    """A thread that matches whatever is saved, and calls `on_queued` when there are alerts."""

    def __init__(
        self, matcher: Matcher, *, clock: Callable[[], datetime], on_queued: Callable[[], None]
    ) -> None:
        self.matcher = matcher
        self._clock, self._on_queued = clock, on_queued
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="log-reader")

    def start(self) -> None:
        """Begin to read, first what an earlier process left unread."""
        self._bell.set()
        self._thread.start()

    def wake(self) -> None:
        """Read soon: there is something new in the log."""
        self._bell.set()

    def stop(self) -> None:
        """Read to the end of the log, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(_LONGEST_WAIT)
            self._bell.clear()
            self._read()

    def _read(self) -> None:
        try:
            counts = self.matcher.catch_up(self._clock)
        except (sqlite3.Error, StoreError) as error:
            # The records stay unread until the next look or the next start.
            log.error("matching fault=%s", error)  # noqa: TRY400 - the error says it all
            return
        if counts.matches:
            log.info("matches=%d alerts_queued=%d", counts.matches, counts.queued)
        if counts.queued:
            self._on_queued()
