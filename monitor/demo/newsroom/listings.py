"""An outlet's feeds, sitemaps and section pages, as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import entities

from crawler.frozen import dataclass
from monitor.demo.newsroom.content import ListingKind, Outlet, OutletListing
from monitor.demo.newsroom.press import Printed, escaped, link_of, listed


@dataclass(frozen=True, slots=True)
class ServedDocument:
    """A body with its media type; `modified` is when its newest part was written."""

    media_type: str
    text: str
    modified: datetime


def listing_of(
    outlet: Outlet, listing: OutletListing, items: Sequence[Printed], *, base: str, now: datetime
) -> ServedDocument:
    """The listing as the outlet serves it; `items` are what the outlet has online."""
    chosen = listed(items, listing)
    modified = max((item.modified for item in chosen), default=now)
    media_type, render = _FORMS[listing.kind]
    body = render(_Desk(outlet, listing, base, modified), chosen)
    return ServedDocument(media_type, body, modified)


@dataclass(frozen=True, slots=True)
class _Desk:
    outlet: Outlet
    listing: OutletListing
    base: str
    modified: datetime

    def link(self, item: Printed) -> str:
        return escaped(link_of(item, self.outlet, self.listing))


def _rss(desk: _Desk, items: Sequence[Printed]) -> str:
    return _rss_of(desk, items, lambda item: escaped(item.summary))


def _rss_full(desk: _Desk, items: Sequence[Printed]) -> str:
    return _rss_of(desk, items, _full_text)


def _rss_of(desk: _Desk, items: Sequence[Printed], describe: Callable[[Printed], str]) -> str:
    rows = "".join(_rss_item(desk, item, describe(item)) for item in items)
    name = escaped(desk.outlet.name)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<channel>
<title>{name}</title>
<link>{desk.base}/</link>
<description>Het laatste nieuws van {name}</description>
<language>nl-nl</language>
<lastBuildDate>{_mail_date(desk.modified)}</lastBuildDate>
<ttl>5</ttl>
{rows}</channel>
</rss>
"""


def _rss_item(desk: _Desk, item: Printed, description: str) -> str:
    author = f"<dc:creator>{escaped(item.piece.author)}</dc:creator>\n" if item.piece.author else ""
    changed = f"<dcterms:modified>{item.modified.isoformat()}</dcterms:modified>\n"
    return f"""<item>
<title>{escaped(item.title)}</title>
<link>{desk.link(item)}</link>
<guid isPermaLink="false">{desk.outlet.id}-{item.piece.number}</guid>
<pubDate>{_mail_date(item.published)}</pubDate>
{changed if item.modified != item.published else ""}{author}\
<category>{escaped(item.piece.section)}</category>
<description>{description}</description>
</item>
"""


def _full_text(item: Printed) -> str:
    """The whole article as HTML in CDATA, its letters as the named entities of older systems."""
    paragraphs = (item.lead, *item.paragraphs)
    html = "".join(f"<p>{escaped(text)}</p>\n" for text in paragraphs)
    return f"<![CDATA[{_with_entities(html)}]]>"


def _with_entities(html: str) -> str:
    names = entities.codepoint2name
    return "".join(
        f"&{names[ord(char)]};" if ord(char) > 127 and ord(char) in names else char  # noqa: PLR2004 - the end of ASCII
        for char in html
    )


def _atom(desk: _Desk, items: Sequence[Printed]) -> str:
    rows = "".join(_atom_entry(desk, item) for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl">
<title>{escaped(desk.outlet.name)}</title>
<id>{desk.base}/</id>
<link rel="self" href="{desk.base}{desk.listing.path}"/>
<link rel="alternate" href="{desk.base}/"/>
<updated>{desk.modified.isoformat()}</updated>
{rows}</feed>
"""


def _atom_entry(desk: _Desk, item: Printed) -> str:
    author = item.piece.author or desk.outlet.name
    return f"""<entry>
<id>{desk.base}/id/{item.piece.number}</id>
<title>{escaped(item.title)}</title>
<link rel="enclosure" type="image/jpeg" href="{desk.base}/beeld/{item.piece.number}.jpg"/>
<link rel="alternate" type="text/html" href="{desk.link(item)}"/>
<published>{item.published.isoformat()}</published>
<updated>{item.modified.isoformat()}</updated>
<author><name>{escaped(author)}</name></author>
<category term="{escaped(item.piece.section)}"/>
<summary>{escaped(item.summary)}</summary>
</entry>
"""


def _news_sitemap(desk: _Desk, items: Sequence[Printed]) -> str:
    rows = "".join(_sitemap_row(desk, item) for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" \
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{rows}</urlset>
"""


def _sitemap_row(desk: _Desk, item: Printed) -> str:
    return f"""<url>
<loc>{desk.link(item)}</loc>
<lastmod>{item.modified.isoformat()}</lastmod>
<news:news>
<news:publication><news:name>{escaped(desk.outlet.name)}</news:name>\
<news:language>nl</news:language></news:publication>
<news:publication_date>{item.published.isoformat()}</news:publication_date>
<news:title>{escaped(item.title)}</news:title>
</news:news>
</url>
"""


def _section(desk: _Desk, items: Sequence[Printed]) -> str:
    rows = "".join(_section_row(desk, item) for item in items)
    name = escaped(desk.outlet.name)
    return f"""<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>Nieuws | {name}</title></head>
<body>
<nav><a href="/">{name}</a> <a href="/contact">Contact</a></nav>
<main><h1>Nieuws</h1>
<ul class="berichten">
{rows}</ul></main>
</body></html>
"""


def _section_row(desk: _Desk, item: Printed) -> str:
    return f"""<li class="bericht">
<a href="{desk.link(item)}"><h2>{escaped(item.title)}</h2></a>
<time datetime="{item.published.isoformat()}">{item.published:%d/%m, %H.%M} uur</time>
</li>
"""


def _mail_date(moment: datetime) -> str:
    return format_datetime(moment)


_FORMS: dict[ListingKind, tuple[str, Callable[[_Desk, Sequence[Printed]], str]]] = {
    ListingKind.RSS: ("application/rss+xml; charset=utf-8", _rss),
    ListingKind.RSS_FULL: ("application/rss+xml; charset=utf-8", _rss_full),
    ListingKind.ATOM: ("application/atom+xml; charset=utf-8", _atom),
    ListingKind.NEWS_SITEMAP: ("application/xml; charset=utf-8", _news_sitemap),
    ListingKind.SECTION: ("text/html; charset=utf-8", _section),
}
