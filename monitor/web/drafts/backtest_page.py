"""The backtest of a draft on the whole archive: how far it is, and what it found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.rules import Report
from monitor.web.drafts.preview import found_row
from monitor.web.drafts.trial import Trials
from monitor.web.making import SentForm
from monitor.web.pages import Frame

# Days of the graph and its table; chosen: two months fit a screen.
_DAYS = 60


class BacktestPage:
    """`/backtest`: one at a time, for everybody."""

    def __init__(self, frame: Frame, trials: Trials) -> None:
        self._frame, self._trials = frame, trials

    def routes(self) -> list[Route]:
        """Where it is."""
        return [
            Route("/backtest", self.backtest, methods=["GET"]),
            self._frame.parts.changes.route("/backtest/cancel", self.cancel),
        ]

    async def backtest(self, request: Request) -> Response:
        """The one that is under way, or was the last."""
        trial = self._trials.last
        days = _newest_days(trial.report) if trial and trial.report else ()
        return self._frame.page(
            request, "backtest.html", here="rules", trial=trial, days=days, row_of=found_row
        )

    async def cancel(self, _: SentForm) -> Response:
        """End it; the form for its rule is still on its page."""
        await asyncio.to_thread(self._trials.cancel)
        return RedirectResponse("/backtest", HTTPStatus.SEE_OTHER)


def _newest_days(report: Report) -> Sequence[dict[str, object]]:
    """The newest days with articles, each with the height of its bar from 0 to 100."""
    days = report.days[-_DAYS:]
    most = max((day.matches for day in days), default=0) or 1
    return [{"day": day, "height": round(100 * day.matches / most)} for day in days]
