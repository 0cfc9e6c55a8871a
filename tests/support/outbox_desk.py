"""Stories on a desk, and what became of their deliveries."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import CALIPHATE, Desk, ScriptedChannel, failing
from messages import alert

from alerts.alert import ArticleAlert, EventKind
from alerts.delivery.queueing import join_or_begin
from alerts.message import Delivery
from alerts.outcome import Outcome
from alerts.policy.placement import ChannelPlan, placement
from alerts.policy.silences import Silence
from alerts.store.alert_store import AlertStore

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT_ONCE = {"group_wait": timedelta()}
# Sentences that share nothing, so that each makes a story of its own.
SUBJECTS = (
    "Boeren uit de Achterhoek vonden een munt met het kalifaat erop onder een oude eik.",
    "Een museum in Leiden toont handschriften uit de tijd van het kalifaat van Bagdad.",
    "Voetballers zongen een lied over het kalifaat, de bond begint een onderzoek.",
)


def story(desk: Desk, number: int = 1, **more: object) -> None:
    desk.publish(f"Verhaal {number}", SUBJECTS[number], number=number, **more)


def one_story(desk: Desk, **changes: object) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | changes))
    desk.rules(kalifaat=CALIPHATE)
    story(desk)
    desk.match()
    return channel


def give_up(desk: Desk) -> None:
    """A story whose channel fails for a day, until it is given up."""
    channel = one_story(desk)
    channel.always = lambda _: failing(Outcome.NOT_SENT)
    desk.send_over(24 * HOUR)
    desk.send()


def states(desk: Desk) -> list[tuple[str, str | None]]:
    """How each delivery stands, but for those of notices."""
    return [
        (delivery.state.value, delivery.reason.value if delivery.reason else None)
        for delivery in desk.deliveries()
        if delivery.kind is not EventKind.HEALTH
    ]


def outcomes(desk: Desk, delivery: Delivery) -> list[str]:
    found = desk.store(lambda store: store.reading.attempts(delivery.id))
    return [attempt.outcome.value for attempt in found if attempt.outcome]


def silence(desk: Desk, *, rule: str = "", channel: str = "") -> str:
    begun = Silence(
        id="sil_1",
        rule=rule,
        channel=channel,
        starts=desk.clock(),
        ends=desk.clock() + HOUR,
        reason="oefening",
    )
    desk.store(lambda store: store.ledger.add_silence(begun))
    return begun.id


def queue_many(desk: Desk, channel: ScriptedChannel, count: int) -> None:
    now = desk.clock()

    def fill(store: AlertStore) -> None:
        for number in range(count):
            told = alert(story=f"sty_{number}", now=now)
            queue_story(store, told, channel.plan)

    desk.store(fill)


def queue_story(store: AlertStore, told: ArticleAlert, *plans: ChannelPlan) -> None:
    """Queue an alert about a story to every target of these channels."""
    store.ledger.add_alert(told)
    for plan in plans:
        for target in plan.targets:
            last = store.outbox.last_message(plan.id, target, told.story)
            place = placement(told, plan, last, told.created)
            join_or_begin(store, [told], plan, target, place)
