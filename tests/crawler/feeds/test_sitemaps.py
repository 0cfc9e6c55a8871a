"""News sitemaps, indexes, packed and broken ones."""

import gzip
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from feed_samples import MISWRITTEN, NOW, rss
from hypothesis import given, strategies as st

from crawler.errors import SourceError
from crawler.feeds.listing import Listing, kind_of
from crawler.feeds.sitemap import (
    MAX_CHILDREN,
    MAX_ENTRIES,
    parse_sitemap,
)
from crawler.model import FeedEntry, SourceKind

URL = "https://nieuws.example/sitemap_news.xml"

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://nieuws.example/artikel/1</loc>
<news:news><news:publication><news:name>De Waarnemer</news:name><news:language>nl</news:language>
</news:publication><news:publication_date>2026-03-12T14:05:00+01:00</news:publication_date>
<news:title>Kop &amp;amp; schouders</news:title><news:access>Subscription</news:access></news:news>
<image:image><image:loc>https://nieuws.example/1.jpg</image:loc></image:image>
<image:image><image:loc>https://nieuws.example/2.jpg</image:loc></image:image>
<lastmod>2026-03-12T16:00:00+01:00</lastmod></url>
<url><loc>/artikel/2</loc><news:news><news:title>Tweede</news:title>
<news:publication_date>12 mrt 2026 14:05</news:publication_date></news:news></url>
<url><loc>/artikel/2</loc></url>
<url><loc>javascript:alert(1)</loc></url>
<url/>
</urlset>"""

SHOWN = f"<html><body><pre>{escape(NEWS)}</pre></body></html>"

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://nieuws.example/sitemap_news.xml</loc></sitemap>
<sitemap><loc>https://nieuws.example/2026-02.xml.gz</loc><lastmod>2026-02-28</lastmod></sitemap>
<sitemap><loc>https://nieuws.example/2026-03.xml.gz</loc><lastmod>2026-03-15</lastmod></sitemap>
<sitemap><loc>https://elders.example/sitemap.xml</loc></sitemap>
</sitemapindex>"""


def read(body: str | bytes, url: str = URL) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    return parse_sitemap(data, url=url, content_type="application/xml", source="s", now=NOW)


def test_a_news_sitemap_gives_entries() -> None:
    sitemap = read(NEWS)

    assert sitemap.entries == (
        FeedEntry(
            url="https://nieuws.example/artikel/1",
            title="Kop & schouders",
            image="https://nieuws.example/1.jpg",
            published=datetime(2026, 3, 12, 13, 5, tzinfo=UTC),
            modified=datetime(2026, 3, 12, 15, tzinfo=UTC),
            paid=True,
        ),
        FeedEntry(
            url="https://nieuws.example/artikel/2",
            title="Tweede",
            published=datetime(2026, 3, 12, 13, 5, tzinfo=UTC),
        ),
    )
    assert (sitemap.children, sitemap.complete, sitemap.dropped) == ((), True, 2)


@pytest.mark.parametrize("lower", ["urlset", "url", "loc", "lastmod"])
def test_names_in_capitals_are_names_too(lower: str) -> None:
    sitemap = (
        "<URLSET><URL><LOC>https://nieuws.example/1</LOC>"
        "<LASTMOD>2026-03-12T16:00:00+01:00</LASTMOD></URL></URLSET>"
    )
    (entry,) = read(sitemap.replace(lower.upper() + ">", lower + ">")).entries

    assert entry.url == "https://nieuws.example/1"
    assert entry.modified == datetime(2026, 3, 12, 15, tzinfo=UTC)


def test_a_date_of_a_sitemap_that_nobody_can_read_is_said() -> None:
    one = "<url><loc>https://krant.example/a</loc><lastmod>12 maart 2026 14:05 XYZT</lastmod></url>"
    listing = parse_sitemap(
        f"<urlset>{one}</urlset>".encode(), url=URL, content_type="", source="s", now=NOW
    )

    assert listing.unread_dates == ("12 maart 2026 14:05 XYZT",)


