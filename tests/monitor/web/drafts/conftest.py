"""A desk at work whose rules are edited; each test begins with the same file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_newsroom import desk_at_work
from rule_editing import MINE, Editing


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editing]:
    folder = tmp_path_factory.mktemp("editor")
    with desk_at_work(folder) as (visitor, desk):
        yield Editing(visitor, desk, folder / "rules.toml")


@pytest.fixture
def editing(at_work: Editing) -> Editing:
    at_work.path.chmod(0o644)
    at_work.put(MINE)
    return at_work
