"""Fifty outlets on loopback in one thread, which publish when they are told to."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

WORDS = """
raad dijk haven brug school trein markt kerk polder molen gracht veiling stadhuis
fabriek akker sluis toren plein station museum theater bibliotheek ziekenhuis kazerne
zwembad opent sluit verhuist bouwt zoekt vindt verkoopt koopt telt meldt vraagt krijgt
houdt laat grote kleine oude nieuwe rode groene stille drukke natte droge lange korte
warme koude zondag maandag ochtend avond zomer winter voorjaar vandaag gisteren morgen
eindelijk weer met zonder tegen langs onder boven naast achter voor tijdens volgens
ondanks
""".split()  # noqa: SIM905 - a list of words, one a line, would be long


@dataclass(frozen=True)
class Piece:
    """An article, which names itself in its title; every other one is about the caliphate."""

    name: str
    matches: bool
    at: datetime

    @property
    def title(self) -> str:
        subject = "Kalifaat" if self.matches else "Gemeente"
        return f"{subject} {' '.join(self._words(0, 5))} ({self.name})"

    def html(self) -> str:
        paragraphs = "".join(
            f"<p>{' '.join(self._words(number, 45)).capitalize()}.</p>" for number in range(1, 7)
        )
        return (
            f'<!doctype html><html lang="nl"><head><title>{self.title}</title></head>'
            f"<body><article><h1>{self.title}</h1>{paragraphs}</article></body></html>"
        )

    def _words(self, seed: int, number: int) -> list[str]:
        return random.Random(f"{self.name} {seed}").choices(WORDS, k=number)


@dataclass
class Outlet:
    """One outlet: a feed of its newest pieces, and a page of each."""

    name: str
    port: int = 0
    pieces: list[Piece] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ")[1]
                status, body = self._answer(path)
                self.served[path] += 1
                head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n"
                kind = "application/rss+xml" if path == "/rss" else "text/html; charset=utf-8"
                writer.write(f"{head}Content-Type: {kind}\r\n\r\n".encode() + body)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> tuple[int, bytes]:
        if path == "/rss":
            items = "".join(map(self._item, self.pieces[:-40:-1]))
            xml = f"<channel><title>{self.name}</title>{items}</channel>"
            return 200, f'<rss version="2.0">{xml}</rss>'.encode()
        found = (piece.html() for piece in self.pieces if path == f"/{piece.name}")
        page = next(found, "")
        return (200, page.encode()) if page else (404, b"")

    def _item(self, piece: Piece) -> str:
        return (
            f"<item><title>{piece.title}</title><link>{self.root}/{piece.name}</link>"
            f"<guid>{piece.name}</guid><pubDate>{format_datetime(piece.at)}</pubDate></item>"
        )


class Newsroom:
    """The outlets, all on one loop."""

    def __init__(self, number: int) -> None:
        self.outlets = [Outlet(f"krant{each}") for each in range(number)]
        self.pieces: list[Piece] = []

    def publish(self) -> list[Piece]:
        """A piece of each outlet."""
        batch = len(self.outlets[0].pieces)
        now = datetime.now(UTC)
        fresh = [
            Piece(f"k{number}b{batch}", (number + batch) % 2 == 0, now)
            for number in range(len(self.outlets))
        ]
        for outlet, piece in zip(self.outlets, fresh, strict=True):
            outlet.pieces.append(piece)
        self.pieces += fresh
        return fresh

    def fetched(self, pieces: list[Piece]) -> bool:
        """Whether each of these pages was asked for."""
        served = {path for outlet in self.outlets for path in outlet.served}
        return all(f"/{piece.name}" in served for piece in pieces)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        servers = asyncio.run_coroutine_threadsafe(self._started(), loop).result(10)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._ended(servers), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    async def _started(self) -> list[asyncio.Server]:
        servers = []
        for outlet in self.outlets:
            server = await asyncio.start_server(outlet.serve, "127.0.0.1", 0)
            outlet.port = server.sockets[0].getsockname()[1]
            servers.append(server)
        return servers

    @staticmethod
    async def _ended(servers: list[asyncio.Server]) -> None:
        for server in servers:
            server.close()
        talking = asyncio.all_tasks() - {asyncio.current_task()}
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is closed in the next turn
