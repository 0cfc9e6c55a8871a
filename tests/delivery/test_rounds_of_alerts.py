"""Rounds, backlogs, pages with a new text, rules that change."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import CALIPHATE, MORNING, Desk, article

from alerts.alert import EventKind
from alerts.rules import RuleBook, rule_of
from crawler.config import FirstRun

ELSEWHERE = (
    "De gemeenteraad van Zutphen besloot donderdag over de nieuwe brug. Wethouder Jansen noemde "
    "het plan haalbaar en betaalbaar, de oppositie sprak van een luchtkasteel aan de IJssel."
)


BRIDGE = (
    "De gemeenteraad van Zutphen besloot donderdag over de nieuwe brug. Wethouder Jansen noemde "
    "het plan haalbaar. Op de tekening staat een boog die aan het kalifaat van Cordoba herinnert."
)


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


def test_the_backlog_of_a_first_run_is_one_summary(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.first_run = FirstRun.SUMMARY
    desk.rules(kalifaat="kalifa*", brug="brug")
    before = MORNING - timedelta(hours=3)
    desk.save(article(published=before))
    desk.save(article("Brug komt er", ELSEWHERE, number=2, published=before))

    desk.match()
    desk.send_over(timedelta(minutes=3))
    desk.clock.forward(minutes=5)
    news = "Op de kade van Deventer vond de politie een tas met papieren over het kalifaat."
    desk.publish("Tas gevonden", news, number=3)
    desk.match()
    desk.send_over(timedelta(minutes=1))

    assert [parcel.message.kind for parcel in channel.parcels] == [
        EventKind.DIGEST,
        EventKind.STORY,
    ]
    assert len(channel.parcels[0].message.entries) == 2


def test_a_silent_first_run_names_its_reason(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.first_run = FirstRun.SILENT
    desk.rules(kalifaat="kalifa*")
    saved = desk.save(article(published=MORNING - timedelta(hours=3)))

    desk.match()
    desk.send(flush=True)

    assert channel.parcels == []
    assert desk.decisions(saved) == [("kalifaat", "first-run")]


def test_a_rule_without_a_channel_names_its_reason(desk: Desk) -> None:
    desk.rules("weg", kalifaat="kalifa*")
    saved = desk.publish()

    assert desk.match().queued == 0
    assert desk.decisions(saved) == [("kalifaat", "no-channel")]
