"""`/reviews`: the morning papers, and each edition as it went or as it would go now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.edition import Edition
from alerts.papers import MorningPaper
from alerts.rendering import Style, view_of_edition
from alerts.telling import word_edits
from monitor.web.pages import Frame
from monitor.web.papers.edition_editing import LONGEST_NOTE, LONGEST_TITLE, EditionEditing
from monitor.web.papers.edition_feed import edition_feed
from monitor.web.papers.newsstand import Newsstand, ShownEdition


class PaperPages:
    """The pages of the morning paper, with its editing and its feed."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context
        self._part, self._stand = frame.parts.room.part, Newsstand(frame)
        self._editing = EditionEditing(frame, self._stand)

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/reviews", self.papers),
            Route("/reviews/{paper}", self.latest),
            Route("/reviews/{paper}/{day}", self.edition),
            Route("/feeds/reviews/{paper}.atom", self.feed),
            *self._editing.routes(),
        ]

    async def papers(self, request: Request) -> Response:
        """Each paper: when it goes next, and its newest editions."""
        papers = self._stand.papers()
        found = self._part(lambda db: [(one, self._stand.newest(db, one.id)) for one in papers])
        coming = {one.id: self._stand.next_turn(one) for one in papers}
        faults = self._frame.parts.paper.faults_of(lambda: self._context.papers)
        values: dict[str, Any] = {"found": found, "coming": coming, "papers": papers}
        return self._frame.page(request, "papers.html", here="papers", faults=faults, **values)

    async def latest(self, request: Request) -> Response:
        """The edition that goes next."""
        paper = self._stand.paper(request.path_params["paper"])
        turn = self._stand.next_turn(paper) if paper else None
        if paper is None or turn is None:
            return self._frame.missing(request)
        address = f"/reviews/{quote(paper.id)}/{turn.key.day}?at={turn.key.at}"
        return RedirectResponse(address, 303)

    async def edition(self, request: Request) -> Response:
        """One edition, with the forms of its editor until it goes."""
        paper = self._stand.paper(request.path_params["paper"])
        if paper is None:
            return self._frame.missing(request)
        day, wall = request.path_params["day"], request.query_params.get("at", "")
        if not self._stand.turns(paper, day):
            return self._frame.missing(request)
        found = self._part(lambda db: [self._stand.shown(db, paper, day, wall)])
        if found == [None]:
            return self._frame.missing(request)
        shown = found[0] if found else None
        values = self._values(paper, shown) if shown else {"shown": None}
        return self._frame.page(request, "edition.html", here="papers", paper=paper, **values)

    def _values(self, paper: MorningPaper, shown: ShownEdition) -> dict[str, Any]:
        style = self._style(shown.edition.language)
        view = view_of_edition(shown.edition, style)
        key = shown.edition.key
        return {
            "shown": shown,
            "view": view,
            "told": list(zip(view.tales, shown.edition.stories, strict=True)),
            "words": style.words,
            "word_edits": word_edits,
            "edit": f"/reviews/{quote(paper.id)}/{key.day}/{quote(key.at)}/edit",
            "longest_title": LONGEST_TITLE,
            "longest_note": LONGEST_NOTE,
        }

    async def feed(self, request: Request) -> Response:
        """The newest editions, for readers of feeds; 304 for whoever has them already."""
        paper = self._stand.paper(request.path_params["paper"])
        if paper is None:
            return Response("there is no such review\n", 404)
        editions = self._part(lambda db: self._stand.newest(db, paper.id))
        if editions is None:
            return Response("it took too long: try again later\n", 503)
        return self._atom(request, paper, editions)

    def _atom(self, request: Request, paper: MorningPaper, editions: Sequence[Edition]) -> Response:
        base = (self._context.settings.web.base_url or str(request.base_url)).rstrip("/")
        address = f"{base}/feeds/reviews/{quote(paper.id)}.atom"
        body = edition_feed(paper.name, editions, base, address, self._style(paper.language))
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, max-age=60"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/atom+xml; charset=utf-8")

    def _style(self, language: str) -> Style:
        return Style(language, self._context.zone)
