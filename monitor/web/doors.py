"""The ways in: a password, or the address that `nieuwswacht page` opens."""

from __future__ import annotations

import asyncio
import hmac
import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.web.entry import COOKIE, DESK, SESSION_DAYS, Access, Tries, entry_key, fits, signed
from monitor.web.making.changes import local_path
from monitor.web.making.forms import form_of
from monitor.web.making.page_parts import PageParts

log = logging.getLogger(__name__)

_TOO_MANY, _WRONG = 429, 403
_GUESSED = "page wrong guess peer=%s"


class FrontDoors:
    """`/login` and `/enter`; five wrong guesses a minute from one address."""

    def __init__(self, parts: PageParts, access: Access, key: bytes | None) -> None:
        self._parts, self._access, self._key = parts, access, key
        self._tries = Tries()
        settings = parts.context.settings.web
        self._hash = settings.password_hash
        self._secure = (settings.base_url or "").startswith("https://")

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/login", self.form, methods=["GET"]),
            Route("/login", self.login, methods=["POST"]),
            Route("/enter", self.enter),
        ]

    async def form(self, request: Request) -> Response:
        """The form for the password."""
        there = request.query_params.get("next", "/")
        return self._parts.paper.page(request, "login.html", next=local_path(there), wrong="")

    async def login(self, request: Request) -> Response:
        """A session for whoever knows the password."""
        given = await form_of(request)
        password, there = given.get("password", ""), local_path(given.get("next", "/"))
        peer = request.client.host if request.client else ""
        if not self._tries.begin(peer, self._parts.context.now()):
            page = {"next": there, "wrong": "login.later"}
            return self._parts.paper.page(request, "login.html", status=_TOO_MANY, **page)
        hashed = self._hash.get_secret_value() if self._hash else ""
        if not hashed or not await asyncio.to_thread(fits, password, hashed):
            log.warning(_GUESSED, peer)
            page = {"next": there, "wrong": "login.wrong"}
            return self._parts.paper.page(request, "login.html", status=_WRONG, **page)
        return self._inside(there, peer)

    async def enter(self, request: Request) -> Response:
        """A session for whoever can read the key beside the archive."""
        peer = request.client.host if request.client else ""
        if not self._tries.begin(peer, self._parts.context.now()):
            return self._plain("entry.later", _TOO_MANY)
        given = request.query_params.get("key", "")
        if self._key is None or not hmac.compare_digest(
            given.encode(), entry_key(self._key).encode()
        ):
            log.warning(_GUESSED, peer)
            return self._plain("entry.wrong_key", _WRONG)
        return self._inside(local_path(request.query_params.get("next", "/")), peer)

    def _plain(self, why: str, status: int) -> Response:
        return PlainTextResponse(f"{self._parts.paper.said(why)}\n", status)

    def _inside(self, there: str, peer: str) -> Response:
        assert self._access.secret is not None
        self._tries.succeeded(peer)
        answer = RedirectResponse(there, 303)
        answer.set_cookie(
            COOKIE,
            signed(DESK, self._parts.context.now(), self._access.secret),
            max_age=SESSION_DAYS * 86_400,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )
        return answer
