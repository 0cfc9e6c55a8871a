"""Situations of a news day, as they were measured: what was due is told, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from deliverydesk import AMSTERDAM, BAGHUZ, Desk, article
from hearing import OPENING, breaches, heard, hour, rows, shown, stands, told_desk
from outbox_desk import AT_ONCE

from alerts.alert import EventKind
from alerts.policy.quiet_hours import QuietHours
from alerts.rendering.phrases import phrases_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

REPORT = (
    "Bij een aanrijding op de N57 bij Baghuz zijn dinsdagochtend vier mensen gewond geraakt. "
    "Een bestelbus reed volgens de politie door rood en raakte twee personenauto's. De weg was "
    "drie uur dicht in beide richtingen. Een traumahelikopter landde in het weiland ernaast. De "
    "bestuurder van de bus is aangehouden voor verhoor. Getuigen zeggen dat het zicht slecht was "
    "door mist boven de polder. De gemeente wil al jaren een rotonde op deze plaats."
)


def test_the_live_blog_of_an_outlet_whose_report_stands_in_it_tells_urgent_hits_too(
    desk: Desk,
) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(baghuz="baghuz", priority="high")
    desk.publish()
    hour(desk)
    desk.publish("Liveblog", BAGHUZ, number=2)
    hour(desk)
    desk.publish("Liveblog", f"{BAGHUZ}\nIn Baghuz viel de stroom uit.", number=2)
    hour(desk)

    assert heard(channel)[-1] == "In Baghuz viel de stroom uit."


def test_a_rule_that_is_widened_while_a_live_blog_runs_hears_what_comes_afterwards(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    old, new = "De brug is dicht.", "De brug is weer open."
    desk.publish("Liveblog", f"{OPENING}\n{old}")
    hour(desk)
    before = len(heard(channel))

    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(baghuz="baghuz OR brug")
    desk.publish("Liveblog", f"{OPENING}\n{old}\n{new}")
    hour(desk)

    assert heard(channel)[before:] == [new]
    assert stands(desk)["old-news"] == 1


@pytest.mark.parametrize("count", [20, 140])
def test_of_a_revision_with_many_hits_the_newest_are_shown_and_the_others_announced(
    desk: Desk, count: int
) -> None:
    channel = told_desk(desk)
    channel.view = lambda parcel: view_of(parcel.message, Style("nl", AMSTERDAM))
    desk.publish("Liveblog", OPENING)
    hour(desk)
    added = [f"Bericht {n} uit Baghuz meldt zoveelste ronde {n * n}." for n in range(count)]
    desk.publish("Liveblog", "\n".join([OPENING, *added]))
    hour(desk)

    (tale,) = channel.view(channel.parcels[1]).tales
    assert [edit.after for _, edit in tale.edits] == added[::-1][:12]
    assert list(tale.announced(phrases_of("nl"))) == [phrases_of("nl").passages.of(count - 12)]
    assert stands(desk) == {"told": 1 + 12, "by link": count - 12}


def test_a_summary_whose_page_fails_for_a_while_joins_its_story_and_tells_nothing_twice(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    desk.publish("Vier gewonden bij Baghuz", REPORT)
    hour(desk)
    first = REPORT.split(". ", maxsplit=1)[0] + "."
    summary = article("Vier gewonden bij Baghuz", first, outlet="AD", now=desk.clock(), lead="")
    desk.save(replace(summary, partial=True))
    hour(desk)
    desk.publish("Vier gewonden bij Baghuz", REPORT, outlet="AD")
    hour(desk)

    told = heard(channel)
    assert len(told) == len(set(told))
    corrected = [
        edit
        for parcel in channel.parcels
        for alert in parcel.message.alerts
        if alert.change
        for edit in alert.change.edits
        if edit.before
    ]
    assert corrected == []


def test_a_report_that_a_second_outlet_brings_with_a_place_corrected_is_one_alert(
    desk: Desk,
) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(weg="aanrijding OR rotonde")
    desk.publish("Vier gewonden bij aanrijding", REPORT)
    hour(desk)
    moved = REPORT.replace("bij Baghuz", "bij Goes")
    desk.publish("Vier gewonden bij aanrijding", moved, outlet="AD")
    hour(desk)

    kinds = [parcel.message.kind for parcel in channel.parcels]
    assert kinds == [EventKind.STORY, EventKind.UPDATE]
    assert shown(channel.parcels[1].message) == [moved.split(". ", maxsplit=1)[0] + "."]


def test_a_quiet_night_holds_what_comes_and_hides_none_of_it(desk: Desk) -> None:
    channel = told_desk(desk, quiet=QuietHours(time(22), time(7)))
    desk.clock.forward(hours=13)
    blog = [f"Om {n} uur bereikt wagen {n} van de colonne Baghuz." for n in range(1, 6)]
    for count in range(1, 6):
        desk.publish("Liveblog", "\n".join([OPENING, *blog[:count]]))
        hour(desk)
    assert channel.parcels == []
    assert set(stands(desk)) == {"owed"}

    desk.send_over(timedelta(hours=6))

    assert set(heard(channel)) >= set(blog)
    assert len(heard(channel)) == len(set(heard(channel)))
    assert set(stands(desk)) == {"told"}


@pytest.mark.parametrize(
    ("told", "without"),
    [
        (("Baghuz is gevallen", "De dag"), ("Baghuz is toch niet verloren", "De dag")),
        (("Baghuz is gevallen", "De dag"), ("Toch geen gevecht verloren", "De dag")),
        (("De dag", "In Baghuz staat de kerk in brand."), ("De dag", "De nacht is koud.")),
    ],
)
def test_what_was_taken_back_and_came_back_in_a_quiet_night_is_not_told(
    desk: Desk, told: tuple[str, str], without: tuple[str, str]
) -> None:
    channel = told_desk(desk, quiet=QuietHours(time(22), time(7)))
    desk.clock.forward(hours=10)
    calm = OPENING.replace("Baghuz", "Susa")
    for title, body in (told, without, told):
        desk.publish(title, f"{calm}\n{body}\nEr is soep voor iedereen, en brood.")
        hour(desk)
        hour(desk)
    assert len(channel.parcels) == 1

    desk.send_over(timedelta(hours=9))

    assert heard(channel)[1:] == []
    assert set(stands(desk)) <= {"told", "replaced"}
    assert breaches(desk) == []


def test_a_rule_without_a_channel_is_counted_by_itself(desk: Desk) -> None:
    told_desk(desk)
    desk.rulebook = type(desk.rulebook).build(
        [replace(rule, channels=()) for rule in desk.rulebook.rules]
    )
    desk.publish()
    hour(desk)

    assert set(stands(desk)) == {"no-channel"}
    assert {row.receiver.channel for row in rows(desk)} == {""}
    assert breaches(desk) == []


def test_an_article_that_joins_another_story_tells_nothing_again_there(desk: Desk) -> None:
    channel = told_desk(desk)
    own = "Winkeliers in Baghuz verwachten een rustige zomer langs de kade."
    summary = article("Rust aan de kade", f"{own} {OPENING}", outlet="AD", now=desk.clock())
    first = desk.save(replace(summary, partial=True))
    hour(desk)
    desk.publish()
    hour(desk)
    before = heard(channel)

    joined = desk.publish("Laatste bolwerk gevallen", f"{BAGHUZ}\n{own}", outlet="AD")
    hour(desk)

    assert len({row.story for row in rows(desk)}) == 2
    assert joined.story != first.story
    assert heard(channel) == before
