"""Parts worked on by the workers of a Dask cluster."""

from __future__ import annotations

import logging
import threading
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import uuid4

from crawler.errors import ClusterError
from crawler.parts.dask_step import Order, PartChunk, goes_on, step
from crawler.parts.local_map import SILENCE
from crawler.parts.part_map import LostPartError, WorkPart

if TYPE_CHECKING:
    from distributed import Client, Future

B = TypeVar("B")
log = logging.getLogger(__name__)

# Chunks of a part that wait on the workers until those of earlier parts are taken. Chosen: what a
# gigabyte of pages gives; beyond its limit of memory a worker of Dask writes them to disk.
AHEAD = 32
_PARTS = 2  # parts at once for each thread of a worker, so that none waits for the next order
# Dask gives up a step when four workers have died at it, as its settings are. Chosen: a part is
# given up at the third time, as queues take workers away too.
_TRIES = 3
PATIENCE = 10.0  # seconds for a scheduler to answer, or to come back
_LOOK = 1.0  # seconds between two looks whether there are workers
_ALIKE = ("python", "distributed", "nieuwswacht")  # dask has the version of distributed
_SAME = "install the same nieuwswacht[cluster] for the same Python on every machine"


class DaskMap:
    """Works on parts on the workers of the cluster with this scheduler.

    A worker that dies costs a part no more than what was not taken yet. A part of which workers die
    again and again is given up.
    """

    def __init__(
        self, scheduler: str, *, silence: float = SILENCE, patience: float = PATIENCE
    ) -> None:
        self._scheduler, self._silence, self._patience = scheduler, silence, patience

    def over(self, parts: Sequence[WorkPart[B]]) -> Generator[tuple[int, B], None, None]:
        """Each batch with the place of its part, in the order of parts.

        Raises:
            LostPartError: a part was given up.
            ClusterError: there is no such cluster, it has gone, or cannot do this work.
        """
        with _connected(self._scheduler, self._patience) as client:
            try:
                yield from _Run(client, parts, self._silence).batches()
            except (CancelledError, OSError, TimeoutError) as error:
                raise _gone(self._scheduler) from error


class _Run(Generic[B]):
    """The parts that are worked on: a chain for each, the first of which is being taken."""

    def __init__(self, client: Client, parts: Sequence[WorkPart[B]], silence: float) -> None:
        self._client, self._silence = client, silence
        self._waiting = deque(enumerate(parts))
        self._chains = deque[_Chain[B]]()
        self._news = threading.Event()
        self._idle = False

    def batches(self) -> Iterator[tuple[int, B]]:
        while self._waiting or self._chains:
            self._news.clear()
            self._begin_more()
            for chain in self._chains:
                chain.go_on()
            head = self._chains[0]
            chunk = head.taken()
            if chunk is None:
                self._wait()
                continue
            yield from ((head.place, batch) for batch in chunk.batches)
            if chunk.lost:
                raise LostPartError(head.place, chunk.lost)
            if chunk.ended:
                self._chains.popleft()

    def _begin_more(self) -> None:
        threads = sum(self._client.nthreads().values())
        while self._waiting and len(self._chains) < max(_PARTS * threads, 1):
            place, part = self._waiting.popleft()
            self._chains.append(_Chain(self._order, place, part, self._silence))

    def _order(self, *work: Any, **how: Any) -> Future[Any]:
        """Have this done by the cluster, and say here when it is."""
        future = self._client.submit(*work, **how)
        future.add_done_callback(lambda _: self._news.set())
        return future

    def _wait(self) -> None:
        """Wait until there is something to take or to order."""
        if not self._news.wait(_LOOK) and self._idle != (not self._client.nthreads()):
            self._idle = not self._idle
            if self._idle:
                log.warning("no_workers waiting=yes")


