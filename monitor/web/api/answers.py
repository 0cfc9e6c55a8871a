"""`/api/v1`: what the commands print with `--json`, as it is, in pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.query import Concepts
from alerts.store import AlertStore, delivery_from_row, ledger_passage_from_row
from crawler.errors import ConfigError
from crawler.store import ArticleStore, Connection
from monitor.context import json_text
from monitor.views import (
    SourceBook,
    article_as_json,
    as_json,
    circumstances_of,
    rule_as_json,
    source_as_json,
    status_of,
    untold_as_json,
)
from monitor.web.api.api_queries import (
    UnknownPlaceError,
    articles_before,
    deliveries_before,
    key_of,
    untold_before,
)
from monitor.web.api.description import ENDPOINTS, ROOT, Parameter, ParameterError, description
from monitor.web.making import PageParts
from monitor.web.stories import StoryFilters, StoryRow, timeline_page

Asked = Mapping[str, Any]
_UNAVAILABLE = 503


class Api:
    """The answers; each reads for a second at most, and nothing here changes anything."""

    def __init__(self, parts: PageParts) -> None:
        self._parts, self._context = parts, parts.context

    def routes(self) -> list[Route]:
        """Where they are."""
        answers: dict[str, Callable[[Connection, Asked], Any]] = {
            "stories": self._stories,
            "articles": self._articles,
            "articles/{article}": self._article,
            "rules": self._rules,
            "sources": self._sources,
            "deliveries": self._deliveries,
            "untold": self._untold,
            "status": self._status,
        }
        return [
            *(Route(f"{ROOT}/{path}", self._endpoint(path, it)) for path, it in answers.items()),
            Route(f"{ROOT}/openapi.json", self.openapi),
        ]

    async def openapi(self, _: Request) -> Response:
        """What there is to ask, as OpenAPI 3.1."""
        return _json(description())

    def _endpoint(self, path: str, answer: Callable[[Connection, Asked], Any]) -> Any:
        parameters = ENDPOINTS[path].parameters

        async def endpoint(request: Request) -> Response:
            try:
                asked = _asked(request, parameters)
                found = self._parts.room.part(lambda db: [answer(db, asked)])
            except (UnknownPlaceError, ParameterError, ConfigError) as error:
                return _json({"error": str(error) or "there is nothing of this name"}, 400)
            if found is None:
                return _json({"error": "it took too long: ask for less"}, _UNAVAILABLE)
            if found[0] is None:
                return _json({"error": "there is no such thing"}, 404)
            return _json(found[0])

        return endpoint

    def _stories(self, db: Connection, asked: Asked) -> Any:
        filters = StoryFilters(**asked)
        timezone = self._context.settings.schedule.timezone
        page = timeline_page(db, filters, self._context.now(), timezone, Concepts())
        return _page("stories", asked, list(map(story_as_json, page.stories)), page.before)

    def _articles(self, db: Connection, asked: Asked) -> Any:
        names = articles_before(db, asked["before"], asked["outlet"], asked["limit"])
        shown = [one for name in names if (one := self._article(db, {"article": name}))]
        return _page("articles", asked, shown, names[-1] if names else None)

    def _article(self, db: Connection, asked: Asked) -> Any:
        store, name = ArticleStore(db), asked["article"]
        article = store.article(name)
        if article is None:
            return None
        return article_as_json(
            article,
            story=store.story(name),
            revisions=store.revisions(name),
            matches=AlertStore(db).matches_of(name),
        )

    def _rules(self, _: Connection, __: Asked) -> Any:
        book = self._context.rules_read.book
        return {"items": list(map(rule_as_json, book.rules)), "next": None}

    def _sources(self, db: Connection, _: Asked) -> Any:
        book = SourceBook(db, self._context.now())
        shown = [source_as_json(source, book) for source in self._context.sources]
        return {"items": shown, "next": None}

    def _deliveries(self, db: Connection, asked: Asked) -> Any:
        store = AlertStore(db)
        around = circumstances_of(self._context, store)
        rows = deliveries_before(db, asked["before"], asked["limit"])
        shown = [as_json(delivery_from_row(row), store, around) for row in rows]
        return _page("deliveries", asked, shown, rows[-1]["id"] if rows else None)

    def _untold(self, db: Connection, asked: Asked) -> Any:
        rows = untold_before(db, asked["before"], asked["limit"])
        shown = [untold_as_json(ledger_passage_from_row(row)) for row in rows]
        return _page("untold", asked, shown, key_of(rows[-1]) if rows else None)

    def _status(self, db: Connection, _: Asked) -> Any:
        return status_of(db, self._context)


def story_as_json(row: StoryRow) -> dict[str, Any]:
    """A story as the timeline shows it: its newest match, its articles, and who was told."""
    return {
        "id": row.id,
        "match": row.match,
        "at": row.at,
        "article": row.article,
        "title": row.title,
        "outlet": row.outlet,
        "url": row.url,
        "also": list(row.also),
        "rules": list(row.rules),
        "states": sorted(row.states),
        "quote": "".join(each.text for each in row.quote),
        "articles": row.members,
        "revisions": row.revisions,
        "told": [
            {
                "channel": each.channel or None,
                "state": each.state,
                "at": each.at,
                "reason": each.reason or None,
            }
            for each in row.told
        ],
    }


def _asked(request: Request, parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    given = {**request.query_params, **request.path_params}
    return {each.name: each.read(given.get(each.name)) for each in parameters}


def _page(name: str, asked: Asked, items: list[Any], last: object) -> dict[str, Any]:
    """A page of items, with the address of the next one; None if this is the last."""
    more = last is not None and (name == "stories" or len(items) > 0)
    if "limit" in asked and len(items) < asked["limit"]:
        more = False
    held = {key: value for key, value in asked.items() if value} | {"before": last}
    return {"items": items, "next": f"{ROOT}/{name}?{urlencode(held)}" if more else None}


def _json(value: Any, status: int = 200) -> Response:
    return Response(json_text(value), status, media_type="application/json")
