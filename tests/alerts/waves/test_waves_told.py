"""News of a wave is told once when it begins, doubles and ends, and nothing is lost by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from deliverydesk import AMSTERDAM, Desk
from hearing import breaches, heard, rows, stands
from outbox_desk import silence
from wave_desk import HOUR, MINUTE, publish, told, wave_desk, wave_messages, waves_in, words

from alerts.alert import VolumeAlert
from alerts.channels.discord.discord_channel import fitting_view as discord_view
from alerts.channels.email.email_message import html_of
from alerts.channels.ntfy.ntfy_channel import fitting_view as ntfy_view
from alerts.channels.telegram.telegram_channel import fitting_view as telegram_view
from alerts.channels.webhook.webhook_body import body_of, shown_in
from alerts.keeping import forget_told
from alerts.matcher import Matcher, _Read, readings_of
from alerts.message import Message, Parcel
from alerts.policy.quiet_hours import QuietHours
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.view import Style, View, view_of
from alerts.rules.book import RuleBook, rule_of
from alerts.wave_log import WaveStore

STYLE = Style("nl", AMSTERDAM)


def shown(parcel: Parcel) -> View:
    return view_of(parcel.message, STYLE)


def shown_text(message: Message) -> str:
    return text_of(view_of(message, STYLE), STYLE.words)


def round_of(desk: Desk) -> None:
    desk.match()
    desk.send_over(timedelta(seconds=1))


def test_a_wave_is_told_when_it_begins_doubles_and_ends(desk: Desk) -> None:
    channel = wave_desk(desk)

    for number in range(12):
        publish(desk, number)
        round_of(desk)
    for _ in range(8):
        desk.clock.forward(minutes=30)
        round_of(desk)

    assert told(channel) == [("begins", 5), ("doubles", 10), ("ends", 12)]
    [wave] = desk.writer.run(
        lambda db: WaveStore(db).between(desk.clock() - timedelta(days=1), desk.clock())
    )
    assert (wave.rule, wave.stories, wave.wave.peak) == ("wolf", 12, 12)
    assert wave.wave.ended is not None


def test_copies_of_one_story_make_no_wave(desk: Desk) -> None:
    channel = wave_desk(desk)
    body = f"In {words(1)} {words(2)} liep een wolf door de straat."

    for number in range(9):
        desk.publish("Wolf in de straat", body, outlet=f"Krant{number}", number=number)
    round_of(desk)

    assert told(channel) == []


def test_a_wave_carries_its_stories_and_takes_no_alerts_place(desk: Desk) -> None:
    channel = wave_desk(desk)
    channel.view = shown

    publish(desk, *range(6))
    round_of(desk)

    [message] = wave_messages(channel)
    text = shown_text(message)
    for story in message.waves[-1].stories:
        assert story.alert.article.title in text
        assert story.alert.article.url in text
    assert "*wolf*" in text
    assert "▁▁▁" in text
    assert len(channel.parcels) == 7
    assert stands(desk) == {"told": len(rows(desk))}
    assert len(set(heard(channel))) == len(heard(channel)) == len(rows(desk))


def test_a_wave_may_take_over_what_waits(desk: Desk) -> None:
    channel = wave_desk(desk, instead=True, group_wait=timedelta(minutes=30))
    channel.view = shown

    publish(desk, *range(5))
    desk.match()
    desk.send_over(HOUR)

    [message] = [parcel.message for parcel in channel.parcels if parcel.message.waves]
    assert len(message.entries) == 5
    assert len(channel.parcels) == 1
    assert stands(desk) == {"told": len(rows(desk))}
    assert not breaches(desk)
    assert set(heard(channel)) == {row.passage.text for row in rows(desk)}


def test_what_a_wave_took_over_and_had_no_place_for_comes_next(desk: Desk) -> None:
    channel = wave_desk(desk, instead=True, group_wait=timedelta(minutes=30))

    def narrow(parcel: Parcel) -> View:
        view = view_of(parcel.message, STYLE)
        return View(subject=view.subject, tales=view.tales[:2])

    channel.view = narrow
    publish(desk, *range(5))
    desk.match()
    desk.send_over(HOUR)

    kinds = [parcel.message.kind.value for parcel in channel.parcels]
    assert kinds == ["alert.volume", "alert.digest", "alert.digest"]
    assert stands(desk) == {"told": len(rows(desk))}
    assert not breaches(desk)


def test_a_wave_in_a_silence_is_not_told_and_is_on_record(desk: Desk) -> None:
    channel = wave_desk(desk)
    silence(desk, rule="wolf")

    publish(desk, *range(6))
    round_of(desk)

    assert channel.parcels == []
    kept = [one for one in desk.deliveries() if one.kind.value == "alert.volume"]
    assert [one.state.value for one in kept] == ["silenced"]


def test_a_wave_of_the_night_comes_as_one_message_in_the_morning(desk: Desk) -> None:
    channel = wave_desk(desk, quiet=QuietHours(time(22), time(7)))
    desk.clock.now = datetime(2027, 1, 20, 1, tzinfo=AMSTERDAM)

    for number in range(10):
        publish(desk, number)
        round_of(desk)
    for _ in range(16):
        desk.clock.forward(minutes=30)
        round_of(desk)

    [message] = wave_messages(channel)
    assert [news.phase.value for news in message.waves] == ["begins", "doubles", "ends"]
    assert view_of(message, STYLE).subject == "Golf is voorbij: De wolf"


def test_what_comes_after_an_outage_begins_no_wave(desk: Desk) -> None:
    channel = wave_desk(desk)
    now = desk.clock()

    for number in range(12):
        publish(desk, number, published=now - 6 * HOUR + number * MINUTE)
    round_of(desk)

    assert told(channel) == []


def test_a_date_without_a_time_is_no_midnight_wave(desk: Desk) -> None:
    wave_desk(desk)
    midnight = datetime.combine(desk.clock().date(), time.min, AMSTERDAM)

    publish(desk, *range(3), published=midnight)
    round_of(desk)

    newest = desk.writer.run(lambda db: WaveStore(db).newest("wolf"))
    assert newest is not None
    assert newest > midnight + HOUR


def test_a_rule_that_is_younger_than_a_day_has_no_waves(desk: Desk) -> None:
    channel = wave_desk(desk)
    desk.rulebook = RuleBook.build(
        [rule_of(id="nieuw", text="wolf", channels=["desk"], volume=desk.rulebook["wolf"].volume)]
    )

    publish(desk, *range(8))
    round_of(desk)

    assert told(channel) == []


def test_the_stories_that_a_rule_found_before_it_had_a_volume_are_its_base(desk: Desk) -> None:
    channel = wave_desk(desk)
    volume = desk.rulebook["wolf"].volume
    plain = rule_of(id="wolf", text="wolf", channels=["desk"])
    desk.rulebook = RuleBook.build([plain])
    for week in range(4):
        publish(desk, *range(week * 10, week * 10 + 8))
        round_of(desk)
        desk.clock.forward(days=7, minutes=-16)
    assert told(channel) == []

    desk.rulebook = RuleBook.build(
        [rule_of(id="wolf", text="wolf", channels=["desk"], volume=volume)]
    )
    publish(desk, *range(100, 106))
    round_of(desk)

    assert told(channel) == []


def test_a_rule_whose_volume_is_taken_away_has_no_wave_left(desk: Desk) -> None:
    channel = wave_desk(desk)
    publish(desk, *range(6))
    round_of(desk)

    desk.rulebook = RuleBook.build([rule_of(id="wolf", text="wolf", channels=["desk"])])
    desk.clock.forward(hours=5)
    round_of(desk)

    assert told(channel) == [("begins", 5)]
    assert desk.writer.run(lambda db: WaveStore(db).running()) == {}


@pytest.mark.parametrize("cut", range(1, 13))
def test_a_wave_is_told_once_whenever_the_process_ends(desk: Desk, cut: int) -> None:
    channel = wave_desk(desk)

    for number in range(12):
        publish(desk, number)
        if number == cut:
            _dies_in_the_transaction(desk)
        round_of(desk)
    desk.restart()
    desk.clock.forward(hours=3)
    round_of(desk)
    round_of(desk)

    assert told(channel) == [("begins", 5), ("doubles", 10), ("ends", 12)]


class _KilledError(Exception):
    pass


def _dies_in_the_transaction(desk: Desk) -> None:
    """Everything of the batch is done but the commit, and then the process is gone."""
    plans = [channel.plan for channel in desk.channels]
    matcher = Matcher(desk.writer, desk.rulebook, plans, first_run=desk.first_run)
    cursor, page, _ = desk.writer.run(lambda db: matcher._next_records(db, desk.clock()))
    readings = readings_of(page.records, desk.rulebook)

    def judged(db: object) -> None:
        matcher._judge(db, _Read(cursor, page.cursor, readings), desk.clock())  # type: ignore[arg-type]  # a connection
        raise _KilledError

    with pytest.raises(_KilledError):
        desk.writer.run(judged)
    desk.restart()


def test_the_body_of_a_webhook_has_the_wave_with_its_stories(desk: Desk) -> None:
    channel = wave_desk(desk)
    publish(desk, *range(6))
    round_of(desk)
    [message] = wave_messages(channel)

    body = json.loads(body_of(message))

    assert body["type"] == "alert.volume"
    wave = body["data"]["wave"]
    assert body["data"]["rule"]["id"] == "wolf"
    assert body["data"]["alerts"] == []
    assert (wave["phase"], wave["stories"], wave["outlets"], wave["weeks"]) == ("begins", 5, 3, 4)
    assert len(wave["graph"]) == 24
    assert wave["graph"][-1] == 5
    assert len(wave["carried"]) == 5
    assert {hit["text"] for one in wave["carried"] for hit in one["hits"]} == {"wolf"}
    assert wave["left_out"] == 0
    assert shown_in(message) == ()


def test_a_mail_draws_the_graph_as_bars(desk: Desk) -> None:
    channel = wave_desk(desk)
    publish(desk, *range(6))
    round_of(desk)
    [message] = wave_messages(channel)

    page = html_of(view_of(message, STYLE), STYLE)

    assert page.count("background:#b00020;font-size:0") == 24
    assert "height:61px" in page


def test_a_long_wave_shows_ten_stories_and_counts_the_others(desk: Desk) -> None:
    channel = wave_desk(desk)
    publish(desk, *range(14))
    round_of(desk)
    desk.clock.forward(hours=3)
    round_of(desk)

    news = waves_in(channel)[-1]

    assert (news.phase.value, len(news.stories), news.left_out) == ("ends", 10, 4)


def test_rules_without_a_volume_leave_no_row(desk: Desk) -> None:
    channel = wave_desk(desk)
    desk.rulebook = RuleBook.build([rule_of(id="kaal", text="wolf", channels=["desk"])])

    publish(desk, *range(8))
    round_of(desk)

    counted = desk.writer.run(lambda db: db.rows("SELECT * FROM wave_stories WHERE rule = 'kaal'"))
    assert counted == []
    assert told(channel) == []


def test_a_wave_of_a_young_rule_says_what_it_is_compared_with(desk: Desk) -> None:
    channel = wave_desk(desk)
    volume = desk.rulebook["wolf"].volume
    young = rule_of(id="jong", text="wolf", channels=["desk"], volume=volume)
    desk.rulebook = RuleBook.build([young])
    desk.match()
    desk.clock.forward(days=5)

    publish(desk, *range(6))
    round_of(desk)

    [message] = wave_messages(channel)
    assert message.waves[0].wave.usual.is_cold
    assert "dezelfde uren van eerdere weken zijn nog niet bekend" in shown_text(message)


@pytest.mark.parametrize(
    "fitting_view", [partial(discord_view, plain=False), telegram_view, ntfy_view]
)
def test_a_small_message_counts_the_stories_that_it_has_no_room_for(
    desk: Desk, fitting_view: Callable[[View, Phrases], View]
) -> None:
    channel = wave_desk(desk)
    for number in range(14):
        publish(desk, number, lead="Wat er gebeurde, en waarom. " * 20)
    round_of(desk)
    desk.clock.forward(hours=3)
    round_of(desk)
    view = view_of(wave_messages(channel)[-1], STYLE)
    long = replace(view, tales=tuple(replace(tale, title=tale.title * 12) for tale in view.tales))

    fitted = fitting_view(long, STYLE.words)

    assert 0 < len(fitted.tales) < len(view.tales) == 10
    assert "volgende bericht" not in fitted.more
    assert fitted.more == STYLE.words.stories_beyond.of(14 - len(fitted.tales))
    assert fitted.shown == ()


def test_a_forgotten_article_is_taken_out_of_what_was_told_of_a_wave(desk: Desk) -> None:
    channel = wave_desk(desk)
    publish(desk, *range(5))
    round_of(desk)
    [news] = waves_in(channel)
    gone = news.stories[0].alert.article

    desk.writer.run(lambda db: forget_told(db, gone.id, desk.clock()))

    kept = desk.store(lambda store: store.ledger.alert(news.id))
    assert isinstance(kept, VolumeAlert)
    assert (len(kept.stories), kept.left_out) == (4, 1)
    assert gone.title not in repr(kept)
    texts = desk.writer.run(lambda db: db.rows("SELECT message FROM deliveries"))
    assert gone.title not in repr(texts)
