"""How each source does, asked of a store."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from claiming import page_claim, source_claim
from sqlite_utils import Database

from crawler.faults import CrawlFault
from crawler.model import FeedEntry, Source, SourceKind
from crawler.sources import status_fault
from crawler.sources.freshness import ListedEntry
from crawler.sources.health import Health, SourceFacts, source_health
from crawler.store import (
    Connection,
    FactStore,
    FetchedPage,
    PageQueue,
    Poll,
    PollStore,
    Writer,
    as_text,
    migrations,
    open_reader,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def krant(writer: Writer, now: datetime) -> Writer:
    source = Source(
        id="a", outlet="A", kind=SourceKind.FEED, url="https://a.example/rss", every=HOUR
    )
    writer.run(lambda db: PollStore(db).sync_sources([source], now))
    return writer


def listed(writer: Writer, at: datetime, *keys: str, **changes: object) -> None:
    fields = {"source": "a", "at": at, "next_poll": at + HOUR, "counts": {"polled": 1}}
    entries = [
        ListedEntry(
            key=key,
            entry=FeedEntry(url=f"https://a.example/{key}", title=f"Kop {key}"),
            entry_hash="h",
            new=True,
            due=at,
        )
        for key in keys
    ]

    def record(db: Connection) -> None:
        known = {"claim": source_claim(db, "a", at), "new": len(keys), "listed": len(keys)}
        PollStore(db).record_poll(Poll(**(fields | known | changes)), entries)

    writer.run(record)


def failed(writer: Writer, key: str, status: int, at: datetime) -> None:
    writer.run(
        lambda db: PollStore(db).page_failed(
            key, status_fault(status), now=at, next_attempt=None, claim=page_claim(db, key, at)
        )
    )


def facts(writer: Writer, at: datetime) -> SourceFacts:
    return FactStore(open_reader(writer.path)).facts(at)["a"]


def test_a_source_is_known_from_the_day_it_was_added(krant: Writer, now: datetime) -> None:
    assert facts(krant, now) == SourceFacts(since=now)


def test_the_habit_is_seen_in_the_entries_of_two_weeks(krant: Writer, now: datetime) -> None:
    for hour in range(30):
        listed(krant, now + hour * HOUR, f"k{hour}")

    found = facts(krant, now + 30 * HOUR)

    assert (found.habit, found.last_new) == (HOUR, now + 29 * HOUR)
    assert facts(krant, now + timedelta(days=30)).habit is None


def test_an_answers_time_is_kept(krant: Writer, now: datetime) -> None:
    listed(krant, now, took=timedelta(seconds=12))

    assert source_health(facts(krant, now), now).health is Health.SLOW


def test_polls_that_brought_no_list_say_nothing_about_lists(krant: Writer, now: datetime) -> None:
    listed(krant, now, counts={"polled": 1, "empty": 1})
    for minute in (1, 2, 3):
        at = now + minute * timedelta(minutes=1)
        listed(krant, at, counts={"polled": 1, "unchanged": 1})

    assert (facts(krant, now).polled, facts(krant, now).empty) == (1, 1)


def test_a_gap_counts_until_the_archive_has_been_read(krant: Writer, now: datetime) -> None:
    listed(krant, now, gap=now - HOUR, archive=False)

    assert facts(krant, now).gaps == 1
    assert facts(krant, now + timedelta(days=2)).gaps == 0


def test_pages_are_counted_by_what_came_of_them(krant: Writer, now: datetime) -> None:
    counts = {"fetched": 5, "page_failed": 3, "page_missed": 2, "walled": 4}
    listed(krant, now, counts=counts)

    found = facts(krant, now)

    assert (found.pages, found.walled, found.pages_failed) == (10, 4, 1)


def test_what_was_missed_is_listed_with_its_reason(krant: Writer, now: datetime) -> None:
    listed(krant, now, "k1", "k2", "k3")
    failed(krant, "k1", 404, now)
    krant.run(lambda db: PageQueue(db).give_up("k2", CrawlFault.NO_TITLE(), now + HOUR))

    missed = FactStore(open_reader(krant.path)).missed(now)

    assert [(page.title, str(page.reason), page.stored) for page in missed] == [
        ("Kop k2", "the feed gives no title", False),
        ("Kop k1", "HTTP 404", False),
    ]
    assert FactStore(open_reader(krant.path)).missed(now, source="b") == []
    assert FactStore(open_reader(krant.path)).missed(now + 2 * HOUR) == []


def test_a_second_look_that_fails_misses_nothing(krant: Writer, now: datetime) -> None:
    listed(krant, now, "k1")
    claim = krant.run(lambda db: page_claim(db, "k1", now))
    page = FetchedPage(key="k1", claim=claim, at=now, next_look=now + HOUR)
    krant.run(lambda db: PollStore(db).page_fetched(page))

    failed(krant, "k1", 503, now)

    assert FactStore(open_reader(krant.path)).missed(now) == []


def test_sources_from_before_first_rounds_were_kept_have_theirs_behind_them(now: datetime) -> None:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw), stop_before="m006_first_round")
    row = {"outlet": "A", "url": "https://a.example/rss", "enabled": 1, "next_poll": as_text(now)}
    for name, success in (("gelezen", as_text(now)), ("nooit", None)):
        added = as_text(now - timedelta(days=9))
        db.insert("sources", {"id": name, "added": added, "last_success": success} | row)

    migrations.apply(Database(db.raw))

    held = {row["id"]: row["first_success"] for row in db.rows("SELECT * FROM sources")}
    assert held == {"gelezen": as_text(now - timedelta(days=9)), "nooit": None}
