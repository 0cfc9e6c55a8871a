"""What rules or outlets found, beside what they found as many days before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alerts.trends import Found
from crawler.frozen import dataclass
from monitor.web.charts.trend_filters import TrendFilters


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One rule or outlet; `share` is its part of all that is counted, from 0 to 100.

    `before` is None where the archive does not go back that far.
    """

    name: str
    found: Found
    share: float
    before: int | None


def trend_rows(
    asked: TrendFilters, found: Mapping[str, Found], before: Mapping[str, Found] | None
) -> list[TrendRow]:
    """A row for each name, the one that found most first."""
    whole = sum(asked.number(each) for each in found.values())
    names = sorted(
        {*found, *(before or ())}, key=lambda name: (-asked.number(found.get(name, Found())), name)
    )
    return [
        TrendRow(
            name=name,
            found=now,
            share=100 * asked.number(now) / whole if whole else 0,
            before=None if before is None else asked.number(before.get(name, Found())),
        )
        for name in names
        for now in [found.get(name, Found())]
    ]


def summed(found: Iterable[Found]) -> Found:
    """All of these together."""
    every = list(found)
    return Found(sum(each.articles for each in every), sum(each.stories for each in every))
