"""The process from which readers are forked: its death, its pauses, and that none stays behind."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from watched_pool import (
    Clock,
    becomes,
    parent_of,
    readers,
    spin,
    state_of,
    touch,
    wait_for,
    with_pool,
)

from crawler.reading.fork_server import FORKS, ForkServer
from crawler.reading.pool import MEMORY, WorkerPool
from crawler.reading.staffing import LAST_REST, SERVER_REST
from crawler.reading.task_loop import LATE, SIZE, work

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="it asks Linux which processes there are"
)


def sockets(pid: int) -> set[str]:
    """The connections that a process holds."""
    held = (str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir())
    return {each for each in held if each.startswith("socket:")}


def test_a_reader_holds_no_connection_of_the_process_from_which_it_was_forked() -> None:
    async def job(pool: WorkerPool, _clock: Clock) -> set[str]:
        return sockets(await pool.run(os.getpid)) & sockets(await pool.run(os.getppid))

    assert with_pool(job) == set()


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


def test_of_a_program_that_ends_before_it_has_taken_what_was_read_no_trace_is_left() -> None:
    ours, theirs = socket.socketpair()
    start = "; ".join(
        (
            "import socket",
            "from crawler.reading.task_loop import work",
            f"work(socket.socket(fileno={theirs.fileno()}), {MEMORY}, 15.0)",
        )
    )
    with subprocess.Popen(
        [sys.executable, "-c", start],
        pass_fds=[theirs.fileno()],
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
    ) as reader:
        theirs.close()
        words = pickle.dumps((os.getpid, (), {}))
        with ours:
            ours.sendall(SIZE.pack(len(words)) + words)
            assert ours.recv(1, socket.MSG_PEEK)
        assert reader.stderr
        assert reader.stderr.read() == b""
