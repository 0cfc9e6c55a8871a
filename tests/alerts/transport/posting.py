"""POSTs to hostile receivers, and what is known after them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from hostile_receivers import SocketServer, request_of

from alerts.outcome import DeliveryError
from alerts.transport.connection import Gate
from alerts.transport.http import HttpAnswer, HttpSender, Post

LOOPBACK = Gate((ip_network("127.0.0.0/8"),))
BODY = b'{"type": "alert.story"}'
# For receivers that drag: none of them would end by itself while a test waits.
HURRIED = {"seconds": 0.5}
NEVER = threading.Event()


def post(url: str, gate: Gate = LOOPBACK, **more: Any) -> HttpAnswer:
    sender = HttpSender(gate, **more)
    return sender.post(Post(url, BODY, {"Content-Type": "application/json"}))


def failure(url: str, gate: Gate = LOOPBACK, **more: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        post(url, gate, **more)
    assert "geheim" not in str(caught.value)
    return caught.value


def address(server: SocketServer) -> str:
    return f"http://127.0.0.1:{server.port}/services/geheim"


def answering(text: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(text)

    return behave


def dripping(head: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(head)
        # Ends when the other side has cut the connection.
        while not NEVER.wait(0.05):
            connection.sendall(b"a")

    return behave


def resolving(*addresses: str) -> Callable[..., list[Any]]:
    """Answers with the next address at each question, and keeps count."""
    questions = iter(addresses)

    def resolve(_: object, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(questions), port))]

    return resolve
