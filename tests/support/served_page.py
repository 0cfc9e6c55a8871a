"""The page, served on loopback for a test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from monitor.context import Context
from monitor.health import Vitals
from monitor.web import PageServer, page_app

TIMEOUT = 30


@dataclass
class Visitor:
    """Asks the page at this address, without a proxy, as no browser in particular."""

    url: str

    def get(self, path: str, **headers: str) -> requests.Response:
        return self._ask("GET", path, headers=headers)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Any:
        return self._ask("POST", path, headers=headers, data=data or {})

    def _ask(self, method: str, path: str, **request: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            address = self.url + path
            return session.request(
                method, address, timeout=TIMEOUT, allow_redirects=False, **request
            )


@contextlib.contextmanager
def served(context: Context, vitals: Vitals | None = None) -> Iterator[Visitor]:
    """Somebody who visits the page over this archive while the block lasts."""
    server = PageServer(
        lambda closing: page_app(context, vitals, closing=closing), ("127.0.0.1", 0)
    )
    server.start()
    try:
        yield Visitor(server.wait().url)
    finally:
        server.stop()
