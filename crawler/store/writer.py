"""The one thread that writes to the database."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlite_utils import Migrations

from crawler.clock import utc_now
from crawler.errors import StoreError
from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.database import open_writer
from crawler.store.holder import FileLock, StoreFault
from crawler.store.upgrade import bring_up_to_date

T = TypeVar("T")

# At most this many waiting jobs share one commit, which costs milliseconds. A job costs less. In
# batches of 100, 4,885 rows a second were written; with a transaction an article, about 1,750
# (docs/decisions/0002). The number itself is chosen.
BATCH = 200
# Seconds without a job after which the moment counts as quiet. Chosen: while pages come in, the
# writer hardly ever waits so long.
QUIET = 0.05

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    run: Callable[[Connection], Any]
    future: Future[Any]
    about: str


class Writer:
    """Runs jobs in the given order, each whole or not at all, several in one commit.

    A future resolves after the commit that made its job durable. If a commit fails, the jobs are
    run again one by one, so that one of them cannot spoil the others. `opening` is the first job:
    it sees a database of which all earlier owners are gone, since only one process at a time has
    the lock. `closing` is the last. `resting` is run in quiet moments, at the start and after other
    jobs, as long as it says that there is more to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        migrations: Sequence[Migrations],
        opening: Callable[[Connection], object] | None = None,
        closing: Callable[[Connection], None] | None = None,
        resting: Callable[[Connection], bool] | None = None,
    ) -> None:
        self.path = path
        self._last_job, self._resting = closing, resting
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(path)
        try:
            self._db = open_writer(path)
            bring_up_to_date(self._db, path, migrations)
            if opening is not None:
                with self._db.transaction():
                    opening(self._db)
        except BaseException:
            self._lock.release()
            raise
        self.note = self._lock.note
        self._refused: dict[str, tuple[datetime, str]] = {}
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T], *, about: str = "") -> Future[T]:
        """A future with the job's result, which resolves once it is committed.

        What SQLite refuses counts as a fault of the store (`fault`) until another job `about` the
        same is committed, or without that another one of the same function.
        """
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise StoreError("the database has been closed")
            self._jobs.put(_Job(job, future, about or _name_of(job)))
        return future

    def run(self, job: Callable[[Connection], T]) -> T:
        """Wait for the job's result; never call this on the event loop."""
        return self.submit(job).result()

    @property
    def fault(self) -> StoreFault | None:
        """What the database refuses to write at this time."""
        refused = dict(self._refused)
        if not refused:
            return None
        since, error = min(refused.values())
        return StoreFault(about=tuple(sorted(refused)), since=since, error=error)

    def waiting(self) -> int:
        """The number of jobs that have not begun."""
        return self._jobs.qsize()

    def close(self, *, then: Callable[[], None] | None = None) -> None:
        """Finish what was submitted, then close the file. It may be called twice.

        `then` runs on the closed file, while no other instance can have it.
        """
        with self._closing:
            if self._closed:
                return
            self._closed = True
            if self._last_job is not None:
                self._jobs.put(_Job(self._last_job, Future(), "closing"))
            self._jobs.put(None)
        self._thread.join()
        self._db.close()
        try:
            if then is not None:
                then()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _work(self) -> None:
        while True:
            jobs, last = self._next_batch(self._first_job())
            if jobs:
                self._commit(jobs)
            if last:
                return

    def _first_job(self) -> _Job | None:
        """Wait for a job, and do in quiet moments what can wait."""
        resting = self._resting
        while resting is not None:
            try:
                return self._jobs.get(timeout=QUIET)
            except queue.Empty:
                resting = resting if self._rest(resting) else None
        return self._jobs.get()

    def _rest(self, resting: Callable[[Connection], bool]) -> bool:
        """Whether there is more to do; what fails is tried again after the next jobs."""
        job = _Job(resting, Future(), _name_of(resting))
        self._commit([job])
        fault = job.future.exception()
        if isinstance(fault, sqlite3.Error):  # a full disk, no bug
            log.error("resting_failed error=%s", fault)
        elif fault is not None:
            log.error("resting_failed", exc_info=fault)
        return fault is None and job.future.result()

    def _next_batch(self, job: _Job | None) -> tuple[list[_Job], bool]:
        jobs: list[_Job] = []
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
            if len(jobs) >= BATCH:
                return jobs, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit(self, jobs: Sequence[_Job]) -> None:
        try:
            with self._db.transaction():
                outcomes = [self._outcome(job) for job in jobs]
        except sqlite3.Error as error:
            if len(jobs) == 1:
                self._note_outcome(jobs[0], error)
                jobs[0].future.set_exception(error)
            else:
                for job in jobs:
                    self._commit([job])
            return
        for job, (result, fault) in zip(jobs, outcomes, strict=True):
            self._note_outcome(job, fault)
            if fault is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(fault)

    def _outcome(self, job: _Job) -> tuple[Any, BaseException | None]:
        """Run one job in its savepoint; an error that ends the whole transaction is raised."""
        try:
            with self._db.savepoint():
                return job.run(self._db), None
        except BaseException as fault:
            if not self._db.in_transaction:
                raise sqlite3.OperationalError(f"transaction lost: {fault}") from fault
            return None, fault

    def _note_outcome(self, job: _Job, fault: BaseException | None) -> None:
        """Keep what SQLite refuses, also in the note that other processes read."""
        if isinstance(fault, sqlite3.Error):
            since, _ = self._refused.get(job.about, (utc_now(), ""))
            self._refused[job.about] = since, str(fault)
        elif fault is not None or self._refused.pop(job.about, None) is None:
            return
        self.note.faulty(self.fault)


def _name_of(job: Callable[[Connection], object]) -> str:
    return getattr(job, "__qualname__", type(job).__qualname__)
