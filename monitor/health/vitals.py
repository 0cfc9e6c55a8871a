"""How a running daemon does, for threads that ask."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from crawler.store import Writer

# Seconds within which the loop and the writer must answer: as operators expect of /healthz.
ANSWER_WITHIN = 5.0
# Seconds between two looks at how late the loop is. Chosen: 4 a second cost nothing.
_LOOK_EVERY = 0.25
# Seconds; a lag is counted under the first of these that it does not exceed.
LAG_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Vitals:
    """The loop and the writer of a daemon, its last tick, and how late its loop has been."""

    def __init__(
        self, writer: Writer, clock: Callable[[], datetime], *, within: float = ANSWER_WITHIN
    ) -> None:
        self.writer, self.now, self._within = writer, clock, within
        self.began = clock()
        self.tick: datetime | None = None
        self.lags: Counter[float] = Counter()  # by bound; inf for those above the last one
        self.lag_seconds = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._meter: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to measure the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._meter = asyncio.create_task(self._measure())

    def stop(self) -> None:
        """Measure no more."""
        if self._meter:
            self._meter.cancel()

    def ticked(self) -> None:
        """Note that work was taken up."""
        self.tick = self.now()

    def late_by(self, seconds: float) -> None:
        """Count how late the loop was this time."""
        self.lag_seconds += seconds
        self.lags[next((bound for bound in LAG_BOUNDS if seconds <= bound), float("inf"))] += 1

    async def answers(self) -> tuple[bool, bool]:
        """Whether the loop and the writer answer in time; asked on another loop than theirs."""
        writer: Future[Any] = self.writer.submit(lambda _: None)
        if self._loop is None:
            return False, await self._in_time(writer)
        loop = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop)
        answers = await asyncio.gather(self._in_time(loop), self._in_time(writer))
        return answers[0], answers[1]

    async def _measure(self) -> None:
        assert self._loop is not None
        while True:
            due = self._loop.time() + _LOOK_EVERY
            await asyncio.sleep(_LOOK_EVERY)
            self.late_by(max(0.0, self._loop.time() - due))

    async def _in_time(self, future: Future[Any]) -> bool:
        try:
            await asyncio.wait_for(asyncio.wrap_future(future), self._within)
        except TimeoutError:
            return False
        return True
