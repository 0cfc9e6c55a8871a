from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pollbook import Polls, source

from crawler.store import Writer, migrations


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as opened:
        yield opened


@pytest.fixture
def polls(writer: Writer, now: datetime) -> Polls:
    polls = Polls(writer)
    polls.sync_sources([source("a"), source("b"), source("off", enabled=False)], now)
    return polls
