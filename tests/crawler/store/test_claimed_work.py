"""Sources and pages are worked on by one owner at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pollbook import FIVE_MINUTES, SECOND, Polls, ids, poll_at, seen

from crawler.errors import ClaimLostError
from crawler.faults import said
from crawler.store import (
    LEASE,
    FetchedPage,
    PollStore,
    Writer,
    migrations,
)


def test_a_claimed_source_is_not_claimed_again_until_its_poll_is_recorded(
    polls: Polls, now: datetime
) -> None:
    state, _ = polls.claim_due_sources("een", now, 10)
    assert polls.claim_due_sources("een", now + FIVE_MINUTES, 10) == []

    polls.record_poll(poll_at(now, claim=state.claim))

    assert ids(polls.claim_due_sources("een", now + FIVE_MINUTES, 10)) == ["a"]


def test_an_owner_gives_back_its_own_claims_alone(polls: Polls, now: datetime) -> None:
    polls.claim_due_sources("een", now, 1)
    polls.claim_due_sources("twee", now, 1)

    polls.release_claims("een")

    assert ids(polls.claim_due_sources("drie", now, 10)) == ["a"]


def test_whoever_opens_the_database_takes_over_what_owners_of_before_have_claimed(
    polls: Polls, writer: Writer, now: datetime
) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (source_b,) = polls.claim_due_sources("een", now, 10)
    polls.pages(now, 10)
    writer.close()

    with Writer(
        writer.path, migrations=[migrations], opening=lambda db: PollStore(db).take_over()
    ) as later:
        polls = Polls(later)
        assert ids(polls.claim_due_sources("twee", now, 10)) == ["b"]
        assert [page.key for page in polls.pages(now, 10)] == ["k1"]
        with pytest.raises(ClaimLostError):
            polls.record_poll(poll_at(now, source="b", claim=source_b.claim))


def test_a_clock_that_is_set_back_keeps_no_work_from_others(polls: Polls, now: datetime) -> None:
    polls.claim_due_sources("een", now + timedelta(hours=1), 10)

    assert polls.claim_due_sources("twee", now + timedelta(hours=1) - SECOND, 10) == []
    assert ids(polls.claim_due_sources("twee", now, 10)) == ["a", "b"]


def test_a_claim_is_taken_over_when_its_lease_has_run_out_and_not_before(
    polls: Polls, now: datetime
) -> None:
    first, _ = polls.claim_due_sources("een", now, 10)

    assert polls.claim_due_sources("twee", now + LEASE - SECOND, 10) == []
    second, _ = polls.claim_due_sources("twee", now + LEASE, 10)

    assert (first.claim.fence, second.claim.fence) == (1, 2)
    with pytest.raises(ClaimLostError):
        polls.record_poll(poll_at(now, claim=first.claim))
    polls.record_poll(poll_at(now, claim=second.claim))
    with pytest.raises(ClaimLostError):
        polls.record_poll(poll_at(now, claim=second.claim))


def test_a_claim_in_hand_is_renewed_and_one_that_was_lost_runs_out(
    polls: Polls, now: datetime
) -> None:
    in_hand, _lost = polls.claim_due_sources("een", now, 10)

    polls.renew_claims("een", [in_hand.claim], now + LEASE / 2)
    assert polls.claim_due_sources("een", now + LEASE / 2, 10) == []
    polls.renew_claims("een", [in_hand.claim], now + LEASE)

    assert ids(polls.claim_due_sources("een", now + LEASE, 10)) == ["b"]


def test_only_what_the_claim_still_holds_is_given_back(polls: Polls, now: datetime) -> None:
    old, _ = polls.claim_due_sources("een", now, 10)
    polls.claim_due_sources("twee", now + LEASE, 1)

    polls.give_back([old.claim])
    assert polls.claim_due_sources("drie", now, 10, only=["a"]) == []
    (held,) = polls.claim_due_sources("drie", now + 2 * LEASE, 10, only=["a"])
    polls.give_back([held.claim])

    assert ids(polls.claim_due_sources("vier", now + 2 * LEASE, 10, only=["a"])) == ["a"]


def test_an_owner_that_was_held_up_does_not_take_over_its_own_work(
    polls: Polls, now: datetime
) -> None:
    polls.claim_due_sources("een", now, 10)

    assert polls.claim_due_sources("een", now + 2 * LEASE, 10) == []


def test_what_is_claimed_is_not_written_under_another_claim(polls: Polls, now: datetime) -> None:
    polls.record_poll(poll_at(now), [seen("k1", now)])
    (page,) = polls.pages(now, 10)
    other = replace(page.claim, owner="twee")

    with pytest.raises(ClaimLostError):
        polls.page_fetched(FetchedPage(key="k1", claim=other, at=now))
    with pytest.raises(ClaimLostError):
        polls.page_failed("k1", said("503"), now=now, next_attempt=None, claim=other)
    assert polls.pages_wanted() == 1


def test_what_was_claimed_is_not_due_again_at_once_whatever_becomes_of_its_owner(
    polls: Polls, now: datetime
) -> None:
    # given sources that are asked, and due again only later
    due = polls.claim_due_sources("een", now, 10)
    polls.hold([(each.claim, now + FIVE_MINUTES) for each in due])

    # when one poll cannot be written, and the process is killed before the other ends
    polls.give_back([due[0].claim])
    polls.take_over()

    # then neither is asked again before that time
    assert polls.claim_due_sources("twee", now + FIVE_MINUTES - SECOND, 10) == []
    assert ids(polls.claim_due_sources("twee", now + FIVE_MINUTES, 10)) == ["a", "b"]


def test_what_an_owner_has_not_done_when_it_stops_is_due_as_it_was(
    polls: Polls, now: datetime
) -> None:
    due = polls.claim_due_sources("een", now, 10)
    polls.hold([(each.claim, now + FIVE_MINUTES) for each in due])

    polls.release_claims("een", [due[1].claim])

    assert ids(polls.claim_due_sources("twee", now, 10)) == [due[1].state.id]
