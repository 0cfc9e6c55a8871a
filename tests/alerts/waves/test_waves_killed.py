"""Matchers that are killed with SIGKILL tell a wave once, and lose no story of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from deliverydesk import Desk, opened
from hearing import breaches, heard, rows, stands
from wave_desk import publish, told, wave_desk

PROGRAM = Path(__file__).parent / "killed_matchers.py"


@pytest.mark.slow
@pytest.mark.parametrize("instead", [False, True])
def test_a_wave_is_told_once_by_matchers_that_are_killed(desk: Desk, *, instead: bool) -> None:
    channel = wave_desk(desk, instead=instead)
    publish(desk, *range(24))
    desk.writer.close()

    now = desk.clock().isoformat()
    done = subprocess.run(
        [sys.executable, PROGRAM, desk.writer.path, now, "20261129"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    desk.writer = opened(desk.writer.path, desk.clock)
    desk.match()
    desk.send(flush=True)

    assert int(done.stdout) > 3
    assert told(channel) == [("begins", 5), ("doubles", 10), ("doubles", 20)]
    assert stands(desk) == {"told": len(rows(desk))}
    assert sorted(heard(channel)) == sorted({row.passage.text for row in rows(desk)})
    assert not breaches(desk)
