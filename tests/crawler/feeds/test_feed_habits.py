"""What feeds do that no specification foresees, and what is read of it all the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from xml.sax.saxutils import escape

import pytest
from feed_samples import ATOM_HEAD, NOW, URL, atom, json_feed, of_item, read, rss
from hypothesis import given, strategies as st

from crawler.feeds.feed import MAX_ITEMS, MAX_TAGS, parse_feed
from crawler.feeds.listing import Listing, kind_of
from crawler.feeds.newest import newest
from crawler.model import SourceKind

DATE = "%a, %d %b %Y %H:%M:%S +0000"


@pytest.mark.parametrize("deep", [1, 2, 3])
def test_an_item_that_stands_in_another_one_is_an_item(deep: int) -> None:
    inner = "".join(
        f"<item><title>Kop {number}</title><link>/{number}</link>" for number in range(1, deep + 1)
    )
    items = f"<item><title>Kop 0</title><link>/0</link>{inner}{'</item>' * deep}</item>"

    found = read(rss(items + "<item><title>Slot</title><link>/slot</link></item>")).entries

    assert [one.title for one in found] == [*(f"Kop {n}" for n in range(deep + 1)), "Slot"]


@pytest.mark.parametrize(
    "around",
    [
        "<rss>{}</rss>",
        "<rss><channel>{}</channel></rss>",
        "<feed>{}</feed>",
        "<feed><feed>{}</feed></feed>",
    ],
)
def test_the_items_of_a_feed_in_a_feed_are_read(around: str) -> None:
    inner = "<feed><title>t</title><entry><title>Kop</title><link href='/1'/></entry></feed>"

    found = read(around.format(inner + rss("<item><title>Slot</title><link>/2</link></item>")))

    assert [entry.title for entry in found.entries] == ["Kop", "Slot"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "IS&#146;er &#8220;terug&#x201d; uit Syri&euml; &amp; Irak",
            "IS’er “terug” uit Syrië & Irak",
        ),
        (
            "R&D, krant.example/?a=1&copy=2, &onbekend;",
            "R&D, krant.example/?a=1&copy=2, &onbekend;",
        ),
    ],
)
def test_references_in_what_is_declared_as_plain_text_are_read(written: str, meant: str) -> None:
    assert json_feed(content_text=written).body == meant
    assert atom(f"<summary>{escape(written)}</summary><link href='/a'/>").lead == meant


@pytest.mark.parametrize("host", ["https://", "http://www.", "https://www.", "//"])
def test_a_module_is_known_however_its_namespace_spells_the_host(host: str) -> None:
    declared = (
        f"xmlns:c='{host}purl.org/rss/1.0/modules/content/' xmlns:d='{host}purl.org/dc/terms/' "
        f"xmlns:a='{host.replace('www.', '')}www.w3.org/2005/Atom'"
    )
    entry = of_item(
        "<link>/a</link><c:encoded>Hele tekst.</c:encoded><a:summary>Kort.</a:summary>"
        "<d:created>2026-03-12T09:00:00Z</d:created>",
        declared,
    )

    assert (entry.lead, entry.body) == ("Kort.", "Hele tekst.")
    assert entry.published == datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    ["www.rssboard.org/media-rss", "video.search.yahoo.com/mrss/", "tools.search.yahoo.com/mrss/"],
)
def test_a_module_is_known_by_each_of_its_names(name: str) -> None:
    entry = of_item("<link>/a</link><m:text>Kort.</m:text>", f"xmlns:m='http://{name}'")

    assert entry.lead == "Kort."


@pytest.mark.parametrize("host", ["purl.org", "web.resource.org"])
def test_the_whole_text_is_known_by_each_name_of_its_module(host: str) -> None:
    declared = f"xmlns:c='http://{host}/rss/1.0/modules/content/'"

    entry = of_item("<link>/a</link><c:encoded>Hele tekst.</c:encoded>", declared)

    assert entry.body == "Hele tekst."


@pytest.mark.parametrize(
    "date",
    [1773324300, 1773324300000, 1773324300.0, 1773324300.25, "1773324300", "2026-03-12T14:05Z"],
)
def test_a_date_of_a_json_feed_may_be_a_number(date: float | str) -> None:
    entry = json_feed(date_published=date, date_modified=date)

    at = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    assert (entry.published, entry.modified) == (at, at)


@pytest.mark.parametrize("date", [True, -5, 0, 10**30, 2026, 1e300, [1773324300], None])
def test_a_number_that_is_no_date_is_none(date: object) -> None:
    assert json_feed(date_published=date).published is None


def test_one_entry_is_a_feed_of_one() -> None:
    one = (
        "<?xml version='1.0'?><entry xmlns='http://www.w3.org/2005/Atom'><title>Kop</title>"
        "<link href='https://nieuws.example/a'/></entry>"
    )

    assert [entry.title for entry in read(one).entries] == ["Kop"]
    assert kind_of(one.encode()) is SourceKind.FEED


MEDIA = (
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:dcterms='https://purl.org/dc/terms/'"
)


@pytest.mark.parametrize(
    "inner",
    [
        "<itunes:summary>Naar Baghuz.</itunes:summary>",
        "<media:description>Naar Baghuz.</media:description>",
        "<media:group><media:description>Naar Baghuz.</media:description></media:group>",
        "<media:group><media:content url='/v.mp4'/><media:description type='html'>"
        "&lt;p&gt;Naar Baghuz.&lt;/p&gt;</media:description></media:group>",
        "<description> </description><itunes:subtitle>Naar Baghuz.</itunes:subtitle>",
    ],
)
def test_the_text_of_a_recording_is_the_lead_where_there_is_no_other(inner: str) -> None:
    entry = of_item(f"<title>Kop</title><link>/a</link>{inner}", MEDIA)
    other = of_item(f"<link>/a</link>{inner}<description>Iets anders.</description>", MEDIA)

    assert entry.lead == "Naar Baghuz."
    assert other.lead == "Iets anders."


@pytest.mark.parametrize(
    "inner", ["<itunes:title>Kop</itunes:title>", "<media:title>Kop</media:title>"]
)
@pytest.mark.parametrize(
    "title", ["", "<title>&#160;</title>", "<title>&lt;img src='x'&gt;</title>"]
)
def test_a_title_that_shows_nothing_is_none(title: str, inner: str) -> None:
    entry = of_item(f"{title}<link>/a</link>{inner}", MEDIA)

    assert entry.title == "Kop"


NO_TITLES = (
    "...|\u2013|&#8203;|?|\U0001f534|&lt;br&gt;|(no title)|Zonder titel|[Photo]|https://a.example/b"
)


@pytest.mark.parametrize("title", NO_TITLES.split("|"))
def test_a_title_without_a_word_is_none_where_there_is_text(title: str) -> None:
    told = of_item(
        f"<title>{title}</title><link>/a</link><description>De markt gaat door.</description>"
    )
    bare = of_item("<title>...</title><link>/a</link>")

    assert (told.title, told.lead) == ("", "De markt gaat door.")
    assert bare.title == "..."


@pytest.mark.parametrize(
    "name", ["itunes:author", "dc:author", "dc:creator", "media:credit", "dcterms:creator"]
)
def test_an_author_may_stand_in_any_module(name: str) -> None:
    entry = of_item(f"<link>/a</link><{name}>Studio Noord</{name}>", MEDIA)

    assert entry.author == "Studio Noord"


@pytest.mark.parametrize("order", [("nl", "en"), ("en", "nl"), ("en-GB", "nl-NL")])
def test_of_titles_in_several_languages_that_of_the_source_is_taken(order: tuple[str, str]) -> None:
    titles = {"en": "Fall", "en-GB": "Fall", "nl": "Val", "nl-NL": "Val"}
    inner = "".join(f"<title xml:lang='{code}'>{titles[code]}</title>" for code in order)
    body = f"{ATOM_HEAD}<entry>{inner}<link href='/a'/></entry></feed>".encode()
    feed = parse_feed(body, url=URL, content_type="", source="s", now=NOW, language="nl")

    assert feed.entries[0].title == "Val"


PLAIN = {
    "Waarom <IS> en <SDF> botsen": "Waarom <IS> en <SDF> botsen",
    "Een <script>-bestand van IS": "Een <script>-bestand van IS",
    "AT&T en R&amp;D": "AT&T en R&D",
    "<b>Vet</b> en <em>schuin</em>": "Vet en schuin",
    "<q>Weg</q> is <mark>IS</mark>": "Weg is IS",
    "<b>Wat</b> is <IS-K>, wat <Kop-Leider>?": "Wat is <IS-K>, wat <Kop-Leider>?",
}


@pytest.mark.parametrize(("written", "meant"), PLAIN.items())
def test_what_is_declared_as_plain_text_keeps_its_angle_brackets(written: str, meant: str) -> None:
    escaped = written.replace("&", "&amp;").replace("<", "&lt;")

    assert atom(f"<title>{escaped}</title><link href='/a'/>").title == meant
    assert atom(f"<title type='text'>{escaped}</title><link href='/a'/>").title == meant
    assert json_feed(title=written).title == meant


def test_a_text_that_is_declared_as_plain_keeps_its_angle_brackets_beside_tags() -> None:
    written = "<b>Wat</b> is <IS-K>, en wie is <is>?"

    assert json_feed(content_text=written).body == "Wat is <IS-K>, en wie is <is>?"
    assert atom(f"<summary>{escape(written)}</summary><link href='/a'/>").lead == (
        "Wat is <IS-K>, en wie is <is>?"
    )


def test_a_headline_in_rss_keeps_what_is_no_tag_of_html() -> None:
    entry = of_item(
        "<title>Over &lt;IS&gt;, &lt;IS-K&gt; en &lt;b&gt;Baghuz&lt;/b&gt;</title><link>/a</link>"
    )

    assert entry.title == "Over <IS>, <IS-K> en Baghuz"


def test_plain_text_of_a_json_feed_keeps_its_lines() -> None:
    entry = json_feed(title="Kop", content_text="Regel een, a<b.\nRegel twee.\n\nSlot.")

    assert entry.body == "Regel een, a<b.\nRegel twee.\n\nSlot."


def dated(number: int) -> str:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return (
        f"<item><title>{number}</title><link>/{number}</link><pubDate>{at:{DATE}}</pubDate></item>"
    )


def titles(feed: Listing) -> list[int]:
    return [int(entry.title) for entry in feed.entries]


@pytest.mark.parametrize("order", ["oldest first", "newest first", "mixed"])
def test_a_list_that_is_too_long_keeps_its_newest_items(order: str) -> None:
    numbers = list(range(MAX_ITEMS + 57))
    if order == "newest first":
        numbers.reverse()
    elif order == "mixed":
        Random(3).shuffle(numbers)
    feed = read(rss(*map(dated, numbers)))

    assert set(titles(feed)) == set(range(57, MAX_ITEMS + 57))
    assert titles(feed) == [number for number in numbers if number >= 57]
    assert (feed.dropped, feed.complete) == (57, False)


@pytest.mark.parametrize("form", ["json", "rss", "broken"])
def test_without_dates_both_ends_are_kept(form: str) -> None:
    count = MAX_ITEMS + 100
    if form == "json":
        items = [{"url": f"/{n}", "title": str(n)} for n in range(count)]
        feed = read(json.dumps({"version": "1", "items": items}), "application/json")
    else:
        body = rss(*(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(count)))
        feed = read(body.replace("<rss", "<rss x=y") if form == "broken" else body)

    assert titles(feed) == [*range(500), *range(count - 500, count)]


def test_of_a_feed_with_far_too_many_tags_both_ends_are_read() -> None:
    count = MAX_TAGS // 8
    feed = read(rss(*map(dated, range(count))))

    assert feed.fault
    assert max(titles(feed)) == count - 1


@given(
    st.lists(st.none() | st.integers(0, 50), max_size=40),
    st.integers(1, 40),
)
def test_the_newest_keep_their_order_and_no_dated_one_left_out_is_newer(
    days: list[int | None], most: int
) -> None:
    dates = [None if day is None else NOW + timedelta(days=day) for day in days]
    places = list(range(len(days)))
    kept = newest(places, dates.__getitem__, most)

    assert kept == sorted(kept)
    assert len(kept) == min(most, len(days))
    if all(dates) and dates:
        left = [dates[place] for place in places if place not in kept]
        assert not left or max(filter(None, left)) <= min(filter(None, (dates[p] for p in kept)))
