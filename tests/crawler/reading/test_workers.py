"""Readers come with the pages that wait and go when none come, and none of it loses a page."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from processes import family

from crawler.reading.fork_server import FORKS, ForkServer
from crawler.reading.memory import OWN_MEMORY
from crawler.reading.pool import MEMORY, WorkerPool
from crawler.reading.staffing import LAST_REST, PATIENCE, REST, SERVER_REST, one_more, rested
from crawler.reading.task_loop import LATE, SIZE, work

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="it asks Linux which processes there are"
)


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


def test_when_the_process_dies_from_which_readers_are_forked_another_is_started(
    tmp_path: Path,
) -> None:
    mark = str(tmp_path / "mark")

    async def job(pool: WorkerPool, _clock: Clock) -> None:
        server = await pool.run(os.getppid)
        in_hand = asyncio.create_task(pool.run(wait_for, mark))
        await asyncio.sleep(0)
        os.kill(server, signal.SIGKILL)
        await becomes(lambda: state_of(server) in {"Z", ""})
        touch(mark)
        os.kill(await in_hand, signal.SIGKILL)
        assert await pool.run(os.getppid) != server
        assert state_of(server) == ""

    with_pool(job)


def test_when_that_process_hangs_another_is_started() -> None:
    forks = ForkServer(patience=1.0)
    first = forks.fork(work, MEMORY, 15.0)
    server = parent_of(first.pid)
    os.kill(server, signal.SIGSTOP)
    second = forks.fork(work, MEMORY, 15.0)

    assert parent_of(second.pid) != server
    assert state_of(server) == ""
    for process in (first, second):
        process.connection.close()
        process.wait()
    forks.end()


def test_long_after_the_last_page_the_process_ends_from_which_readers_are_forked() -> None:
    async def job(pool: WorkerPool, clock: Clock) -> None:
        server = await pool.run(os.getppid)
        clock.now += LAST_REST
        await becomes(lambda: readers() == [])
        assert state_of(server) not in {"Z", ""}
        clock.now += SERVER_REST
        await becomes(lambda: state_of(server) == "")
        assert await pool.run(os.getppid) != server

    with_pool(job)


def test_while_a_process_is_left_that_it_has_forked_the_server_stays() -> None:
    first = FORKS.fork(work, MEMORY, 15.0)
    server = parent_of(first.pid)
    FORKS.rest()
    second = FORKS.fork(work, MEMORY, 15.0)

    assert parent_of(second.pid) == server
    for process in (first, second):
        process.connection.close()
        process.wait()


def state_of(pid: int) -> str:
    """The letter of Linux for the state of a process, Z for a zombie; "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def spin() -> None:
    while True:
        pass


def test_a_reader_at_an_endless_page_whose_program_was_killed_ends_by_itself() -> None:
    reader = FORKS.fork(work, MEMORY, 0.1 - LATE)
    with reader.connection:
        words = pickle.dumps((spin, (), {}))
        reader.connection.sendall(SIZE.pack(len(words)) + words)
        assert reader.connection.recv(1) == b""


KILLED = """
import asyncio, os, time
from crawler.reading.pool import WorkerPool

async def main():
    pool = WorkerPool()
    print(await pool.run(os.getpid), await pool.run(os.getppid), flush=True)
    await pool.run(time.sleep, 60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_when_the_program_is_killed_no_process_of_it_goes_on(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={"PYTHONPATH": root}
    ) as program:
        assert program.stdout
        reader, server = map(int, program.stdout.readline().split())
        program.kill()

    while any(state_of(pid) not in {"Z", ""} for pid in (reader, server)):
        os.sched_yield()


def test_of_a_program_that_ends_while_it_asks_for_a_reader_no_trace_is_left() -> None:
    ours, theirs = socket.socketpair()
    start = f"from crawler.reading.fork_server import serve; serve({theirs.fileno()})"
    with subprocess.Popen(
        [sys.executable, "-c", start],
        pass_fds=[theirs.fileno()],
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
    ) as server:
        words = pickle.dumps((sys.path, pickle.dumps((work, (MEMORY, 15.0)))))
        with ours, theirs:  # it answers once it has loaded the libraries: then nobody listens
            socket.send_fds(ours, [SIZE.pack(len(words))], [theirs.fileno()])
            ours.sendall(words)
        assert server.stderr
        assert server.stderr.read() == b""
