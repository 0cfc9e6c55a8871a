"""What a worker of a Dask cluster does: some batches of a part at a time."""

from __future__ import annotations

import multiprocessing
import threading
import uuid
from collections.abc import Generator
from itertools import islice
from typing import Any, Generic, TypeVar

from crawler.frozen import dataclass
from crawler.parts.local_map import LocalMap
from crawler.parts.part_map import LostPartError, WorkPart

B = TypeVar("B")

# Batches of a step. Chosen: some 8 MB and 40 s at most, so that a step is worth sending.
BATCHES = 8


@dataclass(frozen=True, slots=True)
class Order(Generic[B]):
    """A part to begin with, and how long its process may give nothing."""

    part: WorkPart[B]
    silence: float


class PartChunk(Generic[B]):
    """Some batches of a part, and the process that works on the next ones, where there is one.

    A step that a worker had done when it died is done again, and need not end at the same batch:
    `token` names this chunk alone, and `follows` the chunk behind which it begins. The process does
    not travel: it ends when the cluster forgets the chunk, or sends it elsewhere or to disk.
    """

    def __init__(self, batches: list[B], follows: str, *, ended: bool = False) -> None:
        self.batches, self.follows, self.token = batches, follows, uuid.uuid4().hex
        self.ended = ended
        self.lost: str | None = None
        self._lock = threading.Lock()
        self._running: Generator[tuple[int, B], None, None] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: held for name, held in vars(self).items() if name not in {"_lock", "_running"}
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.Lock(), _running=None)

    def keep(self, running: Generator[tuple[int, B], None, None]) -> None:
        """Let the process work ahead until the next step takes it."""
        self._running = running

    def take(self) -> Generator[tuple[int, B], None, None] | None:
        """The process that goes on behind these batches, for one step alone."""
        with self._lock:
            running, self._running = self._running, None
        return running


def step(order: Order[B], before: PartChunk[B] | None) -> PartChunk[B]:
    """The next batches of a part, behind those of the chunk before."""
    running = before.take() if before else None
    chunk = PartChunk[B]([], before.token if before else "")
    if running is None:
        left = order.part
        if before and before.batches:
            more = order.part.again(before.batches[-1], 0)
            if more is None:
                return PartChunk([], before.token, ended=True)
            left = more
        running = _worked_on(left, order.silence)
    try:
        chunk.batches.extend(batch for _, batch in islice(running, BATCHES))
    except LostPartError as error:
        chunk.lost = error.why
    chunk.ended = len(chunk.batches) < BATCHES
    if not chunk.ended:
        chunk.keep(running)
    return chunk


def goes_on(chunk: PartChunk[Any]) -> bool:
    """Whether the part has more behind this chunk, as far as is known."""
    return not chunk.ended


def _worked_on(part: WorkPart[B], silence: float) -> Generator[tuple[int, B], None, None]:
    # Dask marks its workers as processes that may have no children. Ours end by themselves, as soon
    # as nobody takes their batches.
    multiprocessing.current_process().daemon = False
    return LocalMap(1, silence=silence, ahead=BATCHES).over([part])
