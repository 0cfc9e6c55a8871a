"""Which addresses are reached, by whatever name, and under which certificate."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hostile_receivers import certificate, request_of
from posting import HURRIED, LOOPBACK, answering, failure, post, resolving

from alerts.outcome import Outcome
from alerts.transport.connection import Gate


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
