"""The archive, searched from the page."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.query import Concepts
from alerts.search import SearchResult, search
from crawler.errors import ConfigError
from crawler.store import Connection
from monitor.web.pages.frame import Frame
from monitor.web.stories import LONGEST_QUERY, Stretch, quotes, spans_in, stretches

_SHOWN = 50
# Words that make a query of plain words.
_OPERATORS = frozenset({"AND", "OR", "NOT", "EXCEPT", "NEAR"})
_SIGNS = frozenset('"()*?=@:{}[]/')


class SearchPage:
    """`/search`: plain words, or the language of the rules."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/search", self.search)]

    async def search(self, request: Request) -> Response:
        """The newest articles with these words."""
        q = request.query_params.get("q", "").strip()[:LONGEST_QUERY]
        found: list[dict[str, Any]] | None = []
        fault = ""
        if q:
            try:
                found = self._frame.parts.room.part(lambda db: self._found(db, query_of(q)))
            except ConfigError as error:
                fault = str(error)
        return self._frame.page(
            request, "search.html", here="search", q=q, found=found, fault=fault, most=_SHOWN
        )

    def _found(self, db: Connection, query: str) -> list[dict[str, Any]]:
        concepts = self._context.concepts if "@" in query else Concepts()
        results = search(db, query, concepts=concepts, limit=_SHOWN + 1)
        return [_shown(result) for result in results]


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
