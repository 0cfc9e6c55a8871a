"""Which feed of a site has its news, and what its outlet is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.feed_choice import FeedRole, choice_of, outlet_name, role_of
from crawler.discovery.look import Answered, ListLook
from crawler.discovery.site import candidates, site_of, sitemaps_in_robots
from crawler.model import FeedEntry, Source, SourceKind

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
HOME = "https://www.streek.example/"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def found(html: bytes, link_header: str = "") -> list[str]:
    site = site_of(html, url=HOME, link_header=link_header)
    return [source.url.removeprefix(HOME) for source in candidates(site, [])]


def link(title: str, href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    "html",
    [
        page('<link rel="feed" href="/n.xml">'),
        page(link("RSS", "/n.xml", "text/xml")),
        page(link("", "/n.xml", "application/xml; charset=utf-8")),
        page(body='<footer><a href="/n.xml">RSS</a></footer>'),
        page(body='<a href="/n.xml" title="RSS-feed van De Streek"><svg/></a>'),
        page(body='<a href="/n.xml"><img src="r.png" alt="RSS"></a>'),
        page(body='<a rel="feed" href="/n.xml">Volg ons</a>'),
        page(body='<a href="feed://www.streek.example/n.xml">RSS</a>'),
        page(link("", "/n.xml") + link("Zoekresultaten", "/zoek?feed=rss")),
    ],
)
def test_a_feed_is_found_however_a_page_names_it(html: bytes) -> None:
    assert found(html)[0] == "n.xml"


@pytest.mark.parametrize(
    "header",
    [
        '</n.xml>; rel="alternate"; type="application/rss+xml"',
        '</wp-json/>; rel="https://api.w.org/", </n.xml>; type=application/atom+xml; rel=alternate',
    ],
)
def test_a_feed_is_found_in_a_header(header: str) -> None:
    assert found(page(), header) == ["n.xml"]


def test_a_json_feed_is_told_from_other_json_by_its_name() -> None:
    head = link("", "/wp-json/pages/5", "application/json") + link(
        "", "/feed.json", "application/json"
    )

    assert found(page(head)) == ["feed.json"]


def test_a_link_called_rss_is_tried_whatever_its_address() -> None:
    assert found(page(body='<a href="/export?soort=nieuws">RSS-feed</a>'))[0] == (
        "export?soort=nieuws"
    )


@pytest.mark.parametrize("title", ["https://www.streek.example/", "www.streek.example", "RSS"])
def test_an_address_is_no_name(title: str) -> None:
    source = Source(
        id="new",
        outlet="streek.example",
        kind=SourceKind.FEED,
        url=HOME + "rss",
        every=timedelta(hours=1),
    )
    answered = Answered(url=source.url, status=200)
    site = site_of(page(f'<meta property="og:site_name" content="{title}">'), url=HOME)

    assert outlet_name(ListLook(source=source, answered=answered, title=title)) == ""
    assert outlet_name(ListLook(source=source, answered=answered, title="NU.nl - Algemeen")) == (
        "NU.nl"
    )
    assert title == "RSS" or not site.name


def test_no_picture_or_other_page_is_taken_for_a_feed() -> None:
    html = page(
        '<link rel="alternate" hreflang="en" href="/en/"><link rel="icon" href="/i.xml">',
        '<a href="/rss.html">RSS</a><a href="/over-atom">atom</a>',
    )

    assert "n.xml" not in found(html)
    assert not {"en/", "i.xml", "rss.html", "over-atom"} & set(found(html))


def test_the_news_is_asked_before_comments_and_recordings() -> None:
    head = link("Reactiesfeed", "/comments/feed/") + link("Podcast", "/p") + link("Nieuws", "/n")

    assert found(page(head)) == ["n", "p", "comments/feed/"]


def test_a_robots_txt_names_sitemaps_those_of_news_first() -> None:
    rules = b"User-agent: *\nSitemap: /sitemap.xml\nsitemap : https://a.example/news.xml\n"
    rules += b"Sitemap: # none\n"

    assert sitemaps_in_robots(rules, HOME + "robots.txt") == (
        "https://a.example/news.xml",
        HOME + "sitemap.xml",
    )


@pytest.mark.parametrize(
    ("title", "path", "role"),
    [
        ("Streek » Reactiesfeed", "/feed", FeedRole.COMMENTS),
        ("", "/comments/feed/", FeedRole.COMMENTS),
        ("De podcast", "/p.xml", FeedRole.RECORDINGS),
        ("Streek - Sport", "/rss", FeedRole.SECTION),
        ("", "/rss/buitenland.xml", FeedRole.SECTION),
        ("Algemeen", "/rss/1", FeedRole.NEWS),
        ("De Streek", "/feed", FeedRole.UNKNOWN),
    ],
)
def test_a_feed_says_by_its_name_what_it_is_for(title: str, path: str, role: FeedRole) -> None:
    assert role_of(title, f"https://streek.example{path}") is role


def look(
    path: str, title: str = "", *, items: str = "abc", age: int = 0, note: str = ""
) -> ListLook:
    source = Source(
        id="new",
        outlet="streek.example",
        kind=SourceKind.FEED,
        url=f"https://streek.example/{path}",
        every=timedelta(hours=1),
        note=note,
    )
    entries = tuple(
        FeedEntry(url=f"{HOME}{name}", title=name, published=NOW - timedelta(days=age))
        for name in items
    )
    answered = Answered(url=source.url, status=200, took=timedelta(seconds=1))
    return ListLook(source=source, answered=answered, title=title, entries=entries)


def test_the_same_list_in_two_formats_is_one() -> None:
    assert choice_of([look("rss"), look("atom")]).look == look("rss")


def test_a_list_that_holds_the_others_is_the_news() -> None:
    wide = look("alles-bij-elkaar", items="abcdef")

    assert choice_of([look("x", items="ab"), wide, look("y", items="ef")]).look == wide


def test_comments_and_recordings_are_not_taken_for_news() -> None:
    comments = look("feed1", items="xyz", note="Reacties")
    answers = replace(
        look("feed2"), entries=tuple(FeedEntry(url=u, title="Reactie op Brug") for u in "pq")
    )
    news = look("feed3", items="abc")

    assert choice_of([comments, answers, look("p", "Podcast", items="k"), news]).look == news


def test_comments_alone_are_taken_only_if_they_were_given() -> None:
    comments, other = look("reacties", "Reacties"), look("podcast", "Podcast", items="k")

    assert choice_of([comments]).look == comments
    assert choice_of([comments, other]).among == (other,)


def test_a_feed_that_stopped_weeks_ago_is_not_the_news() -> None:
    old, new = look("f1", items="xyz", age=40), look("f2", items="abc")

    assert choice_of([old, new]).look == new


def test_where_nobody_can_know_somebody_is_asked() -> None:
    two = look("f1", items="xyz"), look("f2", items="abc")

    assert choice_of(two).look is None
    assert choice_of(two).among == two
    assert choice_of([]).look is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("De Streekbode | Buitenland", "De Streekbode"),
        ("Buitenland - De Streekbode", "De Streekbode"),
        ("NU.nl - Algemeen", "NU.nl"),
        ("De Streekbode » Feed", "De Streekbode"),
        ("RSS: De Streekbode", "De Streekbode"),
        ("Sport", "Sport"),
        ("RSS feed", ""),
        ("", ""),
    ],
)
def test_an_outlet_is_called_as_its_list_says_and_never_by_an_address(
    title: str, name: str
) -> None:
    assert outlet_name(look("rss", title)) == name


def test_what_the_site_calls_itself_goes_before_the_list() -> None:
    known = look("rss", "Buitenland")

    assert outlet_name(replace(known, source=replace(known.source, outlet="Streek"))) == "Streek"
