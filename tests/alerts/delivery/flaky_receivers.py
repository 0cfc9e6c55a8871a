"""Receivers that reject some requests and drop others, and write down all of them."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REJECT, DROP_BEFORE, DROP_AFTER, REDIRECT = 0.05, 0.03, 0.03, 0.01


@dataclass(frozen=True)
class Seen:
    """One request: `processed` says that the receiver acted on it, `answer` what it said."""

    at: float
    channel: str
    id: str
    kind: str
    stories: tuple[str, ...]
    processed: bool
    answer: int | None


@dataclass
class Receivers:
    """Slack, two machines, and an inside server that nobody may be led to."""

    chance: random.Random
    history: list[Seen] = field(default_factory=list)
    inside: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    pause: threading.Event = field(default_factory=threading.Event)

    def decide(self) -> float:
        with self.lock:
            return self.chance.random()

    def note(self, seen: Seen) -> None:
        with self.lock:
            self.history.append(seen)


class Handler(BaseHTTPRequestHandler):
    """Reads a post, throws the dice, and writes down what came of it."""

    def do_POST(self) -> None:
        receivers: Receivers = self.server.receivers  # type: ignore[attr-defined]  # ours
        body = self.rfile.read(int(self.headers["Content-Length"]))
        channel = self.path.strip("/")
        if channel == "inside":
            receivers.inside += 1
            self._answer(200, b"ok")
            return
        processed, answer = _fate(receivers.decide(), is_slack=channel == "slack")
        # A receiver that takes a moment, as they do.
        receivers.pause.wait(0.002)
        receivers.note(
            Seen(
                time.time(),
                channel,
                self.headers.get("webhook-id", ""),
                *_told(json.loads(body)),
                processed,
                answer,
            )
        )
        if answer is not None:
            self._answer(answer, b"ok" if answer == 200 else b"")

    def _answer(self, status: int, text: bytes) -> None:
        self.send_response(status)
        if status == 307:
            port = self.server.server_port  # type: ignore[attr-defined]  # of the base
            self.send_header("Location", f"http://127.0.0.1:{port}/inside")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _fate(dice: float, *, is_slack: bool) -> tuple[bool, int | None]:
    if dice < REJECT:
        return False, 503
    if dice < REJECT + DROP_BEFORE:
        return False, None
    if dice < REJECT + DROP_BEFORE + DROP_AFTER:
        return True, None
    if dice < REJECT + DROP_BEFORE + DROP_AFTER + REDIRECT and not is_slack:
        return False, 307
    return True, 200


def _told(body: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The kind of a message and the stories in it."""
    if "type" not in body:
        return "slack", (body["text"],)
    data = body["data"]
    entries = data.get("alerts") or [data]
    return body["type"], tuple(entry["story"]["id"] for entry in entries if entry.get("story"))


class Server(ThreadingHTTPServer):
    """Quiet when a sender is killed in the middle of its request."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving(seed: int) -> Iterator[Receivers]:
    receivers = Receivers(random.Random(seed))
    server = Server(("127.0.0.1", 0), Handler)
    server.receivers = receivers  # type: ignore[attr-defined]  # ours
    receivers.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receivers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
