"""What kind of list some bytes are, before anybody reads them as one."""

from __future__ import annotations

import re

from crawler.model import SourceKind
from crawler.text.decoding import TooLargeError, text_of, unpacked

_HEAD = 20_000
_SITEMAP = re.compile(r"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]")
_FEED = re.compile(r"<(?:rss|feed|(?:\w+:)?rdf)[\s>]", re.IGNORECASE)
_JSON_FEED = re.compile(r"\s*\{[^<]{0,2000}?\"(?:version|items)\"\s*:", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def kind_of(body: bytes, content_type: str = "") -> SourceKind | None:
    """A feed, a sitemap, a page (whose links a `section` may list), or None."""
    try:
        head = text_of(unpacked(body)[: 4 * _HEAD], content_type)[:_HEAD]
    except TooLargeError:
        return None
    if _SITEMAP.search(head):
        return SourceKind.NEWS_SITEMAP
    page, feed = _PAGE.search(head), _FEED.search(head)
    if _JSON_FEED.match(head) or (feed and not (page and page.start() < feed.start())):
        return SourceKind.FEED
    return SourceKind.SECTION if page or "text/html" in content_type else None
