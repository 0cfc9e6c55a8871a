"""A pool of readers whose time goes by when it is told to, and what Linux says of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from processes import family

from crawler.reading.pool import WorkerPool


class Clock:
    """Seconds that go by when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def with_pool(
    job: Callable[[WorkerPool, Clock], Coroutine[Any, Any, Any]], workers: int = 2
) -> Any:
    async def run() -> Any:
        clock = Clock()
        pool = WorkerPool(workers, clock=clock)
        try:
            return await job(pool, clock)
        finally:
            await pool.close()

    return asyncio.run(run())


def readers() -> list[int]:
    """The processes that were forked, and those of them that nobody has buried."""
    return [
        pid for pid in family(os.getpid()) if parent_of(pid) not in {0, os.getppid(), os.getpid()}
    ]


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1])
    except OSError:
        return 0


async def becomes(claim: Callable[[], bool]) -> None:
    while not claim():  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)


def touch(mark: str) -> None:
    Path(mark).touch()


def wait_for(mark: str) -> int:
    while not Path(mark).exists():
        os.sched_yield()
    return os.getpid()


def state_of(pid: int) -> str:
    """The letter of Linux for the state of a process, Z for a zombie; "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def spin() -> None:
    while True:
        pass


def hang_once(mark: str) -> str:
    if not Path(mark).exists():
        touch(mark)
        spin()
    return "read"
