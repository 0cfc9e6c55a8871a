"""How much was found, day by day: by rule, by outlet, and two rules side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.trends import Found, MatchDays
from alerts.wave_log import LoggedWave, WaveStore
from monitor.web.charts import (
    PERIODS,
    WHAT,
    BarChart,
    ChartLine,
    DaySpan,
    TrendFilters,
    TrendRow,
    day_spans,
    days_between,
    numbers_in,
    summed,
    trend_rows,
)
from monitor.web.making import spreadsheet
from monitor.web.pages.frame import Frame

_A_DAY = timedelta(days=1)
# Chosen: what people look through at once.
_MOST_WAVES = 20


class TrendsPage:
    """`/trends`, and the same for a spreadsheet."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._part = frame, frame.parts.room.part

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/trends", self.trends), Route("/trends.csv", self.table)]

    async def trends(self, request: Request) -> Response:
        """The graph of what is asked for, and the numbers of each rule and outlet."""
        asked = TrendFilters.asked(request.query_params)
        found = self._part(lambda db: self._found(MatchDays(db), asked))
        if found is not None:
            found["waves"] = self._part(lambda db: self._waves(WaveStore(db), asked)) or ()
        return self._frame.page(
            request,
            "trends.html",
            here="trends",
            asked=asked,
            rules=self._frame.rule_names(),
            found=found,
            periods=sorted(PERIODS),
            what=WHAT,
        )

    async def table(self, request: Request) -> Response:
        """What the graph shows, as comma-separated values, day by day and with both numbers."""
        asked = TrendFilters.asked(request.query_params)
        with self._frame.parts.room.within() as db:
            lines = self._lines(MatchDays(db), asked)
        today = self._today()
        rows = [
            (day, rule, asked.outlet, found.stories, found.articles)
            for day in days_between(asked.first_day(today), today)
            for rule, held in lines.items()
            for found in [held.get(day, Found())]
        ]
        return spreadsheet("trends", ("day", "rule", "outlet", "stories", "articles"), rows)

    def _waves(self, waves: WaveStore, asked: TrendFilters) -> list[LoggedWave]:
        now = self._frame.context.now()
        since = now - timedelta(days=asked.length)
        rules = [rule for rule in asked.lines if rule]
        return waves.between(since, now, rules)[: -_MOST_WAVES - 1 : -1]

    def _today(self) -> date:
        return self._frame.context.now().astimezone(UTC).date()

    def _lines(self, days: MatchDays, asked: TrendFilters) -> dict[str, dict[date, Found]]:
        first = asked.first_day(self._today())
        return {rule: days.series(first, rule, asked.outlet) for rule in asked.lines}

    def _found(self, days: MatchDays, asked: TrendFilters) -> dict[str, Any]:
        today = self._today()
        begun = days.first_day() or today
        first = max(asked.first_day(today), begun)
        lines = self._lines(days, asked)
        spans = day_spans(first, today, len(lines))
        end, length = today + _A_DAY, timedelta(days=asked.length)
        whole = begun <= end - 2 * length

        def rows(of: Callable[[date, date], dict[str, Found]]) -> list[TrendRow]:
            before = of(end - 2 * length, end - length) if whole else None
            return trend_rows(asked, of(end - length, end), before)

        return {
            "chart": self._chart(asked, lines, spans),
            "drawn": today > begun,
            "weekly": not spans[0].is_day,
            "sums": {rule: summed(held.values()) for rule, held in lines.items()},
            "rules": rows(lambda since, until: days.by_rule(since, until, asked.outlet)),
            "outlets": rows(lambda since, until: days.by_outlet(since, until, asked.rule)),
        }

    def _chart(
        self, asked: TrendFilters, lines: Mapping[str, dict[date, Found]], spans: list[DaySpan]
    ) -> BarChart:
        def line(rule: str, held: dict[date, Found]) -> ChartLine:
            counts = {day: asked.number(found) for day, found in held.items()}
            name = self._frame.rule_name(rule) or self._frame.parts.paper.said("filter.all_rules")
            return ChartLine(name, numbers_in(spans, counts))

        places = [self._frame.moments.days(span.first, span.last) for span in spans]
        return BarChart(places, [line(*each) for each in lines.items()])
