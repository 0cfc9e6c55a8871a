"""Fixtures of delivery."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deliverydesk import Desk, open_desk
from hostile_receivers import SocketServer, serving


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path / "nieuws.db")
    yield opened
    opened.writer.close()


@pytest.fixture
def _logs_hold_no_address(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert "geheim" not in caplog.text


@pytest.fixture
def server(_logs_hold_no_address: None) -> Iterator[Callable[..., SocketServer]]:
    opened: list[Any] = []

    def open_server(behaviour: Callable[[socket.socket], None], **more: Any) -> SocketServer:
        manager = serving(behaviour, **more)
        opened.append(manager)
        return manager.__enter__()

    yield open_server
    for manager in opened:
        manager.__exit__(None, None, None)
