"""Pages about the desk: rules, sources, and how it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.rules import WHOLE_FILE
from alerts.trends import Found, MatchDays
from crawler.errors import ConfigError
from crawler.faults import worded
from crawler.model import Source
from crawler.store import ArticleStore, Connection, PollStore
from monitor.views import SourceBook, source_as_json, status_of
from monitor.web.charts import BarChart, ChartLine, days_between
from monitor.web.making import ChangeError, Done, SentForm
from monitor.web.pages.frame import Frame

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# A source is asked by hand once in this time at most. Chosen: more often nothing has changed.
_JUST_NOW = timedelta(minutes=1)
_GRAPH_DAYS = 14


class DeskPages:
    """Pages about the desk itself."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context
        self._part, self._changes = frame.parts.room.part, frame.parts.changes

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/rules", self.rules),
            Route("/sources", self.sources),
            self._changes.route("/sources/{source}/ask", self.ask_now),
            Route("/status", self.status),
            Route("/articles/{article}", self.article),
        ]

    async def article(self, request: Request) -> Response:
        """The story of an article."""
        name = request.path_params["article"]

        def story(db: Connection) -> str:
            articles = ArticleStore(db)
            return articles.story(name).id if articles.article(name) else ""

        found = self._part(story)
        return RedirectResponse(f"/stories/{found}") if found else self._frame.missing(request)

    async def ask_now(self, sent: SentForm) -> Done:
        """Let a source be asked at the next tick, once a minute at most."""
        name = sent.part("source")
        since = sent.now - _JUST_NOW
        if not await self._changes.write(lambda db: PollStore(db).ask_soon(name, sent.now, since)):
            raise ChangeError("sources.asked_just_now")
        return Done("sources.asked", values={"source": name})

    async def rules(self, request: Request) -> Response:
        """The rules with what each found, refused ones first."""
        read = self._frame.rules()
        counts = self._part(self._counts)
        said = self._frame.parts.paper.faults
        faults = {
            ("" if rule == WHOLE_FILE else rule): [line for fault in found for line in said(fault)]
            for rule, found in read.faults.items()
        }
        return self._frame.page(
            request,
            "rules.html",
            here="rules",
            rules=read.book.rules,
            disabled=read.book.disabled,
            faults=faults,
            counts=counts,
        )

    def _counts(self, db: Connection) -> dict[str, Any]:
        today = self._context.now().astimezone(UTC).date()
        every = days_between(today - (_GRAPH_DAYS - 1) * _DAY, today)

        def articles(held: Mapping[date, Found], days: list[date]) -> list[int]:
            return [held.get(day, Found()).articles for day in days]

        found = MatchDays(db).days_by_rule(every[0])
        places = [self._frame.moments.days(day, day) for day in every]
        return {
            "day": {rule: sum(articles(held, every[-1:])) for rule, held in found.items()},
            "week": {rule: sum(articles(held, every[-7:])) for rule, held in found.items()},
            "graphs": {
                rule: BarChart(places, [ChartLine("", articles(held, every))])
                for rule, held in found.items()
            },
        }

    async def sources(self, request: Request) -> Response:
        """The sources with their health, those that need a person first."""
        found = self._part(self._sources)
        faults = self._frame.parts.paper.faults_of(lambda: self._context.sources)
        return self._frame.page(request, "sources.html", here="sources", found=found, faults=faults)

    def _sources(self, db: Connection) -> list[dict[str, Any]]:
        book = SourceBook(db, self._context.now())
        language = self._frame.parts.paper.language
        shown = [
            source_as_json(source, book) | {"words": _words(book, source.id, language)}
            for source in self._catalogue()
        ]
        order = {"dead": 0, "degraded": 1, "silent": 2, "slow": 3, "ok": 4, None: 5}
        return sorted(shown, key=lambda each: (order[each["health"]], each["outlet"].casefold()))

    def _catalogue(self) -> list[Source]:
        try:
            return self._context.sources
        except ConfigError:
            return []

    async def status(self, request: Request) -> Response:
        """How the program does, as `status --json` says it."""
        language = self._frame.parts.paper.language
        found = self._part(lambda db: status_of(db, self._context, language))
        return self._frame.page(request, "status.html", here="status", found=found)


def _words(book: SourceBook, source: str, language: str) -> str:
    """Why a source does as it does, in this language."""
    diagnosis = book.health.get(source)
    return worded(diagnosis.reason, language) if diagnosis and diagnosis.reason else ""
