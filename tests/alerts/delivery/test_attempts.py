"""Attempts: on record before they are made, repeated under one id, each message once."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from itertools import pairwise

import pytest
from deliverydesk import AMSTERDAM, Desk, failing
from outbox_desk import SUBJECTS, one_story, outcomes, story

from alerts.delivery.claims import Scope, Sender, claim
from alerts.delivery.queueing import Queueing, queue
from alerts.message import DeliveryState, Parcel
from alerts.outcome import Outcome
from alerts.policy.retry import Schedule
from alerts.policy.settling import replayed
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.store.alert_store import AlertStore

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.UNKNOWN])
def test_a_failure_is_tried_again_later_under_the_same_id(desk: Desk, outcome: Outcome) -> None:
    channel = one_story(desk)
    channel.script = [failing(outcome)]

    desk.send()
    assert len(channel.parcels) == 1
    desk.send_over(timedelta(seconds=7))

    assert len(channel.parcels) == 2
    assert len({parcel.message.id for parcel in channel.parcels}) == 1
    (delivery,) = desk.deliveries()
    assert delivery.state is DeliveryState.DELIVERED
    assert outcomes(desk, delivery) == [outcome.value, "delivered"]


@pytest.mark.parametrize("refusal", [Outcome.NOT_SENT, Outcome.UNKNOWN, Outcome.CHANNEL_REJECTED])
def test_what_failed_in_an_outage_goes_as_soon_as_the_receiver_takes_a_message(
    desk: Desk, refusal: Outcome
) -> None:
    # given a message that failed until its next try is hours away, at last in another way
    channel = one_story(desk, schedule=Schedule.WEBHOOK)
    channel.always = lambda _: failing(Outcome.NOT_SENT)
    desk.send_over(9 * HOUR)
    channel.always = lambda _: failing(refusal)
    story(desk, 2)
    desk.match()
    desk.send_over(MINUTE)
    assert channel.accepted == []

    # when the receiver works again, and takes another message
    channel.always = lambda _: None
    story(desk, 0)
    desk.match()
    desk.send_over(2 * HOUR)

    # then that one has not gone alone
    assert len(channel.accepted) == 3
    assert {one.state for one in desk.deliveries()} == {DeliveryState.DELIVERED}


def test_what_people_send_once_more_keeps_its_half_minute_as_an_outage_ends(desk: Desk) -> None:
    # given a message that is to go once more, and may be called off until then
    channel = one_story(desk, schedule=Schedule.WEBHOOK)
    desk.send()
    (sent,) = desk.deliveries()
    again = replayed(sent, HOUR, desk.clock() + MINUTE)

    # when an outage ends meanwhile
    channel.script = [failing(Outcome.NOT_SENT), failing(Outcome.NOT_SENT)]
    story(desk, 2)
    desk.match()
    desk.send()
    desk.store(lambda store: store.outbox.reopen(again))
    channel.script = [failing(Outcome.NOT_SENT)]
    desk.send_over(timedelta(seconds=20))
    story(desk, 0)
    desk.match()
    desk.send()

    # then it waits all the same
    (waiting,) = (one for one in desk.deliveries() if one.id == sent.id)
    assert (waiting.state, waiting.due) == (DeliveryState.PENDING, again.due)
    assert len(channel.accepted) == 3


def test_a_message_that_fails_alone_keeps_its_waits_while_others_go(desk: Desk) -> None:
    # given a message at which the receiver stumbles
    channel = one_story(desk, schedule=Schedule.WEBHOOK)
    (stumbling,) = desk.deliveries()
    channel.always = lambda parcel: (
        failing(Outcome.UNKNOWN) if parcel.message.id == stumbling.id else None
    )
    desk.send_over(HOUR)
    before = len(channel.parcels)

    # when others go, one after the other
    for number in (2, 0):
        story(desk, number)
        desk.match()
        desk.send_over(MINUTE)

    # then it was tried once more, for the first of them may have ended an outage
    others, once_more = channel.accepted, 1
    assert len(others) == 2
    assert len(channel.parcels) == before + len(others) + once_more


@pytest.mark.parametrize(
    "lack",
    [
        *(OSError(24, "Too many open files"), MemoryError(), ImportError("no file left")),
        *(BrokenPipeError(), PermissionError(13, "Permission denied"), TimeoutError()),
        sqlite3.OperationalError("database is locked"),
    ],
    ids=repr,
)
def test_what_this_machine_lacks_for_a_moment_is_no_fault_of_the_message(
    desk: Desk, lack: Exception
) -> None:
    # given a message that cannot be prepared at this moment
    channel = one_story(desk)
    lacks = [lack]

    def prepared(parcel: Parcel) -> View:
        if lacks:
            raise lacks.pop()
        return view_of(parcel.message, Style("nl", AMSTERDAM))

    channel.view = prepared
    desk.send()

    # when it is tried again
    desk.send_over(timedelta(seconds=7))

    # then it is delivered
    (delivery,) = desk.deliveries()
    assert outcomes(desk, delivery) == ["not_sent", "delivered"]


def test_an_attempt_is_on_record_before_it_is_made(desk: Desk) -> None:
    channel = one_story(desk)
    seen: list[int] = []

    def look(_: Parcel) -> None:
        seen.append(desk.store(lambda store: len(store.outbox.open_attempts())))

    channel.always = look
    desk.send()

    assert seen == [1]


def test_the_message_is_the_same_at_every_attempt(desk: Desk) -> None:
    channel = one_story(desk)
    channel.script = [failing(Outcome.UNKNOWN)]
    desk.send()

    desk.publish("Nieuwe kop", SUBJECTS[1] + " Later meer.", number=1)
    desk.rules(ander="munt")
    desk.match()
    desk.send_over(MINUTE)

    first, second = channel.parcels[:2]
    assert first.message == second.message
    assert (first.attempt, second.attempt) == (1, 2)


def test_backoff_follows_the_kind_of_channel(desk: Desk) -> None:
    channel = one_story(desk, schedule=Schedule.MAIL)
    channel.always = lambda _: failing(Outcome.NOT_SENT)

    desk.send_over(70 * MINUTE)

    gaps = [(later.now - earlier.now) / MINUTE for earlier, later in pairwise(channel.parcels)]
    # The circuit opens at the fifth failure, after this.
    for gap, planned in zip(gaps, (1, 5, 15, 30), strict=False):
        assert 0.8 * planned <= gap <= 1.2 * planned + 0.02


def test_interrupted_attempts_are_unknown_and_go_again_at_once(desk: Desk) -> None:
    channel = one_story(desk)
    sender = Sender(channel.plan, [channel.plan], "earlier")
    desk.writer.run(lambda db: claim(AlertStore(db), sender, desk.clock(), Scope()))

    desk.restart()
    desk.send()

    (delivery,) = desk.deliveries()
    assert outcomes(desk, delivery) == ["unknown", "delivered"]
    assert channel.parcels[0].attempt == 2


def test_the_same_alert_queued_twice_is_delivered_once(desk: Desk) -> None:
    channel = one_story(desk)
    (alert,) = desk.store(lambda store: store.outbox.alerts(desk_delivery(store)))

    again = desk.writer.run(
        lambda db: queue(AlertStore(db), alert, [channel.plan], Queueing(now=desk.clock()))
    )
    desk.send()

    assert again == 0
    assert len(channel.accepted) == 1


def desk_delivery(store: AlertStore) -> str:
    return store.reading.pending()[0].id
