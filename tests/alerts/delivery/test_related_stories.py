"""One event in several outlets' own words: nothing is suppressed, and it is one conversation."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from deliverydesk import Desk, ScriptedChannel, failing
from hearing import breaches, heard, hour, shown, stands
from one_event import FIRE, every_sentence, told
from outbox_desk import AT_ONCE, silence

from alerts.alert import EventKind
from alerts.message import Message
from alerts.outcome import Outcome

MINUTE = timedelta(minutes=1)


def desk_of(desk: Desk, **more: object) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | more))
    desk.rules(brand="kaas* OR doornbosch")
    return channel


def messages_of(channel: ScriptedChannel) -> list[Message]:
    return [parcel.message for parcel in channel.parcels if parcel.message.id in channel.accepted]


def stories(message: Message) -> list[str]:
    """The outlets of a message's stories, in order."""
    return [entry.alerts[0].article.outlet for entry in message.entries if entry.alerts[0].article]


def test_a_related_story_comes_as_a_message_of_the_thread(desk: Desk) -> None:
    channel = desk_of(desk)
    told(desk, "NOS")
    hour(desk)
    told(desk, "NRC")
    hour(desk)

    first, second = messages_of(channel)
    assert (first.kind, first.thread) == (EventKind.STORY, None)
    assert second.thread
    assert (second.thread.root, second.thread.reference) == (first.id, "ts-1")
    (entry,) = second.entries
    assert entry.earlier
    assert (entry.earlier.story, entry.earlier.title) == (first.entries[0].story, FIRE["NOS"][0])
    assert every_sentence("NOS", "NRC") == set(heard(channel))
    assert breaches(desk) == []


def test_what_comes_within_the_interval_is_a_line_of_one_message(desk: Desk) -> None:
    channel = desk_of(desk)
    told(desk, "NOS")
    desk.send()
    for outlet in ("AD", "NRC", "Trouw"):
        desk.clock.forward(minutes=3)
        told(desk, outlet)
        desk.send()
    hour(desk)

    first, second = messages_of(channel)
    assert (stories(first), stories(second)) == (["NOS"], ["AD", "NRC", "Trouw"])
    assert second.thread
    assert all(entry.earlier for entry in second.entries)
    assert every_sentence(*FIRE) == set(heard(channel))
    assert len(heard(channel)) == len(set(heard(channel)))


def test_what_comes_before_the_first_message_has_gone_joins_it(desk: Desk) -> None:
    channel = desk_of(desk, group_wait=timedelta(seconds=20))
    told(desk, "NOS")
    told(desk, "NRC")
    hour(desk)

    (only,) = messages_of(channel)
    assert (only.kind, stories(only)) == (EventKind.STORY, ["NOS", "NRC"])
    assert set(shown(only)) == every_sentence("NOS", "NRC")


def test_an_update_and_a_related_story_are_one_message_and_the_update_goes_first(
    desk: Desk,
) -> None:
    channel = desk_of(desk)
    told(desk, "NOS")
    desk.send()
    desk.clock.forward(minutes=3)
    told(desk, "NRC")
    told(desk, "NOS", "De oorzaak van de brand bij Doornbosch is een defecte rookoven.")
    hour(desk)

    _, second = messages_of(channel)
    assert (second.kind, stories(second)) == (EventKind.UPDATE, ["NOS", "NRC"])


def test_updates_of_a_related_story_stay_in_the_thread(desk: Desk) -> None:
    channel = desk_of(desk)
    for outlet in ("NOS", "NRC"):
        told(desk, outlet)
        hour(desk)
    desk.clock.forward(hours=30)
    told(desk, "NRC", "De oorzaak van de brand bij Doornbosch is een defecte rookoven.")
    hour(desk)

    first, _, third = messages_of(channel)
    assert third.thread
    assert third.thread.root == first.id


def test_a_day_later_it_is_a_conversation_of_its_own(desk: Desk) -> None:
    channel = desk_of(desk)
    told(desk, "NOS")
    hour(desk)
    desk.clock.forward(hours=25)
    told(desk, "NRC")
    hour(desk)

    kinds = [(message.kind, message.thread) for message in messages_of(channel)]
    assert kinds == [(EventKind.STORY, None)] * 2


def test_related_stories_can_be_told_apart(desk: Desk) -> None:
    channel = desk_of(desk, related=False)
    told(desk, "NOS")
    desk.send()
    told(desk, "NRC")
    desk.send()

    kinds = [(message.kind, message.thread) for message in messages_of(channel)]
    assert kinds == [(EventKind.STORY, None)] * 2
    assert not any(entry.earlier for message in messages_of(channel) for entry in message.entries)


