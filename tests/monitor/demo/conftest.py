"""A newsroom on loopback, and a visitor."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from monitor.demo.newsroom.content import Content
from monitor.demo.newsroom.library import bundled
from monitor.demo.newsroom.newsroom import Newsroom

NOW = datetime(2019, 3, 23, 9, 30, tzinfo=UTC)  # a Saturday


@pytest.fixture(scope="session")
def content() -> Content:
    return bundled()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(now=NOW) as room:
        yield room


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session
