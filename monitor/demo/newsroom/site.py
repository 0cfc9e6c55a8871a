"""What an outlet's web server answers: a pure function of the request and the round."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from crawler.frozen import dataclass
from monitor.demo.newsroom.content import Content, Outlet
from monitor.demo.newsroom.listings import ServedDocument, listing_of
from monitor.demo.newsroom.pages import amp_page_of, page_of
from monitor.demo.newsroom.press import Printed, printed
from monitor.demo.servers.exchange import Request, ServedAnswer

_HTML = "text/html; charset=utf-8"
_CONSENT_COOKIE = "privacy=akkoord"
_SHELL_BYTES = 8_000  # a consent wall is mostly script


@dataclass(frozen=True, slots=True)
class OutletSite:
    """One outlet's site; `base` is its root without the slash."""

    outlet: Outlet
    content: Content
    base: str
    now: datetime

    def online(self, number: int) -> tuple[Printed, ...]:
        """What stands on the site in this round, newest first."""
        return printed(self.content, self.outlet, base=self.base, number=number, now=self.now)

    def answer(self, request: Request, number: int) -> ServedAnswer:
        """The answer to this request in this round; 304 if the client has the newest text."""
        path, _, query = request.path.partition("?")
        if path == "/robots.txt":
            return _text(_ROBOTS.format(base=self.base))
        if self.outlet.consent and (wall := self._consent(path, query, request)):
            return wall
        document = self._document(path, number)
        return _not_found() if document is None else _conditional(document, request.headers)

    def article_at(self, path: str, number: int) -> Printed | None:
        """The article whose page or AMP page this is."""
        url = self.base + path.partition("?")[0]
        return next((item for item in self.online(number) if url in {item.url, item.amp_url}), None)

    def _document(self, path: str, number: int) -> ServedDocument | None:
        for listing in self.outlet.listings:
            if listing.path == path:
                items = self.online(number)
                return listing_of(self.outlet, listing, items, base=self.base, now=self.now)
        if path == "/":
            return ServedDocument(_HTML, self._home(self.online(number)), self.now)
        item = self.article_at(path, number)
        return None if item is None else self._page(item, path, number)

    def _page(self, item: Printed, path: str, number: int) -> ServedDocument:
        if self.base + path == item.amp_url:
            text = amp_page_of(item, self.outlet)
        else:
            text = page_of(item, self.outlet, self.online(number), base=self.base)
        return ServedDocument(_HTML, text, item.modified)

    def _home(self, items: Sequence[Printed]) -> str:
        name = self.outlet.name
        links = "".join(f'<li><a href="{item.url}">{item.title}</a></li>' for item in items)
        return (
            f'<!DOCTYPE html><html lang="nl"><title>{name}</title><h1>{name}</h1><ul>{links}</ul>'
        )

    def _consent(self, path: str, query: str, request: Request) -> ServedAnswer | None:
        """The consent wall, or None once the visitor has the cookie."""
        if path == "/consent":
            return _ok(_HTML, _shell(self.outlet.name))
        if path == "/privacygate-confirm":
            return self._confirmed(query)
        is_article = self.article_at(path, self.content.rounds) is not None
        if not is_article or _CONSENT_COOKIE in request.headers.get("cookie", ""):
            return None
        inner = f"{self.base}/privacygate-confirm?redirectUri={quote(request.path, safe='')}"
        target = f"{self.base}/consent?siteKey=demo&callbackUrl={quote(inner, safe='')}"
        return ServedAnswer(HTTPStatus.FOUND, {"Location": target})

    def _confirmed(self, query: str) -> ServedAnswer:
        wanted = parse_qs(query).get("redirectUri", ["/"])[0]
        # Only a path of this site: with two slashes it would name another host.
        path = wanted if wanted.startswith("/") and not wanted.startswith("//") else "/"
        headers = {"Location": self.base + path, "Set-Cookie": f"{_CONSENT_COOKIE}; Path=/"}
        return ServedAnswer(HTTPStatus.FOUND, headers)


_ROBOTS = """User-agent: *
Disallow: /zoeken
Disallow: /mijn/
Sitemap: {base}/sitemap-news.xml
"""


def _shell(name: str) -> str:
    script = "window.cmp = window.cmp || {};" + " " * _SHELL_BYTES
    return (
        f'<!DOCTYPE html><html lang="nl"><head><title>{name} Privacy Gate</title>'
        f"<script>{script}</script></head><body><h1>Uw privacy</h1>"
        f"<p>{name} en partners willen uw toestemming voor cookies. Klik op akkoord om verder te "
        'gaan naar de website.</p><a href="/privacygate-confirm">Akkoord</a></body></html>'
    )


def _conditional(document: ServedDocument, asked: Mapping[str, str]) -> ServedAnswer:
    """The document, or 304 where the validators of the request fit (RFC 9110, 13.2.2)."""
    body = document.text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    validators = {"ETag": etag, "Last-Modified": _http_date(document.modified)}
    if _is_held(asked, etag, document.modified):
        return ServedAnswer(HTTPStatus.NOT_MODIFIED, validators)
    headers = {"Content-Type": document.media_type, "Cache-Control": "max-age=0", **validators}
    return ServedAnswer(HTTPStatus.OK, headers, body)


def _is_held(asked: Mapping[str, str], etag: str, modified: datetime) -> bool:
    if tags := asked.get("if-none-match"):
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(given & {etag, "*"})
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return modified.replace(microsecond=0) <= since


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _ok(media_type: str, text: str) -> ServedAnswer:
    return ServedAnswer(HTTPStatus.OK, {"Content-Type": media_type}, text.encode())


def _text(text: str) -> ServedAnswer:
    return _ok("text/plain; charset=utf-8", text)


def _not_found() -> ServedAnswer:
    return ServedAnswer(
        HTTPStatus.NOT_FOUND, {"Content-Type": _HTML}, b"<h1>Pagina niet gevonden</h1>"
    )
