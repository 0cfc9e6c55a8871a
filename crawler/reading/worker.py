"""A worker process as its program sees it: the tasks that it was given, and what comes of them."""

from __future__ import annotations

import asyncio
import pickle
from collections import deque
from collections.abc import Callable
from typing import Any

from crawler.frozen import dataclass
from crawler.reading.fork_server import Forked
from crawler.reading.task_loop import SIZE, Failed, Finished


@dataclass(slots=True, eq=False)
class Task:
    """A task that waits `since` then, and how many processes have died of it.

    One that is `shared` is done by two of them, since it waited behind a long one.
    """

    name: str
    words: bytes
    outcome: asyncio.Future[Finished[Any] | Failed]
    since: float
    deaths: int = 0
    shared: bool = False

    def is_done(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.outcome.done()

    def end(self, outcome: Finished[Any] | Failed) -> None:
        """Hand this over to whoever waits for it."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class Worker(asyncio.Protocol):
    """Its tasks are in `hand`; it is at work at the first, `since` then. The next is sent ahead.

    `on_answer` hears what a task came to, `on_late` that one takes too long, and `on_end` once that
    the process has ended, whatever the reason.
    """

    def __init__(  # noqa: PLR0913 - what it is held to and who hears of it, by name
        self,
        process: Forked,
        *,
        deadline: float,
        clock: Callable[[], float],
        on_answer: Callable[[Worker, Finished[Any] | Failed], None],
        on_late: Callable[[Worker], None],
        on_end: Callable[[Worker], None],
    ) -> None:
        self.process = process
        self.hand = deque[Task]()
        self.since = clock()
        self._deadline, self._clock = deadline, clock
        self._on_answer, self._on_late, self._on_end = on_answer, on_late, on_end
        self._read = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    def give(self, task: Task) -> None:
        """Send it a task."""
        self.hand.append(task)
        self._transport.writelines((SIZE.pack(len(task.words)), task.words))
        if len(self.hand) == 1:
            self._begin()

    def next_task(self) -> Task:
        """Take the task out of its hand that it has done; it is at the next one already."""
        done = self.hand.popleft()
        self._begin()
        return done

    def at_work_at(self, task: Task) -> bool:
        """Whether it is this task that it is at work at."""
        return bool(self.hand) and self.hand[0] is task

    def is_gone(self) -> bool:
        """Whether its process has ended, and `on_end` is about to hear of it."""
        return self._transport.is_closing()

    def let_go(self) -> None:
        """Let the process end by itself: it has nothing to do, and hears no more of us."""
        self._stop_timer()
        self._transport.abort()

    def kill(self) -> None:
        """End the process, whatever it does."""
        if not self.is_gone():
            self.process.kill()
        self.let_go()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # a socket

    def data_received(self, data: bytes) -> None:
        """Take the answers that have come as a whole."""
        self._read += data
        while len(self._read) >= SIZE.size:
            end = SIZE.size + SIZE.unpack_from(self._read)[0]
            if len(self._read) < end:
                return
            outcome = pickle.loads(memoryview(self._read)[SIZE.size : end])  # noqa: S301 - our own
            del self._read[:end]
            self._on_answer(self, outcome)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the process has ended."""
        del exc  # a broken pipe and an end say the same
        self._stop_timer()
        self._on_end(self)

    def _begin(self) -> None:
        self._stop_timer()
        self.since = self._clock()
        if self.hand:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._deadline, self._on_late, self)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
