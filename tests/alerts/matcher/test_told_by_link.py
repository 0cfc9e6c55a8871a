"""What a message shows, and what it only announces with its link: the ledger tells them apart."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta

import pytest
from deliverydesk import AMSTERDAM, BAGHUZ, Desk, ScriptedChannel, article
from hearing import OPENING, breaches, hour, rows, stands
from outbox_desk import AT_ONCE

from alerts.channels.webhook.webhook_body import shown_in
from alerts.message import Parcel
from alerts.rendering.passages import passages_of, subject_of, title_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.telling import TellingState

PLACES = ("Goes", "Tiel", "Hoorn", "Venlo", "Emmen", "Zwolle", "Breda", "Assen", "Delft", "Sneek")
MANY = tuple(f"Ook in {place} klinkt de roep om Baghuz te helpen." for place in PLACES)


def viewing(desk: Desk, name: str = "desk", **plan: object) -> ScriptedChannel:
    """A channel of people, who see what fits at a glance."""
    channel = desk.add_channel(name, **(AT_ONCE | plan))
    channel.view = seen
    return channel


def seen(parcel: Parcel) -> View:
    return view_of(parcel.message, Style("nl", AMSTERDAM))


def report(desk: Desk, *sentences: str, title: str = "Steun", **more: object) -> None:
    desk.publish(title, "\n".join([OPENING, *sentences]), **more)


def states(desk: Desk, channel: str = "desk") -> dict[str, str]:
    return {
        row.passage.text: row.state.value for row in rows(desk) if row.receiver.channel == channel
    }


def test_what_stands_beyond_the_three_sentences_of_an_alert_is_told_by_link(desk: Desk) -> None:
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    report(desk, *MANY)
    hour(desk)

    (tale,) = seen(channel.parcels[0]).tales
    shown = {"".join(run.text for run in runs) for runs in tale.quotes}
    told = states(desk)
    assert {text for text, state in told.items() if state == "told"} == shown
    assert Counter(told.values()) == {"told": 3, "by link": len(MANY) + 1 - 3}
    assert tale.left_out == len(MANY) + 1 - 3
    assert breaches(desk) == []


def test_nothing_urgent_is_told_by_link(desk: Desk) -> None:
    viewing(desk)
    desk.rules(baghuz="baghuz", priority="high")
    report(desk, *MANY)
    hour(desk)

    assert set(states(desk).values()) == {"told"}


def test_a_digest_tells_one_sentence_of_a_story_and_the_others_by_link(desk: Desk) -> None:
    viewing(desk, digest=(time(17),))
    desk.rules(baghuz="baghuz")
    report(desk, *MANY[:4])
    desk.match()
    desk.send_over(timedelta(hours=9))

    assert stands(desk) == {"told": 1, "by link": 4}


def test_what_was_told_by_link_is_told_and_not_new_again(desk: Desk) -> None:
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    report(desk, *MANY)
    hour(desk)
    report(desk, *MANY, title="Kop", outlet="AD")
    report(desk, *MANY, "De brug is open.", title="Steun")
    hour(desk)

    assert len(channel.parcels) == 1


def test_a_hit_in_the_headline_is_a_passage_that_the_headline_shows(desk: Desk) -> None:
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    report(desk, title="Baghuz is gevallen")
    hour(desk)

    (message,) = [parcel.message for parcel in channel.parcels]
    entry = message.entries[0]
    passages = passages_of(entry, title_of(subject_of(entry)))
    assert [passage.headline for passage in passages] == [True, False]
    assert {passage.key for passage in passages} == {row.passage.key for row in rows(desk)}
    assert [(each.passages, each.announced) for each in seen(channel.parcels[0]).shown] == [(2, 0)]
    assert set(states(desk).values()) == {"told"}


def test_a_headline_that_another_one_hides_is_named_with_its_outlet(desk: Desk) -> None:
    channel = viewing(desk, group_wait=timedelta(minutes=5))
    desk.rules(baghuz="baghuz")
    desk.rules(brand="brand")
    report(desk, "Baghuz is leeg.", title="Baghuz is gevallen")
    report(desk, "Baghuz is leeg.", title="Brand woedt in het oosten", outlet="AD")
    hour(desk)

    (parcel,) = channel.parcels
    (tale,) = seen(parcel).tales
    lines = ["".join(run.text for run in runs) for runs in tale.quotes]
    told = {text for text, state in states(desk).items() if state == "told"}
    assert told == {tale.title, *lines, "Brand woedt in het oosten"}
    assert [link.name for link in tale.joined] == ["AD (Brand woedt in het oosten)"]


def test_a_receiver_whose_first_news_of_a_story_a_copy_brings_is_shown_it(desk: Desk) -> None:
    viewing(desk)
    desk.rules(baghuz="baghuz")
    report(desk, *MANY[:2])
    hour(desk)
    late = viewing(desk, "laat")
    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(baghuz="baghuz")
    report(desk, *MANY[:3], title="Kop", outlet="AD")
    hour(desk)

    (parcel,) = late.parcels
    (tale,) = seen(parcel).tales
    told = {text for text, state in states(desk, "laat").items() if state == "told"}
    assert told == {"".join(run.text for run in runs) for runs in tale.quotes}
    assert len(told) == 3


@pytest.mark.parametrize("plain", [False, True])
def test_a_webhook_tells_what_its_body_holds(desk: Desk, plain: bool) -> None:  # noqa: FBT001 - a case
    channel = desk.add_channel(people=False, **AT_ONCE)
    desk.rules(baghuz="baghuz")
    report(desk, *MANY, *(f"{one[:-1]} of te mijden." for one in MANY), title="Baghuz valt")
    desk.match()
    desk.send_over(timedelta(minutes=1))

    message = channel.parcels[0].message
    (shown,) = shown_in(message, plain=plain)
    held = {row.passage.key for row in rows(desk)}
    assert set(shown.keys) <= held
    assert shown.passages == len(set(shown.keys))
    assert shown.passages + shown.announced == len(held) == 22
    assert (shown.announced > 0) is plain


def test_the_same_sentence_in_two_stories_of_a_digest_is_counted_for_each(desk: Desk) -> None:
    viewing(desk, digest=(time(17),))
    desk.rules(baghuz="baghuz")
    for number, own in enumerate(("De bakker van Sneek sluit na tachtig jaar.", "Er is ijs.")):
        text = f"{own * 3} {MANY[number]} {MANY[9]}"
        desk.save(article(f"Verhaal {number}", text, number=number, lead=own, now=desk.clock()))
    desk.match()
    desk.send_over(timedelta(hours=9))

    assert {row.state for row in rows(desk)} == {TellingState.TOLD, TellingState.BY_LINK}
    by_story = Counter((row.story, row.state) for row in rows(desk))
    assert set(by_story.values()) == {1}


def test_a_copy_that_joined_silently_is_named_with_its_headline_in_the_next_update_once(
    desk: Desk,
) -> None:
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    report(desk, *MANY[:2], title="Steun voor Baghuz")
    hour(desk)
    report(desk, *MANY[:2], title="Roep om Baghuz klinkt luider", outlet="AD")
    hour(desk)
    assert stands(desk)["joined-silently"] == 1

    for count in (3, 4):
        report(desk, *MANY[:count], title="Steun voor Baghuz")
        hour(desk)

    joined = [[link.name for link in seen(one).tales[0].joined] for one in channel.parcels]
    assert joined == [[], ["AD (Roep om Baghuz klinkt luider)"], []]
    assert [one.tales[0].others for one in map(seen, channel.parcels)] == [()] * 3
    assert "joined-silently" not in stands(desk)
    assert breaches(desk) == []


def test_an_outlet_that_brings_a_story_too_is_named_once(desk: Desk) -> None:
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    for count, outlet in ((2, "AD"), (3, "Trouw"), (4, "NRC"), (5, "AD"), (6, "Trouw")):
        report(desk, *MANY[:2])
        report(desk, *MANY[:count], title=f"Kop {outlet}", outlet=outlet)
        hour(desk)

    named = [
        [link.name for link in (*tale.joined, *tale.others)]
        for tale in (seen(parcel).tales[0] for parcel in channel.parcels)
    ]
    assert [name for names in named for name in names].count("AD") <= 1
    assert named[-2:] == [[], []]


def test_another_headline_of_a_copy_starts_no_message_and_is_named_in_the_next(desk: Desk) -> None:
    # given a report that was told, and a copy whose own headline an update has named
    channel = viewing(desk)
    desk.rules(baghuz="baghuz")
    for title, outlet, count in (("Steun", "NOS", 2), ("Roep om Baghuz", "AD", 2)):
        report(desk, *MANY[:count], title=title, outlet=outlet)
        hour(desk)
    report(desk, *MANY[:3], title="Steun")
    hour(desk)
    assert len(channel.parcels) == 2
    # when the copy gets another one
    report(desk, *MANY[:2], title="Baghuz roept luider", outlet="AD")
    hour(desk)
    # then it comes with the next update
    assert len(channel.parcels) == 2
    report(desk, *MANY[:4], title="Steun")
    hour(desk)
    joined = [[link.name for link in seen(one).tales[0].joined] for one in channel.parcels]
    assert joined == [[], ["AD (Roep om Baghuz)"], ["AD (Baghuz roept luider)"]]


def test_a_sentence_that_is_new_in_one_story_is_not_told_again_in_another(desk: Desk) -> None:
    first = desk.add_channel("een", digest=(time(17),), **AT_ONCE)
    desk.rules(baghuz="baghuz")
    desk.publish("Val", f"{BAGHUZ} {MANY[0]}", number=2)
    desk.match()
    desk.send_over(timedelta(hours=9))
    desk.add_channel("laat", digest=(time(17),), **AT_ONCE)
    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(baghuz="baghuz")

    desk.publish("Val", f"{BAGHUZ} {MANY[0]}\n{MANY[1]}", outlet="AD", number=2)
    report(desk, MANY[0])
    desk.match()
    desk.send_over(timedelta(hours=24))

    told = {entry.story: entry for entry in first.parcels[-1].message.entries}
    assert len(told) == 2
    copied = next(entry for entry in told.values() if entry.alerts[0].event != "story")
    assert [
        edit.after for alert in copied.alerts if alert.change for edit in alert.change.edits
    ] == [MANY[1]]
