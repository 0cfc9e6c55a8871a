"""Feeds that are broken, hostile, or no feeds at all; the numbers are those of the case list."""

import gzip
import re
from html import escape

import pytest
from feed_samples import ATOM, NOW, RSS_2, item, read, rss

from crawler.errors import SourceError
from crawler.feeds.feed import MAX_ITEMS, parse_feed
from crawler.feeds.items import MAX_BODY, MAX_TITLE
from crawler.feeds.listing import Listing, kind_of
from crawler.model import SourceKind
from crawler.text.decoding import MAX_BYTES


def titles(feed: Listing) -> list[str]:
    return [entry.title for entry in feed.entries]


def text_of(feed: Listing) -> str:
    return "".join(entry.title + entry.lead + entry.body for entry in feed.entries)


LAUGHS = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)


@pytest.mark.parametrize(
    "hostile",
    [  # case 21: bombs, in text and in an attribute, strict and mended
        "<!DOCTYPE rss [<!ENTITY a 'haha'>]>" + rss(item(1, "&a;")),
        LAUGHS + "]>" + rss(item(1, "&a11;")),
        LAUGHS + "]>" + rss("<item x='&a11;'><link>/a</link></item>"),
        LAUGHS + "]>" + rss(item(1, "& &a11;")),
        f"<!DOCTYPE rss [<!ENTITY a '{'x' * 9000}'>]>" + rss(item(1, "&a;" * 2000)),
        f"<!DOCTYPE rss [<!ENTITY a '{'x' * 9000}'>]>" + rss(item(1, "& " + "&a;" * 2000)),
        "<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" + rss(item(1, "&a;")),
    ],
)
def test_entities_are_never_expanded(hostile: str) -> None:
    try:
        text = text_of(read(hostile))
    except SourceError:
        return
    assert "haha" not in text
    assert "xxxx" not in text


@pytest.mark.parametrize(
    "hostile",
    [  # case 22: what an outside entity, a DTD or XInclude would bring in
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'FILE'>]>" + rss(item(1, "a&x;b")),
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'FILE'>]>" + rss(item(1, "& a&x;b")),
        "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'FILE'>%x;]>" + rss(item(1, "ab")),
        "<!DOCTYPE rss SYSTEM 'FILE'>" + rss(item(1, "ab")),
        rss(
            item(
                1,
                "a<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='FILE' "
                "parse='text'/>b",
            )
        ),
        "<?xml-stylesheet href='FILE'?>" + rss(item(1, "ab")),
    ],
)
@pytest.mark.parametrize("told", ["GEHEIM", "<!ENTITY y 'GEHEIM'>"])
def test_nothing_from_outside_the_document_comes_in(hostile: str, told: str, tmp_path) -> None:
    secret = tmp_path / "geheim"
    secret.write_text(told)  # such as text takes in, or a DTD

    assert "GEHEIM" not in text_of(read(hostile.replace("FILE", secret.as_uri())))


@pytest.mark.parametrize("depth", [300, 100_000])  # case 23
def test_deep_nesting_is_refused_or_read_but_never_followed(depth: int) -> None:
    with pytest.raises(SourceError, match="depth"):
        read(rss(item(1), "<a>" * depth, "</a>" * depth))


def test_deep_nesting_in_html_is_read_to_its_bottom() -> None:  # case 23
    deep = "&lt;div&gt;" * 50_000 + "onderin" + "&lt;/div&gt;" * 50_000
    feed = read(rss(f"<item><link>/a</link><description>{deep}</description></item>"))

    assert feed.entries[0].lead == "onderin"


@pytest.mark.parametrize("broken", ["", "& "])  # case 24
def test_two_hundred_thousand_attributes_are_survived(broken: str) -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(200_000))

    assert titles(read(rss(broken, f"<item {attributes}><title>Kop</title><link>/a</link></item>")))


