"""What is held or gathered: digests, quiet hours, silences."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from deliverydesk import AMSTERDAM, CALIPHATE, Desk, ScriptedChannel, failing
from hearing import breaches, shown, stands
from outbox_desk import AT_ONCE, one_story, queue_many, silence, states, story

from alerts.alert import EventKind
from alerts.message import Cause
from alerts.outcome import Outcome
from alerts.policy.quiet_hours import QuietHours
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_more_than_twenty_old_messages_become_one_digest_oldest_first(desk: Desk) -> None:
    channel = desk.add_channel(capacity=30, **AT_ONCE)
    channel.script = [failing(Outcome.NOT_SENT)]
    queue_many(desk, channel, 25)

    desk.lane(channel).step()
    desk.clock.forward(minutes=45)
    desk.send()

    # The one that failed probes the channel; what waited behind it comes together.
    first, digest = channel.parcels[1:]
    assert first.message.kind is EventKind.STORY
    assert (digest.message.kind, digest.message.cause) == (EventKind.DIGEST, Cause.CATCH_UP)
    assert len(digest.message.entries) == 24
    assert {state for state, _ in states(desk)} == {"delivered", "digested"}


def test_a_backlog_of_several_digests_says_in_each_that_more_follows(desk: Desk) -> None:
    channel = desk.add_channel(capacity=10, **AT_ONCE)
    channel.script = [failing(Outcome.NOT_SENT)]
    queue_many(desk, channel, 25)

    desk.lane(channel).step()
    desk.clock.forward(minutes=45)
    desk.send()

    digests = [parcel.message for parcel in channel.parcels[2:]]
    assert {one.cause for one in digests} == {Cause.CATCH_UP}
    assert [len(one.entries) for one in digests] == [10, 10, 4]
    more = [view_of(one, Style("nl", AMSTERDAM)).more for one in digests]
    assert [text.split(",")[0] for text in more] == ["En nog 14 verhalen", "En nog 4 verhalen", ""]


def test_what_quiet_hours_held_is_no_backlog_of_an_outage(desk: Desk) -> None:
    channel = desk.add_channel(capacity=30, quiet=QuietHours(time(22), time(7)), **AT_ONCE)
    desk.clock.now = datetime(2026, 11, 23, 23, tzinfo=AMSTERDAM)
    queue_many(desk, channel, 25)
    desk.send_over(9 * HOUR)

    (digest,) = [parcel.message for parcel in channel.parcels]
    assert view_of(digest, Style("nl", AMSTERDAM)).intro == "Na de stille uren: 25 verhalen"


def test_a_message_that_may_have_arrived_is_repeated_as_itself_not_in_a_digest(desk: Desk) -> None:
    channel = desk.add_channel(capacity=30, **AT_ONCE)
    channel.script = [failing(Outcome.UNKNOWN)]
    queue_many(desk, channel, 25)
    desk.lane(channel).step()
    doubtful = channel.parcels[0].message.id

    desk.clock.forward(minutes=45)
    desk.send()

    assert doubtful in channel.accepted


def test_machines_get_every_message_of_an_outage_alone(desk: Desk) -> None:
    channel = desk.add_channel(people=False, **AT_ONCE)
    queue_many(desk, channel, 25)

    desk.clock.forward(minutes=45)
    desk.send()

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY] * 25


def test_a_digest_in_two_messages_announces_the_second_one(desk: Desk) -> None:
    channel = desk.add_channel(digest=(time(17),), capacity=2, **AT_ONCE)
    desk.rules(kalifaat="kalifa*")
    for number in range(3):
        story(desk, number)
    desk.match()

    desk.send_over(8 * HOUR)

    style = Style("nl", AMSTERDAM)
    first, second = (
        text_of(view_of(parcel.message, style), style.words) for parcel in channel.parcels
    )
    assert "En nog 1 verhaal, in het volgende bericht." in first
    assert "volgende bericht" not in second


def test_a_digest_channel_hears_at_its_hours_and_urgent_news_at_once(desk: Desk) -> None:
    channel = desk.add_channel(digest=(time(17),), **AT_ONCE)
    desk.rules(museum="museum", lied="lied")
    desk.rules(munt="munt", priority="high")
    for number in range(3):
        story(desk, number)
    desk.match()

    desk.send()
    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY]
    desk.send_over(8 * HOUR)

    digest = channel.parcels[1]
    assert digest.now == datetime(2026, 11, 23, 17, tzinfo=AMSTERDAM)
    assert (digest.message.kind, len(digest.message.entries)) == (EventKind.DIGEST, 2)


@pytest.mark.parametrize("hold_high", [False, True])
def test_quiet_hours_hold_delivery_and_urgent_news_only_if_asked(
    desk: Desk, *, hold_high: bool
) -> None:
    night = QuietHours(time(22), time(7), hold_high=hold_high)
    channel = desk.add_channel(quiet=night, **AT_ONCE)
    desk.rules(museum="museum")
    desk.rules(munt="munt", priority="high")
    desk.clock.now = datetime(2026, 10, 24, 23, 30, tzinfo=AMSTERDAM)
    story(desk, 0)
    story(desk, 1)
    desk.match()

    desk.send()
    assert len(channel.parcels) == (0 if hold_high else 1)
    desk.send_over(12 * HOUR)

    assert channel.parcels[-1].now == datetime(2026, 10, 25, 7, tzinfo=AMSTERDAM)
    assert len(channel.accepted) == 2


def test_what_quiet_hours_hold_does_not_expire_in_them(desk: Desk) -> None:
    channel = desk.add_channel(
        quiet=QuietHours(time(22), time(7), hold_high=True), group_wait=timedelta()
    )
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.clock.now = datetime(2026, 11, 23, 22, 30, tzinfo=AMSTERDAM)
    story(desk)
    desk.match()

    desk.send_over(10 * HOUR)

    assert len(channel.accepted) == 1


COUNT = "Bij de opgraving in Goes vond een boer {} munten van het kalifaat in een pot."
MORE = "Het kalifaat sloeg de munten in Raqqa, zegt de conservator van het museum in Leiden."
REST = "Het museum in Leiden toont ze vanaf morgen in de zaal aan de tuin."


def night_desk(desk: Desk, **more: object) -> ScriptedChannel:
    """A channel with quiet hours, at the beginning of a night."""
    channel = desk.add_channel(quiet=QuietHours(time(22), time(7)), **(AT_ONCE | more))
    desk.rules(kalifaat="kalifaat")
    desk.clock.now = datetime(2026, 11, 23, 23, tzinfo=AMSTERDAM)
    return channel


def at_night(desk: Desk, *texts: str) -> None:
    """The article has one text after the other, half an hour apart; then it becomes morning."""
    for text in texts:
        desk.publish("Munten", f"{text} {REST}")
        desk.match()
        desk.send_over(30 * MINUTE)
    desk.send_over(9 * HOUR)


def test_what_quiet_hours_held_about_a_story_is_one_message_in_its_present_wording(
    desk: Desk,
) -> None:
    channel = night_desk(desk)

    at_night(desk, COUNT.format(12), COUNT.format(21), f"{COUNT.format(21)} {MORE}")

    (parcel,) = channel.parcels
    assert parcel.message.kind is EventKind.STORY
    assert sorted(shown(parcel.message)) == sorted([COUNT.format(21), MORE])
    assert stands(desk) == {"told": 2, "replaced": 1}
    assert breaches(desk) == []


def test_what_quiet_hours_held_about_a_story_is_in_one_digest(desk: Desk) -> None:
    channel = night_desk(desk, capacity=10)
    desk.rules(museum="museum")

    desk.publish("Munten", f"{COUNT.format(12)} {REST}")
    desk.match()
    queue_many(desk, channel, 25)
    at_night(desk, COUNT.format(21))

    sentences = [line for parcel in channel.parcels for line in shown(parcel.message)]
    assert COUNT.format(21) in sentences
    assert COUNT.format(12) not in sentences
    assert breaches(desk) == []


def test_what_was_heard_before_the_quiet_hours_is_corrected_in_one_message(desk: Desk) -> None:
    channel = night_desk(desk)
    desk.clock.now -= 3 * HOUR
    desk.publish("Munten", f"{COUNT.format(12)} {REST}")
    desk.match()
    desk.send_over(3 * HOUR)

    at_night(desk, COUNT.format(21), f"{COUNT.format(30)} {MORE}")

    edits = [
        (edit.before, edit.after)
        for alert in channel.parcels[-1].message.alerts
        for edit in (alert.change.edits if alert.change else ())
    ]
    assert len(channel.parcels) == 2
    assert sorted(edits) == sorted([("", MORE), (COUNT.format(12), COUNT.format(30))])


def test_what_lost_its_hit_at_night_is_told_before_it_is_taken_back(desk: Desk) -> None:
    channel = night_desk(desk)

    at_night(desk, COUNT.format(12), COUNT.format(12).replace("kalifaat", "sultanaat"))

    assert [parcel.message.kind for parcel in channel.parcels] == [
        EventKind.STORY,
        EventKind.UPDATE,
    ]


def test_what_joins_a_message_that_was_held_is_tried_as_long_as_by_itself(desk: Desk) -> None:
    channel = night_desk(desk)
    channel.always = lambda _: failing(Outcome.NOT_SENT)
    desk.publish("Munten", f"{COUNT.format(12)} {REST}")
    desk.match()
    desk.send_over(7 * HOUR)

    at_night(desk, f"{COUNT.format(12)} {MORE}")

    (told,) = [one for one in desk.deliveries() if one.attempts]
    (joined,) = [one for one in desk.deliveries() if one.merged_into == told.id]
    assert told.expires == joined.expires


def test_machines_hear_of_each_step_of_a_night(desk: Desk) -> None:
    channel = night_desk(desk, people=False)

    at_night(desk, COUNT.format(12), f"{COUNT.format(12)} {MORE}")

    assert len(channel.parcels) == 2


def test_a_silence_at_queueing_is_a_named_end(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    silence(desk, rule="kalifaat")
    story(desk)

    assert desk.match().queued == 0
    desk.send()

    assert channel.parcels == []
    assert states(desk) == [("silenced", "silenced")]


def test_a_silence_that_begins_meanwhile_ends_what_waits(desk: Desk) -> None:
    channel = one_story(desk)
    silence(desk, channel="desk")

    desk.send()

    assert channel.parcels == []
    assert states(desk) == [("silenced", "silenced")]


def test_a_silence_that_is_ended_meanwhile_covers_nothing_more(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    name = silence(desk)
    desk.clock.forward(minutes=1)
    assert desk.store(lambda store: store.ledger.end_silence(name, desk.clock()))
    story(desk)

    desk.match()
    desk.send()

    assert len(channel.accepted) == 1


def test_a_silence_of_one_rule_leaves_the_other_rules_of_a_message(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat="kalifa*", munt="museum")
    story(desk)
    desk.match()
    silence(desk, rule="munt")

    desk.send()

    assert [alert.rule.id for alert in channel.parcels[0].message.alerts] == ["kalifaat"]
