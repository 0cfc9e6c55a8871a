"""A separate article that corrects an earlier one is told as a correction of that story."""

from __future__ import annotations

from deliverydesk import AMSTERDAM, Desk, ScriptedChannel
from hearing import hour
from outbox_desk import AT_ONCE

from alerts.alert import EventKind
from alerts.message import Message
from alerts.rendering import Style, phrases_of, text_of, view_of

WRONG = "In ons bericht over de aanslag van IS in Manbij stond dat twaalf mensen waren gedood."
RIGHT = "Dat moet zijn: negen mensen."


def messages_of(channel: ScriptedChannel) -> list[Message]:
    return [parcel.message for parcel in channel.parcels if parcel.message.id in channel.accepted]


def report(desk: Desk) -> ScriptedChannel:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(manbij="=IS OR manbij")
    lead = "Bij een aanslag van IS op een markt in Manbij zijn twaalf mensen gedood."
    title = "Twaalf doden bij aanslag op markt in Manbij"
    desk.publish(title, "De bom stond in een kar met meloenen.", outlet="NOS", lead=lead)
    desk.match()
    hour(desk)
    return channel


def test_a_rectification_is_an_update_that_says_what_it_is_and_what_is_right(desk: Desk) -> None:
    channel = report(desk)
    title = "Rectificatie: aanslag Manbij"
    desk.publish(title, f"{WRONG}\n\n{RIGHT}", outlet="NOS", lead="", number=2)
    desk.match()
    hour(desk)

    first, second = messages_of(channel)
    assert (first.kind, second.kind) == (EventKind.STORY, EventKind.UPDATE)
    assert first.entries[0].story == second.entries[0].story
    lines = text_of(view_of(second, Style("nl", AMSTERDAM)), phrases_of("nl")).splitlines()
    assert lines[0] == title
    assert lines[2] == "Rectificatie van NOS"
    assert lines[3:5] == [f"> {WRONG}", f"> {RIGHT}"]
    assert "Nieuw:" not in "\n".join(lines)
    assert any(line.startswith("https://nos.example/") for line in lines)


def test_the_next_report_of_the_outlet_is_news_as_before(desk: Desk) -> None:
    channel = report(desk)
    title = "Manbij begraaft de doden van de markt"
    desk.publish(title, "In Manbij zijn de doden begraven.", outlet="NOS", lead="", number=2)
    desk.match()
    hour(desk)

    first, second = messages_of(channel)
    assert first.entries[0].story != second.entries[0].story
