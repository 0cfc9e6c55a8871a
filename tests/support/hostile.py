"""Web servers on loopback that behave well or badly, each on a port of its own.

A server is a function from a `Visit` to nothing: it may answer, drip, lie, hang up or stay silent.
All threads are daemons and all sockets are closed with the `Site`, so nothing outlives a test.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Self

import brotli
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MEGABYTE = 1024 * 1024
RESET = struct.pack("ii", 1, 0)


@dataclass
class Visit:
    """One request, and the connection that waits for its answer."""

    path: str
    headers: dict[str, str]
    connection: socket.socket
    over: threading.Event = field(default_factory=threading.Event)
    at: float = field(default_factory=monotonic)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(
        self,
        body: bytes = b"",
        status: int = 200,
        kind: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        fields = {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def feed(self, body: bytes, **headers: str) -> None:
        self.answer(body, kind="application/rss+xml", headers=headers)

    def redirect(self, target: str, status: int = 302) -> None:
        self.answer(status=status, headers={"Location": target})

    def drip(self, *pieces: bytes, forever: bytes) -> None:
        """Send the pieces, then one more each twentieth of a second for as long as they listen."""
        for piece in pieces:
            self.send(piece)
        while not self.over.wait(0.05):
            self.send(forever)

    def flood(self, *pieces: bytes, forever: bytes, limit: int) -> None:
        """Send the pieces, then as fast as they are taken, until `limit` bytes."""
        for piece in pieces:
            self.send(piece)
        for _ in range(limit // len(forever)):
            self.send(forever)

    def stay_silent(self) -> None:
        self.over.wait()

    def hang_up(self) -> None:
        """Reset the connection instead of closing it."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()


Serve = Callable[[Visit], None]


class Site:
    """One server; `visits` are the requests as they came in."""

    def __init__(self, serve: Serve, *, certificate: Path | None = None) -> None:
        self._serve = serve
        self._over = threading.Event()
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.visits: list[Visit] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self.host = f"127.0.0.1:{self.port}"
        self.root = f"{'https' if certificate else 'http'}://{self.host}"
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/feed") -> str:
        return self.root + path

    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]

    def close(self) -> None:
        self._over.set()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._over.is_set():
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        # What a crawler does to a hostile server is that server's affair.
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as stack:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            stack.callback(connection.close)
            for visit in self._requests(connection):
                self._serve(visit)

    def _requests(self, connection: socket.socket) -> Iterator[Visit]:
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                received = connection.recv(65536)
                if not received:
                    return
                buffer += received
            head, buffer = buffer.split(b"\r\n\r\n", 1)
            line, *fields = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (entry.partition(":") for entry in fields)
            }
            visit = Visit(line.split(" ")[1], headers, connection, self._over)
            self.visits.append(visit)
            yield visit


def without_robots(serve: Serve) -> Serve:
    """The server, with no robots.txt."""

    def answer(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            visit.answer(b"no", status=404)
        else:
            serve(visit)

    return answer


def newspaper(feed: Callable[[Visit], bytes], pages: Mapping[str, bytes]) -> Serve:
    """A sound outlet: a feed with an ETag of its bytes, and pages."""

    def serve(visit: Visit) -> None:
        if visit.path in pages:
            visit.answer(pages[visit.path])
        elif visit.path == "/feed":
            body = feed(visit)
            tag = f'"{hash(body) & 0xFFFFFFFF:x}"'
            if visit.headers.get("if-none-match") == tag:
                visit.send(f"HTTP/1.1 304 X\r\nETag: {tag}\r\n\r\n".encode())
            else:
                visit.feed(body, ETag=tag)
        else:
            visit.answer(b"no", status=404)

    return without_robots(serve)


def rss(*items: tuple[str, str, str]) -> bytes:
    """A feed with (address, title, lead) items."""
    listed = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<description>{lead}</description></item>"
        for link, title, lead in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Krant</title>'
        f"<link>https://krant.example/</link>{listed}</channel></rss>"
    ).encode()


def page(title: str, *paragraphs: str) -> bytes:
    """An article page in plain mark-up."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def bomb(encoding: str, size: int = 64 * MEGABYTE, plain: bytes = b"") -> bytes:
    """A few kilobytes that become `size` bytes of spaces, or these bytes."""
    plain = plain or b" " * size
    if encoding == "br":
        return brotli.compress(plain, quality=3)  # as small, in a tenth of the time
    if encoding == "zstd":
        return zstd.compress(plain)
    return gzip.compress(plain)


def self_signed(directory: Path, name: str = "krant.example") -> Path:
    """A certificate and key that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = directory / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
