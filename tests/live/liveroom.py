"""A newsroom on loopback whose live blogs grow by the clock, and what is in them at each moment."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

START = datetime(2026, 3, 4, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RUNS_FOR = 10 * HOUR
EVERY = 5 * MINUTE
UPDATES = int(RUNS_FOR / EVERY) + 1
HITS = frozenset(range(0, UPDATES, 3))  # 41 of 121
_PLACES = ("Assen", "Meppel", "Delfzijl", "Emmen", "Sneek", "Joure", "Heerde", "Epe", "Zutphen")
_DOES = (
    *("waaide een boom op het spoor", "viel de stroom uit", "sloot de veerdienst"),
    *("kwam de brandweer in actie", "liep een kelder onder", "werd een weg afgezet"),
    *("ging een markt niet door",),
)


def sentence(number: int, outlet: str) -> str:
    """What one update says; the word for the rule stands in 41 of 121."""
    why = "de orkaan" if number in HITS else "het weer"
    place, does = _PLACES[number % len(_PLACES)], _DOES[number % len(_DOES)]
    return (
        f"Volgens {outlet} {does} in {place}, {outlet} noemt {why} als oorzaak; dit is "
        f"bericht {number} van {outlet} over deze dag."
    )


def at(number: int) -> datetime:
    """When an update appeared."""
    return START + number * EVERY


def shown(now: datetime) -> list[int]:
    """The updates that are out by now, newest first."""
    return [number for number in range(UPDATES) if at(number) <= now][::-1]


@dataclass(frozen=True)
class LivePage:
    """How one outlet serves its live blog."""

    named: bool = False
    stated: int = 0  # so many of the newest in JSON-LD
    listed: int = UPDATES  # so many of the newest on the page
    marked_up: bool = True
    dated: bool = False  # the feed's date moves every ten minutes
    ends: bool = False

    def html(self, url: str, outlet: str, title: str, now: datetime) -> bytes:
        numbers = shown(now)
        rows = "".join(self._row(number, outlet) for number in numbers[: self.listed])
        head = self._script(url, outlet, title, numbers[: self.stated]) if self.named else ""
        return (
            f'<!doctype html><html lang="nl"><head><title>{title}</title>{head}</head><body><main>'
            f"<article><h1>{title}</h1><p>Het stormt. Wij volgen het weer in het hele land.</p>"
            f"{rows}</article></main></body></html>"
        ).encode()

    def _row(self, number: int, outlet: str) -> str:
        text = f"<h3>Bericht {number}</h3><p>{sentence(number, outlet)}</p>"
        if not self.marked_up:
            return f"<p>{sentence(number, outlet)}</p>"
        time = f'<time datetime="{at(number).isoformat()}">{at(number):%H:%M}</time>'
        return f'<section id="b{number}">{time}{text}</section>'

    def _script(self, url: str, outlet: str, title: str, numbers: list[int]) -> str:
        node = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "url": url}
        node |= {"headline": title, "datePublished": START.isoformat()}
        if self.ends:
            node["coverageEndTime"] = (START + RUNS_FOR).isoformat()
        updates = [
            {
                "@type": "BlogPosting",
                "@id": f"{url}#b{number}",
                "headline": f"Bericht {number}",
                "datePublished": at(number).isoformat(),
                "articleBody": sentence(number, outlet),
            }
            for number in numbers
        ]
        script = json.dumps(node | {"liveBlogUpdate": updates})
        return f'<script type="application/ld+json">{script}</script>'


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    body: bytes
    kind: str

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


class Newsroom:
    """One outlet with its live blogs, at an address of its own.

    `asked` has the times and statuses by path.
    """

    def __init__(
        self,
        name: str,
        pages: list[LivePage],
        clock: Callable[[], datetime],
        *,
        fetch: str = "page",
    ) -> None:
        self.name, self.pages, self.fetch = name, pages, fetch
        self._address = f"127.0.0.{len(name)}"  # names differ in length
        self._clock = clock
        self.asked: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self.url = ""

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, self._address, 0)
        self.url = f"http://{self._address}:{server.sockets[0].getsockname()[1]}"
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                reply = self._reply(path)
                held = reply is not None and f"if-none-match: {reply.etag}" in head.lower()
                status = 404 if reply is None else 304 if held else 200
                self.asked[path].append((self._clock().isoformat(), status))
                writer.write(_bytes(reply, status))
        writer.close()

    def _reply(self, path: str) -> Reply | None:
        now = self._clock()
        if path == "/rss":
            return Reply(self._feed(now), "application/rss+xml")
        for number, page in enumerate(self.pages):
            if path == f"/liveblog/storm-{number}":
                names = self.spoken(number), self._title(number)
                return Reply(page.html(self.url + path, *names, now), "text/html")
        return None

    def spoken(self, number: int) -> str:
        """How a live blog of this outlet calls itself in its text."""
        return f"{self.name.title()} {'ABCDEFG'[number]}"

    def _title(self, number: int) -> str:
        return f"Liveblog storm in deel {number} van het land"

    def _feed(self, now: datetime) -> bytes:
        items = "".join(self._item(number, page, now) for number, page in enumerate(self.pages))
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def _item(self, number: int, page: LivePage, now: datetime) -> str:
        moved = (now - START) // (10 * MINUTE) * 10 * MINUTE if page.dated else timedelta()
        date = START + min(moved, RUNS_FOR)
        sentences = (sentence(one, self.spoken(number)) for one in shown(now)[: page.listed])
        text = "".join(f"&lt;p&gt;{one}&lt;/p&gt;" for one in sentences)
        return (
            f"<item><title>{self._title(number)}</title><link>{self.url}/liveblog/storm-{number}</link>"
            f"<description>{text if self.fetch == 'entry' else 'Het stormt.'}</description>"
            f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        )


def _bytes(reply: Reply | None, status: int) -> bytes:
    body = reply.body if reply and status == 200 else b""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    if reply:
        lines += [f"Content-Type: {reply.kind}; charset=utf-8", f"ETag: {reply.etag}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