def test_two_hundred_thousand_items_are_cut_and_said_to_be() -> None:  # case 24
    feed = read(rss("<item><link>/a</link></item>" * 200_000))

    assert len(feed.entries) == MAX_ITEMS
    assert not feed.complete
    assert "read in part" in str(feed.fault)


def test_more_items_than_the_cap_are_cut_and_said_to_be() -> None:  # case 24
    feed = read(rss(*(item(number) for number in range(MAX_ITEMS + 1))))

    assert (len(feed.entries), feed.complete) == (MAX_ITEMS, False)
    assert read(rss(*(item(number) for number in range(MAX_ITEMS)))).complete


def test_a_feed_over_the_size_cap_is_refused() -> None:  # case 25
    with pytest.raises(SourceError, match="larger than"):
        read(rss(item(1, "x" * 10_000_000)))


def test_a_feed_as_large_as_the_configuration_allows_is_read() -> None:
    large = rss(item(1)).replace("<item>", f"{' ' * MAX_BYTES}<item>").encode()

    for body in (large, gzip.compress(large)):
        feed = parse_feed(
            body, url="https://a.example/", content_type="", source="s", now=NOW, limit=len(large)
        )
        assert len(feed.entries) == 1


def test_a_packed_feed_is_unpacked_up_to_the_size_cap() -> None:  # cases 1-4
    assert titles(read(gzip.compress(RSS_2.encode()))) == titles(read(RSS_2))
    with pytest.raises(SourceError):
        read(gzip.compress(b" " * (MAX_BYTES + 1)))


def test_texts_are_cut_to_their_caps() -> None:  # case 25
    long = "woord " * 1_000_000
    feed = read(
        rss(
            f"<item><title>{long}</title><link>/a</link></item>",
            f"<item><link>/b</link><description>&lt;p&gt;{long[:1_500_000]}</description></item>",
        )
    )

    assert len(feed.entries[0].title) <= MAX_TITLE
    assert len(feed.entries[1].lead) <= MAX_BODY


@pytest.mark.parametrize("document", [RSS_2, ATOM])  # case 26
def test_a_feed_that_breaks_off_keeps_its_complete_items(document: str) -> None:
    whole = read(document).entries
    ends = [found.end() for found in re.finditer("</(?:item|entry)>", document)]

    for cut in range(document.index("<title"), len(document) - 3, 7):
        try:
            feed = read(document.encode()[:cut])
        except SourceError:
            continue
        complete = sum(end <= cut for end in ends)
        assert feed.entries[:complete] == whole[:complete]
        assert len(feed.entries) == complete
        assert not feed.complete


def test_a_feed_that_breaks_off_within_a_letter_keeps_its_complete_items() -> None:
    body = rss(item(1, "Syrië"), item(2, "Irakë")).encode()

    assert titles(read(body[: body.rindex("ë".encode()) + 1])) == ["Syrië"]


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x0b", "&#0;", "&#x1b;", "&#xD800;", "&#xFFFF;"])
def test_characters_that_xml_forbids_are_taken_out(mark: str) -> None:  # cases 27-28
    feed = read(rss(item(1, f"kali{mark}faat"), item(2)))

    assert titles(feed) == ["kalifaat", "Kop"]
    assert feed.complete


def test_utf16_is_read_with_and_without_a_mark() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert titles(read(rss(item(1, "Syrië")).encode(encoding))) == ["Syrië"]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii", "nonsense", "utf-16"])
@pytest.mark.parametrize("actual", ["utf-8", "cp1252"])
def test_a_wrong_declaration_of_the_character_set_is_seen_through(  # case 29
    declared: str, actual: str
) -> None:
    document = f"<?xml version='1.0' encoding='{declared}'?>" + rss(item(1, "Syrië – één “jaar”"))

    assert titles(read(document.encode(actual))) == ["Syrië – één “jaar”"]


