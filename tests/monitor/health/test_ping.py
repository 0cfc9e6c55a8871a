"""The dead man's switch, against a server on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from monitor.context import Context
from monitor.health.ping import Switch


class Hearing(ThreadingHTTPServer):
    """Answers each request with `status`, and remembers what it was asked."""

    status = 200

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Hearing

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hearing() -> Iterator[Hearing]:
    with Hearing() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def switch(folder: Path, url: str, network: str = 'allow = ["127.0.0.0/8"]') -> Switch:
    (folder / "nieuwswacht.toml").write_text(f'[health]\nping = "{url}"\n[network]\n{network}\n')
    return Switch(Context(config_dir=folder))


def test_the_address_is_asked_and_a_fault_is_logged_once_without_it(
    tmp_path: Path, hearing: Hearing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asking = switch(tmp_path, f"http://127.0.0.1:{hearing.server_port}/ping/geheim")

    heard = [asking.ask()]
    hearing.status = 500
    heard += [asking.ask(), asking.ask()]
    hearing.status = 200
    heard += [asking.ask()]

    assert heard == [True, False, False, True]
    assert hearing.asked == ["GET /ping/geheim"] * 4
    assert caplog.text.count("ping fault=status 500") == 1
    assert caplog.text.count("ping answered again") == 1
    assert "geheim" not in caplog.text


def test_an_address_inside_the_house_is_not_asked_unless_it_is_opened(
    tmp_path: Path, hearing: Hearing, caplog: pytest.LogCaptureFixture
) -> None:
    asking = switch(tmp_path, f"http://127.0.0.1:{hearing.server_port}/ping", network="")

    assert not asking.ask()
    assert hearing.asked == []
    assert "ping fault=" in caplog.text


def test_without_an_address_there_is_no_switch(tmp_path: Path) -> None:
    assert not Switch(Context(config_dir=tmp_path))
