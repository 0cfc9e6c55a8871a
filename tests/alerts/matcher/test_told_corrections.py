"""Wordings that change, go back, or go: what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from deliverydesk import BAGHUZ, Desk, article
from hearing import OPENING, breaches, heard, hour, shown, stands, told_desk

from alerts.alert import EventKind, Reason
from alerts.message import Message


def test_headlines_that_are_tried_out_by_turns_make_two_messages_at_most(desk: Desk) -> None:
    channel = told_desk(desk)
    for turn in range(40):
        title = ("Baghuz is gevallen", "Zo viel Baghuz, huis voor huis")[turn % 2]
        desk.publish(title, "De strijd om de laatste straten is voorbij, na vijf lange weken.")
        desk.match()
        desk.send_over(timedelta(minutes=9))

    assert len(channel.parcels) == 2


COUNT = "Bij het ongeluk in Baghuz vielen zeker 12 gewonden onder de toeschouwers."
REST = "De wedstrijd werd gestaakt. De bond belooft een onderzoek naar de tribune."


def test_a_number_that_changes_is_a_correction_with_the_difference(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{COUNT} {REST}")
    hour(desk)

    desk.publish(body=f"{COUNT.replace('12', '21')} {REST}")
    hour(desk)

    change = channel.parcels[1].message.alerts[0].change
    assert change is not None
    assert [(edit.before, edit.after) for edit in change.edits] == [
        (COUNT, COUNT.replace("12", "21"))
    ]


def test_a_sentence_that_was_split_is_no_news_and_a_change_of_its_part_is(desk: Desk) -> None:
    channel = told_desk(desk)
    whole = "In Baghuz vielen 12 gewonden en de burgemeester van Baghuz vluchtte naar Idlib."
    parts = "In Baghuz vielen {} gewonden. De burgemeester van Baghuz vluchtte naar Idlib."
    for body in (whole, parts.format(12)):
        desk.publish(body=f"{body} {REST}")
        hour(desk)
        hour(desk)
    assert heard(channel) == [whole]
    assert set(stands(desk)) == {"told"}, "no part of it is called untold"

    desk.publish(body=f"{parts.format(21)} {REST}")
    hour(desk)

    assert heard(channel)[1:] == ["In Baghuz vielen 21 gewonden."]


def test_a_number_that_goes_back_is_told_if_it_stays(desk: Desk) -> None:
    channel = told_desk(desk)
    for number in ("12", "21", "12"):
        desk.publish(body=f"{COUNT.replace('12', number)} {REST}")
        hour(desk)

    assert heard(channel) == [COUNT, COUNT.replace("12", "21"), COUNT]
    assert breaches(desk) == []


def test_a_number_that_goes_back_for_a_moment_is_not_told(desk: Desk) -> None:
    channel = told_desk(desk)
    for number in ("12", "21"):
        desk.publish(body=f"{COUNT.replace('12', number)} {REST}")
        hour(desk)
    for number in ("12", "21"):
        desk.publish(body=f"{COUNT.replace('12', number)} {REST}")
        desk.match()
        desk.send_over(timedelta(minutes=4))
    hour(desk)

    assert heard(channel) == [COUNT, COUNT.replace("12", "21")]
    assert set(stands(desk)) == {"told"}


def test_a_copy_that_differs_in_a_number_is_an_update_and_no_second_alert(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{COUNT} {BAGHUZ} {REST}")
    hour(desk)
    desk.publish(body=f"{COUNT.replace('12', '21')} {BAGHUZ} {REST}", outlet="AD")
    hour(desk)
    desk.publish(body=f"{COUNT.replace('12', '21')} {BAGHUZ} {REST}", outlet="Trouw")
    hour(desk)

    assert [parcel.message.kind for parcel in channel.parcels] == [
        EventKind.STORY,
        EventKind.UPDATE,
    ]
    assert shown(channel.parcels[1].message) == [COUNT.replace("12", "21")]


def test_what_is_taken_out_is_told_once_if_it_stays_out(desk: Desk) -> None:
    channel = told_desk(desk)
    whole, without = f"{REST}\n{COUNT}\n{OPENING}", f"{REST}\n{OPENING}"
    desk.publish(body=whole)
    hour(desk)
    for body in (without, whole):
        desk.publish(body=body)
        desk.match()
        desk.send_over(timedelta(minutes=10))
    hour(desk)
    assert f"- {COUNT}" not in heard(channel)

    desk.publish(body=without)
    for _ in range(3):
        hour(desk)

    assert heard(channel).count(f"- {COUNT}") == 1


def test_what_waited_for_its_second_reading_is_not_called_untold_once_it_is_told(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{REST}\n{COUNT}\n{OPENING}")
    hour(desk)
    without = desk.publish(body=f"{REST}\n{OPENING}")
    desk.match()
    assert desk.decisions(without) == [("baghuz", "read-once")]

    for _ in range(3):
        hour(desk)
        desk.publish(body=f"{REST}\n{OPENING}")

    assert f"- {COUNT}" in heard(channel)
    assert desk.decisions(without) == []


def test_a_headline_that_lost_its_hit_is_not_withdrawn_and_the_reason_says_so(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish("Gifwolk boven Baghuz", "De wolk trekt weg.")
    hour(desk)
    replaced = desk.publish("Brandweer keert terug naar huis", "De wolk trekt weg.")
    for _ in range(3):
        hour(desk)

    assert heard(channel) == ["Gifwolk boven Baghuz"]
    ((_, decision),) = desk.store(lambda store: store.reading.decisions(replaced.article))
    assert decision.reason is Reason.HITS_UNCHANGED
    assert decision.detail == "a headline that was replaced is not told as withdrawn"


def test_a_copy_that_drops_a_sentence_takes_nothing_back(desk: Desk) -> None:
    channel = told_desk(desk)
    for outlet in ("NOS", "AD"):
        desk.publish(body=f"{REST}\n{COUNT}\n{OPENING}", outlet=outlet)
        hour(desk)
    desk.publish(body=f"{REST}\n{OPENING}", outlet="AD")
    hour(desk)

    assert len(channel.parcels) == 1


def test_nothing_is_gone_from_a_text_of_which_only_a_part_could_be_read(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{REST}\n{COUNT}\n{OPENING}")
    hour(desk)
    desk.save(replace(article(body=f"{REST}\n{OPENING}", now=desk.clock()), partial=True))
    hour(desk)

    assert len(channel.parcels) == 1


def test_a_digest_shows_of_a_sentence_that_changed_its_present_wording_and_no_difference(
    desk: Desk,
) -> None:
    channel = told_desk(desk, digest=(time(17),))
    said = "In Baghuz kost een kaartje {} euro meer."
    for number in (5, 6, 7):
        desk.publish(body=f"{OPENING}\n{said.format(number)}")
        hour(desk)
    desk.send_over(timedelta(hours=9))

    (parcel,) = channel.parcels
    assert sorted(shown(parcel.message)) == sorted([OPENING.split(". ")[0] + ".", said.format(7)])
    assert changes(parcel.message) <= {("", said.format(7))}
    assert stands(desk) == {"told": 2, "replaced": 2}
    assert breaches(desk) == []


def test_after_an_outage_a_correction_begins_from_what_was_heard_last(desk: Desk) -> None:
    channel = told_desk(desk)
    said = "In Baghuz kost een kaartje {} euro meer."
    desk.publish(body=f"{OPENING}\n{said.format(5)}")
    hour(desk)
    for number in (6, 7, 8):
        desk.publish(body=f"{OPENING}\n{said.format(number)}")
        desk.match()
        desk.clock.forward(minutes=2)
    hour(desk)

    _, update = channel.parcels
    assert changes(update.message) == {(said.format(5), said.format(8))}


def changes(message: Message) -> set[tuple[str, str]]:
    return {
        (edit.before, edit.after)
        for alert in message.alerts
        if alert.change
        for edit in alert.change.edits
    }
