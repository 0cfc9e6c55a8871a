"""The address of an item, however its feed writes it and wherever it stands."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import pytest
from feed_samples import ATOM_HEAD, MISWRITTEN, NOW, URL, atom, feed_of, json_feed, of_item, read

from crawler.feeds.feed import parse_feed

RIGHT = "https://nieuws.example/echt"
OTHER = "https://elders.example/"


@pytest.mark.parametrize(
    "around",
    [
        *(
            '"{}"',
            "<{}>",
            "({})",
            "[{0}]({0})",
            "{},",
            "{0}\n    {0}",
            "\n  “{}”\n",
            "[url={}]a[/url]",
        ),
        *("Lees meer: {}", "Aanslag in Baghuz | {}", "– {}", "URL: {}"),
    ],
)
def test_the_address_in_a_link_is_read_without_what_stands_around_it(around: str) -> None:
    address = "https://nieuws.example/buitenland/a-1"
    written = escape(around.format(address), {'"': "&quot;", "\n": "&#10;"})

    entries = [
        of_item(f"<title>Kop</title><link>{written}</link>"),
        of_item(f"<title>Kop</title><comments>{written}</comments>"),
        atom(f"<title>Kop</title><link href='{written}'/>"),
        json_feed(url=around.format(address)),
    ]
    if not around[:1].isalpha() and around[:1] != "–":  # an id may hold words: it is no address
        entries.append(of_item(f"<title>Kop</title><guid>{written}</guid>"))

    assert [entry.url for entry in entries] == [address] * len(entries)


@pytest.mark.parametrize(
    "guid", ["12345 at https://nieuws.example", "kop https://nieuws.example/b"]
)
def test_an_id_with_words_before_an_address_is_none(guid: str) -> None:
    assert of_item(f"<link>/a</link><guid>{guid}</guid>").url == "https://nieuws.example/a"


def test_an_item_of_rdf_has_its_address_in_either_namespace() -> None:
    feed = read(
        "<rdf:RDF xmlns:rdf='https://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/"
        "rss/1.0/'><item rdf:about='https://nieuws.example/a'><title>Kop</title></item></rdf:RDF>"
    )

    assert [entry.url for entry in feed.entries] == ["https://nieuws.example/a"]


def test_relative_links_in_rss_are_those_of_the_site() -> None:
    channel = "<link>https://krant.example/nieuws/</link>"
    inner = "<link>{}</link><enclosure url='/f.jpg' type='image/jpeg'/>"
    rooted, beside = (
        of_item(inner.format("/a"), "", channel),
        of_item(inner.format("a"), "", channel),
    )

    assert (rooted.url, rooted.image) == (
        "https://krant.example/a",
        "https://krant.example/f.jpg",
    )
    assert beside.url == "https://krant.example/nieuws/a"


@pytest.mark.parametrize(
    "channel",
    [
        "<link>krant.example</link>",
        "<link/><link>https://krant.example/</link>",
        "<a:link href='https://krant.example/' xmlns:a='http://www.w3.org/2005/Atom'/>",
        "<a:link rel='self' href='/rss' xmlns:a='http://www.w3.org/2005/Atom'/>"
        "<a:link rel='alternate' href='https://krant.example/' xmlns:a='http://www.w3.org/2005/Atom'/>",
    ],
)
def test_the_site_is_known_however_the_channel_names_it(channel: str) -> None:
    assert of_item("<link>/a</link>", "", channel).url == "https://krant.example/a"
    assert of_item("<guid>/a</guid>", "", channel).url == "https://krant.example/a"


def test_a_relative_link_in_atom_has_nothing_to_do_with_the_site() -> None:
    site = "<link href='https://krant.example/'/>"
    feed = read(f"{ATOM_HEAD}{site}<entry><title>Kop</title><link href='/a'/></entry></feed>")
    bare = read(
        f"{ATOM_HEAD}{site}<entry><title>Kop</title><summary>Kort.</summary></entry></feed>"
    )

    assert feed.entries[0].url == "https://nieuws.example/a"
    assert bare.entries[0].url == "https://krant.example/"


def test_a_guid_names_the_article_where_each_link_is_the_home_page() -> None:
    channel = "<link>https://krant.example/</link>"
    entry = of_item(f"<link>https://krant.example</link><guid>{RIGHT}</guid>", "", channel)

    assert entry.url == RIGHT


@pytest.mark.parametrize(
    "inner",
    [
        f"<m:link href='{OTHER}'/><link>{RIGHT}</link>",
        f"<link>{RIGHT}</link><m:link type='text/html' href='{OTHER}'/>",
        f"<m:link>{OTHER}</m:link><guid>{RIGHT}</guid>",
        f"<link>{RIGHT}</link><a:link rel='alternate' type='text/html' href='{OTHER}'/>",
        f"<link>#</link><a:link href='{RIGHT}'/>",
        f"<link>N/A</link><guid isPermaLink='false'>{RIGHT}</guid>",
        f"<link>none</link><m:link href='{RIGHT}'/>",
        f"<link>n.v.t.</link><guid>{RIGHT}</guid>",
        f"<link>0</link><guid>{RIGHT}</guid>",
        f"<link><a href='{RIGHT}'>Kop</a></link>",
        f'<link>&lt;a href="{RIGHT}"&gt;Kop&lt;/a&gt;</link>',
        f"<link>http://{RIGHT}</link>",
        f"<link>https://nieuws.example{RIGHT}</link>",
        "<link>https//nieuws.example/echt</link>",
        "<link>http:///echt</link>",
        "<link>nieuws.example/echt</link>",
        *(f"<link>{written}</link>" for written in MISWRITTEN),
        *(f"<a:link href='{written}'/>" for written in MISWRITTEN),
        f"<p:origLink xmlns:p='http://p.example/'>{RIGHT}</p:origLink><link>{OTHER}</link>",
    ],
)
def test_the_link_of_an_item_is_that_of_its_own_format(inner: str) -> None:
    spaces = "xmlns:m='http://reclame.example/' xmlns:a='http://www.w3.org/2005/Atom'"
    entry = of_item(inner, spaces)

    assert entry.url == RIGHT


@pytest.mark.parametrize(
    "link",
    [
        f"<link rel='http://www.iana.org/assignments/relation/alternate' href='{RIGHT}'/>",
        f"<link rel='bookmark alternate' href='{RIGHT}'/><link rel='edit' href='{OTHER}'/>",
        f"<link rel='self' href='{RIGHT}'/>",
        f"<link rel='self' href='{OTHER}'/><link rel='ALTERNATE' href='{RIGHT}'/>",
        f"<link xmlns:n='urn:n' n:rel='alternate' n:href='{RIGHT}'/>",
        f"<link hreflang='en' href='{OTHER}'/><link hreflang='nl-BE' href='{RIGHT}'/>",
        f"<link hreflang='ar' type='text/html' href='{OTHER}'/><link href='{RIGHT}'/>",
        f"<link hreflang='en' href='{OTHER}'/><link hreflang='nl_BE' href='{RIGHT}'/>",
        f"<link hreflang='en' href='{OTHER}'/><link hreflang='x-default' href='{RIGHT}'/>",
        f"<link rel='https://www.iana.org/link-relations/#alternate' href='{RIGHT}'/>",
        f"<link rel='bookmark' href='{RIGHT}'/>",
        f"<link rel='shortlink' href='{OTHER}'/><link rel='canonical' href='{RIGHT}'/>",
        f"<link rel='self' type='application/atom+xml' href='{RIGHT}'/>",
        f"<content type='text/html' src='{RIGHT}'/>",
    ],
)
def test_an_atom_entry_leads_to_its_article_in_the_language_of_the_source(link: str) -> None:
    body = f"{ATOM_HEAD}<entry><id>urn:1</id>{link}</entry></feed>".encode()
    feed = parse_feed(body, url=URL, content_type="", source="s", now=NOW, language="nl")

    assert [entry.url for entry in feed.entries] == [RIGHT]


@pytest.mark.parametrize(
    ("inner", "url", "image"),
    [
        ("<content type='text/html' src='echt'/>", RIGHT, None),
        (
            "<link href='echt'/><link rel='enclosure' type='image/jpeg' href='f.jpg'/>",
            RIGHT,
            "https://nieuws.example/f.jpg",
        ),
        (
            f"<link href='{RIGHT}'/><link rel='enclosure' type='image/png' xml:base='{OTHER}' "
            "href='f.png'/>",
            RIGHT,
            f"{OTHER}f.png",
        ),
    ],
)
def test_what_an_entry_names_beside_its_links_has_its_base_too(
    inner: str, url: str, image: str | None
) -> None:
    base = "xml:base='https://nieuws.example/'"
    entry = f"<entry {base}><id>urn:1</id>{inner}</entry>"
    feed = read(f"{ATOM_HEAD}{entry}</feed>", url="https://elders.example/rss/x")

    assert [(one.url, one.image) for one in feed.entries] == [(url, image)]


@pytest.mark.parametrize(
    "base",
    [
        " https://elders.example/map/ ",
        "\n\thttps://elders.example/map/\n",
        "https:\\\\elders.example\\map\\",
        "//elders.example/map/",
        '"https://elders.example/map/"',
        "feed://elders.example/map/",
    ],
)
@pytest.mark.parametrize("inner", ["", " map/ ", " ", "/map/"])
def test_a_base_is_read_however_it_is_written(base: str, inner: str) -> None:
    outer = re.sub(r"map[/\\]", "", base) if "map" in inner else base
    entry = f"<entry xml:base='{inner}'><title>Kop</title><link href='a'/></entry>"
    feed = read(f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{outer}'>{entry}</feed>")

    assert feed.entries[0].url == "https://elders.example/map/a"


@pytest.mark.parametrize("host", ["krant", "krant:8080", "localhost", "127.0.0.1"])
def test_a_host_without_a_dot_stays_where_the_feed_has_it(host: str) -> None:
    feed = read(f"<rss><item><link>//{host}/a</link></item></rss>", url=f"http://{host}/")

    assert feed.entries[0].url == f"http://{host}/a"


@pytest.mark.parametrize("written", ["?url=a\\b", "#a\\b"])
def test_a_backslash_behind_the_path_stays(written: str) -> None:
    assert of_item(f"<link>/a{written}</link>").url == f"https://nieuws.example/a{written}"


def test_an_address_without_its_scheme_is_completed() -> None:
    entry = of_item("<link>www.krant.example/a</link>")

    assert entry.url == "https://www.krant.example/a"


@pytest.mark.parametrize("link", ["", "<link>#</link>", "<link>N/A</link>", "<link>-</link>"])
def test_an_item_that_leads_nowhere_is_read_at_the_site(link: str) -> None:
    site = "<link>https://krant.example/</link>"
    entry = of_item(f"{link}<description>Luchtaanval.</description>", "", site)

    assert entry.url == "https://krant.example/"
    assert feed_of(f"{link}<description>Luchtaanval.</description>").dropped == 1
    assert feed_of(link, "", site).dropped == 1


@pytest.mark.parametrize("link", ["", "<link>https://krant.example/</link>"])
def test_an_item_that_links_only_its_comments_has_the_address_of_their_page(link: str) -> None:
    item = f"{link}<comments>/nieuws/kop/#respond</comments><title>Kop</title>"
    entry = of_item(item, channel="<link>https://krant.example</link>")

    assert entry.url == "https://krant.example/nieuws/kop/"
