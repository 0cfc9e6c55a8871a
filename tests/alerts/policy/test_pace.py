"""When a channel sends: order, rate, circuit, gate, and clocks that jump."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import pairwise

import pytest
from deliverydesk import BAGHUZ, CALIPHATE, Desk, failing
from outbox_desk import AT_ONCE, queue_many, story

from alerts.alert import Reason
from alerts.delivery.claims import Wait
from alerts.outcome import Outcome
from alerts.policy.retry import Schedule

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_retry_after_holds_the_whole_channel_and_survives_a_restart(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    for number in range(2):
        story(desk, number)
    desk.match()
    channel.script = [failing(Outcome.NOT_SENT, retry_after=10 * MINUTE)]
    desk.send()
    assert len(channel.parcels) == 1

    desk.restart()
    desk.clock.forward(minutes=9)
    desk.send()
    assert len(channel.parcels) == 1
    desk.clock.forward(minutes=1)
    desk.send()

    assert len(channel.accepted) == 2


def test_five_failures_give_the_channel_a_rest(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    queue_many(desk, channel, 9)
    channel.always = lambda _: failing(Outcome.NOT_SENT)

    desk.send()

    assert len(channel.parcels) == 5
    assert desk.lane(channel).step() == Wait(desk.clock() + MINUTE, Reason.CIRCUIT_OPEN)


def test_order_is_kept_within_a_story_and_not_between_stories(desk: Desk) -> None:
    channel = desk.add_channel(group_wait=timedelta(), group_interval=timedelta())
    desk.rules(kalifaat=CALIPHATE)
    desk.publish("Eerste", BAGHUZ, number=1)
    desk.match()
    first = desk.deliveries()[0].id
    channel.always = lambda parcel: (
        failing(Outcome.NOT_SENT) if parcel.message.id == first else None
    )
    desk.send()

    desk.publish("Eerste, gewijzigd", BAGHUZ.replace("is het", "lijkt het"), number=1)
    story(desk, 2)
    desk.match()
    desk.send()

    titles = [parcel.message.alerts[0].article.title for parcel in channel.parcels]  # type: ignore[union-attr]  # stories
    assert titles == ["Eerste", "Verhaal 2"]
    channel.always = lambda _: None
    desk.send_over(MINUTE)
    assert channel.parcels[-1].message.alerts[0].change is not None


def test_urgent_alerts_go_before_older_ones(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(munt="munt")
    desk.rules(museum="museum", priority="high")
    story(desk, 0)
    story(desk, 1)
    desk.match()

    desk.send()

    assert [parcel.message.alerts[0].rule.id for parcel in channel.parcels] == ["museum", "munt"]


def test_a_slow_rate_spreads_messages_over_time(desk: Desk) -> None:
    channel = desk.add_channel(rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 6)

    desk.send_over(timedelta(seconds=10))

    gaps = [later.now - earlier.now for earlier, later in pairwise(channel.parcels)]
    assert len(gaps) == 5
    assert min(gaps) >= timedelta(seconds=1)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_delays_little_and_loses_nothing(desk: Desk, jump: timedelta) -> None:
    channel = desk.add_channel(schedule=Schedule.WEBHOOK, rate=1.0, **AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    channel.script = [failing(Outcome.NOT_SENT)]
    for number in range(3):
        story(desk, number)
    desk.match()
    desk.lane(channel).step()

    desk.clock.now += jump
    desk.send_over(2 * HOUR)

    assert len(channel.accepted) == 3


def test_a_channel_with_a_rate_goes_on_at_once_when_the_clock_is_set_back(desk: Desk) -> None:
    channel = desk.add_channel(rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 3)
    desk.lane(channel).step()

    desk.clock.now -= HOUR
    desk.send_over(timedelta(seconds=10))

    assert len(channel.accepted) == 3


@pytest.mark.parametrize("restarts", [False, True])
def test_what_waits_goes_as_soon_as_before_when_the_clock_is_set_back(
    desk: Desk, *, restarts: bool
) -> None:
    channel = desk.add_channel(rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 3)
    lane = desk.lane(channel)
    lane.step()

    desk.clock.now -= HOUR
    if restarts:
        desk.restart()
        lane = desk.lane(channel)
    for _ in range(5):
        lane.step()
        desk.clock.forward(seconds=1)

    assert len(channel.accepted) == 3


def test_an_update_waits_no_longer_than_its_interval_when_the_clock_is_set_back(
    desk: Desk,
) -> None:
    channel = desk.add_channel(group_wait=timedelta(), group_interval=15 * MINUTE)
    desk.rules(kalifaat=CALIPHATE)
    desk.publish("Val van het kalifaat", BAGHUZ)
    desk.match()
    desk.send()

    desk.clock.now -= 400 * 24 * HOUR
    desk.send()
    desk.publish("Val van het kalifaat", f"{BAGHUZ} Het kalifaat had er zeven jaar bestaan.")
    desk.match()
    desk.send_over(15 * MINUTE)

    assert len(channel.accepted) == 2


def test_a_retry_waits_no_longer_when_the_clock_is_set_back_while_the_sender_runs(
    desk: Desk,
) -> None:
    channel = desk.add_channel(schedule=Schedule.WEBHOOK, **AT_ONCE)
    queue_many(desk, channel, 1)
    channel.script = [failing(Outcome.NOT_SENT), failing(Outcome.NOT_SENT)]
    lane = desk.lane(channel)
    lane.step()
    desk.clock.forward(minutes=1)
    lane.step()
    desk.clock.forward(minutes=4)
    lane.step()

    desk.clock.now -= 10 * HOUR
    lane.step()
    desk.clock.forward(minutes=3)
    lane.step()

    assert len(channel.accepted) == 1


def test_a_digest_keeps_its_time_of_day_when_the_clock_is_set_back(desk: Desk) -> None:
    channel = desk.add_channel(digest=(time(17),))
    desk.rules(kalifaat=CALIPHATE)
    desk.clock.now += timedelta(days=30)
    story(desk, 1)
    desk.match()

    desk.clock.now -= timedelta(days=30)
    desk.send()
    assert channel.accepted == []
    desk.send_over(7 * HOUR)

    assert len(channel.accepted) == 1


@pytest.mark.slow
def test_fifteen_hundred_pending_alerts_drain_in_order_at_the_rate(desk: Desk) -> None:
    channel = desk.add_channel(people=False, rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 1500)

    desk.send_over(timedelta(seconds=1510))

    sent = [parcel.message.alerts[0].story for parcel in channel.parcels]
    assert sent == [f"sty_{number}" for number in range(1500)]
    gaps = [later.now - earlier.now for earlier, later in pairwise(channel.parcels)]
    assert min(gaps) >= timedelta(seconds=1)
