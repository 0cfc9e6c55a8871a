"""What the daemon does once a day: a backup, and old rows removed."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from deliverydesk import Clock

from alerts.store import migrations as alerts_migrations
from crawler.store import Writer, backups_in, migrations
from monitor.context import Context
from monitor.running.upkeep import Upkeep, last_turn

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Context:
    (tmp_path / "nieuwswacht.toml").write_text(
        f'[store]\nbackup = {{ to = "{tmp_path}/kopieen", at = "03:30", keep = 2 }}\n'
    )
    return Context(config_dir=tmp_path, db=tmp_path / "nieuws.db", clock=clock)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-11-23 02:29", "2026-11-22 02:30"),
        ("2026-11-23 02:30", "2026-11-23 02:30"),
        ("2026-11-23 23:59", "2026-11-23 02:30"),
        ("2026-07-01 01:30", "2026-07-01 01:30"),
    ],
)
def test_a_time_of_day_is_that_of_the_desk(now: str, turn: str) -> None:
    moment = datetime.fromisoformat(f"{now}+00:00")

    assert last_turn(time(3, 30), AMSTERDAM, moment) == datetime.fromisoformat(f"{turn}+00:00")


def test_a_copy_is_made_each_day_and_a_missed_one_at_once(context: Context, clock: Clock) -> None:
    with Writer(context.database, migrations=[migrations, alerts_migrations]) as writer:
        upkeep = Upkeep(context, writer)
        for _ in range(3 * 24 * 2):
            asyncio.run(upkeep.look())
            clock.forward(minutes=30)

    folder = context.config_dir / "kopieen"
    assert [copy.at for copy in backups_in(folder, context.database)] == [
        datetime(2026, 11, 26, 2, 30, tzinfo=UTC),
        datetime(2026, 11, 25, 2, 30, tzinfo=UTC),
    ]


def test_a_copy_that_failed_is_logged_and_tried_again_after_an_hour(
    context: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = context.config_dir / "kopieen"
    blocked.write_text("a file where the folder should be")
    with Writer(context.database, migrations=[migrations, alerts_migrations]) as writer:
        upkeep = Upkeep(context, writer)
        asyncio.run(upkeep.look())
        clock.forward(minutes=5)
        asyncio.run(upkeep.look())
        assert caplog.text.count("backup fault=") == 1
        blocked.unlink()
        clock.forward(minutes=56)
        asyncio.run(upkeep.look())

    assert len(backups_in(blocked, context.database)) == 1
    assert clock() - EVENING > timedelta(hours=1)


def test_old_rows_go_once_a_day(
    context: Context, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    old = "INSERT INTO counters VALUES ('2020-01-01', 'nos', 'polled', 1)"
    with Writer(context.database, migrations=[migrations, alerts_migrations]) as writer:
        upkeep = Upkeep(context, writer)
        for hours, left in ((0, 0), (1, 1), (24, 0)):
            clock.forward(hours=hours)
            writer.run(lambda db: db.execute(old))
            asyncio.run(upkeep.look())
            found = writer.run(lambda db: db.rows("SELECT count(*) AS n FROM counters"))
            assert found == [{"n": left}]
            writer.run(lambda db: db.execute("DELETE FROM counters"))

    assert caplog.text.count("pruned counters=1") == 2
