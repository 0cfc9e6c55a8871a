"""What one outlet has online in one round: each article with text, dates and address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from crawler.frozen import dataclass
from monitor.demo.newsroom.content import (
    Content,
    NewsPiece,
    Outlet,
    OutletListing,
    Version,
    dated,
    path_of,
)

_PARAGRAPHS_FOR_ALL = 2  # what a visitor without a subscription sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An article as its outlet has it online in one round."""

    piece: NewsPiece
    url: str
    amp_url: str | None
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime

    @property
    def summary(self) -> str:
        """What a listing says below the title."""
        return self.piece.summary or self.lead

    @property
    def visible(self) -> tuple[str, ...]:
        """The paragraphs that a page gives to everybody."""
        return self.paragraphs[:_PARAGRAPHS_FOR_ALL] if self.piece.paid else self.paragraphs


def printed(
    content: Content, outlet: Outlet, *, base: str, number: int, now: datetime
) -> tuple[Printed, ...]:
    """What the outlet has online in this round, newest first; `base` is its root without slash."""
    online = [
        _printed(piece, version, outlet, base=base, now=now)
        for piece in content.articles
        if piece.outlet == outlet.id and (version := piece.in_round(number))
    ]
    return tuple(sorted(online, key=lambda item: (item.published, item.url), reverse=True))


def _printed(
    piece: NewsPiece, version: Version, outlet: Outlet, *, base: str, now: datetime
) -> Printed:
    path = path_of(piece, outlet, now)
    return Printed(
        piece=piece,
        url=base + path,
        amp_url=f"{base}/amp{path}" if outlet.amp else None,
        title=dated(version.title, now),
        lead=dated(version.lead, now),
        paragraphs=tuple(dated(text, now) for text in version.paragraphs),
        published=now - piece.versions[0].age,
        modified=now - version.age,
    )


def listed(items: Sequence[Printed], listing: OutletListing) -> list[Printed]:
    """The articles that this listing names."""
    return [item for item in items if listing.section in {None, item.piece.section}]


def link_of(item: Printed, outlet: Outlet, listing: OutletListing) -> str:
    """The address under which a listing gives the article: AMP, or with tracking, or plain."""
    url = item.amp_url if listing.amp and item.amp_url else item.url
    return f"{url}?{outlet.tracking}" if outlet.tracking else url


def escaped(text: str) -> str:
    """The text for an element or a quoted attribute."""
    return escape(text, quote=True)
