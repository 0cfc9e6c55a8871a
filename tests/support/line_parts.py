"""Parts of some work for tests: the lines of a file, a few at a time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

Lines = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class LinePart:
    """The lines of a file from one on.

    `POISON` in a line kills the process that reads it, `PLAGUE` the worker of Dask that started it.
    How many lines a batch has depends on the
    process, as where time decides it.
    """

    path: Path
    first: int = 0

    def batches(self) -> Iterator[Lines]:
        batch: Lines = []
        size = 1 + os.getpid() % 3
        for number, line in enumerate(self.path.read_text("utf-8").splitlines()):
            if number < self.first:
                continue
            if line == "POISON":
                os.kill(os.getpid(), signal.SIGKILL)
            if line == "PLAGUE":
                os.kill(_parent(os.getppid()), signal.SIGKILL)
            batch.append((number, line))
            if len(batch) == size:
                yield batch
                batch = []
        yield batch

    def again(self, last: Lines | None, deaths: int) -> Self | None:
        if deaths >= 3:
            return None
        first = last[-1][0] + 1 if last else self.first
        return replace(self, first=first)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1])
