"""A clock that is set back makes no poll late, while the program runs and over a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pollbook import FIVE_MINUTES, SECOND, Polls, ids, poll_at, seen, source

from crawler.clock import ClockWatch
from crawler.store import Writer, migrations

NOW = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clocks:
    """A clock that can be set, and one that only goes forward."""

    def __init__(self) -> None:
        self.wall, self.steady = NOW, 1_000.0

    def pass_(self, time: timedelta, *, step: timedelta = timedelta()) -> None:
        self.steady += time.total_seconds()
        self.wall += time + step


@pytest.mark.parametrize(
    ("step", "noticed"), [(-HOUR, HOUR), (HOUR, None), (-SECOND, None), (timedelta(), None)]
)
def test_only_a_clock_that_is_set_back_is_noticed_and_once(
    step: timedelta, noticed: timedelta | None
) -> None:
    clocks = Clocks()
    watch = ClockWatch(lambda: clocks.wall, lambda: clocks.steady)

    clocks.pass_(FIVE_MINUTES, step=step)

    assert (watch.set_back() or None) == noticed
    clocks.pass_(FIVE_MINUTES)
    assert not watch.set_back()


@pytest.fixture
def polls(tmp_path):
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        polls = Polls(writer)
        polls.sync_sources([source("a"), source("b")], NOW)
        polls.record_poll(poll_at(NOW), [seen("k1", NOW + FIVE_MINUTES)])
        yield polls


def test_after_a_step_back_everything_is_due_after_the_time_that_it_still_had_to_wait(
    polls: Polls,
) -> None:
    # given a source and a page that are due in five minutes, and a source that is due
    # when the clock is set back by an hour
    then = NOW - HOUR
    polls.set_back(HOUR, then)

    # then the source that was due is due, and the others in five minutes
    assert ids(polls.claim_due_sources("een", then, 10)) == ["b"]
    assert polls.claim_due_sources("twee", then + FIVE_MINUTES - SECOND, 10) == []
    assert ids(polls.claim_due_sources("twee", then + FIVE_MINUTES, 10)) == ["a"]
    assert polls.pages(then + FIVE_MINUTES - SECOND, 10) == []
    assert [page.key for page in polls.pages(then + FIVE_MINUTES, 10)] == ["k1"]


def test_a_start_finds_that_the_clock_was_set_back_and_does_so_once(polls: Polls) -> None:
    then = NOW - HOUR

    polls.sync_sources([source("a"), source("b")], then)
    assert ids(polls.claim_due_sources("een", then, 10)) == ["b"]
    polls.sync_sources([source("a"), source("b")], then + SECOND)

    assert polls.claim_due_sources("twee", then + FIVE_MINUTES - SECOND, 10, only=None) == []
    assert ids(polls.claim_due_sources("twee", then + FIVE_MINUTES, 10)) == ["a"]
