"""One source: how it does, what it brought beside what is usual, and what was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.errors import ConfigError
from crawler.faults import advice, worded
from crawler.model import Source
from crawler.store import Connection, FactStore
from monitor.views import SourceBook, source_as_json
from monitor.web.charts import BarChart, ChartLine, days_between, usual_day
from monitor.web.pages.frame import Frame

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_GRAPH_DAYS = 28
_USUAL = timedelta(days=14)
_MOST_MISSED = 50


class SourcePage:
    """`/sources/ID`."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/sources/{source}", self.source)]

    async def source(self, request: Request) -> Response:
        """A source that is configured."""
        source = self._configured(request.path_params["source"])
        if source is None:
            return self._frame.missing(request)
        found = self._frame.parts.room.part(lambda db: self._found(db, source))
        return self._frame.page(
            request,
            "source.html",
            here="sources",
            source=source,
            found=found,
            most=_MOST_MISSED,
        )

    def _configured(self, name: str) -> Source | None:
        try:
            return next((each for each in self._context.sources if each.id == name), None)
        except ConfigError:
            return None

    def _found(self, db: Connection, source: Source) -> dict[str, Any]:
        now, language = self._context.now(), self._frame.parts.paper.language
        book, facts = SourceBook(db, now, now - _GRAPH_DAYS * _DAY), FactStore(db)
        diagnosis = book.health.get(source.id)
        reason = diagnosis.reason if diagnosis else None
        missed = [page for page in book.missed if page.source == source.id]
        return {
            "shown": source_as_json(source, book),
            "words": worded(reason, language) if reason else "",
            "advice": advice(reason, language) if reason else "",
            "hours": self._hours(facts, source, now),
            "days": self._days(facts, source, now),
            "gaps": [gap for gap in book.gaps if gap.source == source.id][::-1],
            "missed": [(page, worded(page.reason, language)) for page in missed],
        }

    def _hours(self, facts: FactStore, source: Source, now: datetime) -> BarChart:
        """What was listed in each of the last hours, beside what is usual in them."""
        last, usual = usual_day(facts.listed(source.id, now - _USUAL), now)
        said = self._frame.parts.paper.said
        begins = [now - (len(last) - at) * _HOUR for at in range(len(last))]
        lines = [ChartLine(said("source.now"), last)]
        if usual:
            lines.append(ChartLine(said("source.usual"), usual))
        return BarChart([self._frame.moments.words(each) for each in begins], lines)

    def _days(self, facts: FactStore, source: Source, now: datetime) -> BarChart:
        """How many articles were stored on each day."""
        today: date = now.astimezone(UTC).date()
        days = days_between(today - (_GRAPH_DAYS - 1) * _DAY, today)
        held = facts.stored_by_day(source.id, days[0])
        places = [self._frame.moments.days(day, day) for day in days]
        return BarChart(places, [ChartLine("", [held.get(day, 0) for day in days])])
