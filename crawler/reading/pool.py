"""Worker processes for tasks that could block the loop, use up the memory or never end.

Pages and feeds are foreign input: a hundred thousand nested tags keep a parser busy for minutes.
So each task has a deadline, after which its process is killed, and a limit on memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool
from pebble.pool import process as pebble_process
from pebble.pool.base_pool import Task
from pebble.pool.channel import WorkerChannel

from crawler.errors import NieuwswachtError, PageError, SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.reading.turns import Turns

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

DEADLINE = 15.0  # seconds; chosen, as are the next two limits
MEMORY = 512 * 1024 * 1024  # bytes beyond those that a process begins with
# A process past its deadline is killed at once: it ignores all signals that can be ignored.
CONSTS.term_timeout = 0.1
# A process is replaced after this many tasks, or when it has so much memory that it shares with no
# other, so that what libraries keep cannot fill the memory. Chosen: usual pages need far less.
TASKS_EACH = 1_000
OWN_MEMORY = 60 * 1024 * 1024
# Seconds of processor time. Chosen: a page that takes as long leaves many gaps, and to return them
# takes 2 ms.
_LONG = 0.2
# mallopt(3): at most two arenas; blocks from 128 kB on are given back when they are freed, and so
# is what is free at the end of the heap. Both begin so, and would be raised by glibc itself.
_ALLOCATION = {-8: 2, -3: 128 * 1024, -1: 128 * 1024}


class WorkFailedError(NieuwswachtError):
    """A task gave no result; `what` says why.

    `again` says that this was not caused by the task itself: it may work another time.
    """

    def __init__(self, what: Fault, *, again: bool = False) -> None:
        super().__init__(str(what))
        self.what, self.again = what, again


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    value: T
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Fault:
    """What went wrong, as a value: not every exception can be sent between two processes."""

    what: Fault
    trace: str = ""
    again: bool = False
    seconds: float = 0.0


class WorkerPool:
    """Up to `workers` processes, which are started with the first task.

    They are forked from one small process that has already loaded the libraries. So they share its
    memory and start at once. `deadline` is in seconds, `memory` in bytes. Each source has its turn:
    one with heavy pages delays the others little.
    """

    def __init__(
        self, workers: int = 2, *, deadline: float = DEADLINE, memory: int = MEMORY
    ) -> None:
        self._workers = workers
        self._deadline = deadline
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._ended: ProcessPool | None = None
        self._waiting: set[asyncio.Future[Any]] = set()
        self._turns = Turns[asyncio.Future[None]](workers)
        self._starting = asyncio.Lock()
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
        outcome: _Done[T] | _Fault = _Fault(CrawlFault.NOT_FINISHED(), seconds=0.0)
        try:
            outcome = await self._outcome_of(function, args, kwargs)
        finally:
            self._turns.done(turn, outcome.seconds)
            self._give_turns()
        if isinstance(outcome, _Done):
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
            turn.set_result(None)

    async def _outcome_of(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Done[T] | _Fault:
        try:
            return await self._attempt(function, args, kwargs)
        except (ProcessExpired, BrokenProcessPool, RuntimeError) as error:
            logger.warning("worker died function=%s error=%r", function.__name__, error)
            return await self._second_attempt(function, args, kwargs)

    async def close(self) -> None:
        """End the processes, also those at work; their callers get `WorkFailedError`."""
        self._closed = True
        async with self._starting:
            pool, self._pool = self._pool, None
        for waiting in self._waiting:  # Pebble would leave them waiting for ever
            waiting.cancel()
        if pool is not None:
            await self._end(pool)

    async def _end(self, pool: ProcessPool) -> None:
        pool.stop()  # type: ignore[no-untyped-call]  # Pebble
        await asyncio.to_thread(pool.join)
        # A process that is just starting may still need the locks, so they stay until we end.
        self._ended = pool

    async def _attempt(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Done[T] | _Fault:
        pool = await self._running_pool()
        future: ProcessFuture[_Done[T] | _Fault] = pool.schedule(
            _outcome, args=(function, args, kwargs), timeout=self._deadline
        )
        waiting = asyncio.wrap_future(future)
        self._waiting.add(waiting)
        try:
            return await waiting
        except TimeoutError:
            took = CrawlFault.TOOK_LONGER(seconds=self._deadline)
            return _Fault(took, seconds=self._deadline)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._closed or task is None or task.cancelling():
                raise
            return _Fault(CrawlFault.NOT_FINISHED(), again=True)
        finally:
            self._waiting.discard(waiting)

    async def _second_attempt(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Done[T] | _Fault:
        try:
            return await self._attempt(function, args, kwargs)
        except (ProcessExpired, BrokenProcessPool, RuntimeError):
            return _Fault(CrawlFault.DIED_TWICE(), again=True)

    async def _running_pool(self) -> ProcessPool:
        async with self._starting:
            if self._closed:
                raise WorkFailedError(CrawlFault.NOT_BEGUN(), again=True)
            if self._pool is not None and not self._pool.active:
                broken, self._pool = self._pool, None
                await self._end(broken)  # some of its processes may live on
            if self._pool is None:
                # The first process waits for the libraries to load.
                self._pool = await asyncio.to_thread(self._started)
            return self._pool

    def _started(self) -> ProcessPool:
        with readers_to_start() as context:
            pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=TASKS_EACH,
                initializer=limit_memory,
                initargs=(self._memory,),
                context=context,
            )
            if not pool.active:  # asking starts it
                raise BrokenProcessPool
            return pool


@contextlib.contextmanager
def readers_to_start() -> Iterator[ForkServerContext]:
    """What starts processes that have loaded the libraries; in here, they ignore signals.

    A terminal and a service manager send Ctrl-C and SIGTERM to every process at once. Ours are
    ended by their parent, once it has their results.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.reading.plain_start", "crawler.reading.preload"])
    resource_tracker.ensure_running()  # starting it later would let the signals in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield context
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def return_freed_memory() -> None:
    """Let this process give back what it has freed, as far as its C library can be told so.

    By itself glibc keeps it, for each thread apart: after ten articles of 1 MB it was 100 MB.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in _ALLOCATION.items():
            mallopt(option, value)


def return_gaps() -> None:
    """Give back whole pages of memory that are free between others in use."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def limit_memory(memory: int) -> None:
    """Limit the memory of this new process to what it has now and this many bytes."""
    return_freed_memory()
    with contextlib.suppress(OSError, ValueError):  # a system without /proc, or a lower limit
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _outcome(
    function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> _Done[T] | _Fault:
    """What a task came to and how long it took; a process that has grown too large is replaced."""
    began = time.process_time()
    outcome = _result(function, args, kwargs)
    if time.process_time() - began > _LONG:
        return_gaps()
    if _PEAK.has_grown() and own_memory() > OWN_MEMORY:
        _end_after_this()
    return replace(outcome, seconds=time.process_time() - began)


def _result(
    function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> _Done[T] | _Fault:
    try:
        return _Done(function(*args, **kwargs))
    except (PageError, SourceError) as error:
        return _Fault(error.what)
    except MemoryError:
        return _Fault(CrawlFault.MORE_MEMORY())
    except RecursionError:
        return _Fault(CrawlFault.NESTED())
    except Exception as error:  # noqa: BLE001 - foreign input costs its own page, never the worker
        bug = CrawlFault.NOT_READABLE(error=type(error).__name__)  # the trace says the rest
        return _Fault(bug, traceback.format_exc())


@dataclass(slots=True)
class _Peak:
    """The most memory that this process has had, as of the last look at it."""

    bytes: int = OWN_MEMORY

    def has_grown(self) -> bool:
        """Whether it is more than at the last look, and more than a process may have of its own."""
        now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        grown, self.bytes = now > self.bytes, max(now, self.bytes)
        return grown


# To ask for its own memory takes a process as long as half a page. So it does only after a peak.
_PEAK = _Peak()


def own_memory() -> int:
    """The bytes that this process shares with no other (USS); 0 where that cannot be known."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return 1024 * sum(
        int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")
    )


def _end_after_this() -> None:
    """Let this process end before its next task: Pebble starts another one for it.

    Pebble itself can only count tasks. An end of the pipe from which it fetches them is for it the
    end of its work.
    """

    def no_more(channel: WorkerChannel) -> Task:
        raise EOFError(channel)

    pebble_process.fetch_task = no_more
