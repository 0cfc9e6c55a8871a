"""The sender: attempts, order, holds, pauses, what is given up and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from deliverydesk import AMSTERDAM, BAGHUZ, CALIPHATE, Desk, ScriptedChannel, failing
from messages import alert

from alerts.alert import EventKind, Reason
from alerts.claiming import Scope, Sender, Wait, begin_sending, claim, give_up_orphans
from alerts.delivery import Cause, Delivery, DeliveryState, Parcel
from alerts.outcome import Outcome
from alerts.queueing import Queueing, queue
from alerts.quiet_hours import QuietHours
from alerts.retry import Schedule
from alerts.silences import Silence
from alerts.store import AlertStore

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


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [
        (delivery.state.value, delivery.reason.value if delivery.reason else None)
        for delivery in desk.deliveries()
    ]


def outcomes(desk: Desk, delivery: Delivery) -> list[str]:
    found = desk.store(lambda store: store.reading.attempts(delivery.id))
    return [attempt.outcome.value for attempt in found if attempt.outcome]


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.UNKNOWN])
def test_a_failure_is_tried_again_later_under_the_same_id(desk: Desk, outcome: Outcome) -> None:
    channel = one_story(desk)
    channel.script = [failing(outcome)]

    desk.send()
    assert len(channel.parcels) == 1
    desk.send_over(timedelta(seconds=7))

    assert len(channel.parcels) == 2
    assert len({parcel.message.id for parcel in channel.parcels}) == 1
    (delivery,) = desk.deliveries()
    assert delivery.state is DeliveryState.DELIVERED
    assert outcomes(desk, delivery) == [outcome.value, "delivered"]


def test_an_attempt_is_on_record_before_it_is_made(desk: Desk) -> None:
    channel = one_story(desk)
    seen: list[int] = []

    def look(_: Parcel) -> None:
        seen.append(desk.store(lambda store: len(store.outbox.open_attempts())))

    channel.always = look
    desk.send()

    assert seen == [1]


def test_the_message_is_the_same_at_every_attempt(desk: Desk) -> None:
    channel = one_story(desk)
    channel.script = [failing(Outcome.UNKNOWN)]
    desk.send()

    desk.publish("Nieuwe kop", SUBJECTS[1] + " Later meer.", number=1)
    desk.rules(ander="munt")
    desk.match()
    desk.send_over(MINUTE)

    first, second = channel.parcels[:2]
    assert first.message == second.message
    assert (first.attempt, second.attempt) == (1, 2)


def test_a_refused_message_goes_once_more_as_plain_text_and_then_no_more(desk: Desk) -> None:
    channel = one_story(desk)
    channel.always = lambda _: failing(Outcome.MESSAGE_REJECTED)

    desk.send_over(HOUR)

    assert [parcel.plain for parcel in channel.parcels] == [False, True]
    assert states(desk) == [("dead", "message-rejected")]


def test_a_refused_recipient_is_not_asked_again_and_the_others_are(desk: Desk) -> None:
    channel = one_story(desk, targets=("weg@example.org", "hier@example.org"))
    channel.always = lambda parcel: (
        failing(Outcome.RECIPIENT_REJECTED) if parcel.target.startswith("weg") else None
    )

    desk.send_over(HOUR)

    assert [parcel.target for parcel in channel.parcels] == ["weg@example.org", "hier@example.org"]
    assert states(desk) == [("dead", "recipient-rejected"), ("delivered", None)]


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

    assert len(desk.deliveries()) == 2
    assert [state for state, _ in states(desk)] == ["dead", "dead"]


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
    assert channel.parcels[-1].now - start < hours * HOUR


def test_backoff_follows_the_kind_of_channel(desk: Desk) -> None:
    channel = one_story(desk, schedule=Schedule.MAIL)
    channel.always = lambda _: failing(Outcome.NOT_SENT)

    desk.send_over(70 * MINUTE)

    gaps = [(later.now - earlier.now) / MINUTE for earlier, later in pairwise(channel.parcels)]
    # The circuit opens at the fifth failure, after this.
    for gap, planned in zip(gaps, (1, 5, 15, 30), strict=False):
        assert 0.8 * planned <= gap <= 1.2 * planned + 0.02


def test_retry_after_holds_the_whole_channel_and_survives_a_restart(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    for number in range(2):
        story(desk, number)
    desk.match()
    channel.script = [failing(Outcome.NOT_SENT, retry_after=10 * MINUTE)]
    desk.send()
    assert len(channel.parcels) == 1

    plans = [each.plan for each in desk.channels]
    desk.writer.run(lambda db: begin_sending(AlertStore(db), plans, desk.clock()))
    desk.clock.forward(minutes=9)
    desk.send()
    assert len(channel.parcels) == 1
    desk.clock.forward(minutes=1)
    desk.send()

    assert len(channel.accepted) == 2


def test_five_failures_give_the_channel_a_rest(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    queue_many(desk, channel, 9)
    channel.always = lambda _: failing(Outcome.NOT_SENT)

    desk.send()

    assert len(channel.parcels) == 5
    assert desk.lane(channel).step() == Wait(desk.clock() + MINUTE, Reason.CIRCUIT_OPEN)


def test_order_is_kept_within_a_story_and_not_between_stories(desk: Desk) -> None:
    channel = desk.add_channel(group_wait=timedelta(), group_interval=timedelta())
    desk.rules(kalifaat=CALIPHATE)
    desk.publish("Eerste", BAGHUZ, number=1)
    desk.match()
    first = desk.deliveries()[0].id
    channel.always = lambda parcel: (
        failing(Outcome.NOT_SENT) if parcel.message.id == first else None
    )
    desk.send()

    desk.publish("Eerste, gewijzigd", BAGHUZ, number=1)
    story(desk, 2)
    desk.match()
    desk.send()

    titles = [parcel.message.alerts[0].article.title for parcel in channel.parcels]  # type: ignore[union-attr]  # stories
    assert titles == ["Eerste", "Verhaal 2"]
    channel.always = lambda _: None
    desk.send_over(MINUTE)
    assert channel.parcels[-1].message.alerts[0].change is not None


def test_urgent_alerts_go_before_older_ones(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(munt="munt")
    desk.rules(museum="museum", priority="high")
    story(desk, 0)
    story(desk, 1)
    desk.match()

    desk.send()

    assert [parcel.message.alerts[0].rule.id for parcel in channel.parcels] == ["museum", "munt"]


def test_a_slow_rate_spreads_messages_over_time(desk: Desk) -> None:
    channel = desk.add_channel(rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 6)

    desk.send_over(timedelta(seconds=10))

    gaps = [later.now - earlier.now for earlier, later in pairwise(channel.parcels)]
    assert len(gaps) == 5
    assert min(gaps) >= timedelta(seconds=1)


def test_interrupted_attempts_are_unknown_and_go_again_at_once(desk: Desk) -> None:
    channel = one_story(desk)
    plans = [channel.plan]
    sender = Sender(channel.plan, plans)
    desk.writer.run(lambda db: claim(AlertStore(db), sender, desk.clock(), Scope()))

    interrupted = desk.writer.run(lambda db: begin_sending(AlertStore(db), plans, desk.clock()))
    desk.send()

    (delivery,) = desk.deliveries()
    assert interrupted == 1
    assert outcomes(desk, delivery) == ["unknown", "delivered"]
    assert channel.parcels[0].attempt == 2


def test_more_than_twenty_old_messages_become_one_digest_oldest_first(desk: Desk) -> None:
    channel = desk.add_channel(capacity=30, **AT_ONCE)
    channel.script = [failing(Outcome.NOT_SENT)]
    queue_many(desk, channel, 25)

    desk.lane(channel).step()
    desk.clock.forward(minutes=45)
    desk.send()

    # The one that failed probes the channel; what waited behind it comes together.
    first, digest = channel.parcels[1:]
    assert first.message.kind is EventKind.STORY
    assert (digest.message.kind, digest.message.cause) == (EventKind.DIGEST, Cause.CATCH_UP)
    assert len(digest.message.entries) == 24
    assert {state for state, _ in states(desk)} == {"delivered", "digested"}


def test_a_message_that_may_have_arrived_is_repeated_as_itself_not_in_a_digest(desk: Desk) -> None:
    channel = desk.add_channel(capacity=30, **AT_ONCE)
    channel.script = [failing(Outcome.UNKNOWN)]
    queue_many(desk, channel, 25)
    desk.lane(channel).step()
    doubtful = channel.parcels[0].message.id

    desk.clock.forward(minutes=45)
    desk.send()

    assert doubtful in channel.accepted


def test_machines_get_every_message_of_an_outage_alone(desk: Desk) -> None:
    channel = desk.add_channel(people=False, **AT_ONCE)
    queue_many(desk, channel, 25)

    desk.clock.forward(minutes=45)
    desk.send()

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY] * 25


def test_a_digest_channel_hears_at_its_hours_and_urgent_news_at_once(desk: Desk) -> None:
    channel = desk.add_channel(digest=(time(17),), **AT_ONCE)
    desk.rules(museum="museum", lied="lied")
    desk.rules(munt="munt", priority="high")
    for number in range(3):
        story(desk, number)
    desk.match()

    desk.send()
    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY]
    desk.send_over(8 * HOUR)

    digest = channel.parcels[1]
    assert digest.now == datetime(2026, 11, 23, 17, tzinfo=AMSTERDAM)
    assert (digest.message.kind, len(digest.message.entries)) == (EventKind.DIGEST, 2)


@pytest.mark.parametrize("hold_high", [False, True])
def test_quiet_hours_hold_delivery_and_urgent_news_only_if_asked(
    desk: Desk, *, hold_high: bool
) -> None:
    night = QuietHours(time(22), time(7), hold_high=hold_high)
    channel = desk.add_channel(quiet=night, **AT_ONCE)
    desk.rules(museum="museum")
    desk.rules(munt="munt", priority="high")
    desk.clock.now = datetime(2026, 10, 24, 23, 30, tzinfo=AMSTERDAM)
    story(desk, 0)
    story(desk, 1)
    desk.match()

    desk.send()
    assert len(channel.parcels) == (0 if hold_high else 1)
    desk.send_over(12 * HOUR)

    assert channel.parcels[-1].now == datetime(2026, 10, 25, 7, tzinfo=AMSTERDAM)
    assert len(channel.accepted) == 2


def test_what_quiet_hours_hold_does_not_expire_in_them(desk: Desk) -> None:
    channel = desk.add_channel(
        quiet=QuietHours(time(22), time(7), hold_high=True), group_wait=timedelta()
    )
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.clock.now = datetime(2026, 11, 23, 22, 30, tzinfo=AMSTERDAM)
    story(desk)
    desk.match()

    desk.send_over(10 * HOUR)

    assert len(channel.accepted) == 1


def test_a_silence_at_queueing_is_a_named_end(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    silence(desk, rule="kalifaat")
    story(desk)

    assert desk.match().queued == 0
    desk.send()

    assert channel.parcels == []
    assert states(desk) == [("silenced", "silenced")]


def test_a_silence_that_begins_meanwhile_ends_what_waits(desk: Desk) -> None:
    channel = one_story(desk)
    silence(desk, channel="desk")

    desk.send()

    assert channel.parcels == []
    assert states(desk) == [("silenced", "silenced")]


def test_a_silence_that_is_ended_meanwhile_covers_nothing_more(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    name = silence(desk)
    desk.clock.forward(minutes=1)
    assert desk.store(lambda store: store.ledger.end_silence(name, desk.clock()))
    story(desk)

    desk.match()
    desk.send()

    assert len(channel.accepted) == 1


def test_a_silence_of_one_rule_leaves_the_other_rules_of_a_message(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(kalifaat="kalifa*", munt="museum")
    story(desk)
    desk.match()
    silence(desk, rule="munt")

    desk.send()

    assert [alert.rule.id for alert in channel.parcels[0].message.alerts] == ["kalifaat"]


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


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_delays_little_and_loses_nothing(desk: Desk, jump: timedelta) -> None:
    channel = desk.add_channel(schedule=Schedule.WEBHOOK, rate=1.0, **AT_ONCE)
    desk.rules(kalifaat=CALIPHATE)
    channel.script = [failing(Outcome.NOT_SENT)]
    for number in range(3):
        story(desk, number)
    desk.match()
    desk.lane(channel).step()

    desk.clock.now += jump
    desk.send_over(2 * HOUR)

    assert len(channel.accepted) == 3


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
    assert "geheim" not in delivery.detail


def test_the_same_alert_queued_twice_is_delivered_once(desk: Desk) -> None:
    channel = one_story(desk)
    (alert,) = desk.store(lambda store: store.outbox.alerts(desk_delivery(store)))

    again = desk.writer.run(
        lambda db: queue(AlertStore(db), alert, [channel.plan], Queueing(now=desk.clock()))
    )
    desk.send()

    assert again == 0
    assert len(channel.accepted) == 1


def desk_delivery(store: AlertStore) -> str:
    return store.reading.pending()[0].id


@pytest.mark.slow
def test_four_thousand_pending_alerts_drain_in_order_at_the_rate(desk: Desk) -> None:
    channel = desk.add_channel(people=False, rate=1.0, **AT_ONCE)
    queue_many(desk, channel, 4000)

    desk.send_over(timedelta(seconds=4010))

    sent = [parcel.message.alerts[0].story for parcel in channel.parcels]
    assert sent == [f"sty_{number}" for number in range(4000)]
    gaps = [later.now - earlier.now for earlier, later in pairwise(channel.parcels)]
    assert min(gaps) >= timedelta(seconds=1)


def queue_many(desk: Desk, channel: ScriptedChannel, count: int) -> None:
    now = desk.clock()

    def fill(store: AlertStore) -> None:
        for number in range(count):
            told = alert(story=f"sty_{number}", now=now)
            queue(store, told, [channel.plan], Queueing(now=now))

    desk.store(fill)