def test_a_news_sitemap_is_called_as_its_outlet() -> None:
    assert read(NEWS).title == "De Waarnemer"


def test_a_packed_sitemap_is_unpacked() -> None:
    assert read(gzip.compress(NEWS.encode())) == read(NEWS)


def test_an_index_gives_its_sitemaps_newest_first_and_never_itself() -> None:  # case 42
    assert [child.url for child in read(INDEX).children] == [
        "https://nieuws.example/2026-03.xml.gz",
        "https://nieuws.example/2026-02.xml.gz",
        "https://elders.example/sitemap.xml",
    ]


def test_a_fan_of_sitemaps_is_capped() -> None:  # case 42
    body = "<sitemapindex>" + "".join(
        f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(MAX_CHILDREN + 5)
    )
    sitemap = read(body + "</sitemapindex>")

    assert len(sitemap.children) == MAX_CHILDREN
    assert not sitemap.complete


def test_a_sitemap_over_the_cap_is_cut_and_said_to_be() -> None:  # case 24
    body = "<urlset>" + "<url><loc>/a</loc></url>" * (MAX_ENTRIES + 5) + "</urlset>"
    sitemap = read(body)

    assert len(sitemap.entries) == 1
    assert "read in part" in str(sitemap.fault)


def test_a_sitemap_that_breaks_off_keeps_its_complete_addresses() -> None:  # case 26
    sitemap = read(NEWS[: NEWS.index("Tweede")])

    assert [entry.url for entry in sitemap.entries] == ["https://nieuws.example/artikel/1"]
    assert not sitemap.complete


