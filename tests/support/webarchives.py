"""Web archives that a test writes: CC-NEWS as Common Crawl lays it out, and broken ones."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CAPTURED = "2019-03-23T12:00:00Z"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Capture:
    """A record of a web archive; by default a page that was answered with 200."""

    url: str = "https://nos.nl/artikel/2277001-een-bericht"
    body: bytes = b""
    at: str | None = CAPTURED
    kind: str = "response"
    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    length: int | None = None  # what the record says of itself, if that is not so

    def record(self) -> bytes:
        """The record as it stands in a file."""
        http = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        block = b"".join(
            [f"HTTP/1.1 {self.status}\r\n".encode(), http.encode(), b"\r\n", self.body]
        )
        length = len(block) if self.length is None else self.length
        date = f"WARC-Date: {self.at}\r\n" if self.at is not None else ""
        head = (
            f"WARC/1.0\r\nWARC-Type: {self.kind}\r\n{date}WARC-Target-URI: {self.url}\r\n"
            f"WARC-Record-ID: <urn:uuid:{abs(hash(self.url)):032x}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
        )
        return head.encode() + block + b"\r\n\r\n"


def packed(captures: Iterable[Capture]) -> list[bytes]:
    """A gzip member for each record, as web archives have them."""
    return [gzip.compress(each.record(), mtime=0) for each in captures]


def bomb(size: int, url: str = "https://nos.nl/artikel/2277009-een-bom") -> bytes:
    """A gzip member with a page of so many bytes; to save time it ends after a third of them."""
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {CAPTURED}\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Length: {size}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    ).encode()
    out, step = io.BytesIO(), bytes(1_000_000)
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as file:
        file.write(head)
        for _ in range(size // len(step) // 3):
            file.write(step)
    return out.getvalue()


def chunked(body: bytes, size: int = 400) -> bytes:
    """The body in chunks (RFC 9112, 7.1)."""
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def news_page(title: str, paragraphs: Iterable[str], published: str) -> bytes:
    """The page of an article, with its date in JSON-LD."""
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f'<!doctype html><html lang="nl"><head><title>{title}</title>'
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}", '
        f'"datePublished": "{published}"}}</script></head><body><nav>Menu</nav><article>'
        f"<h1>{title}</h1>{text}</article></body></html>"
    ).encode()


BRIDGE = "Het dorp Sluisdam heeft een nieuwe brug over de vaart, die de oude uit 1931 vervangt. "


def article(
    number: int, *, host: str = "nos.nl", text: str = BRIDGE, at: str = CAPTURED
) -> Capture:
    """The page of an invented article with this number."""
    body = [f"{text}Dit is bericht {number} over de brug, zegt wethouder Jansen.", text * 3]
    page = news_page(f"Brug {number} in Sluisdam geopend", body, at)
    return Capture(url=f"https://{host}/artikel/{2277000 + number}-brug-{number}", body=page, at=at)
