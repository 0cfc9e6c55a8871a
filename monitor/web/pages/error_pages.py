"""What stands where no page is, or where one failed: in the words of the page, with a way back."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ExceptionHandler

from monitor.web.pages.frame import Frame

_MISSING, _BROKEN = 404, 500
# Why what was sent is refused, by the status of the answer.
_REFUSED = {
    405: "change.by_form",
    413: "change.too_long",
    400: "change.no_form",
    415: "change.no_form",
}


class ErrorPages:
    """Answers for a mistyped address, for one that only a form may use, for a form, and for a bug.

    Who does not ask for a page, as a program does not, gets the name of the error alone.
    `headers` are those of every answer: the one to a bug goes past the guard that sets them.
    """

    def __init__(self, frame: Frame, headers: Mapping[str, str]) -> None:
        self._frame, self._paper = frame, frame.parts.paper
        self._headers = {**headers, "Cache-Control": "no-store"}

    def handlers(self) -> dict[int, ExceptionHandler]:
        """What answers each error."""
        refused = dict.fromkeys((_MISSING, *_REFUSED), self.refused)
        return {**refused, _BROKEN: self.broken}

    async def refused(self, request: Request, error: Exception) -> Response:
        """There is no such page, or it is not asked for like this."""
        assert isinstance(error, HTTPException)
        if not _wants_page(request):
            return PlainTextResponse(error.detail, error.status_code, headers=error.headers)
        if error.status_code == _MISSING:
            return self._frame.missing(request)
        why = _REFUSED[error.status_code]
        page = self._paper.page(request, "refused.html", error.status_code, why=why, back="/")
        page.headers.update(error.headers or {})
        return page

    async def broken(self, request: Request, _: Exception) -> Response:
        """A bug, which is in the log; this page asks nothing of the archive."""
        if _wants_page(request):
            page = self._paper.page(request, "broken.html", _BROKEN)
        else:
            page = PlainTextResponse("Internal Server Error", _BROKEN)
        page.headers.update(self._headers)
        return page


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