def test_common_faults_are_mended() -> None:
    sitemap = read(
        "<urlset><url><loc>https://nieuws.example/?a=1&b=2</loc>"
        "<news:news><news:title>Caf&eacute;</news:title></news:news></url></urlset>"
    )

    assert sitemap.entries == (FeedEntry(url="https://nieuws.example/?a=1&b=2", title="Café"),)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><title>Onderhoud</title>", "Onderhoud"),
        (rss().encode(), 'kind = "feed"'),
        (b"<opml/>", "no sitemap"),
        (b"{}", "no sitemap"),
        (b"<urlset>" + b"<a>" * 1000, "depth"),
        (b"<urlset>" + b"<a/>" * 1_300_000, "tags"),
        (gzip.compress(bytes(17_000_000)), "larger than"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_clear_word(body: bytes, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        read(body)


@pytest.mark.parametrize(
    ("body", "urls", "sitemaps"),
    [
        ("<urlset>{1}<urlset>{2}</urlset>{3}</urlset>", "123", ""),
        ("<urlset><url><loc>/1</loc>{2}</url>{3}</urlset>", "123", ""),
        ("<sitemapindex>{s1}{2}{s3}</sitemapindex>", "2", "13"),
        ("<urlset>{1}{s2}</urlset>", "1", "2"),
        ("<urlset>{s1}</urlset>", "", "1"),
        ("<sitemapindex><sitemap><loc>/s1.xml</loc>{s2}</sitemap></sitemapindex>", "", "12"),
    ],
)
def test_an_address_or_a_sitemap_counts_wherever_it_stands(
    body: str, urls: str, sitemaps: str
) -> None:
    for number in "123":
        body = body.replace(f"{{{number}}}", f"<url><loc>/{number}</loc></url>")
        body = body.replace(f"{{s{number}}}", f"<sitemap><loc>/s{number}.xml</loc></sitemap>")

    sitemap = read(body)

    host = "https://nieuws.example"
    assert [entry.url for entry in sitemap.entries] == [f"{host}/{n}" for n in urls]
    assert [child.url for child in sitemap.children] == [f"{host}/s{n}.xml" for n in sitemaps]
    assert (sitemap.complete, sitemap.dropped) == (True, 0)


@pytest.mark.parametrize(
    "declared",
    [
        'xmlns:news="http://www.google.com/schemas/news/0.9"',
        'xmlns:news="urn:x" xmlns:image="http://www.google.com/schemas/image/1.1"',
        "",
    ],
)
@pytest.mark.parametrize("prefix", ["news:", "n:", ""])
def test_what_a_sitemap_tells_of_news_is_read_whatever_its_namespace(
    declared: str, prefix: str
) -> None:
    news = (
        "<news:news><news:publication_date>2026-03-12T14:05:00Z</news:publication_date>"
        "<news:title>Val van <i>Baghuz</i>, meldt IS</news:title></news:news>"
        "<image:image><image:loc>/f.jpg</image:loc></image:image>"
    ).replace("news:", prefix)

    (entry,) = read(f"<urlset {declared}><url><loc>/1</loc>{news}</url></urlset>").entries

    assert (entry.title, entry.url) == ("Val van Baghuz, meldt IS", "https://nieuws.example/1")
    assert entry.published == datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    assert entry.image == "https://nieuws.example/f.jpg"


def test_a_sitemap_with_two_declarations_is_read() -> None:
    declaration = "<?xml version='1.0' encoding='UTF-8'?>"

    assert len(read(f"{declaration}\n{NEWS}").entries) == 2
    assert len(read(f"\n{declaration}{declaration}{INDEX}").children) == 3


def test_of_a_sitemap_or_an_index_that_is_too_long_both_ends_are_read() -> None:
    urls = [f"<url><loc>/{n}</loc></url>" for n in range(MAX_ENTRIES + 9)]
    names = [f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(MAX_CHILDREN + 9)]
    text = "\n".join(f"https://nieuws.example/{n}" for n in range(MAX_ENTRIES + 9))

    sitemap = read(f"<urlset>{''.join(urls)}</urlset>")
    index = read(f"<sitemapindex>{''.join(names)}</sitemapindex>")

    for listing in (sitemap, read(text)):
        assert listing.entries[0].url == "https://nieuws.example/0"
        assert listing.entries[-1].url == f"https://nieuws.example/{MAX_ENTRIES + 8}"
        assert (len(listing.entries), listing.complete) == (MAX_ENTRIES, False)
    assert index.children[-1].url == f"https://nieuws.example/{MAX_CHILDREN + 8}.xml"
    assert (len(index.children), index.complete) == (MAX_CHILDREN, False)


ADDRESSES = "https://nieuws.example/a-1\nhttps://nieuws.example/b-2?c=é\n"


@pytest.mark.parametrize(
    "body",
    [
        ADDRESSES.encode(),
        ADDRESSES.strip().encode(),
        ADDRESSES.replace("\n", "\r\n\r\n").encode("utf-8-sig"),
        ADDRESSES.replace("\n", " \r").encode(),
        f"# alle stukken\n\n{ADDRESSES}".encode(),
        ADDRESSES.replace("\n", ",\n").encode(),
        ADDRESSES.encode("utf-16"),
        ADDRESSES.encode("cp1252"),
        gzip.compress(ADDRESSES.encode(), mtime=0),
        f"{ADDRESSES}{ADDRESSES}".encode(),
    ],
)
@pytest.mark.parametrize("content_type", ["text/plain", "text/html; charset=utf-8", ""])
def test_a_sitemap_may_be_a_text_with_an_address_a_line(body: bytes, content_type: str) -> None:
    sitemap = parse_sitemap(body, url=URL, content_type=content_type, source="s", now=NOW)

    assert [entry.url for entry in sitemap.entries] == ADDRESSES.split()
    assert (sitemap.complete, sitemap.dropped, sitemap.children) == (True, 0, ())
    assert kind_of(body, content_type) is SourceKind.NEWS_SITEMAP


def test_a_text_of_addresses_that_breaks_off_loses_its_last_line_alone() -> None:
    body, url = (10 * ADDRESSES + "https://nieuws.example/hal").encode(), URL
    packed = gzip.compress(body)

    plain = parse_sitemap(body, url=url, content_type="", source="s", now=NOW, cut=True)
    unpacked = read(packed[:-8])

    assert [entry.url for entry in plain.entries] == ADDRESSES.split()
    assert plain == unpacked
    assert not plain.complete


def test_a_text_of_addresses_has_lines_that_are_none_and_an_end() -> None:
    lines = [f"https://nieuws.example/{number}" for number in range(MAX_ENTRIES + 5)]
    sitemap = read("\n".join(["https://nieuws.example/begin", "/weg", "javascript:x", *lines]))

    assert len(sitemap.entries) == MAX_ENTRIES - 2
    assert sitemap.dropped == 2
    assert not sitemap.complete


def test_a_text_that_lists_sitemaps_is_an_index() -> None:
    sitemap = read(f"{URL}\nhttps://nieuws.example/1.xml\nhttps://nieuws.example/2.xml.gz?a\n")

    assert [child.url for child in sitemap.children] == [
        "https://nieuws.example/1.xml",
        "https://nieuws.example/2.xml.gz?a",
    ]
    assert sitemap.entries == ()


@pytest.mark.parametrize(
    "body",
    [
        "Internal error",
        "User-agent: *\nSitemap: https://a.example/s.xml",
        "https://",
        "https://nieuws.example/a\nis verhuisd.\nKijk daar.\n",
        "krant.example/a\nkrant.example/b",
    ],
)
def test_a_text_that_lists_no_addresses_is_no_sitemap(body: str) -> None:
    assert kind_of(body.encode(), "text/plain") is None
    with pytest.raises(SourceError, match="no sitemap"):
        read(body)


@pytest.mark.parametrize("said", ["SYSTEM 'FILE'", "'https://krant.example/geheim'"])
def test_no_entity_is_expanded_or_fetched(said: str, tmp_path: Path) -> None:  # cases 21 and 22
    secret = tmp_path / "geheim"
    secret.write_text("https://krant.example/geheim")
    doctype = f"<!DOCTYPE a [<!ENTITY x {said.replace('FILE', secret.as_uri())}>]>"

    assert read(f"{doctype}<urlset><url><loc>&x;</loc></url></urlset>").entries == ()


@given(st.data())
def test_mutated_sitemaps_raise_nothing_else(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([NEWS, INDEX])).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body)))
        match data.draw(st.integers(0, 2)):
            case 0:
                del body[at : at + data.draw(st.integers(1, 60))]
            case 1:
                body[at:at] = data.draw(st.binary(max_size=12))
            case _:
                body[at:at] = data.draw(st.sampled_from([b"<url>", b"</urlset>", b"&", b"<!--"]))
    try:
        sitemap = read(bytes(body))
    except SourceError:
        return
    assert all(entry.url.startswith(("http://", "https://")) for entry in sitemap.entries)


