"""What a receiver never got is said to its readers, however long it does not work."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import CALIPHATE, Desk, ScriptedChannel, failing
from outbox_desk import AT_ONCE, SUBJECTS, one_story, states, story

from alerts.alert import Notice
from alerts.outcome import Outcome

HOUR = timedelta(hours=1)


def notices_of(channel: ScriptedChannel) -> list[Notice]:
    """Every notice that the channel took, in order."""
    last = {parcel.message.id: parcel.message for parcel in channel.parcels}
    return [notice for name in channel.accepted for notice in last[name].notices]


def test_the_other_addresses_of_a_channel_hear_once_a_day_of_one_that_does_not_exist(
    desk: Desk,
) -> None:
    mail = desk.add_channel(**AT_ONCE, targets=("weg@example.org", "hier@example.org"))
    desk.rules(kalifaat=CALIPHATE)
    mail.always = lambda parcel: (
        failing(Outcome.RECIPIENT_REJECTED) if parcel.target.startswith("weg") else None
    )
    for number in range(3):
        story(desk, number)
        desk.match()
        desk.send_over(11 * HOUR)

    told = [parcel for parcel in mail.parcels if parcel.message.notices]
    assert [parcel.target for parcel in told] == ["hier@example.org"] * 2
    assert told[0].message.notices[0].lines[1:] == ("Wordt nog bezorgd bij hier@example.org",)


def test_the_only_channel_says_what_it_never_got_as_soon_as_it_works_again(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    start = desk.clock()
    back = start + timedelta(days=5)
    channel.always = lambda parcel: failing(Outcome.NOT_SENT) if parcel.now < back else None
    for number in range(len(SUBJECTS)):
        story(desk, number)
        desk.match()
        desk.send_over(5 * HOUR)
    desk.send_over(5 * 24 * HOUR)

    assert states(desk) == [("expired", "expired")] * len(SUBJECTS)
    notices = notices_of(channel)
    assert {notice.subject for notice in notices} == {"Niet bezorgd via desk"}
    told = [notice.lines[0].split(" (")[0].split(", ") for notice in notices]
    assert [title for title, _ in told] == [f"Verhaal {number}" for number in range(len(SUBJECTS))]
    assert all(link.startswith("https://nos.example/") for _, link in told)
    assert len(channel.accepted) == 2  # all that came after the first goes in one


def test_it_says_so_too_where_the_other_channel_fails_as_well(desk: Desk) -> None:
    channel = one_story(desk)
    other = desk.add_channel("ander", **AT_ONCE)
    for each in (channel, other):
        each.always = lambda _: failing(Outcome.NOT_SENT)
    desk.send_over(30 * HOUR)

    channel.always = lambda _: None
    desk.send_over(2 * HOUR)

    assert [one.subject for one in notices_of(channel)] == ["Niet bezorgd via desk"]
    assert notices_of(other) == []


def test_a_message_that_its_only_channel_refuses_is_named_there(desk: Desk) -> None:
    channel = one_story(desk)
    channel.script = [failing(Outcome.MESSAGE_REJECTED)] * 2

    desk.send_over(HOUR)

    (notice,) = notices_of(channel)
    assert "Verhaal 1" in notice.lines[0]
