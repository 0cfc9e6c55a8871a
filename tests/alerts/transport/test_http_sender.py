"""One POST and its answer: what is known after each way in which it can go wrong."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hostile_receivers import request_of, reset
from posting import BODY, HURRIED, LOOPBACK, address, answering, dripping, failure, post

from alerts.outcome import Outcome
from alerts.transport.connection import Gate
from alerts.transport.http import MOST_ANSWER_BYTES, HttpSender, Post


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


def test_an_answer_that_repeats_the_request_is_kept_without_its_secrets(server: Any) -> None:
    # given a receiver that refuses, and repeats address and headers
    def behave(connection: socket.socket) -> None:
        request = request_of(connection)
        text = b"403 for " + request.replace(b"\r\n", b" ")
        length = str(len(text)).encode()
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: " + length + b"\r\n\r\n" + text)

    # when something is posted there
    headers = {"Authorization": "Bearer xoxb-zeer-bijzonder"}
    url = address(server(behave)) + "/plek"
    answer = HttpSender(LOOPBACK).post(Post(url, BODY, headers, ("xoxb-zeer-bijzonder",)))

    # then its answer is known, but neither the address nor the token in it
    assert (answer.status, answer.text[:21]) == (403, "403 for POST *** HTTP")
    assert "geheim" not in answer.text
    assert "xoxb" not in answer.text


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
    assert "refused" in str(error.detail)


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
