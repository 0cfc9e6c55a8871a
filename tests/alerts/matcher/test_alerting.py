"""From the article log to messages: what is told, once, and what is not, by name."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import BAGHUZ, CALIPHATE, Desk

from alerts.alert import EventKind
from alerts.telling import key_of

ELSEWHERE = (
    "De gemeenteraad van Zutphen besloot donderdag over de nieuwe brug. Wethouder Jansen noemde "
    "het plan haalbaar en betaalbaar, de oppositie sprak van een luchtkasteel aan de IJssel."
)


def test_the_first_match_of_a_story_is_told_after_the_group_wait(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()

    counts = desk.match()
    desk.send()
    assert (counts.matches, counts.queued, channel.parcels) == (1, 1, [])

    desk.clock.forward(seconds=20)
    desk.send()

    (parcel,) = channel.parcels
    assert parcel.message.kind is EventKind.STORY
    assert [entry.alerts[0].rule.id for entry in parcel.message.entries] == ["kalifaat"]
    assert {quote.text for quote in parcel.message.alerts[0].quotes} == {"Baghuz", "kalifaat"}


def test_an_urgent_rule_waits_for_nothing(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.publish()

    desk.match()
    desk.send()

    assert len(channel.parcels) == 1


def test_matching_again_finds_nothing_new(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()

    first, second = desk.match(), desk.match()
    desk.send(flush=True)

    assert (first.queued, second.queued) == (1, 0)
    assert len(channel.parcels) == 1


def test_rules_that_match_one_article_share_a_message(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*", syrie="syrisch*")
    desk.publish()

    desk.match()
    desk.send(flush=True)

    (parcel,) = channel.parcels
    (entry,) = parcel.message.entries
    assert [alert.rule.id for alert in entry.alerts] == ["kalifaat", "syrie"]


def test_an_urgent_rule_hurries_the_message_that_it_joins(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.rules(syrie="syrisch*", priority="high")
    desk.publish()

    desk.match()
    desk.send()

    assert [len(parcel.message.alerts) for parcel in channel.parcels] == [2]


def test_a_copy_that_comes_before_the_message_goes_is_named_in_it(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    copy = desk.publish("Kalifaat gevallen", outlet="AD")

    desk.match()
    desk.send(flush=True)

    (parcel,) = channel.parcels
    assert [ref.outlet for ref in parcel.message.entries[0].articles] == ["NOS", "AD"]
    assert desk.decisions(copy) == [("kalifaat", "joined-silently")]


def test_what_copies_add_within_the_interval_becomes_one_update_at_its_end(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    desk.send(flush=True)
    for outlet in ("AD", "Trouw"):
        desk.clock.forward(minutes=2)
        own = f" Een verslaggever van {outlet} zag in Baghuz lege straten."
        desk.publish("Kalifaat gevallen", BAGHUZ + own, outlet=outlet)
        desk.match()

    desk.send_over(timedelta(minutes=10))
    assert len(channel.parcels) == 1
    desk.send_over(timedelta(minutes=2))

    update = channel.parcels[1].message
    assert update.kind is EventKind.UPDATE
    assert [alert.article.outlet for alert in update.alerts if alert.article] == ["AD", "Trouw"]
    assert update.thread is not None
    assert update.thread.root == channel.parcels[0].message.id
    assert update.thread.reference == "ts-1"


def test_a_copy_after_the_interval_joins_silently_and_the_next_update_names_it(
    desk: Desk,
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    desk.send(flush=True)

    desk.clock.forward(hours=1)
    copy = desk.publish("Kalifaat gevallen", outlet="AD")
    desk.match()
    assert desk.decisions(copy) == [("kalifaat", "joined-silently")]

    corrected = BAGHUZ.replace("Na weken", "Na maanden").replace(
        "is het kalifaat", "lijkt het kalifaat"
    )
    desk.publish(body=corrected)
    desk.match()
    desk.send_over(timedelta(minutes=1))

    assert len(channel.parcels) == 2
    assert [ref.outlet for ref in channel.parcels[1].message.entries[0].articles] == ["NOS", "AD"]


def test_a_second_text_by_the_same_outlet_that_says_nothing_new_joins_silently(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    again = desk.publish("Kalifaat gevallen", number=2)

    desk.match()
    desk.send(flush=True)

    assert len(channel.parcels) == 1
    assert desk.decisions(again) == [("kalifaat", "joined-silently")]


def test_a_correction_of_a_sentence_with_a_hit_is_told_with_what_changed(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    desk.send(flush=True)

    desk.clock.forward(hours=1)
    desk.publish(
        body=BAGHUZ.replace("is het kalifaat gevallen", "is het kalifaat vrijwel gevallen")
    )
    desk.match()
    desk.send_over(timedelta(minutes=1))

    update = channel.parcels[1].message
    change = update.alerts[0].change
    assert update.kind is EventKind.UPDATE
    assert change is not None
    assert [(edit.field, "vrijwel" in edit.after) for edit in change.edits] == [("body", True)]


def test_a_correction_that_takes_the_hit_away_is_told(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.publish()
    desk.match()
    desk.send(flush=True)

    desk.clock.forward(hours=1)
    desk.publish(body=BAGHUZ.replace("is het kalifaat gevallen", "is een bolwerk gevallen"))
    desk.match()
    desk.send_over(timedelta(minutes=1))

    change = channel.parcels[1].message.alerts[0].change
    assert change is not None
    assert "kalifaat" in change.edits[0].before
    assert "kalifaat" not in change.edits[0].after


def test_a_change_elsewhere_in_the_text_is_not_told(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    desk.send(flush=True)

    desk.clock.forward(hours=1)
    revised = desk.publish(body=BAGHUZ.replace("drinkwater en artsen", "drinkwater en tenten"))
    desk.match()
    desk.send_over(timedelta(hours=1))

    assert len(channel.parcels) == 1
    assert desk.decisions(revised) == [("kalifaat", "hits-unchanged")]


def test_a_revision_that_matches_for_the_first_time_is_told_once_as_late(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish(body=ELSEWHERE)
    assert desk.match().queued == 0

    desk.clock.forward(hours=2)
    desk.publish(body=ELSEWHERE + " In Baghuz viel intussen het kalifaat.")
    assert desk.match().queued == 1
    desk.send(flush=True)

    (parcel,) = channel.parcels
    assert parcel.message.kind is EventKind.STORY
    assert parcel.message.alerts[0].late


def test_a_rule_that_is_newer_than_the_news_hears_only_what_is_new(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.publish()
    desk.match()

    desk.rules(kalifaat=CALIPHATE)
    desk.clock.forward(hours=1)
    revised = desk.publish(body=BAGHUZ.replace("dekens", "tenten"))
    desk.match()
    desk.send(flush=True)

    assert channel.parcels == []
    assert desk.decisions(revised) == [("kalifaat", "old-news")]


def test_a_rule_under_another_id_goes_on_with_what_was_told(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    desk.send(flush=True)

    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(val=CALIPHATE)
    desk.clock.forward(hours=1)
    desk.publish(body=f"{BAGHUZ} In Susa viel het kalifaat.")
    desk.match()
    desk.send(flush=True)

    (alert,) = channel.parcels[-1].message.alerts
    assert (alert.rule.id, alert.kind, alert.late) == ("val", EventKind.UPDATE, False)
    assert alert.change is not None
    assert [edit.after for edit in alert.change.edits] == ["In Susa viel het kalifaat."]


def test_a_rule_that_is_younger_than_a_text_tells_whoever_heard_nothing_of_it_a_story(
    desk: Desk,
) -> None:
    channel = desk.add_channel()
    desk.publish()
    desk.match()

    desk.rules(kalifaat=CALIPHATE)
    desk.clock.forward(hours=1)
    desk.publish(body=f"{BAGHUZ} In Susa viel het kalifaat.")
    desk.match()
    desk.send(flush=True)

    (alert,) = channel.parcels[-1].message.alerts
    assert (alert.kind, alert.late) == (EventKind.STORY, False), "no change made the rule match"
    assert {quote.passage for quote in alert.quotes} == {key_of("In Susa viel het kalifaat.")}
