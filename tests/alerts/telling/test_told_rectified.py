"""What an outlet takes back: rectifications are shown, and a headline that it denies is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deliverydesk import AMSTERDAM, Desk, ScriptedChannel
from hearing import OPENING, breaches, heard, hour, rows
from outbox_desk import AT_ONCE

from alerts.message import Parcel
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of

CORRECTION = "Correctie: niet het hoofd van de gemeente maar een ander is aangehouden."
MORE = "Dat schreven wij ten onrechte."


def seen(parcel: Parcel) -> View:
    return view_of(parcel.message, Style("nl", AMSTERDAM))


def people(desk: Desk, name: str = "desk", **more: object) -> ScriptedChannel:
    channel = desk.add_channel(name, **AT_ONCE | more)
    channel.view = seen
    return channel


def lines(channel: ScriptedChannel) -> list[str]:
    """What the messages say: headlines, sentences, and what edits show."""
    said = []
    for tale in (tale for parcel in channel.parcels for tale in seen(parcel).tales):
        said += [tale.title, *("".join(run.text for run in runs) for runs in tale.quotes)]
        said += [edit.after for _, edit in tale.edits]
    return said


def silent_remainders(desk: Desk, channel: ScriptedChannel) -> list[str]:
    """What the ledger calls told, although no message shows it or counts it."""
    counted = sum(tale.left_out for parcel in channel.parcels for tale in seen(parcel).tales)
    unseen = [row.passage.text for row in rows(desk) if row.passage.text not in lines(channel)]
    return unseen[counted:]


@pytest.mark.parametrize("field", ["lead", "body"])
def test_a_rectification_is_shown_also_where_its_headline_alerts_for_another_rule(
    desk: Desk, field: str
) -> None:
    channel = people(desk)
    desk.rules(burgemeester="burgemeester*", wethouder="wethouder*")
    desk.publish("Burgemeester aangehouden", f"De burgemeester is verdacht.\n{OPENING}")
    hour(desk)

    body, lead = {"lead": ("", CORRECTION), "body": (f"{CORRECTION}\n", "")}[field]
    body += f"Er is gezocht.\n{OPENING}"
    desk.publish("Rectificatie: verdachte is wethouder", body, lead=lead)
    hour(desk)

    assert CORRECTION in lines(channel)
    assert silent_remainders(desk, channel) == []


def test_all_sentences_of_a_rectification_are_shown_in_the_first_alert_about_it(desk: Desk) -> None:
    channel = people(desk)
    desk.rules(wethouder="wethouder*")
    desk.publish("Rectificatie", f"De wethouder zwijgt.\n{CORRECTION} {MORE}\n{OPENING}")
    hour(desk)

    assert {CORRECTION, MORE, "De wethouder zwijgt."} <= set(lines(channel))
    assert silent_remainders(desk, channel) == []


def test_a_receiver_that_comes_later_is_shown_the_rectification_too(desk: Desk) -> None:
    people(desk)
    desk.rules(burgemeester="burgemeester*")
    desk.publish("Burgemeester aangehouden", f"De burgemeester is verdacht.\n{OPENING}")
    hour(desk)
    late = people(desk, "laat")
    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(burgemeester="burgemeester*")
    desk.publish("Wie is aangehouden", f"Er is gezocht.\n{CORRECTION}\n{OPENING}")
    hour(desk)

    assert CORRECTION in lines(late)


@pytest.mark.parametrize("label", ["Correctie", "Rectificatie:", "Correctie (12 mei 2026)"])
def test_a_correction_below_a_line_that_only_says_so_is_told(desk: Desk, label: str) -> None:
    channel = people(desk)
    desk.rules(burgemeester="burgemeester*")
    desk.publish("Burgemeester aangehouden", f"De burgemeester is verdacht.\n{OPENING}")
    hour(desk)

    desk.publish(
        "Burgemeester aangehouden",
        f"De burgemeester is verdacht.\n{OPENING}\n{label}\n{MORE}\nAlle lof was van ons.",
    )
    hour(desk)

    told = lines(channel)
    assert MORE in told
    assert {label, "Alle lof was van ons."}.isdisjoint(told)


def test_a_rectification_in_the_message_about_what_it_corrects_has_its_own_link(desk: Desk) -> None:
    channel = people(desk, group_wait=timedelta(minutes=30))
    desk.rules(raadhuis="raadhuis*", wethouder="wethouder*")
    title = "Burgemeester van Geleen aangehouden"
    desk.publish(title, f"Het raadhuis is dicht.\n{OPENING}")
    desk.match()
    desk.publish(f"Rectificatie: {title}", "", lead="De wethouder is verdacht.", number=2)
    hour(desk)

    (tale,) = seen(channel.parcels[0]).tales
    assert "De wethouder is verdacht." in lines(channel)
    assert [link.name for link in tale.others] == [f"NOS (Rectificatie: {title})"]
    assert tale.others[0].url != tale.link.url


@pytest.mark.parametrize("lead", ["De raad komt bijeen. Er is veel te doen.", ""])
def test_a_rule_without_words_shows_headline_and_beginning_and_calls_nothing_told_by_link(
    desk: Desk, lead: str
) -> None:
    channel = people(desk)
    desk.rules(nos='outlet:"NOS"')
    desk.publish("Raad bijeen", OPENING, lead=lead)
    hour(desk)

    assert {row.state.value for row in rows(desk)} == {"told"}
    assert silent_remainders(desk, channel) == [] or lead
    assert [one.startswith(lead or OPENING[:30]) for one in lines(channel)] == [False, True]


DENIALS = (
    ("Gifwolk boven Geleen", "Chemelot: toch geen giftige stof vrijgekomen"),
    ("Gifwolk drijft over de stad Geleen", "Rookwolk drijft over de stad Geleen"),
    ("Brand met gifwolk in Geleen: 12 gewonden", "Brand met rook in Geleen: 3 gewonden"),
    ("Jansen liet gifwolk ontsnappen in Geleen", "Pietersen liet rook ontsnappen in Geleen"),
)
OTHERS = (
    ("Gifwolk boven Geleen", "Bewoners van Geleen blijven binnen"),
    ("Geen gifwolk boven Geleen", "Brandweer keert terug uit Geleen"),
    ("Gifwolk boven Geleen", "Chemelot meldt dat er is geblust"),
    ("Gifwolk boven Geleen", "Bijna honderd bewoners van Geleen geëvacueerd"),
)


@pytest.mark.parametrize("priority", ["high", "normal"])
@pytest.mark.parametrize(("claim", "later"), DENIALS)
def test_a_headline_whose_successor_contradicts_it_is_corrected_once_after_two_readings(
    desk: Desk, claim: str, later: str, priority: str
) -> None:
    channel = people(desk)
    desk.rules(gifwolk="gifwolk", priority=priority)
    desk.publish(claim, OPENING)
    hour(desk)
    desk.publish(later, OPENING)
    desk.match()
    desk.send_over(timedelta())
    assert len(channel.parcels) == 1

    for _ in range(3):
        hour(desk)

    (edit,) = [edit for _, edit in seen(channel.parcels[1]).tales[0].edits]
    assert (edit.before, edit.after) == (claim, later)
    assert len(channel.parcels) == 2
    assert breaches(desk) == []


@pytest.mark.parametrize(("claim", "later"), OTHERS)
def test_a_headline_that_was_only_replaced_is_not_told_as_withdrawn(
    desk: Desk, claim: str, later: str
) -> None:
    channel = people(desk)
    desk.rules(gifwolk="gifwolk", priority="high")
    desk.publish(claim, OPENING)
    hour(desk)
    desk.publish(later, OPENING)
    hour(desk)

    assert heard(channel) == [claim]


@pytest.mark.parametrize("priority", ["high", "normal"])
@pytest.mark.parametrize(("claim", "later"), DENIALS)
def test_a_headline_that_comes_back_after_its_denial_was_told_is_told_again(
    desk: Desk, claim: str, later: str, priority: str
) -> None:
    channel = people(desk)
    desk.rules(gifwolk="gifwolk", priority=priority)
    for title in (claim, later, claim):
        desk.publish(title, OPENING)
        hour(desk)
    hour(desk)

    assert len(channel.parcels) == 3
    tale = seen(channel.parcels[2]).tales[0]
    assert claim in (tale.title, *(edit.after for _, edit in tale.edits))
    assert breaches(desk) == []


def test_a_headline_that_comes_back_for_a_moment_after_its_denial_is_not_told(desk: Desk) -> None:
    channel = people(desk)
    desk.rules(gifwolk="gifwolk", priority="high")
    claim, later = DENIALS[0]
    for title in (claim, later):
        desk.publish(title, OPENING)
        hour(desk)
    desk.publish(claim, OPENING)
    desk.match()
    desk.publish(later, OPENING)
    hour(desk)

    assert len(channel.parcels) == 2


def test_headlines_that_deny_each_other_by_turns_make_three_messages_at_most(desk: Desk) -> None:
    channel = people(desk)
    desk.rules(gifwolk="gifwolk", priority="high")
    for turn in range(12):
        desk.publish(DENIALS[0][turn % 2], OPENING)
        hour(desk)

    assert len(channel.parcels) == 3


def test_a_headline_that_was_replaced_before_a_message_names_it_does_not_count_as_told(
    desk: Desk,
) -> None:
    # given a copy under a headline of its own, which its outlet then takes back
    people(desk)
    desk.rules(kalifaat="kalifaat")
    text = f"Het kalifaat is besproken.\n{OPENING}"
    desk.publish("Het kalifaat besproken", text)
    hour(desk)
    first, second = "Raad sprak over kalifaat", "Toch geen raad die sprak over kalifaat"
    desk.publish(first, text, number=2, outlet="AD")
    hour(desk)
    desk.publish(second, text, number=2, outlet="AD")
    hour(desk)

    # when a message has something to say, and names the copy
    desk.publish("Het kalifaat besproken", f"Nog eens noemt de raad het kalifaat.\n{text}")
    hour(desk)

    stands = {row.passage.text: (row.state.value, row.reason) for row in rows(desk)}
    assert stands[first] == ("untold", "replaced")
    assert stands[second] == ("told", None)
