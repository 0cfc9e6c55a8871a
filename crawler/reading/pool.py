"""Worker processes for tasks that could block the loop, use up the memory or never end.

Pages and feeds are foreign input: a hundred thousand nested tags keep a parser busy for minutes.
So each task has a deadline, after which its process is killed, and a limit on memory.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
from collections import deque
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from crawler.errors import NieuwswachtError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.reading.fork_server import FORKS, Forked, NoProcessError
from crawler.reading.staffing import PATIENCE, SERVER_REST, one_more, rested
from crawler.reading.task_loop import LATE, Failed, Finished, work
from crawler.reading.turns import Turns
from crawler.reading.worker import Task, Worker

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

DEADLINE = 15.0  # seconds; chosen, as is the next limit
MEMORY = 512 * 1024 * 1024  # bytes beyond those that a process begins with
_LOOK = 1.0  # seconds between two looks whether a reader has rested
_AFTER_FAULT = 10.0  # seconds; chosen: so long the system is left alone that could start no other


class WorkFailedError(NieuwswachtError):
    """A task gave no result; `what` says why.

    `again` says that this was not caused by the task itself: it may work another time.
    """

    def __init__(self, what: Fault, *, again: bool = False) -> None:
        super().__init__(str(what))
        self.what, self.again = what, again


class WorkerPool:
    """Up to `workers` processes, which come with the tasks that wait and go when none come.

    They are forked from one small process that has already loaded the libraries. So they share its
    memory and start at once. `deadline` is in seconds, `memory` in bytes, `clock` counts seconds.
    Each source has its turn: one with heavy pages delays the others little.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = workers
        self._deadline = deadline
        self._memory = memory
        self._clock = clock
        self._workers: list[Worker] = []  # whoever was at work last at the end
        self._starting: set[asyncio.Task[None]] = set()
        self._started = 0.0  # when the last one was asked for, or may be again
        self._left: float | None = None  # when the last one was there
        self._waiting: deque[Task] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._turns = Turns[asyncio.Future[None]](workers)
        self._closed = False

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a module-level function, whose arguments must be picklable.

        A process that dies is replaced, and its task is tried once more: the system may have killed
        it because another process needed memory.

        Raises:
            WorkFailedError: the function raised, took too long, needed too much memory or died.
        """
        return await self.run_for("", 0, function, *args, **kwargs)

    async def run_for(
        self, source: str, size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for a source, in its turn; `size` is that of the page, in bytes.

        Raises:
            WorkFailedError: the function raised, took too long, needed too much memory or died.
        """
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._come(source, turn, size)
        outcome: Finished[T] | Failed = Failed(CrawlFault.NOT_FINISHED())
        try:
            words = pickle.dumps((function, args, kwargs))
            outcome = await self._outcome_of(function.__name__, words)
        finally:
            self._turns.done(turn, outcome.seconds)
            self._give_turns()
        if isinstance(outcome, Finished):
            return outcome.value
        if outcome.trace:
            logger.error("worker fault function=%s\n%s", function.__name__, outcome.trace)
        raise WorkFailedError(outcome.what, again=outcome.again)

    async def _come(self, source: str, turn: asyncio.Future[None], size: int) -> None:
        """Wait for the turn of this source."""
        self._turns.add(source, turn, size)
        self._give_turns()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._turns.drop(source, turn)
            else:
                self._turns.done(turn, 0.0)
            self._give_turns()
            raise

    def _give_turns(self) -> None:
        while (turn := self._turns.next()) is not None:
            if turn.cancelled():  # whoever waited for it is about to hear of that
                self._turns.done(turn, 0.0)
            else:
                turn.set_result(None)

    async def _outcome_of(self, name: str, words: bytes) -> Finished[Any] | Failed:
        if self._closed:
            return Failed(CrawlFault.NOT_BEGUN(), again=True)
        outcome: asyncio.Future[Finished[Any] | Failed] = asyncio.get_running_loop().create_future()
        task = Task(name, words, outcome, self._clock())
        self._waiting.append(task)
        self._tend()
        try:
            return await outcome
        except asyncio.CancelledError:  # nobody waits for it any more, so nobody goes on with it
            for worker in [each for each in self._workers if each.at_work_at(task)]:
                self._interrupt(worker)
            raise

    def _tend(self) -> None:
        """Give tasks to whoever has none, start who is needed, and end who is not."""
        if self._closed:
            return
        while self._waiting and (self._waiting[0].is_done() or self._given(self._waiting[0])):
            self._waiting.popleft()
        if self._waiting:
            self._start_if_needed()
        else:
            self._share()
            self._end_rested()
        self._look_later()

    def _given(self, task: Task) -> bool:
        """Whether there is somebody to do this: at once, or next if all are there and at work."""
        ahead = 2 if len(self._workers) == self._most else 1
        there = [each for each in reversed(self._workers) if not each.is_gone()]
        worker = min(there, key=lambda each: len(each.hand), default=None)
        if worker is None or len(worker.hand) >= ahead:
            return False
        self._give(worker, task)
        return True

    def _give(self, worker: Worker, task: Task) -> None:
        self._workers.remove(worker)
        self._workers.append(worker)
        worker.give(task)

    def _share(self) -> None:
        """Give what waits behind a long task to whoever rests too: it is done by who is first."""
        now = self._clock()
        for worker in [each for each in self._workers if len(each.hand) > 1]:
            free = (each for each in self._workers if not each.hand and not each.is_gone())
            resting = next(free, None)
            if resting and now - worker.since >= PATIENCE and not worker.hand[1].shared:
                worker.hand[1].shared = True
                self._give(resting, worker.hand[1])

    def _start_if_needed(self) -> None:
        now = self._clock()
        waited = now - max(self._waiting[0].since, self._started)
        if one_more(len(self._workers) + len(self._starting), self._most, waited):
            self._started = now
            task = asyncio.get_running_loop().create_task(self._start())
            self._starting.add(task)
            task.add_done_callback(self._note_started)

    async def _start(self) -> None:
        """Start a process, which waits for the libraries to load if it is the first one."""
        loop = asyncio.get_running_loop()
        process = await asyncio.to_thread(FORKS.fork, work, self._memory, self._deadline)
        _, worker = await loop.create_unix_connection(
            lambda: self._worker(process), sock=process.connection
        )
        self._workers.append(worker)

    def _note_not_started(self, error: BaseException) -> None:
        """Let nobody wait for ever for a process that cannot be started, whatever the reason."""
        if not isinstance(error, (NoProcessError, OSError, RuntimeError, MemoryError)):
            logger.error("worker bug", exc_info=error)
        if self._workers:
            logger.warning("no further worker could be started error=%r", error)
            self._started = self._clock() + _AFTER_FAULT
        elif self._waiting:
            self._note_death(self._waiting.popleft(), f"none could be started: {error!r}")

    def _worker(self, process: Forked) -> Worker:
        return Worker(
            process,
            deadline=self._deadline,
            clock=self._clock,
            on_answer=self._answered,
            on_late=self._late,
            on_end=self._ended,
        )

    def _note_started(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            self._note_not_started(error)
        self._tend()

    def _end_rested(self) -> None:
        now = self._clock()
        resting = [each for each in self._workers if not each.hand]
        busy = len(self._workers) - len(resting)
        for worker in resting[: rested([now - each.since for each in resting], busy=busy)]:
            self._workers.remove(worker)
            worker.let_go()
        if self._workers or self._starting:
            self._left = now
        elif self._left is not None and now - self._left >= SERVER_REST:
            self._left = None
            asyncio.get_running_loop().run_in_executor(None, FORKS.rest)

    def _look_later(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None
        if self._waiting or self._left is not None:
            behind = self._waiting or any(len(each.hand) > 1 for each in self._workers)
            seconds = PATIENCE if behind else _LOOK
            self._look = asyncio.get_running_loop().call_later(seconds, self._tend)

    def _answered(self, worker: Worker, outcome: Finished[Any] | Failed) -> None:
        worker.next_task().end(outcome)
        if outcome.last:
            self._dismiss(worker)
            worker.let_go()
        self._tend()

    def _late(self, worker: Worker) -> None:
        task = worker.hand[0]
        if self._clock() - worker.since > self._deadline + LATE:
            self._note_death(task, "the program stood still, and so may its process have")
        else:
            took = CrawlFault.TOOK_LONGER(seconds=self._deadline)
            task.end(Failed(took, seconds=self._deadline))
        self._interrupt(worker)

    def _interrupt(self, worker: Worker) -> None:
        """End this one in the midst of its work."""
        worker.hand.popleft()
        self._dismiss(worker)
        worker.kill()
        self._tend()

    def _ended(self, worker: Worker) -> None:
        if worker not in self._workers:
            return  # we have ended it ourselves
        if worker.hand:
            self._note_death(worker.hand.popleft(), f"process {worker.process.pid} has ended")
        self._dismiss(worker)
        self._tend()

    def _dismiss(self, worker: Worker) -> None:
        """Give it no more; what it has not begun waits for another one."""
        self._workers.remove(worker)
        self._waiting.extendleft(reversed(worker.hand))

    def _note_death(self, task: Task, why: str) -> None:
        """Let the task of a worker that has died be tried once more."""
        logger.warning("worker died function=%s error=%s", task.name, why)
        task.deaths += 1
        if task.deaths > 1:
            task.end(Failed(CrawlFault.DIED_TWICE(), again=True))
        else:
            self._waiting.appendleft(task)

    async def close(self) -> None:
        """End the processes, also those at work; their callers get `WorkFailedError`."""
        self._closed = True
        if self._look is not None:
            self._look.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        ended, self._workers = self._workers, []
        for task in [*self._waiting, *(task for each in ended for task in each.hand)]:
            task.end(Failed(CrawlFault.NOT_FINISHED(), again=True))
        for worker in ended:
            worker.kill()
        for worker in ended:
            await asyncio.to_thread(worker.process.wait)
