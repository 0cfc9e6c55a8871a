"""A replay that is killed at any moment goes on to the history that it would have made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import killed_replay
import pytest
from histories import contents, filled, written
from webarchives import BRIDGE, article

pytestmark = pytest.mark.slow

DAYS = {
    f"CC-NEWS-201903{day}120000-00001.warc.gz": [
        article(number, text=f"{BRIDGE}Het is nu de {day}ste. ", at=f"2019-03-{day}T12:00:00Z")
        for number in range(day - 20, 6)
    ]
    for day in range(21, 24)
}


def replay(db: Path, folder: Path, workers: int, moment: int) -> int:
    root = Path(__file__).parents[3]
    paths = os.pathsep.join([str(root), str(root / "tests" / "support")])
    words = [sys.executable, killed_replay.__file__, str(db), str(folder), str(workers)]
    words.append(str(moment))
    return subprocess.run(words, check=False, env=os.environ | {"PYTHONPATH": paths}).returncode


def test_killed_within_statements_it_goes_on_to_the_same_history(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    plain = contents(filled(tmp_path / "plain.db", [folder]))
    db = tmp_path / "h.db"

    ended = [replay(db, folder, *how) for how in ((0, 30), (2, 120), (0, 0))]

    assert ended == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert contents(db) == plain
