"""The archive, searched from the page."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alerts.query import Concepts
from alerts.search import SearchResult, SearchResults, near_words, search_while
from crawler.errors import ConfigError
from crawler.store import Connection, as_text
from monitor.web.charts import BarChart, ChartLine, day_spans, numbers_in
from monitor.web.making import spreadsheet
from monitor.web.pages.frame import Frame
from monitor.web.stories import LONGEST_QUERY, Stretch, quotes, spans_in, stretches

_SHOWN = 50
_MOST = 200  # articles that are counted; chosen: more take longer than a reader waits
_SECONDS = 0.7  # of the deadline of a part; the rest is for what is made of the results
_COLUMNS = ("published", "outlet", "title", "url", "id", "words")
# Words that make a query of plain words.
_OPERATORS = frozenset({"AND", "OR", "NOT", "EXCEPT", "NEAR"})
_SIGNS = frozenset('"()*?=@:{}[]/')


class SearchPage:
    """`/search`: plain words, or the language of the rules; and the same for a spreadsheet."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/search", self.search), Route("/search.csv", self.table)]

    async def search(self, request: Request) -> Response:
        """The newest articles with these words."""
        q = _asked(request)
        found: dict[str, Any] | None = {"results": []}
        fault = ""
        if q:
            try:
                found = self._frame.parts.room.part(lambda db: self._found(db, q))
            except ConfigError as error:
                fault = self._fault(error)
        return self._frame.page(
            request,
            "search.html",
            here="search",
            q=q,
            query=query_of(q),
            found=found,
            fault=fault,
            shown=_SHOWN,
            most=_MOST,
        )

    async def table(self, request: Request) -> Response:
        """The same articles, as comma-separated values."""
        query = query_of(_asked(request))
        try:
            with self._frame.parts.room.within() as db:
                results = self._results(db, query).found if query else []
        except ConfigError as error:
            return PlainTextResponse(f"{self._fault(error)}\n", 400)
        rows = [
            (
                *(as_text(found.published), found.document.outlet, found.document.title),
                *(found.document.url, found.document.id),
                ", ".join(dict.fromkeys(hit.text for hit in result.hits)),
            )
            for result in results
            for found in [result.found]
        ]
        return spreadsheet("search", _COLUMNS, rows)

    def _fault(self, error: ConfigError) -> str:
        return "\n".join(self._frame.parts.paper.faults(error))

    def _results(self, db: Connection, query: str) -> SearchResults:
        """As many results as are counted, and as a part of the deadline gives."""
        end = time.monotonic() + _SECONDS
        return search_while(
            *(db, query, lambda: time.monotonic() < end),
            concepts=self._concepts(query),
            limit=_MOST + 1,
        )

    def _concepts(self, query: str) -> Concepts:
        return self._context.concepts if "@" in query else Concepts()

    def _found(self, db: Connection, q: str) -> dict[str, Any]:
        query = query_of(q)
        results = self._results(db, query)
        if not results.found and results.unread is None:
            near = near_words(db, query, self._concepts(query))
            return {"results": [], "near": _respelled(q, near)}
        counted = results.found[:_MOST]
        return {
            "results": [_shown(result) for result in counted[:_SHOWN]],
            "count": len(counted),
            "more": len(results.found) > _MOST or results.unread is not None,
            "chart": self._days(counted),
        }

    def _days(self, results: Sequence[SearchResult]) -> BarChart | None:
        """How many of these were published on each day in the desk's zone; None for one day."""
        zone = ZoneInfo(self._frame.timezone)
        held = Counter(result.found.published.astimezone(zone).date() for result in results)
        first, last = min(held, default=None), max(held, default=None)
        if first is None or last is None or first == last:
            return None
        spans = day_spans(first, last)
        places = [self._frame.moments.days(span.first, span.last) for span in spans]
        return BarChart(places, [ChartLine("", numbers_in(spans, held))])


def _asked(request: Request) -> str:
    return request.query_params.get("q", "").strip()[:LONGEST_QUERY]


def _respelled(q: str, near: Mapping[str, Sequence[str]]) -> list[str]:
    """What was asked, with each word that is not found spelled as one that is."""
    return [
        spelled
        for word, others in near.items()
        for other in others
        for spelled in [re.sub(rf"(?i)\b{re.escape(word)}\b", other, q)]
        if spelled != q
    ]


def query_of(words: str) -> str:
    """Plain words as a query for all of them; a query as it is."""
    if _SIGNS.intersection(words) or _OPERATORS.intersection(words.split()):
        return words
    return " AND ".join(words.split())


def _shown(result: SearchResult) -> dict[str, Any]:
    document = result.found.document
    lines: list[list[Stretch]] = []
    for field in ("lead", "body"):
        lines += quotes(getattr(document, field), spans_in(field, result.hits), 3)
    return {
        "id": document.id,
        "outlet": document.outlet,
        "published": result.found.published,
        "title": stretches(document.title, spans_in("title", result.hits)),
        "lines": lines[:3],
        "earlier": result.earlier,
    }
