"""A month of seven outlets: whatever happens, each article is held once, or its loss is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from monthpaper import HOUR, Outlet, Piece, month
from monthrun import OFFLINE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TIMEOUT = 600
_NAME = re.compile(r"\((\w+)\)")


@dataclass(frozen=True)
class Month:
    """What was published, and what a crawl has made of it."""

    outlets: dict[str, Outlet]
    told: dict[str, Any]

    def pieces(self) -> Iterator[tuple[Outlet, Piece]]:
        for outlet in self.outlets.values():
            for piece in outlet.pieces:
                yield outlet, piece

    def article(self, piece: Piece) -> dict[str, Any] | None:
        found = [each for each in self.told["articles"] if f"({piece.name})" in each["title"]]
        return found[0] if found else None

    def missed(self) -> dict[str, str]:
        """The reason for each piece whose page was given up, by name."""
        return {
            match[1]: page["reason"]
            for page in self.told["missed"]
            if (match := _NAME.search(page["title"]))
        }

    def gaps(self, outlet: Outlet) -> list[tuple[datetime, datetime]]:
        return [
            (datetime.fromisoformat(gap["since"]), datetime.fromisoformat(gap["at"]))
            for gap in self.told["gaps"]
            if gap["source"] == outlet.name
        ]

    def requests(self, outlet: str, path: str) -> Counter[int]:
        """How often this path was asked for, by status."""
        found: Counter[int] = Counter()
        for asked, number in self.told["asked"][outlet].items():
            where, status = asked.rsplit(" ", 1)
            if where == path:
                found[int(status)] += number
        return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Month:
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error", str(Path(__file__).with_name("monthrun.py"))),
            str(tmp_path_factory.mktemp("month") / "nieuws.db"),
        ],
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((".", "tests/support"))},
    )
    assert done.returncode == 0, done.stderr.decode()
    return Month({outlet.name: outlet for outlet in month()}, json.loads(done.stdout))


def unseen(piece: Piece) -> bool:
    """Published and taken down again while the program was not running: nobody could know."""
    return (
        piece.withdrawn is not None
        and OFFLINE[0] - HOUR < piece.at
        and piece.withdrawn < OFFLINE[1]
    )


def test_every_article_is_stored_or_listed_as_missed_with_the_reason(crawled: Month) -> None:
    missed = crawled.missed()
    lost = [
        (outlet, piece)
        for outlet, piece in crawled.pieces()
        if not crawled.article(piece) and not missed.get(piece.name) and not unseen(piece)
    ]

    untold = [
        piece.name
        for outlet, piece in lost
        if not any(since <= piece.at <= at for since, at in crawled.gaps(outlet))
    ]

    assert untold == []
    assert {outlet.name for outlet, _ in lost} <= {"kwetsbaar"}
    assert len(crawled.told["articles"]) > 600


def test_no_article_is_stored_twice_and_nothing_that_is_none(crawled: Month) -> None:
    names = Counter(
        match[1] if (match := _NAME.search(article["title"])) else article["title"]
        for article in crawled.told["articles"]
    )
    published = {piece.name for _, piece in crawled.pieces()}

    assert [name for name, number in names.items() if number > 1] == []
    assert set(names) <= published


def test_what_was_given_up_has_its_reason_and_keeps_what_the_feed_gave(crawled: Month) -> None:
    missed = crawled.missed()
    closed = {
        piece.name: "robots.txt forbids it" if piece.path.startswith("/plus/") else "HTTP 500"
        for _, piece in crawled.pieces()
        if piece.path.startswith("/plus/") or piece.status == 500
    }

    assert set(missed) <= set(closed)
    assert Counter(missed.values()).keys() >= {"robots.txt forbids it", "HTTP 500"}
    for name, reason in missed.items():
        assert reason in {closed[name], "wall: maintenance"}, name  # the last one was in an outage
    assert all(page["stored"] for page in crawled.told["missed"])


def test_what_is_edited_while_it_is_young_is_held_as_it_ended(crawled: Month) -> None:
    stale = []
    for outlet, piece in crawled.pieces():
        article = crawled.article(piece)
        if article is None or unseen(piece):
            continue
        edited = piece.edited and "Later is toegevoegd" not in article["lead"] + article["body"]
        renamed = piece.retitled and "- update" not in article["title"]
        if (edited or renamed) and (outlet.fetch == "page" or piece.at < OFFLINE[0] - 24 * HOUR):
            stale.append(piece.name)

    assert stale == []


def test_an_article_that_moves_is_the_same_one_at_its_new_address(crawled: Month) -> None:
    moved = [piece for outlet, piece in crawled.pieces() if piece.moved and outlet.name == "stad"]
    found = [article for piece in moved if (article := crawled.article(piece))]

    assert len(found) > 20
    assert [article["url"] for article in found if not article["url"].endswith("-verhuisd")] == []


def test_what_is_taken_down_is_marked_and_kept(crawled: Month) -> None:
    for outlet, piece in crawled.pieces():
        article = crawled.article(piece)
        # Of an outlet whose pages are not asked for, nobody can tell.
        if article and outlet.fetch == "page":
            assert bool(article["withdrawn"]) == bool(piece.withdrawn), piece.name
    assert crawled.told["counters"]["stad"]["withdrawn"] >= 5


def test_after_a_flood_the_archive_gives_what_the_feed_did_not(crawled: Month) -> None:
    flooding = crawled.outlets["dagblad"]
    gaps = [gap for gap in crawled.told["gaps"] if gap["source"] == flooding.name]

    assert len(gaps) >= 2
    assert all(gap["read"] for gap in gaps)
    assert sum(gap["found"] for gap in gaps) >= 30
    assert all(crawled.article(piece) for piece in flooding.pieces)


def test_silence_and_failure_are_seen_and_end(crawled: Month) -> None:
    health = crawled.told["health"]

    assert health["outage"]["kwetsbaar"] == "dead"
    assert health["silence"]["stil"] == "silent"
    assert {health["outage"][name] for name in ("stad", "kanaal", "justitie")} == {"ok"}
    assert set(health["end"].values()) == {"ok"}


def test_an_outlet_that_is_idle_is_asked_little_and_answers_briefly(crawled: Month) -> None:
    feed = crawled.requests("stil", "/rss")
    days = 30

    assert sum(feed.values()) <= 30 * days
    assert feed[304] >= 0.8 * sum(feed.values())
    assert crawled.requests("stil", "/robots.txt").total() == 2


def test_no_page_is_fetched_more_often_than_a_young_article_deserves(crawled: Month) -> None:
    for outlet in ("dagblad", "gemeente", "justitie", "stil"):
        pages = {
            path.rsplit(" ", 1)[0]
            for path in crawled.told["asked"][outlet]
            if path.startswith("/nieuws/")
        }
        most = max(crawled.requests(outlet, path).total() for path in pages)
        assert most <= 8, outlet


def test_what_was_counted_on_the_way_agrees_with_what_is_held(crawled: Month) -> None:
    for name, counts in crawled.told["counters"].items():
        held = sum(article["source"] == name for article in crawled.told["articles"])
        assert counts["stored"] == held, name
        assert counts["polled"] >= counts.get("unchanged", 0) + counts.get("failed", 0), name
        assert counts["entries"] >= counts["new"], name
