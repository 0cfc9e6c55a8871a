"""Whatever happens to a feed on its way, reading it gives a feed or a SourceError."""

import random

import pytest
from feed_samples import ATOM, JSON_FEED, NOW, RDF, RSS_091, RSS_2, URL, item, rss
from hypothesis import given, settings, strategies as st

from crawler.errors import SourceError
from crawler.feeds.feed import parse_feed
from crawler.feeds.listing import Listing

SAMPLES = [text.encode() for text in (RSS_2, RSS_091, RDF, ATOM, JSON_FEED, rss(item()))]
POISON = [
    *(b"\x00", b"\x1b[2J", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1f\x8b\x08"),
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml version='1.0'?>", b"&#0;"),
    *(
        b"</item>",
        b"<item>",
        b"<entry/>",
        b"</channel>",
        b"</rss>",
        b"<feed>",
        b"<html>",
        b"xmlns=",
    ),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#xD800;", b"&#99999999999;", b'"', b"'", b"="),
    *(b"<a:b c:d='e'/>", b"<div hidden>", b"9" * 400, b"\xe2\x80\xae", b"{", b"[", b'"items":'),
]


def mutated(seed: int) -> bytes:
    """A sample with some of: bytes changed, pieces cut, doubled, moved, poison put in."""
    chance = random.Random(seed)
    body = bytearray(chance.choice(SAMPLES))
    for _ in range(chance.randint(1, 8)):
        a, b = sorted(chance.randrange(len(body) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0 if b > a:
                body[a] = chance.randrange(256)
            case 1:
                del body[a : min(b, a + 200)]
            case 2:
                body[a:a] = body[a:b] * chance.randint(1, 3)
            case 3:
                body[a:a] = chance.choice(POISON) * chance.choice([1, 1, 2, 300])
            case 4:
                del body[b:]
            case _:
                body[a:b], body[:0] = b"", body[a:b]
    return bytes(body)


def check(body: bytes, content_type: str = "application/xml") -> None:
    try:
        feed = parse_feed(body, url=URL, content_type=content_type, source="s", now=NOW)
    except SourceError:
        return
    assert isinstance(feed, Listing)
    for entry in feed.entries:
        assert entry.url.startswith(("https://", "http://"))
        assert entry.title.isprintable()
        assert not any(char in entry.lead + entry.body for char in "\x00\x1b\r\ud800\u202e")
        assert entry.published is None or entry.published <= NOW


@pytest.mark.parametrize("batch", range(4))
def test_four_hundred_mutated_feeds_raise_nothing_else(batch: int) -> None:
    for seed in range(100 * batch, 100 * batch + 100):
        check(mutated(seed))


@pytest.mark.slow
def test_two_thousand_mutated_feeds_raise_nothing_else() -> None:
    for seed in range(10_000, 12_000):
        check(mutated(seed))


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_with_any_content_type_raise_nothing_else(body: bytes, kind: str) -> None:
    check(body, kind)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*POISON, b"<title>", b"<link>", b"https://a.example/1", b"</title>"]),
        max_size=40,
    ),
    st.sampled_from([b"<rss><channel><item>", b"<feed><entry>", b"<rdf:RDF>", b'{"items":[']),
)
def test_any_heap_of_markup_raises_nothing_else(pieces: list[bytes], start: bytes) -> None:
    check(start + b"".join(pieces))