class _Chain(Generic[B]):
    """The steps of one part, each behind the one before."""

    def __init__(
        self, order: Callable[..., Future[Any]], place: int, part: WorkPart[B], silence: float
    ) -> None:
        self.place, self._order, self._part, self._silence = place, order, part, silence
        self._last: B | None = None
        self._deaths = 0
        self._begin(part)

    def _begin(self, part: WorkPart[B]) -> None:
        self._work: Order[B] = Order(part, self._silence)
        self._token = ""
        self.awaited: deque[Future[PartChunk[B]]] = deque()
        self._has_more = True
        self._tail: Future[PartChunk[B]] | None = None
        self._more: Future[bool] | None = None
        self.go_on()

    def go_on(self) -> None:
        """Order the next step, if there is one and few enough chunks wait."""
        if self._more is not None and self._more.status == "finished":
            self._has_more, self._more = self._more.result(), None
        if self._more is None and self._has_more and len(self.awaited) < AHEAD:
            key = f"nieuwswacht-{self.place}-{uuid4().hex}"
            first = {"priority": -self.place}
            self._tail = self._order(step, self._work, self._tail, key=key, **first)
            self._more = self._order(goes_on, self._tail, key=f"{key}-more", **first)
            self.awaited.append(self._tail)

    def taken(self) -> PartChunk[B] | None:
        """The next chunk; None as long as it is not there."""
        if not self.awaited or not self.awaited[0].done():
            return None
        from distributed import KilledWorker

        try:
            chunk: PartChunk[B] = _result(self.awaited.popleft())
        except KilledWorker as error:
            self._deaths += 1
            if self._deaths == _TRIES:
                why = "the workers of the cluster died at it"
                raise LostPartError(self.place, why) from error
            return self._begin_behind()
        if chunk.follows != self._token:  # an earlier step was done again, and ended elsewhere
            return self._begin_behind()
        self._token = chunk.token
        if chunk.batches:
            self._last, self._deaths = chunk.batches[-1], 0
        if not self.awaited:  # the chunk says itself whether there are others
            self._has_more, self._more = not chunk.ended, None
        return chunk

    def _begin_behind(self) -> PartChunk[B] | None:
        """Begin anew behind the last batch; an end, if there is nothing."""
        left = self._part.again(self._last, 0)
        if left is None:
            return PartChunk([], "", ended=True)
        self._begin(left)
        return None


def _result(future: Future[PartChunk[B]]) -> PartChunk[B]:
    try:
        chunk: PartChunk[B] = future.result()
    except ImportError as error:
        raise ClusterError(f"a worker of the cluster has {error}: {_SAME}") from error
    except OSError as error:
        if future.status != "error":
            raise
        remedy = "every worker has to see the files under the same path as this machine"
        raise ClusterError(f"a worker of the cluster says {error}: {remedy}") from error
    return chunk


@contextmanager
def _connected(scheduler: str, patience: float) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        remedy = "install it: pip install 'nieuwswacht[cluster]'"
        raise ClusterError(f"--cluster needs the package distributed: {remedy}") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised here
    try:
        client = Client(scheduler, timeout=patience, set_as_default=False, name="nieuwswacht")
    except (OSError, ValueError) as error:
        remedy = "start one with `dask scheduler`, or name another one with --cluster"
        raise ClusterError(f"no Dask scheduler answers at {scheduler}: {remedy}") from error
    except TypeError as error:
        remedy = "name them in the configuration of Dask, as docs/history.md says"
        raise ClusterError(f"{scheduler} needs certificates: {remedy}") from error
    try:
        for fault in unlike(client.get_versions(packages=["nieuwswacht"])):
            raise ClusterError(f"{fault}: {_SAME}")
        yield client
    finally:
        client.close()


def unlike(versions: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a machine of the cluster has in another version than this one."""
    here = _versions(versions["client"])
    workers = {f"the worker {name}": held for name, held in versions["workers"].items()}
    for machine, held in ({"the scheduler": versions["scheduler"]} | workers).items():
        there = _versions(held)
        for name, version in here.items():
            # A scheduler only passes on what the others send.
            if there[name] != version and (name == "distributed" or machine in workers):
                yield f"{machine} has {name} {there[name]}, and this machine {version}"


def _versions(held: Mapping[str, Any]) -> dict[str, str]:
    versions = {name: str(held["packages"].get(name)) for name in _ALIKE}
    return versions | {"python": ".".join(versions["python"].split(".")[:2])}


def _gone(scheduler: str) -> ClusterError:
    return ClusterError(
        f"the Dask scheduler at {scheduler} has gone: what was stored stays, and the same command "
        "goes on from there once a scheduler runs again"
    )
