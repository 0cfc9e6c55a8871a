"""What a worker process does: one task after the other, each within limits of time and memory."""

from __future__ import annotations

import pickle
import signal
import socket
import struct
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from typing import Any, Generic, TypeVar

from crawler.errors import PageError, SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.frozen import dataclass
from crawler.reading.memory import OWN_MEMORY, Peak, limit_memory, own_memory, return_gaps

T = TypeVar("T")

# A process ends after this many tasks, so that what libraries keep cannot fill the memory. Chosen.
TASKS_EACH = 1_000
# Each message is preceded by the number of its bytes.
SIZE = struct.Struct("!Q")
# Seconds of processor time. Chosen: a page that takes as long leaves many gaps, and to return them
# takes 2 ms.
_LONG = 0.2
# Seconds past the deadline after which a process ends itself. Chosen: whoever is waiting ends it at
# the deadline, so this is for a process whose program was killed.
LATE = 5
_PEAK = Peak()


@dataclass(frozen=True, slots=True)
class Finished(Generic[T]):
    """The result of a task, the processor time it took, and whether its process ends after it."""

    value: T
    seconds: float = 0.0
    last: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong, as a value: not every exception can be sent between two processes."""

    what: Fault
    trace: str = ""
    again: bool = False
    seconds: float = 0.0
    last: bool = False


def work(connection: socket.socket, memory: int, deadline: float) -> None:
    """Do the tasks that come over this connection until it ends, with so many bytes of memory."""
    limit_memory(memory)
    late = deadline + LATE
    with connection.makefile("rb") as tasks, suppress(ConnectionError):  # nobody waits any more
        for number in range(1, TASKS_EACH + 1):
            if len(size := tasks.read(SIZE.size)) < SIZE.size:
                return
            task = tasks.read(SIZE.unpack(size)[0])
            signal.setitimer(signal.ITIMER_REAL, late)  # the system ends it, whatever it does
            outcome, last = _outcome(task, last=number == TASKS_EACH)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.sendall(SIZE.pack(len(outcome)) + outcome)
            if last:
                return


def _outcome(task: bytes, *, last: bool) -> tuple[bytes, bool]:
    """What a task came to, how long it took, and whether this process ends after it."""
    began = time.process_time()
    outcome = _result(task)
    if time.process_time() - began > _LONG:
        return_gaps()
    last = last or (_PEAK.has_grown() and own_memory() > OWN_MEMORY)
    outcome = replace(outcome, seconds=time.process_time() - began, last=last)
    try:
        return pickle.dumps(outcome), last
    except Exception as error:  # noqa: BLE001 - a result that cannot be sent is a bug of its task
        return pickle.dumps(_bug(error, last=last)), last


def _result(task: bytes) -> Finished[Any] | Failed:
    try:
        function, args, kwargs = pickle.loads(task)  # noqa: S301 - our own
        return Finished(function(*args, **kwargs))
    except (PageError, SourceError) as error:
        return Failed(error.what)
    except MemoryError:
        return Failed(CrawlFault.MORE_MEMORY())
    except RecursionError:
        return Failed(CrawlFault.NESTED())
    except Exception as error:  # noqa: BLE001 - foreign input costs its own page, never the worker
        return _bug(error)


def _bug(error: Exception, *, last: bool = False) -> Failed:
    what = CrawlFault.NOT_READABLE(error=type(error).__name__)  # the trace says the rest
    return Failed(what, traceback.format_exc(), last=last)
