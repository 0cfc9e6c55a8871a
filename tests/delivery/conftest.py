"""Fixtures of delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deliverydesk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path / "nieuws.db")
    yield opened
    opened.writer.close()
