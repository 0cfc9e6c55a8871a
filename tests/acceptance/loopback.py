"""An outlet and a receiver on loopback."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TIMEOUT = 60

TEXT = "De burgemeester sluit de brug over de Linge voor al het verkeer."

PARAGRAPHS = (
    (
        "De strijd om de laatste enclave duurde weken langer dan verwacht. Volgens woordvoerders "
        "van de coalitie hielden de strijders zich schuil in tunnels onder het dorp aan de Eufraat."
    ),
    (
        "Hulporganisaties vangen intussen duizenden vrouwen en kinderen op. In het kamp is een "
        "groot gebrek aan dekens, drinkwater en medische zorg, zegt een arts die er werkte."
    ),
    (
        "De regering in Den Haag wil nog niet zeggen wat er met de Nederlanders in het gebied moet "
        "gebeuren. De Kamer debatteert daar volgende week over met de minister."
    ),
)


@dataclass
class Answer:
    """What the site answers at one path; `before` runs first and may wait or fail."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] | None = None


class Site:
    """An outlet on loopback: answers by path, honours ETags, remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, int]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status in self.asked if asked == path]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        answer = self.answers.get(path, Answer(b"not here", status=404))
        if answer.before is not None:
            answer.before()
        etag = f'"{hash(answer.body)}"'
        status, body = answer.status, answer.body
        if status == 200 and request.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.asked.append((path, status))
        with contextlib.suppress(ConnectionError):
            request.send_response(status)
            for name, value in ({"ETag": etag} | answer.headers).items():
                request.send_header(name, value)
            request.send_header("Content-Type", answer.content_type)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

    def article(self, path: str, title: str, text: str, *, lead: str = "", **page: Any) -> str:
        """Publish a page (not yet in the feed); returns its address."""
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in (text, *PARAGRAPHS))
        html = (
            f'<!doctype html><html lang="nl"><head><title>{escape(title)}</title>'
            f'<meta property="og:title" content="{escape(title)}">'
            f'<meta name="description" content="{escape(lead)}"></head>'
            f"<body><nav>Voorpagina</nav><article><h1>{escape(title)}</h1>{paragraphs}"
            "</article></body></html>"
        )
        self.answers[path] = Answer(html.encode(), **page)
        return self.url + path

    def feed(self, *items: tuple[str, str, str], path: str = "/rss") -> str:
        """Publish a feed of (path, title, summary); returns its address."""
        now = format_datetime(datetime.now(UTC))
        entries = "".join(
            f"<item><title>{escape(title)}</title><link>{self.url}{link}</link>"
            f'<guid isPermaLink="false">{self.url}{link}</guid>'
            f"<description>{escape(summary)}</description><pubDate>{now}</pubDate></item>"
            for link, title, summary in items
        )
        xml = f'<rss version="2.0"><channel><title>Krant</title>{entries}</channel></rss>'
        self.answers[path] = Answer(xml.encode(), "application/rss+xml")
        return self.url + path

    def publish(self, path: str, title: str, text: str, summary: str = "") -> None:
        """A page and a feed of it alone."""
        self.article(path, title, text)
        self.feed((path, title, summary or text))


@dataclass
class Post:
    """What was posted, and the status with which it is answered."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 200


class Receiver:
    """Takes what is posted and answers `ok`; `before_answer` runs between receipt and answer."""

    def __init__(self) -> None:
        self.status = 200
        self.before_answer: Callable[[], None] | None = None
        self._posts: list[Post] = []
        self._arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._take(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def posts(self, path: str) -> list[Post]:
        with self._arrived:
            return [post for post in self._posts if post.path == path]

    def wait_for(self, path: str, count: int) -> list[Post]:
        with self._arrived:
            arrived = self._arrived.wait_for(
                lambda: sum(post.path == path for post in self._posts) >= count, TIMEOUT
            )
        assert arrived, f"{path} got {len(self.posts(path))} of {count}"
        return self.posts(path)

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._arrived:
            self._posts.append(Post(request.path, headers, body, self.status))
            self._arrived.notify_all()
        if self.before_answer is not None:
            self.before_answer()
        with contextlib.suppress(ConnectionError):
            request.send_response(self.status)
            request.end_headers()
            request.wfile.write(b"ok")
