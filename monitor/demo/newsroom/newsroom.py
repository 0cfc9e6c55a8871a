"""The demonstration newsroom: several outlets on loopback, whose news moves on in rounds."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from crawler.model import Selectors, Source, SourceKind
from monitor.demo.newsroom.content import Content, ListingKind, Outlet, OutletListing
from monitor.demo.newsroom.library import bundled
from monitor.demo.newsroom.press import Printed
from monitor.demo.newsroom.site import OutletSite
from monitor.demo.servers.exchange import Asked, Request, ServedAnswer
from monitor.demo.servers.service import Service
from monitor.demo.servers.web import WebServer

_EVERY = timedelta(minutes=1)
_KINDS = {
    ListingKind.NEWS_SITEMAP: SourceKind.NEWS_SITEMAP,
    ListingKind.SECTION: SourceKind.SECTION,
}
_SELECTORS = Selectors(item="li.bericht", link="a", title="h2", date="time")


class Newsroom(Service):
    """Outlets that each listen on a port of their own, from `start` to `stop`.

    Everything follows from `now`, the content and the round. Round 1 is the backlog; `advance`
    publishes and edits what comes next. `down` and `flaky` may change at any time: outlets in
    `down` drop every connection, and the page of an article in `flaky` answers 503 that many
    times. With further `hosts` (`127.0.0.2`, ...) outlets also have different addresses.
    """

    def __init__(
        self,
        *,
        now: datetime,
        content: Content | None = None,
        hosts: Sequence[str] = ("127.0.0.1",),
    ) -> None:
        self.now = now
        self.content = content or bundled()
        self.down: set[str] = set()
        self.flaky: dict[str, int] = {}
        self._round = 1
        self._asked: list[Asked] = []
        self._lock = threading.Lock()
        self._desks = {
            outlet.id: _Desk(self, outlet, hosts[place % len(hosts)])
            for place, outlet in enumerate(self.content.outlets)
        }

    @property
    def round(self) -> int:
        """The present round, from 1."""
        return self._round

    @property
    def requests(self) -> list[Asked]:
        """Every request so far."""
        with self._lock:
            return list(self._asked)

    def start(self) -> None:
        """Begin to answer."""
        for desk in self._desks.values():
            desk.server.start()

    def stop(self) -> None:
        """Close every port; a second call does nothing."""
        for desk in self._desks.values():
            desk.server.stop()

    def advance(self) -> int:
        """Publish the next round and return its number."""
        self._round += 1
        return self._round

    def sources(self) -> list[Source]:
        """A source for each listing, as a catalogue would describe it."""
        return [
            _source(desk, listing)
            for desk in self._desks.values()
            for listing in desk.site.outlet.listings
        ]

    def online(self, outlet: str) -> tuple[Printed, ...]:
        """What this outlet has on its site now, newest first."""
        return self._desks[outlet].site.online(self._round)

    def answer(
        self, site: OutletSite, method: str, path: str, headers: Mapping[str, str]
    ) -> ServedAnswer | None:
        """What one outlet answers now; the request is noted."""
        number = self._round
        answer = None if site.outlet.id in self.down else self._given(site, path, headers, number)
        asked = Asked(
            round=number,
            outlet=site.outlet.id,
            method=method,
            path=path,
            status=answer.status if answer else 0,
            conditional=not headers.keys().isdisjoint({"if-none-match", "if-modified-since"}),
        )
        with self._lock:
            self._asked.append(asked)
        return answer

    def _given(
        self, site: OutletSite, path: str, headers: Mapping[str, str], number: int
    ) -> ServedAnswer:
        item = site.article_at(path, number)
        if item and self._fails(item.piece.id):
            return ServedAnswer(
                HTTPStatus.SERVICE_UNAVAILABLE, {"Content-Type": "text/plain"}, b"Storing"
            )
        return site.answer(Request(path, headers), number)

    def _fails(self, article: str) -> bool:
        with self._lock:
            left = self.flaky.get(article, 0)
            self.flaky[article] = max(0, left - 1)
            return left > 0


class _Desk:
    """An outlet's site with the server that gives it an address."""

    def __init__(self, newsroom: Newsroom, outlet: Outlet, host: str) -> None:
        self.server = WebServer(self._respond, host=host)
        self.site = OutletSite(outlet, newsroom.content, self.server.base, newsroom.now)
        self._newsroom = newsroom

    def _respond(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,  # noqa: ARG002 - nobody posts to a newspaper
    ) -> ServedAnswer | None:
        return self._newsroom.answer(self.site, method, path, headers)


def _source(desk: _Desk, listing: OutletListing) -> Source:
    return Source(
        id=listing.id,
        outlet=desk.site.outlet.name,
        kind=_KINDS.get(listing.kind, SourceKind.FEED),
        url=desk.site.base + listing.path,
        every=_EVERY,
        section=listing.section,
        selectors=_SELECTORS if listing.kind is ListingKind.SECTION else None,
    )
