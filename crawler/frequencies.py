"""How many articles of late have a run of words, in a few megabytes whatever their number."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import add

PERIOD = timedelta(days=7)
_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday

# Two rows of 2 million cells: at 5,000 articles of 300 runs a day a cell holds about five.
WIDTH = 1 << 21
_MASK = WIDTH - 1
_FULL = (1 << 16) - 1


def period_of(time: datetime) -> int:
    """The number of the week in which counts of this time are kept."""
    return (time - _EPOCH) // PERIOD


class Sketch:
    """Counts that may come out too high, never too low (count-min: Cormode, Muthukrishnan, 2005).

    Only sums are kept, so that the order of adding does not matter and taking away undoes it.
    """

    def __init__(self, cells: bytes | None = None) -> None:
        self._cells = array("H", zlib.decompress(cells) if cells else bytes(4 * WIDTH))

    def add(self, runs: Iterable[int], times: int = 1) -> None:
        """Count each of these runs once more, or with -1 once less."""
        cells = self._cells
        for run in runs:
            for place in (run & _MASK, WIDTH + (run >> 32 & _MASK)):
                count = cells[place]
                # A full cell stays full: nobody asks how far above a thousand it is.
                if count != _FULL:
                    count += times
                    cells[place] = count if count > 0 else 0  # noqa: FURB136 - `max` is slow

    def count(self, run: int) -> int:
        """How often this run was counted, or a little more."""
        return min(self._cells[run & _MASK], self._cells[WIDTH + (run >> 32 & _MASK)])

    def counts_at_most(self, runs: Iterable[int]) -> Iterable[int]:
        """For each run a number that its count does not exceed, at half the price of the count."""
        return map(self._cells.__getitem__, map(_MASK.__and__, runs))

    def packed(self) -> bytes:
        """The counts as bytes, to be kept and handed to a new sketch."""
        return zlib.compress(self._cells, level=1)


@dataclass(frozen=True, slots=True)
class Change:
    """Runs of one text to count in a week, or with `times` -1 to take out of it."""

    period: int
    runs: frozenset[int]
    times: int = 1


@dataclass(slots=True)
class Frequencies:
    """Counts of this week and the last; older ones are forgotten when a week begins."""

    period: int
    current: Sketch = field(default_factory=Sketch)
    previous: Sketch = field(default_factory=Sketch)

    def rare(self, runs: AbstractSet[int], most: int) -> frozenset[int]:
        """Those of the runs that stand in at most so many articles of the two weeks."""
        bounds = map(add, self.current.counts_at_most(runs), self.previous.counts_at_most(runs))
        doubtful = [run for run, bound in zip(runs, bounds, strict=True) if bound > most]
        of_this, of_last = self.current.count, self.previous.count
        return frozenset(runs).difference(
            [run for run in doubtful if of_this(run) + of_last(run) > most]
        )

    def apply(self, changes: Sequence[Change]) -> None:
        """Count these changes; those of other weeks say nothing about now."""
        for change in changes:
            if change.period == self.period:
                self.current.add(change.runs, change.times)
            elif change.period == self.period - 1:
                self.previous.add(change.runs, change.times)

    def next_week(self) -> None:
        """Forget the last week; this one becomes the last."""
        self.period += 1
        self.previous, self.current = self.current, Sketch()
