"""How many recent articles have a run of words, in a few megabytes whatever their number."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set as AbstractSet
from dataclasses import field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain, pairwise, zip_longest
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap

from crawler.frozen import dataclass

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


# Cells that are kept, and read, together. Chosen: to find a part takes as long as to read it.
_PART = 1 << 14
_PARTS = 2 * WIDTH // _PART
# Parts that are read at once, so that no more of them is there twice.
_TOGETHER = 32
_HEAD = 1 + 4 * (_PARTS + 2)  # bytes: the format, and where each part and the last one end
_FORMAT = b"\1"  # another one with another size of parts
_ZLIB = b"x"  # with which compressed cells begin, as older versions kept all
# A kept cell has half a byte. If that is full, its count follows in a byte of its own.
_MUCH = 15
_LOW = bytes(min(count, _MUCH) for count in range(256))
_HIGH = bytes(min(count, _MUCH) << 4 for count in range(256))
_OF_LOW = bytes(byte & _MUCH for byte in range(256))
_OF_HIGH = bytes(byte >> 4 for byte in range(256))
_BELOW_MUCH = bytes(range(_MUCH))
_MARKED = bytes(count > OFTEN for count in range(256))
# If so many cells of a part are empty, as they are in all of them since runs are hashes, all are
# compressed together. Chosen: they take half the room then.
_HARDLY_FILLED = 3 * _PART // 4

# What reads slices of kept bytes, wherever they are.
Slices = Callable[[Sequence[slice]], Sequence[bytes]]


class Sketch:
    """Counts that may come out too high, never too low (count-min: Cormode, Muthukrishnan, 2005).

    Only sums are kept, so that the order of adding does not matter and taking away undoes it. Kept
    counts are read when they are asked for, in parts: they must not change before this sketch is
    packed or counts something. The 4.2 MB of its cells are taken as far as they are used.
    """

    def __init__(self, kept: bytes | Slices = b"") -> None:
        self._slices = kept if callable(kept) else _slices_of(kept)
        self._cells: mmap | None = None
        self._places: list[slice] = []  # of the parts, in what is kept
        self._unread = set[int]()  # parts
        # Cells of the first row that hold more than `OFTEN`, or did: thousands among millions.
        self._often = set[int]()
        [head] = self._slices([slice(0, _HEAD)])
        if head[:1] == _ZLIB:
            self._cells = _unzipped(*self._slices([slice(0, 4 * WIDTH)]))
            self._often.update(_places_of_many(self._cells))
        elif head:
            self._cells = _no_cells()
            *self._places, often = (slice(*two) for two in pairwise(array("I", head[1:])))
            self._often.update(array("I", self._slices([often])[0]))
            self._unread.update(range(_PARTS))

    def add(self, runs: Collection[int], times: int = 1) -> None:
        """Count each of these runs once more, or with -1 once less."""
        cells = self._cells = self._cells or _no_cells()
        self._read(range(_PARTS))
        _add(cells, [run & _MASK for run in runs], times, self._often)
        _add(cells, [WIDTH + (run >> 32 & _MASK) for run in runs], times, set())

    def count(self, run: int) -> int:
        """How often this run was counted, or a little more; no more than 255 times."""
        [found] = self.counts([run])
        return found

    def counts(self, runs: Collection[int]) -> list[int]:
        """The same of each of these runs."""
        cells = self._cells
        if cells is None:
            return [0] * len(runs)
        places = [(run & _MASK, WIDTH + (run >> 32 & _MASK)) for run in runs]
        if self._unread:
            self._read({place // _PART for place in chain.from_iterable(places)})
        return [min(cells[one], cells[other]) for one, other in places]

    def may_be_often(self, runs: Iterable[int]) -> list[int]:
        """Those of the runs that were perhaps counted more than `OFTEN` times, and few others."""
        often = self._often
        return [run for run in runs if run & _MASK in often] if often else []

    def packed(self) -> bytes:
        """The counts as bytes, to be kept and handed to a new sketch; none if all are 0."""
        self._read(range(_PARTS))
        return _all_packed(self._cells) if self._cells else b""

    def _read(self, parts: Iterable[int]) -> None:
        """Read those of the parts that were not read yet."""
        wanted = sorted(self._unread.intersection(parts)) if self._unread else []
        for first in range(0, len(wanted), _TOGETHER):
            few = wanted[first : first + _TOGETHER]
            for part, held in zip(few, self._slices([self._places[at] for at in few]), strict=True):
                assert self._cells is not None
                self._cells[part * _PART : (part + 1) * _PART] = _unpacked(held)
        self._unread.difference_update(wanted)


def _no_cells() -> mmap:
    """Empty cells, whose pages of memory are taken when they are first written to."""
    return mmap(-1, 2 * WIDTH, flags=MAP_PRIVATE | MAP_ANONYMOUS)


def _add(cells: mmap, places: Iterable[int], times: int, often: set[int]) -> None:
    if times == 1:  # as nearly always
        for place in places:
            count = cells[place]
            if count < OFTEN:
                cells[place] = count + 1
            elif count < _FULL:
                cells[place] = count + 1
                often.add(place)
        return
    for place in places:
        count = cells[place]
        if count < _FULL:  # it stays full: nobody asks by how much a run is too common
            cells[place] = count = max(0, min(count + times, _FULL))
            if count > OFTEN:
                often.add(place)


def _slices_of(kept: bytes) -> Slices:
    return lambda slices: [kept[each] for each in slices]


def _unzipped(kept: bytes) -> mmap:
    cells, reader = _no_cells(), zlib.decompressobj()
    for at in range(0, 2 * WIDTH, _PART):
        part = reader.decompress(kept, _PART)
        kept = reader.unconsumed_tail
        if part.count(0) < _PART:
            cells[at : at + _PART] = part
    return cells


def _all_packed(cells: mmap) -> bytes:
    parts = [cells[at : at + _PART] for at in range(0, 2 * WIDTH, _PART)]
    if not any(part.strip(b"\0") for part in parts):
        return b""
    if parts[0].count(0) > _HARDLY_FILLED:
        # What repeats is empty cells.
        zipped = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
        return zipped.compress(cells) + zipped.flush()
    kept = [*map(_packed, parts), array("I", _places_of_many(cells)).tobytes()]
    ends = array("I", accumulate(map(len, kept), initial=_HEAD))
    return b"".join((_FORMAT, ends.tobytes(), *kept))


def _packed(cells: bytes) -> bytes:
    """A part as it is kept."""
    low, high = cells[: _PART // 2].translate(_LOW), cells[_PART // 2 :].translate(_HIGH)
    both = int.from_bytes(low, "little") | int.from_bytes(high, "little")
    return both.to_bytes(_PART // 2, "little") + cells.translate(None, _BELOW_MUCH)


def _unpacked(held: bytes) -> bytes:
    halves, many = held[: _PART // 2], held[_PART // 2 :]
    cells = halves.translate(_OF_LOW) + halves.translate(_OF_HIGH)
    if not many:
        return cells
    between = cells.split(bytes([_MUCH]))
    counts = (many[at : at + 1] for at in range(len(many)))
    return b"".join(chain.from_iterable(zip_longest(between, counts, fillvalue=b"")))


def _places_of_many(cells: mmap) -> Iterator[int]:
    """Yield the places of the first row that hold more than `OFTEN`, in order."""
    for first in range(0, WIDTH, _PART):
        marked = cells[first : first + _PART].translate(_MARKED)
        at = marked.find(1)
        while at >= 0:
            yield first + at
            at = marked.find(1, at + 1)


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
        doubtful: Collection[int] = runs
        if most >= 2 * OFTEN:
            doubtful = {*this.may_be_often(runs), *last.may_be_often(runs)}
        both = zip(doubtful, this.counts(doubtful), last.counts(doubtful), strict=True)
        return frozenset(runs).difference([run for run, one, other in both if one + other > most])

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
