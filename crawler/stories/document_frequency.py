"""How many recent articles have a run of words, in a few megabytes whatever their number."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

PERIOD = timedelta(days=7)
_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday

# Cells of each of the two rows. Worked out: of 5,000 articles of 300 runs a day, 10 million runs a
# week, a cell holds about five.
WIDTH = 1 << 21
_MASK = WIDTH - 1
# A cell is a byte. Nobody asks whether a run is more common than `comparison.COMMON`.
_FULL = 255
# A run that is common in two weeks (`comparison.COMMON`, 50) has more than half of that in one of
# them. So `Frequencies.rare` need not look at cells that hold no more than this.
OFTEN = 25


def period_of(time: datetime) -> int:
    """The number of the week in which counts of this time are kept."""
    return (time - _EPOCH) // PERIOD


class Sketch:
    """Counts that may come out too high, never too low (count-min: Cormode, Muthukrishnan, 2005).

    Only sums are kept, so that the order of adding does not matter and taking away undoes it. The
    4.2 MB of its cells are taken when it first counts something: often no week came before.
    """

    def __init__(self, cells: bytes | None = None) -> None:
        held = zlib.decompress(cells) if cells else b""
        self._cells = bytearray(held if held.strip(b"\0") else b"")
        # Cells of the first row that hold more than `OFTEN`, or did: thousands among millions.
        self._often = _places_of_many(held[:WIDTH])

    def add(self, runs: Collection[int], times: int = 1) -> None:
        """Count each of these runs once more, or with -1 once less."""
        if not self._cells:
            self._cells = bytearray(2 * WIDTH)
        self._add([run & _MASK for run in runs], times, self._often)
        self._add([WIDTH + (run >> 32 & _MASK) for run in runs], times, set())

    def _add(self, places: Iterable[int], times: int, often: set[int]) -> None:
        cells = self._cells
        for place in places:
            count = cells[place]
            if count == _FULL:  # it stays full: nobody asks by how much a run is too common
                continue
            count += times
            # Nearly always within the bounds; `min` and `max` are slow.
            cells[place] = count if 0 <= count <= _FULL else (_FULL if count > 0 else 0)
            if count > OFTEN:
                often.add(place)

    def count(self, run: int) -> int:
        """How often this run was counted, or a little more; no more than 255 times."""
        if not self._cells:
            return 0
        return min(self._cells[run & _MASK], self._cells[WIDTH + (run >> 32 & _MASK)])

    def may_be_often(self, runs: Iterable[int]) -> list[int]:
        """Those of the runs that were perhaps counted more than `OFTEN` times, and few others."""
        often = self._often
        return [run for run in runs if run & _MASK in often] if often else []

    def packed(self) -> bytes:
        """The counts as bytes, to be kept and handed to a new sketch."""
        return zlib.compress(self._cells or bytes(2 * WIDTH), level=1)


_MARKED = bytes(count > OFTEN for count in range(256))


def _places_of_many(cells: bytes) -> set[int]:
    marked, places = cells.translate(_MARKED), set[int]()
    at = marked.find(1)
    while at >= 0:
        places.add(at)
        at = marked.find(1, at + 1)
    return places


@dataclass(frozen=True, slots=True)
class CountChange:
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
        # What is counted more often than that is counted more than half as often in one of them.
        this, last = self.current, self.previous
        doubtful: Iterable[int] = runs
        if most >= 2 * OFTEN:
            doubtful = {*this.may_be_often(runs), *last.may_be_often(runs)}
        common = [run for run in doubtful if this.count(run) + last.count(run) > most]
        return frozenset(runs).difference(common)

    def apply(self, changes: Sequence[CountChange]) -> None:
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
