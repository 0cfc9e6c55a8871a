"""Whose turn it is to be read: no source makes the others wait for its heavy pages.

Fair queueing by time (Demers, Keshav and Shenker, 1989): the source that has had the least time
goes first. One that comes back after a pause has no credit from it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import field
from typing import Generic, TypeVar

from crawler.frozen import dataclass

T = TypeVar("T", bound=Hashable)

# Seconds of processor time. A usual page takes 0.004 (docs/architecture.md). Chosen: a page that
# takes a hundred times as long must not be read in all processes at the same time.
SLOW = 0.4
# What a source is expected to take before anything of it was read. Measured: 1 MB of paragraphs
# takes two seconds.
_SECONDS_A_BYTE = 2e-6
_NEWEST = 0.5  # chosen: the share of the newest page in what a source is expected to take


@dataclass(slots=True)
class _Line(Generic[T]):
    """The pages of one source that wait, and what it has taken and is expected to take."""

    waiting: deque[tuple[T, float]] = field(default_factory=deque)
    spent: float = 0.0
    usual: float | None = None


class Turns(Generic[T]):
    """Pages that wait to be read by so many processes, each in its turn.

    As many again as there are processes may be handed over, so that none is idle between two.
    """

    def __init__(self, workers: int) -> None:
        self._most, self._most_slow = 2 * workers, max(1, workers - 1)
        self._lines: dict[str, _Line[T]] = {}
        self._begun: dict[T, tuple[str, bool, float]] = {}
        self._now = 0.0  # what the source whose turn came last had taken by then

    def add(self, source: str, page: T, size: int) -> None:
        """Let a page of so many bytes wait for its turn."""
        line = self._lines.setdefault(source, _Line())
        if not line.waiting:
            line.spent = max(line.spent, self._now)
        line.waiting.append((page, size * _SECONDS_A_BYTE))

    def next(self) -> T | None:
        """The page whose turn it is; None if all have to wait."""
        if len(self._begun) >= self._most:
            return None
        slow = sum(one for _, one, _ in self._begun.values())
        ready = [
            (line.spent, source)
            for source, line in self._lines.items()
            if line.waiting and (slow < self._most_slow or self._expected(line) < SLOW)
        ]
        if not ready:
            return None
        self._now, source = min(ready)
        line = self._lines[source]
        expected = self._expected(line)
        page, _ = line.waiting.popleft()
        # What it is expected to take counts at once, so that the next page is another source's.
        line.spent += expected
        self._begun[page] = source, expected >= SLOW, expected
        return page

    def done(self, page: T, seconds: float) -> None:
        """Note that a page whose turn had come was read, and how long that took."""
        source, _, expected = self._begun.pop(page)
        line = self._lines[source]
        line.spent += seconds - expected
        usual = seconds if line.usual is None else line.usual
        line.usual = _NEWEST * seconds + (1 - _NEWEST) * usual

    def drop(self, source: str, page: T) -> None:
        """Let a page wait no longer."""
        line = self._lines[source]
        line.waiting = deque(one for one in line.waiting if one[0] != page)

    @staticmethod
    def _expected(line: _Line[T]) -> float:
        return line.waiting[0][1] if line.usual is None else line.usual
