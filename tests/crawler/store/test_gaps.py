"""Times in which a source may have published more than it showed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from claiming import source_claim

from crawler.model import FeedEntry, Source, SourceKind
from crawler.sources import status_fault
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    FilledGap,
    Gap,
    GapStore,
    OpenGap,
    PageQueue,
    Poll,
    PollStore,
    Writer,
    open_reader,
)
from crawler.store.ledger.gaps import ATTEMPTS

HOUR = timedelta(hours=1)


@pytest.fixture
def known(writer: Writer, now: datetime) -> Writer:
    source = Source(
        id="a", outlet="A", kind=SourceKind.FEED, url="https://a.example/rss", every=HOUR
    )
    writer.run(lambda db: PollStore(db).sync_sources([source], now))
    return writer


def poll(
    writer: Writer, at: datetime, *, gap: datetime | None = None, archive: bool = True
) -> None:
    claim = writer.run(lambda db: source_claim(db, "a", at))
    found = Poll(
        source="a", claim=claim, at=at, next_poll=at + HOUR, listed=3, gap=gap, archive=archive
    )
    writer.run(lambda db: PollStore(db).record_poll(found))


def entry(key: str, due: datetime | None) -> ListedEntry:
    listed = FeedEntry(url=f"https://a.example/{key}", title="Kop")
    return ListedEntry(key=key, entry=listed, entry_hash="h", new=True, due=due)


def waits_since(writer: Writer) -> datetime | None:
    return PollStore(open_reader(writer.path)).states()["a"].gap


def gaps(writer: Writer, since: datetime) -> list[Gap]:
    return GapStore(open_reader(writer.path)).since(since)


def test_a_gap_is_kept_with_its_time_and_waits_for_the_archive(
    known: Writer, now: datetime
) -> None:
    poll(known, now, gap=now - 2 * HOUR)
    poll(known, now + HOUR, gap=now)

    assert gaps(known, now) == [
        OpenGap("a", now, now - 2 * HOUR, error=None),
        OpenGap("a", now + HOUR, now, error=None),
    ]
    assert waits_since(known) == now - 2 * HOUR


def test_a_gap_without_an_archive_is_kept_and_waits_for_nothing(
    known: Writer, now: datetime
) -> None:
    poll(known, now, gap=now - HOUR, archive=False)

    assert gaps(known, now) == [OpenGap("a", now, now - HOUR, error=None)]
    assert waits_since(known) is None


def test_what_the_archive_gave_is_wanted_once_and_the_gap_is_closed(
    known: Writer, now: datetime
) -> None:
    poll(known, now, gap=now - HOUR)

    known.run(
        lambda db: GapStore(db).fill("a", now, [entry("k1", now), entry("k2", None)], asked=now)
    )
    known.run(lambda db: GapStore(db).fill("a", now + HOUR, [entry("k1", now)], asked=now))

    assert gaps(known, now) == [FilledGap("a", now, now - HOUR, read=now, found=2)]
    assert waits_since(known) is None
    pages = known.run(lambda db: PageQueue(db).claim("een", now, 10, each=10))
    assert [page.key for page in pages] == ["k1"]


def test_an_archive_that_cannot_be_read_is_tried_some_times(known: Writer, now: datetime) -> None:
    poll(known, now, gap=now - HOUR)

    for attempt in range(ATTEMPTS):
        assert waits_since(known) is not None, attempt
        known.run(lambda db: GapStore(db).unread("a", status_fault(503), asked=now))

    assert waits_since(known) is None
    assert gaps(known, now) == [OpenGap("a", now, now - HOUR, error=status_fault(503))]


def test_a_gap_that_was_given_up_is_not_closed_by_a_later_one(known: Writer, now: datetime) -> None:
    poll(known, now, gap=now - HOUR)
    for _ in range(ATTEMPTS):
        known.run(lambda db: GapStore(db).unread("a", status_fault(503), asked=now))
    poll(known, now + 9 * HOUR, gap=now + 8 * HOUR)

    known.run(lambda db: GapStore(db).fill("a", now + 9 * HOUR, [], asked=now + 9 * HOUR))

    assert gaps(known, now) == [
        OpenGap("a", now, now - HOUR, error=status_fault(503)),
        FilledGap("a", now + 9 * HOUR, now + 8 * HOUR, read=now + 9 * HOUR, found=0),
    ]


def test_an_archive_closes_no_gap_that_was_noted_after_it_was_asked(
    known: Writer, now: datetime
) -> None:
    poll(known, now, gap=now - HOUR)
    poll(known, now + 2 * HOUR, gap=now + HOUR)

    known.run(lambda db: GapStore(db).fill("a", now + 3 * HOUR, [], asked=now + HOUR))

    assert gaps(known, now) == [
        FilledGap("a", now, now - HOUR, read=now + 3 * HOUR, found=0),
        OpenGap("a", now + 2 * HOUR, now + HOUR, error=None),
    ]
    assert waits_since(known) == now + HOUR


def test_a_gap_noted_later_is_not_given_up_with_the_others(known: Writer, now: datetime) -> None:
    poll(known, now, gap=now - HOUR)
    for _ in range(ATTEMPTS - 1):
        known.run(lambda db: GapStore(db).unread("a", status_fault(503), asked=now))
    poll(known, now + 2 * HOUR, gap=now + HOUR)

    known.run(lambda db: GapStore(db).unread("a", status_fault(503), asked=now))

    assert gaps(known, now) == [
        OpenGap("a", now, now - HOUR, error=status_fault(503)),
        OpenGap("a", now + 2 * HOUR, now + HOUR, error=None),
    ]
    assert waits_since(known) == now + HOUR
