"""Live blogs of ten hours by the virtual clock: no update is missed, and no host is pressed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from liveroom import HITS, HOUR, MINUTE, RUNS_FOR, START, UPDATES, sentence

ROOT = Path(__file__).parent.parent.parent
TIMEOUT = 600
END = START + RUNS_FOR

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class LiveDay:
    """What the crawl asked for and what the matcher found."""

    told: dict[str, Any]

    def requests(self, outlet: str, path: str = "/liveblog/storm-0") -> list[datetime]:
        """When its live blog was asked for, or its list."""
        asked = self.told["asked"][outlet][path]
        return [datetime.fromisoformat(time) for time, _ in asked]

    def passages(self, outlet: str) -> Counter[str]:
        """The sentences that are owed for this outlet, with how often."""
        return Counter(row["text"] for row in self.told["passages"] if row["source"] == outlet)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> LiveDay:
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error", str(Path(__file__).with_name("liverun.py"))),
            str(tmp_path_factory.mktemp("live") / "nieuws.db"),
        ],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((".", "tests/support"))},
    )
    assert done.returncode == 0, done.stderr.decode()
    return LiveDay(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("outlet", "blogs"),
    [("benoemd", 1), ("groei", 1), ("gedateerd", 1), ("vermelding", 1), ("druk", 7)],
)
def test_each_of_the_41_updates_with_a_hit_is_owed_once(
    day: LiveDay, outlet: str, blogs: int
) -> None:
    names = [f"{outlet.title()} {'ABCDEFG'[number]}" for number in range(blogs)]
    due = {sentence(number, name) for name in names for number in HITS}

    assert len(HITS) == 41
    assert day.passages(outlet) == Counter(due)


@pytest.mark.parametrize("outlet", ["benoemd", "groei", "gedateerd"])
def test_a_live_blog_is_read_every_five_minutes_while_it_grows_and_seldom_afterwards(
    day: LiveDay, outlet: str
) -> None:
    times = day.requests(outlet)

    during = [time for time in times if START + HOUR <= time < END]
    assert len(during) == pytest.approx(9 * 12, abs=6)
    # When the list names a change just after the page was read, the page is read once more.
    listed = day.requests(outlet, "/rss")
    short = [(a, b) for a, b in pairwise(during) if b - a < 4 * MINUTE and b not in listed]
    assert short == []
    assert sum(time >= END for time in times) <= 25


def test_an_announced_end_ends_it(day: LiveDay) -> None:
    late = [time for time in day.requests("benoemd") if time > END + 2 * HOUR]
    without_end = [time for time in day.requests("groei") if time > END + 2 * HOUR]

    assert len(late) <= 2 < len(without_end)


def test_without_an_end_it_is_left_alone_after_twelve_hours_of_rest(day: LiveDay) -> None:
    assert max(day.requests("groei")) < END + 13 * HOUR


def test_five_live_blogs_of_a_host_are_read_at_their_pace(day: LiveDay) -> None:
    often = [
        number
        for number in range(7)
        if sum(time < END for time in day.requests("druk", f"/liveblog/storm-{number}"))
        > UPDATES / 2
    ]

    assert often == [0, 1, 2, 3, 4]
    assert all(len(day.requests("druk", f"/liveblog/storm-{number}")) < 40 for number in (5, 6))


def test_a_page_that_may_not_be_read_is_never_asked_for_and_counted(day: LiveDay) -> None:
    asked = day.told["asked"]["vermelding"]
    lives = {row["source"]: row["live"] for row in day.told["articles"]}

    assert set(asked) == {"/robots.txt", "/rss"}
    assert lives == dict.fromkeys(["benoemd", "groei", "gedateerd", "druk"], "page") | {
        "vermelding": "feed"
    }
    assert day.told["counters"]["vermelding"]["live_by_feed"] == 1


def test_each_update_has_its_time(day: LiveDay) -> None:
    [blog] = [row for row in day.told["articles"] if row["source"] == "benoemd"]
    times = [datetime.fromisoformat(at) for _, _, at in json.loads(blog["items"])]

    assert times == sorted(times, reverse=True)
    assert times[0] == END
    assert times[0] - times[-1] == timedelta(minutes=5 * 19)