def test_the_character_set_of_the_header_counts_where_the_document_has_none() -> None:
    body = rss(item(1, "Ĉefaj novaĵoj")).encode("iso-8859-3")

    assert titles(read(body, "text/xml; charset=ISO-8859-3")) == ["Ĉefaj novaĵoj"]


def test_utf7_is_not_decoded() -> None:  # case 30
    document = "<?xml version='1.0' encoding='utf-7'?>" + rss(item(1, "+ADw-script+AD4-"))

    assert titles(read(document)) == ["+ADw-script+AD4-"]


@pytest.mark.parametrize(
    "broken",
    [  # case 30
        "vraag & antwoord",
        "vraag &antwoord;",
        "vraag <b>vet",
        "<o:p>Word</o:p> vraag",
        "&eacute;&euro;&nbsp;&amp;lt;vraag",
        "vraag <a href=x>antwoord</a>",
    ],
)
def test_markup_with_common_faults_is_mended(broken: str) -> None:
    feed = read(rss(item(1), item(2, broken), item(3)))

    assert len(feed.entries) == 3
    assert "vraag" in feed.entries[1].title or "<b>" in broken
    assert feed.entries[2].url.endswith("/3")


def test_words_before_the_feed_are_passed_over() -> None:
    warning = "\n<br />\n<b>Warning</b>: iets in <b>/var/www</b><br />\n"

    assert len(read(warning + RSS_2).entries) == 2


def test_a_link_with_bare_ampersands_keeps_its_parameters() -> None:
    feed = read(rss("<item><link>https://nieuws.example/?a=1&b=2</link></item>"))

    assert feed.entries[0].url == "https://nieuws.example/?a=1&b=2"


def test_a_prefix_nobody_declared_is_read_as_what_it_is_elsewhere() -> None:
    feed = read(rss("<item><link>/a</link><dc:creator>Sanne</dc:creator><x:y z:w='1'/></item>"))

    assert feed.entries[0].author == "Sanne"


def test_what_cannot_be_mended_is_still_read() -> None:
    feed = read(
        rss(
            "<item a='1' a='2'><title>Kop <b>vet</title><link>https://nieuws.example/1</link>"
            "<guid>g1</guid><pubDate>Thu, 12 Mar 2026 14:05:00 CET</pubDate></item>"
        )
    )

    assert titles(feed) == ["Kop vet"]
    assert feed.entries[0].published.hour == 13  # feedparser would say 14


