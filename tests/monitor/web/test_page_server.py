"""The server of the page: it never stands in the way of the program."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import requests
from served_page import Visitor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from crawler.faults import FileFault
from monitor.web import PageServer, PageState


def app(_: threading.Event) -> Starlette:
    async def hello(_: Request) -> Response:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/", hello)])


def test_a_port_in_use_is_told_once_and_the_page_comes_when_it_is_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    told: list[PageState] = []
    served = threading.Event()

    def tell(state: PageState) -> None:
        told.append(state)
        if state.url:
            served.set()

    # given a port that somebody else has
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        server = PageServer(app, address, told=tell, again=0.01)
        server.start()
        first = server.wait()

    # when it is free, the page is served there
    assert served.wait(30)
    assert Visitor(server.state.url).get("/").text == "hello"
    server.stop()

    assert str(first.fault).startswith(f"the page cannot listen on 127.0.0.1:{address[1]}: ")
    assert [bool(state.url) for state in told] == [False, True]
    assert caplog.text.count("cannot listen") == 1


def test_a_stop_ends_a_request_that_takes_too_long() -> None:
    asked, never = threading.Event(), threading.Event()

    async def slow(_: Request) -> Response:
        import asyncio

        asked.set()
        await asyncio.Event().wait()
        never.set()
        return PlainTextResponse("never")

    server = PageServer(lambda _: Starlette(routes=[Route("/", slow)]), ("127.0.0.1", 0))
    server.start()
    visitor = Visitor(server.wait().url)
    broken: list[Exception] = []

    def visit() -> None:
        try:
            visitor.get("/")
        except requests.RequestException as error:
            broken.append(error)

    visit_thread = threading.Thread(target=visit)
    visit_thread.start()
    assert asked.wait(30)

    server.stop()

    visit_thread.join(30)
    assert not visit_thread.is_alive()
    assert not never.is_set()


def test_a_bug_that_ends_the_page_is_told_and_ends_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: threading.Event) -> Starlette:
        raise ZeroDivisionError("a bug")

    server = PageServer(broken, ("127.0.0.1", 0))
    server.start()

    assert server.wait() == PageState(fault=FileFault.PAGE_BUG(bug="a bug"))
    server.stop()
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
    ],
)
def test_a_client_that_never_finishes_its_request_is_left(begun: bytes) -> None:
    server = PageServer(app, ("127.0.0.1", 0), patience=0.2)
    server.start()
    address = urlsplit(server.wait().url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), 30) as client:
        client.sendall(begun)
        ended = _end_of(client)

    assert ended
    assert Visitor(server.state.url).get("/").text == "hello"
    server.stop()


def _end_of(client: socket.socket) -> bool:
    """Whether the other side ends the connection, whatever it says before."""
    with contextlib.suppress(ConnectionResetError):
        while client.recv(1_000):
            pass
    return True


def test_a_stream_stays_open_while_somebody_reads_it() -> None:
    said = b"news\n" * 5

    async def stream(_: Request) -> Response:
        async def lines() -> AsyncIterator[bytes]:
            import asyncio

            for line in said.splitlines(keepends=True):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.Event().wait(), 0.2)
                yield line

        return StreamingResponse(lines())

    routes = [Route("/", stream)]
    server = PageServer(lambda _: Starlette(routes=routes), ("127.0.0.1", 0), patience=0.2)
    server.start()

    assert Visitor(server.wait().url).get("/").content == said
    server.stop()
