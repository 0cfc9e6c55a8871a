"""What is urgent waits two minutes for more, and its corrections do not wait longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from deliverydesk import BAGHUZ, Desk, ScriptedChannel
from hearing import heard
from outbox_desk import AT_ONCE

DEAD = "In Baghuz zijn twaalf doden geteld."
MORE = "In Baghuz zijn eenentwintig doden geteld."
MINUTE = timedelta(minutes=1)


def urgent_desk(desk: Desk, **more: object) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | more))
    desk.rules(doden="doden", priority="high")
    desk.rules(school="school")
    return channel


def brought(desk: Desk, *sentences: str) -> datetime:
    """A report with these sentences comes in; when."""
    desk.publish(body="\n".join([BAGHUZ, *sentences]))
    desk.match()
    return desk.clock()


def times(channel: ScriptedChannel) -> list[datetime]:
    return [parcel.now for parcel in channel.parcels]


@pytest.mark.parametrize(("span", "wait"), [({}, 2), ({"urgent_group_interval": 5 * MINUTE}, 5)])
def test_a_correction_of_an_urgent_alert_goes_after_its_own_interval(
    desk: Desk, span: dict[str, timedelta], wait: int
) -> None:
    channel = urgent_desk(desk, **span)
    first = brought(desk, DEAD)
    desk.send_over(MINUTE)
    brought(desk, MORE)
    desk.send_over(timedelta(hours=1))

    assert heard(channel) == [DEAD, MORE]
    assert times(channel) == [first, first + wait * MINUTE]


def test_an_urgent_correction_that_is_taken_back_waits_no_ten_minutes(desk: Desk) -> None:
    channel = urgent_desk(desk)
    for sentence in (DEAD, MORE):
        brought(desk, sentence)
        desk.send_over(timedelta(hours=1))
    back = brought(desk, DEAD)
    desk.send_over(2 * MINUTE)
    brought(desk, DEAD)
    desk.send_over(timedelta(hours=1))

    assert times(channel)[-1] == back + 2 * MINUTE


def test_an_update_that_waits_goes_along_with_something_urgent(desk: Desk) -> None:
    channel = urgent_desk(desk)
    told = [DEAD, "De school is dicht."]
    first = brought(desk, *told)
    desk.send_over(MINUTE)
    told.append("De school blijft een week dicht.")
    brought(desk, *told)
    desk.send_over(timedelta(minutes=3))
    assert set(times(channel)) == {first}

    told.append("Het aantal doden loopt op.")
    urgent = brought(desk, *told)
    desk.send_over(timedelta(hours=1))

    assert times(channel)[-1] == urgent
    assert sorted(heard(channel)) == sorted(told)


def test_what_is_not_urgent_still_waits_for_its_interval(desk: Desk) -> None:
    channel = urgent_desk(desk)
    first = brought(desk, "De school is dicht.")
    desk.send_over(MINUTE)
    brought(desk, "De school is dicht.", "De school blijft een week dicht.")
    desk.send_over(timedelta(hours=1))

    assert times(channel) == [first, first + 15 * MINUTE]
