"""Who may ask for what, and the headers of every answer: around all pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.config import WebSettings
from monitor.web.entry import Access, Admission, EntryRequest, Refusal
from monitor.web.making import texts_of

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD"})
_MISDIRECTED, _FORBIDDEN, _UNKNOWN, _TOO_LONG = 421, 403, 401, 414
# Characters of an address with its filters; chosen: a query has at most 300.
_LONGEST_ADDRESS = 2_000


class Guard:
    """Refuses a foreign `Host`, a change that another site asks for, and whoever is not let in.

    A site that makes its name point to this machine is asked for under that name: so only our own
    names are answered, which are `localhost`, its addresses, `[web] hosts` and `base_url`. Pages
    find the `Admission` of whoever asks in `request.state.admission`.
    """

    def __init__(
        self, app: ASGIApp, *, settings: WebSettings, access: Access, now: Callable[[], datetime]
    ) -> None:
        self._app, self._access, self._now = app, access, now
        base = urlsplit(settings.base_url or "").hostname
        self._hosts = _OURSELVES | {host.lower() for host in (*settings.hosts, base) if host}
        self._language = settings.language
        self._private = access.with_password or settings.proxy_user_header is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    found.setdefault(name, value)
                if self._private:
                    found["Cache-Control"] = "no-store"
            await send(message)

        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        if not self._is_ours(request.headers.get("host", "")):
            return self._plain(request, "other_name", _MISDIRECTED)
        if len(request.url.query) + len(request.url.path) > _LONGEST_ADDRESS:
            return self._plain(request, "long_address", _TOO_LONG)
        if request.method not in _SAFE and not _from_ourselves(request):
            return self._plain(request, "other_site", _FORBIDDEN)
        found = self._access.of(_asked(request), self._now())
        if isinstance(found, Admission):
            request.state.admission = found
            return None
        return self._refused(request, found)

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        if refusal.login and request.method == "GET" and _is_person(request):
            there = quote(f"{request.url.path}?{request.url.query}".rstrip("?"), safe="/")
            return RedirectResponse(f"/login?next={there}", 303)
        status = _FORBIDDEN if self._access.by_proxy else _UNKNOWN
        return self._plain(request, refusal.why, status, **refusal.values)

    def _plain(self, request: Request, why: str, status: int, **values: str) -> Response:
        """One line: in the page's language for people, and in English for programs."""
        texts = texts_of(self._language if _is_person(request) else "en")
        return PlainTextResponse(f"{texts[f'entry.{why}'].format(**values)}\n", status)

    def _is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
        except ValueError:
            return False
        # No browser names a user here: `evil.example@localhost` is somebody's trick.
        return parts.netloc == host and "@" not in host and parts.hostname in self._hosts


def _asked(request: Request) -> EntryRequest:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return EntryRequest(
        path=request.url.path,
        peer=request.client.host if request.client else "",
        headers=request.headers,
        cookies=request.cookies,
        token=token if scheme.lower() == "bearer" else request.query_params.get("token", ""),
    )


def _is_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _from_ourselves(request: Request) -> bool:
    """Whether a change comes from our own page; one that does not say so is refused."""
    fetched, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if fetched is not None and fetched != "same-origin":
        return False
    # A browser that sends no referrer writes "null" as the origin of a form, even of our own.
    if origin not in (None, "null"):
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return fetched == "same-origin"
