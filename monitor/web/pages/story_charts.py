"""Small charts, drawn on the server: they work in print and without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its number, and its height from 0 to 100."""

    day: str
    number: int
    height: int


def bars(counts: Mapping[str, int], now: datetime, days: int) -> Sequence[Bar]:
    """A bar for each of the last days (UTC), the oldest first."""
    names = [f"{now - timedelta(days=back):%Y-%m-%d}" for back in range(days - 1, -1, -1)]
    most = max([*counts.values(), 1])
    return [
        Bar(name, number, round(100 * number / most))
        for name in names
        for number in [counts.get(name, 0)]
    ]
