"""Rounds, backlogs, pages with a new text, rules that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from deliverydesk import CALIPHATE, MORNING, Desk, ScriptedChannel, article

from alerts.alert import EventKind
from alerts.rules.book import RuleBook, rule_of
from crawler.config.files import FirstRun
from crawler.store import AliasStore

ELSEWHERE = (
    "De gemeenteraad van Zutphen besloot donderdag over de nieuwe brug. Wethouder Jansen noemde "
    "het plan haalbaar en betaalbaar, de oppositie sprak van een luchtkasteel aan de IJssel."
)


BRIDGE = (
    "De gemeenteraad van Zutphen besloot donderdag over de nieuwe brug. Wethouder Jansen noemde "
    "het plan haalbaar. Op de tekening staat een boog die aan het kalifaat van Cordoba herinnert."
)


def summarising(desk: Desk) -> ScriptedChannel:
    """A channel of a desk that sums a backlog up."""
    channel = desk.add_channel()
    desk.first_run = FirstRun.SUMMARY
    desk.rules(kalifaat="kalifa*")
    return channel


def test_a_page_whose_text_is_replaced_tells_a_new_story(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    first = desk.publish("Kort nieuws")
    desk.match()
    desk.send(flush=True)

    desk.clock.forward(hours=3)
    second = desk.publish("Kort nieuws", BRIDGE)
    desk.match()
    desk.send(flush=True)

    assert first.story != second.story
    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY] * 2


def test_a_new_rule_hears_of_a_page_whose_text_is_replaced(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.publish("Kort nieuws")
    desk.match()

    desk.rules(kalifaat="kalifa*")
    desk.clock.forward(hours=3)
    desk.publish("Kort nieuws", BRIDGE)
    desk.match()
    desk.send(flush=True)

    assert len(channel.parcels) == 1


def test_a_rule_that_is_taken_out_or_edited_meanwhile_takes_no_alert_back(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.publish()
    desk.match()

    desk.rulebook = RuleBook.build([rule_of(id="kalifaat", text="olifant", channels=["desk"])])
    desk.match()
    desk.send(flush=True)

    assert [alert.rule.name for alert in channel.parcels[0].message.alerts] == ["Kalifaat"]


def test_a_story_alerts_once_whatever_the_order_in_one_round(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    for number, outlet in enumerate(("AD", "NOS", "Trouw", "NRC"), 1):
        desk.publish(f"Kop {number}", outlet=outlet, number=number)

    desk.match()
    desk.send(flush=True)

    assert len(channel.parcels) == 1


BAG = "Op de kade van Deventer vond de politie een tas met papieren over het kalifaat."
EARLIER = MORNING - timedelta(hours=3)


def first_round(desk: Desk) -> None:
    """Two articles from before are listed by the first poll, and stored a little later."""
    found = [
        article(published=EARLIER),
        article("Brug komt er", ELSEWHERE, number=2, published=EARLIER),
    ]
    desk.poll("nos", *found)
    desk.clock.forward(seconds=40)
    for each in found:
        desk.save(replace(each, first_seen=desk.clock()))
    desk.match()


@pytest.mark.parametrize("priority", ["normal", "high"])
def test_the_backlog_of_a_first_run_is_one_summary(desk: Desk, priority: str) -> None:
    channel = desk.add_channel()
    desk.first_run = FirstRun.SUMMARY
    desk.rules(kalifaat="kalifa*", brug="brug", priority=priority)
    first_round(desk)
    desk.send_over(timedelta(minutes=3))
    desk.clock.forward(minutes=5)
    desk.poll("nos", article("Tas gevonden", BAG, number=3))
    desk.publish("Tas gevonden", BAG, number=3)
    desk.match()
    desk.send_over(timedelta(minutes=1))

    assert [parcel.message.kind for parcel in channel.parcels] == [
        EventKind.DIGEST,
        EventKind.STORY,
    ]
    assert len(channel.parcels[0].message.entries) == 2


def test_a_machine_gets_each_message_of_the_backlog_alone(desk: Desk) -> None:
    machine = desk.add_channel(people=False)
    desk.first_run = FirstRun.SUMMARY
    desk.rules(kalifaat="kalifa*", brug="brug")
    first_round(desk)
    desk.send_over(timedelta(minutes=1))

    assert [parcel.message.kind for parcel in machine.parcels] == [EventKind.STORY] * 2


def test_the_first_own_article_of_a_second_feed_is_news(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.first_run = FirstRun.SUMMARY
    desk.rules(kalifaat="kalifa*", priority="high")
    shared = article("Brug komt er", ELSEWHERE)
    desk.poll("nos", shared)
    desk.poll("nos-binnenland", shared)
    desk.save(shared)
    desk.match()

    desk.clock.forward(hours=4)
    own = replace(article("Tas gevonden", BAG, number=2, now=desk.clock()), source="nos-binnenland")
    desk.poll("nos-binnenland", own)
    desk.save(own)
    desk.match()
    desk.send()

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY]


def test_what_the_second_poll_brings_is_news_however_old_it_is(desk: Desk) -> None:
    channel = summarising(desk)
    desk.poll("nos")
    desk.clock.forward(minutes=5)
    found = article(published=EARLIER, now=desk.clock())
    desk.poll("nos", found)
    desk.save(found)
    desk.match()
    desk.send_over(timedelta(minutes=1))

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY]


def test_a_source_that_is_added_later_has_a_backlog_of_its_own(desk: Desk) -> None:
    channel = summarising(desk)
    desk.poll("nos")
    desk.clock.forward(hours=30)
    found = article(outlet="AD", published=EARLIER, now=desk.clock())
    desk.poll("ad", found)
    desk.save(found)
    desk.match()
    desk.send_over(timedelta(minutes=3))

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.DIGEST]


def test_a_backlog_that_is_read_after_a_restart_is_still_one(desk: Desk) -> None:
    channel = summarising(desk)
    found = article(published=EARLIER)
    desk.poll("nos", found)
    desk.clock.forward(hours=2)
    desk.poll("nos")
    desk.save(replace(found, first_seen=desk.clock()))
    desk.match()
    desk.send_over(timedelta(minutes=3))

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.DIGEST]


def test_an_address_that_leads_elsewhere_is_backlog_by_the_list_that_named_it(desk: Desk) -> None:
    channel = summarising(desk)
    found = article(published=EARLIER)
    desk.poll("nos", replace(found, key="nos:kort-adres"))
    desk.clock.forward(seconds=40)
    saved = desk.save(replace(found, first_seen=desk.clock()))
    desk.writer.run(lambda db: AliasStore(db).add("nos:kort-adres", saved.article))
    desk.match()
    desk.send_over(timedelta(minutes=3))

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.DIGEST]


def test_a_silent_first_run_names_its_reason(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.first_run = FirstRun.SILENT
    desk.rules(kalifaat="kalifa*")
    found = article(published=EARLIER)
    desk.poll("nos", found)
    saved = desk.save(found)

    desk.match()
    desk.send(flush=True)

    assert channel.parcels == []
    assert desk.decisions(saved) == [("kalifaat", "first-run")]


def test_a_rule_without_a_channel_names_its_reason(desk: Desk) -> None:
    desk.rules("weg", kalifaat="kalifa*")
    saved = desk.publish()

    assert desk.match().queued == 0
    assert desk.decisions(saved) == [("kalifaat", "no-channel")]
