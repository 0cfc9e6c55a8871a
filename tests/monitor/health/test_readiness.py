"""Alive, ready, or why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.health.readiness import HealthFacts, unready, unwell

NOW = datetime(2026, 11, 28, 14, 20, tzinfo=UTC)
WELL = HealthFacts(tick=NOW - timedelta(seconds=1), free=10**9, least=10**8)


def test_a_daemon_at_work_is_alive_and_ready() -> None:
    assert (unwell(WELL), unready(WELL, NOW)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"loop": False}, "the loop does not answer"),
        ({"writer": False}, "the writer of the database does not answer"),
    ],
)
def test_what_does_not_answer_is_neither_alive_nor_ready(
    changes: dict[str, bool], said: str
) -> None:
    facts = replace(WELL, **changes)

    assert unwell(facts) == unready(facts, NOW) == [said]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"running": False}, "the daemon does not run"),
        ({"tick": None}, "the daemon has not taken up work yet"),
        (
            {"tick": NOW - timedelta(seconds=75)},
            "the daemon has not taken up work for 75 s",
        ),
        ({"archive": "there is no database"}, "there is no database"),
        ({"store": "disk full"}, "the database refuses what is written: disk full"),
        ({"free": 5_000_000}, "5 MB are free on the disk, below 100 MB"),
    ],
)
def test_what_keeps_it_from_work_is_alive_and_not_ready(
    changes: dict[str, object], said: str
) -> None:
    facts = replace(WELL, **changes)

    assert (unwell(facts), unready(facts, NOW)) == ([], [said])


def test_a_page_without_a_daemon_is_ready_when_its_archive_can_be_read() -> None:
    assert unready(replace(WELL, daemon=False, tick=None), NOW) == []
