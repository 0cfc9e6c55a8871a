"""The listing of a source of any kind, and the kind of source that some bytes are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from crawler.faults.fault import Fault
from crawler.feeds.address_list import is_address_list
from crawler.feeds.jsonfeed import is_json_list
from crawler.feeds.repair import shown_source
from crawler.frozen import dataclass
from crawler.model import FeedEntry, KnownSitemap, SourceKind
from crawler.text.decoding import TooLargeError, text_of, unpacked

HEAD = 20_000  # chosen: characters in which a document shows what it is
SITEMAP = re.compile(r"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]")
_FEED = re.compile(
    r"<(?:[\w-]+:)?(?:rss|feed|rdf)[\s>]|<(?:[\w-]+:)?entry\s[^>]{0,500}w3\.org/2005/atom",
    re.IGNORECASE,
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """A sitemap that an index names."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed, sitemap or section page listed, in its own order.

    `title` is what the list calls itself. `fault` says why entries may be missing: the document
    broke off, or was cut at a limit.
    `dropped` counts items that are not among the entries, mostly because they have no web address.
    `unread_dates` are dates that cannot be read, as they are written: the zone is not known, say.
    `ttl` and `skip_hours` (UTC) are the outlet's wishes for polling. For a sitemap index,
    `children` are the sitemaps that it names, `sitemaps` what is known of those that were asked
    for, and `unchanged` says that none of them had changed.
    """

    entries: tuple[FeedEntry, ...] = ()
    title: str = ""
    fault: Fault | None = None
    dropped: int = 0
    unread_dates: tuple[str, ...] = ()
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    children: tuple[ChildSitemap, ...] = ()
    sitemaps: Mapping[str, KnownSitemap] | None = None
    unchanged: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that was listed is here."""
        return self.fault is None

    @property
    def index(self) -> bool:
        """Whether it names sitemaps instead of articles."""
        return bool(self.children)


def kind_of(body: bytes, content_type: str = "") -> SourceKind | None:
    """The kind of source in these bytes: feed, sitemap or page (`section`), else None."""
    try:
        head = text_of(unpacked(body)[: 4 * HEAD], content_type)[:HEAD]
    except TooLargeError:
        return None
    head = shown_source(head) or head
    if SITEMAP.search(head) or is_address_list(head, whole=len(head) < HEAD):
        return SourceKind.NEWS_SITEMAP
    page, feed = _PAGE.search(head), _FEED.search(head)
    if is_json_list(head) or (feed and not (page and page.start() < feed.start())):
        return SourceKind.FEED
    return SourceKind.SECTION if page or "text/html" in content_type else None
