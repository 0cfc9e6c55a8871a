"""The entries of a list page, found by CSS selectors, and the feeds that a home page names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from cssselect import SelectorError
from lxml import etree
from parsel import Selector

from crawler.addresses.links import web_address
from crawler.errors import SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.items import MAX_TITLE
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import FeedEntry, Selectors
from crawler.text.dates import parse_date
from crawler.text.decoding import MAX_BYTES, TooLargeError, text_of, unpacked
from crawler.text.plain import one_line, plain_line, short_line

MAX_ITEMS = 500  # chosen, like the next one: more than pages have
MAX_FEEDS = 30
_LONGEST_HEADER = 10_000  # characters
_FEED_TYPES = frozenset({
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
})  # fmt: skip
_FEED_PATH = re.compile(
    r"/(?:rss|feeds?|atom)(?:/|$|[./?-])|\.(?:rss|atom)(?:$|\?)|[/.](?:rss|feed|atom)\.xml|\?rss\b",
    re.IGNORECASE,
)
_FEED_WORD = re.compile(r"\b(?:rss|atom|nieuwsfeeds?|rss-?feeds?)\b", re.IGNORECASE)
_RSS = re.compile(r"rss(?:[ -]?feeds?)?", re.IGNORECASE)
_XML_PATH = re.compile(r"\.(?:xml|rdf)(?:$|\?)|/(?:[\w-]+-)?feeds?/", re.IGNORECASE)
# <address>; rel="alternate"; type="application/rss+xml" (RFC 8288)
_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
_HEADER_PART = re.compile(r";\s*([\w-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")
_JSON_FEED_PATH = re.compile(r"feed[^/]*\.json|/feed/json", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"^feed:(?:https?:)?/*", re.IGNORECASE)
_NO_FEED_PATH = re.compile(r"\.(?:html?|css|js|png|jpe?g|svg|gif)(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page declares, or (`declared` False) a link on it that looks like a feed.

    `title` is what the page calls it.
    """

    url: str
    declared: bool = True
    title: str = ""


def parse_section(  # noqa: PLR0913  (what is known of an answer, by name)
    body: bytes,
    selectors: Selectors,
    *,
    url: str,
    content_type: str,
    source: str,
    now: datetime,
    limit: int = MAX_BYTES,
) -> Listing:
    """The articles that this page lists; a selector may end in `::attr(name)` or `::text`.

    The title is what `selectors.title` finds, else a heading in the link, else the link's text,
    else a heading in the item. `limit` is the most bytes, unpacked.

    Raises:
        SourceError: a selector is wrong, or nothing on the page fits `item` (the page was
            redesigned, or is another one).
    """
    try:
        page = _page(body, content_type, limit)
        items = page.css(selectors.item)
        found = [_entry(item, selectors, _base(page, url), now) for item in items[:MAX_ITEMS]]
    except TooLargeError as error:
        raise SourceError(source, error.what, url=url) from error
    except (SelectorError, etree.XPathError, ValueError) as error:
        what = CrawlFault.WRONG_SELECTOR(said=short_line(str(error)))
        raise SourceError(source, what, url=url) from error
    if not found:
        raise SourceError(source, _nothing_fits(page, selectors.item), url=url)
    fault = CrawlFault.CUT_ITEMS(most=MAX_ITEMS) if len(items) > MAX_ITEMS else None
    return Listing(
        entries=_once(entry for entry in found if entry and entry.url != url),
        fault=fault,
        dropped=found.count(None),
    )


def feeds_of_home_page(
    body: bytes, *, url: str, content_type: str = "", link_header: str = ""
) -> tuple[FoundFeed, ...]:
    """The feeds that a page or its `Link` header names, each once; declared ones come first."""
    try:
        page = _page(body, content_type)
    except TooLargeError:
        return ()
    base = _base(page, url)
    found: dict[str, FoundFeed] = {}
    for feed in (*_in_header(link_header, url), *_declared(page, base), *_linked(page, base)):
        found.setdefault(feed.url, feed)
    return tuple(found.values())[:MAX_FEEDS]