@pytest.mark.parametrize(
    ("body", "what"),
    [  # cases 19 and 31
        (
            "<!DOCTYPE html><html><head><title>Privacy Gate</title></head><body/></html>",
            "Privacy Gate",
        ),
        (
            "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Onderhoud</title></head></html>",
            "Onderhoud",
        ),
        ("<html><title>\x1b[31m" + "x" * 5000, "web page"),
        ("", "empty"),
        (" \r\n\x00", "empty"),
        ("\ufeff", "empty"),
        ("Not Found", "no feed"),
        ("<opml version='2.0'><body/></opml>", "no feed|not a feed|web page"),
        ('{"error": "gone"}', "not a feed"),
        ('{"items": ', "broken JSON"),
        ('{"items": ' + "[" * 200_000, "nested"),
        ('{"items": [{"id": ' + "9" * 9_999 + "}]}", "broken JSON"),
        ('"items"', "no feed"),
        ("[1]", "not a feed"),
        ("%PDF-1.7", "no feed"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_clear_word(body: str, what: str) -> None:
    with pytest.raises(SourceError, match=what) as caught:
        read(body)

    assert caught.value.source == "waarnemer"
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(  # cases 39-41
    "title",
    [
        "\u202ekalifaat",
        "<script>x()</script>kalifaat",
        "<![CDATA[<img src=x onerror=x()>kalifaat]]>",
    ],
)
def test_tricks_in_a_title_leave_text_alone(title: str) -> None:
    assert titles(read(rss(item(1, title)))) == ["kalifaat"]


@pytest.mark.parametrize(
    "member",
    ['{"id": true}', '{"url": 7}', '{"url": "/a", "tags": "x", "authors": [7, null], "title": []}'],
)
def test_members_of_a_wrong_type_are_passed_over(member: str) -> None:
    feed = read(f'{{"version": 3, "title": {{}}, "items": [{member}, 7, null]}}')

    assert len(feed.entries) + feed.dropped == 3  # what is no item is told as dropped


@pytest.mark.parametrize(
    "document",
    [
        "<atom:feed><atom:entry><atom:title>Kop</atom:title><atom:link href='/1'/></atom:entry>"
        "</atom:feed>",
        "<a:feed><a:entry><a:title>Kop</a:title><a:link href='/1'/></a:entry></a:feed>",
        "<rss:rss><rss:channel><rss:item><rss:title>Kop</rss:title><rss:link>/1</rss:link>"
        "</rss:item></rss:channel></rss:rss>",
    ],
)
def test_a_feed_whose_prefix_nobody_declared_is_a_feed(document: str) -> None:
    assert kind_of(document.encode()) is SourceKind.FEED
    assert titles(read(document)) == ["Kop"]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize(
    "broken",
    [
        "<title>{}</title><link>/{}</link><description><![CDATA[Val van Baghuz</description>",
        "<title>{}</title><link>/{}</link><description><![CDATA[Val van Baghuz",
        "<link>/{1}</link><title><![CDATA[{0}</title>",
    ],
)
def test_a_section_that_nobody_closed_swallows_no_item(broken: str, at: int) -> None:
    sound = "<title>{}</title><link>/{}</link><description><![CDATA[<b>Val</b>]]></description>"
    items = [
        f"<item>{(broken if number == at else sound).format(f'Kop {number}', number)}</item>"
        for number in range(3)
    ]

    feed = read(rss(*items))

    assert titles(feed) == ["Kop 0", "Kop 1", "Kop 2"]
    assert feed.fault is None


def test_a_section_may_tell_of_items_and_of_sections() -> None:
    told = "Een feed heeft <i>&lt;item></item></i> en <![CDATA[ ]]]]><![CDATA[>, schrijft hij."
    items = f"<item><link>/1</link><description><![CDATA[{told}]]></description></item>"

    feed = read(rss(items, item(2)))

    assert len(feed.entries) == 2
    assert feed.entries[0].lead.endswith(", schrijft hij.")


@pytest.mark.parametrize("feed", [RSS_2, ATOM])
@pytest.mark.parametrize(
    ("page", "times"),
    [
        ("<html><body><pre>{}</pre></body></html>", 1),
        ('<!DOCTYPE html><html><head><title>rss</title></head><body><pre style="a">{}</pre>', 1),
        ("<pre>{}", 1),
        ("{}", 1),
        ("\n{}", 3),
        ("<html><body><textarea>{}</textarea><p>De redactie</p></body></html>", 2),
    ],
)
def test_a_feed_whose_source_a_page_shows_is_read(feed: str, page: str, times: int) -> None:
    shown = feed
    for _ in range(times):
        shown = escape(shown, quote=times == 1)
    broken = shown.replace("\n", "<br />\n")

    assert read(page.format(shown), "text/html").entries == read(feed).entries
    assert read(page.format(broken), "text/html").entries == read(feed).entries


def test_a_page_that_explains_feeds_is_none() -> None:
    with pytest.raises(SourceError, match="a web page"):
        read(f"<html><body><p>Zo maak je een feed:</p><pre>{escape(RSS_2)}</pre></body></html>")


@pytest.mark.parametrize("layers", [2, 3])
def test_a_feed_that_is_packed_several_times_is_read(layers: int) -> None:
    packed = RSS_2.encode()
    for _ in range(layers):
        packed = gzip.compress(packed)

    assert read(packed, "text/xml").entries == read(RSS_2).entries
