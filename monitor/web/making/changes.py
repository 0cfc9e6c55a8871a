"""The way of a change: a form of the page, the daemon's one writer, and the way back for 30 s."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.delivery import Request as SenderRequest, carry_out
from alerts.policy import ChannelPlan
from crawler.errors import NieuwswachtError, StoreError
from crawler.frozen import dataclass
from crawler.store import Connection, Writer
from monitor.context import Context
from monitor.web.making.forms import form_of
from monitor.web.making.paper import Paper
from monitor.web.making.undoing import UNDO_SECONDS, Done, DoneWords, Undos

T = TypeVar("T")
log = logging.getLogger(__name__)

# The cookie that says what was done a moment ago.
_DONE_COOKIE = "nieuwswacht_done"


class RunningDaemon(Protocol):
    """The daemon that this page stands in."""

    writer: Writer

    @property
    def plans(self) -> Sequence[ChannelPlan]:
        """The channels that it sends to."""

    def wake(self) -> None:
        """Look for due deliveries now."""


class ChangeError(NieuwswachtError):
    """What is asked for cannot be done; its text says why, in the words of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """What somebody asks for: the fields of a form, the parts of its address, and who sent it."""

    request: Request
    form: Mapping[str, str]
    user: str
    now: datetime

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])


# What a form does; a `Response` of its own shows the form again.
Action = Callable[[SentForm], Awaitable[Done | Response]]


class Changes:
    """Changes by people: only from our own forms, and only where a daemon writes the archive."""

    def __init__(self, context: Context, paper: Paper, daemon: RunningDaemon | None) -> None:
        self._context, self._paper, self._daemon = context, paper, daemon
        self._undos = Undos()
        self._secure = (context.settings.web.base_url or "").startswith("https://")

    @property
    def possible(self) -> bool:
        """Whether anybody can change anything here."""
        return self._daemon is not None and self._context.settings.web.write

    def allowed(self, request: Request) -> bool:
        """Whether whoever asks may change something; if not, no page shows a form that does."""
        return self._daemon is not None and request.state.admission.may_change

    def routes(self) -> list[Route]:
        """The way back."""
        return [self.route("/undo", self._undo)]

    def route(self, path: str, action: Action) -> Route:
        """Where a form is sent to (POST); it leads back to the page in its field `back`."""

        async def answer(request: Request) -> Response:
            if not self.allowed(request):
                return self._refused(request, HTTPStatus.FORBIDDEN, "change.not_allowed")
            form = await form_of(request)
            user, now = request.state.admission.user, self._context.now()
            sent = SentForm(request=request, form=form, user=user, now=now)
            try:
                done = await action(sent)
            except ChangeError as error:
                return self._refused(request, HTTPStatus.CONFLICT, str(error), back=form)
            except (sqlite3.Error, StoreError) as error:
                log.error("change path=%s error=%s", request.url.path, error)  # noqa: TRY400 - a full disk, no bug
                unavailable = HTTPStatus.SERVICE_UNAVAILABLE
                return self._refused(request, unavailable, "change.not_written", back=form)
            if isinstance(done, Response):
                return done
            return self._back(done.there or local_path(form.get("back", "/")), done, sent)

        return Route(path, answer, methods=["POST"])

    async def write(self, job: Callable[[Connection], T]) -> T:
        """What a job of the one writer gives, once it is committed."""
        assert self._daemon is not None
        return await asyncio.wrap_future(self._daemon.writer.submit(job))

    async def ask(self, request: SenderRequest) -> list[str]:
        """Carry out what commands ask the sender for; returns the ids of what it changed."""
        assert self._daemon is not None
        plans, now = self._daemon.plans, self._context.now()
        done = await self.write(lambda db: carry_out(db, request, plans, now))
        self._daemon.wake()
        return done

    def done(self, request: Request) -> DoneWords | None:
        """What whoever asks has just done, to be said on the next page."""
        token = request.cookies.get(_DONE_COOKIE, "")
        return self._undos.words(token, request.state.admission.user, self._context.now())

    async def _undo(self, sent: SentForm) -> Done:
        undo = self._undos.take(sent.form.get("token", ""), sent.user, sent.now)
        if undo is None:
            raise ChangeError("change.too_late")
        await undo()
        return Done("change.undone")

    def _back(self, there: str, done: Done, sent: SentForm) -> Response:
        answer = RedirectResponse(there, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            _DONE_COOKIE,
            self._undos.keep(done, sent.user, sent.now),
            max_age=UNDO_SECONDS,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )
        return answer

    def _refused(
        self, request: Request, status: int, why: str, *, back: Mapping[str, Any] | None = None
    ) -> Response:
        there = local_path((back or {}).get("back", "/"))
        return self._paper.page(request, "refused.html", status, why=why, back=there)


def local_path(there: str) -> str:
    """This path if it is one of our own, else the first page."""
    ours = there.startswith("/") and not there.startswith(("//", "/\\"))
    return there if ours and there.isprintable() else "/"
