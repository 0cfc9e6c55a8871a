"""`sources add` and `preview`: new sources for the catalogue."""

from __future__ import annotations

import gzip

import pytest
from loopback import TEXT, Answer, Site
from newsdesk import Newsdesk


def home(site: Site, head: str = "", body: str = "") -> None:
    meta = '<meta property="og:site_name" content="De Streek">'
    page = f"<!doctype html><html><head>{meta}{head}</head><body>{body}</body></html>"
    site.answers["/"] = Answer(page.encode())


@pytest.mark.usefixtures("krant")
def test_add_finds_the_feed_that_a_home_page_names(desk: Newsdesk, outlets) -> None:
    streek = outlets()
    streek.feed(("/1", "Brug gesloten", TEXT), path="/nieuws/feed.xml")
    home(
        streek,
        '<link rel="alternate" type="application/rss+xml" href="/weg.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/nieuws/feed.xml">',
    )
    before = desk.catalogue()

    shown = desk.ok("sources", "add", streek.url)
    assert desk.catalogue() == before
    assert 'id = "de-streek"' in shown.out
    assert "HTTP 404" in shown.err

    added = desk.ok("sources", "add", streek.url, "--write", "--section", "Regio", "--json").json
    assert (added["id"], added["outlet"], added["written"]) == (
        "de-streek-regio",
        "De Streek",
        True,
    )
    assert desk.catalogue().startswith(before)
    assert desk.ok("crawl", "de-streek-regio", "--json").json["entries"] == 1


@pytest.mark.usefixtures("krant")
def test_add_follows_a_page_that_sends_its_readers_on(desk: Newsdesk, outlets) -> None:
    streek = outlets()
    streek.feed(("/1", "Brug gesloten", TEXT), path="/nieuws/feed.xml")
    home(streek, '<meta http-equiv="refresh" content="0; url=/nieuws/">')
    link = '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
    streek.answers["/nieuws/"] = Answer(f"<html><head>{link}</head></html>".encode())

    added = desk.ok("sources", "add", f"{streek.url}/", "--json").json

    assert added["url"] == f"{streek.url}/nieuws/feed.xml"


@pytest.mark.usefixtures("krant")
@pytest.mark.slow
def test_add_tries_the_usual_places_when_nothing_is_named(desk: Newsdesk, outlets) -> None:
    streek = outlets()
    home(streek)
    urls = f"<url><loc>{streek.url}/1</loc></url>"
    packed = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    streek.answers["/sitemap-news.xml"] = Answer(packed, "application/gzip")

    added = desk.ok("sources", "add", streek.url, "--json").json

    assert (added["kind"], added["url"]) == ("news-sitemap", streek.url + "/sitemap-news.xml")


@pytest.mark.usefixtures("krant")
@pytest.mark.parametrize(
    "named",
    [
        '<link rel="alternate" type="application/rss+xml" href="/weg.xml">',
        '<a href="/over/rss">RSS</a>',
    ],
)
def test_add_looks_further_where_what_a_page_names_is_no_list(
    desk: Newsdesk, outlets, named: str
) -> None:
    streek = outlets()
    home(streek, body=named)
    feeds = '<a href="/alles.rss">Alles</a>' if "over" in named else ""
    streek.answers["/over/rss"] = Answer(f"<html><body>{feeds}</body></html>".encode())
    path = "/alles.rss" if feeds else "/rss"
    streek.feed(("/1", "Brug gesloten", TEXT), path=path)

    added = desk.ok("sources", "add", streek.url, "--json").json

    assert added["url"] == streek.url + path


def test_add_takes_a_feed_itself_and_the_name_that_its_site_has_already(
    desk: Newsdesk, krant: Site
) -> None:
    krant.feed(("/nieuws/1", "Brug", TEXT), path="/sport.xml")

    added = desk.ok("sources", "add", krant.url + "/sport.xml", "--section", "Sport", "--json").json

    assert (added["id"], added["outlet"], added["kind"]) == ("krant-sport", "Krant", "feed")


@pytest.mark.slow
def test_add_says_what_is_there_already_and_when_there_is_nothing(
    desk: Newsdesk, krant: Site, outlets
) -> None:
    bare = outlets()
    home(bare)

    again = desk.run("sources", "add", krant.url + "/rss", "--write")
    nothing = desk.run("sources", "add", bare.url)
    silent = desk.run("sources", "add", krant.url + "/weg")

    assert (again.code, 'already there as "krant"' in again.err) == (1, True)
    assert (nothing.code, "no feed was found" in nothing.err) == (1, True)
    assert (silent.code, "HTTP 404" in silent.err) == (1, True)
    for words in (["javascript:x"], [krant.url, "--every", "soon"], [krant.url, "--id", "krant"]):
        assert desk.run("sources", "add", *words).code == 2


@pytest.mark.slow
def test_preview_shows_what_selectors_find(desk: Newsdesk, krant: Site) -> None:
    items = "".join(
        f"<li class='item'><h3>Bericht {n}</h3><time datetime='2026-03-0{n}T09:00:00+01:00'></time>"
        f"<a href='/actueel/{n}'>lees</a></li>"
        for n in (1, 2)
    )
    krant.answers["/actueel"] = Answer(
        f"<html><ul>{items}<li class=item>x</li></ul></html>".encode()
    )
    words = [
        "--url",
        krant.url + "/actueel",
        "--item",
        "li.item",
        "--title",
        "h3",
        "--date",
        "time",
    ]

    found = desk.ok("sources", "preview", *words, "--json").lines
    shown = desk.ok("sources", "preview", *words)
    nothing = desk.run("sources", "preview", "--url", krant.url + "/actueel", "--item", "li.geen")

    assert [(line["title"], line["url"]) for line in found] == [
        ("Bericht 1", krant.url + "/actueel/1"),
        ("Bericht 2", krant.url + "/actueel/2"),
    ]
    assert found[0]["published"] == "2026-03-01T08:00:00+00:00"
    assert "Bericht 2" in shown.out
    assert "1 without an address" in shown.err
    assert (nothing.code, "nothing on the page fits" in nothing.err) == (1, True)


def test_preview_shows_what_a_source_of_the_catalogue_lists(desk: Newsdesk, krant: Site) -> None:
    (entry,) = desk.ok("sources", "preview", "krant", "--json").lines

    assert (entry["title"], entry["url"]) == ("Brug gesloten", krant.url + "/nieuws/1")
    assert desk.run("sources", "preview").code == 2
    assert desk.run("sources", "preview", "krant", "--link", "a").code == 2


@pytest.mark.usefixtures("krant")
def test_add_takes_the_name_that_a_news_sitemap_gives_and_explains_a_refusal(
    desk: Newsdesk, outlets
) -> None:
    streek = outlets()
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    news = "<news:news><news:publication><news:name>De Streek &amp; Stad</news:name>"
    news += "</news:publication><news:title>Brug</news:title></news:news>"
    body = f"<urlset {space}><url><loc>{streek.url}/1</loc>{news}</url></urlset>"
    streek.answers["/nieuws.xml"] = Answer(body.encode(), "application/xml")
    streek.answers["/nee"] = Answer(b"nee", status=403)

    added = desk.ok("sources", "add", streek.url + "/nieuws.xml", "--json").json
    refused = desk.run("sources", "add", streek.url + "/nee")

    assert (added["outlet"], added["kind"]) == ("De Streek & Stad", "news-sitemap")
    assert (refused.code, "HTTP 403: the outlet refuses" in refused.err) == (1, True)
