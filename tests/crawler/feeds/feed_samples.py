"""Invented feeds in the habits of each kind, shared by the tests of this folder."""

import json
from datetime import UTC, datetime

from crawler.feeds.feed import parse_feed
from crawler.feeds.listing import Listing
from crawler.model import FeedEntry

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
URL = "https://nieuws.example/rss.xml"

RSS_2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>De Waarnemer | Buitenland</title>
<link>https://nieuws.example/buitenland</link>
<atom:link href="https://nieuws.example/rss.xml" rel="self" type="application/rss+xml"/>
<ttl>10</ttl>
<skipHours><hour>1</hour><hour>2</hour><hour>24</hour></skipHours>
<item>
<title>Laatste dorp van het kalifaat ingenomen</title>
<link>https://nieuws.example/artikel/2500001-laatste-dorp</link>
<atom:link rel="self" href="https://nieuws.example/api/2500001" type="application/json"/>
<description>&lt;p&gt;De SDF zegt het dorp te hebben veroverd.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>De SDF zegt het dorp te hebben veroverd.</p>
<p>Volgens een woordvoerder zijn de laatste strijders gevlucht.</p>]]></content:encoded>
<pubDate>Thu, 12 Mar 2026 14:05:00 CET</pubDate>
<guid isPermaLink="false">https://nieuws.example/-/2500001/</guid>
<category>Buitenland</category><category>Syri&#235;</category>
<dc:creator>Sanne de Wit</dc:creator><dc:creator>Karim Aziz</dc:creator>
<media:group><media:content url="/foto/1.jpg" medium="image"/></media:group>
<premium>true</premium>
</item>
<item>
<title>Tweede bericht &amp; meer</title>
<guid>https://nieuws.example/artikel/2500002</guid>
<pubDate>do, 12 mrt 2026 13:00:00 +0100</pubDate>
<author>redactie@nieuws.example (Redactie Buitenland)</author>
<enclosure url="https://nieuws.example/foto/2.jpg" type="image/jpeg" length="1"/>
<premium>false</premium>
</item>
</channel></rss>"""

RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Streekomroep</title><link>https://streek.example/</link>
<item><title>Caf&eacute; in de binnenstad dicht</title><link>https://streek.example/nieuws/7</link>
<description>De zaak sluit per direct.</description></item></channel></rss>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://krant.example/rdf"><title>De Krant</title>
<link>https://krant.example/</link>
<items><rdf:Seq><rdf:li resource="https://krant.example/a"/></rdf:Seq></items></channel>
<item rdf:about="https://krant.example/a"><title>Kop</title><link>https://krant.example/a</link>
<dc:date>2026-03-12T14:05:00+01:00</dc:date><dc:creator>Een verslaggever</dc:creator>
<dc:subject>Politiek</dc:subject></item></rdf:RDF>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:vrtns="http://www.omroep.example/ns">
<title type="text">Omroep Voorbeeld</title>
<link rel="self" href="https://omroep.example/nl.rss.articles.xml"/>
<link rel="alternate" type="text/html" href="https://omroep.example/nl/"/>
<entry>
<title type="html">Rechtbank &amp;amp; parket oneens</title>
<link rel="enclosure" type="image/jpeg" href="https://omroep.example/foto.jpg"/>
<link rel="alternate" type="application/json" href="https://omroep.example/nl/a.json"/>
<link rel="alternate" type="text/html" href="/nl/2026/03/12/rechtbank/"/>
<link rel="self" href="https://omroep.example/atom/1"/>
<id>tag:omroep.example,2026:1</id>
<published>2026-03-12T13:05:00Z</published><updated>2026-03-12T15:00:00Z</updated>
<summary type="html">&lt;p&gt;Een kort overzicht.&lt;/p&gt;</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eerste alinea.</p><p>Tweede
 <b>alinea</b>.</p><script>alert(1)</script></div></content>
<author><name>Joke Peeters</name><email>j@omroep.example</email></author>
<contributor><name>Een ander</name></contributor>
<vrtns:nstag name="binnenland">Binnenland</vrtns:nstag>
</entry>
<entry><title>Alleen bijgewerkt</title><id>urn:2</id>
<link href="https://omroep.example/nl/2"/><updated>2026-03-12T15:00:00Z</updated></entry>
</feed>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Weekblad",
"home_page_url": "https://weekblad.example/", "items": [
{"id": 17, "url": "https://weekblad.example/17", "title": "Essay over \\ud83d\\ude00 en \\ud800",
 "content_html": "<p>Een.</p><p>Twee.</p>", "summary": "Kort.", "image": "/17.jpg",
 "date_published": "2026-03-12T14:05:00+01:00", "date_modified": "2026-03-12T16:05:00+01:00",
 "authors": [{"name": "Ilse Bos"}, {"url": "https://x.example"}], "tags": ["opinie"]},
{"id": "18", "external_url": "https://weekblad.example/18", "title": null, "content_text": "Los."},
"geen item"]}"""

# Of https://nieuws.example/echt, in a list of that host.
MISWRITTEN = [
    "feed://nieuws.example/echt",
    "feed:https://nieuws.example/echt",
    "feed:/echt",
    "rss://nieuws.example/echt",
    "https:\\\\nieuws.example\\echt",
    "https:\\nieuws.example/echt",
    "\\\\nieuws.example\\echt",
    "\\echt",
    "//nieuws.example/echt",
    "///nieuws.example/echt",
    "://nieuws.example/echt",
    "//echt",
    "htps://nieuws.example/echt",
    "ttps://nieuws.example/echt",
    "https;//nieuws.example/echt",
    "https://https//nieuws.example/echt",
    "https%3A%2F%2Fnieuws.example%2Fecht",
]

ITEM = "<item><title>{title}</title><link>https://nieuws.example/a/{n}</link></item>"


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>"


def item(number: int = 1, title: str = "Kop") -> str:
    return ITEM.format(n=number, title=title)


def read(body: str | bytes, content_type: str = "application/xml", url: str = URL) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(data, url=url, content_type=content_type, source="waarnemer", now=NOW)


ATOM_HEAD = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='nl'>"


def atom(entry: str) -> FeedEntry:
    return read(f"{ATOM_HEAD}<entry><id>urn:1</id>{entry}</entry></feed>").entries[0]


def feed_of(inner: str, declared: str = "", channel: str = "") -> Listing:
    item = f"<item>{inner}</item>"
    return read(f"<rss version='2.0' {declared}><channel>{channel}{item}</channel></rss>")


def of_item(inner: str, declared: str = "", channel: str = "") -> FeedEntry:
    return feed_of(inner, declared, channel).entries[0]


def json_feed(**item: object) -> FeedEntry:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a"} | item]}
    return read(json.dumps(document), "application/json").entries[0]
