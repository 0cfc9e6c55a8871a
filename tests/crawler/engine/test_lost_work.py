"""What a crawl has lost on the way is done again, while it keeps what it still has in hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import lost_page


def outcome(path: Path, *words: str) -> dict[str, list[str]]:
    """What `lost_page` tells, in a process of its own as Twisted wants it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", lost_page.__file__, str(path), *words],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([".", "tests/support"])},
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_a_crawl_renews_what_it_has_in_hand_and_nothing_that_it_lost(tmp_path: Path) -> None:
    told = outcome(tmp_path / "nieuws.db")

    assert told["free"] == ["/a"], "a page that could not be written is free after a lease"
    assert told["stored"] == ["Kort krijgt nieuwe dijk"], "its claim held until it came"


def test_a_page_that_a_bug_has_taken_is_no_longer_in_hand(tmp_path: Path) -> None:
    told = outcome(tmp_path / "nieuws.db", "--bug")

    assert told["free"] == ["/a"], "it is free after a lease, while others are on their way"
    assert told["stored"] == ["Kort krijgt nieuwe dijk"]


def test_what_could_not_be_written_is_done_again_before_all_else_is_done(tmp_path: Path) -> None:
    told = outcome(tmp_path / "nieuws.db", "--again")

    assert told["stored"] == ["Dossier", "Kort krijgt nieuwe dijk"]
