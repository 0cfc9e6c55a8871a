"""What stands at an address that somebody gives: a list, or the home page of an outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from w3lib.html import get_meta_refresh

from crawler.addresses.links import web_address
from crawler.discovery.feed_choice import FeedRole, is_address, role_of
from crawler.feeds.listing import kind_of
from crawler.feeds.section import FoundFeed, feeds_of_home_page
from crawler.frozen import dataclass
from crawler.model import Source, SourceKind
from crawler.pages.markup import tree_of
from crawler.pages.metadata import metadata_of
from crawler.text.decoding import text_of

# Chosen: a third of the catalogue is polled at this pace, which suits an outlet that is new to us.
EVERY = timedelta(minutes=15)
# Chosen: each is requested to show what it gives, and few pages name more lists.
MOST_CANDIDATES = 8
_AT_ONCE = 10  # seconds; chosen: pages that renew themselves wait for minutes
_MAX_NAME = 60  # characters; chosen: a name stands in lists and in each message
_MOST_SITEMAPS = 3  # chosen: a site with more names archives
_SITEMAP_LINE = re.compile(
    r"^[ \t]*sitemap[ \t]*:[ \t]*([^#\s]\S{0,2000})", re.IGNORECASE | re.MULTILINE
)
_MOST_OTHERS = 3  # chosen: leaves room for the usual places
_OF_NEWS = re.compile(r"news|nieuws|actueel", re.IGNORECASE)
# Common addresses of feeds and news sitemaps, for sites that do not name any.
_USUAL = (
    ("/rss", SourceKind.FEED),
    ("/rss.xml", SourceKind.FEED),
    ("/feed/", SourceKind.FEED),
    ("/feed", SourceKind.FEED),
    ("/sitemap-news.xml", SourceKind.NEWS_SITEMAP),
    ("/sitemap_news.xml", SourceKind.NEWS_SITEMAP),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What an answer says about where news is listed.

    `name` is what the site calls itself, `sitemaps` are those that its robots.txt names. `leads_to`
    is the address to which the page sends its readers at once, "" if it does not.
    """

    url: str
    kind: SourceKind | None
    name: str = ""
    feeds: tuple[FoundFeed, ...] = ()
    sitemaps: tuple[str, ...] = ()
    leads_to: str = ""


def site_of(body: bytes, *, url: str, content_type: str = "", link_header: str = "") -> Site:
    """What this answer is, and the feeds that it names if it is a page."""
    kind = kind_of(body, content_type)
    if kind is not SourceKind.SECTION:
        return Site(url=url, kind=kind)
    feeds = feeds_of_home_page(body, url=url, content_type=content_type, link_header=link_header)
    html = text_of(body, content_type)
    name = metadata_of(tree_of(html, url=url)).site
    after, target = get_meta_refresh(html, url)
    at_once = after is not None and after <= _AT_ONCE
    return Site(
        url=url,
        kind=kind,
        name="" if is_address(name) else name[:_MAX_NAME],
        feeds=feeds,
        leads_to=web_address(target or "", url) if at_once and target != url else "",
    )


def candidates(site: Site, known: Iterable[Source]) -> tuple[Source, ...]:
    """The sources that may be polled there, the most likely first; all belong to one outlet.

    The `note` of each is what the site calls it.
    """
    outlet = outlet_of(site, known)
    if site.kind is not SourceKind.SECTION:
        return (_source(site.url, site.kind or SourceKind.FEED, outlet),)
    roles = {feed.url: role_of(feed.title, feed.url) for feed in site.feeds}
    feeds = sorted(site.feeds, key=lambda feed: (not feed.declared, roles[feed.url]))
    named = any(feed.declared and roles[feed.url] <= FeedRole.SECTION for feed in feeds)
    if not named:  # it may declare its comments and recordings only
        others = [feed for feed in feeds if feed.declared][_MOST_OTHERS:]
        feeds = [feed for feed in feeds if feed not in others]
    found = {feed.url: SourceKind.FEED for feed in feeds}
    found |= dict.fromkeys(site.sitemaps, SourceKind.NEWS_SITEMAP)
    if not named:
        for path, kind in _USUAL:
            found.setdefault(urljoin(site.url, path), kind)
    titles = {feed.url: feed.title for feed in site.feeds}
    return tuple(
        replace(_source(url, kind, outlet), note=titles.get(url, ""))
        for url, kind in list(found.items())[:MOST_CANDIDATES]
    )


def sitemaps_in_robots(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (https://www.sitemaps.org), those of news first."""
    named = (web_address(found, url) for found in _SITEMAP_LINE.findall(text_of(body)))
    addresses = list(dict.fromkeys(filter(None, named)))
    addresses.sort(key=lambda address: _OF_NEWS.search(address) is None)
    return tuple(addresses[:_MOST_SITEMAPS])


def outlet_of(site: Site, known: Iterable[Source]) -> str:
    """The outlet's name: from the catalogue, else from the site itself, else its host."""
    host = _host(site.url)
    name = next((source.outlet for source in known if _host(source.url) == host), "")
    return name or site.name or host


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _source(url: str, kind: SourceKind, outlet: str) -> Source:
    return Source(id="new", outlet=outlet, kind=kind, url=url, every=EVERY)
