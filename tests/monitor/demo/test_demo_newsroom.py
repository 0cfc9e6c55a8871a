"""The newsroom answers as real outlets do."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
import requests
from hypothesis import given, strategies as st
from lxml import etree

from crawler.model import SourceKind
from monitor.demo.newsroom.content import (
    Content,
    ListingKind,
    NewsPiece,
    Outlet,
    OutletListing,
    Version,
)
from monitor.demo.newsroom.library import bundled
from monitor.demo.newsroom.newsroom import Newsroom
from monitor.demo.newsroom.site import OutletSite
from monitor.demo.servers.exchange import Request
from monitor.demo.tally import readings_of

NOW = datetime(2019, 3, 23, 9, 30, tzinfo=UTC)
COOKIE = {"Cookie": "privacy=akkoord"}


@pytest.fixture
def source_of(newsroom: Newsroom) -> Callable[[str], str]:
    urls = {source.id: source.url for source in newsroom.sources()}
    return urls.__getitem__


def url_of(newsroom: Newsroom, article: str) -> str:
    """The canonical address of an article that is online."""
    outlets = (outlet.id for outlet in newsroom.content.outlets)
    found = (item for outlet in outlets for item in newsroom.online(outlet))
    return next(item.url for item in found if item.piece.id == article)


def test_every_source_answers_and_says_304_to_who_has_it(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    for source in newsroom.sources():
        first = visitor.get(source.url)
        assert first.status_code == 200
        by_tag = visitor.get(source.url, headers={"If-None-Match": first.headers["ETag"]})
        by_date = visitor.get(
            source.url, headers={"If-Modified-Since": first.headers["Last-Modified"]}
        )
        for again in (by_tag, by_date):
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]


def test_a_tag_that_does_not_fit_wins_over_a_date_that_does(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    url = newsroom.sources()[0].url
    modified = visitor.get(url).headers["Last-Modified"]
    asked = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert visitor.get(url, headers=asked).status_code == 200


def test_a_new_round_changes_what_is_listed_and_its_validators(
    newsroom: Newsroom, visitor: requests.Session, source_of: Callable[[str], str]
) -> None:
    url = source_of("peilpunt-buitenland")
    first = visitor.get(url)
    assert newsroom.advance() == 2
    second = visitor.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert "Val van Baghuz" not in first.text
    assert "Val van Baghuz" in second.text


def test_a_correction_keeps_the_address_and_changes_the_page(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    newsroom.advance()
    before = url_of(newsroom, "kustlicht-aanslag-controlepost")
    first = visitor.get(before)
    newsroom.advance()
    assert url_of(newsroom, "kustlicht-aanslag-controlepost") == before
    second = visitor.get(before, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert "Zeker 12 doden" in first.text
    assert "Zeker 21 doden" in second.text


def test_every_feed_is_well_formed_and_lists_what_is_online(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    for _ in range(newsroom.content.rounds):
        for source in newsroom.sources():
            if source.kind is not SourceKind.FEED:
                continue
            feed = feedparser.parse(visitor.get(source.url).content)
            assert not feed.bozo
            assert feed.entries
            assert all(entry.title and entry.link and entry.published for entry in feed.entries)
            assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        newsroom.advance()


def test_the_sitemap_is_a_news_sitemap(
    newsroom: Newsroom, visitor: requests.Session, source_of: Callable[[str], str]
) -> None:
    root = etree.fromstring(visitor.get(source_of("peilpunt-sitemap")).content)
    spaces = {"news": "http://www.google.com/schemas/sitemap-news/0.9"}
    titles = root.findall(".//news:news/news:title", spaces)
    assert len(titles) == len(newsroom.online("peilpunt"))


def test_full_text_feeds_carry_the_text_and_teasing_ones_do_not(
    newsroom: Newsroom, visitor: requests.Session, source_of: Callable[[str], str]
) -> None:
    newsroom.advance()
    full = feedparser.parse(visitor.get(source_of("kustlicht-nieuws")).content).entries[0]
    assert "Azad Hemo" in full.description
    teasing = feedparser.parse(visitor.get(source_of("vrijekolom-alles")).content).entries
    story = next(entry for entry in teasing if "rivier" in entry.title)
    assert story.summary == "Een reconstructie in zes bedrijven."
    assert "Baghuz" in visitor.get(story.link).text


def test_every_linked_page_is_there(newsroom: Newsroom, visitor: requests.Session) -> None:
    newsroom.advance()
    newsroom.advance()
    for outlet in newsroom.content.outlets:
        for item in newsroom.online(outlet.id):
            for url in filter(None, (item.url, item.amp_url)):
                page = visitor.get(url, headers=COOKIE)
                assert page.status_code == 200
                assert f'<link rel="canonical" href="{item.url}">' in page.text


def test_the_consent_wall_stands_before_every_article_until_the_cookie_is_there(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    url = url_of(newsroom, "ochtendklok-rechtbank")
    refused = visitor.get(url, allow_redirects=False)
    assert refused.status_code == 302
    assert "privacygate-confirm" in refused.headers["Location"]
    wall = visitor.get(url)
    assert (wall.status_code, len(wall.history)) == (200, 1)
    assert len(wall.content) > 8_000
    assert "Yassir" not in wall.text
    confirm = f"privacygate-confirm?redirectUri={urlsplit(url).path}"
    page = visitor.get("/".join((*url.split("/")[:3], confirm)))
    assert page.url == url
    assert "Yassir" in page.text


def test_the_consent_wall_leads_nowhere_else(
    visitor: requests.Session, source_of: Callable[[str], str]
) -> None:
    base = source_of("ochtendklok-voorpagina").removesuffix("/voorpagina/rss.xml")
    for target in ("//evil.example/", "https://evil.example/"):
        answer = visitor.get(
            f"{base}/privacygate-confirm", params={"redirectUri": target}, allow_redirects=False
        )
        assert answer.headers["Location"] == f"{base}/"


def test_teasers_stand_around_texts_that_are_about_something_else(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    page = visitor.get(url_of(newsroom, "drieplassen-grutto")).text
    item = next(
        item for item in newsroom.online("drieplassen") if item.piece.id == "drieplassen-grutto"
    )
    assert "Baghuz" in page
    assert "Baghuz" not in " ".join((item.title, item.lead, *item.paragraphs))


def test_a_paid_article_gives_its_beginning(newsroom: Newsroom, visitor: requests.Session) -> None:
    newsroom.advance()
    page = visitor.get(url_of(newsroom, "vrijekolom-na-het-kalifaat")).text
    assert '"isAccessibleForFree": false' in page
    assert "voorloper van IS" in page
    assert "tweede kalifaat" not in page


def test_a_flaky_page_answers_503_that_many_times(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    newsroom.flaky["peilpunt-bijen"] = 2
    url = url_of(newsroom, "peilpunt-bijen")
    assert [visitor.get(url).status_code for _ in range(3)] == [503, 503, 200]


def test_an_outlet_that_is_down_drops_its_connections_and_the_others_go_on(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    newsroom.down.add("peilpunt")
    for source in newsroom.sources():
        if source.id.startswith("peilpunt"):
            with pytest.raises(requests.ConnectionError):
                visitor.get(source.url)
        else:
            assert visitor.get(source.url).status_code == 200
    newsroom.down.clear()
    assert all(visitor.get(source.url).status_code == 200 for source in newsroom.sources())


def test_robots_are_told_what_is_open(newsroom: Newsroom, visitor: requests.Session) -> None:
    base = newsroom.sources()[0].url.split("/home")[0]
    robots = visitor.get(f"{base}/robots.txt")
    assert robots.status_code == 200
    assert "Disallow: /zoeken" in robots.text


def test_an_unknown_page_is_404(newsroom: Newsroom, visitor: requests.Session) -> None:
    assert visitor.get(newsroom.sources()[0].url + ".bak").status_code == 404


def test_requests_are_counted_by_outlet_and_outcome(
    newsroom: Newsroom, visitor: requests.Session, source_of: Callable[[str], str]
) -> None:
    url = source_of("ochtendklok-voorpagina")
    tag = visitor.get(url).headers["ETag"]
    visitor.get(url, headers={"If-None-Match": tag})
    visitor.get(url_of(newsroom, "ochtendklok-museum"))
    visitor.get(url_of(newsroom, "ochtendklok-museum"), headers=COOKIE)
    visitor.get(url_of(newsroom, "ochtendklok-museum") + "niet")
    reading = next(
        reading
        for reading in readings_of(newsroom.content, newsroom.requests)
        if reading.outlet == "De Ochtendklok"
    )
    counted = (reading.polls, reading.unchanged, reading.pages, reading.walled, reading.failed)
    assert counted == (2, 1, 1, 1, 1)
    assert [asked.conditional for asked in newsroom.requests][:2] == [False, True]


def test_the_same_day_and_round_give_the_same_bytes(
    newsroom: Newsroom, visitor: requests.Session
) -> None:
    with Newsroom(now=NOW) as other:
        for here, there in zip(newsroom.sources(), other.sources(), strict=True):
            texts = [
                visitor.get(source.url).text.replace(urlsplit(source.url).netloc, "host")
                for source in (here, there)
            ]
            assert texts[0] == texts[1]


def test_a_test_brings_its_own_articles(visitor: requests.Session) -> None:
    outlet = Outlet(
        id="krant",
        name="De Krant",
        listings=(OutletListing(id="krant", kind=ListingKind.RSS, path="/rss"),),
    )
    version = Version(
        round=1,
        age=timedelta(minutes=5),
        title='Vis & friet < "goud"',
        lead="Inleiding.",
        paragraphs=("Tekst.",),
    )
    piece = NewsPiece(id="a", outlet="krant", number=1, section="eten", versions=(version,))
    with Newsroom(now=NOW, content=Content((outlet,), (piece,))) as room:
        feed = feedparser.parse(visitor.get(room.sources()[0].url).content)
        assert [entry.title for entry in feed.entries] == ['Vis & friet < "goud"']
        page = etree.HTML(visitor.get(feed.entries[0].link).text)
        assert page.findtext(".//h1") == 'Vis & friet < "goud"'


def test_stopping_ends_kept_connections_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    room = Newsroom(now=NOW)
    room.start()
    with requests.Session() as session:
        session.trust_env = False
        for source in room.sources():
            session.get(source.url)
        room.stop()
        room.stop()
    assert set(threading.enumerate()) <= before


def test_a_newsroom_that_never_started_stops_too() -> None:
    Newsroom(now=NOW).stop()


@given(
    outlet=st.sampled_from(bundled().outlets),
    path=st.text(max_size=40).map(lambda text: f"/{text}"),
    headers=st.dictionaries(
        st.sampled_from(["if-none-match", "if-modified-since", "cookie"]), st.text(max_size=40)
    ),
)
def test_any_request_gets_an_answer(outlet: Outlet, path: str, headers: dict[str, str]) -> None:
    site = OutletSite(outlet, bundled(), "http://127.0.0.1:1", NOW)
    answer = site.answer(Request(path, headers), 3)
    assert answer.status in {200, 302, 304, 404}
