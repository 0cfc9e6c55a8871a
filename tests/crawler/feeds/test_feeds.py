"""Feeds as outlets write them: which field becomes what."""

from datetime import UTC, datetime, timedelta

import pytest
from feed_samples import ATOM, JSON_FEED, NOW, RDF, RSS_091, RSS_2, item, read, rss

from crawler.model import FeedEntry


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_an_rss_item_gives_all_that_it_says() -> None:
    feed = read(RSS_2)

    assert feed.entries[0] == FeedEntry(
        url="https://nieuws.example/artikel/2500001-laatste-dorp",
        guid="https://nieuws.example/-/2500001/",
        title="Laatste dorp van het kalifaat ingenomen",
        lead="De SDF zegt het dorp te hebben veroverd.",
        body="De SDF zegt het dorp te hebben veroverd.\n\n"
        "Volgens een woordvoerder zijn de laatste strijders gevlucht.",
        author="Sanne de Wit, Karim Aziz",
        section="Buitenland",
        image="https://nieuws.example/foto/1.jpg",
        published=at(2026, 3, 12, 13, 5),
        paid=True,
    )


def test_an_rss_item_without_a_link_has_that_of_its_guid() -> None:
    entry = read(RSS_2).entries[1]

    assert entry.url == "https://nieuws.example/artikel/2500002"
    assert entry.title == "Tweede bericht & meer"
    assert entry.author == "Redactie Buitenland"
    assert entry.image == "https://nieuws.example/foto/2.jpg"
    assert entry.published == at(2026, 3, 12, 12)
    assert entry.paid is False


def test_a_channel_says_how_it_wants_to_be_polled() -> None:
    feed = read(RSS_2)

    assert feed.ttl == timedelta(minutes=10)
    assert feed.skip_hours == {0, 1, 2}
    assert feed.complete
    assert not feed.fault


@pytest.mark.parametrize("ttl", ["0", "-5", "soon", "", "9" * 50])
def test_a_ttl_that_is_no_number_of_minutes_is_not_heard(ttl: str) -> None:
    assert read(rss(f"<ttl>{ttl}</ttl>")).ttl is None


def test_a_ttl_of_years_is_a_day() -> None:
    assert read(rss("<ttl>999999</ttl>")).ttl == timedelta(days=1)


@pytest.mark.parametrize("hours", ["<hour>25</hour>", "<hour>noon</hour>", "<uur>3</uur>", ""])
def test_hours_that_do_not_exist_are_not_skipped(hours: str) -> None:
    assert read(rss(f"<skipHours>{hours}</skipHours>")).skip_hours == frozenset()


def test_an_old_feed_with_named_letters_is_read() -> None:
    feed = read(RSS_091)

    assert feed.entries[0].title == "Café in de binnenstad dicht"


def test_an_rdf_feed_is_read() -> None:
    feed = read(RDF)

    assert feed.entries == (
        FeedEntry(
            url="https://krant.example/a",
            guid="https://krant.example/a",
            title="Kop",
            author="Een verslaggever",
            section="Politiek",
            published=at(2026, 3, 12, 13, 5),
        ),
    )


def test_an_atom_entry_has_the_link_that_leads_to_a_page() -> None:
    feed = read(ATOM, url="https://omroep.example/nl.rss.articles.xml")

    assert feed.entries[0] == FeedEntry(
        url="https://omroep.example/nl/2026/03/12/rechtbank/",
        guid="tag:omroep.example,2026:1",
        title="Rechtbank & parket oneens",
        lead="Een kort overzicht.",
        body="Eerste alinea.\n\nTweede alinea.",
        author="Joke Peeters",
        section="Binnenland",
        image="https://omroep.example/foto.jpg",
        published=at(2026, 3, 12, 13, 5),
        modified=at(2026, 3, 12, 15),
    )


def test_an_atom_entry_that_was_only_updated_is_as_old_as_its_update() -> None:
    entry = read(ATOM).entries[1]

    assert entry.published == entry.modified == at(2026, 3, 12, 15)


