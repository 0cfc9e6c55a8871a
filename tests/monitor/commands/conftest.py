"""Fixtures of commands over a ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanddesk import Run, command_in, told_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return command_in(tmp_path)


@pytest.fixture
def told(tmp_path: Path) -> str:
    return told_in(tmp_path)
