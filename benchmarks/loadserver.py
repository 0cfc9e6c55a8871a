"""Hundreds of outlets on loopback, for benchmarks.

`python loadserver.py OUTLETS EACH SECONDS` prints its port and serves until its standard input
closes. With SECONDS above 0, an outlet publishes its pages one by one, so many seconds apart, and
its feed lists the latest twenty. Each outlet has an address in 127.0.0.0/8, `/feed`, `/robots.txt`
and EACH pages of a newspaper's size. Feeds and pages have ETags, and answer 304 to them.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from time import monotonic

from rulework import articles, language

from alerts.document import Document

BEGAN = monotonic()
BOXES = 120
TEASER = "Lees ook: de gemeente bespreekt de plannen voor de dijk opnieuw"


def pages_of(count: int) -> list[bytes]:
    """Pages of about 45 kB, as newspapers have: an article among menus, boxes and scripts."""
    return [page(document) for document in articles(language(), count, seed=3)]


def page(document: Document) -> bytes:
    text = "".join(f"<p>{part}</p>" for part in document.body.split("\n\n"))
    boxes = "".join(
        f'<li class="teaser"><a href="/box/{row}"><img src="/b{row}.jpg" alt="">'
        f"<span>{TEASER} {row}</span></a></li>"
        for row in range(BOXES)
    )
    data = (
        '{"@context":"https://schema.org","@type":"NewsArticle","headline":"'
        + document.title
        + '","datePublished":"2026-03-01T12:00:00+01:00",'
        '"author":{"@type":"Person","name":"A. Jansen"}}'
    )
    script = "window.__state__=" + '{"menu":[1,2,3]};' * 600
    title = document.title
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        '<meta property="og:type" content="article">'
        f'<script type="application/ld+json">{data}</script><script>{script}</script></head>'
        f"<body><nav><ul>{boxes[:6000]}</ul></nav><main><article><h1>{title}</h1>"
        f"<p>{document.lead}</p>{text}</article><aside><ul>{boxes}</ul></aside></main>"
        "<footer>Colofon</footer></body></html>"
    ).encode()


@lru_cache(maxsize=4096)
def feed(host: str, port: int, pages: range) -> bytes:
    items = "".join(
        f"<item><title>Bericht {number} van {host}</title><guid>{host}-{number}</guid>"
        f"<link>http://{host}:{port}/artikel/{number}</link><description>Bericht</description>"
        "<pubDate>Sun, 01 Mar 2026 11:00:00 GMT</pubDate></item>"
        for number in pages
    )
    return (f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>').encode()


class Outlets(asyncio.Protocol):
    def __init__(self, pages: list[bytes], each: int, pace: float) -> None:
        self._pages, self._each, self._pace = pages, each, pace
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # TCP

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        line, *fields = head.split("\r\n")
        path = line.split(" ")[1]
        headers = dict(field.lower().split(": ", 1) for field in fields)
        host, _, port = headers["host"].partition(":")
        if path == "/robots.txt":
            return answer(b"User-agent: *\nAllow: /\n", "text/plain")
        if path == "/feed":
            listed = self._listed()
            body, kind = feed(host, int(port), listed), "application/rss+xml"
            return conditional(body, kind, f'"{listed.stop}"', headers)
        number = outlet_of(host) * self._each + int(path.rpartition("/")[2])
        body = self._pages[number]
        return conditional(body, "text/html; charset=utf-8", f'"{len(body)}"', headers)

    def _listed(self) -> range:
        if not self._pace:
            return range(self._each)
        published = min(self._each, 3 + int((monotonic() - BEGAN) / self._pace))
        return range(max(0, published - 20), published)


def conditional(body: bytes, kind: str, tag: str, headers: dict[str, str]) -> bytes:
    if headers.get("if-none-match") == tag:
        return f"HTTP/1.1 304 X\r\nETag: {tag}\r\n\r\n".encode()
    return answer(body, kind, tag)


def answer(body: bytes, kind: str, tag: str = "") -> bytes:
    etag = f"ETag: {tag}\r\n" if tag else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{etag}\r\n"
    return head.encode() + body


async def serve(outlets: int, each: int, pace: float) -> None:
    loop = asyncio.get_running_loop()
    pages = pages_of(outlets * each)

    def protocol() -> Outlets:
        return Outlets(pages, each, pace)

    first, *others = (host(number) for number in range(outlets))
    servers = [await loop.create_server(protocol, first, 0, backlog=256)]
    port = servers[0].sockets[0].getsockname()[1]
    servers += [
        await loop.create_server(protocol, address, port, backlog=256) for address in others
    ]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()


def served(outlets: int, each: int, pace: float = 0) -> contextlib.AbstractContextManager[int]:
    """The port of the server, which runs in a process of its own."""
    return port_of(__file__, outlets, each, pace)


@contextlib.contextmanager
def port_of(script: str, *arguments: float) -> Iterator[int]:
    """The port of a server that runs in a process of its own, and says its port first."""
    process = subprocess.Popen(
        [sys.executable, script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)


def host(number: int) -> str:
    """The address of the outlet with this number."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def outlet_of(address: str) -> int:
    """The number of the outlet with this address."""
    _, _, high, low = (int(part) for part in address.split("."))
    return high * 250 + low - 1


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
