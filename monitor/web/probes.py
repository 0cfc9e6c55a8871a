"""What other programs ask: `/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.health import facts_of, unready, unwell
from monitor.web.making.page_parts import PageParts

if TYPE_CHECKING:
    from monitor.health import Metrics

_UNAVAILABLE = 503


class Probes:
    """The answers about health, and the numbers."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._metrics: Metrics | None = None

    def routes(self) -> list[Route]:
        """Where they are asked."""
        return [
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    async def healthz(self, _: Request) -> Response:
        """Whether the loop and the writer answer."""
        facts = await facts_of(self._parts.context, self._parts.vitals)
        return _answer(unwell(facts))

    async def readyz(self, _: Request) -> Response:
        """The same, and whether work is taken up and there is room."""
        facts = await facts_of(self._parts.context, self._parts.vitals)
        return _answer(unready(facts, self._parts.context.now()))

    async def metrics(self, _: Request) -> Response:
        """The numbers of the daemon; a page without one has none."""
        from monitor.health import METRICS_TYPE, Metrics

        vitals, context = self._parts.vitals, self._parts.context
        if vitals is None:
            return PlainTextResponse("no daemon runs here\n", 404)
        with self._parts.room.within() as db:
            backup = context.settings.store.backup
            folder = backup.to if backup else None
            self._metrics = self._metrics or Metrics(vitals, context.database, db, folder)
            return Response(self._metrics.text(db), media_type=METRICS_TYPE)


def _answer(problems: list[str]) -> Response:
    status = _UNAVAILABLE if problems else 200
    return JSONResponse({"healthy": not problems, "problems": problems}, status)
