from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pollbook import FIVE_MINUTES, SECOND, Polls, ids, poll_at, seen, source

from crawler.faults import said
from crawler.model import Validators
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    FetchedPage,
    PageQueue,
    PollStore,
    Writer,
    open_reader,
)


def test_new_sources_are_due_at_once_and_disabled_ones_never(polls: Polls, now: datetime) -> None:
    assert ids(polls.claim_due_sources("een", now, 10)) == ["a", "b"]


def test_named_sources_are_claimed_whether_due_or_not(polls: Polls, now: datetime) -> None:
    polls.record_poll(poll_at(now))

    assert ids(polls.claim_due_sources("een", now, 10, only=["a"])) == ["a"]


def test_the_next_time_is_that_of_a_source_or_of_a_page_of_one(polls: Polls, now: datetime) -> None:
    soon, late = now + FIVE_MINUTES, now + 2 * FIVE_MINUTES
    assert polls.next_due() == now

    # when the sources have been asked, and a page is to be read in five minutes
    polls.sync_sources([source("a")], now)
    polls.record_poll(poll_at(now, next_poll=late), [seen("k1", soon)])
    assert polls.next_due() == soon
    polls.pages(soon, 10)
    assert polls.next_due() == late

    # and nothing of a source that is switched off
    polls.sync_sources([source("a", enabled=False)], now)
    assert polls.next_due() is None


def test_a_poll_keeps_validators_and_a_failed_one_does_not_lose_them(
    polls: Polls, now: datetime, writer: Writer
) -> None:
    polls.record_poll(poll_at(now, status=200, validators=Validators('"e"', "Sun")))
    polls.record_poll(poll_at(now, status=503, error=said("503")))
    polls.record_poll(poll_at(now, status=503, error=said("503")))

    state = PollStore(open_reader(writer.path)).states()["a"]

    assert state.validators == Validators('"e"', "Sun")
    assert (state.failures, str(state.error), state.status) == (2, "503", 503)
    assert state.last_success == now


def test_a_source_with_a_new_address_forgets_the_validators_of_the_old_one(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now, validators=Validators('"e"')))

    polls.sync_sources([source("a", url="https://a.example/new")], now)

    (due,) = polls.claim_due_sources("een", now, 10)
    assert (due.state.id, due.state.validators) == ("a", Validators())


def test_a_source_with_a_shorter_every_is_due_when_that_says(polls: Polls, now: datetime) -> None:
    long, shorter = timedelta(minutes=20), timedelta(seconds=20)
    polls.record_poll(poll_at(now, next_poll=now + long, interval=long))

    polls.sync_sources([source("a", every=shorter)], now)

    assert polls.states()["a"].interval == 4 * shorter
    assert ids(polls.claim_due_sources("een", now + timedelta(seconds=30), 10)) == []
    assert ids(polls.claim_due_sources("een", now + timedelta(seconds=88), 10)) == ["a"]


def test_a_source_that_fails_keeps_its_appointment_under_a_shorter_every(
    polls: Polls, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    polls.record_poll(poll_at(now, next_poll=later, status=429, error=said("HTTP 429")))

    polls.sync_sources([source("a", every=timedelta(seconds=20))], now)

    assert polls.states()["a"].next_poll == later


def test_a_wanted_page_is_handed_out_once_and_again_after_it_failed(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now), seen("k2", None)])

    (page,) = polls.pages(now, 10)
    assert (page.key, page.entry.title, page.attempts) == ("k1", "Titel", 0)
    assert polls.pages(now, 10) == []

    later = now + FIVE_MINUTES
    polls.page_failed("k1", said("503"), now=now, next_attempt=later, claim=page.claim)
    assert polls.pages(now, 10) == []
    assert [(p.key, p.attempts) for p in polls.pages(later, 10)] == [("k1", 1)]


