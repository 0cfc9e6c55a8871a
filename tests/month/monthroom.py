"""The outlets of a month as servers on loopback, which serve what is published by the clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from html import escape

from monthpaper import DAY, Outlet, Piece

FEED, SITEMAP, SECTION, ROBOTS = "/rss", "/sitemap.xml", "/actueel", "/robots.txt"
_LISTS = {"feed": FEED, "news-sitemap": SITEMAP, "section": SECTION}
_MAINTENANCE = b"<html><body>De site is tijdelijk niet bereikbaar wegens onderhoud.</body></html>"
_CONSENT = b"<html><head><title>DPG Media Privacy Gate</title></head><body>Cookies?</body></html>"


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    location: str = ""

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


class Server:
    """One outlet; `asked` counts requests by path and status."""

    def __init__(self, outlet: Outlet, clock: Callable[[], datetime]) -> None:
        self.outlet, self._clock = outlet, clock
        self.asked: Counter[tuple[str, int]] = Counter()
        self.url = ""

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    @property
    def list_url(self) -> str:
        return self.url + _LISTS[self.outlet.kind]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                reply = self._reply(path)
                held = reply.status == 200 and f"if-none-match: {reply.etag}" in head.lower()
                self.asked[path, 304 if held else reply.status] += 1
                writer.write(_bytes(reply, held=held))
        writer.close()

    def _reply(self, path: str) -> Reply:
        now = self._clock()
        if path == ROBOTS:
            return Reply(200, b"User-agent: *\nDisallow: /plus/", "text/plain")
        if path in {FEED, SITEMAP, SECTION} or path.startswith("/dag/"):
            return self._troubled(now) or self._list(path, now)
        if self.outlet.trouble(now) == "down":
            return Reply(503)
        for piece in self.outlet.pieces:
            if piece.at <= now and path in {piece.path, f"{piece.path}-verhuisd"}:
                return self._page(piece, path, now)
        return Reply(404)

    def _troubled(self, now: datetime) -> Reply | None:
        return {
            "down": Reply(503),
            "page": Reply(200, _page("Welkom", ["Dit is de voorpagina."], "")),
            "maintenance": Reply(200, _MAINTENANCE),
            "consent": Reply(200, _CONSENT),
            "empty": Reply(200, _rss([]), "application/rss+xml"),
        }.get(self.outlet.trouble(now))

    def _list(self, path: str, now: datetime) -> Reply:
        shown = self.outlet.published(now)
        if path == FEED:
            items = [self._item(piece, now) for piece in shown[: self.outlet.window]]
            body = _rss(items)
            cut = self.outlet.trouble(now) == "cut"
            return Reply(200, body[: len(body) - 200] if cut else body, "application/rss+xml")
        if path == SECTION:
            rows = "".join(
                f'<li><a href="{p.address(now)}">{escape(p.title(now))}</a></li>'
                for p in shown[: self.outlet.window]
            )
            return Reply(200, f"<!doctype html><html><body><ul>{rows}</ul></body></html>".encode())
        return Reply(200, self._sitemap(path, shown, now), "application/xml")

    def _sitemap(self, path: str, shown: Sequence[Piece], now: datetime) -> bytes:
        """An index of days, and what was published on one."""
        days = sorted({piece.at.date() for piece in shown if now - piece.at < 4 * DAY})
        if path == SITEMAP:
            latest = {day: max(p.at for p in shown if p.at.date() == day) for day in days}
            files = "".join(
                f"<sitemap><loc>{self.url}/dag/{day}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>"
                for day, at in latest.items()
            )
            return f"<sitemapindex>{files}</sitemapindex>".encode()
        listed = [piece for piece in shown if str(piece.at.date()) == path.removeprefix("/dag/")]
        news = "http://www.google.com/schemas/sitemap-news/0.9"
        urls = "".join(
            f"<url><loc>{self.url}{p.address(now)}</loc><n:news><n:publication_date>"
            f"{p.at.isoformat()}</n:publication_date><n:title>{escape(p.title(now))}</n:title>"
            "</n:news></url>"
            for p in listed
        )
        return f'<urlset xmlns:n="{news}">{urls}</urlset>'.encode()

    def _item(self, piece: Piece, now: datetime) -> str:
        text = "\n\n".join(piece.paragraphs(now))
        whole = f"<p>{escape(text)}</p>" if self.outlet.fetch == "entry" else ""
        return (
            f"<item><title>{escape(piece.title(now))}</title>"
            f"<link>{self.url}{piece.address(now)}</link>"
            f'<guid isPermaLink="false">{piece.name}</guid>'
            f"<description>{escape(whole or piece.title(now))}</description>"
            f"<pubDate>{piece.at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        )

    def _page(self, piece: Piece, path: str, now: datetime) -> Reply:
        if piece.withdrawn and piece.withdrawn <= now:
            return Reply(piece.gone)
        if piece.status != 200:
            return Reply(piece.status)
        if path != piece.address(now):
            return Reply(301 if path == piece.path else 404, location=piece.address(now))
        canonical = self.url + piece.address(now)
        return Reply(200, _page(piece.title(now), piece.paragraphs(now), canonical))


def _bytes(reply: Reply, *, held: bool) -> bytes:
    status, body = (304, b"") if held else (reply.status, reply.body)
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Length: {len(body)}",
        f"Content-Type: {reply.kind}",
        f"ETag: {reply.etag}",
        *([f"Location: {reply.location}"] if status == 301 else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _rss(items: Sequence[str]) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Krant</title>'
        f"{''.join(items)}</channel></rss>"
    ).encode()


def _page(title: str, paragraphs: Sequence[str], canonical: str) -> bytes:
    text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!doctype html><html lang="nl"><head><title>{escape(title)}</title>{link}</head><body>'
        f"<nav>Voorpagina</nav><article><h1>{escape(title)}</h1>{text}</article></body></html>"
    ).encode()
