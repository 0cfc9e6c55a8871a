"""Invented outlets on loopback: pages as Dutch news sites have them, and their feeds.

    python newspapers.py OUTLETS EACH SHOWN

prints its port and serves until its standard input closes. A feed lists the first SHOWN entries of
its outlet, and all of its EACH once somebody has asked for `/all`. Pages have 60 to 90 kB, with
menus, boxes, scripts, styles and JSON-LD around some 420 words, under the names of three outlets. A
fifth of the texts came with an agency: another outlet has them too, with small edits. One in twelve
is about the subject of the shipped rules.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from loadserver import Outlets, answer, conditional, host, outlet_of, port_of
from rulework import articles, language

from alerts.document import Document

ROOT = Path(__file__).parent.parent
BEGAN = datetime.now(UTC)
FROM_AGENCY, LATELY = 0.2, 300  # part of the texts, of one of so many before
ON_SUBJECT = 1 / 12
_KINDS = ("dagblad", "omroep", "regio")
_TOPICS = (
    "Binnenland", "Buitenland", "Politiek", "Economie", "Sport", "Cultuur", "Wetenschap", "Koken",
    "Regio", "Weer", "Verkeer", "Opinie", "Podcast", "Video", "Puzzels", "Reizen", "Wonen", "Tech",
)  # fmt: skip  # rows of words read better


@dataclass(frozen=True, slots=True)
class News:
    """A text, and when it was published."""

    text: Document
    published: datetime


def news(count: int, seed: int = 11) -> Iterator[News]:
    """Yield so many texts, the oldest first, a few seconds after one another."""
    chance, held = random.Random(seed), list[Document]()
    subject = _texts_on_subject()
    for number, written in enumerate(articles(language(), count, seed=seed)):
        text = written
        if chance.random() < FROM_AGENCY and held:
            before = chance.choice(held[-LATELY:])
            body = before.body.rpartition("\n\n")[0] or before.body
            text = replace(before, title=written.title, body=body)
        elif chance.random() < ON_SUBJECT:
            title, lead = chance.choice(subject)
            text = replace(written, title=title, lead=lead)
        held.append(text)
        yield News(text, BEGAN - timedelta(hours=2) + timedelta(seconds=3600 * number / count))


def _texts_on_subject() -> Sequence[tuple[str, str]]:
    folder = ROOT / "tests" / "quality" / "articles"
    lines = (folder / "soorten-nieuws.txt").read_text("utf-8").splitlines()
    rows = (line.split(" | ") for line in lines if line and not line.startswith(("#", "- ")))
    return [(row[1], row[2]) for row in rows]


def page(item: News, number: int, outlet: int, address: str) -> bytes:
    """The page of a text, in the mark-up of its outlet."""
    kind, chance = _KINDS[outlet % len(_KINDS)], random.Random(number)
    text = item.text
    title, lead = escape(text.title), escape(text.lead)
    return (
        f'<!DOCTYPE html><html lang="nl" class="no-js">{_head(item, kind, outlet, address)}'
        f'<body class="{kind} page"><div id="__next">{_cookies()}{_menu(kind)}'
        f'<main class="{kind}-main" id="content"><article class="{kind}-article article">'
        f'<header class="{kind}-article__header"><p class="{kind}-article__label">Binnenland</p>'
        f'<h1 class="{kind}-article__title">{title}</h1></header>{_picture(kind, number)}'
        f'<p class="{kind}-article__intro"><strong>{lead}</strong></p>{_byline(item, kind)}'
        f'{_share(kind)}<div class="{kind}-article__body">{_paragraphs(text, kind, chance)}</div>'
        f"{_newsletter(kind)}</article>{_aside(kind, chance)}</main>{_footer(kind)}</div>"
        f"{_scripts(kind, chance)}</body></html>"
    ).encode()


def _head(item: News, kind: str, outlet: int, address: str) -> str:
    title, lead = escape(item.text.title), escape(item.text.lead)
    published = item.published.isoformat(timespec="seconds")
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "headline": item.text.title,
        "description": item.text.lead,
        "datePublished": published,
        "dateModified": published,
        "author": [{"@type": "Person", "name": "Sanne de Wit"}],
        "articleSection": "Binnenland",
        "image": [f"https://beeld.example/{outlet}/1200x675.jpg"],
        "publisher": {"@type": "Organization", "name": f"Krant {outlet}"},
        "isAccessibleForFree": True,
    }
    crumbs = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []}
    styles = "".join(
        f".{kind}-c{n}{{display:flex;margin:{n}px;color:#{n:06x};line-height:1.5}}"
        for n in range(150)
    )
    links = "".join(
        f'<link rel="preload" href="/_next/static/{n}.js" as="script"/>' for n in range(25)
    )
    return (
        '<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>'
        f"<title>{title} | Krant {outlet}</title>"
        f'<meta name="description" content="{lead}"/><link rel="canonical" href="{address}"/>'
        f'<meta property="og:site_name" content="Krant {outlet}"/>'
        f'<meta property="og:type" content="article"/><meta property="og:title" content="{title}"/>'
        f'<meta property="og:description" content="{lead}"/>'
        f'<meta property="og:url" content="{address}"/>'
        f'<meta property="og:image" content="https://beeld.example/{outlet}/1200x675.jpg"/>'
        f'<meta property="article:published_time" content="{published}"/>{links}'
        f'<script type="application/ld+json">{json.dumps(data)}</script>'
        f'<script type="application/ld+json">{json.dumps(crumbs)}</script>'
        f"<style>{styles}</style></head>"
    )


def _cookies() -> str:
    return (
        '<div class="cookie-banner" hidden><p>Wij en onze partners gebruiken cookies. Klik op '
        "Akkoord om verder te gaan.</p><button>Akkoord</button></div>"
    )


def _menu(kind: str) -> str:
    entries = "".join(
        f'<li class="{kind}-nav__item"><a class="{kind}-nav__link" href="/{topic.lower()}">{topic}'
        f'</a><ul class="{kind}-nav__sub">'
        + "".join(f'<li><a href="/{topic.lower()}/{n}">{topic} {n}</a></li>' for n in range(5))
        + "</ul></li>"
        for topic in _TOPICS
    )
    icon = '<svg viewBox="0 0 24 24"><path d="M12 2L2 7l10 5 10-5-10-5z"/></svg>'
    return (
        f'<header class="{kind}-header"><a class="{kind}-logo" href="/">{icon}</a>'
        f'<nav class="{kind}-nav" aria-label="Hoofdmenu"><ul>{entries}</ul></nav></header>'
    )


def _picture(kind: str, number: int) -> str:
    sizes = ", ".join(
        f"https://beeld.example/{number}/{width}.jpg {width}w" for width in (320, 640, 960, 1280)
    )
    return (
        f'<figure class="{kind}-figure"><picture><source type="image/webp" srcset="{sizes}"/>'
        f'<img src="https://beeld.example/{number}/640.jpg" alt="De dijk bij Culemborg" '
        f'loading="lazy"/></picture><figcaption class="{kind}-figure__caption">Archieffoto: '
        "de dijk bij Culemborg, vorig jaar. <span>ANP</span></figcaption></figure>"
    )


def _byline(item: News, kind: str) -> str:
    return (
        f'<div class="{kind}-article__meta"><span><a rel="author" href="/auteur/sanne-de-wit">'
        f'Sanne de Wit</a></span> <time datetime="{item.published.isoformat()}">vandaag</time>'
        "</div>"
    )


def _share(kind: str) -> str:
    ways = ("WhatsApp", "Facebook", "X", "LinkedIn", "E-mail")
    entries = "".join(f'<li><a href="https://deel.example/{way}">{way}</a></li>' for way in ways)
    return f'<div class="{kind}-share share-bar"><p>Deel artikel:</p><ul>{entries}</ul></div>'


def _paragraphs(text: Document, kind: str, chance: random.Random) -> str:
    """The text in paragraphs of some 50 words, with boxes and headings in between."""
    parts = []
    words = text.body.split()
    for number, at in enumerate(range(0, len(words), 50)):
        sentence = escape(" ".join(words[at : at + 50])).rstrip(".,") + "."
        if chance.random() < 0.3:
            first, _, rest = sentence.partition(" ")
            sentence = f'<a href="/onderwerp/{number}">{first}</a> {rest}'
        parts.append(f'<p class="{kind}-article__paragraph">{sentence}</p>')
        if number == 2:
            parts.append(
                f'<div class="{kind}-related related-link"><span>Lees ook:</span> '
                '<a href="/binnenland/1">Waterschap versterkt dijk na vondst van zwakke plek</a>'
                "</div>"
            )
        if number % 3 == 1:
            parts.append('<div class="advert ad-slot"><span>Advertentie</span></div>')
        if number == 4:
            parts.append(f'<h2 class="{kind}-article__subheader">Damwand van stalen platen</h2>')
    return "".join(parts)


def _newsletter(kind: str) -> str:
    return (
        f'<div class="{kind}-newsletter newsletter-box"><h3>Nieuwsbrief</h3><p>Elke ochtend weten '
        "wat er speelt? Ontvang onze nieuwsbrief.</p><form><input name=email><button>Schrijf je in"
        "</button></form></div>"
    )


def _aside(kind: str, chance: random.Random) -> str:
    boxes = ("Gerelateerd nieuws", "Meest gelezen", "Net binnen", "Ook interessant")
    return (
        f'<aside class="{kind}-aside">'
        + "".join(
            f'<section class="{kind}-tiles tile-list"><h2>{box}</h2><ul>'
            + "".join(_tile(kind, chance.randrange(10**6)) for _ in range(chance.randint(8, 18)))
            + "</ul></section>"
            for box in boxes
        )
        + "</aside>"
    )


def _tile(kind: str, number: int) -> str:
    sizes = ", ".join(
        f"https://beeld.example/{number}/{width}.jpg {width}w" for width in (160, 320, 640)
    )
    return (
        f'<li class="{kind}-tile tile"><a class="{kind}-tile__link" href="/artikel/{number}" '
        f'data-tracking=\'{{"position":{number},"list":"{kind}"}}\'>'
        f'<div class="{kind}-tile__image">'
        f'<picture><source type="image/webp" srcset="{sizes}"/><img src="https://beeld.example/'
        f'{number}.jpg" alt="" loading="lazy"/></picture></div><div class="{kind}-tile__text">'
        f'<span class="{kind}-tile__label">Regio</span><h3 class="{kind}-tile__title">Gemeente '
        f"bespreekt plan {number} voor de dijk opnieuw</h3><time>12:{number % 60:02}</time></div>"
        "</a></li>"
    )


def _footer(kind: str) -> str:
    columns = "".join(
        f'<div class="{kind}-footer__column"><h4>{topic}</h4><ul>'
        + "".join(f'<li><a href="/over/{topic}/{n}">{topic} en meer {n}</a></li>' for n in range(8))
        + "</ul></div>"
        for topic in _TOPICS[:6]
    )
    return f'<footer class="{kind}-footer">{columns}<p>Alle rechten voorbehouden</p></footer>'


def _scripts(kind: str, chance: random.Random) -> str:
    state = {
        "page": kind,
        "items": [
            {"id": n, "type": "teaser", "title": f"Bericht {n}", "labels": ["regio", "nieuws"]}
            for n in range(chance.randint(60, 240))
        ],
    }
    return (
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
        '<script>(function(w,d){var s=d.createElement("script");s.async=1;'
        's.src="https://meten.example/m.js";d.head.appendChild(s)})(window,document)</script>'
    )


class Newspapers(Outlets):
    """The server of all outlets; `all_listed` is of all of them."""

    all_listed = False

    def __init__(self, items: list[News], each: int, shown: int) -> None:
        super().__init__([], each, 0)
        self._items, self._shown = items, shown

    def _answer(self, head: str) -> bytes:
        line, *fields = head.split("\r\n")
        path = line.split(" ")[1]
        headers = dict(field.lower().split(": ", 1) for field in fields)
        outlet, name = outlet_of(headers["host"].partition(":")[0]), headers["host"]
        if path == "/robots.txt":
            return answer(b"User-agent: *\nAllow: /\n", "text/plain")
        if path == "/all":
            Newspapers.all_listed = True
            return answer(b"", "text/plain")
        if path == "/feed":
            listed = range(self._each if Newspapers.all_listed else self._shown)
            body = self._feed(outlet, name, listed)
            return conditional(body, "application/rss+xml", f'"{listed.stop}"', headers)
        number = outlet * self._each + int(path.rpartition("-")[2])
        body = page(self._items[number], number, outlet, f"http://{name}{path}")
        return conditional(body, "text/html; charset=utf-8", f'"{number}"', headers)

    def _feed(self, outlet: int, name: str, listed: range) -> bytes:
        items = "".join(
            f"<item><title>{escape(item.text.title)}</title>"
            f"<link>http://{name}/binnenland/artikel-{number}</link>"
            f'<guid isPermaLink="false">{name}-{number}</guid>'
            f"<description>{escape(item.text.lead)}</description><category>Binnenland</category>"
            f"<pubDate>{format_datetime(item.published)}</pubDate></item>"
            for number, item in (
                (number, self._items[outlet * self._each + number]) for number in reversed(listed)
            )
        )
        head = (
            f"<title>Krant {outlet}</title><link>http://{name}/</link><description>K</description>"
        )
        return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


async def serve(outlets: int, each: int, shown: int) -> None:
    loop, items = asyncio.get_running_loop(), list(news(outlets * each))
    random.Random(5).shuffle(items)  # no outlet has all of an hour

    def protocol() -> Newspapers:
        return Newspapers(items, each, shown)

    port, servers = 0, []
    for number in range(outlets):
        servers.append(await loop.create_server(protocol, host(number), port, backlog=256))
        port = servers[0].sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()


def newspapers(outlets: int, each: int, shown: int) -> AbstractContextManager[int]:
    """The port of the server, which runs in a process of its own."""
    return port_of(__file__, outlets, each, shown)


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