def test_a_page_that_is_in_is_wanted_no_more_and_keeps_its_own_validators(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (page,) = polls.pages(now, 10)

    polls.page_fetched(
        FetchedPage(key="k1", claim=page.claim, at=now, validators=Validators('"p"'), body_hash="h")
    )

    assert polls.pages_wanted() == 0
    polls.record_poll(poll_at(now), [seen("k1", now, title="Nieuwe titel")])
    (page,) = polls.pages(now, 10)
    assert (page.validators, page.body_hash) == (Validators('"p"'), "h")
    assert page.entry.title == "Nieuwe titel"


def test_a_page_given_up_keeps_its_reason_and_is_wanted_again_when_it_is_listed_as_such(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (page,) = polls.pages(now, 10)
    polls.page_failed("k1", said("404"), now=now, next_attempt=None, claim=page.claim)
    assert polls.pages(now, 10) == []

    polls.record_poll(poll_at(now), [seen("k1", now)])

    assert [page.key for page in polls.pages(now, 10)] == ["k1"]


@pytest.mark.parametrize("looked_at_before", [False, True])
@pytest.mark.parametrize("came", [False, True])
def test_a_page_whose_entry_changes_while_it_is_fetched_is_fetched_once_more(
    polls: Polls, now: datetime, *, looked_at_before: bool, came: bool
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (page,) = polls.pages(now, 10)
    if looked_at_before:
        polls.page_fetched(FetchedPage(key="k1", at=now, next_look=now, claim=page.claim))
        (page,) = polls.pages(now, 10)

    held = polls.known_entries("a", ["k1"])["k1"]
    later = now + SECOND
    polls.record_poll(poll_at(later), [seen("k1", later, title="Rectificatie")])
    if came:
        polls.page_fetched(FetchedPage(key="k1", at=later, claim=page.claim))
    else:
        polls.page_failed("k1", said("404"), now=later, next_attempt=None, claim=page.claim)

    assert not held.wanted, "a change of it is not taken for one that is fetched anyway"
    (again,) = polls.pages(later, 10)
    assert again.entry.title == "Rectificatie"
    polls.page_fetched(FetchedPage(key="k1", at=later, claim=again.claim))
    assert polls.pages_wanted() == 0


def test_a_page_that_is_being_fetched_is_not_given_up_by_a_list(
    polls: Polls, writer: Writer, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (page,) = polls.pages(now, 10)

    writer.run(lambda db: PageQueue(db).give_up("k1", said("no title"), now))

    polls.page_failed("k1", said("503"), now=now, next_attempt=now, claim=page.claim)
    (row,) = writer.run(lambda db: db.rows("SELECT missed FROM pages"))
    assert row["missed"] is None


def test_a_page_is_due_again_when_it_is_to_be_looked_at_and_comes_after_wanted_ones(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now), seen("k2", now)])
    one, two = polls.pages(now, 10)
    look = now + FIVE_MINUTES
    polls.page_fetched(FetchedPage(key="k1", at=now, next_look=look, claim=one.claim))
    later = look + FIVE_MINUTES
    polls.page_failed("k2", said("503"), now=now, next_attempt=later, claim=two.claim)

    assert polls.pages(now, 10) == []
    assert polls.pages_wanted() == 1
    due = polls.pages(look + FIVE_MINUTES, 10)
    assert [(page.key, page.fetches, page.first_seen) for page in due] == [
        ("k2", 0, now),
        ("k1", 1, now),
    ]


def test_the_wanted_pages_of_named_sources_are_claimed_whether_due_or_not(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    polls.record_poll(poll_at(now, source="b"), [seen("k2", now)])
    for page in polls.pages(now, 10):
        later = now + FIVE_MINUTES
        polls.page_failed(page.key, said("503"), now=now, next_attempt=later, claim=page.claim)

    assert [page.key for page in polls.pages(now, 10, among=["a"], at_once=True)] == ["k1"]


def test_a_source_that_wants_many_pages_delays_no_other(
    polls: Polls, writer: Writer, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen(f"a{number}", now) for number in range(9)])
    later = now + FIVE_MINUTES
    polls.record_poll(
        poll_at(later, source="b"), [seen(f"b{number}", later) for number in (1, 2, 3)]
    )

    first = writer.run(lambda db: PageQueue(db).claim("een", later, 10, each=2))
    second = writer.run(lambda db: PageQueue(db).claim("een", later, 10, each=2, full=["a"]))
    third = writer.run(lambda db: PageQueue(db).claim("een", later, 10, each=2, among=["b"]))

    assert [page.key for page in first] == ["a0", "a1", "b1", "b2"]
    assert [page.key for page in second] == ["b3"]
    assert third == []


def test_what_is_held_of_an_entry_tells_this_sources_listing_from_anothers(
    polls: Polls, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])

    held = polls.known_entries("a", ["k1", "k9"])
    by_other = polls.known_entries("b", ["k1"])

    assert set(held) == {"k1"}
    assert (held["k1"].entry_hash, by_other["k1"].entry_hash) == ("Titel", None)


def test_of_a_date_that_was_put_off_the_one_before_stays(polls: Polls, now: datetime) -> None:
    def dated(at: datetime) -> ListedEntry:
        one = seen("k1", None)
        return replace(one, entry=replace(one.entry, published=at))

    polls.record_poll(poll_at(now), [dated(now)])
    later = dated(now + SECOND)

    polls.record_poll(poll_at(now), [replace(later, put_off=True)])
    assert polls.known_entries("a", ["k1"])["k1"].published == now

    polls.record_poll(poll_at(now), [later])
    assert polls.known_entries("a", ["k1"])["k1"].published == now + SECOND


def test_counters_add_up_by_source_and_day(polls: Polls, now: datetime) -> None:
    for day in (now, now, now + timedelta(days=2)):
        polls.record_poll(poll_at(day, counts={"entries": 3, "new": 1}))

    assert polls.counters(now)["a"] == {"entries": 9, "new": 3}
    assert polls.counters(now + timedelta(days=1))["a"] == {"entries": 3, "new": 1}
