"""What stands at an address that somebody gives."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.discovery.site import MOST_CANDIDATES, candidates, site_of
from crawler.model import Source, SourceKind

HOME = "https://www.streek.example/"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_a_feed_is_its_own_only_candidate() -> None:
    site = site_of(b'<rss version="2.0"><channel/></rss>', url=HOME + "rss")

    (source,) = candidates(site, [])

    assert (source.url, source.kind, source.outlet) == (
        HOME + "rss",
        SourceKind.FEED,
        "streek.example",
    )


def test_what_a_page_declares_is_asked_and_nothing_is_guessed() -> None:
    head = '<link rel="alternate" type="application/atom+xml" href="/atom">'

    found = candidates(site_of(page(head), url=HOME), [])

    assert [source.url for source in found] == [HOME + "atom"]


@pytest.mark.parametrize("title", ["De Streek » Reacties", "Podcasts van De Streek"])
def test_a_page_that_declares_no_news_is_asked_at_the_usual_places_too(title: str) -> None:
    head = f'<link rel="alternate" type="application/rss+xml" title="{title}" href="/x">'

    found = candidates(site_of(page(head), url=HOME), [])

    assert [source.url for source in found][:2] == [HOME + "x", HOME + "rss"]


def test_without_a_declaration_links_go_before_the_usual_places() -> None:
    found = candidates(site_of(page(body='<a href="/service/rss/">RSS</a>'), url=HOME), [])

    assert found[0].url == HOME + "service/rss/"
    assert {source.kind for source in found[1:]} == {SourceKind.FEED, SourceKind.NEWS_SITEMAP}


def test_a_page_with_a_hundred_feeds_costs_few_requests() -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{n}.rss">' for n in range(100)
    )

    assert len(candidates(site_of(page(links), url=HOME), [])) == MOST_CANDIDATES


def test_an_outlet_keeps_the_name_that_the_catalogue_has_for_its_site() -> None:
    site = site_of(page('<meta property="og:site_name" content="De Streek">'), url=HOME)
    known = Source(
        id="s",
        outlet="Streekomroep",
        kind=SourceKind.FEED,
        url="https://streek.example/rss",
        every=timedelta(hours=1),
    )

    assert candidates(site, [])[0].outlet == "De Streek"
    assert candidates(site, [known])[0].outlet == "Streekomroep"


@pytest.mark.parametrize(
    ("meta", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/nieuws/">', f"{HOME}nieuws/"),
        (
            "<META HTTP-EQUIV=Refresh CONTENT='3;URL=https://nieuws.example/'>",
            "https://nieuws.example/",
        ),
        ('<meta http-equiv="refresh" content="0;url=javascript:alert(1)">', ""),
        ('<meta http-equiv="refresh" content="300; url=/nieuws/">', ""),
        ('<meta http-equiv="refresh" content="5">', ""),
        ('<noscript><meta http-equiv="refresh" content="0; url=/zonder"></noscript>', ""),
    ],
)
def test_a_page_that_sends_its_readers_on_at_once_says_where(meta: str, target: str) -> None:
    assert site_of(page(meta), url=HOME).leads_to == target