def _once(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    first: dict[str, FeedEntry] = {}
    for entry in entries:
        first.setdefault(entry.url, entry)
    return tuple(first.values())


def _page(body: bytes, content_type: str, limit: int = MAX_BYTES) -> Selector:
    text = text_of(unpacked(body, limit=limit), content_type)
    if len(text) > limit:
        raise TooLargeError(limit)
    return Selector(text=text or " ", type="html")


def _base(page: Selector, url: str) -> str:
    return web_address(page.css("base::attr(href)").get() or "", url) or url


def _nothing_fits(page: Selector, selector: str) -> Fault:
    title = plain_line(page.css("title::text").get() or "")[:80]
    if title:
        return CrawlFault.NOTHING_FITS_ON(selector=selector, title=title)
    return CrawlFault.NOTHING_FITS(selector=selector)


def _entry(item: Selector, selectors: Selectors, base: str, now: datetime) -> FeedEntry | None:
    link = next(iter(item.css(selectors.link)), item)
    address = web_address(_address(link), base)
    if not address:
        return None
    title = _text(item, selectors.title) if selectors.title else _title(item, link)
    return FeedEntry(
        url=address,
        title=title[:MAX_TITLE],
        published=_date(item, selectors.date, now),
    )


def _address(link: Selector) -> str:
    """What the selector took with `::attr`, or else the link's address."""
    if isinstance(link.root, str):
        return link.root
    return link.attrib.get("href", "")


def _shown(found: Selector) -> str:
    """What a reader sees of the element or text that a selector took."""
    if isinstance(found.root, str):
        return "" if found.root.startswith(("/", "http")) else one_line(found.root)
    return plain_line(found.get())


def _title(item: Selector, link: Selector) -> str:
    headings = "h1, h2, h3, h4, h5"
    inside = "" if isinstance(link.root, str) else _text(link, headings)
    return inside or _shown(link) or _text(item, headings) or _label(link)


def _label(link: Selector) -> str:
    if isinstance(link.root, str):
        return ""
    return one_line(link.attrib.get("title") or link.attrib.get("aria-label") or "")


def _text(item: Selector, selector: str) -> str:
    return next(filter(None, map(_shown, item.css(selector)[:5])), "")


def _date(item: Selector, selector: str | None, now: datetime) -> datetime | None:
    for found in item.css(selector or "time")[:5]:
        machine = "" if isinstance(found.root, str) else found.attrib.get("datetime", "")
        shown = found.root if isinstance(found.root, str) else _shown(found)
        for text in (machine, shown):
            if date := parse_date(one_line(text), now=now):
                return date
    return None


def _in_header(header: str, base: str) -> list[FoundFeed]:
    found = []
    for link in _HEADER_LINK.finditer(header[:_LONGEST_HEADER]):
        parts = {name.lower(): one or other for name, one, other in _HEADER_PART.findall(link[2])}
        named = _is_feed(parts.get("rel", ""), parts.get("type", ""))
        if named and (address := web_address(link[1], base)):
            found.append(FoundFeed(address, title=one_line(parts.get("title", ""))))
    return found


def _is_feed(rel: str, kind: str) -> bool:
    """Whether a link with this relation and type leads to a feed."""
    relations = rel.lower().split()
    if "alternate" in relations:
        return kind.partition(";")[0].strip().lower() in _FEED_TYPES
    return "feed" in relations


def _declared(page: Selector, base: str) -> list[FoundFeed]:
    found = []
    for link in page.css("link[rel][href]")[: 100 * MAX_FEEDS]:
        kind, href = link.attrib.get("type", ""), link.attrib["href"]
        named = _is_feed(link.attrib["rel"], kind) or (
            kind == "application/json" and _JSON_FEED_PATH.search(href)
        )
        if named and (address := web_address(href, base)):
            found.append(FoundFeed(address, title=one_line(link.attrib.get("title", ""))))
    return found


def _linked(page: Selector, base: str) -> list[FoundFeed]:
    found = []
    for link in page.css("a[href]")[:5000]:
        href = _FEED_SCHEME.sub("//", link.attrib["href"])
        shown = _shown(link) or one_line(link.css("img::attr(alt)").get() or "")
        label = one_line(f"{shown} {link.attrib.get('title', '')}")
        named = _FEED_WORD.search(label) and _XML_PATH.search(href)
        related = _is_feed(link.attrib.get("rel", ""), link.attrib.get("type", ""))
        likely = _FEED_PATH.search(href) or named or related or _RSS.fullmatch(shown)
        if likely and not _NO_FEED_PATH.search(href) and (address := web_address(href, base)):
            found.append(FoundFeed(address, declared=False, title=label[:MAX_TITLE]))
    return found
