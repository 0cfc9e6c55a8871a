"""What is refused or never accepted, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from deliverydesk import CALIPHATE, Desk, ScriptedChannel, failing
from outbox_desk import AT_ONCE, SUBJECTS, one_story, outcomes, states, story

from alerts.alert import EventKind
from alerts.delivery.claims import give_up_orphans
from alerts.message import Parcel
from alerts.outcome import DeliveryError, Outcome
from alerts.policy.retry import Schedule
from alerts.store.alert_store import AlertStore

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_refused_message_goes_once_more_as_plain_text_and_then_no_more(desk: Desk) -> None:
    channel = one_story(desk)
    channel.always = lambda _: failing(Outcome.MESSAGE_REJECTED)

    desk.send_over(HOUR)

    assert [parcel.plain for parcel in channel.parcels if parcel.message.entries] == [False, True]
    assert states(desk) == [("dead", "message-rejected")]


def test_a_refused_recipient_is_not_asked_again_and_the_others_are(desk: Desk) -> None:
    channel = one_story(desk, targets=("weg@example.org", "hier@example.org"))
    channel.always = lambda parcel: (
        failing(Outcome.RECIPIENT_REJECTED) if parcel.target.startswith("weg") else None
    )

    desk.send_over(HOUR)

    assert asked_with_news(channel) == ["weg@example.org", "hier@example.org"]
    assert states(desk) == [("dead", "recipient-rejected"), ("delivered", None)]


def asked_with_news(channel: ScriptedChannel) -> list[str]:
    return [parcel.target for parcel in channel.parcels if parcel.message.entries]


def test_people_hear_once_of_a_story_which_address_did_not_get_it(desk: Desk) -> None:
    mail = one_story(desk, targets=("weg@example.org", "hier@example.org"))
    mail.always = lambda parcel: (
        failing(Outcome.RECIPIENT_REJECTED) if parcel.target.startswith("weg") else None
    )
    other = desk.add_channel("ander", **AT_ONCE)
    desk.send_over(HOUR)

    more = f"{SUBJECTS[1]}\nHet kalifaat sloeg de munt in Raqqa, zegt de conservator."
    desk.publish("Verhaal 1", more)
    desk.match()
    desk.send_over(HOUR)
    desk.publish("Verhaal 2", SUBJECTS[2], number=2)
    desk.match()
    desk.send_over(HOUR)

    told = [notice for parcel in other.parcels for notice in parcel.message.notices]
    assert [parcel.target[:3] for parcel in mail.parcels].count("weg") == 3
    assert {notice.subject for notice in told} == {"Niet bezorgd via desk (weg@example.org)"}
    assert [notice.lines[0].split(", ")[0] for notice in told] == ["Verhaal 1", "Verhaal 2"]
    assert {notice.lines[1] for notice in told} == {"Wordt nog bezorgd bij hier@example.org"}


def test_people_hear_which_addresses_did_get_what_one_did_not(desk: Desk) -> None:
    targets = tuple(f"{name}@example.org" for name in ("een", "twee", "weg"))
    mail = one_story(desk, targets=targets)
    mail.always = lambda parcel: (
        failing(Outcome.RECIPIENT_REJECTED) if parcel.target.startswith("weg") else None
    )
    other = desk.add_channel("ander", **AT_ONCE)
    desk.send_over(HOUR)

    (notice,) = [notice for parcel in other.parcels for notice in parcel.message.notices]
    assert notice.lines[1:] == ("Wel bezorgd bij een@example.org, twee@example.org",)


def test_a_refused_channel_keeps_its_alerts_and_is_probed_with_one(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    for number in range(3):
        story(desk, number)
    desk.match()
    start = desk.clock()
    channel.script = [failing(Outcome.CHANNEL_REJECTED)] * 3

    desk.send_over(3 * HOUR)

    asked = [(parcel.now - start) // MINUTE for parcel in channel.parcels]
    assert asked == [0, 15, 75, 135, 135, 135]
    assert [state for state, _ in states(desk)] == ["delivered"] * 3


def test_a_refused_channel_is_told_over_another_one_once(desk: Desk) -> None:
    channel = one_story(desk)
    other = desk.add_channel("ander", **AT_ONCE)
    channel.script = [failing(Outcome.CHANNEL_REJECTED)] * 4

    desk.send_over(3 * HOUR)

    (parcel,) = other.parcels
    assert parcel.message.kind is EventKind.HEALTH
    assert [notice.subject for notice in parcel.message.notices] == ["Kanaal desk wordt geweigerd"]


def test_a_dead_alert_is_told_over_another_channel_with_its_headline(desk: Desk) -> None:
    channel = one_story(desk)
    other = desk.add_channel("ander", **AT_ONCE)
    channel.always = lambda _: failing(Outcome.MESSAGE_REJECTED)

    desk.send_over(MINUTE)

    (parcel,) = other.parcels
    assert "Verhaal 1" in parcel.message.notices[0].lines[0]


def test_news_of_a_failure_that_fails_itself_makes_no_more_news(desk: Desk) -> None:
    one_story(desk)
    desk.add_channel("ander", **AT_ONCE)
    for channel in desk.channels:
        channel.always = lambda _: failing(Outcome.MESSAGE_REJECTED)

    desk.send_over(HOUR)

    assert [one.state.value for one in desk.deliveries()] == ["dead"] * 3


@pytest.mark.parametrize(
    ("priority", "schedule", "hours"),
    [
        ("high", Schedule.CHAT, 6),
        ("normal", Schedule.MAIL, 24),
        ("low", Schedule.CHAT, 24),
        ("normal", Schedule.WEBHOOK, 76),
    ],
)
def test_what_is_not_accepted_within_its_time_to_live_expires(
    desk: Desk, priority: str, schedule: Schedule, hours: int
) -> None:
    channel = desk.add_channel(schedule=schedule, **AT_ONCE)
    channel.always = lambda _: failing(Outcome.NOT_SENT)
    desk.rules(kalifaat=CALIPHATE, priority=priority)
    story(desk)
    desk.match()
    start = desk.clock()

    desk.send_over(hours * HOUR - timedelta(minutes=2))
    assert states(desk) == [("pending", "backoff")]
    desk.send_over(5 * MINUTE)
    desk.send()

    assert states(desk) == [("expired", "expired")]
    news = [parcel for parcel in channel.parcels if parcel.message.entries]
    assert news[-1].now - start < hours * HOUR


def untried(desk: Desk, count: int = 1, **more: object) -> ScriptedChannel:
    """A channel with alerts that wait for their first try."""
    channel = desk.add_channel(**AT_ONCE | more)
    desk.rules(kalifaat=CALIPHATE, priority="high")
    for number in range(count):
        story(desk, number)
    desk.match()
    return channel


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_what_was_never_tried_goes_however_long_the_machine_was_off(
    desk: Desk, rate: float
) -> None:
    channel = untried(desk, 3, rate=rate)

    desk.clock.forward(days=3)
    desk.send_over(MINUTE)

    assert states(desk) == [("delivered", None)] * 3
    assert len(channel.accepted) == 3


def test_it_goes_though_the_network_comes_later_than_the_machine(desk: Desk) -> None:
    channel = untried(desk, 3)
    desk.clock.forward(days=3)
    back = desk.clock() + 2 * MINUTE
    channel.always = lambda parcel: failing(Outcome.NOT_SENT) if parcel.now < back else None

    desk.send_over(HOUR)

    assert states(desk) == [("delivered", None)] * 3


def test_it_is_given_up_when_its_new_time_to_live_has_ended_too(desk: Desk) -> None:
    channel = untried(desk)
    channel.always = lambda _: failing(Outcome.NOT_SENT)

    desk.clock.forward(days=3)
    desk.send_over(5 * HOUR)
    assert states(desk) == [("pending", "backoff")]
    desk.send_over(2 * HOUR)

    assert states(desk) == [("expired", "expired")]


def test_it_goes_after_the_machine_has_slept_while_its_sender_ran(desk: Desk) -> None:
    channel = untried(desk, 2, rate=1.0)
    lane = desk.lane(channel)
    assert lane.step() is None
    assert lane.step() is not None  # the second has to wait for the rate

    desk.clock.forward(hours=8)

    assert lane.step() is None
    assert states(desk) == [("delivered", None)] * 2


def test_what_a_sender_held_back_as_long_as_it_lived_is_given_up(desk: Desk) -> None:
    channel = untried(desk, 2)
    channel.always = lambda _: failing(Outcome.CHANNEL_REJECTED)
    lane = desk.lane(channel)

    for _ in range(8 * 60):
        lane.step()
        desk.clock.forward(minutes=1)

    assert ("expired", "expired") in states(desk)
    assert "pending" not in {state for state, _ in states(desk)}


@pytest.mark.parametrize("minutes", [10, 60])
def test_what_is_sent_now_and_then_does_not_live_on_over_a_channel_that_is_refused(
    desk: Desk, minutes: int
) -> None:
    channel = untried(desk, 3)
    channel.always = lambda _: failing(Outcome.CHANNEL_REJECTED)

    for _ in range(8 * 60 // minutes):  # `crawl` from cron: a sender of its own each time
        desk.restart()
        desk.send()
        desk.clock.forward(minutes=minutes)

    assert states(desk) == [("expired", "expired")] * 3


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.UNKNOWN])
def test_what_fails_as_the_machine_falls_asleep_is_tried_again_when_it_is_awake(
    desk: Desk, outcome: Outcome
) -> None:
    channel = untried(desk)
    lane = desk.lane(channel)

    def asleep(_: Parcel) -> DeliveryError:
        desk.clock.forward(hours=8)
        return failing(outcome)

    channel.script = [failing(outcome)]
    assert lane.step() is None
    desk.clock.forward(hours=8)  # between two tries
    channel.always = asleep  # within one
    assert lane.step() is None
    channel.always = lambda _: None
    desk.clock.forward(hours=1)

    assert lane.step() is None
    assert states(desk) == [("delivered", None)]


def test_what_was_never_tried_has_no_new_time_to_live_for_an_address_that_is_gone(
    desk: Desk,
) -> None:
    channel = untried(desk, targets=("een@example.org", "twee@example.org"))
    desk.channels[0] = ScriptedChannel(replace(channel.plan, targets=("een@example.org",)))

    desk.clock.forward(days=3)
    desk.send_over(MINUTE)

    assert states(desk) == [("delivered", None), ("expired", "expired")]


def test_alerts_of_a_channel_that_is_gone_wait_and_then_are_told_elsewhere(desk: Desk) -> None:
    one_story(desk)
    gone = desk.channels.pop()
    other = desk.add_channel("ander", **AT_ONCE)
    plans = [other.plan]

    def orphans() -> int:
        return desk.writer.run(lambda db: give_up_orphans(AlertStore(db), plans, desk.clock()))

    assert orphans() == 0
    assert states(desk) == [("pending", None)]
    desk.clock.forward(hours=25)
    assert orphans() == 1
    desk.send()

    assert states(desk)[0] == ("expired", "expired")
    assert gone.plan.id in other.parcels[0].message.notices[0].subject


def test_alerts_go_to_a_channel_as_it_is_configured_when_they_go(desk: Desk) -> None:
    one_story(desk)
    desk.channels[0] = edited = ScriptedChannel(replace(desk.channels[0].plan, rate=5.0))

    desk.send()

    assert len(edited.accepted) == 1


class Unrenderable:
    """A channel whose template has a bug."""

    def __init__(self, channel: ScriptedChannel, *, plain_works: bool) -> None:
        self.plan, self._channel, self._plain_works = channel.plan, channel, plain_works

    def prepared(self, parcel: Parcel) -> object:
        if parcel.plain and self._plain_works:
            return self._channel.prepared(parcel)
        raise ZeroDivisionError


@pytest.mark.parametrize(("plain_works", "end"), [(True, "delivered"), (False, "dead")])
def test_a_template_that_fails_costs_its_message_the_form_and_no_other_message(
    desk: Desk, *, plain_works: bool, end: str
) -> None:
    channel = one_story(desk)
    lane = desk.lane(channel)
    lane.channel = Unrenderable(channel, plain_works=plain_works)  # type: ignore[assignment]  # on purpose

    while lane.step() is None:
        pass

    assert [state for state, _ in states(desk)] == [end]


def test_an_unforeseen_fault_while_sending_is_an_unknown_outcome(desk: Desk) -> None:
    channel = one_story(desk)
    channel.script = [RuntimeError("https://hooks.example/geheim")]  # type: ignore[list-item]  # on purpose

    desk.lane(channel).step()

    (delivery,) = desk.deliveries()
    assert outcomes(desk, delivery) == ["unknown"]
    assert "geheim" not in str(delivery.detail)
