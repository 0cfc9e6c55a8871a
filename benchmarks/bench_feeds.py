"""What reading a feed of 50 items costs, compared with feedparser and with lxml's parser alone.

It prints CPU time per feed. "As in the catalogue" weighs the forms as its feeds have them: half are
plain summaries, four in ten have mark-up in them or are Atom, one in ten (NOS) has the whole text.
The last rows are broken feeds: one that is repaired, and one that only feedparser reads.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import feedparser
from lxml import etree

from crawler.feeds.feed import parse_feed

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
URL = "https://nieuws.example/rss.xml"
ITEMS = 50
ROUNDS = 9
REPEAT = 5

SUMMARY = (
    "De gemeente Oudeschans sluit de brug over de Linge tot in de zomer, omdat er scheuren in "
    "twee pijlers zitten. Bussen rijden zolang om over de dijk."
)
LINK = ' <a href="https://nieuws.example/meer">Lees meer</a>'
WHOLE = "".join(f"<p>{SUMMARY}</p>" for _ in range(10))
SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(description: str) -> bytes:
    """A feed as most outlets write it."""
    items = "".join(
        f"<item><title>Brug over de Linge dicht voor al het verkeer {number}</title>"
        f"<link>https://nieuws.example/artikel/{2_500_000 + number}-brug-dicht</link>"
        f"<description>{description}</description>"
        f"<pubDate>Thu, 12 Mar 2026 14:{number:02d}:00 +0100</pubDate>"
        f'<guid isPermaLink="false">https://nieuws.example/artikel/{2_500_000 + number}</guid>'
        "<category>Regio</category><dc:creator>Redactie</dc:creator>"
        f'<media:content url="https://beeld.example/{number}.jpg" type="image/jpeg"/></item>'
        for number in range(ITEMS)
    )
    head = "<title>Nieuws</title><link>https://nieuws.example/</link>"
    text = (
        f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel>{head}{items}</channel></rss>'
    )
    return text.encode()


def atom() -> bytes:
    """An Atom feed with several links for each entry."""
    entries = "".join(
        f"<entry><title>Brug dicht {number}</title><id>urn:nieuws:{number}</id>"
        f'<link rel="alternate" type="text/html" href="https://nieuws.example/{number}"/>'
        f'<link rel="enclosure" type="image/jpeg" href="https://beeld.example/{number}.jpg"/>'
        f"<updated>2026-03-12T14:{number:02d}:00+01:00</updated>"
        f'<published>2026-03-12T13:{number:02d}:00+01:00</published><summary type="html">'
        f"&lt;p&gt;{SUMMARY}&lt;/p&gt;</summary></entry>"
        for number in range(ITEMS)
    )
    space = 'xmlns="http://www.w3.org/2005/Atom"'
    return f"<feed {space}><title>Nieuws</title>{entries}</feed>".encode()


def escaped(markup: str) -> str:
    """Mark-up, escaped as the text of a feed."""
    return markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SOUND = {
    "plain summaries": (0.5, rss(SUMMARY)),
    "summaries with mark-up": (0.3, rss(escaped(f"<p>{SUMMARY}{LINK}</p>"))),
    "Atom": (0.1, atom()),
    "the whole text": (0.1, rss(f"<![CDATA[{WHOLE}]]>")),
}
BROKEN = {
    "bare ampersands": rss(SUMMARY.replace("en", "& ")),
    "overlapping elements": rss(f"<b><i>{SUMMARY}</b></i>"),
}


def read(body: bytes) -> object:
    """Do what the crawl does with a feed."""
    return parse_feed(body, url=URL, content_type="text/xml", source="nieuws", now=NOW)


def milliseconds(function: Callable[[bytes], object], body: bytes) -> float:
    """CPU time for one feed, the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPEAT):
            function(body)
        rounds.append((time.process_time() - start) / REPEAT)
    return 1_000 * statistics.median(rounds)


def main() -> None:
    """Print the table."""
    print(f"{'50 items':26}{'kB':>6}{'ours':>10}{'feedparser':>13}{'lxml alone':>13}{'ratio':>8}")
    ours = theirs = 0.0
    for name, (share, body) in SOUND.items():
        mine, other, bare = (
            milliseconds(function, body) for function in (read, feedparser.parse, etree.fromstring)
        )
        ours, theirs = ours + share * mine, theirs + share * other
        numbers = f"{mine:7.2f} ms{other:10.1f} ms{bare:10.2f} ms{other / mine:7.1f}x"
        print(f"{name:26}{len(body) / 1_000:6.0f}{numbers}")
    row = f"{ours:7.2f} ms{theirs:10.1f} ms"
    print(f"{'as in the catalogue':26}{'':6}{row}{'':13}{theirs / ours:7.1f}x")
    for name, body in BROKEN.items():
        mine, other = milliseconds(read, body), milliseconds(feedparser.parse, body)
        numbers = f"{mine:7.2f} ms{other:10.1f} ms{'':13}{other / mine:7.1f}x"
        print(f"{name:26}{len(body) / 1_000:6.0f}{numbers}")


if __name__ == "__main__":
    main()
