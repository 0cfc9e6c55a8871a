"""What Linux says of a process and of those that it has started."""

from __future__ import annotations

import contextlib
from pathlib import Path

_PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """A process and all that it has started, those that were started last at the end."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for thread in (_PROC / str(each) / "task").iterdir():
                found += map(int, (thread / "children").read_text("ascii").split())
    return found


def megabytes(pids: list[int]) -> float:
    """The memory of these processes, each page that several share counted once (PSS)."""
    kilobytes = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            rollup = (_PROC / str(pid) / "smaps_rollup").read_text("ascii")
            kilobytes += int(rollup.partition("Pss:")[2].split()[0])
    return kilobytes / 1024


def descriptors(pids: list[int]) -> int:
    """How many files and connections these processes have open."""
    number = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            number += len(list((_PROC / str(pid) / "fd").iterdir()))
    return number
