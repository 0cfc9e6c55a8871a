"""List pages by selectors, and the feeds that a home page names."""

from datetime import UTC, datetime

import pytest
from feed_samples import NOW
from hypothesis import given, strategies as st

from crawler.errors import SourceError
from crawler.feeds.listing import Listing
from crawler.feeds.section import MAX_ITEMS, FoundFeed, feeds_of_home_page, parse_section
from crawler.model import FeedEntry, Selectors

URL = "https://ministerie.example/actueel/nieuws/"

PAGE = """<!DOCTYPE html><html><head><title>Nieuws</title></head><body>
<nav><a href="/">Home</a></nav>
<ul class="nieuws">
<li><a href="/actueel/nieuws/2026/03/12/uitspraak"><h3>Uitspraak in hoger beroep</h3>
<p>De rechtbank</p></a><time datetime="2026-03-12T14:05:00+01:00">do 12 maart</time></li>
<li><h3><a href="2026/03/11/eis">Eis: zes jaar</a></h3>
<span class="datum">11 mrt 2026 9.15 uur</span></li>
<li><a href="/actueel/nieuws/2026/03/10/foto"><img src="x.jpg" alt=""></a>
<h4>Bij de foto</h4></li>
<li><a href="/actueel/nieuws/2026/03/09/knop" aria-label="Lees over de knop"></a></li>
<li><a href="/actueel/nieuws/2026/03/12/uitspraak">dubbel</a></li>
<li><a href="javascript:open()">open</a></li>
<li>niets</li>
</ul></body></html>"""


def read(
    selectors: Selectors, body: str | bytes = PAGE, content_type: str = "text/html"
) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    return parse_section(data, selectors, url=URL, content_type=content_type, source="om", now=NOW)


def test_a_list_page_gives_entries_in_its_own_order() -> None:
    section = read(Selectors(item="ul.nieuws li", date=".datum, time"))
    base = "https://ministerie.example/actueel/nieuws/2026/03/"

    assert section.entries == (
        FeedEntry(
            url=f"{base}12/uitspraak",
            title="Uitspraak in hoger beroep",
            published=datetime(2026, 3, 12, 13, 5, tzinfo=UTC),
        ),
        FeedEntry(
            url=f"{base}11/eis",
            title="Eis: zes jaar",
            published=datetime(2026, 3, 11, 8, 15, tzinfo=UTC),
        ),
        FeedEntry(url=f"{base}10/foto", title="Bij de foto"),
        FeedEntry(url=f"{base}09/knop", title="Lees over de knop"),
    )
    assert section.dropped == 2


def test_selectors_may_name_a_text_or_an_attribute() -> None:
    section = read(
        Selectors(
            item="li",
            link="a::attr(href)",
            title="h3::text, h3 a::text",
            date="time::attr(datetime)",
        )
    )

    assert section.entries[0].title == "Uitspraak in hoger beroep"
    assert section.entries[0].published == datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
    assert section.entries[1].title == "Eis: zes jaar"


def test_an_item_may_be_the_link_itself() -> None:
    section = read(Selectors(item="ul.nieuws a"))

    assert len(section.entries) == 4


def test_the_base_of_the_page_is_heard() -> None:
    section = read(Selectors(item="a"), "<base href='https://a.example/x/'><a href='y'>Kop</a>")

    assert section.entries[0].url == "https://a.example/x/y"


def test_a_page_in_another_character_set_is_read() -> None:
    page = "<a href='/1'>Één jaar geëist</a>".encode("cp1252")

    assert read(Selectors(item="a"), page).entries[0].title == "Één jaar geëist"


def test_a_page_that_has_changed_its_shape_is_an_error_not_an_empty_list() -> None:
    with pytest.raises(SourceError, match=r'nothing on the page fits "div\.oud".*Nieuws'):
        read(Selectors(item="div.oud"))


@pytest.mark.parametrize("selector", ["li[", "li::before-x(", "!!", ":has(", "a:nth-child(x"])
def test_a_wrong_selector_is_an_error_with_its_reason(selector: str) -> None:
    with pytest.raises(SourceError, match="a selector is wrong"):
        read(Selectors(item=selector))
    with pytest.raises(SourceError, match="a selector is wrong"):
        read(Selectors(item="li", link=selector))


def test_a_long_list_is_cut_and_said_to_be() -> None:
    section = read(
        Selectors(item="a"), "".join(f"<a href='/{n}'>x</a>" for n in range(MAX_ITEMS + 9))
    )

    assert len(section.entries) == MAX_ITEMS
    assert not section.complete


def test_a_page_over_the_size_cap_is_refused() -> None:  # case 25
    with pytest.raises(SourceError, match="larger than"):
        read(Selectors(item="a"), b"<a href='/1'>x</a>" * 1_000_000)


def test_a_page_nested_beyond_reason_is_survived() -> None:  # case 23
    section = read(Selectors(item="a"), "<a href='/1'>Kop</a>" + "<div>" * 100_000)

    assert section.entries[0].title.startswith("Kop")


def test_tricks_in_a_link_leave_text_alone() -> None:  # cases 27-28 and 39-41
    page = "<a href='/1'>kali\u202e\x1b[faat<script>x()</script><b hidden>Baghuz</b></a>"

    assert read(Selectors(item="a"), page).entries[0].title == "kali[faat"


HOME = """<html><head>
<link rel="alternate" type="application/rss+xml" title="Nieuws" href="/rss/nieuws.xml">
<link rel="Alternate" type="application/atom+xml; charset=utf-8" href="https://a.example/atom">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" hreflang="en" href="/en"><link rel="stylesheet" href="/rss.css">
<link rel="alternate" type="application/rss+xml" href="javascript:x()">
</head><body><a href="/rss/nieuws.xml">RSS</a> <a href="/rss/sport.xml">Sport</a>
<a href="https://fd.example/?rss">Alles</a> <a href="/over/rss.html">Wat is RSS?</a>
<a href="/nieuws/feest">Feest</a></body></html>"""


def test_a_home_page_names_its_feeds() -> None:
    found = feeds_of_home_page(HOME.encode(), url="https://nieuws.example/")

    assert found == (
        FoundFeed("https://nieuws.example/rss/nieuws.xml", title="Nieuws"),
        FoundFeed("https://a.example/atom"),
        FoundFeed("https://nieuws.example/feed.json"),
        FoundFeed("https://nieuws.example/rss/sport.xml", declared=False, title="Sport"),
        FoundFeed("https://fd.example/?rss", declared=False, title="Alles"),
    )


def test_a_page_without_feeds_names_none() -> None:
    assert feeds_of_home_page(b"", url="https://nieuws.example/") == ()


@given(st.text(max_size=200), st.sampled_from(["li", "a", "ul > li a"]))
def test_any_page_gives_entries_or_a_source_error(page: str, selector: str) -> None:
    feeds_of_home_page(page.encode("utf-8", "surrogatepass"), url=URL)
    try:
        section = read(Selectors(item=selector), page.encode("utf-8", "surrogatepass"))
    except SourceError:
        return
    assert isinstance(section, Listing)
