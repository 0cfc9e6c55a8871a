"""Parts worked on by processes of this machine, each part in a process of its own."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Sequence
from multiprocessing.connection import Connection
from socket import socket
from typing import Any, Generic, TypeVar

from crawler.frozen import dataclass
from crawler.parts.part_map import LostPartError, WorkPart
from crawler.reading.fork_server import FORKS, NoProcessError
from crawler.reading.memory import limit_memory
from crawler.reading.pool import MEMORY

B = TypeVar("B")

# Batches of a part that wait until those of earlier parts are taken; a worker that is further ahead
# waits. Chosen: some 32 MB for each worker, with batches of 1 MB.
AHEAD = 32
# Seconds without a batch after which a worker is taken for stuck. Chosen: a page may take 15 s, and
# a part gives what it has after 5 s.
SILENCE = 60.0
_LOOK = 0.2  # seconds between two looks whether all is to stop


@dataclass(frozen=True, slots=True)
class _Batch(Generic[B]):
    value: B


@dataclass(frozen=True, slots=True)
class _Ended:
    """A part has ended: well, or with an error, which is one of the program."""

    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Died(Generic[B]):
    """A worker has ended by itself, after this batch."""

    last: _Batch[B] | None
    why: str


class LocalMap:
    """Works on up to `workers` parts at once; with 0 in this process, without any other.

    Each worker has a limit on its `memory`. One that dies, or gives nothing for `silence` seconds
    and is ended, is replaced by one that works on what its part says is left.
    """

    def __init__(
        self, workers: int, *, silence: float = SILENCE, memory: int = MEMORY, ahead: int = AHEAD
    ) -> None:
        self._workers = workers
        self._silence, self._memory, self._ahead = silence, memory, ahead

    def over(self, parts: Sequence[WorkPart[B]]) -> Generator[tuple[int, B], None, None]:
        """Each batch with the place of its part, in the order of parts.

        Raises:
            LostPartError: a part was given up.
        """
        if self._workers == 0:
            for place, part in enumerate(parts):
                for batch in part.batches():
                    yield place, batch
            return
        running: list[_Running[B]] = []
        try:
            for place in range(len(parts)):
                running += [
                    _Running(part, self._silence, self._memory, self._ahead)
                    for part in parts[place + len(running) : place + self._workers]
                ]
                yield from running[0].batches(place)
                running.pop(0).stop()
        finally:
            for each in running:
                each.stop()


class _Running(Generic[B]):
    """A part with the process that works on it, and the thread that takes its batches."""

    def __init__(self, part: WorkPart[B], silence: float, memory: int, ahead: int) -> None:
        self._part, self._silence, self._memory = part, silence, memory
        self._taken = queue.Queue[_Batch[B] | _Ended | _Died[B]](ahead)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="part", daemon=True)
        self._thread.start()

    def batches(self, place: int) -> Generator[tuple[int, B], None, None]:
        """The batches of this part, with its place."""
        while True:
            match self._taken.get():
                case _Batch(value=value):
                    yield place, value
                case _Ended(error=None):
                    return
                case _Ended(error=error):
                    assert error is not None
                    raise error
                case _Died(why=why):
                    raise LostPartError(place, why)

    def stop(self) -> None:
        """End the process, if it is still at work."""
        self._stopping.set()
        self._thread.join()

    def _work(self) -> None:
        left: WorkPart[B] = self._part
        deaths = 0
        while True:
            outcome = self._attempt(left)
            if not isinstance(outcome, _Died):
                self._put(outcome)
                return
            deaths = 1 if outcome.last else deaths + 1
            more = left.again(outcome.last.value if outcome.last else None, deaths)
            if more is None or self._stopping.is_set():
                self._put(outcome)
                return
            left = more

    def _attempt(self, part: WorkPart[B]) -> _Ended | _Died[B]:
        """How a process ended that worked on this part; its batches are put where they wait."""
        last: _Batch[B] | None = None
        try:
            process = FORKS.fork(_work_on, part, self._memory)
        except NoProcessError as error:
            return _Died(last, f"no worker could be started ({error.__cause__!r})")
        ours = Connection(process.connection.detach())
        try:
            while self._hears(ours):
                message: _Batch[B] | _Ended = ours.recv()
                if isinstance(message, _Ended):
                    return message
                last = message
                self._put(message)
            return _Died(last, f"nothing came from its worker for {self._silence:g} s")
        except (EOFError, OSError):
            return _Died(last, "its worker died")
        finally:
            process.kill()
            ours.close()
            process.wait()

    def _hears(self, pipe: Any) -> bool:
        """Whether something comes in time."""
        waited = 0.0
        while waited < self._silence and not self._stopping.is_set():
            if pipe.poll(_LOOK):
                return True
            waited += _LOOK
        return False

    def _put(self, message: _Batch[B] | _Ended | _Died[B]) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(queue.Full):
                self._taken.put(message, timeout=_LOOK)
                return


def _work_on(connection: socket, part: WorkPart[Any], memory: int) -> None:
    """Send the batches of this part; the process that takes them ends this one."""
    limit_memory(memory)
    pipe = Connection(connection.detach())
    try:
        for batch in part.batches():
            pipe.send(_Batch(batch))
    except BrokenPipeError:  # nobody takes them any more
        return
    except Exception as error:  # noqa: BLE001 - it is raised where the batches are taken
        pipe.send(_Ended(error))
    else:
        pipe.send(_Ended())
