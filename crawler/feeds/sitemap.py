"""The entries and further sitemaps of a sitemap (https://www.sitemaps.org/protocol.html).

It may be a news sitemap, a plain one, an index or a text of an address a line, packed or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from crawler.addresses.bare_reference import bare_reference
from crawler.addresses.links import MAX_CHARS, web_address
from crawler.addresses.mended_reference import mended_reference
from crawler.errors import SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.address_list import (
    addresses_in,
    is_address_list,
    listed_lines,
    name_sitemaps,
)
from crawler.feeds.items import MAX_TITLE
from crawler.feeds.listing import HEAD, SITEMAP, ChildSitemap, Listing
from crawler.feeds.newest import ends_of, newest
from crawler.feeds.repair import repaired, shown_source, what_it_is
from crawler.feeds.xml import Element, XmlFault, root_of
from crawler.model import FeedEntry
from crawler.text.dates import parse_date
from crawler.text.decoding import TooLargeError, text_of, unpacked_part
from crawler.text.plain import plain_line, short_line

MAX_BYTES = 16 * 1024 * 1024  # unpacked; chosen: room for a month of a large site's archive
MAX_TAGS = 1_200_000  # chosen, as are the next limits without a source
MAX_ENTRIES = 50_000  # the protocol's own limit
MAX_CHILDREN = 1_000
_MAX_PARTS = 50
_FIRST = 20  # items; their outlet is that of all
_OUTLET = "{*}news/{*}publication/{*}name"
_ROOTS = frozenset({"urlset", "sitemapindex"})
_FEED = re.compile(r"<(?:rss|feed|(?:\w+:)?RDF)[\s>]")
_NEWS = "sitemap-news"
_IMAGE = "sitemap-image"
_MODULES = frozenset({"news", "image"})
_PARTS = frozenset({"url", "sitemap"})
_PAID = {"subscription": True, "registration": True}


def parse_sitemap(  # noqa: PLR0913  (what is known of an answer, by name)
    body: bytes,
    *,
    url: str,
    content_type: str,
    source: str,
    now: datetime,
    limit: int = MAX_BYTES,
    cut: bool = False,
) -> Listing:
    """What the sitemap or index in this answer lists, with plain text in all fields.

    `limit` is the most bytes, unpacked; a sitemap may always have `MAX_BYTES`. `cut` says that the
    answer broke off.

    Raises:
        SourceError: there is no sitemap in it, or it exceeds a limit.
    """
    try:
        unpacked, whole = unpacked_part(body, limit=max(limit, MAX_BYTES))
        text = text_of(unpacked, content_type)
        if is_address_list(text):
            return _Reader(url, now).listing_of(text, whole=whole and not cut)
        root, fault = _root(text, url)
        return _Reader(url, now).listing(root, fault)
    except (TooLargeError, XmlFault) as error:
        raise SourceError(source, error.what, url=url) from error


def _root(text: str, url: str) -> tuple[Element, Fault | None]:
    if text.count("<") > MAX_TAGS:
        raise XmlFault(CrawlFault.MORE_TAGS(most=MAX_TAGS), limit=True)
    try:
        root = root_of(text.encode("utf-8", "replace"), url=url)
        if _name(root) in _ROOTS:
            return root, None
    except XmlFault as refused:
        if refused.limit:
            raise
    if _FEED.search(text, 0, HEAD):
        raise XmlFault(CrawlFault.IS_A_FEED(), limit=False)
    if not SITEMAP.search(text, 0, HEAD):
        if SITEMAP.search(shown := shown_source(text), 0, HEAD):
            return _root(shown, url)
        raise XmlFault(what_it_is(text, wanted="sitemap"), limit=False)
    mended = repaired(text)
    root = root_of(mended.text.encode("utf-8", "replace"), url=url)
    return root, None if mended.whole else CrawlFault.TORN_ADDRESSES()


class _Reader:
    """Reads one document."""

    def __init__(self, url: str, now: datetime) -> None:
        self._url, self._now = url, now
        self._unread: list[str] = []

    def listing(self, root: Element, fault: Fault | None) -> Listing:
        """What it lists: addresses in most, sitemaps in an index, some of both in a few."""
        found: dict[str, list[Element]] = {"url": [], "sitemap": []}
        for element in _parts(root):
            found[_name(element)].append(element)
        entries = self._entries(found["url"], fault)
        if not found["sitemap"]:
            return entries
        index = self._children(found["sitemap"], entries.fault)
        return replace(
            index,
            entries=entries.entries,
            dropped=entries.dropped + index.dropped,
            unread_dates=tuple(self._unread),
        )

    def listing_of(self, text: str, *, whole: bool) -> Listing:
        """What a text lists of which each line is an address."""
        fault = None if whole else CrawlFault.TORN_ADDRESSES()
        lines = listed_lines(text, whole=whole)
        if len(lines) > MAX_ENTRIES:
            fault = CrawlFault.CUT_ADDRESSES(most=MAX_ENTRIES)
        found = addresses_in(ends_of(lines, MAX_ENTRIES))
        if name_sitemaps(found):
            named = [ChildSitemap(url=address) if address else None for address in found]
            return self._index(named, fault)
        return self._list([FeedEntry(url=address) if address else None for address in found], fault)

    def _entries(self, elements: list[Element], fault: Fault | None) -> Listing:
        if len(elements) > MAX_ENTRIES:
            fault = CrawlFault.CUT_ADDRESSES(most=MAX_ENTRIES)
        found = [self._entry(element) for element in ends_of(elements, MAX_ENTRIES)]
        return replace(self._list(found, fault), title=_publication(elements))

    def _list(self, found: list[FeedEntry | None], fault: Fault | None) -> Listing:
        entries: dict[str, FeedEntry] = {}
        for entry in found:
            if entry is not None:
                entries.setdefault(entry.url, entry)
        return Listing(
            entries=tuple(entries.values()),
            fault=fault,
            dropped=found.count(None),
            unread_dates=tuple(self._unread),
        )

    def _children(self, elements: list[Element], fault: Fault | None) -> Listing:
        found = [self._child(element) for element in ends_of(elements, MAX_ENTRIES)]
        return self._index(found, fault)

    def _index(self, found: list[ChildSitemap | None], fault: Fault | None) -> Listing:
        children = {child.url: child for child in found if child and child.url != self._url}
        if len(children) > MAX_CHILDREN:
            fault = CrawlFault.CUT_SITEMAPS(most=MAX_CHILDREN)
        kept = newest([*children.values()], lambda child: child.modified, MAX_CHILDREN)
        oldest = datetime.min.replace(tzinfo=UTC)
        kept.sort(key=lambda child: child.modified or oldest, reverse=True)
        return Listing(children=tuple(kept), fault=fault, dropped=found.count(None))

    def _child(self, element: Element) -> ChildSitemap | None:
        texts = dict(_texts(element))
        address = _address(texts.get("loc", ""), self._url)
        return ChildSitemap(url=address, modified=self._date(texts, "lastmod")) if address else None

    def _entry(self, element: Element) -> FeedEntry | None:
        texts = dict(reversed(list(_texts(element))))  # the first, if there are several
        address = _address(texts.get("loc", ""), self._url)
        if not address:
            return None
        return FeedEntry(
            url=address,
            title=plain_line(texts.get("news:title", "")[: 10 * MAX_TITLE])[:MAX_TITLE],
            image=web_address(texts.get("image:loc", ""), self._url) or None,
            published=self._date(texts, "news:publication_date"),
            modified=self._date(texts, "lastmod"),
            paid=_PAID.get(texts.get("news:access", "").strip().lower()),
        )

    def _date(self, texts: dict[str, str], name: str) -> datetime | None:
        written = texts.get(name, "")
        date = parse_date(written, now=self._now)
        if date is None and written.strip():
            self._unread.append(short_line(written))
        return date


def _address(written: str, base: str) -> str:
    """The address that is meant; most are whole as they are written, and there may be thousands."""
    written = written.strip()
    if not written.startswith(("https://", "http://")) or "//" in written[len("https://") :]:
        written = mended_reference(bare_reference(written[:MAX_CHARS]), base)
    return web_address(written, base)


def _publication(elements: list[Element]) -> str:
    """The name of the outlet, as one of the first news items gives it; "" if none does."""
    names = (url.findtext(_OUTLET, "") for url in elements[:_FIRST])
    return next(filter(None, (plain_line(name[:MAX_TITLE]) for name in names)), "")


def _parts(root: Element) -> Iterator[Element]:
    """Yield the addresses and sitemaps, also those that stand in another one."""
    for element in root:
        name = _name(element)
        if name in _PARTS:
            yield element
        if name in _PARTS or name in _ROOTS:
            yield from _parts(element)


def _texts(element: Element) -> Iterator[tuple[str, str]]:
    """Yield name and text of its parts on two levels: `loc`, `news:title`, `image:loc`."""
    for part in islice(element, _MAX_PARTS):
        name = _name(part)
        if name in _PARTS or name in _ROOTS:
            continue
        yield name, _text(part) if name == "loc" else part.text or ""
        for inner in islice(part, _MAX_PARTS) if name != "loc" else ():
            local = _name(inner)
            known = ":" in local or name not in _MODULES
            yield local if known else f"{name}:{local}", _text(inner)


def _text(part: Element) -> str:
    """Its text with that of the mark-up in it; of a link its address."""
    if not len(part):
        return part.text or ""
    inner = (_shown(child) + (child.tail or "") for child in part)
    return part[0].get("href") or "".join((part.text or "", *inner))


def _shown(child: Element) -> str:
    return "" if child.tag is etree.Entity else "".join(map(str, child.itertext()))


def _name(element: Element) -> str:
    """The local name in small letters; in two namespaces with `news:` or `image:` in front."""
    space, _, local = str(element.tag).rpartition("}")
    local = local.lower()
    if _NEWS in space:
        return f"news:{local}"
    return f"image:{local}" if _IMAGE in space else local
