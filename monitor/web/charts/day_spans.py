"""Days as places on an axis: one by one, or by the week where they are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from crawler.frozen import dataclass

# Bars of one chart, at most: a screen shows no more, and a page stays small.
MOST_BARS = 400
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A day, or the days from the first to the last."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last


def day_spans(first: date, last: date, lines: int = 1) -> list[DaySpan]:
    """The days from the first to the last; whole weeks that end with it if they are too many."""
    days = (last - first).days + 1
    if days * lines <= MOST_BARS:
        return [DaySpan(day, day) for day in days_between(first, last)]
    weeks = min(-(-days // 7), MOST_BARS // lines)
    ends = [last - nth * _A_WEEK for nth in reversed(range(weeks))]
    return [DaySpan(end - 6 * _A_DAY, end) for end in ends]


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + nth * _A_DAY for nth in range((last - first).days + 1)]


def numbers_in(spans: Sequence[DaySpan], counts: Mapping[date, int]) -> list[int]:
    """The sum of the counts in each span."""
    return [
        sum(counts.get(day, 0) for day in days_between(span.first, span.last)) for span in spans
    ]
