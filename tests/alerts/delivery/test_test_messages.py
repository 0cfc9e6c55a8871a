"""Test messages: one attempt, whose end is the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deliverydesk import Desk, failing

from alerts.delivery.claims import claim
from alerts.delivery.requests import SendTest, carry_out, end_tests
from alerts.message import Delivery, DeliveryState
from alerts.outcome import Outcome


def ask(desk: Desk) -> list[str]:
    plans = [channel.plan for channel in desk.channels]
    request = SendTest(plans[0].id)
    return desk.writer.run(lambda db: carry_out(db, request, plans, desk.clock()))


def ended(desk: Desk, name: str) -> Delivery:
    found = desk.store(lambda store: store.outbox.delivery(name))
    assert found is not None
    return found


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.DELIVERED])
def test_a_test_that_fails_is_tried_once_and_is_no_problem(desk: Desk, outcome: Outcome) -> None:
    channel = desk.add_channel()
    channel.always = lambda _: failing(outcome)

    (name,) = ask(desk)
    desk.send_over(timedelta(hours=2))

    test = ended(desk, name)
    assert len(channel.parcels) == 1
    assert (test.state, test.reason) == (DeliveryState.DEAD, "test-failed")
    assert desk.store(lambda store: store.reading.undelivered_since(test.created)) == 0
    assert desk.store(lambda store: store.reading.undelivered(10)) == []


def test_a_channel_that_rests_can_be_tested(desk: Desk) -> None:
    channel = desk.add_channel(group_wait=timedelta())
    desk.rules(kalifaat="kalifa*")
    channel.script = [failing(Outcome.NOT_SENT) for _ in range(5)]
    desk.publish()
    desk.match()
    while channel.script:
        desk.send_over(timedelta(minutes=1))
    desk.clock.forward(seconds=1)
    waiting = desk.lane(channel).step()
    assert waiting is not None
    before = len(channel.accepted)

    (name,) = ask(desk)
    desk.send()

    assert ended(desk, name).state is DeliveryState.DELIVERED
    assert channel.accepted[before] == name


def test_a_test_that_the_program_did_not_survive_is_not_repeated(desk: Desk) -> None:
    channel = desk.add_channel()
    (name,) = ask(desk)
    lane = desk.lane(channel)
    desk.store(lambda store: claim(store, lane._sender, desk.clock(), lane.scope))

    desk.restart()
    desk.send_over(timedelta(hours=1))

    assert channel.parcels == []
    assert ended(desk, name).reason == "test-failed"


def test_a_test_that_is_being_sent_is_not_closed(desk: Desk) -> None:
    channel = desk.add_channel()
    (name,) = ask(desk)
    lane = desk.lane(channel)
    desk.store(lambda store: claim(store, lane._sender, desk.clock(), lane.scope))

    desk.writer.run(lambda db: end_tests(db, [name], desk.clock()))

    assert ended(desk, name).state is DeliveryState.PENDING


def test_a_test_for_which_there_was_no_turn_is_closed(desk: Desk) -> None:
    desk.add_channel()
    (name,) = ask(desk)

    desk.writer.run(lambda db: end_tests(db, [name], desk.clock()))

    test = ended(desk, name)
    assert (test.state, str(test.detail)) == (DeliveryState.DEAD, "the receiver asked for a pause")
