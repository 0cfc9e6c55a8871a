"""A backup that was put back tells nothing again, unless somebody wants that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, Desk, ScriptedChannel, article, opened

from alerts.alert import EventKind
from alerts.delivery import PendingChoice, restore_outbox, take_over
from alerts.message import Cause
from alerts.store import migrations as alerts_migrations
from crawler.store import Connection, back_up, migrations, note_restore, restore

CAMP = (
    "In het kamp bij de grens wonen vrouwen en kinderen uit het kalifaat. Hulpverleners vragen om "
    "tenten en dekens, want het vriest er 's nachts. Nederland haalt een deel van hen terug."
)
TRIAL = (
    "De rechtbank in Rotterdam veroordeelt een man die in het kalifaat vocht tot zes jaar cel. Hij "
    "vertrok in 2014 en kwam vorig jaar terug. Zijn advocaat gaat in hoger beroep."
)
MORE = " Het kalifaat telde ooit miljoenen inwoners, aldus een woordvoerder van de coalitie."


def put_back(desk: Desk, copy: Path, choice: PendingChoice = PendingChoice.DROP) -> None:
    """The backup takes the place of the desk's database."""
    now = desk.clock()

    def prepare(db: Connection) -> None:
        take_over(db, now)
        restore_outbox(db, choice, now)
        note_restore(db, now)

    desk.writer.close()
    every = [migrations, alerts_migrations]
    restore(copy, desk.writer.path, migrations=every, prepare=prepare, now=now)
    desk.writer = opened(desk.writer.path, desk.clock)


def told(channel: ScriptedChannel) -> list[tuple[EventKind, Cause, list[str]]]:
    return [
        (
            parcel.message.kind,
            parcel.message.cause,
            [alert.article.title for alert in parcel.message.alerts if alert.article],
        )
        for parcel in channel.parcels
    ]


@pytest.fixture
def copied(desk: Desk, tmp_path: Path) -> Callable[[], Path]:
    return lambda: back_up(desk.writer.path, tmp_path / "kopie.db")


def read(desk: Desk, title: str, body: str, number: int, **more: object) -> None:
    found = article(title, body, number=number, now=desk.clock(), **more)  # type: ignore[arg-type]  # as given
    desk.poll("nos", found)
    desk.save(found)
    desk.match()


def test_what_came_before_the_restore_is_one_summary_and_what_comes_after_it_is_news(
    desk: Desk, copied: Callable[[], Path]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    read(desk, "Bolwerk gevallen", BAGHUZ, 1)
    desk.send_over(timedelta(hours=1))
    copy = copied()
    lost = desk.clock.forward(hours=1)
    read(desk, "Vrouwen in het kamp", CAMP, 2)
    desk.send_over(timedelta(hours=1))
    channel.parcels.clear()

    put_back(desk, copy)
    desk.clock.forward(minutes=1)
    found = article("Vrouwen in het kamp", CAMP, number=2, now=desk.clock(), published=lost)
    desk.poll("nos", found)
    desk.save(found)
    desk.match()
    desk.send_over(timedelta(minutes=30))
    read(desk, "Zes jaar voor Syriëganger", TRIAL, 3)
    desk.send_over(timedelta(minutes=30))

    assert told(channel) == [
        (EventKind.DIGEST, Cause.RESTORED, ["Vrouwen in het kamp"]),
        (EventKind.STORY, Cause.NONE, ["Zes jaar voor Syriëganger"]),
    ]


def test_what_was_published_while_nothing_ran_after_the_restore_is_news(
    desk: Desk, copied: Callable[[], Path]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    read(desk, "Weer", "Het regent.", 1)
    put_back(desk, copied())
    desk.clock.forward(hours=5)
    read(desk, "Vrouwen in het kamp", CAMP, 2)
    desk.send_over(timedelta(minutes=30))

    assert [kind for kind, _, _ in told(channel)] == [EventKind.STORY]


def test_a_change_is_told_in_the_summary_if_it_may_be_from_before_the_restore(
    desk: Desk, copied: Callable[[], Path]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    read(desk, "Vrouwen in het kamp", CAMP, 2)
    desk.send_over(timedelta(hours=1))
    copy = copied()
    desk.clock.forward(hours=2)
    channel.parcels.clear()

    put_back(desk, copy)
    desk.clock.forward(minutes=1)
    read(desk, "Vrouwen in het kamp", CAMP + MORE, 2)
    desk.send_over(timedelta(hours=1))
    again = " Het kalifaat viel volgens kenners al in 2019 uiteen, na een lange strijd."
    read(desk, "Vrouwen in het kamp", CAMP + MORE + again, 2)
    desk.send_over(timedelta(hours=1))

    assert [(kind, cause) for kind, cause, _ in told(channel)] == [
        (EventKind.DIGEST, Cause.RESTORED),
        (EventKind.UPDATE, Cause.NONE),
    ]


def test_what_the_backup_held_unread_is_in_the_summary(
    desk: Desk, copied: Callable[[], Path]
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.poll("nos")
    desk.publish("Vrouwen in het kamp", CAMP)
    desk.clock.forward(hours=1)

    put_back(desk, copied())
    desk.match()
    desk.send_over(timedelta(minutes=30))

    assert [cause for _, cause, _ in told(channel)] == [Cause.RESTORED]


@pytest.mark.parametrize(
    ("choice", "messages", "listed", "reasons"),
    [
        (PendingChoice.SEND, 1, 0, set()),
        (PendingChoice.HOLD, 0, 1, {"held"}),
        (PendingChoice.DROP, 0, 0, {"restored"}),
    ],
)
def test_pending_messages_go_are_held_or_are_dropped(  # noqa: PLR0913, PLR0917 - the table
    desk: Desk,
    copied: Callable[[], Path],
    choice: PendingChoice,
    messages: int,
    listed: int,
    reasons: set[str],
) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.publish("Vrouwen in het kamp", CAMP)
    desk.match()

    put_back(desk, copied(), choice)
    desk.send_over(timedelta(minutes=30))

    untold = desk.store(lambda store: store.passages.untold(desk.clock() - timedelta(days=1), 99))
    given_up = desk.store(lambda store: store.reading.undelivered(99))
    assert (len(channel.parcels), len(given_up)) == (messages, listed)
    assert {one.reason for one in untold} == reasons