@pytest.mark.parametrize("around", ['"{}"', "&lt;{}&gt;", "\n  ({})\n", "{},", "{0}\n  {0}"])
def test_the_address_in_a_sitemap_is_read_without_what_stands_around_it(around: str) -> None:
    pages = [around.format(f"https://nieuws.example/{name}") for name in ("a", "b")]
    locs = "".join(f"<url><loc>{page}</loc></url>" for page in pages)
    index = f"<sitemap><loc>{pages[0]}</loc></sitemap>"

    entries = read(f"<urlset>{locs}</urlset>").entries
    children = read(f"<sitemapindex>{index}</sitemapindex>").children

    assert [entry.url[-2:] for entry in entries] == ["/a", "/b"]
    assert [child.url for child in children] == ["https://nieuws.example/a"]


def test_a_sitemap_whose_source_a_page_shows_is_read() -> None:
    assert read(SHOWN).entries == read(NEWS).entries


def test_sources_within_sources_are_no_crash() -> None:
    nested = ""
    for _ in range(60):
        nested = f"<urlset>{escape(nested)}"

    assert not read(nested).entries


@pytest.mark.parametrize("written", MISWRITTEN)
def test_an_address_in_a_sitemap_is_read_however_it_is_miswritten(written: str) -> None:
    entries = read(f"<urlset><url><loc>{written}</loc></url></urlset>").entries
    children = read(
        f"<sitemapindex><sitemap><loc>{written}</loc></sitemap></sitemapindex>"
    ).children

    assert [one.url for one in (*entries, *children)] == 2 * ["https://nieuws.example/echt"]
