"""One rule: what it asks for, in words too, and what it has found."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.rules import WHOLE_FILE
from alerts.trends import Found, MatchDays
from crawler.store import Connection
from monitor.web.charts import BarChart, ChartLine, days_between, outline, summed
from monitor.web.pages.frame import Frame
from monitor.web.stories import StoryQueries, rows_of_stories

_A_DAY = timedelta(days=1)
_SPANS = (1, 7, 30)
_GRAPH_DAYS = 90
_NEWEST = 20


class RulePage:
    """`/rules/ID`."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/rules/{rule}", self.rule)]

    async def rule(self, request: Request) -> Response:
        """A rule that is in its file, refused or not, or one that has found something."""
        name, read = request.path_params["rule"], self._frame.rules()
        rule = next((each for each in read.book.rules if each.id == name), None)
        faults = [str(fault) for fault in read.faults.get(name, ())]
        found = self._frame.parts.room.part(lambda db: self._found(db, name))
        gone = not rule and not faults
        if name == WHOLE_FILE or (gone and found is not None and not found["stories"]):
            return self._frame.missing(request)
        return self._frame.page(
            request,
            "rule.html",
            here="rules",
            name=name,
            rule=rule,
            faults=faults,
            found=found,
            asked=outline(rule.query.node) if rule else None,
        )

    def _found(self, db: Connection, rule: str) -> dict[str, Any]:
        today = self._context.now().astimezone(UTC).date()
        days = MatchDays(db)
        span = days_between(today - (_GRAPH_DAYS - 1) * _A_DAY, today)
        held = days.series(span[0], rule)
        begun = max(span[0], min(held, default=today))
        drawn = days_between(begun, today)
        places = [self._frame.moments.days(day, day) for day in drawn]
        numbers = [held.get(day, Found()).stories for day in drawn]
        queries = StoryQueries(db)
        matches = queries.newest_of(rule, None)
        newest = islice(dict.fromkeys(row["story"] for row in matches), _NEWEST)
        return {
            "sums": {
                length: summed(held.get(day, Found()) for day in span[-length:])
                for length in _SPANS
            },
            "chart": BarChart(places, [ChartLine("", numbers)]),
            "stories": rows_of_stories(queries, newest),
        }
