"""Numbers as bars: where each stands in a drawing of 1000 by 100, and what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from crawler.frozen import dataclass

WIDTH, HEIGHT = 1000, 100
# Of the room that belongs to one place on the axis, what stays empty.
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class ChartLine:
    """The numbers of one thing, one for each place on the axis."""

    name: str
    numbers: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; `line` says of which thing it tells, 0 for the first."""

    line: int
    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Lines over the same places, side by side, with the highest number of all."""

    places: Sequence[str]
    lines: Sequence[ChartLine]

    @property
    def most(self) -> float:
        """The number at which a bar reaches the top; 1 at least."""
        return max([1, *(number for line in self.lines for number in line.numbers)])

    @property
    def bars(self) -> list[Bar]:
        """Every bar, from left to right."""
        step = WIDTH / max(1, len(self.places))
        width = step * (1 - _GAP) / max(1, len(self.lines))
        most = self.most
        return [
            Bar(
                line=nth,
                x=step * at + width * nth,
                y=HEIGHT - HEIGHT * number / most,
                width=width,
                height=HEIGHT * number / most,
                said=self._said(place, number, nth),
            )
            for at, place in enumerate(self.places)
            for nth, line in enumerate(self.lines)
            for number in [line.numbers[at]]
        ]

    @property
    def rows(self) -> list[tuple[str, list[float]]]:
        """The same as a table: each place with its numbers, the last place first."""
        numbers = zip_longest(*(line.numbers for line in self.lines))
        return list(zip(self.places, map(list, numbers), strict=True))[::-1]

    @property
    def marks(self) -> list[str]:
        """The places that are named below the axis: the first, the middle one, the last."""
        if len(self.places) < 3:  # noqa: PLR2004 - there is no middle
            return list(self.places)
        return [self.places[0], self.places[len(self.places) // 2], self.places[-1]]

    def _said(self, place: str, number: float, nth: int) -> str:
        of = f", {self.lines[nth].name}" if len(self.lines) > 1 else ""
        return f"{place}{of}: {number:g}"
