"""Outlets and receivers on loopback: pages by the clock, and every message as its bytes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import daypages
from dayplan import Day

from monitor.demo.receivers import SmtpReceiver

Clock = Callable[[], datetime]


class Server:
    """The server of one outlet."""

    def __init__(self, name: str, day: Day, clock: Clock) -> None:
        self.name, self._day, self._clock = name, day, clock
        self.root = ""

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, kind, body = self._answer(head.split(" ", 2)[1])
                tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
                if status == 200 and f"if-none-match: {tag}" in head.lower():
                    status, body = 304, b""
                fields = f"Content-Length: {len(body)}\r\nContent-Type: {kind}\r\nETag: {tag}"
                writer.write(f"HTTP/1.1 {status} X\r\n{fields}\r\n\r\n".encode() + body)
        writer.close()

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        now = self._clock()
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nDisallow: /geheim/"
        if path == "/rss":
            listed = self._day.of(self.name, now)
            return 200, "application/rss+xml", daypages.feed(self.root, listed, now)
        for piece in self._day.pieces:
            version = piece.version(now)
            if piece.path == path and piece.outlet == self.name and version:
                if piece.fails_until and now < piece.fails_until:
                    return 500, "text/plain", b"storing"
                return 200, "text/html; charset=utf-8", daypages.page(self.root, piece, version)
        return 404, "text/plain", b"niets"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came: to whom, when by the day's clock, and whether it was accepted."""

    receiver: str
    at: datetime
    data: bytes
    accepted: bool = True


class Receivers:
    """A stand-in for Slack, the owner of a webhook, and a server of mail."""

    def __init__(self, clock: Clock, trouble: tuple[datetime, datetime]) -> None:
        self.received: list[Received] = []
        self._clock, self._trouble = clock, trouble
        self._lock, self._mails = threading.Lock(), SmtpReceiver()
        self._taken = 0
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = keeper.take(
                    self.path.strip("/"), self.rfile.read(int(self.headers["Content-Length"]))
                )
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def smtp(self) -> int:
        return self._mails.port

    def take(self, receiver: str, data: bytes) -> tuple[int, bytes]:
        """Keep what was posted; the owner of the webhook fails for some minutes after taking it."""
        now = self._clock()
        failing = receiver == "hook" and self._trouble[0] <= now < self._trouble[1]
        with self._lock:
            self.received.append(Received(receiver, now, data, not failing))
        return (503, b"storing") if failing else (200, b"ok")

    def take_mails(self) -> None:
        """Keep the mails that came since the last time, with the present time."""
        mails = self._mails.mails
        for mail in mails[self._taken :]:
            for box in mail.recipients:
                self.received.append(Received(box, self._clock(), mail.data))
        self._taken = len(mails)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        thread.start()
        self._mails.start()
        try:
            yield
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()
            self._mails.stop()
