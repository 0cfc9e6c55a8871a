"""A morning paper goes once a day, however often and whenever the daemon is killed."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from newsdesk import Newsdesk
from test_daemon import until

CLOCK = Path(__file__).with_name("clockdaemon.py")
REVIEWS = """
[[review]]
id = "ochtend"
name = "Ochtendkrant"
at = "07:00"
channels = ["console"]
"""


def _rows(desk: Newsdesk, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(desk.folder / "nieuws.db")) as db:
        try:
            return db.execute(question).fetchall()
        except sqlite3.OperationalError:  # the tables are not there yet
            return []


def _editions(desk: Newsdesk) -> int:
    return len(_rows(desk, "SELECT day FROM editions"))


def _delivered(desk: Newsdesk) -> int:
    asked = "SELECT id FROM deliveries WHERE kind = 'alert.review' AND state = 'delivered'"
    return len(_rows(desk, asked))


@pytest.mark.slow
def test_a_daemon_killed_at_each_edition_sends_each_once(desk: Newsdesk) -> None:
    desk.sources(krant="http://127.0.0.1:9/rss")
    desk.write("reviews.toml", REVIEWS)
    config, database = str(desk.folder / "config"), str(desk.folder / "nieuws.db")

    def daemon(days: int) -> list[str]:
        return [sys.executable, str(CLOCK), config, database, str(days * 24)]

    with desk.daemon(*daemon(0)) as process:
        until(lambda: _rows(desk, "SELECT id FROM papers"), what="the paper's begin")
        process.kill()
    with desk.daemon(*daemon(1)) as process:
        until(lambda: _editions(desk) == 1, what="the first edition")
        process.kill()
    for days in (1, 2):
        with desk.daemon(*daemon(days)) as process:
            until(lambda days=days: _delivered(desk) == days, what=f"delivery {days}")  # type: ignore[misc]  # bound
            process.kill()
    shown = desk.ok("review", "ochtend", "--date", str(_last_day(desk)), "--json").out
    assert json.loads(shown)["late"]
    assert _editions(desk) == _delivered(desk) == 2
    kinds = _rows(desk, "SELECT count(*) FROM deliveries WHERE kind = 'alert.review'")
    assert kinds == [(2,)]


def _last_day(desk: Newsdesk) -> object:
    return _rows(desk, "SELECT max(day) FROM editions")[0][0]
