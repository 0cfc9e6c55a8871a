"""The real command against real servers on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import TEXT, Receiver, Site
from newsdesk import Newsdesk


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.close()


@pytest.fixture
def outlets() -> Iterator[Callable[[], Site]]:
    with contextlib.ExitStack() as stack:

        def open_outlet() -> Site:
            site = Site()
            stack.callback(site.close)
            return site

        yield open_outlet


@pytest.fixture
def outlet(outlets: Callable[[], Site]) -> Site:
    return outlets()


@pytest.fixture
def desk(tmp_path: Path) -> Newsdesk:
    return Newsdesk(tmp_path)


@pytest.fixture
def krant(desk: Newsdesk, outlet: Site) -> Site:
    """An outlet with one article, which is the only source."""
    outlet.publish("/nieuws/1", "Brug gesloten", TEXT)
    desk.sources(krant=outlet.url + "/rss")
    return outlet
