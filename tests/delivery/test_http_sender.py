"""One POST and its answer: what is known after each way in which it can go wrong."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hostile_receivers import SocketServer, certificate, request_of, reset, serving

from alerts.http import MOST_ANSWER_BYTES, Answer, HttpSender, Post
from alerts.network import Gate
from alerts.outcome import DeliveryError, Outcome

LOOPBACK = Gate((ip_network("127.0.0.0/8"),))
BODY = b'{"type": "alert.story"}'
# For receivers that drag: none of them would end by itself while a test waits.
HURRIED = {"seconds": 0.5}
NEVER = threading.Event()


def post(url: str, gate: Gate = LOOPBACK, **more: Any) -> Answer:
    sender = HttpSender(gate, **more)
    return sender.post(Post(url, BODY, {"Content-Type": "application/json"}))


def failure(url: str, gate: Gate = LOOPBACK, **more: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        post(url, gate, **more)
    assert "geheim" not in str(caught.value)
    return caught.value


@pytest.fixture(autouse=True)
def _logs_hold_no_address(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert "geheim" not in caplog.text


@pytest.fixture
def server() -> Iterator[Callable[..., SocketServer]]:
    opened: list[Any] = []

    def open_server(behaviour: Callable[[socket.socket], None], **more: Any) -> SocketServer:
        manager = serving(behaviour, **more)
        opened.append(manager)
        return manager.__enter__()

    yield open_server
    for manager in opened:
        manager.__exit__(None, None, None)


def address(server: SocketServer) -> str:
    return f"http://127.0.0.1:{server.port}/services/geheim"


def answering(text: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(text)

    return behave


def test_an_answer_is_status_text_and_headers(server: Any) -> None:
    asked: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        asked.append(request_of(connection))
        connection.sendall(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno")

    answer = post(address(server(behave)))

    assert (answer.status, answer.text, answer.complete) == (429, "no", True)
    assert answer.headers["retry-after"] == "7"
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert body == BODY
    assert b"Host: 127.0.0.1:" in head
    assert b"Accept-Encoding: identity" in head


def test_a_receiver_that_closes_after_reading_leaves_the_outcome_unknown(server: Any) -> None:
    assert failure(address(server(request_of))).outcome is Outcome.UNKNOWN


def test_a_reset_after_reading_leaves_the_outcome_unknown(server: Any) -> None:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        reset(connection)

    assert failure(address(server(behave))).outcome is Outcome.UNKNOWN


def test_garbage_for_an_answer_leaves_the_outcome_unknown(server: Any) -> None:
    assert (
        failure(address(server(answering(b"\x00\xff nonsense\r\n\r\n")))).outcome is Outcome.UNKNOWN
    )


def test_a_receiver_that_hangs_is_left_at_the_deadline(server: Any) -> None:
    held = server(lambda connection: (request_of(connection), held.ending.wait(20)))

    error = failure(address(held), **HURRIED)

    assert error.outcome is Outcome.UNKNOWN


def dripping(head: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(head)
        # Ends when the other side has cut the connection.
        while not NEVER.wait(0.05):
            connection.sendall(b"a")

    return behave


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_dripping_answer_does_not_outlast_the_deadline(server: Any, head: bytes) -> None:
    answer = post(address(server(dripping(head))), **HURRIED)

    assert (answer.status, answer.complete) == (200, False)


def test_a_dripping_status_leaves_the_outcome_unknown(server: Any) -> None:
    assert failure(address(server(dripping(b"HTTP/1.1 "))), **HURRIED).outcome is Outcome.UNKNOWN


def test_of_an_endless_answer_the_beginning_is_read(server: Any) -> None:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65536)

    answer = post(address(server(behave)))

    assert len(answer.text) == MOST_ANSWER_BYTES


def test_a_compressed_bomb_is_not_opened(server: Any) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"

    assert post(address(server(answering(text)))).status == 200


def test_headers_without_end_are_refused(server: Any) -> None:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"a" * 1000 + b"\r\n")

    assert failure(address(server(behave))).outcome is Outcome.UNKNOWN


def test_a_redirect_is_not_followed(server: Any) -> None:
    inside = server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
    location = f"http://127.0.0.1:{inside.port}/inside".encode()
    redirect = server(
        answering(
            b"HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        )
    )

    assert post(address(redirect)).status == 307
    assert inside.connections == 0


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    error = failure(f"http://127.0.0.1:{port}/geheim")

    assert error.outcome is Outcome.NOT_SENT
    assert "refused" in error.detail


def test_a_name_without_an_address_sent_nothing() -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    gate = Gate(resolve=resolve)

    assert failure("https://nergens.example/geheim", gate).outcome is Outcome.NOT_SENT


def test_a_silent_name_server_is_not_waited_for(server: Any) -> None:
    held = server(lambda _: None)

    def resolve(*_: Any, **__: Any) -> list[Any]:
        held.ending.wait(20)
        return []

    error = failure("https://traag.example/geheim", Gate(resolve=resolve), **HURRIED)

    assert error.outcome is Outcome.NOT_SENT


def resolving(*addresses: str) -> Callable[..., list[Any]]:
    """Answers with the next address at each question, and keeps count."""
    questions = iter(addresses)

    def resolve(_: object, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(questions), port))]

    return resolve


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "[::1]"),
        *("169.254.169.254", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "10.0.0.8"),
        *("[2002:7f00:1::]", "[::127.0.0.1]", "100.64.0.1", "0.0.0.0", "[fd00::1]", "224.0.0.1"),
    ],
)
def test_private_addresses_are_refused_in_every_spelling(server: Any, host: str) -> None:
    untouched = server(answering(b""))

    error = failure(f"https://{host}:{untouched.port}/geheim", Gate())

    assert error.outcome is Outcome.CHANNEL_REJECTED
    assert untouched.connections == 0


def test_a_name_is_resolved_once_and_its_answer_vetted(server: Any) -> None:
    untouched = server(answering(b""))
    # A second question would get loopback: rebinding gains nothing.
    gate = Gate(resolve=resolving("169.254.169.254", "127.0.0.1"))

    error = failure(f"https://hook.example:{untouched.port}/geheim", gate)

    assert error.outcome is Outcome.CHANNEL_REJECTED
    assert untouched.connections == 0


def test_an_address_is_checked_again_at_each_attempt(server: Any) -> None:
    well = server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
    gate = Gate(LOOPBACK.allow, resolving("127.0.0.1", "10.0.0.1"))
    url = f"http://hook.example:{well.port}/geheim"

    assert post(url, gate).status == 200
    assert failure(url, gate).outcome is Outcome.CHANNEL_REJECTED


def test_the_original_name_stays_in_host_and_certificate(server: Any, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "hook.example")
    names: list[str] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    asked: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        asked.append(request_of(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    secure = server(behave, context=context)
    gate = Gate(LOOPBACK.allow, resolving("127.0.0.1"))

    answer = post(f"https://hook.example:{secure.port}/", gate, ca_file=str(authority))

    assert answer.text == "ok"
    assert names == ["hook.example"]
    assert f"Host: hook.example:{secure.port}".encode() in asked[0]


@pytest.mark.parametrize(
    ("name", "days", "trusted"),
    [("hook.example", 1, False), ("ander.example", 1, True), ("hook.example", -1, True)],
    ids=["self-signed", "wrong name", "expired"],
)
def test_a_bad_certificate_gets_no_news(
    server: Any, tmp_path: Path, name: str, days: int, *, trusted: bool
) -> None:
    context, authority = certificate(tmp_path, name, days=days)
    secure = server(answering(b""), context=context)
    gate = Gate(LOOPBACK.allow, resolving("127.0.0.1"))
    url = f"https://hook.example:{secure.port}/geheim"

    error = failure(url, gate, ca_file=str(authority) if trusted else None)

    assert error.outcome is Outcome.NOT_SENT


def test_a_receiver_that_hangs_in_the_handshake_sent_nothing(server: Any) -> None:
    held = server(lambda _: held.ending.wait(20))

    error = failure(f"https://127.0.0.1:{held.port}/geheim", **HURRIED)

    assert error.outcome is Outcome.NOT_SENT


def test_without_tls_only_opened_ranges_are_reached() -> None:
    gate = Gate(resolve=resolving("93.184.216.34"))

    assert failure("http://hook.example/geheim", gate).outcome is Outcome.CHANNEL_REJECTED


def test_proxies_and_netrc_of_the_environment_are_ignored(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login wie password wat\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    asked: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        asked.append(request_of(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    assert post(address(server(behave))).status == 200
    assert b"Authorization" not in asked[0]
