"""The page, served on loopback for a test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from alerts.policy import ChannelPlan
from crawler.store import Writer
from monitor.context import Context
from monitor.health import Vitals
from monitor.web import PageServer, page_app
from monitor.web.entry import COOKIE, entry_key, key_of
from monitor.web.making import RunningDaemon

TIMEOUT = 30


@dataclass
class AtWork:
    """A daemon as the page knows it, over a desk of the tests."""

    writer: Writer
    plans: Sequence[ChannelPlan] = ()
    woken: int = 0

    def wake(self) -> None:
        self.woken += 1


@dataclass
class Visitor:
    """Asks the page at this address, without a proxy, as no browser in particular.

    `cookies` are sent with each request, and those of an answer are kept in them.
    """

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def enter(self, context: Context) -> Visitor:
        """The same visitor, who has read the key beside the archive."""
        key = key_of(context.database)
        assert key is not None
        self.get(f"/enter?key={entry_key(key)}")
        assert COOKIE in self.cookies
        return self

    def send(self, path: str, **fields: str | Sequence[str]) -> requests.Response:
        """Send a form of the page, as a browser does."""
        return self.post(path, {"back": "/"} | fields, Origin=self.url)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self._ask("GET", path, headers=headers)

    def post(
        self, path: str, data: Mapping[str, str | Sequence[str]] | None = None, **headers: str
    ) -> requests.Response:
        return self._ask("POST", path, headers=headers, data=data or {})

    def _ask(self, method: str, path: str, **request: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            address = self.url + path
            answer = session.request(
                method,
                address,
                timeout=TIMEOUT,
                allow_redirects=False,
                cookies=self.cookies or None,
                **request,
            )
            self.cookies |= answer.cookies.get_dict()
            return answer


@contextlib.contextmanager
def served(
    context: Context, vitals: Vitals | None = None, daemon: RunningDaemon | None = None
) -> Iterator[Visitor]:
    """Somebody who visits the page over this archive while the block lasts."""
    server = PageServer(
        lambda closing: page_app(context, vitals, daemon, closing=closing), ("127.0.0.1", 0)
    )
    server.start()
    try:
        yield Visitor(server.wait().url)
    finally:
        server.stop()