def test_a_machine_gets_each_story_at_once_and_in_a_message_of_its_own(desk: Desk) -> None:
    channel = desk_of(desk, people=False)
    told(desk, "NOS")
    desk.send()
    told(desk, "NRC")
    desk.send()

    first, second = messages_of(channel)
    assert {first.kind, second.kind} == {EventKind.STORY}
    assert second.entries[0].thread == first.entries[0].story
    assert second.entries[0].earlier


def test_a_receiver_that_was_not_told_of_the_other_story_hears_this_one_by_itself(
    desk: Desk,
) -> None:
    channel = desk_of(desk, targets=("een",))
    told(desk, "NOS")
    hour(desk)
    desk.channels.clear()
    channel = desk.add_channel(targets=("een", "twee"), **AT_ONCE)
    told(desk, "NRC")
    hour(desk)

    by_target = {parcel.target: parcel.message for parcel in channel.parcels}
    assert by_target["een"].thread
    assert (by_target["twee"].kind, by_target["twee"].thread) == (EventKind.STORY, None)


def test_a_story_whose_relation_was_silenced_is_told_by_itself(desk: Desk) -> None:
    channel = desk_of(desk)
    silence(desk)
    told(desk, "NOS")
    hour(desk)
    desk.clock.forward(hours=1)
    told(desk, "NRC")
    hour(desk)

    (only,) = messages_of(channel)
    assert (only.kind, only.thread, only.entries[0].earlier) == (EventKind.STORY, None, None)


def test_a_story_whose_relation_is_silenced_before_both_go_is_told_by_itself(desk: Desk) -> None:
    channel = desk.add_channel(group_wait=timedelta(seconds=20))
    desk.rules(duizenden="duizenden")
    desk.rules(minuten="minuten")
    told(desk, "NOS")
    told(desk, "NRC")
    silence(desk, rule="duizenden")
    hour(desk)

    (only,) = messages_of(channel)
    assert (only.kind, stories(only)) == (EventKind.STORY, ["NRC"])
    assert (only.thread, only.entries[0].earlier) == (None, None)
    assert stands(desk) == {"told": 1, "silenced": 1}


def test_a_story_whose_relation_was_given_up_is_told_by_itself(desk: Desk) -> None:
    channel = desk_of(desk)
    channel.script = [failing(Outcome.MESSAGE_REJECTED)] * 2
    told(desk, "NOS")
    hour(desk)
    told(desk, "NRC")
    hour(desk)
    told(desk, "NOS", "De oorzaak van de brand bij Doornbosch is een defecte rookoven.")
    hour(desk)

    second, third = (one for one in messages_of(channel) if one.entries)
    assert (second.kind, second.thread, second.entries[0].earlier) == (EventKind.STORY, None, None)
    assert third.thread
    assert third.thread.root == second.id


@pytest.mark.parametrize("refused", ["NOS", "NRC", "Trouw"])
def test_a_story_that_its_receiver_refuses_costs_no_other(desk: Desk, refused: str) -> None:
    channel = desk_of(desk, group_wait=timedelta(seconds=20))
    channel.always = lambda parcel: (
        failing(Outcome.MESSAGE_REJECTED) if refused in stories(parcel.message) else None
    )
    for outlet in ("NOS", "NRC", "Trouw"):
        told(desk, outlet)
    hour(desk)

    others = {"NOS", "NRC", "Trouw"} - {refused}
    # Of each id, as it was at its last attempt.
    accepted = {message.id: message for message in messages_of(channel)}.values()
    sentences = [sentence for message in accepted for sentence in shown(message)]
    assert sorted(sentences) == sorted(every_sentence(*others))
    assert {outlet for message in accepted for outlet in stories(message)} == others
    assert stands(desk)["message-rejected"] == len(every_sentence(refused))
    assert breaches(desk) == []


@pytest.mark.parametrize("outlet", ["AD", "NRC"])
def test_a_digest_lists_it_under_the_story(desk: Desk, outlet: str) -> None:
    channel = desk_of(desk, digest=(time(17),))
    desk.rules(brug="ophaalbrug")
    told(desk, "NOS")
    desk.publish("Ophaalbrug dicht", "De ophaalbrug is dicht.", outlet="Trouw", number=9)
    told(desk, outlet)
    desk.send_over(timedelta(hours=9))

    (only,) = messages_of(channel)
    assert stories(only) == ["NOS", outlet, "Trouw"]
    assert only.entries[1].earlier


def test_an_urgent_related_story_waits_two_minutes_at_most(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(brand="kaas* OR doornbosch", priority="high")
    told(desk, "NOS")
    desk.send()
    told(desk, "NRC")
    desk.send_over(timedelta(hours=1))

    first, second = channel.parcels
    assert second.now - first.now == 2 * MINUTE
    assert second.message.thread
