"""What has gone, or has come back, is told when it was read twice: then, once, and not before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import Desk, ScriptedChannel, article, open_desk
from hearing import OPENING, breaches, heard, hour, read_again, stands, told_desk
from outbox_desk import silence

from alerts.store.schema import migrations as alerts_migrations
from crawler.store import ReadingStore, Writer, migrations

COUNT = "Bij het ongeluk in Baghuz vielen zeker 12 gewonden onder de toeschouwers."
MORE = COUNT.replace("12", "21")
REST = "De wedstrijd werd gestaakt. De bond belooft een onderzoek naar de tribune."
WEATHER = (
    "Morgen valt er regen in het noorden, en later op de dag breekt de zon door. De wind waait "
    "matig uit zee en draait tegen de avond naar het oosten. Het wordt veertien graden en "
    "in Limburg achttien. Boeren zijn blij met het water, schippers klagen over de stroming. "
    "Donderdag blijft het droog, met mist in de ochtend en kans op een onweersbui na zes uur."
)
MINUTES = timedelta(minutes=1)


def says(desk: Desk, *paragraphs: str) -> str:
    """The article has these paragraphs now; its key."""
    desk.publish(body="\n".join([REST, *paragraphs, OPENING]))
    return article().key


def later(desk: Desk, minutes: int) -> None:
    desk.match()
    desk.send_over(minutes * MINUTES)


def read(desk: Desk, minutes: int) -> None:
    """The pages are read again after so many minutes, and say what they said."""
    desk.send_over(minutes * MINUTES)
    read_again(desk)
    desk.match()
    desk.send_over(timedelta())


@pytest.fixture
def corrected(desk: Desk) -> ScriptedChannel:
    """A channel that heard of twelve, then of twenty-one."""
    channel = told_desk(desk)
    for sentence in (COUNT, MORE):
        says(desk, sentence)
        hour(desk)
    return channel


def test_time_alone_tells_nothing_that_was_read_once(
    desk: Desk, corrected: ScriptedChannel
) -> None:
    before = len(heard(corrected))
    says(desk, COUNT)
    later(desk, 300)
    assert len(heard(corrected)) == before

    read(desk, 0)

    assert heard(corrected)[before:] == [COUNT]


def test_a_second_reading_is_soon_enough_when_the_clock_was_set_back_after_the_first(
    desk: Desk, corrected: ScriptedChannel
) -> None:
    before = len(heard(corrected))
    says(desk, COUNT)
    later(desk, 0)

    desk.clock.now -= timedelta(days=400)
    read(desk, 0)
    assert len(heard(corrected)) == before
    read(desk, 15)

    assert heard(corrected)[before:] == [COUNT]


@pytest.mark.parametrize(("minutes", "told"), [(9, 0), (10, 1)])
def test_an_earlier_wording_is_told_when_ten_minutes_lie_between_its_readings(
    desk: Desk, corrected: ScriptedChannel, minutes: int, told: int
) -> None:
    says(desk, COUNT)
    later(desk, 0)

    read(desk, minutes)

    assert heard(corrected).count(COUNT) == 1 + told


@pytest.mark.parametrize(("minutes", "told"), [(29, 0), (30, 1)])
def test_what_was_taken_out_is_told_when_half_an_hour_lies_between_two_readings(
    desk: Desk, corrected: ScriptedChannel, minutes: int, told: int
) -> None:
    says(desk)
    later(desk, 0)

    read(desk, minutes)

    assert heard(corrected).count(f"- {MORE}") == told


def test_a_page_that_says_304_was_read(desk: Desk, corrected: ScriptedChannel) -> None:
    saved = says(desk)
    later(desk, 40)
    assert f"- {MORE}" not in heard(corrected)

    desk.writer.run(lambda db: ReadingStore(db).note_unchanged([saved], desk.clock()))
    later(desk, 0)

    assert f"- {MORE}" in heard(corrected)


def test_a_wall_before_the_page_is_no_second_reading(
    desk: Desk, corrected: ScriptedChannel
) -> None:
    key = says(desk)
    later(desk, 20)
    desk.writer.run(lambda db: ReadingStore(db).note_less(article().id))
    desk.clock.forward(minutes=20)
    desk.writer.run(lambda db: ReadingStore(db).note_unchanged([key], desk.clock()))
    later(desk, 60)

    assert f"- {MORE}" not in heard(corrected)


def test_a_further_revision_is_a_reading_too(desk: Desk, corrected: ScriptedChannel) -> None:
    says(desk)
    later(desk, 31)

    says(desk, "De burgemeester is onderweg.")
    later(desk, 60)

    assert f"- {MORE}" in heard(corrected)


def test_readings_with_another_one_between_them_are_no_two(
    desk: Desk, corrected: ScriptedChannel
) -> None:
    before = heard(corrected)
    for _ in range(6):
        for sentence in (COUNT, MORE):
            says(desk, sentence)
            later(desk, 7)

    assert heard(corrected) == before


def test_what_waits_for_a_second_reading_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"
    desk = open_desk(path)
    channel = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    says(desk)
    later(desk, 20)

    desk.writer.close()
    desk.writer = Writer(path, migrations=[migrations, alerts_migrations])
    read(desk, 20)

    assert heard(channel)[-1] == f"- {COUNT}"
    desk.writer.close()


def test_a_passage_that_was_told_as_gone_is_told_again_when_it_returns(desk: Desk) -> None:
    channel = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    says(desk)
    hour(desk)
    assert heard(channel)[-1] == f"- {COUNT}"

    says(desk, COUNT)
    later(desk, 30)
    assert heard(channel)[-1] == f"- {COUNT}"
    read(desk, 0)

    assert heard(channel)[-1] == COUNT
    assert breaches(desk) == []


def test_what_is_owed_is_taken_back_only_after_it_was_told(desk: Desk) -> None:
    channel = told_desk(desk, group_wait=timedelta(hours=3))
    says(desk, COUNT)
    desk.match()
    says(desk)
    later(desk, 0)
    read(desk, 60)
    assert heard(channel) == []

    read(desk, 180)
    read(desk, 240)

    assert heard(channel)[0] == COUNT
    assert heard(channel)[-1] == f"- {COUNT}"


def test_a_silence_at_the_second_reading_keeps_it_untold(
    desk: Desk, corrected: ScriptedChannel
) -> None:
    before = heard(corrected)
    says(desk, COUNT)
    later(desk, 5)
    silence(desk, rule="baghuz")

    read(desk, 20)
    read(desk, 120)

    assert heard(corrected) == before
    assert stands(desk)["silenced"] == 1


def test_an_article_that_was_given_another_story_takes_nothing_back(desk: Desk) -> None:
    channel = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    says(desk)
    later(desk, 5)

    desk.publish("Het weer", WEATHER, lead="Wind uit zee.")
    for _ in range(2):
        hour(desk)

    assert [one for one in heard(channel) if one.startswith("-")] == []


def test_was_is_what_this_receiver_heard_last(desk: Desk) -> None:
    channel = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    silence(desk, rule="baghuz")
    says(desk, MORE)
    hour(desk)
    desk.clock.forward(hours=1)

    says(desk, COUNT.replace("12", "35"))
    hour(desk)

    (update,) = channel.parcels[1:]
    (alert,) = update.message.alerts
    assert alert.change
    assert [(edit.before, edit.after) for edit in alert.change.edits] == [
        (COUNT, COUNT.replace("12", "35"))
    ]


def test_each_receiver_is_told_the_difference_from_what_it_heard(desk: Desk) -> None:
    old = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    new = desk.add_channel("laat", group_wait=timedelta())
    desk.rulebook = type(desk.rulebook).build([])
    desk.rules(baghuz="baghuz")
    says(desk, MORE)
    hour(desk)
    says(desk, COUNT.replace("12", "35"))
    hour(desk)

    def befores(channel: ScriptedChannel) -> list[str]:
        alerts = [alert for parcel in channel.parcels for alert in parcel.message.alerts]
        return [edit.before for alert in alerts if alert.change for edit in alert.change.edits]

    assert befores(old) == [COUNT, MORE]
    assert befores(new) == [MORE]


def test_a_wording_that_went_back_to_what_was_heard_last_is_no_news(desk: Desk) -> None:
    channel = told_desk(desk)
    says(desk, COUNT)
    hour(desk)
    silence(desk, rule="baghuz")
    says(desk, MORE)
    hour(desk)
    desk.clock.forward(hours=1)

    says(desk, COUNT)
    hour(desk)

    assert len(channel.parcels) == 1


def test_the_number_of_a_headline_that_goes_back_is_told_and_its_words_are_not(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    titles = ("Zeker 12 gewonden in Baghuz", "Zeker 21 gewonden in Baghuz")
    for title in (*titles, titles[0]):
        desk.publish(title, f"{OPENING}\n{REST}")
        hour(desk)
    assert [one for one in heard(channel) if "gewonden" in one] == [*titles, titles[0]]

    before = len(channel.parcels)
    for title in (
        "Baghuz: zeker 12 gewonden na Val",
        titles[0],
        "Baghuz: zeker 12 gewonden na Val",
    ):
        desk.publish(title, f"{OPENING}\n{REST}")
        hour(desk)

    assert len(channel.parcels) == before + 1