def test_a_json_feed_is_read() -> None:
    feed = read(JSON_FEED, "application/feed+json", "https://weekblad.example/feed.json")

    assert [entry.url for entry in feed.entries] == [
        "https://weekblad.example/17",
        "https://weekblad.example/18",
    ]
    first, second = feed.entries
    assert (first.guid, first.author, first.section) == ("17", "Ilse Bos", "opinie")
    assert (first.lead, first.body) == ("Kort.", "Een.\n\nTwee.")
    assert first.title == "Essay over 😀 en"
    assert first.image == "https://weekblad.example/17.jpg"
    assert first.published == at(2026, 3, 12, 13, 5)
    assert (second.title, second.body) == ("", "Los.")


def test_a_description_that_tells_it_all_is_the_body_and_its_start_the_lead() -> None:
    alinea = "Het leger meldt dat de brug over de rivier weer in handen van de regering is. " * 4
    feed = read(
        rss(
            f"<item><link>/a</link><description><![CDATA[<p>{alinea}</p><p>{alinea}</p>]]>"
            "</description></item>"
        )
    )

    assert feed.entries[0].lead == alinea.strip()
    assert feed.entries[0].body == f"{alinea.strip()}\n\n{alinea.strip()}"


def test_a_summary_that_repeats_the_body_is_said_once() -> None:
    feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='https://a.example/1'/>"
        "<summary>Tekst.</summary><content>Tekst.</content></entry></feed>"
    )

    assert (feed.entries[0].lead, feed.entries[0].body) == ("", "Tekst.")


def test_the_address_behind_a_counter_is_preferred() -> None:
    feed = read(
        "<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><item>"
        "<link>https://feeds.nieuws.example/~r/x/3/</link>"
        "<feedburner:origLink>https://nieuws.example/artikel/3</feedburner:origLink>"
        "</item></channel></rss>"
    )

    assert feed.entries[0].url == "https://nieuws.example/artikel/3"


def test_relative_links_are_joined_to_the_base_that_the_document_gives() -> None:
    feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://basis.example/x/'>"
        "<entry><link href='y'/></entry></feed>"
    )

    assert feed.entries[0].url == "https://basis.example/x/y"


def test_an_item_without_an_address_is_counted_and_left_out() -> None:  # case 38
    feed = read(
        rss(
            item(1),
            "<item><title>nergens</title></item>",
            "<item><link>javascript:alert(1)</link></item>",
            "<item><link>file:///etc/passwd</link><guid>data:text/html,x</guid></item>",
            "<item><link>https://[::bad/</link></item>",
        )
    )

    assert [entry.url for entry in feed.entries] == ["https://nieuws.example/a/1"]
    assert feed.dropped == 4
    assert feed.complete


def test_an_empty_feed_is_a_feed() -> None:
    feed = read(rss())

    assert feed.entries == ()
    assert feed.complete


@pytest.mark.parametrize(("written", "paid"), [("TRUE", True), ("1", True), ("false", False)])
def test_premium_says_that_an_article_is_paid_for(written: str, *, paid: bool) -> None:
    assert (
        read(rss(f"<item><link>/a</link><premium>{written}</premium></item>")).entries[0].paid
        is paid
    )


def test_premium_with_other_words_says_nothing() -> None:
    feed = read(rss("<item><link>/a</link><premium>misschien</premium></item>"))

    assert feed.entries[0].paid is None


def test_a_date_in_the_far_future_is_no_date_and_the_next_one_counts() -> None:  # case 32
    feed = read(
        "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><link>/a</link>"
        "<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate><dc:date>2026-03-12</dc:date></item>"
        "<item><link>/b</link><pubDate>Thu, 12 Mar 2026 25:61:61 GMT</pubDate></item>"
        "<item><link>/c</link><pubDate>Sun, 15 Mar 2026 14:00:00 GMT</pubDate></item>"
        "</channel></rss>"
    )

    assert [entry.published for entry in feed.entries] == [at(2026, 3, 11, 23), None, NOW]
