"""Readers come with the pages that wait and go when none come, and none of it loses a page."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from watched_pool import Clock, becomes, hang_once, readers, state_of, touch, wait_for, with_pool

from crawler.reading.memory import OWN_MEMORY
from crawler.reading.pool import WorkerPool, WorkFailedError
from crawler.reading.staffing import LAST_REST, PATIENCE, REST, one_more, rested

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="it asks Linux which processes there are"
)


def meet(here: str, there: str) -> int:
    """Wait until the other is at work too."""
    touch(here)
    return wait_for(there)


async def both(pool: WorkerPool, clock: Clock, folder: Path) -> list[int]:
    """Two readers, at work at the same time."""
    one, other = str(folder / "one"), str(folder / "other")
    return await in_time(clock, pool.run(meet, one, other), pool.run(meet, other, one))


async def in_time(clock: Clock, *jobs: Coroutine[Any, Any, int]) -> list[int]:
    """What these give while time goes by."""
    all_of_them = asyncio.gather(*jobs)
    while not all_of_them.done():
        clock.now += PATIENCE
        await asyncio.sleep(0)
    return await all_of_them


@pytest.mark.parametrize(
    ("readers", "waited", "starts"),
    [(0, 0.0, True), (1, 0.0, False), (1, PATIENCE, True), (2, 60.0, False)],
)
def test_a_second_reader_is_started_once_a_page_has_waited(
    readers: int, waited: float, *, starts: bool
) -> None:
    assert one_more(readers, 2, waited) is starts


@pytest.mark.parametrize(
    ("resting", "busy", "ending"),
    [
        ([], 0, 0),
        ([20.0], 0, 0),
        ([LAST_REST], 0, 1),
        ([REST, 1.0], 0, 1),
        ([20.0, 15.0], 0, 1),
        ([REST], 1, 1),
        ([LAST_REST + 1, LAST_REST], 0, 2),
    ],
)
def test_a_reader_without_pages_ends_and_the_last_one_later(
    resting: list[float], busy: int, ending: int
) -> None:
    assert rested(resting, busy=busy) == ending


def test_a_pool_without_work_starts_no_process() -> None:
    async def job(_pool: WorkerPool, _clock: Clock) -> list[int]:
        return readers()

    assert with_pool(job) == []


def test_pages_one_after_the_other_need_one_reader() -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> set[int]:
        return {await pool.run(os.getpid) for _ in range(5)}

    assert len(with_pool(job)) == 1


def test_a_page_each_twenty_seconds_keeps_one_reader_and_a_pause_ends_it(tmp_path: Path) -> None:
    async def job(pool: WorkerPool, clock: Clock) -> None:
        await both(pool, clock, tmp_path)
        reader = await pool.run(os.getpid)
        clock.now += 20
        await becomes(lambda: readers() == [reader])
        for _ in range(5):
            assert await pool.run(os.getpid) == reader
            clock.now += 20
        clock.now += LAST_REST
        await becomes(lambda: readers() == [])
        assert await pool.run(os.getpid) != reader

    with_pool(job)


def test_a_page_behind_a_long_one_is_read_by_another_reader(tmp_path: Path) -> None:
    long, short = str(tmp_path / "long"), str(tmp_path / "short")

    async def job(pool: WorkerPool, clock: Clock) -> None:
        await both(pool, clock, tmp_path)
        first, second = (asyncio.create_task(pool.run(wait_for, each)) for each in (long, short))
        await asyncio.sleep(0)
        touch(short)
        behind = await in_time(clock, pool.run(os.getpid), pool.run(os.getpid))
        free = await second
        assert behind == [free, free]
        assert not first.done()
        touch(long)
        assert await first != free

    with_pool(job)


def grow() -> int:
    kept = bytearray(OWN_MEMORY + 1)
    kept[::4096] = b"x" * len(kept[::4096])
    KEPT.append(kept)
    return os.getpid()


KEPT: list[bytearray] = []


def test_a_page_that_was_sent_to_a_reader_that_ends_is_read_by_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> list[int]:
        await pool.run(os.getpid)
        return await asyncio.gather(pool.run(grow), pool.run(os.getpid))

    with caplog.at_level(logging.WARNING):
        large, after = with_pool(job, workers=1)

    assert large != after
    assert "worker died" not in caplog.text


def kill_this() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_page_behind_one_that_kills_its_reader_is_read_and_none_stays_behind(
    tmp_path: Path,
) -> None:
    async def job(pool: WorkerPool, clock: Clock) -> None:
        await pool.run(os.getpid)
        deadly = asyncio.create_task(pool.run(kill_this))
        assert await pool.run(os.getpid)
        await asyncio.wait([deadly])
        assert "died twice" in str(deadly.exception())
        await both(pool, clock, tmp_path)
        await becomes(lambda: len(readers()) <= 2)

    with_pool(job, workers=2)


def test_of_readers_that_are_killed_without_work_none_stays_behind() -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> None:
        for _ in range(3):
            pid = await pool.run(os.getpid)
            os.kill(pid, signal.SIGKILL)
            assert await pool.run(os.getpid) != pid
            await becomes(lambda: len(readers()) == 1)

    with_pool(job)


def test_a_page_that_comes_as_its_reader_is_found_dead_goes_to_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> bool:
        pid = await pool.run(os.getpid)
        os.kill(pid, signal.SIGKILL)
        while state_of(pid):
            os.sched_yield()
        for _ in range(2):  # the loop has found the end of the connection, and not yet told of it
            await asyncio.sleep(0)
        return await pool.run(os.getpid) != pid

    with caplog.at_level(logging.WARNING):
        assert with_pool(job, workers=1)

    assert "worker died" not in caplog.text


def test_of_pages_that_are_dropped_at_once_none_keeps_the_others_from_being_read(
    tmp_path: Path,
) -> None:
    mark = str(tmp_path / "mark")

    async def job(pool: WorkerPool, _clock: Clock) -> list[Any]:
        pages = [asyncio.create_task(pool.run(wait_for, mark)) for _ in range(6)]
        await asyncio.sleep(0)
        for page in pages[:4]:
            page.cancel()
        touch(mark)
        return await asyncio.gather(*pages, return_exceptions=True)

    read = with_pool(job, workers=1)

    assert [type(each) for each in read] == [*[asyncio.CancelledError] * 4, int, int]


def test_where_no_reader_can_be_started_by_a_bug_pages_fail_and_none_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> int:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "path", [*sys.path, threading.Lock()])  # it cannot be handed on
            async with asyncio.timeout(20):
                with pytest.raises(WorkFailedError, match="died twice"):
                    await pool.run(os.getpid)
        return await pool.run(os.getpid)

    assert with_pool(job)
    assert "cannot pickle" in caplog.text


def test_a_page_at_which_the_program_itself_stood_still_is_read_once_more(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    async def job() -> str:
        clock = Clock()
        pool = WorkerPool(1, deadline=2.0, clock=clock)
        page = asyncio.create_task(pool.run(hang_once, str(mark)))
        await becomes(lambda: mark.exists() or page.done())
        clock.now += 60
        read = await page
        await pool.close()
        return read

    assert asyncio.run(job()) == "read"
