"""What bytes are, before anybody reads them as a feed, a sitemap or a page."""

import gzip

import pytest
from hypothesis import given, strategies as st

from crawler.feeds.listing import kind_of
from crawler.model import SourceKind

FEED, SITEMAP, PAGE = SourceKind.FEED, SourceKind.NEWS_SITEMAP, SourceKind.SECTION


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', FEED),
        (b'<rdf:RDF xmlns:rdf="x"></rdf:RDF>', FEED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', FEED),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', SITEMAP),
        (b"<sitemapindex></sitemapindex>", SITEMAP),
        (gzip.compress(b"<urlset></urlset>", mtime=0), SITEMAP),
        (b"<!doctype html><html><body>Krant</body></html>", PAGE),
        (b"<html><body><p>Zo ziet <rss version=2> eruit</p></body></html>", PAGE),
        (b"<html><body><pre>&lt;rss&gt;&lt;/rss&gt;</pre></body></html>", FEED),
        (b"<pre>&lt;?xml version='1.0'?&gt;\n&lt;urlset&gt;&lt;/urlset&gt;</pre>", SITEMAP),
        (b"<html><body><p>Zo ziet &lt;rss&gt; eruit</p></body></html>", PAGE),
        (b"", None),
        (b"Internal error", None),
        (b'{"error": 1}', None),
    ],
)
def test_bytes_are_told_apart(body: bytes, kind: SourceKind | None) -> None:
    assert kind_of(body) == kind


def test_a_page_without_any_tag_is_what_it_is_sent_as() -> None:
    assert kind_of(b"Krant", "text/html; charset=utf-8") == PAGE


@given(st.binary(max_size=300))
def test_noise_is_no_error(body: bytes) -> None:
    kind_of(body)
