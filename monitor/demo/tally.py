"""What was read from each outlet, counted from the requests that its server got."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from crawler.frozen import dataclass
from monitor.demo.newsroom.content import Content, ListingKind, Outlet
from monitor.demo.servers.exchange import Asked

_NAMES = {
    ListingKind.RSS: "RSS, summaries",
    ListingKind.RSS_FULL: "RSS, full text",
    ListingKind.ATOM: "Atom, teasing summaries",
    ListingKind.NEWS_SITEMAP: "news sitemap",
    ListingKind.SECTION: "section page, no feed",
}
_FAULT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletReading:
    """How one outlet was read: its requests by outcome, and what is special about it."""

    outlet: str
    listings: str
    polls: int
    unchanged: int
    pages: int
    walled: int
    failed: int
    remark: str = ""


def readings_of(content: Content, requests: Sequence[Asked]) -> list[OutletReading]:
    """A reading for each outlet, in order of the outlets."""
    return [
        _reading(outlet, [asked for asked in requests if asked.outlet == outlet.id])
        for outlet in content.outlets
    ]


def _reading(outlet: Outlet, requests: Sequence[Asked]) -> OutletReading:
    lists = {listing.path for listing in outlet.listings}
    polls = [asked for asked in requests if asked.path in lists]
    others = [asked for asked in requests if asked.path not in {*lists, "/robots.txt"}]
    return OutletReading(
        outlet=outlet.name,
        listings=" + ".join(dict.fromkeys(_NAMES[listing.kind] for listing in outlet.listings)),
        polls=len(polls),
        unchanged=_count(polls, HTTPStatus.NOT_MODIFIED),
        pages=_count(others, HTTPStatus.OK) - sum(_is_consent(asked) for asked in others),
        walled=_count(others, HTTPStatus.FOUND),
        failed=sum(asked.status == 0 or asked.status >= _FAULT for asked in requests),
        remark=_remark(outlet),
    )


def _count(requests: Iterable[Asked], status: HTTPStatus) -> int:
    return sum(asked.status == status for asked in requests)


def _is_consent(asked: Asked) -> bool:
    return asked.path.startswith("/consent")


def _remark(outlet: Outlet) -> str:
    said = [
        (outlet.consent, "consent wall: only title and lead are to be had"),
        (bool(outlet.tracking), "tracking parameters in links"),
        (bool(outlet.teasers), "teaser boxes naming Baghuz on every page"),
        (outlet.amp, "one article under two addresses (AMP)"),
        (outlet.soft_hyphens, "soft hyphens inside words"),
    ]
    return "; ".join(text for applies, text in said if applies)
