"""A desk with a rule that has waves, known for a month, and stories that share nothing."""

from __future__ import annotations

import random
from datetime import timedelta

from deliverydesk import Desk, ScriptedChannel
from outbox_desk import AT_ONCE

from alerts.alert import EventKind, VolumeAlert
from alerts.match import Priority
from alerts.message import Message
from alerts.rules.book import Rule, RuleBook, rule_of
from alerts.waves import VolumeSetting

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_LETTERS = "bdfgklmnprstvz"


def wolf(channel: str, *, instead: bool = False, priority: str = "normal") -> Rule:
    return rule_of(
        id="wolf",
        name="De wolf",
        text="wolf",
        channels=[channel],
        priority=Priority(priority),
        volume=VolumeSetting(instead=instead),
    )


def wave_desk(
    desk: Desk, *, instead: bool = False, priority: str = "normal", **changes: object
) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | changes))
    rule = wolf(channel.plan.id, instead=instead, priority=priority)
    desk.rulebook = RuleBook.build([rule])
    desk.match()
    desk.clock.forward(days=40)
    return channel


def words(number: int) -> str:
    """Invented words that no other story has."""
    chance = random.Random(number)
    made = "".join(chance.choice(_LETTERS) + chance.choice("aeiou") for _ in range(4))
    return (
        " ".join(
            "".join(chance.choice(_LETTERS) + chance.choice("aeiou") for _ in range(4))
            for _ in range(40)
        )
        + made
    )


def publish(desk: Desk, *numbers: int, **more: object) -> None:
    """A story each two minutes, at three outlets by turns."""
    for number in numbers:
        desk.clock.forward(minutes=2)
        outlet = ("NOS", "NRC", "Trouw")[number % 3]
        body = f"In {words(number)} liep een wolf door de straat."
        given = {"outlet": outlet, "number": number, "published": desk.clock() - MINUTE} | more
        desk.publish(f"Bericht {words(number)[:30]}", body, **given)


def waves_in(channel: ScriptedChannel) -> list[VolumeAlert]:
    """The news of waves that was accepted."""
    return [news for message in wave_messages(channel) for news in message.waves]


def wave_messages(channel: ScriptedChannel) -> list[Message]:
    return [parcel.message for parcel in channel.parcels if parcel.message.kind is EventKind.VOLUME]


def told(channel: ScriptedChannel) -> list[tuple[str, int]]:
    """The phase and the stories of each."""
    return [(news.phase.value, news.window.stories) for news in waves_in(channel)]
