"""Servers that end with the test that began them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile import Serve, Site, without_robots

Serving = Callable[..., Site]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Begin a server for the length of a test; without `robots` it has no robots.txt."""
    with contextlib.ExitStack() as stack:

        def begin(serve: Serve, *, robots: bool = False, certificate: Path | None = None) -> Site:
            site = Site(serve if robots else without_robots(serve), certificate=certificate)
            return stack.enter_context(site)

        yield begin
