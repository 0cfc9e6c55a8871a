"""Work in processes: deadlines, memory, death, and the end of the program."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import PageError
from crawler.reading.memory import OWN_MEMORY
from crawler.reading.pool import WorkerPool, WorkFailedError

kept: list[bytearray] = []


def work(job: Callable[[WorkerPool], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    async def run() -> Any:
        pool = WorkerPool(**options)
        try:
            return await job(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


def spin() -> None:
    while True:
        pass


def hog() -> int:
    return len(bytearray(2 * 1024**3))


def refuse() -> None:
    raise PageError("https://nieuws.example/a", "no text")


def blunder() -> None:
    raise KeyError("title")


def nest(depth: int = 0) -> int:
    return nest(depth + 1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        die()
    return "done"


def survive_signals() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for process in (os.getpid(), os.getppid()):
            os.kill(process, number)
    return os.getpid()


def meet(here: str, there: str) -> int:
    """Wait until the other is at work too."""
    Path(here).touch()
    while not Path(there).exists():
        os.sched_yield()
    return os.getpid()


def loaded() -> bool:
    return "trafilatura" in sys.modules


def test_work_is_done_in_another_process_that_has_the_libraries_loaded() -> None:
    async def job(pool: WorkerPool) -> tuple[int, bool]:
        return await pool.run(os.getpid), await pool.run(loaded)

    pid, preloaded = work(job)

    assert pid != os.getpid()
    assert preloaded


def test_two_pieces_of_work_are_done_at_the_same_time(tmp_path: Path) -> None:
    one, other = str(tmp_path / "one"), str(tmp_path / "other")

    async def job(pool: WorkerPool) -> list[int]:
        return await asyncio.gather(pool.run(meet, one, other), pool.run(meet, other, one))

    assert len(set(work(job, workers=2))) == 2


def test_a_signal_to_the_whole_group_ends_no_work_in_hand() -> None:
    async def job(pool: WorkerPool) -> list[int]:
        return [await pool.run(survive_signals), await pool.run(os.getppid)]

    before = work(lambda pool: pool.run(os.getppid))

    reader, server = work(job)

    assert reader != os.getpid()
    assert server == before


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (hog, "needed more memory than it may have"),
        (refuse, "^no text$"),
        (blunder, "not readable: KeyError"),
        (nest, "is nested too deeply"),
        (die, "the process that did it died twice"),
    ],
)
def test_work_that_fails_says_how_and_the_next_piece_is_done(
    function: Callable[[], Any], message: str
) -> None:
    async def job(pool: WorkerPool) -> int:
        with pytest.raises(WorkFailedError, match=message):
            await pool.run(function)
        return await pool.run(os.getpid)

    assert work(job) != os.getpid()


def test_work_without_end_is_killed_at_its_deadline_while_other_work_is_done() -> None:
    async def job(pool: WorkerPool) -> int:
        endless = asyncio.create_task(pool.run(spin))
        other = await pool.run(os.getpid)
        with pytest.raises(WorkFailedError, match=r"took longer than 0\.5 s"):
            await endless
        return other

    assert work(job, deadline=0.5) != os.getpid()


def test_work_whose_process_dies_is_tried_once_more(tmp_path: Path) -> None:
    assert work(lambda pool: pool.run(die_once, str(tmp_path / "mark"))) == "done"


def test_closing_ends_work_in_hand_and_says_so() -> None:
    async def job(pool: WorkerPool) -> int:
        pid = await pool.run(os.getpid)
        endless = asyncio.create_task(pool.run(spin))
        queued = asyncio.create_task(pool.run(os.getpid))
        await asyncio.sleep(0)
        await pool.close()
        for ended in (endless, queued, pool.run(os.getpid)):
            with pytest.raises(WorkFailedError, match="when the program ended"):
                await ended
        return pid

    pid = work(job, workers=1)

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def grow() -> int:
    """Keep memory, as a library with a cache might."""
    kept.append(bytearray(OWN_MEMORY + 1))
    kept[-1][::4096] = b"x" * len(kept[-1][::4096])
    return os.getpid()


def test_a_process_that_keeps_too_much_memory_is_replaced_once_its_work_is_done() -> None:
    async def job(pool: WorkerPool) -> list[int]:
        return [await pool.run(work) for work in (os.getpid, os.getpid, grow, os.getpid, os.getpid)]

    first, second, large, after, later = work(job, workers=1)

    assert first == second == large
    assert after == later != large


SHOWS = """
import asyncio, os, sys
from pathlib import Path
from crawler.reading.pool import WorkerPool

async def environment():
    pool = WorkerPool(1)
    pid = await pool.run(os.getppid)
    print(Path(f"/proc/{pid}/environ").read_text())
    await pool.close()

def note(event, _values):
    if event in {"os.putenv", "os.unsetenv"}:
        print("changed its own")

if __name__ == "__main__":
    sys.addaudithook(note)
    asyncio.run(environment())
    print("kept", os.environ["SLACK_TOKEN"])
"""


def test_the_processes_that_read_pages_inherit_no_secret_and_the_program_keeps_its_own(
    tmp_path: Path,
) -> None:
    script = tmp_path / "shows.py"
    script.write_text(SHOWS, encoding="utf-8")
    root = str(Path(__file__).parents[3])

    told = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root, "SLACK_TOKEN": "geheim"},
    ).stdout

    assert "PYTHONPATH" in told
    assert "SLACK_TOKEN=" not in told
    assert "changed its own" not in told
    assert told.endswith("kept geheim\n")
