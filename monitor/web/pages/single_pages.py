"""One rule, and one source: what it found or brought, day by day, and what to know of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.rules import WHOLE_FILE
from alerts.trends import Found, MatchDays
from alerts.wave_log import LoggedWave, WaveStore
from crawler.errors import ConfigError
from crawler.faults import advice, worded
from crawler.model import Source
from crawler.store import Connection, FactStore
from monitor.views import SourceBook, source_as_json
from monitor.web.charts import BarChart, ChartLine, days_between, outline, summed, usual_day
from monitor.web.pages.frame import Frame
from monitor.web.stories import StoryQueries, rows_of_stories

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SPANS = (1, 7, 30)
_RULE_DAYS = 90
_NEWEST = 20
_SOURCE_DAYS = 28
_USUAL = timedelta(days=14)
_MOST_MISSED = 50


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
        said = self._frame.parts.paper.faults
        faults = [line for fault in read.faults.get(name, ()) for line in said(fault)]
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
        span = days_between(today - (_RULE_DAYS - 1) * _DAY, today)
        held = days.series(span[0], rule)
        begun = max(span[0], min(held, default=today))
        drawn = days_between(begun, today)
        places = [self._frame.moments.days(day, day) for day in drawn]
        numbers = [held.get(day, Found()).stories for day in drawn]
        queries = StoryQueries(db)
        matches = queries.newest(rule=rule).rows
        newest = islice(dict.fromkeys(row["story"] for row in matches), _NEWEST)
        return {
            "sums": {
                length: summed(held.get(day, Found()) for day in span[-length:])
                for length in _SPANS
            },
            "chart": BarChart(places, [ChartLine("", numbers)]),
            "stories": rows_of_stories(queries, newest),
            "waves": self._waves(db, rule),
        }

    def _waves(self, db: Connection, rule: str) -> list[LoggedWave]:
        now = self._context.now()
        return WaveStore(db).between(now - _RULE_DAYS * _DAY, now, [rule])[: -_NEWEST - 1 : -1]


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
        since, facts = now - _SOURCE_DAYS * _DAY, FactStore(db)
        book = SourceBook(db, now, since, only=source.id)
        diagnosis = book.health.get(source.id)
        reason = diagnosis.reason if diagnosis else None
        return {
            "shown": source_as_json(source, book),
            "words": worded(reason, language) if reason else "",
            "advice": advice(reason, language) if reason else "",
            "hours": self._hours(facts, source, now),
            "days": self._days(facts, source, now),
            "gaps": [gap for gap in book.gaps if gap.source == source.id][::-1],
            "missed": [(page, worded(page.reason, language)) for page in book.missed],
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
        days = days_between(today - (_SOURCE_DAYS - 1) * _DAY, today)
        held = facts.stored_by_day(source.id, days[0])
        places = [self._frame.moments.days(day, day) for day in days]
        return BarChart(places, [ChartLine("", [held.get(day, 0) for day in days])])
