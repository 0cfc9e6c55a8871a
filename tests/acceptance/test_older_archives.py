"""An archive of an older version, before and after it is brought up to date."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from newsdesk import Newsdesk
from sqlite_utils import Database

from alerts.store import LATEST_ALERTS_STEP, migrations as alerts_migrations
from crawler.store import LATEST_STEP, migrations


def older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        migrations.apply(Database(db), stop_before="m008_readings")
        alerts_migrations.apply(Database(db), stop_before="m006_passages")


@pytest.mark.parametrize(
    "command",
    [("status",), ("search", "brug"), ("export", "articles"), ("alerts", "log"), ("show", "x")],
)
def test_a_command_that_reads_says_how_the_archive_is_brought_up_to_date(
    desk: Newsdesk, command: tuple[str, ...]
) -> None:
    older(desk.folder / "nieuws.db")

    told = desk.run(*command)

    assert told.code != 0
    assert "older Nieuwswacht" in told.err
    assert re.search("`nieuwswacht .*deliver` brings it up to date", told.err)
    desk.ok("deliver")
    assert "older" not in desk.run(*command).err


def test_readers_depend_on_the_last_steps() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        for steps, last in ((migrations, LATEST_STEP), (alerts_migrations, LATEST_ALERTS_STEP)):
            assert list(steps.pending(Database(db)))[-1].name == last
